// SPDX-License-Identifier: Apache-2.0
//
// The reset of one side: asserted with the common one, and released after it
// at any time.  A trace begins in reset.
//
// For proofs only.  Page: docs/formal.md
`default_nettype none

module sdv_proof_reset (
  input  logic rst_ni,   // of both sides
  input  logic go_i,
  output logic rst_no
);

  logic go_q;

  initial go_q = 1'b0;

  always_ff @($global_clock) begin
    go_q <= rst_ni && (go_q || go_i);
  end

  assign rst_no = rst_ni && go_q;

endmodule

`default_nettype wire
