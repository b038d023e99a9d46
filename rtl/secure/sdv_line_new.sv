// SPDX-License-Identifier: Apache-2.0
//
// A line as it is to be: for each of its words, whether a commit changes it and
// into what.  No state.
//
// Page: docs/rtl/sdv_lines.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_line_new (
  input  logic [2:0]  op_i,            // sdv_pkg::LINES_..., a commit
  input  logic [3:0]  at_i,            // the word, 0 to 12
  input  logic [31:0] sequence_i,      // the line as it is
  input  logic [31:0] value_i,
  input  logic [31:0] header_i,        // the word of the header that belongs to it
  input  logic [5:0]  slot_i,
  input  logic        bank_i,
  input  logic        keep_i,
  input  logic        clear_tag_i,
  input  logic [31:0] spent_i,
  input  logic [31:0] made_i,
  output logic        set_o,
  output logic [31:0] word_o
);

  localparam logic [7:0] Live = 8'(sdv_spec_pkg::VAULT_STATE_LIVE);

  logic body, counters;
  assign body     = (op_i == sdv_pkg::LINES_BODY);
  assign counters = (op_i == sdv_pkg::LINES_COUNTERS);

  always_comb begin
    set_o  = body;
    word_o = header_i;  // license id, generation, body tag
    unique case (at_i)
      4'd0: begin
        set_o  = 1'b1;
        word_o = `SDV_BREAK(244, sequence_i + 32'd1, sequence_i);
      end
      4'd1: word_o = {Live, 2'd0, slot_i, 7'd0, bank_i, 7'd0, keep_i};
      4'd2: begin
        set_o = !counters;
        if (op_i == sdv_pkg::LINES_ACTIVE) begin
          word_o = 32'(sdv_spec_pkg::VAULT_LIFECYCLE_ACTIVE);
        end else if (op_i == sdv_pkg::LINES_COUNT) begin
          word_o = value_i + 32'd1;
        end
      end
      4'd7: begin
        set_o  = body || counters;
        word_o = spent_i;
      end
      4'd8: begin
        set_o  = body || counters;
        word_o = made_i;
      end
      4'd9, 4'd10: begin
        set_o  = body && clear_tag_i;
        word_o = '0;
      end
      default: set_o = body;
    endcase
  end

endmodule

`default_nettype wire
