// SPDX-License-Identifier: Apache-2.0
//
// Proof of sdv_aes_key: a step forward is KeyExpansion of the standard; a step
// back gives the round key of which KeyExpansion makes the one it started from.
//
// The S-boxes are cut out: both sides ask the same, and get the same answers.
// Break: 1040 a constant of another step.
// Page: docs/formal.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_proof_key #(
  parameter int Decrypt = 1,
  parameter int Keys    = 384
) (
  input logic         back_i,
  input logic         size256_i,
  input logic [3:0]   four_i,      // the step makes the words from w[4 * four_i] on
  input logic [127:0] far_i,
  input logic [127:0] near_i,
  input logic         keep_i
);

  logic         long, back, turn;
  logic [7:0]   rcon;
  logic [31:0]  ask;
  logic [127:0] next, older, words;
  assign long  = (Keys == 384) ? size256_i : (Keys == 256);
  assign back  = (Decrypt != 0) && back_i;
  assign older = back ? next : far_i;

  sdv_aes_key #(.Decrypt(Decrypt), .Gates(0)) dut (
    .en_i      (1'b1),
    .back_i    (back_i),
    .size256_i (long),
    .turn_i    (turn),
    .keep_i    (keep_i),
    .rcon_i    (turn ? (rcon ^ `SDV_BREAK(1040, 8'h00, {7'h00, four_i == 4'd8})) : 8'h00),
    .far_i     (far_i),
    .last_i    (long ? near_i[31:0] : far_i[31:0]),
    .next_o    (next)
  );

  (* hierconn *) logic [31:0] \dut.u_sub.word_i , \dut.u_sub.word_o ;
  sdv_spec_words u_words (
    .size256_i (long), .four_i, .window_i (long ? {older, near_i} : {older, 128'd0}),
    .ask_o (ask), .sub_i (\dut.u_sub.word_o ),
    .turn_o (turn), .rcon_o (rcon), .words_o (words)
  );

  always_comb begin
    if (keep_i) begin
      assert (next == far_i);
    end else begin
      assert (ask == \dut.u_sub.word_i );
      assert (words == (back ? far_i : next));
    end
  end

endmodule

`default_nettype wire
