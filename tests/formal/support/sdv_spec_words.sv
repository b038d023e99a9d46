// SPDX-License-Identifier: Apache-2.0
//
// KeyExpansion as FIPS-197 section 5.2 writes it down, four words at a time:
// from w[i - Nk] to w[i - 1] the words w[i] to w[i + 3].
//
// For proofs only: slow, large, and as simple as can be.  Page: docs/formal.md
`default_nettype none

module sdv_spec_words (
  input  logic         size256_i,  // Nk is 8, else 4
  input  logic [3:0]   four_i,     // i is four times this
  input  logic [255:0] window_i,   // the Nk words before w[i], from the top
  output logic [31:0]  ask_o,      // what goes into the S-boxes,
  input  logic [31:0]  sub_i,      // and what comes out
  output logic         turn_o,     // i is a multiple of Nk,
  output logic [7:0]   rcon_o,     // and Rcon[i / Nk]
  output logic [127:0] words_o
);

  // Rcon[n] = x^(n - 1) in GF(2^8).
  function automatic logic [7:0] rcon(input logic [3:0] n);
    rcon = 8'h01;
    for (int k = 1; k < 15; k++) begin
      if (4'(k) < n) begin
        rcon = {rcon[6:0], 1'b0} ^ (rcon[7] ? 8'h1B : 8'h00);
      end
    end
  endfunction

  // RotWord moves bytes, SubWord looks at each by itself: it is the same
  // whichever is first.
  assign ask_o  = size256_i ? window_i[31:0] : window_i[159:128];
  assign turn_o = !size256_i || !four_i[0];
  assign rcon_o = rcon(size256_i ? {1'b0, four_i[3:1]} : four_i);

  // i is a multiple of 4: only the first of the four words is not simply the
  // sum of the one before it and the one Nk before it.
  logic [31:0] temp;
  always_comb begin
    temp    = turn_o ? ({sub_i[23:0], sub_i[31:24]} ^ {rcon_o, 24'h000000}) : sub_i;
    words_o = '0;
    for (int j = 0; j < 4; j++) begin
      temp = window_i[224 - 32*j +: 32] ^ temp;
      words_o[96 - 32*j +: 32] = temp;
    end
  end

endmodule

`default_nettype wire
