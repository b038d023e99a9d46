// SPDX-License-Identifier: Apache-2.0
//
// Proof of sdv_aes_sbox: gates and tables are the same function for every byte
// in every place, and the inverse S-box takes back what the S-box did.
//
// A byte, where it stands, and what is beside it are any.  Page: docs/formal.md
`default_nettype none

module sdv_proof_sbox (
  input logic [7:0]  byte_i,
  input logic [2:0]  place_i,
  input logic [63:0] beside_i,
  input logic        decrypt_i
);

  // The tables, the definition: the S-box alone, and both directions.
  logic [31:0] forward, either, back;
  sdv_aes_sbox #(.Gates(0)) u_forward (
    .en_i (1'b1), .decrypt_i (1'b0), .word_i ({24'd0, byte_i}), .word_o (forward)
  );
  sdv_aes_sbox #(.Gates(0), .Decrypt(1)) u_either (
    .en_i (1'b1), .decrypt_i, .word_i ({24'd0, byte_i}), .word_o (either)
  );
  sdv_aes_sbox #(.Gates(0), .Decrypt(1)) u_back (
    .en_i (1'b1), .decrypt_i (!decrypt_i), .word_i ({24'd0, either[7:0]}), .word_o (back)
  );

  // The networks, which do not look at the enable, of one word and of two.
  logic [63:0] word, wide_forward, wide_either;
  logic [31:0] net_forward, net_either;
  always_comb begin
    word = beside_i;
    word[8*place_i +: 8] = byte_i;
  end
  sdv_aes_sbox #(.Gates(1)) u_net_forward (
    .en_i (1'b0), .decrypt_i, .word_i (word[31:0]), .word_o (net_forward)
  );
  sdv_aes_sbox #(.Gates(1), .Decrypt(1)) u_net_either (
    .en_i (1'b0), .decrypt_i, .word_i (word[31:0]), .word_o (net_either)
  );
  sdv_aes_sbox #(.Gates(1), .Bytes(8)) u_wide_forward (
    .en_i (1'b0), .decrypt_i, .word_i (word), .word_o (wide_forward)
  );
  sdv_aes_sbox #(.Gates(1), .Decrypt(1), .Bytes(8)) u_wide_either (
    .en_i (1'b0), .decrypt_i, .word_i (word), .word_o (wide_either)
  );

  always_comb begin
    assert (back[7:0] == byte_i);
    assert (wide_forward[8*place_i +: 8] == forward[7:0]);
    assert (wide_either[8*place_i +: 8] == either[7:0]);
    if (!place_i[2]) begin
      assert (net_forward[8*place_i[1:0] +: 8] == forward[7:0]);
      assert (net_either[8*place_i[1:0] +: 8] == either[7:0]);
    end
    if (!decrypt_i) begin
      assert (either[7:0] == forward[7:0]);
    end
    // FIPS-197, section 4.2.1: one value of the table.
    if (byte_i == 8'h53) begin
      assert (forward[7:0] == 8'hED);
    end
    cover (!decrypt_i && (byte_i == 8'h53));
  end

endmodule

`default_nettype wire
