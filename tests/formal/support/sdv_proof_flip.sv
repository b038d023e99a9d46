// SPDX-License-Identifier: Apache-2.0
//
// Turns one bit over, any one, at any edge, once.
//
// For proofs only; it stands in sdv_guard.  Page: docs/formal.md
`default_nettype none

module sdv_proof_flip #(
  parameter int Width = 1
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  output logic [Width-1:0] flip_o
);

  (* anyseq *) logic [Width-1:0] any;
  logic once_q;

  initial once_q = 1'b0;

  assign flip_o = (once_q || !rst_ni || ((any & (any - 1'b1)) != '0)) ? '0 : any;

  always_ff @(posedge clk_i) begin
    once_q <= rst_ni && (once_q || (flip_o != '0));
  end

endmodule

`default_nettype wire
