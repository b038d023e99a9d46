// SPDX-License-Identifier: Apache-2.0
//
// A member of the AES family, for the walk from its handshakes back to its
// inputs: when it is ready or done must not depend on a bit of key or block.
//
// Breaks: 1030 it takes a clock more after a block whose first bit is set,
// 1031 it is not ready for a key whose last bit is set.
// Page: docs/formal.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_proof_timing #(
  parameter int Member = 0
) (
  input  logic         clk_i,
  input  logic         rst_ni,
  input  logic         wipe_i,
  input  logic         valid_i,
  input  logic         decrypt_i,
  input  logic         size256_i,
  input  logic         same_key_i,
  input  logic [255:0] key_i,
  input  logic [127:0] block_i,
  input  logic         ready_i,
  output logic         ready_o,
  output logic         valid_o,
  output logic [127:0] block_o,
  output logic         busy_o,
  output logic         error_o
);

  logic ready, pause_q;
  sdv_aes_member #(.Member(Member)) u_member (
    .clk_i, .rst_ni, .wipe_i, .valid_i, .decrypt_i, .size256_i, .same_key_i, .key_i, .block_i,
    .ready_i, .ready_o(ready), .valid_o, .block_o, .busy_o, .error_o
  );

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      pause_q <= 1'b0;
    end else begin
      pause_q <= valid_i && ready && block_i[127];
    end
  end

  assign ready_o = ready && !`SDV_BREAK(1030, 1'b0, pause_q) &&
                   !`SDV_BREAK(1031, 1'b0, key_i[0]);

endmodule

`default_nettype wire
