// SPDX-License-Identifier: Apache-2.0
//
// Proof of sdv_aes_round: it is the round of the standard, whatever state and
// round key are, in both directions, in the middle and at the end.
//
// The S-boxes are cut out: both sides ask the same, and get the same answers.
// Break: 1041 one bit of an answer in each column, if one byte of the state is A5.
// Page: docs/formal.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_proof_round #(
  parameter int Decrypt = 1,
  parameter int Back    = 0,    // the inverse round
  parameter int First   = 0,    // of the mixed bytes that are compared:
  parameter int Bytes   = 4     // as many
) (
  input logic [127:0] state_i,
  input logic [127:0] key_i
);

  logic         inverse;
  logic [127:0] sub, mix, ask, answer, inner, last;
  assign inverse = (Back != 0);

  sdv_aes_round #(.Decrypt(Decrypt), .Gates(0)) dut (
    .en_i (1'b1), .decrypt_i (inverse), .state_i, .key_i, .sub_o (sub), .mix_o (mix)
  );
  sdv_spec_round u_inner (
    .decrypt_i (inverse), .last_i (1'b0), .state_i, .key_i,
    .ask_o (ask), .sub_i (answer), .state_o (inner)
  );
  sdv_spec_round u_last (
    .decrypt_i (inverse), .last_i (1'b1), .state_i, .key_i,
    .ask_o (), .sub_i (answer), .state_o (last)
  );

  (* hierconn *) logic [31:0] \dut.u_sub0.word_i , \dut.u_sub1.word_i ;
  (* hierconn *) logic [31:0] \dut.u_sub2.word_i , \dut.u_sub3.word_i ;
  (* hierconn *) logic [31:0] \dut.u_sub0.word_o , \dut.u_sub1.word_o ;
  (* hierconn *) logic [31:0] \dut.u_sub2.word_o , \dut.u_sub3.word_o ;
  assign answer = {\dut.u_sub0.word_o , \dut.u_sub1.word_o ,
                   \dut.u_sub2.word_o , \dut.u_sub3.word_o } ^
                  `SDV_BREAK(1041, 128'd0, {4{31'd0, state_i[7:0] == 8'hA5}});

  localparam int Bits = 8 * Bytes;
  localparam int At   = 128 - 8 * First - Bits;
  logic [127:0] asked, out;
  assign asked = {\dut.u_sub0.word_i , \dut.u_sub1.word_i ,
                  \dut.u_sub2.word_i , \dut.u_sub3.word_i };
  // The inverse round adds its key before it mixes, the other one after.
  assign out = inverse ? mix : (mix ^ key_i);

  always_comb begin
    assert (ask == asked);
    assert ((sub ^ key_i) == last);
    assert (out[At +: Bits] == inner[At +: Bits]);
  end

endmodule

`default_nettype wire
