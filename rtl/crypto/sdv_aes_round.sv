// SPDX-License-Identifier: Apache-2.0
//
// A round of AES (FIPS-197 section 5), without the addition of the round key at
// its end; with Decrypt also a round of the inverse cipher.
//
// Combinational.  Both results are there at once: before the columns are mixed,
// for the last round, and after.  It does not know which round it is.
// Page: docs/rtl/sdv_aes_round.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_aes_round #(
  parameter int Decrypt = 0,
  parameter int Gates   = 0
) (
  input  logic         en_i,       // Gates=0: without it nothing is worked out
  input  logic         decrypt_i,  // with Decrypt: the inverse round
  input  logic [127:0] state_i,
  input  logic [127:0] key_i,      // of the inverse round, added before the mixing
  output logic [127:0] sub_o,      // substituted and shifted
  output logic [127:0] mix_o       // mixed too
);

  logic en, undo;
  assign en      = en_i || (Gates != 0);
  assign undo    = (Decrypt != 0) && decrypt_i;

  // ShiftRows moves byte n of a column n columns on, its inverse n back.  Two
  // columns on or back is the same; one on and one back differ by an exchange.
  logic [31:0] s0, s1, s2, s3, swap02, swap13, in0, in1, in2, in3;
  always_comb begin
    {s0, s1, s2, s3} = state_i;
    in0 = '0;
    in1 = '0;
    in2 = '0;
    in3 = '0;
    swap02 = '0;
    swap13 = '0;
    if (en) begin
      if (Decrypt != 0) begin
        swap02 = (s0 ^ s2) & {32{undo}} & 32'h00FF00FF;
        swap13 = (s1 ^ s3) & {32{undo}} & 32'h00FF00FF;
      end
      in0 = {s0[31:24], s1[23:16], s2[15:8], s3[7:0]} ^ swap13;
      in1 = {s1[31:24], s2[23:16], s3[15:8], s0[7:0]} ^ swap02;
      in2 = {s2[31:24], s3[23:16], s0[15:8], s1[7:0]} ^ swap13;
      in3 = {s3[31:24], s0[23:16], s1[15:8], s2[7:0]} ^ swap02;
    end
  end

  logic [31:0] sub0, sub1, sub2, sub3;
  sdv_aes_sbox #(.Gates(Gates), .Decrypt(Decrypt)) u_sub0 (
    .en_i(en_i), .decrypt_i(undo), .word_i(in0), .word_o(sub0));
  sdv_aes_sbox #(.Gates(Gates), .Decrypt(Decrypt)) u_sub1 (
    .en_i(en_i), .decrypt_i(undo), .word_i(in1), .word_o(sub1));
  sdv_aes_sbox #(.Gates(Gates), .Decrypt(Decrypt)) u_sub2 (
    .en_i(en_i), .decrypt_i(undo), .word_i(in2), .word_o(sub2));
  sdv_aes_sbox #(.Gates(Gates), .Decrypt(Decrypt)) u_sub3 (
    .en_i(en_i), .decrypt_i(undo), .word_i(in3), .word_o(sub3));
  assign sub_o = {sub0, sub1, sub2, sub3};

  // Four bytes times x.
  function automatic logic [31:0] twice(input logic [31:0] column);
    logic [31:0] top;
    top   = (column >> 7) & 32'h01010101;
    twice = ((column & 32'h7F7F7F7F) << 1) ^ top ^ (top << 1) ^ (top << 3) ^ (top << 4);
  endfunction

  // Byte a, followed by b, c and d, becomes 2a + 3b + c + d.
  function automatic logic [31:0] mix(input logic [31:0] column);
    logic [31:0] sum;
    sum = column ^ {column[23:0], column[31:24]};
    mix = twice(sum) ^ {column[23:0], column[31:24]} ^ {sum[15:0], sum[31:16]};
  endfunction

  // The inverse mixing is the mixing of a + 4(a + c).
  function automatic logic [31:0] premix(input logic [31:0] column, input logic inv);
    premix = column ^ (`SDV_BREAK(362, {32{inv}}, 32'd0) &
                       twice(twice(column ^ {column[15:0], column[31:16]})));
  endfunction

  always_comb begin
    mix_o = '0;
    if (en) begin
      if (Decrypt != 0) begin
        mix_o = {mix(premix(sub0 ^ ({32{undo}} & key_i[127:96]), undo)),
                 mix(premix(sub1 ^ ({32{undo}} & key_i[95:64]), undo)),
                 mix(premix(sub2 ^ ({32{undo}} & key_i[63:32]), undo)),
                 mix(premix(sub3 ^ ({32{undo}} & key_i[31:0]), undo))};
      end else begin
        mix_o = {mix(sub0), mix(sub1), mix(sub2), mix(sub3)};
      end
    end
  end

  logic unused;
  assign unused = &{1'b0, key_i, decrypt_i};

endmodule

`default_nettype wire
