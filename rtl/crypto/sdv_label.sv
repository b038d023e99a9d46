// SPDX-License-Identifier: Apache-2.0
//
// The fixed input of sdvault's key derivations, byte by byte: label, a zero,
// context, and the length of the output in bits.
//
// The labels, and which fields make the context of each, are those of
// docs/spec/labels.csv.  It has no clock and keeps nothing.
// Page: docs/rtl/sdv_label.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_label (
  input  logic        en_i,             // without it the outputs are zero
  input  logic [2:0]  label_i,          // sdv_spec_pkg::LABEL_...
  input  logic        long_i,           // the output has 512 bits, else 256
  input  logic [63:0] medium_id_i,
  input  logic [7:0]  binding_i,
  input  logic [63:0] apparatus_id_i,
  input  logic [31:0] epoch_i,
  input  logic [7:0]  key_type_i,
  output logic [6:0]  length_o,
  input  logic [5:0]  idx_i,
  output logic [7:0]  byte_o
);

  // Texts of 32 bytes, zeros behind.
  logic [7:0] text [0:255];
  initial begin
    for (int i = 0; i < 256; i++) begin
      text[i] = sdv_spec_pkg::LABEL_TEXTS[8 * (255 - i) +: 8];
    end
  end

  // A content id is given as medium id and apparatus id.
  localparam logic [7:0] FirstId  = sdv_spec_pkg::LABEL_HAS_MEDIUM |
                                    sdv_spec_pkg::LABEL_HAS_CONTENT;
  localparam logic [7:0] Binding  = sdv_spec_pkg::LABEL_HAS_BINDING;
  localparam logic [7:0] SecondId = sdv_spec_pkg::LABEL_HAS_APPARATUS |
                                    sdv_spec_pkg::LABEL_HAS_CONTENT;
  localparam logic [7:0] Epoch    = sdv_spec_pkg::LABEL_HAS_EPOCH;
  localparam logic [7:0] KeyType  = sdv_spec_pkg::LABEL_HAS_TYPE;

  // Where each part begins; those that the label does not have are empty.
  logic [5:0] binding_at, second_at, epoch_at, type_at, bits_at, first_at, end_at;
  always_comb begin
    first_at   = '0;
    binding_at = '0;
    second_at  = '0;
    epoch_at   = '0;
    type_at    = '0;
    bits_at    = '0;
    end_at     = '0;
    if (en_i) begin
      first_at   = sdv_spec_pkg::LABEL_LENGTHS[8 * label_i +: 6] + 6'd1;
      binding_at = first_at   + (FirstId[label_i]  ? 6'd8 : 6'd0);
      second_at  = binding_at + (Binding[label_i]  ? 6'd1 : 6'd0);
      epoch_at   = second_at  + (SecondId[label_i] ? 6'd8 : 6'd0);
      type_at    = epoch_at   + (Epoch[label_i]    ? 6'd4 : 6'd0);
      bits_at    = type_at    + (KeyType[label_i]  ? 6'd1 : 6'd0);
      end_at     = bits_at    + 6'd4;
    end
  end
  assign length_o = {1'b0, end_at};

  logic [2:0] offset;   // in the part
  always_comb begin
    offset = '0;
    byte_o = '0;
    if (en_i) begin
      if (idx_i < first_at) begin
        byte_o = text[{label_i, idx_i[4:0]}];
      end else if (idx_i < binding_at) begin
        offset = 3'(idx_i - first_at);
        byte_o = medium_id_i[63 - 8 * offset -: 8];
      end else if (idx_i < second_at) begin
        byte_o = `SDV_BREAK(330, binding_i, 8'h01);
      end else if (idx_i < epoch_at) begin
        offset = 3'(idx_i - second_at);
        byte_o = apparatus_id_i[63 - 8 * offset -: 8];
      end else if (idx_i < type_at) begin
        offset = 3'(idx_i - epoch_at);
        byte_o = epoch_i[31 - 8 * offset[1:0] -: 8];
      end else if (idx_i < bits_at) begin
        byte_o = key_type_i;
      end else begin
        offset = 3'(idx_i - bits_at);
        byte_o = (offset[1:0] == 2'd2) ? (long_i ? 8'd2 : 8'd1) : 8'd0;
      end
    end
  end

endmodule

`default_nettype wire
