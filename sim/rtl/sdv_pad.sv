// SPDX-License-Identifier: Apache-2.0
//
// A pad of the bare-pin top: what changes on an edge of the base clock is seen
// behind it half a base clock later, by every receiver alike.
//
// Stands for the hold time that a simulation without delays does not have.
// For Verilator only.  Page: docs/simulator.md.
`default_nettype none

module sdv_pad #(
  parameter int Width = 1
) (
  input  logic             clk_i,  // base clock: open while it is low
  input  logic [Width-1:0] d_i,
  output logic [Width-1:0] q_o
);

  always_latch begin
    if (!clk_i) begin
      q_o = d_i;
    end
  end

endmodule

`default_nettype wire
