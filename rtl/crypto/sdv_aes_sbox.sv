// SPDX-License-Identifier: Apache-2.0
//
// The AES S-box of a word or of several at once; with Decrypt also its inverse.
//
// Gates=0: tables, fast to simulate, computed from the definition in FIPS-197
// section 5.1.1: the inverse in GF(2^8), then an affine map.  Gates=1: a network
// of gates, small to build.  Nothing is stored between clocks.
// Page: docs/rtl/sdv_aes_sbox.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_aes_sbox #(
  parameter int Gates   = 0,
  parameter int Decrypt = 0,
  parameter int Bytes   = 4  // a multiple of four
) (
  input  logic               en_i,       // tables: without it the output is zero
  input  logic               decrypt_i,  // with Decrypt: the inverse
  input  logic [8*Bytes-1:0] word_i,
  output logic [8*Bytes-1:0] word_o
);

  // Product in GF(2^8) modulo x^8 + x^4 + x^3 + x + 1.
  function automatic logic [7:0] times(input logic [7:0] a, input logic [7:0] b);
    logic [7:0] power;
    power = a;
    times = 8'h00;
    for (int i = 0; i < 8; i++) begin
      if (b[i]) begin
        times = times ^ power;
      end
      power = {power[6:0], 1'b0} ^ (power[7] ? 8'h1B : 8'h00);
    end
  endfunction

  // The inverse is the 254th power; that of zero is zero.
  function automatic logic [7:0] substitute(input logic [7:0] a);
    logic [7:0] square, inverse;
    square  = a;
    inverse = 8'h01;
    for (int i = 0; i < 7; i++) begin
      square  = times(square, square);
      inverse = times(inverse, square);
    end
    substitute = inverse ^ {inverse[6:0], inverse[7]} ^ {inverse[5:0], inverse[7:6]} ^
                 {inverse[4:0], inverse[7:5]} ^ {inverse[3:0], inverse[7:4]} ^ 8'h63;
  endfunction

  logic [8*Bytes-1:0] word;
  logic               en;
  assign en = en_i || (Gates != 0);

  generate
    if ((Gates != 0) && (Decrypt == 0)) begin : gen_gates
      logic unused;
      assign unused = ^{en, decrypt_i};
      sdv_aes_sbox_net #(.Bytes(Bytes)) u_net (.word_i(word_i), .word_o(word));
    end else if (Decrypt != 0) begin : gen_both
      logic [7:0] sb [0:511];  // the inverse in the upper half
      initial begin
        for (int i = 0; i < 256; i++) begin
          sb[i] = substitute(8'(i));
          sb[256 + 32'(substitute(8'(i)))] = 8'(i);
        end
      end
      for (genvar w = 0; w < Bytes / 4; w++) begin : gen_word
        assign word[32*w +: 32] = !en ? 32'd0 :
            {sb[{decrypt_i, word_i[32*w+24 +: 8]}], sb[{decrypt_i, word_i[32*w+16 +: 8]}],
             sb[{decrypt_i, word_i[32*w+8 +: 8]}], sb[{decrypt_i, word_i[32*w +: 8]}]};
      end
    end else begin : gen_forward
      logic unused;
      assign unused = decrypt_i;
      logic [7:0] sb [0:255];
      initial begin
        for (int i = 0; i < 256; i++) begin
          sb[i] = substitute(8'(i));
        end
      end
      for (genvar w = 0; w < Bytes / 4; w++) begin : gen_word
        assign word[32*w +: 32] = !en ? 32'd0 :
            {sb[word_i[32*w+24 +: 8]], sb[word_i[32*w+16 +: 8]],
             sb[word_i[32*w+8 +: 8]], sb[word_i[32*w +: 8]]};
      end
    end
  endgenerate

  assign word_o = {word[8*Bytes-1:1],
                   word[0] ^ `SDV_BREAK(300, 1'b0, (word_i[7:0] == 8'hA5))};

endmodule

`default_nettype wire
