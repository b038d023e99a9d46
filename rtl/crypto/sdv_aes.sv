// SPDX-License-Identifier: Apache-2.0
//
// AES (FIPS-197) with keys of 128 or 256 bits, one or two rounds a clock.
//
// Round keys are made on the way, so that a new key costs nothing; for
// decryption they are walked through to the end first, and the end is kept.
// The result is there in the clock of the last round, in which the next block
// may be loaded.  One that waits is kept where the round key was.
// Page: docs/rtl/sdv_aes.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_aes #(
  parameter int Decrypt = 0,        // 1: it decrypts too
  parameter int Keys    = 384,      // bits of a key: 128 or 256; 384 is both
  parameter int Rounds  = 1,        // a clock: 1 or 2
  parameter int Gates   = 0         // S-box: 0 a table, 1 a network of gates
) (
  input  logic         clk_i,
  input  logic         rst_ni,
  input  logic         wipe_i,      // forget key and block, end what goes on

  input  logic         valid_i,     // a block
  output logic         ready_o,     // it is taken
  input  logic         decrypt_i,   // decrypt it
  input  logic         size256_i,   // with a key of 256 bits
  input  logic         same_key_i,  // key and size are those of the block before
  input  logic [255:0] key_i,       // one of 128 bits in the upper half
  input  logic [127:0] block_i,

  output logic         valid_o,     // the result is there; stays until it is taken
  input  logic         ready_i,
  output logic [127:0] block_o,     // with valid_o
  output logic         busy_o,
  output logic         error_o      // the controller is in an impossible state
);

  localparam logic       CanDecrypt = (Decrypt != 0);
  localparam logic       CanChoose  = (Keys == 384);
  localparam logic [3:0] PerClock   = 4'(Rounds);
  // The step of the key schedule that a clock begins with, from 0.  Backward
  // and one round a clock, the last round of a long key comes after step 0.
  localparam logic [3:0] End128  = 4'd10 - PerClock;
  localparam logic [3:0] End256  = 4'd14 - PerClock;
  localparam logic [3:0] Back128 = 4'd9;
  localparam logic [3:0] Back256 = 4'd12;
  localparam logic [3:0] Home128 = PerClock - 4'd1;
  localparam logic [3:0] Home256 = (Rounds == 1) ? 4'd15 : 4'd0;

  // ---- Controller ----

  logic       failed_q, failed_d;    // there was an error
  logic       busy_q, busy_d;        // a block is inside
  logic       wait_q, wait_d;        // its result waits
  logic       setup_q, setup_d;      // the key schedule is walked to its end
  logic       back_q, back_d;        // it is decrypted
  logic       long_q, long_d;        // with 256 bits
  logic       end_q, end_d;          // the end of the schedule is kept
  logic [3:0] step_q, step_d;

  logic guard_error, size256, last, clear, taken, go, load, load_end, back;
  assign error_o = `SDV_BREAK(365, guard_error, 1'b0) || failed_q;
  assign clear   = wipe_i || `SDV_BREAK(369, error_o, 1'b0);
  assign size256 = CanChoose ? long_q : (Keys == 256);
  always_comb begin
    if (CanDecrypt && back_q && !setup_q) begin
      last = (step_q == (size256 ? Home256 : Home128));
    end else begin
      last = (step_q == (size256 ? End256 : End128));
    end
  end
  assign valid_o  = busy_q && (wait_q || (last && !setup_q)) && !error_o;
  assign taken    = valid_o && ready_i;
  assign ready_o  = !clear && (!busy_q || taken);
  assign busy_o   = busy_q;
  assign go       = busy_q && !taken && !clear;
  assign load     = valid_i && ready_o;
  assign back     = CanDecrypt && decrypt_i;
  assign load_end = load && back && same_key_i && end_q;

  logic       new_long;
  logic [3:0] first, next;
  always_comb begin
    new_long = load ? size256_i : long_q;
    first    = (CanChoose ? new_long : size256) ? Back256 : Back128;
    next     = (CanDecrypt && back_q && !setup_q) ? step_q - PerClock : step_q + PerClock;
    failed_d = error_o;
    busy_d   = load || go;
    wait_d   = go && valid_o;
    setup_d  = CanDecrypt && ((load && back && !load_end) || (go && setup_q && !last));
    back_d   = CanDecrypt && (load ? back : (go && back_q));
    long_d   = CanChoose && (load || go) && new_long;
    end_d    = CanDecrypt && !clear &&
               (load ? (back || (same_key_i && end_q)) : `SDV_BREAK(363, end_q, 1'b1));
    step_d   = '0;
    if (load_end || (CanDecrypt && go && setup_q && last)) begin
      step_d = first;
    end else if (go && !valid_o) begin
      step_d = next;
    end
  end

  // With gates, what does nothing is zero and needs no enable.
  logic en;
  assign en = (Gates != 0) || clear || load || busy_q;
  sdv_guard #(.Width(11), .Reset(11'd0)) u_guard (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .en_i    (en),
    .next_i  ({failed_d, busy_d, wait_d, setup_d, back_d, long_d, end_d, step_d}),
    .value_o ({failed_q, busy_q, wait_q, setup_q, back_q, long_q, end_q, step_q}),
    .error_o (guard_error)
  );

  // ---- Rounds ----

  // The state, and two round keys that follow each other in the direction of
  // the walk; the next one is made from both.  With 128 bits
  // the last word of both is the same, and the rest of the nearer one unused.
  logic [127:0] state_q, far_q, near_q;

  // The constant of a step: x to its power, modulo x^8 + x^4 + x^3 + x + 1.
  function automatic logic [7:0] constant(input logic [3:0] power);
    unique case (power)
      4'd8:    constant = `SDV_BREAK(302, 8'h1B, 8'h1D);
      4'd9:    constant = 8'h36;
      default: constant = 8'h01 << power[2:0];
    endcase
  endfunction

  // Keys of 256 bits have one in every other step, in which the word is turned.
  function automatic logic [7:0] rcon(input logic long, input logic [3:0] step);
    if (long) begin
      rcon = step[0] ? 8'h00 : constant({1'b0, step[3:1]});
    end else begin
      rcon = constant(step);
    end
  endfunction

  // After a set-up both keys of 256 bits change places.
  logic reverse, walk_back;
  assign reverse   = CanDecrypt && setup_q && last && size256;
  assign walk_back = CanDecrypt && back_q && !setup_q;

  logic [31:0] last_word;
  assign last_word = (Keys == 128) ? far_q[31:0] : near_q[31:0];

  // Of the last round of a clock: its key, and what it makes.  Without keep an
  // optimizer opens the rounds to what comes after, and they grow.
  logic [127:0] key, near, sub;
  (* keep *) logic [127:0] mix;
  generate
    if (Rounds == 1) begin : gen_one
      sdv_aes_key #(.Decrypt(Decrypt), .Gates(Gates)) u_key (
        .en_i      (busy_q),
        .back_i    (walk_back),
        .size256_i (size256),
        .turn_i    (!size256 || !step_q[0]),
        .keep_i    (`SDV_BREAK(366, wait_q, 1'b0) || reverse),
        .rcon_i    (rcon(size256, step_q)),
        .far_i     (far_q),
        .last_i    (last_word),
        .next_o    (near)
      );
      assign key = (size256 && !wait_q) ? near_q : near;
      sdv_aes_round #(.Decrypt(Decrypt), .Gates(Gates)) u_round (
        .en_i      (busy_q),
        .decrypt_i (walk_back),
        .state_i   (state_q),
        .key_i     (key),
        .sub_o     (sub),
        .mix_o     (mix)
      );
    end else begin : gen_two
      logic [127:0] near1, key1, near2, sub1, mix1;
      sdv_aes_key #(.Decrypt(Decrypt), .Gates(Gates)) u_key1 (
        .en_i      (busy_q),
        .back_i    (walk_back),
        .size256_i (size256),
        .turn_i    (1'b1),
        .keep_i    (wait_q),
        .rcon_i    (rcon(size256, step_q)),
        .far_i     (far_q),
        .last_i    (last_word),
        .next_o    (near1)
      );
      assign key1 = size256 ? near_q : near1;
      sdv_aes_round #(.Decrypt(Decrypt), .Gates(Gates)) u_round1 (
        .en_i      (busy_q),
        .decrypt_i (walk_back),
        .state_i   (state_q),
        .key_i     (key1),
        .sub_o     (sub1),
        .mix_o     (mix1)
      );

      // Forward the step after an even one, backward the one before an odd one.
      sdv_aes_key #(.Decrypt(Decrypt), .Gates(Gates)) u_key2 (
        .en_i      (busy_q),
        .back_i    (walk_back),
        .size256_i (size256),
        .turn_i    (!size256),
        .keep_i    (reverse || ((Keys == 128) && wait_q)),
        .rcon_i    (rcon(size256, step_q ^ `SDV_BREAK(364, 4'd1, 4'd0))),
        .far_i     (key1),
        .last_i    (near1[31:0]),
        .next_o    (near2)
      );
      assign near = near2;
      assign key  = (size256 || ((Keys != 128) && wait_q)) ? near1 : near2;
      sdv_aes_round #(.Decrypt(Decrypt), .Gates(Gates)) u_round2 (
        .en_i      (busy_q),
        .decrypt_i (walk_back),
        .state_i   (mix1 ^ ({128{!walk_back}} & key1)),
        .key_i     (key),
        .sub_o     (sub),
        .mix_o     (mix)
      );
      logic unused;
      assign unused = &{1'b0, sub1};
    end
  endgenerate

  // The round key, in the last round with the block: then it is the result,
  // which goes on in its place as long as it waits.
  logic [127:0] out;
  always_comb begin
    out = '0;
    if ((Gates != 0) || busy_q) begin
      out = key ^ ({128{last && !setup_q && !wait_q}} & sub);
    end
  end
  assign block_o = out;

  // ---- Data ----

  // The end of the schedule, for the next block with the same key.
  logic [127:0] end_far, end_near;

  // The next state is a block with a round key added, but for decryption there
  // is none before the end of the schedule, and after it the round adds it.
  // The word that a step begins with is the last one of the nearer key.
  logic [127:0] state_d, far_d, near_d, near_key;
  logic         add;
  always_comb begin
    add      = 1'b1;
    near_key = '0;
    state_d  = '0;
    far_d    = '0;
    near_d   = '0;
    if (load) begin
      near_key = {key_i[127:32],
                  (CanChoose && !size256_i) ? key_i[159:128] : key_i[31:0]};
      state_d = block_i;
      far_d   = load_end ? end_far : key_i[255:128];
      near_d  = load_end ? end_near : near_key;
      add     = !CanDecrypt || !back || load_end;
    end else if (go) begin
      state_d = (CanDecrypt && setup_q) ? state_q : mix;
      far_d   = out;
      near_d  = near;
      add     = !CanDecrypt || (setup_q ? last : !back_q);
    end
    if (en) begin
      if (Keys == 128) begin
        near_d = '0;
      end
      state_d = state_d ^ ({128{add}} & far_d);
      far_d   = far_d | `SDV_BREAK(301, 128'd0, {128{wipe_i}} & far_q);
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= '0;
      far_q   <= '0;
      near_q  <= '0;
    end else if (en) begin
      state_q <= state_d;
      far_q   <= far_d;
      near_q  <= near_d;
    end
  end

  generate
    if (Decrypt != 0) begin : gen_end
      logic         keep, hold;
      logic [127:0] end_far_q, end_near_q;
      assign keep = go && setup_q && last;
      assign hold = !keep && `SDV_BREAK(368, !clear, 1'b1);
      always_ff @(posedge clk_i or negedge rst_ni) begin
        if (!rst_ni) begin
          end_far_q  <= '0;
          end_near_q <= '0;
        end else if ((Gates != 0) || clear || keep) begin
          end_far_q  <= ({128{keep}} & key) | ({128{hold}} & end_far_q);
          end_near_q <= ({128{keep && (Keys != 128)}} & near) |
                        ({128{hold}} & end_near_q);
        end
      end
      assign end_far  = end_far_q;
      assign end_near = end_near_q;
    end else begin : gen_no_end
      assign end_far  = '0;
      assign end_near = '0;
    end
  endgenerate

  logic unused;
  assign unused = &{1'b0, decrypt_i, size256_i, same_key_i, key_i, Home128, Home256};

`ifdef SDV_ASSERT
  logic held_q, cleared_q, before_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      held_q    <= 1'b0;
      cleared_q <= 1'b0;
      before_q  <= 1'b0;
    end else begin
      held_q    <= valid_o && !ready_i && !clear;
      cleared_q <= wipe_i || error_o;
      before_q  <= load ? size256_i : before_q;
    end
  end
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (error_o || !busy_q || (step_q <= (size256 ? 4'd13 : 4'd9)) ||
              (walk_back && last));
      // A result waits until it is taken.
      assert (!held_q || valid_o || error_o);
      // SEC: nothing is left after a wipe or an error.
      assert (!cleared_q || (!busy_q && !valid_o));
      assert (!cleared_q || ({state_q, far_q, near_q} == 384'd0));
      assert (!cleared_q || ({end_far, end_near} == 256'd0));
      // The block before the one with the same key had a key of the same size.
      assert (!load_end || !CanChoose || (size256_i == before_q));
    end
  end
`endif

endmodule

`default_nettype wire
