// SPDX-License-Identifier: Apache-2.0
//
// AES on a datapath of 32 bits with four S-boxes: a clock for each column, and
// one in each round for the key; 50 clocks for a block with a key of 128 bits,
// 70 with one of 256.
//
// A member of the AES family for a small card.  A key for encryption costs
// nothing; a new one for decryption is walked to its end first.
// Page: docs/rtl/sdv_aes32.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_aes32 #(
  parameter int Decrypt = 0,        // it decrypts too
  parameter int Keys    = 384,      // bits of a key: 128, 256, or 384: both
  parameter int Gates   = 0         // S-box of gates, not a table
) (
  input  logic         clk_i,
  input  logic         rst_ni,
  input  logic         wipe_i,      // forget key and block, end what goes on

  input  logic         valid_i,     // a block
  output logic         ready_o,     // it is taken
  input  logic         decrypt_i,
  input  logic         size256_i,
  input  logic         same_key_i,  // key and size of the block before
  input  logic [255:0] key_i,       // one of 128 bits in the upper half
  input  logic [127:0] block_i,

  output logic         valid_o,     // the result is there; stays until it is taken
  input  logic         ready_i,
  output logic [127:0] block_o,     // with valid_o
  output logic         busy_o,
  output logic         error_o      // the controller is in no possible state
);

  localparam logic [1:0] Idle  = 2'd0;
  localparam logic [1:0] Setup = 2'd1;  // to the end of the key; the block waits
  localparam logic [1:0] Run   = 2'd2;

  localparam logic [2:0] KeyTurn = 3'd4;  // of the key; before it columns 0 to 3

  // ---- Controller ----

  logic [1:0] mode_q, mode_d;
  logic [2:0] turn_q, turn_d;
  logic [3:0] round_q, round_d;         // going back it counts down
  logic       decrypt_q, decrypt_d, size256_q, size256_d, failed_q, failed_d;
  logic       long_key, setup, run, back, key_turn;
  assign long_key = (Keys == 256) || ((Keys != 128) && size256_q);
  assign setup    = (Decrypt != 0) && (mode_q == Setup);
  assign run      = (mode_q == Run);
  assign back     = (Decrypt != 0) && decrypt_q && run;
  assign key_turn = turn_q[2];

  logic [3:0] end_round;
  logic       row_end, last_round, last, set_up, clear, load, use_end, drop;
  assign end_round  = long_key ? 4'd14 : 4'd10;
  assign row_end    = (turn_q == 3'd3);
  assign last_round = (round_q == (back ? 4'd1 : end_round));
  assign last       = run && last_round && row_end;
  assign set_up     = setup && last_round && row_end;
  assign clear      = wipe_i || error_o;
  assign valid_o    = last && !error_o;
  assign ready_o    = !clear && ((mode_q == Idle) || (last && ready_i));
  assign busy_o     = (mode_q != Idle);
  assign load       = valid_i && ready_o;
  assign use_end    = (Decrypt != 0) && decrypt_i && same_key_i;
  assign drop       = last && ready_i && !load;

  always_comb begin
    mode_d    = mode_q;
    turn_d    = turn_q;
    round_d   = round_q;
    decrypt_d = decrypt_q;
    size256_d = size256_q;
    failed_d  = error_o;
    if (clear || drop) begin
      mode_d = Idle;
    end else if (load) begin
      mode_d    = ((Decrypt != 0) && decrypt_i && !same_key_i) ? Setup : Run;
      turn_d    = KeyTurn;
      round_d   = 4'd1;
      decrypt_d = (Decrypt != 0) && decrypt_i;
      size256_d = (Keys == 384) && size256_i;
      if (use_end) begin
        round_d = ((Keys == 256) || size256_d) ? 4'd14 : 4'd10;
      end
    end else if (set_up) begin
      mode_d = Run;
      turn_d = KeyTurn;
    end else if (!last) begin
      turn_d = key_turn ? 3'd0 : (turn_q + 3'd1);
      if (row_end) begin
        round_d = back ? (round_q - 4'd1) : (round_q + 4'd1);
      end
    end
  end

  logic bad;
  sdv_guard #(.Width(12)) u_guard (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .en_i    (busy_o || load || clear),
    .next_i  ({failed_d, mode_d, turn_d, round_d, decrypt_d, size256_d}),
    .value_o ({failed_q, mode_q, turn_q, round_q, decrypt_q, size256_q}),
    .error_o (bad)
  );
  assign error_o = bad || failed_q;

  // ---- S-box: of the key, or of a column ----

  logic        work;                    // with a table: look it up
  logic [31:0] in, tail, sub;
  assign work = busy_o || (Gates != 0);
  sdv_aes_sbox #(.Gates(Gates), .Decrypt(Decrypt)) u_sbox (
    .en_i      (work),
    .decrypt_i (back && !key_turn),
    .word_i    (key_turn ? tail : in),
    .word_o    (sub)
  );

  // ---- Key ----

  logic         ahead;
  logic [31:0]  key_word, gone;
  logic [127:0] first_key;
  assign ahead = (Decrypt != 0) && !back;
  sdv_aes32_key #(.Decrypt(Decrypt), .Keys(Keys)) u_key (
    .clk_i     (clk_i),
    .rst_ni    (rst_ni),
    .clear_i   (clear),
    .drop_i    (drop),
    .load_i    (load || (set_up && !clear)),
    .end_i     (setup || use_end),
    .key_i     (key_i),
    .walk_i    (work),
    .step_i    (busy_o && !row_end),
    .size256_i (long_key),
    .back_i    (back),
    .round_i   (round_q),
    .first_i   (key_turn),
    .number_i  (key_turn ? 2'd0 : (turn_q[1:0] + 2'd1)),
    .keep_i    (ahead && (round_q == (long_key ? 4'd13 : 4'd10))),
    .keep_up_i (ahead && long_key && (round_q == 4'd12)),
    .tail_o    (tail),
    .sub_i     (sub),
    .word_o    (key_word),
    .gone_o    (gone),
    .first_o   (first_key)
  );

  // ---- State ----

  // What comes in is xored with the key that comes with it.  A set-up takes that
  // away again in its first round, and adds the last round key in its last one.
  logic         fix, write, first_round;
  logic [31:0]  word;
  logic [127:0] start;
  assign first_round = setup && (round_q == 4'd1);
  assign fix         = first_round || (setup && last_round);
  assign write       = !key_turn && ((run && !last) || fix);
  assign start       = block_i ^ first_key;
  assign word        = first_round ? gone : key_word;

  // Byte r of a column is r columns further on after each round.
  logic [1:0] shift, pos0, pos1, pos2, pos3;
  assign shift = setup ? 2'd0 : (round_q[1:0] + {1'b0, back});
  assign pos0  = turn_q[1:0];
  assign pos1  = turn_q[1:0] + shift;
  assign pos2  = turn_q[1:0] ^ {shift[0], 1'b0};
  assign pos3  = turn_q[1:0] - shift;

  logic [31:0] row0, row1, row2, row3, out, put;
  assign put = clear ? 32'd0 : out;
  sdv_aes32_row u_row0 (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .load_i  (load),
    .bytes_i ({start[127:120], start[95:88], start[63:56], start[31:24]}),
    .write_i (write),
    .clear_i (clear),
    .pos_i   (pos0),
    .byte_i  (put[31:24]),
    .byte_o  (in[31:24]),
    .bytes_o (row0)
  );
  sdv_aes32_row u_row1 (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .load_i  (load),
    .bytes_i ({start[119:112], start[87:80], start[55:48], start[23:16]}),
    .write_i (write),
    .clear_i (clear),
    .pos_i   (pos1),
    .byte_i  (put[23:16]),
    .byte_o  (in[23:16]),
    .bytes_o (row1)
  );
  sdv_aes32_row u_row2 (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .load_i  (load),
    .bytes_i ({start[111:104], start[79:72], start[47:40], start[15:8]}),
    .write_i (write),
    .clear_i (clear),
    .pos_i   (pos2),
    .byte_i  (put[15:8]),
    .byte_o  (in[15:8]),
    .bytes_o (row2)
  );
  sdv_aes32_row u_row3 (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .load_i  (load),
    .bytes_i ({start[103:96], start[71:64], start[39:32], start[7:0]}),
    .write_i (write),
    .clear_i (clear),
    .pos_i   (pos3),
    .byte_i  (put[7:0]),
    .byte_o  (in[7:0]),
    .bytes_o (row3)
  );

  sdv_aes32_column #(.Decrypt(Decrypt)) u_column (
    .en_i     (work),
    .back_i   (back),
    .add_i    (setup),
    .last_i   (last_round),
    .column_i (in),
    .sub_i    (sub),
    .key_i    (word),
    .column_o (out)
  );

  // After 10 rounds, and after 14, rows 1 and 3 have gone half way round; the
  // last column is just being made.
  assign block_o = {row0[31:24], row1[15:8], row2[31:24], row3[15:8],
                    row0[23:16], row1[7:0], row2[23:16], row3[7:0],
                    row0[15:8], row1[31:24], row2[15:8], row3[31:24],
                    `SDV_BREAK(370, out, in)};

  logic unused;
  assign unused = &{1'b0, key_i[127:0], size256_i, decrypt_i, same_key_i, decrypt_q, gone,
                    row0[7:0], row1[23:16], row2[7:0], row3[23:16]};

`ifdef SDV_ASSERT
  logic held_q, wiped_q, known_q, known256_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      held_q     <= 1'b0;
      wiped_q    <= 1'b0;
      known_q    <= 1'b0;
      known256_q <= 1'b0;
    end else begin
      held_q  <= valid_o && !ready_i && !clear;
      wiped_q <= clear;
      if (clear) begin
        known_q <= 1'b0;
      end else if (load) begin
        known_q    <= 1'b1;
        known256_q <= size256_d;
      end
    end
  end
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (error_o || !busy_o || ((round_q != 4'd0) && (round_q <= end_round)));
      assert (error_o || (mode_q != Setup) || ((Decrypt != 0) && decrypt_q));
      assert (error_o || ((mode_q != 2'd3) && (turn_q <= KeyTurn)));
      // A result waits until it is taken.
      assert (!held_q || valid_o || error_o);
      // Who says "same key" has had a block with this size of key.
      assert (!load || !same_key_i || (known_q && (known256_q == size256_d)));
      // SEC: nothing is left after a wipe or an error.
      assert (!wiped_q || !busy_o || error_o);
      assert (!wiped_q || ({row0, row1, row2, row3} == '0));
      assert (!error_o || (!valid_o && !ready_o));
    end
  end
`endif

endmodule

`default_nettype wire
