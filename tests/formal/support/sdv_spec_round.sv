// SPDX-License-Identifier: Apache-2.0
//
// One round as FIPS-197 writes it down, byte by byte, for comparison: figure 5
// of the standard (Cipher), with decrypt_i figure 12 (InvCipher).
//
// For proofs only: slow, large, and as simple as can be.  Page: docs/formal.md
`default_nettype none

module sdv_spec_round (
  input  logic         decrypt_i,
  input  logic         last_i,    // the last round leaves MixColumns out
  input  logic [127:0] state_i,   // byte 0 in bits 127:120
  input  logic [127:0] key_i,     // round key
  output logic [127:0] ask_o,     // what goes into the S-boxes or their inverses,
  input  logic [127:0] sub_i,     // and what comes out
  output logic [127:0] state_o
);

  // The lowest bit of s[row, column].
  function automatic int at(input int row, input int column);
    at = 120 - 8 * (row + 4 * column);
  endfunction

  // Section 5.1.2: s'[r, c] = s[r, (c + r) mod 4]; 5.3.1 goes the other way.
  function automatic logic [127:0] shift_rows(input logic inverse, input logic [127:0] s);
    shift_rows = '0;
    for (int r = 0; r < 4; r++) begin
      for (int c = 0; c < 4; c++) begin
        shift_rows[at(r, c) +: 8] = inverse ? s[at(r, (c + 4 - r) % 4) +: 8]
                                            : s[at(r, (c + r) % 4) +: 8];
      end
    end
  endfunction

  // Section 4.2: the product of two polynomials modulo x^8 + x^4 + x^3 + x + 1.
  function automatic logic [7:0] product(input logic [7:0] a, input logic [7:0] b);
    logic [14:0] sum;
    sum = '0;
    for (int i = 0; i < 8; i++) begin
      if (b[i]) begin
        sum = sum ^ ({7'h00, a} << i);
      end
    end
    for (int i = 14; i >= 8; i--) begin
      if (sum[i]) begin
        sum = sum ^ (15'h11B << (i - 8));
      end
    end
    product = sum[7:0];
  endfunction

  // Coefficients of a(x) in 5.1.3 and of its inverse in 5.3.3.
  function automatic logic [7:0] coefficient(input logic inverse, input int power);
    case (power)
      0:       coefficient = inverse ? 8'h0E : 8'h02;
      1:       coefficient = inverse ? 8'h09 : 8'h01;
      2:       coefficient = inverse ? 8'h0D : 8'h01;
      default: coefficient = inverse ? 8'h0B : 8'h03;
    endcase
  endfunction

  // Each column, a polynomial over bytes, times a(x) modulo x^4 + 1.
  function automatic logic [127:0] mix_columns(input logic inverse, input logic [127:0] s);
    mix_columns = '0;
    for (int c = 0; c < 4; c++) begin
      for (int r = 0; r < 4; r++) begin
        for (int i = 0; i < 4; i++) begin
          mix_columns[at(r, c) +: 8] = mix_columns[at(r, c) +: 8] ^
              product(s[at(i, c) +: 8], coefficient(inverse, (r + 4 - i) % 4));
        end
      end
    end
  endfunction

  // ShiftRows moves bytes, SubBytes looks at each by itself: it is the same
  // whichever is first.
  assign ask_o = shift_rows(decrypt_i, state_i);

  always_comb begin
    if (decrypt_i) begin
      state_o = last_i ? (sub_i ^ key_i) : mix_columns(1'b1, sub_i ^ key_i);
    end else begin
      state_o = (last_i ? sub_i : mix_columns(1'b0, sub_i)) ^ key_i;
    end
  end

endmodule

`default_nettype wire
