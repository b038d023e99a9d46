// SPDX-License-Identifier: Apache-2.0
//
// AES encryption with keys of 128 or 256 bits (FIPS-197), one round a clock.
//
// Round keys are made on the way, so that a new key costs nothing.  The result
// is there in the clock of the last round, in which the next block may be
// loaded: 10 or 14 clocks from block to block.  It does not decrypt.
// Page: docs/rtl/sdv_aes.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_aes #(
  parameter int Decrypt = 0,       // 1: it decrypts too
  parameter int Keys    = 384,     // bits of a key: 128 or 256, or both
  parameter int Rounds  = 1,       // a clock
  parameter int Gates   = 0        // S-box: 0 a table, 1 a network of gates
) (
  input  logic         clk_i,
  input  logic         rst_ni,
  input  logic         wipe_i,     // forget key and block, end what goes on

  input  logic         valid_i,    // a block to encrypt
  output logic         ready_o,    // it is taken
  input  logic         decrypt_i,  // decrypt it
  input  logic         size256_i,  // with a key of 256 bits
  input  logic         same_key_i, // key and size are those of the block before
  input  logic [255:0] key_i,      // one of 128 bits in the upper half
  input  logic [127:0] block_i,

  output logic         valid_o,    // the result is there; stays until it is taken
  input  logic         ready_i,
  output logic [127:0] block_o,    // with valid_o
  output logic         busy_o,
  output logic         error_o     // the controller is in an impossible state
);

  // Controller, with parity.
  logic        busy_q, busy_d, size256_q, size256_d, failed_q, failed_d;
  logic [3:0]  round_q, round_d;      // that is being done, from 1
  logic [7:0]  rcon_q, rcon_d;
  logic [31:0] s0_q, s1_q, s2_q, s3_q;  // columns of the state
  // The last two round keys; of a key of 128 bits only the upper half is used.
  logic [31:0] h0_q, h1_q, h2_q, h3_q;
  logic [31:0] l0_q, l1_q, l2_q, l3_q;

  logic last;
  assign last    = (round_q == (size256_q ? 4'd14 : 4'd10));
  assign valid_o = busy_q && last && !error_o;
  assign ready_o = !wipe_i && !error_o && (!busy_q || (last && ready_i));
  assign busy_o  = busy_q;

  // ShiftRows moves byte n of a column n columns on.
  logic [31:0] in0, in1, in2, in3, in4;
  always_comb begin
    in0 = '0;
    in1 = '0;
    in2 = '0;
    in3 = '0;
    in4 = '0;
    if (busy_q) begin
      in0 = {s0_q[31:24], s1_q[23:16], s2_q[15:8], s3_q[7:0]};
      in1 = {s1_q[31:24], s2_q[23:16], s3_q[15:8], s0_q[7:0]};
      in2 = {s2_q[31:24], s3_q[23:16], s0_q[15:8], s1_q[7:0]};
      in3 = {s3_q[31:24], s0_q[23:16], s1_q[15:8], s2_q[7:0]};
      in4 = size256_q ? l3_q : h3_q;
    end
  end

  logic [31:0] sub0, sub1, sub2, sub3, sub4;
  sdv_aes_sbox u_sub0 (.en_i(busy_q), .decrypt_i(1'b0), .word_i(in0), .word_o(sub0));
  sdv_aes_sbox u_sub1 (.en_i(busy_q), .decrypt_i(1'b0), .word_i(in1), .word_o(sub1));
  sdv_aes_sbox u_sub2 (.en_i(busy_q), .decrypt_i(1'b0), .word_i(in2), .word_o(sub2));
  sdv_aes_sbox u_sub3 (.en_i(busy_q), .decrypt_i(1'b0), .word_i(in3), .word_o(sub3));
  sdv_aes_sbox u_sub4 (.en_i(busy_q), .decrypt_i(1'b0), .word_i(in4), .word_o(sub4));

  // Four bytes times x.
  function automatic logic [31:0] twice(input logic [31:0] column);
    logic [31:0] top;
    top   = (column >> 7) & 32'h01010101;
    twice = ((column & 32'h7F7F7F7F) << 1) ^ top ^ (top << 1) ^ (top << 3) ^ (top << 4);
  endfunction

  function automatic logic [31:0] mix(input logic [31:0] column);
    logic [31:0] two, three;
    two   = twice(column);
    three = two ^ column;
    mix   = two ^ {three[23:0], three[31:24]} ^ {column[15:0], column[31:16]} ^
            {column[7:0], column[31:8]};
  endfunction

  // KeyExpansion: four more words.  A key of 256 bits turns and adds the round
  // constant in every other round only; its round key is ready beforehand.
  logic        turn;
  logic [31:0] w0, w1, w2, w3;
  always_comb begin
    turn = !size256_q || round_q[0];
    w0   = '0;
    w1   = '0;
    w2   = '0;
    w3   = '0;
    if (busy_q) begin
      w0 = h0_q ^ (turn ? {sub4[23:16] ^ rcon_q, sub4[15:0], sub4[31:24]} : sub4);
      w1 = h1_q ^ w0;
      w2 = h2_q ^ w1;
      w3 = h3_q ^ w2;
    end
  end

  // The round.
  logic [31:0] n0, n1, n2, n3;
  always_comb begin
    n0 = '0;
    n1 = '0;
    n2 = '0;
    n3 = '0;
    if (busy_q) begin
      n0 = (size256_q ? l0_q : w0) ^ (last ? sub0 : mix(sub0));
      n1 = (size256_q ? l1_q : w1) ^ (last ? sub1 : mix(sub1));
      n2 = (size256_q ? l2_q : w2) ^ (last ? sub2 : mix(sub2));
      n3 = (size256_q ? l3_q : w3) ^ (last ? sub3 : mix(sub3));
    end
  end
  assign block_o = {n0, n1, n2, n3};

  logic load, clear, step;
  assign clear = wipe_i || error_o;
  assign load  = valid_i && ready_o;
  assign step  = busy_q && !last;

  always_comb begin
    failed_d  = error_o;
    busy_d    = 1'b0;
    size256_d = size256_q;
    round_d   = round_q;
    rcon_d    = rcon_q;
    if (!clear && load) begin
      busy_d    = 1'b1;
      size256_d = size256_i;
      round_d   = 4'd1;
      rcon_d    = 8'h01;
    end else if (!clear) begin
      busy_d = step || !ready_i;
      if (step) begin
        round_d = round_q + 4'd1;
      end
      if (step && turn) begin
        rcon_d = {rcon_q[6:0], 1'b0} ^ (rcon_q[7] ? `SDV_BREAK(302, 8'h1B, 8'h1D) : 8'h00);
      end
    end
  end

  logic guard_error;
  sdv_guard #(.Width(15), .Reset(15'd0)) u_guard (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .en_i    (clear || load || busy_q),
    .next_i  ({failed_d, busy_d, size256_d, round_d, rcon_d}),
    .value_o ({failed_q, busy_q, size256_q, round_q, rcon_q}),
    .error_o (guard_error)
  );
  assign error_o = guard_error || failed_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      {s0_q, s1_q, s2_q, s3_q} <= '0;
      {h0_q, h1_q, h2_q, h3_q} <= '0;
      {l0_q, l1_q, l2_q, l3_q} <= '0;
    end else if (clear) begin
      {s0_q, s1_q, s2_q, s3_q} <= '0;
      {h0_q, h1_q, h2_q, h3_q} <= `SDV_BREAK(301, '0, {h0_q, h1_q, h2_q, h3_q});
      {l0_q, l1_q, l2_q, l3_q} <= '0;
    end else if (load) begin
      {s0_q, s1_q, s2_q, s3_q} <= block_i ^ key_i[255:128];
      {h0_q, h1_q, h2_q, h3_q} <= key_i[255:128];
      {l0_q, l1_q, l2_q, l3_q} <= key_i[127:0];
    end else if (step) begin
      {s0_q, s1_q, s2_q, s3_q} <= {n0, n1, n2, n3};
      if (size256_q) begin
        {h0_q, h1_q, h2_q, h3_q} <= {l0_q, l1_q, l2_q, l3_q};
        {l0_q, l1_q, l2_q, l3_q} <= {w0, w1, w2, w3};
      end else begin
        {h0_q, h1_q, h2_q, h3_q} <= {w0, w1, w2, w3};
      end
    end
  end

  // Other values of the parameters are not there yet.
  logic unused;
  assign unused = &{1'b0, decrypt_i, same_key_i, Decrypt, Keys, Rounds, Gates};

`ifdef SDV_ASSERT
  logic held_q, wiped_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      held_q  <= 1'b0;
      wiped_q <= 1'b0;
    end else begin
      held_q  <= valid_o && !ready_i && !wipe_i;
      wiped_q <= wipe_i;
    end
  end
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (error_o || !busy_q || ((round_q != 4'd0) && (round_q <= (size256_q ? 4'd14 : 4'd10))));
      // A result waits until it is taken.
      assert (!held_q || valid_o || error_o);
      // SEC: nothing is left after a wipe.
      assert (!wiped_q || !busy_q);
      assert (!wiped_q || ({h0_q, h1_q, h2_q, h3_q} == 128'd0));
      assert (!wiped_q || ({l0_q, l1_q, l2_q, l3_q} == 128'd0));
      assert (!wiped_q || ({s0_q, s1_q, s2_q, s3_q} == 128'd0));
    end
  end
`endif

endmodule

`default_nettype wire
