# SPDX-License-Identifier: Apache-2.0
"""The C header."""

from spec import (NOTE, command_name, door_name, doors, is_number, number,
                  properties, state_columns)


def c_define(name, value, comment=""):
    text = f"#define SDV_{name} {value}"
    return text + (f" /* {comment} */" if comment else "")


def c_table(name, columns, rows):
    """An X macro; `rows` are the arguments of its entries."""
    yield f"/** X({', '.join(columns)}) for each. */"
    yield f"#define SDV_{name}_TABLE(X) \\"
    yield " \\\n".join(f"    X({', '.join(row)})" for row in rows)


def c_errors(tables):
    rows = tables["errors"]
    for row in rows:
        yield c_define(row["name"], f"({row['value']})", row["text"])
    entries = [(r["name"], f"({r['value']})", f"\"{r['text']}\"")
               for r in rows]
    yield from c_table("ERR", ["name", "value", "text"], entries)


def c_command_entry(tables, row):
    direction = {"-": "NONE", "read": "READ", "write": "WRITE"}[row["dir"]]
    following = [row[state] for state in state_columns(tables)]
    return [row["name"], row["index"], row["acmd"],
            "SDV_RESP_" + row["resp"].upper(), "SDV_DIR_" + direction,
            *("SDV_STATE_" + ("NONE" if s == "-" else s.upper())
              for s in following), "SDV_" + door_name(row)]


def c_commands(tables):
    for row in tables["commands"]:
        yield c_define(command_name(row), row["index"], row["summary"])
    columns = ["name", "index", "acmd", "resp", "dir"]
    columns += ["next_" + state for state in state_columns(tables)] + ["door"]
    entries = [c_command_entry(tables, row) for row in tables["commands"]]
    yield from c_table("COMMAND", columns, entries)


def c_doors(tables):
    for value, name in enumerate(doors(tables)):
        yield c_define("DOOR_" + name.upper(), str(value))


def c_states(tables):
    for row in tables["states"]:
        yield c_define("STATE_" + row["name"].upper(), row["value"],
                       row["summary"])
    yield c_define("STATE_NONE", "(-1)", "The command is illegal there")


def c_status(tables):
    for row in tables["status"]:
        yield c_define("STATUS_" + row["name"], f"(1u << {row['bit']})",
                       row["summary"])


def c_plain(prefix, rows, column, comment):
    for row in rows:
        yield c_define(prefix + row["name"], row[column] + "u", row[comment])


def c_instructions(tables):
    rows = tables["apdu"]
    yield from c_plain("INS_", rows, "ins", "summary")
    yield from c_table("INS", ["name", "ins"],
                       [[r["name"], r["ins"] + "u"] for r in rows])


def c_sw(tables):
    rows = tables["sw"]
    yield from c_plain("SW_", rows, "value", "text")
    entries = [[r["name"], r["value"] + "u", r["sr_error"], f"\"{r['text']}\""]
               for r in rows]
    yield from c_table("SW", ["name", "value", "sr_error", "text"], entries)


def c_license(tables):
    for row in tables["license_fields"]:
        name = f"{row['part']}_{row['field']}"
        yield c_define(name, row["offset"], row["summary"])
        yield c_define(name + "_BYTES", row["bytes"])


def c_properties(tables):
    data = properties(tables).to_bytes(32, "big")
    yield c_define("ASSD_PR", "{" + ", ".join(f"0x{b:02X}" for b in data) + "}",
                   "uint8_t[32]")


def c_labels(tables):
    for row in tables["labels"]:
        yield c_define("LABEL_" + row["name"], row["value"] + "u",
                       row["summary"])
    entries = [[row["name"], row["value"], f"\"{row['text']}\""]
               for row in tables["labels"]]
    yield from c_table("LABEL", ["name", "value", "text"], entries)


def c_field(name, row, mask):
    yield c_define(name + "_LSB", row["lsb"])
    yield c_define(name + "_BITS", row["bits"])
    if mask:
        ones = (1 << number(row["bits"])) - 1
        yield c_define(name + "_MASK", f"0x{ones << number(row['lsb']):X}u")


def c_sdhci_fields(tables):
    for row in tables["sdhci_fields"]:
        yield from c_field(f"SDHCI_{row['register']}_{row['field']}", row, True)


def c_card_fields(tables):
    for row in tables["card_fields"]:
        yield from c_field(f"{row['register']}_{row['field']}", row, False)
    entries = [[r["register"], r["field"], r["lsb"], r["bits"],
                *(r[v] if is_number(r[v]) else "0" for v in ("v1", "v2"))]
               for r in tables["card_fields"]]
    yield from c_table("CARD_FIELD", ["register", "field", "lsb", "bits", "v1",
                                      "v2"], entries)


def header(tables):
    parts = [
        ("Results", c_errors(tables)),
        ("States of the card", c_states(tables)),
        ("Doors: what has to be open for a command", c_doors(tables)),
        ("Commands: index", c_commands(tables)),
        ("Card status", c_status(tables)),
        ("Timing", c_plain("TIMING_", tables["timing"], "value", "unit")),
        ("Storage", c_plain("NVM_", tables["nvm"], "value", "summary")),
        ("APDUs: instructions", c_instructions(tables)),
        ("Status words", c_sw(tables)),
        ("Vault", c_plain("VAULT_", tables["vault"], "value", "summary")),
        ("Sealed license, record and content: byte offsets",
         c_license(tables)),
        ("ASSD", c_plain("ASSD_", tables["assd"], "value", "summary")),
        ("ASSD properties register", c_properties(tables)),
        ("Crypto: operations of sdv_crypto",
         c_plain("CRYPTO_", tables["crypto"], "value", "summary")),
        ("Crypto: labels of derived keys", c_labels(tables)),
        ("SDHCI registers: byte offsets",
         c_plain("SDHCI_", tables["sdhci"], "offset", "summary")),
        ("SDHCI fields: the mask stands at its place in the register",
         c_sdhci_fields(tables)),
        ("Card register fields; v1 and v2 are the values of an SDSC and an "
         "SDHC card, 0 where it is not always the same",
         c_card_fields(tables)),
    ]
    lines = ["/* SPDX-License-Identifier: Apache-2.0 */",
             "/**", " * @file sdvault/spec.h",
             " * @brief Numbers of the protocol, the registers and the results.",
             " *", f" * {NOTE}", " */", "/* clang-format off */",
             "#ifndef SDV_SPEC_H", "#define SDV_SPEC_H"]
    for title, body in parts:
        lines += ["", f"/* ---- {title} ---- */", "", *body]
    lines += ["", "#endif /* SDV_SPEC_H */"]
    return "\n".join(lines) + "\n"
