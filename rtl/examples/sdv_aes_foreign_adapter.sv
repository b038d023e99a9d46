// SPDX-License-Identifier: Apache-2.0
//
// Gives foreign_aes32 the ports of the AES family.  Page: docs/bring_your_own.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_aes_foreign_adapter #(parameter int Decrypt = 0, parameter int Keys = 384) (
  input  logic         clk_i, rst_ni, wipe_i, valid_i, decrypt_i, size256_i, same_key_i, ready_i,
  input  logic [255:0] key_i,
  input  logic [127:0] block_i,
  output logic         ready_o, valid_o, busy_o, error_o,
  output logic [127:0] block_o
);
  // 0 nothing, 1-8 key words, 9 set it up, 10 wait, 11-14 block words, 15 encrypt, 16 wait,
  // 17-20 words of the result, 21 result
  logic [4:0]   at_q, at_d;
  logic         long_q, long_d, failed_q, bad, fault, core_ready, load, clear;
  logic         key, set, in, run, out;
  logic [5:0]   address;
  logic [31:0]  wdata, rdata;
  logic [255:0] key_q;
  assign error_o = bad || failed_q || fault;
  assign clear   = wipe_i || error_o;
  assign valid_o = (at_q == 5'd21) && !error_o;
  assign ready_o = !clear && ((at_q == 5'd0) || (valid_o && ready_i));
  assign busy_o  = (at_q != 5'd0);
  assign load    = valid_i && ready_o;
  assign long_d  = load ? ((Keys == 256) || ((Keys == 384) && size256_i)) : long_q;
  assign key     = (at_q >= 5'd1) && (at_q <= 5'd8);
  assign set     = (at_q == 5'd9);
  assign in      = (at_q >= 5'd11) && (at_q <= 5'd14);
  assign run     = (at_q == 5'd15);
  assign out     = (at_q >= 5'd17) && (at_q <= 5'd20);
  always_comb begin
    at_d = at_q + 5'd1;
    if ((at_q == 5'd4) && !long_q) at_d = 5'd9;
    if (((at_q == 5'd10) || (at_q == 5'd16)) && !core_ready) at_d = at_q;
    if (valid_o) at_d = ready_i ? 5'd0 : at_q;
    if (load) at_d = `SDV_BREAK(376, same_key_i, 1'b1) ? 5'd11 : 5'd1;
    if (clear) at_d = 5'd0;
    address = key ? (6'h0F + 6'(at_q)) : set ? {5'h01, long_q} : in ? (6'h15 + 6'(at_q)) :
              run ? 6'h01 : (6'h1F + 6'(at_q));
    wdata   = key ? key_q[{3'd0 - at_q[2:0], 5'd0} +: 32] : block_o[{2'd2 - at_q[1:0], 5'd0} +: 32];
  end
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) {key_q, block_o} <= '0;
    else if (clear || load) {key_q, block_o} <= clear ? '0 : {key_i, block_i};
    else if (out) block_o <= {block_o[95:0], rdata};
  end
  sdv_guard #(.Width(7)) u_guard (
    .clk_i(clk_i), .rst_ni(rst_ni), .en_i(busy_o || load || clear),
    .next_i({error_o, at_d, long_d}), .value_o({failed_q, at_q, long_q}), .error_o(bad));
  foreign_aes32 u_core (
    .clk(clk_i), .reset_n(rst_ni), .zeroize(clear), .write_enable(key || set || in || run),
    .address(address), .write_data(wdata), .read_data(rdata), .ready(core_ready), .fault(fault));
  logic unused;
  assign unused = &{1'b0, Decrypt, decrypt_i};
endmodule
`default_nettype wire
