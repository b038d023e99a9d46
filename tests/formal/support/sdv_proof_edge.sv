// SPDX-License-Identifier: Apache-2.0
//
// Says in which steps a clock rises.  The flops behind it show in that step
// what their inputs were one step before.
//
// For proofs only.  Page: docs/formal.md
`default_nettype none

module sdv_proof_edge (
  input  logic clk_i,
  output logic rises_o
);

  logic before_q;

  initial before_q = 1'b1;

  always_ff @($global_clock) begin
    before_q <= clk_i;
  end

  assign rises_o = clk_i && !before_q;

endmodule

`default_nettype wire
