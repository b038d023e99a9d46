// SPDX-License-Identifier: Apache-2.0
//
// The AES S-box as a network of gates, for planes of bits: x0_i has bit 0 of
// each byte.
//
// A byte is a pair (a, b) over GF(2^4); its inverse is (a, b) times the inverse
// of D, a product of the two in GF(2^4).  All that is linear, the way into the
// pair and back and the affine map, is in the two outer layers.
// The network was found by a search; it is proven equal to the definition.
// Page: docs/rtl/sdv_aes_sbox.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_aes_sbox_net #(
  parameter int Width = 4
) (
  input  logic [Width-1:0] x0_i, x1_i, x2_i, x3_i, x4_i, x5_i, x6_i, x7_i,
  output logic [Width-1:0] y0_o, y1_o, y2_o, y3_o, y4_o, y5_o, y6_o, y7_o
);

  // The nine sums of bits of a, and those of b, that products are made of
  logic [Width-1:0] t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15, t16,
      t17, t18;
  always_comb begin
    t0 = x2_i ^ x3_i;
    t1 = x0_i ^ x6_i;
    t2 = x2_i ^ t1;
    t3 = x5_i ^ x7_i;
    t4 = t0 ^ t3;
    t5 = x0_i ^ t3;
    t6 = x1_i ^ t3;
    t7 = t0 ^ t6;
    t8 = t2 ^ t5;
    t9 = x4_i ^ x6_i;
    t10 = t4 ^ t9;
    t11 = x7_i ^ t9;
    t12 = t1 ^ t10;
    t13 = x5_i ^ t9;
    t14 = t0 ^ t13;
    t15 = t6 ^ t11;
    t16 = t5 ^ t10;
    t17 = x0_i ^ x3_i;
    t18 = t9 ^ t17;
  end

  // D = a * b + what is linear in the squares of a and b: nine products
  logic [Width-1:0] d0, d1, d2, d3, d4, d5, d6, d7, d8, d9, d10, d11, d12, d13, d14, d15, d16,
      d17, d18, d19, d20, d21, d22, d23;
  always_comb begin
    d0 = t14 & ~t18;
    d1 = t13 & x2_i;
    d2 = t0 | t16;
    d3 = ~t11 & t12;
    d4 = ~t15 & t1;
    d5 = ~t6 & t10;
    d6 = t4 & ~t8;
    d7 = x1_i | t2;
    d8 = t7 & ~t5;
    d9 = d0 ^ d2;
    d10 = d4 ^ d5;
    d11 = d1 ^ d2;
    d12 = d10 ^ d11;
    d13 = d3 ^ d5;
    d14 = d9 ^ d13;
    d15 = d6 ^ d7;
    d16 = d9 ^ d15;
    d17 = d6 ^ d8;
    d18 = d10 ^ d17;
    d19 = d14 ^ x3_i;
    d20 = d18 ^ x7_i;
    d21 = d16 ^ x7_i;
    d22 = d19 ^ d12;
    d23 = d20 ^ d22;
  end

  // The inverse of D, as the nine sums of its bits that products are made of
  logic [Width-1:0] i0, i1, i2, i3, i4, i5, i6, i7, i8, i9, i10, i11, i12, i13, i14, i15, i16,
      i17, i18, i19;
  always_comb begin
    i0 = d20 & ~d21;
    i1 = ~d12 & d21;
    i2 = d19 & ~i1;
    i3 = ~i2 & d23;
    i4 = i0 | i3;
    i5 = d12 & ~d21;
    i6 = d20 | i5;
    i7 = i6 ^ i2;
    i8 = d12 & ~d20;
    i9 = d21 ^ i8;
    i10 = i5 | i3;
    i11 = i9 ^ i10;
    i12 = i7 ^ i11;
    i13 = i4 ^ i12;
    i14 = d19 & d20;
    i15 = ~i14 & i9;
    i16 = d22 ^ i15;
    i17 = i11 ^ i16;
    i18 = i4 ^ i16;
    i19 = i7 ^ i18;
  end

  // The inverse of D times a, and times b
  logic [Width-1:0] m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16,
      m17;
  always_comb begin
    m0 = t14 & i13;
    m1 = t18 & i13;
    m2 = t13 & i4;
    m3 = x2_i & i4;
    m4 = t0 & i12;
    m5 = t16 & i12;
    m6 = t11 & i17;
    m7 = t12 & i17;
    m8 = t15 & i16;
    m9 = `SDV_BREAK(400, t1 & i16, t1 | i16);
    m10 = t6 & i11;
    m11 = t10 & i11;
    m12 = t4 & i19;
    m13 = t8 & i19;
    m14 = x1_i & i18;
    m15 = t2 & i18;
    m16 = t7 & i7;
    m17 = t5 & i7;
  end

  // Back to a byte, and the affine map
  logic [Width-1:0] b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, b12, b13, b14, b15, b16,
      b17, b18, b19, b20, b21, b22, b23, b24, b25, b26, b27, b28;
  always_comb begin
    b0 = m17 ^ m13;
    b1 = m9 ^ m11;
    b2 = m10 ^ m4;
    b3 = m6 ^ b2;
    b4 = m0 ^ b3;
    b5 = b1 ^ b0;
    b6 = b5 ^ b4;
    b7 = m14 ^ m6;
    b8 = m3 ^ m1;
    b9 = m9 ^ m7;
    b10 = b9 ^ b8;
    b11 = m17 ^ m15;
    b12 = b11 ^ b8;
    b13 = m16 ^ b7;
    b14 = m8 ^ b13;
    b15 = m10 ^ b1;
    b16 = m12 ^ b15;
    b17 = b7 ^ b16;
    b18 = m3 ^ m5;
    b19 = b18 ^ b17;
    b20 = m2 ^ b2;
    b21 = b20 ^ b13;
    b22 = b4 ^ b19;
    b23 = b21 ^ b10;
    b24 = b23 ^ b6;
    b25 = b21 ^ b12;
    b26 = b14 ^ b12;
    b27 = b26 ^ b19;
    b28 = b0 ^ b17;
  end

  assign y0_o = ~b28;
  assign y1_o = ~b27;
  assign y2_o = b25;
  assign y3_o = b6;
  assign y4_o = b24;
  assign y5_o = ~b10;
  assign y6_o = ~b14;
  assign y7_o = b22;

endmodule

`default_nettype wire
