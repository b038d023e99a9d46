# SPDX-License-Identifier: Apache-2.0
"""The AES family: the module that holds a member, and the table for tests."""

from spec import NOTE

INPUTS = [("wipe_i", 1), ("valid_i", 1), ("decrypt_i", 1), ("size256_i", 1),
          ("same_key_i", 1), ("key_i", 256), ("block_i", 128), ("ready_i", 1)]
OUTPUTS = [("ready_o", 1), ("valid_o", 1), ("block_o", 128), ("busy_o", 1),
           ("error_o", 1)]
PORTS = ["clk_i", "rst_ni"] + [name for name, _ in INPUTS + OUTPUTS]

HEAD = f"""// SPDX-License-Identifier: Apache-2.0
// {NOTE}
//
// A member of the AES family by its number.
// Page: docs/rtl/aes_family.md
`default_nettype none

module sdv_aes_member #(
  parameter int Member = sdv_spec_pkg::AES_ENC_BOTH_TABLE
) (
"""


def identifier(row):
    return row["name"].replace("-", "_")


def declarations():
    ports = [("input ", "clk_i", 1), ("input ", "rst_ni", 1)]
    ports += [("input ", *port) for port in INPUTS]
    ports += [("output", *port) for port in OUTPUTS]
    for direction, name, bits in ports:
        kind = "logic" if bits == 1 else f"logic [{bits - 1}:0]"
        yield f"  {direction} {kind:<13} {name}"


def instance(row):
    values = [("Decrypt", row["decrypt"]), ("Keys", row["keys"])]
    values += [pair.split("=") for pair in row["parameters"].split()]
    settings = ", ".join(f".{name}({value})" for name, value in values)
    yield f"    {row['module']} #({settings}) u_core ("
    yield ",\n".join(f"      .{name:<10} ({name})" for name in PORTS)
    yield "    );"


def member_module(tables):
    lines = [HEAD + ",\n".join(declarations()), ");", ""]
    rows = tables["aes_family"]
    for number, row in enumerate(rows):
        word = "  if" if number == 0 else "  end else if"
        lines.append(f"{word} (Member == {number}) begin : g_{identifier(row)}")
        lines += instance(row)
    lines += ["  end", "", "endmodule", "", "`default_nettype wire"]
    return "\n".join(lines) + "\n"


def family_header(tables):
    rows = tables["aes_family"]
    entries = [f'    X({n}, "{row["name"]}", {row["decrypt"]}, {row["keys"]})'
               for n, row in enumerate(rows)]
    return "\n".join([
        "/* SPDX-License-Identifier: Apache-2.0 */", "/**",
        " * @file aes_family.h",
        " * @brief The members of docs/spec/aes_family.csv, in their order.",
        f" * {NOTE}", " */",
        "#ifndef SDV_TEST_AES_FAMILY_H", "#define SDV_TEST_AES_FAMILY_H", "",
        "/* clang-format off */",
        f"#define AES_MEMBERS {len(rows)}", "",
        "/** X(number, name, decrypts, keys) for each; keys 384 is both. */",
        "#define AES_FAMILY_TABLE(X) \\", " \\\n".join(entries), "",
        "#endif /* SDV_TEST_AES_FAMILY_H */", ""])
