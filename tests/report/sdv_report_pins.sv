// SPDX-License-Identifier: Apache-2.0
//
// A member of the AES family behind few pins, to be placed on an FPGA.
//
// Key and block are shifted in and the result is shifted out bit by bit, so
// that every path that limits the clock lies inside the member.
// Page: docs/crypto.md
`default_nettype none

module sdv_report_pins #(
  parameter int Member = 0
) (
  input  logic       clk_i,
  input  logic       rst_ni,
  input  logic       shift_i,    // take a bit of key and block
  input  logic       data_i,
  input  logic [5:0] control_i,  // wipe, valid, decrypt, size256, same_key, ready
  output logic [3:0] status_o,   // ready, valid, busy, error
  output logic       data_o
);

  logic [383:0] in_q;
  logic [127:0] out_q;
  logic [5:0]   control_q;
  logic [3:0]   status, status_q;
  logic [127:0] block;

  sdv_aes_member #(.Member(Member)) u_member (
    .clk_i      (clk_i),
    .rst_ni     (rst_ni),
    .wipe_i     (control_q[5]),
    .valid_i    (control_q[4]),
    .decrypt_i  (control_q[3]),
    .size256_i  (control_q[2]),
    .same_key_i (control_q[1]),
    .key_i      (in_q[383:128]),
    .block_i    (in_q[127:0]),
    .ready_i    (control_q[0]),
    .ready_o    (status[3]),
    .valid_o    (status[2]),
    .block_o    (block),
    .busy_o     (status[1]),
    .error_o    (status[0])
  );

  always_ff @(posedge clk_i) begin
    control_q <= control_i;
    status_q  <= status;
    out_q     <= status_q[2] ? {out_q[126:0], 1'b0} : block;
    if (shift_i) begin
      in_q <= {in_q[382:0], data_i};
    end
  end

  assign status_o = status_q;
  assign data_o   = out_q[127];

endmodule

`default_nettype wire
