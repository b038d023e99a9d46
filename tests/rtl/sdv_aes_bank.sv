// SPDX-License-Identifier: Apache-2.0
//
// All members of the AES family side by side, with the ports of one of them.
//
// Only the member that is chosen has a clock, so that a simulation costs what
// that one costs; for that, too, its inputs are taken over at the falling edge.
// The choice changes while the clock is low and nothing is inside.
// For tests/rtl only.
`default_nettype none

module sdv_aes_bank #(
  parameter logic [sdv_spec_pkg::AES_MEMBERS-1:0] Has = '1  // members that are built
) (
  input  logic         clk_i,
  input  logic         rst_ni,
  input  logic [4:0]   member_i,
  input  logic         wipe_i,
  input  logic         valid_i,
  output logic         ready_o,
  input  logic         decrypt_i,
  input  logic         size256_i,
  input  logic         same_key_i,
  input  logic [255:0] key_i,
  input  logic [127:0] block_i,
  output logic         valid_o,
  input  logic         ready_i,
  output logic [127:0] block_o,
  output logic         busy_o,
  output logic         error_o
);

  localparam int Members = sdv_spec_pkg::AES_MEMBERS;

  logic [31:0]  ready, valid, busy, error;
  logic [127:0] result [0:31];

  for (genvar m = 0; m < 32; m++) begin : g_member
    if ((m < Members) && Has[m % Members]) begin : g_has
      logic         here, clk;
      logic         wipe_q, valid_q, decrypt_q, size256_q, same_key_q, ready_q;
      logic [255:0] key_q;
      logic [127:0] block_q;
      assign here = (member_i == 5'(m));
      assign clk  = clk_i && here;
      always_ff @(negedge clk or negedge rst_ni) begin
        if (!rst_ni) begin
          {wipe_q, valid_q, ready_q} <= '0;
        end else begin
          {wipe_q, valid_q, ready_q}         <= {wipe_i, valid_i, ready_i};
          {decrypt_q, size256_q, same_key_q} <= {decrypt_i, size256_i, same_key_i};
          if (valid_i) begin
            key_q   <= key_i;
            block_q <= block_i;
          end
        end
      end
      sdv_aes_member #(.Member(m)) u_member (
        .clk_i      (clk),
        .rst_ni     (rst_ni),
        .wipe_i     (wipe_q),
        .valid_i    (valid_q),
        .decrypt_i  (decrypt_q),
        .size256_i  (size256_q),
        .same_key_i (same_key_q),
        .key_i      (key_q),
        .block_i    (block_q),
        .ready_i    (ready_q),
        .ready_o    (ready[m]),
        .valid_o    (valid[m]),
        .block_o    (result[m]),
        .busy_o     (busy[m]),
        .error_o    (error[m])
      );
    end else begin : g_has_not
      assign ready[m]  = 1'b0;
      assign valid[m]  = 1'b0;
      assign busy[m]   = 1'b0;
      assign error[m]  = 1'b0;
      assign result[m] = '0;
    end
  end

  assign ready_o = ready[member_i];
  assign valid_o = valid[member_i];
  assign busy_o  = busy[member_i];
  assign error_o = error[member_i];
  assign block_o = valid_o ? result[member_i] : '0;

endmodule

`default_nettype wire
