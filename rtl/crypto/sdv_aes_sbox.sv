// SPDX-License-Identifier: Apache-2.0
//
// The AES S-box of four bytes at once, as a table.
//
// The table is computed from its definition, FIPS-197 section 5.1.1: the
// inverse in GF(2^8), then an affine map.  Nothing is stored between clocks.
// Page: docs/rtl/sdv_aes.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_aes_sbox (
  input  logic        en_i,   // without it the output is zero
  input  logic [31:0] word_i,
  output logic [31:0] word_o
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

  logic [7:0] sb [0:255];
  initial begin
    for (int i = 0; i < 256; i++) begin
      sb[i] = substitute(8'(i));
    end
  end

  always_comb begin
    word_o = '0;
    if (en_i) begin
      word_o = {sb[word_i[31:24]], sb[word_i[23:16]], sb[word_i[15:8]],
                sb[word_i[7:0]] ^ `SDV_BREAK(300, 8'h00, {7'h00, word_i[7:0] == 8'hA5})};
    end
  end

endmodule

`default_nettype wire
