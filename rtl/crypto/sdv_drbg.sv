// SPDX-License-Identifier: Apache-2.0
//
// CTR_DRBG with AES-256 and without a derivation function (SP 800-90A section
// 10.2.1), on an AES lane: 128 bits for each request.
//
// Gives nothing before it is seeded, and takes new entropy by itself when the
// reseed interval is over.  It does not judge the entropy.  Parity watches the
// controller, not key and V.
// Page: docs/rtl/sdv_drbg.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_drbg #(
  parameter int ReseedInterval = 1 << 20   // requests between two seeds
) (
  input  logic         clk_i,
  input  logic         rst_ni,
  input  logic         wipe_i,           // forget everything, end what goes on

  input  logic         seed_i,           // pulse while not busy: begin anew
  input  logic [31:0]  pers_i,           // with it and until seeded: personalization
  input  logic         req_i,            // pulse while not busy; without a seed nothing happens
  output logic         busy_o,
  output logic         seeded_o,
  output logic         done_o,           // pulse: a request or a seed has ended
  output logic [127:0] random_o,         // until the next request

  input  logic         entropy_valid_i,
  input  logic [31:0]  entropy_i,
  output logic         entropy_req_o,    // level

  // AES lane, with keys of 256 bits
  output logic         aes_valid_o,
  input  logic         aes_ready_i,
  output logic         aes_same_key_o,
  output logic [255:0] aes_key_o,
  output logic [127:0] aes_block_o,
  input  logic         aes_done_i,
  input  logic [127:0] aes_block_i,

  output logic         error_o           // the controller is damaged; until reset
);

  localparam logic [2:0] StIdle    = 3'd0;
  localparam logic [2:0] StAsk     = 3'd1;   // a counter block to the lane
  localparam logic [2:0] StWait    = 3'd2;   // its result
  localparam logic [2:0] StEntropy = 3'd3;   // four words of entropy onto the result
  localparam logic [2:0] StUpdate  = 3'd4;   // the parts become key and V
  localparam logic [2:0] StDone    = 3'd5;

  // Control, with parity.
  logic [2:0]   state_d, state_q;
  logic         seeded_d, seeded_q;
  logic         fresh_d, fresh_q;     // the update takes entropy,
  logic         pers_d, pers_q;       // and the personalization
  logic         wanted_d, wanted_q;   // an output follows the update
  logic         output_d, output_q;   // the block at hand is the output, no part of the update
  logic         same_d, same_q;       // a lane has seen the key
  logic [1:0]   part_d, part_q;       // of the update
  logic [1:0]   word_d, word_q;       // of the entropy of a part
  logic [31:0]  used_d, used_q;       // outputs since the seed
  logic         move, fault, used_fault, error_q, error;

  logic [255:0] key_q;
  logic [127:0] v_q;          // the counter block that comes next: V + 1
  logic [255:0] next_q;       // the key to come
  logic [127:0] random_q;

  sdv_guard #(.Width(13)) u_guard (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .en_i    (move),
    .next_i  ({state_d, seeded_d, fresh_d, pers_d, wanted_d, output_d, same_d, part_d, word_d}),
    .value_o ({state_q, seeded_q, fresh_q, pers_q, wanted_q, output_q, same_q, part_q, word_q}),
    .error_o (fault)
  );

  sdv_guard #(.Width(32)) u_used (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .en_i    (move && (state_q == StUpdate)),
    .next_i  (used_d),
    .value_o (used_q),
    .error_o (used_fault)
  );

  assign error   = fault || used_fault || error_q;
  assign error_o = error;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      error_q <= 1'b0;
    end else if (fault || used_fault) begin
      error_q <= 1'b1;
    end
  end

  logic exhausted;
  assign exhausted = (used_q >= `SDV_BREAK(350, 32'(ReseedInterval), 32'hFFFFFFFF));

  logic [31:0] extra;
  always_comb begin
    extra = '0;
    if (state_q == StEntropy) begin
      extra = entropy_i;
      if (pers_q && (part_q == 2'd0) && (word_q == 2'd0)) begin
        extra = extra ^ pers_i;
      end
    end
  end

  assign busy_o        = (state_q != StIdle) && !error;
  assign seeded_o      = seeded_q && !error;
  assign done_o        = (state_q == StDone) && !error;
  assign entropy_req_o = (state_q == StEntropy) && !error;
  assign aes_valid_o   = (state_q == StAsk) && !error;
  assign aes_same_key_o = same_q;
  always_comb begin
    random_o = '0;
    if (!error) begin
      random_o = random_q;
    end
    aes_key_o   = '0;
    aes_block_o = '0;
    if (aes_valid_o) begin
      aes_key_o   = key_q;
      aes_block_o = v_q;
    end
  end

  assign move = !error && (wipe_i || seed_i || req_i || (state_q != StIdle));
  always_comb begin
    state_d  = state_q;
    seeded_d = seeded_q;
    fresh_d  = fresh_q;
    pers_d   = pers_q;
    wanted_d = wanted_q;
    output_d = output_q;
    same_d   = same_q;
    part_d   = part_q;
    word_d   = word_q;
    used_d   = '0;
    if (move) begin
      unique case (state_q)
        StIdle: begin
          part_d = 2'd0;
          word_d = 2'd0;
          if (seed_i) begin
            seeded_d = 1'b0;
            fresh_d  = 1'b1;
            pers_d   = 1'b1;
            wanted_d = 1'b0;
            output_d = 1'b0;
            same_d   = 1'b0;
            state_d  = StAsk;
          end else if (seeded_q) begin
            fresh_d  = exhausted;
            pers_d   = 1'b0;
            wanted_d = exhausted;
            output_d = !exhausted;
            state_d  = StAsk;
          end
        end
        StAsk: begin
          if (aes_ready_i) begin
            same_d  = 1'b1;
            state_d = StWait;
          end
        end
        StWait: begin
          if (aes_done_i) begin
            if (output_q) begin
              output_d = 1'b0;
              state_d  = `SDV_BREAK(351, StAsk, StDone);
            end else if (fresh_q) begin
              state_d = StEntropy;
            end else begin
              part_d  = part_q + 2'd1;
              state_d = (part_q == 2'd2) ? StUpdate : StAsk;
            end
          end
        end
        StEntropy: begin
          if (entropy_valid_i) begin
            word_d = word_q + 2'd1;
            if (word_q == 2'd3) begin
              part_d  = part_q + 2'd1;
              state_d = (part_q == 2'd2) ? StUpdate : StAsk;
            end
          end
        end
        StUpdate: begin
          part_d   = 2'd0;
          used_d   = fresh_q ? 32'd0 : used_q + 32'd1;
          seeded_d = 1'b1;
          fresh_d  = 1'b0;
          wanted_d = 1'b0;
          output_d = wanted_q;
          same_d   = 1'b0;
          state_d  = wanted_q ? StAsk : StDone;
        end
        StDone: state_d = StIdle;
        default: state_d = StIdle;
      endcase
      if (wipe_i) begin
        state_d  = StIdle;
        seeded_d = 1'b0;
        output_d = 1'b0;
        same_d   = 1'b0;
        part_d   = 2'd0;
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      key_q    <= '0;
      v_q      <= '0;
      next_q   <= '0;
      random_q <= '0;
    end else if (wipe_i || error) begin
      key_q    <= '0;
      v_q      <= '0;
      next_q   <= '0;
      random_q <= '0;
    end else if (move) begin
      unique case (state_q)
        // StIdle: key and V of a new instance are zero (section 10.2.1.3.1).
        StIdle: begin
          if (seed_i) begin
            key_q <= '0;
            v_q   <= 128'd1;
          end
        end
        StAsk: begin
          if (aes_ready_i) begin
            v_q <= v_q + 128'd1;
          end
        end
        // StWait: the output, or a part; the third part stands in V.
        StWait: begin
          if (aes_done_i) begin
            if (output_q) begin
              random_q <= aes_block_i;
            end else begin
              unique case (part_q)
                2'd0: next_q[255:128] <= aes_block_i;
                2'd1: next_q[127:0] <= aes_block_i;
                default: v_q <= aes_block_i;
              endcase
            end
          end
        end
        StEntropy: begin
          if (entropy_valid_i) begin
            for (int i = 0; i < 8; i++) begin
              if ({part_q, word_q} == 4'(i)) begin
                next_q[255 - 32 * i -: 32] <= next_q[255 - 32 * i -: 32] ^ extra;
              end
            end
            for (int i = 0; i < 4; i++) begin
              if ({part_q, word_q} == 4'(8 + i)) begin
                v_q[127 - 32 * i -: 32] <= v_q[127 - 32 * i -: 32] ^ extra;
              end
            end
          end
        end
        StUpdate: begin
          key_q  <= next_q;
          v_q    <= v_q + 128'd1;
          next_q <= '0;
        end
        default: ;
      endcase
    end
  end

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      // SEC: a damaged controller hands nothing out.
      assert (!error_o || !(busy_o || seeded_o || done_o || entropy_req_o || aes_valid_o));
      assert (!error_o || (random_o == '0));
    end
    if (rst_ni && !wipe_i && !error) begin
      assert (state_q <= StDone);
      assert (part_q <= 2'd2 || state_q == StUpdate);
      assert (!(seed_i || req_i) || (state_q == StIdle));
      assert (!(seed_i && req_i));
      // SEC: no output without a seed, none beyond the interval.
      assert (!output_q || seeded_q);
      assert (!(output_q && (state_q == StWait)) || (used_q < 32'(ReseedInterval)));
    end
  end
`endif

endmodule

`default_nettype wire
