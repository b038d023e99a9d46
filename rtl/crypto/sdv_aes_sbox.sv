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

  generate
    if (Gates != 0) begin : gen_gates

      // A plane has one bit of all bytes, so that a gate of all of them is one
      // operation in simulation.  Eight bytes lie in it as they do in the word,
      // eight bits apart; those of the next eight are beside them.
      localparam int               Width = (Bytes > 4) ? 64 : 32;
      localparam int               Words = (8 * Bytes + Width - 1) / Width;
      localparam logic [Width-1:0] Ones  = {Width / 8{8'h01}};

      logic [Width*Words-1:0] in, out;
      logic [Width-1:0]       x0, x1, x2, x3, x4, x5, x6, x7;
      logic [Width-1:0]       y0, y1, y2, y3, y4, y5, y6, y7;
      assign in = (Width*Words)'(word_i);

      always_comb begin
        {x7, x6, x5, x4, x3, x2, x1, x0} = '0;
        for (int w = 0; w < Words; w++) begin
          x0 = x0 | (((in[Width*w +: Width] >> 0) & Ones) << w);
          x1 = x1 | (((in[Width*w +: Width] >> 1) & Ones) << w);
          x2 = x2 | (((in[Width*w +: Width] >> 2) & Ones) << w);
          x3 = x3 | (((in[Width*w +: Width] >> 3) & Ones) << w);
          x4 = x4 | (((in[Width*w +: Width] >> 4) & Ones) << w);
          x5 = x5 | (((in[Width*w +: Width] >> 5) & Ones) << w);
          x6 = x6 | (((in[Width*w +: Width] >> 6) & Ones) << w);
          x7 = x7 | (((in[Width*w +: Width] >> 7) & Ones) << w);
        end
      end

      if (Decrypt != 0) begin : gen_both
        sdv_aes_sbox_both #(.Width(Width)) u_net (
          .inverse_i ({Width{decrypt_i}}),
          .x0_i (x0), .x1_i (x1), .x2_i (x2), .x3_i (x3),
          .x4_i (x4), .x5_i (x5), .x6_i (x6), .x7_i (x7),
          .y0_o (y0), .y1_o (y1), .y2_o (y2), .y3_o (y3),
          .y4_o (y4), .y5_o (y5), .y6_o (y6), .y7_o (y7)
        );
      end else begin : gen_forward
        sdv_aes_sbox_net #(.Width(Width)) u_net (
          .x0_i (x0), .x1_i (x1), .x2_i (x2), .x3_i (x3),
          .x4_i (x4), .x5_i (x5), .x6_i (x6), .x7_i (x7),
          .y0_o (y0), .y1_o (y1), .y2_o (y2), .y3_o (y3),
          .y4_o (y4), .y5_o (y5), .y6_o (y6), .y7_o (y7)
        );
      end

      always_comb begin
        out = '0;
        for (int w = 0; w < Words; w++) begin
          out[Width*w +: Width] =
              (((y0 >> w) & Ones) << 0) | (((y1 >> w) & Ones) << 1) |
              (((y2 >> w) & Ones) << 2) | (((y3 >> w) & Ones) << 3) |
              (((y4 >> w) & Ones) << 4) | (((y5 >> w) & Ones) << 5) |
              (((y6 >> w) & Ones) << 6) | (((y7 >> w) & Ones) << 7);
        end
      end
      assign word = (8*Bytes)'(out);

      logic unused;  // and what is above the word, when Bytes is no multiple of 8
      assign unused = ^{en_i, decrypt_i, out};

    end else if (Decrypt != 0) begin : gen_both

      logic [7:0] sb [0:511];  // the inverse in the upper half
      initial begin
        for (int i = 0; i < 256; i++) begin
          sb[i] = substitute(8'(i));
          sb[256 + 32'(substitute(8'(i)))] = 8'(i);
        end
      end
      for (genvar w = 0; w < Bytes / 4; w++) begin : gen_word
        assign word[32*w +: 32] = !en_i ? 32'd0 :
            {sb[{decrypt_i, word_i[32*w+24 +: 8]}], sb[{decrypt_i, word_i[32*w+16 +: 8]}],
             sb[{decrypt_i, word_i[32*w+8 +: 8]}],
             sb[{`SDV_BREAK(401, decrypt_i, 1'b0), word_i[32*w +: 8]}]};
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
        assign word[32*w +: 32] = !en_i ? 32'd0 :
            {sb[word_i[32*w+24 +: 8]], sb[word_i[32*w+16 +: 8]],
             sb[word_i[32*w+8 +: 8]], sb[word_i[32*w +: 8]]};
      end

    end
  endgenerate

  assign word_o = {word[8*Bytes-1:1],
                   word[0] ^ `SDV_BREAK(300, 1'b0, (word_i[7:0] == 8'hA5))};

endmodule

`default_nettype wire
