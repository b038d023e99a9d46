// SPDX-License-Identifier: Apache-2.0
//
// The key schedule of AES, a word a clock, on the fly and in both directions.
//
// A word shifts in while the oldest one shifts out; the first one of a round
// needs the S-box, which is outside.  Going back, the round key that goes away
// comes first and the one in use after it, so that both ways shift the same.
// With Decrypt the last words that it made going forward are kept: there a
// decryption begins.
// Page: docs/rtl/sdv_aes32.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_aes32_key #(
  parameter int Decrypt = 0,
  parameter int Keys    = 384
) (
  input  logic         clk_i,
  input  logic         rst_ni,
  input  logic         clear_i,    // forget everything; before all others
  input  logic         drop_i,     // forget the words, not the end key
  input  logic         load_i,     // take a key: key_i or the end key
  input  logic         end_i,      // with load_i: the end key
  input  logic [255:0] key_i,
  input  logic         walk_i,     // make a word; a simulation saves work without it
  input  logic         step_i,     // take it
  input  logic         size256_i,
  input  logic         back_i,     // to the words before
  input  logic [3:0]   round_i,
  input  logic         first_i,    // the word is the first one of its round
  input  logic [1:0]   number_i,   // of the word in its round
  input  logic         keep_i,     // words of this round are the last round key
  input  logic         keep_up_i,  // with 256 bits: they are the one before that
  output logic [31:0]  tail_o,     // with first_i: goes to the S-box
  input  logic [31:0]  sub_i,      // and this is what comes back
  output logic [31:0]  word_o,     // round key of a column, in the clock after its step
  output logic [31:0]  gone_o,     // the word that shifted out
  output logic [127:0] first_o     // first round key of what is loaded
);

  // A key of 128 bits is in the first four words.
  logic [31:0] k0_q, k1_q, k2_q, k3_q, k4_q, k5_q, k6_q, k7_q;
  logic [31:0] gone_q;
  logic        long_key, back;
  assign long_key = (Keys != 128) && size256_i;
  assign back     = (Decrypt != 0) && back_i;
  assign word_o   = k3_q;
  assign gone_o   = gone_q;

  // ---- One word ----

  // Round constants go with the round, and with 256 bits with every other one.
  function automatic logic [7:0] constant(input logic [3:0] number);
    unique case (number)
      4'd9:    constant = 8'h1B;
      4'd10:   constant = `SDV_BREAK(373, 8'h36, 8'h1D);
      default: constant = 8'h01 << (number[2:0] - 3'd1);
    endcase
  endfunction

  assign tail_o = long_key ? k7_q : (k3_q ^ (back ? k2_q : 32'd0));

  // One of four is added to the oldest word.
  logic        turn;               // RotWord and the round constant
  logic [7:0]  rcon;
  logic [31:0] next;
  always_comb begin
    turn = 1'b0;
    rcon = '0;
    next = '0;
    if (walk_i) begin
      turn = first_i && (!long_key || (round_i[0] != back));
      rcon = constant(long_key ? {1'b0, round_i[3:1] + {2'b00, round_i[0]}} : round_i);
      next = k0_q ^ (({32{!first_i && !back}} & tail_o) | ({32{!first_i && back}} & gone_q) |
                     ({32{first_i && !turn}} & sub_i) |
                     ({32{turn}} & {sub_i[23:16] ^ rcon, sub_i[15:0], sub_i[31:24]}));
    end
  end

  // ---- The key a decryption begins with ----

  logic         load_key, load_end;
  logic [255:0] start;
  assign load_key = load_i && !(end_i && (Decrypt != 0));
  generate
    if (Decrypt != 0) begin : gen_back
      logic [31:0] e0_q, e1_q, e2_q, e3_q, e4_q, e5_q, e6_q, e7_q, kept;
      assign kept = clear_i ? 32'd0 : next;
      always_ff @(posedge clk_i or negedge rst_ni) begin
        if (!rst_ni) begin
          {e0_q, e1_q, e2_q, e3_q} <= '0;
          {e4_q, e5_q, e6_q, e7_q} <= '0;
        end else if (clear_i || (step_i && (keep_i || keep_up_i))) begin
          if (clear_i || (keep_i && (number_i == 2'd0))) e0_q <= kept;
          if (clear_i || (keep_i && (number_i == 2'd1))) e1_q <= kept;
          if (clear_i || (keep_i && (number_i == 2'd2))) e2_q <= kept;
          if (clear_i || (keep_i && (number_i == 2'd3))) e3_q <= kept;
          if (clear_i || (keep_up_i && (number_i == 2'd0))) e4_q <= kept;
          if (clear_i || (keep_up_i && (number_i == 2'd1))) e5_q <= kept;
          if (clear_i || (keep_up_i && (number_i == 2'd2))) e6_q <= kept;
          if (clear_i || (keep_up_i && (number_i == 2'd3))) e7_q <= kept;
        end
      end
      always_ff @(posedge clk_i or negedge rst_ni) begin
        if (!rst_ni) begin
          gone_q <= '0;
        end else if (clear_i || drop_i || step_i) begin
          gone_q <= (clear_i || drop_i) ? 32'd0 : k0_q;
        end
      end
      assign load_end = load_i && end_i;
      assign start = ({256{load_key}} & key_i) |
                     ({256{load_end}} & {e0_q, e1_q, e2_q, e3_q, e4_q, e5_q, e6_q, e7_q});
`ifdef SDV_ASSERT
      logic wiped_q;
      always_ff @(posedge clk_i or negedge rst_ni) begin
        if (!rst_ni) begin
          wiped_q <= 1'b0;
        end else begin
          wiped_q <= clear_i;
        end
      end
      always_ff @(posedge clk_i) begin
        if (rst_ni) begin
          // SEC: no end key is left after a wipe.
          assert (!wiped_q || ({e0_q, e1_q, e2_q, e3_q, e4_q, e5_q, e6_q, e7_q} == '0));
        end
      end
`endif
    end else begin : gen_forward
      logic unused;
      assign unused   = &{1'b0, keep_i, keep_up_i, number_i};
      assign gone_q   = '0;
      assign load_end = 1'b0;
      assign start    = {256{load_key}} & key_i;
    end
  endgenerate
  assign first_o = start[255:128];

  // ---- Words ----

  // With neither a load nor a step they are cleared: what is or-ed is zero.
  logic shift;
  assign shift = step_i && !clear_i && !drop_i && !load_key && !load_end;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      {k0_q, k1_q, k2_q, k3_q} <= '0;
      {k4_q, k5_q, k6_q, k7_q} <= '0;
    end else if (clear_i || drop_i || load_i || step_i) begin
      k0_q <= start[255:224] | ({32{shift}} & k1_q);
      k1_q <= start[223:192] | ({32{shift}} & k2_q);
      k2_q <= start[191:160] | ({32{shift}} & k3_q);
      k3_q <= start[159:128] | ({32{shift && !long_key}} & next) |
              ({32{shift && long_key}} & k4_q);
      if (Keys != 128) begin
        k4_q <= start[127:96] | ({32{shift}} & k5_q);
        k5_q <= start[95:64]  | ({32{shift}} & k6_q);
        k6_q <= start[63:32]  | ({32{shift}} & k7_q);
        k7_q <= start[31:0]   | ({32{`SDV_BREAK(374, shift, step_i)}} & next);
      end
    end
  end

`ifdef SDV_ASSERT
  logic cleared_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      cleared_q <= 1'b0;
    end else begin
      cleared_q <= clear_i || drop_i;
    end
  end
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (!load_i || !drop_i);
      assert (!clear_i || !load_i);
      // SEC: no key is left when it is not at work.
      assert (!cleared_q || ({k0_q, k1_q, k2_q, k3_q, gone_q} == '0));
      assert (!cleared_q || ({k4_q, k5_q, k6_q, k7_q} == '0));
    end
  end
`endif

endmodule

`default_nettype wire
