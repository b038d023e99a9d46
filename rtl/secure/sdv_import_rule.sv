// SPDX-License-Identifier: Apache-2.0
//
// The table of imports: what becomes of a license that comes in, given what
// the card has of it.  No state.
//
// Page: docs/rtl/sdv_import.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_import_rule (
  // what came in
  input  logic        issue_i,         // of the authority; else a backup
  input  logic [31:0] generation_i,
  input  logic [31:0] uses_i,
  input  logic [31:0] exports_i,
  input  logic [31:0] spent_i,
  input  logic [31:0] made_i,

  // the line, if there is one
  input  logic        line_i,
  input  logic        live_i,          // with a body;
  input  logic        good_i,          // which is good
  input  logic        deleting_i,      // its body goes; else it is deleted
  input  logic        keep_i,
  input  logic [31:0] line_generation_i,
  input  logic [31:0] line_spent_i,
  input  logic [31:0] line_made_i,

  output logic        refuse_o,
  output logic        new_body_o,
  output logic        write_o,         // counters change
  output logic        clear_tag_o,     // of the transaction
  output logic        keep_o,
  output logic [31:0] spent_o,
  output logic [31:0] made_o
);

  logic uses_limited, exports_limited, higher, same, lower, spent_all;
  assign uses_limited    = (uses_i != sdv_spec_pkg::VAULT_UNLIMITED);
  assign exports_limited = (exports_i != sdv_spec_pkg::VAULT_UNLIMITED);
  assign higher          = (generation_i > line_generation_i);
  assign same            = (generation_i == line_generation_i);
  assign lower           = !higher && !same;

  // The larger of both, each by itself.
  logic spent_grows, made_grows;
  assign spent_grows = `SDV_BREAK(293, spent_i > line_spent_i, spent_i < line_spent_i);
  assign made_grows  = `SDV_BREAK(294, made_i > line_made_i, made_i < line_made_i);
  assign spent_o     = (!line_i || spent_grows) ? spent_i : line_spent_i;
  assign made_o      = (!line_i || made_grows) ? made_i : line_made_i;
  assign spent_all   = uses_limited && (spent_o >= uses_i);

  always_comb begin
    refuse_o   = 1'b0;
    new_body_o = 1'b1;
    if (!line_i) begin
      // A backup of what could have changed since comes only to a line that remembers.
      refuse_o = !issue_i && `SDV_BREAK(295, uses_limited || exports_limited ||
                                             generation_i != 32'd0, 1'b0);
    end else if (deleting_i) begin
      refuse_o = 1'b1;
    end else if (higher) begin
      refuse_o = `SDV_BREAK(296, !issue_i, 1'b0);
    end else if (live_i && good_i) begin
      new_body_o = `SDV_BREAK(297, 1'b0, 1'b1);
    end else if (lower) begin
      refuse_o = `SDV_BREAK(298, 1'b1, 1'b0);
    end else if (!live_i) begin
      refuse_o = `SDV_BREAK(299, spent_all, 1'b0);
    end
  end

  assign write_o     = spent_grows || made_grows;
  assign clear_tag_o = !line_i || higher;
  assign keep_o      = (line_i && keep_i) ||
                       `SDV_BREAK(303, uses_limited || exports_limited ||
                                       generation_i != 32'd0, 1'b0);

endmodule

`default_nettype wire
