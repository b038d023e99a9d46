// SPDX-License-Identifier: Apache-2.0
//
// The AES S-box and its inverse as one network of gates, for planes of bits.
//
// As in sdv_aes_sbox_net, with one inversion for both directions.  The way in
// of the inverse S-box differs from that of the S-box in four sums of bits
// only, and so does the way out: see the page.
// Page: docs/rtl/sdv_aes_sbox.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_aes_sbox_both #(
  parameter int Width = 4
) (
  input  logic [Width-1:0] inverse_i,  // all ones: the inverse S-box
  input  logic [Width-1:0] x0_i, x1_i, x2_i, x3_i, x4_i, x5_i, x6_i, x7_i,
  output logic [Width-1:0] y0_o, y1_o, y2_o, y3_o, y4_o, y5_o, y6_o, y7_o
);

  // The nine sums of bits of a, and those of b, that products are made of
  logic [Width-1:0] t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15, t16,
      t17, t18, t19, t20, t21, t22, t23, t24, t25, t26, t27, t28, t29, t30, t31, t32, t33;
  always_comb begin
    t0 = x1_i ^ x4_i;
    t1 = x2_i ^ x5_i;
    t2 = x3_i ^ x6_i;
    t3 = x0_i ^ t2;
    t4 = inverse_i & t3;
    t5 = inverse_i & t0;
    t6 = inverse_i & x7_i;
    t7 = inverse_i & t1;
    t8 = x2_i ^ t6;
    t9 = x4_i ^ t3;
    t10 = x1_i ^ t5;
    t11 = t8 ^ t9;
    t12 = x7_i ^ inverse_i;
    t13 = x6_i ^ t5;
    t14 = x5_i ^ t12;
    t15 = x0_i ^ t7;
    t16 = t14 ^ t15;
    t17 = t13 ^ t15;
    t18 = t11 ^ t16;
    t19 = t8 ^ t17;
    t20 = t16 ^ t19;
    t21 = t17 ^ t18;
    t22 = x3_i ^ t1;
    t23 = t12 ^ t22;
    t24 = t10 ^ t23;
    t25 = t4 ^ t14;
    t26 = t10 ^ t25;
    t27 = t23 ^ t25;
    t28 = x4_i ^ x7_i;
    t29 = t13 ^ t28;
    t30 = t26 ^ t29;
    t31 = t25 ^ t29;
    t32 = t23 ^ t29;
    t33 = t30 ^ t21;
  end

  // D = a * b + what is linear in the squares of a and b: nine products
  logic [Width-1:0] d0, d1, d2, d3, d4, d5, d6, d7, d8, d9, d10, d11, d12, d13, d14, d15, d16,
      d17, d18, d19, d20, d21;
  always_comb begin
    d0 = t32 & ~t11;
    d1 = t31 | t9;
    d2 = t27 & ~t8;
    d3 = ~t29 & t18;
    d4 = t30 & t21;
    d5 = ~t26 & t17;
    d6 = t23 & ~t16;
    d7 = t10 & t20;
    d8 = t24 & t19;
    d9 = d1 ^ d4;
    d10 = d5 ^ d6;
    d11 = d0 ^ d3;
    d12 = d9 ^ d11;
    d13 = d2 ^ d5;
    d14 = d9 ^ d13;
    d15 = d3 ^ d7;
    d16 = d10 ^ d15;
    d17 = d4 ^ d8;
    d18 = d10 ^ d17;
    d19 = d12 ^ t19;
    d20 = d16 ^ t27;
    d21 = d18 ^ t33;
  end

  // The inverse of D, as the nine sums of its bits that products are made of
  logic [Width-1:0] i0, i1, i2, i3, i4, i5, i6, i7, i8, i9, i10, i11, i12, i13, i14, i15, i16,
      i17, i18;
  always_comb begin
    i0 = d20 & ~d14;
    i1 = d19 & d20;
    i2 = d21 | i1;
    i3 = i0 ^ i2;
    i4 = ~d20 & d14;
    i5 = d21 & d14;
    i6 = d19 | i5;
    i7 = i4 ^ i6;
    i8 = d19 & d21;
    i9 = i5 ^ i8;
    i10 = d14 & ~i1;
    i11 = i9 | i10;
    i12 = i7 ^ i11;
    i13 = i3 ^ i12;
    i14 = d20 & ~i9;
    i15 = i8 ^ i14;
    i16 = i3 ^ i15;
    i17 = i16 ^ i11;
    i18 = i7 ^ i15;
  end

  // The inverse of D times a, and times b
  logic [Width-1:0] m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16,
      m17;
  always_comb begin
    m0 = t32 & i13;
    m1 = t11 & i13;
    m2 = t31 & i17;
    m3 = t9 & i17;
    m4 = t27 & i18;
    m5 = t8 & i18;
    m6 = t29 & i12;
    m7 = t18 & i12;
    m8 = t30 & i11;
    m9 = `SDV_BREAK(402, t21 & i11, t21 | i11);
    m10 = t26 & i7;
    m11 = t17 & i7;
    m12 = t23 & i3;
    m13 = t16 & i3;
    m14 = t10 & i16;
    m15 = t20 & i16;
    m16 = t24 & i15;
    m17 = t19 & i15;
  end

  // Back to a byte, and the affine map
  logic [Width-1:0] b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, b12, b13, b14, b15, b16,
      b17, b18, b19, b20, b21, b22, b23, b24, b25, b26, b27, b28, b29, b30, b31, b32, b33, b34,
      b35, b36, b37, b38, b39, b40, b41, b42, b43, b44, b45, b46, b47, b48, b49, b50;
  always_comb begin
    b0 = m6 ^ m0;
    b1 = m10 ^ m4;
    b2 = b1 ^ b0;
    b3 = m8 ^ m2;
    b4 = b0 ^ b3;
    b5 = m10 ^ m12;
    b6 = m8 ^ b5;
    b7 = m16 ^ b6;
    b8 = m5 ^ m15;
    b9 = m1 ^ b8;
    b10 = m13 ^ b9;
    b11 = m13 ^ m7;
    b12 = b11 ^ m15;
    b13 = b5 ^ m0;
    b14 = m14 ^ b13;
    b15 = b14 ^ b3;
    b16 = m9 ^ b12;
    b17 = m5 ^ m3;
    b18 = b17 ^ b16;
    b19 = b18 ^ b15;
    b20 = m17 ^ b16;
    b21 = b9 ^ b20;
    b22 = m11 ^ b12;
    b23 = b22 ^ b19;
    b24 = b21 ^ b23;
    b25 = b10 ^ b4;
    b26 = b7 ^ b25;
    b27 = inverse_i & b26;
    b28 = inverse_i & ~b23;
    b29 = b18 & ~inverse_i;
    b30 = b25 & ~inverse_i;
    b31 = b2 ^ b30;
    b32 = b7 ^ b18;
    b33 = b32 ^ b31;
    b34 = b4 ^ b27;
    b35 = b29 ^ b21;
    b36 = b35 ^ b27;
    b37 = b28 ^ b31;
    b38 = b4 ^ b29;
    b39 = b38 ^ b37;
    b40 = b15 ^ b24;
    b41 = b40 ^ b37;
    b42 = b7 ^ b24;
    b43 = b42 ^ b34;
    b44 = b2 ^ b19;
    b45 = b44 ^ b36;
    b46 = inverse_i ^ b10;
    b47 = b46 ^ b36;
    b48 = b28 ^ b34;
    b49 = b2 ^ b29;
    b50 = b49 ^ b33;
  end

  assign y0_o = ~b39;
  assign y1_o = ~b41;
  assign y2_o = b43;
  assign y3_o = b33;
  assign y4_o = b45;
  assign y5_o = ~b47;
  assign y6_o = ~b48;
  assign y7_o = b50;

endmodule

`default_nettype wire
