// SPDX-License-Identifier: Apache-2.0
// A card with a bare clock crossing, for tests/check/crossings.py to find.
`default_nettype none

module sdv_card (
  input  logic clk_i, core_clk_i,
  input  logic cmd_i,
  output logic out_o
);
  logic bus_q;

  always_ff @(posedge clk_i) bus_q <= cmd_i;
  always_ff @(posedge core_clk_i) out_o <= !bus_q;

endmodule

`default_nettype wire
