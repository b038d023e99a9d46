// SPDX-License-Identifier: Apache-2.0
//
// A step of the AES key schedule (FIPS-197 section 5.2): four words from the
// four that stand a key before them; with Decrypt also the step back.
//
// Combinational.  It does not know which step it is: the round constant and
// whether the word is turned come from outside.
// Page: docs/rtl/sdv_aes_key.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_aes_key #(
  parameter int Decrypt = 0,
  parameter int Gates   = 0
) (
  input  logic         en_i,       // Gates=0: without it nothing is worked out
  input  logic         back_i,     // with Decrypt: a step back
  input  logic         size256_i,  // of a key of 256 bits
  input  logic         turn_i,     // the word is turned: always with 128 bits
  input  logic         keep_i,     // no step: next_o is far_i
  input  logic [7:0]   rcon_i,     // round constant, or zero
  input  logic [127:0] far_i,      // round key that stands a key before the result
  input  logic [31:0]  last_i,     // last word of the round key next to the result
  output logic [127:0] next_o
);

  logic en, back, move;
  assign en   = en_i || (Gates != 0);
  assign back = (Decrypt != 0) && back_i;
  assign move = !keep_i;

  logic [31:0] h0, h1, h2, h3;
  assign {h0, h1, h2, h3} = far_i;

  // The word before the first one of the result.  With 128 bits, backward, it
  // is made from the two that are there.
  logic [31:0] prior, sub;
  always_comb begin
    prior = '0;
    if (en) begin
      prior = last_i;
      if (Decrypt != 0) begin
        prior = prior ^ ({32{back && !size256_i}} & h2);
      end
    end
  end
  sdv_aes_sbox #(.Gates(Gates)) u_sub (
    .en_i(en_i), .decrypt_i(1'b0), .word_i(prior), .word_o(sub));

  // Each word adds the one before it: forward the new one, backward the old
  // one.  What comes through the S-box comes late and goes the short way.
  logic [31:0] fore, aft, add, rcon, w0, w1, w2, w3;
  always_comb begin
    fore = '0;
    aft  = '0;
    add  = '0;
    rcon = '0;
    w0   = '0;
    w1   = '0;
    w2   = '0;
    w3   = '0;
    if (en) begin
      fore = {32{move && !back}};
      aft  = {32{move && back}};
      add  = ({32{move && turn_i}} & {sub[23:0], sub[31:24]}) | ({32{move && !turn_i}} & sub);
      rcon = {rcon_i & {8{move}}, 24'd0};
      w0   = (h0 ^ rcon) ^ add;
      w1   = (h1 ^ ({32{move}} & h0) ^ ({32{!back}} & rcon)) ^ ({32{!back}} & add);
      w2   = h2 ^ ((fore & w1) | (aft & `SDV_BREAK(367, h1, w1)));
      w3   = (h3 ^ ({32{move}} & h2)) ^ (fore & w1);
    end
  end
  assign next_o = {w0, w1, w2, w3};

  logic unused;
  assign unused = &{1'b0, back_i, size256_i};

endmodule

`default_nettype wire
