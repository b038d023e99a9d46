// SPDX-License-Identifier: Apache-2.0
//
// What a flop sees of a level from another clock domain: in the step in which
// a bit changes it may be taken as it was or as it will be.
//
// For proofs only; it stands before the first flop of sdv_sync.
// Page: docs/formal.md
`default_nettype none

module sdv_unsettled #(
  parameter int Width = 1
) (
  input  logic [Width-1:0] d_i,
  output logic [Width-1:0] d_o
);

  (* anyseq *) logic [Width-1:0] either;
  logic [Width-1:0] before_q, changes;

  always_ff @($global_clock) begin
    before_q <= d_i;
  end

  assign changes = before_q ^ d_i;
  assign d_o     = (d_i & ~changes) | (either & changes);

endmodule

`default_nettype wire
