# SPDX-License-Identifier: Apache-2.0
"""The SystemVerilog package."""

from spec import (NOTE, REGISTER_BITS, command_name, door_name, doors,
                  fields_of, fixed_value, number, properties, state_columns)


def sv_int(name, value, comment=""):
    text = f"  localparam int {name} = {value};"
    return text + (f"  // {comment}" if comment else "")


def sv_vector(name, bits, value, comment=""):
    digits = (bits + 3) // 4
    text = f"  localparam logic [{bits - 1}:0] {name} = {bits}'h"
    text += f"{value:0{digits}X};"
    return text + (f"  // {comment}" if comment else "")


def sv_commands(tables):
    for row in tables["commands"]:
        yield sv_vector(command_name(row), 6, number(row["index"]))


def sv_states(tables):
    for row in tables["states"]:
        name = "ST_" + row["name"].upper()
        yield sv_vector(name, 4, number(row["value"]), row["summary"])


def sv_status(tables):
    for row in tables["status"]:
        yield sv_int("STATUS_" + row["name"], row["bit"], row["summary"])


def sv_timing(tables):
    for row in tables["timing"]:
        yield sv_int("TIMING_" + row["name"], row["value"], row["unit"])


def sv_nvm(tables):
    for row in tables["nvm"]:
        name, value = "NVM_" + row["name"], number(row["value"])
        if row["name"].startswith(("OP_", "REGION_")):
            yield sv_vector(name, 2, value, row["summary"])
        else:
            yield sv_int(name, value, row["summary"])


def sv_words(prefix, bits, rows, column):
    """One constant a row, of a fixed width."""
    for row in rows:
        yield sv_vector(prefix + row["name"], bits, number(row[column]))


def sv_plain(prefix, rows):
    for row in rows:
        name, value = prefix + row["name"], number(row["value"])
        if value >> 31:
            yield sv_vector(name, 32, value, row["summary"])
        else:
            yield sv_int(name, value, row["summary"])


def sv_license(tables):
    for row in tables["license_fields"]:
        name = f"{row['part']}_{row['field']}"
        yield sv_int(name, row["offset"])
        yield sv_int(name + "_BYTES", row["bytes"])


def sv_properties(tables):
    yield sv_register("ASSD_PR", 256, properties(tables))


def sv_crypto(tables):
    for row in tables["crypto"]:
        yield sv_vector("CRYPTO_" + row["name"], 3, number(row["value"]),
                        row["summary"])


def member_name(row):
    return "AES_" + row["name"].upper().replace("-", "_")


def member_bytes(rows, parameter):
    """That parameter of each member, 0 if it has none: a byte for each."""
    value = 0
    for row in reversed(rows):
        settings = dict(pair.split("=") for pair in row["parameters"].split())
        value = value << 8 | number(settings.get(parameter, "0"))
    return value


def sv_aes_family(tables):
    rows = tables["aes_family"]
    for number_of, row in enumerate(rows):
        yield sv_int(member_name(row), number_of, row["summary"])
    yield sv_int("AES_MEMBERS", len(rows))
    for parameter in ("Rounds", "Gates"):
        yield sv_register("AES_" + parameter.upper(), 8 * len(rows),
                          member_bytes(rows, parameter))


def sv_labels(tables):
    """Numbers of the labels, and their texts: 32 bytes each, zeros behind."""
    rows = tables["labels"]
    for row in rows:
        yield sv_vector("LABEL_" + row["name"], 3, number(row["value"]),
                        row["summary"])
    texts = {number(row["value"]): row["text"] for row in rows}
    value = 0
    for index in range(8):
        text = texts[index].encode("ascii").ljust(32, b"\0")
        value = value << 256 | int.from_bytes(text, "big")
    yield sv_register("LABEL_TEXTS", 2048, value)
    for part in ("medium", "binding", "apparatus", "epoch", "type", "content"):
        uses = sum(1 << number(row["value"]) for row in rows
                   if part in row["context"].split())
        yield sv_vector("LABEL_HAS_" + part.upper(), 8, uses)
    lengths = sum(len(row["text"]) << 8 * number(row["value"])
                  for row in rows)
    yield sv_vector("LABEL_LENGTHS", 64, lengths, "a byte for each")


def sv_sdhci(tables):
    for row in tables["sdhci"]:
        yield sv_vector("SDHCI_" + row["name"], 9, number(row["offset"]))


def sv_ranges(prefix, rows):
    for row in rows:
        name = f"{prefix}{row['register']}_{row['field']}"
        yield sv_int(name + "_LSB", row["lsb"])
        yield sv_int(name + "_BITS", row["bits"])


def sv_register(name, bits, value):
    """A constant of any width, in pieces that fit a line."""
    if bits <= 128:
        return sv_vector(name, bits, value)
    pieces = [f"128'h{value >> shift & (1 << 128) - 1:032X}"
              for shift in range(bits - 128, -1, -128)]
    head = f"  localparam logic [{bits - 1}:0] {name} = {{\n      "
    return head + ",\n      ".join(pieces) + "};"


def sv_fixed(tables):
    for register, bits in REGISTER_BITS.items():
        fields = fields_of(tables, register)
        for version, column in (("V1", "v1"), ("V2", "v2")):
            value = fixed_value(fields, column)
            if value:
                yield sv_register(f"{register}_{version}_FIXED", bits, value)


def next_states(tables, row):
    """16 nibbles: state n leads to nibble n; F is illegal."""
    nibbles = ["F"] * 16
    values = {r["name"]: number(r["value"]) for r in tables["states"]}
    for state in state_columns(tables):
        if row[state] != "-":
            nibbles[15 - values[state]] = f"{values[row[state]]:X}"
    return "".join(nibbles)


def sv_command_row(tables):
    yield "  // States after a command: nibble n is the one after state n, 4'hF where the"
    yield "  // command is illegal.  All ones when there is no such command."
    yield "  function automatic logic [63:0] command_row(input logic acmd, input logic [5:0] index);"
    yield "    unique case ({acmd, index})"
    for row in tables["commands"]:
        label = f"{{1'b{row['acmd']}, {command_name(row)}}}"
        yield f"      {label}: command_row = 64'h{next_states(tables, row)};"
    yield "      default: command_row = 64'hFFFFFFFFFFFFFFFF;"
    yield "    endcase"
    yield "  endfunction"


def sv_doors(tables):
    for value, name in enumerate(doors(tables)):
        yield sv_vector("DOOR_" + name.upper(), 2, value)


def sv_command_door(tables):
    yield "  // The door that a command belongs to: what has to be open for it."
    yield "  function automatic logic [1:0] command_door(input logic acmd, input logic [5:0] index);"
    yield "    unique case ({acmd, index})"
    for row in tables["commands"]:
        if row["door"] != "-":
            label = f"{{1'b{row['acmd']}, {command_name(row)}}}"
            yield f"      {label}: command_door = {door_name(row)};"
    yield "      default: command_door = DOOR_NONE;"
    yield "    endcase"
    yield "  endfunction"


def sv_sr_error(tables):
    yield "  // SR byte ERROR of a response: column sr_error of sw.csv."
    yield "  function automatic logic [7:0] sr_error(input logic [15:0] sw);"
    yield "    unique case (sw)"
    for row in tables["sw"]:
        value = number(row["sr_error"])
        yield f"      SW_{row['name']}: sr_error = 8'd{value};"
    yield "      default: sr_error = 8'd0;"
    yield "    endcase"
    yield "  endfunction"


def package(tables):
    parts = [
        ("Commands: index", sv_commands(tables)),
        ("Doors of commands", sv_doors(tables)),
        ("States", sv_states(tables)),
        ("Card status: bit numbers", sv_status(tables)),
        ("Timing", sv_timing(tables)),
        ("Storage", sv_nvm(tables)),
        ("APDUs: instructions", sv_words("INS_", 8, tables["apdu"], "ins")),
        ("Status words", sv_words("SW_", 16, tables["sw"], "value")),
        ("Vault", sv_plain("VAULT_", tables["vault"])),
        ("Sealed license, record and content: byte offsets",
         sv_license(tables)),
        ("ASSD", sv_plain("ASSD_", tables["assd"])),
        ("ASSD properties register", sv_properties(tables)),
        ("Crypto: operations", sv_crypto(tables)),
        ("AES: members of the family", sv_aes_family(tables)),
        ("Crypto: labels of derived keys", sv_labels(tables)),
        ("SDHCI registers: byte offsets", sv_sdhci(tables)),
        ("SDHCI fields", sv_ranges("SDHCI_", tables["sdhci_fields"])),
        ("Card register fields", sv_ranges("", tables["card_fields"])),
        ("Card registers: the fields that never change, of an SDSC (V1) and an"
         " SDHC (V2) card", sv_fixed(tables)),
    ]
    lines = ["// SPDX-License-Identifier: Apache-2.0", "// " + NOTE,
             "`default_nettype none", "", "package sdv_spec_pkg;"]
    for title, body in parts:
        lines += ["", f"  // {title}", *body]
    lines += ["", *sv_command_row(tables), "",
              *sv_command_door(tables), "", *sv_sr_error(tables), "",
              "endpackage", "",
              "`default_nettype wire"]
    return "\n".join(lines) + "\n"
