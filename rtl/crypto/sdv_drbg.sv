// SPDX-License-Identifier: Apache-2.0
//
// CTR_DRBG with AES-256 and without a derivation function (SP 800-90A section
// 10.2.1), on an AES lane: 128 bits for each request.
//
// Gives nothing before it is seeded, and takes new entropy by itself when the
// reseed interval is over.  It does not judge the entropy.
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
  output logic [255:0] aes_key_o,
  output logic [127:0] aes_block_o,
  input  logic         aes_done_i,
  input  logic [127:0] aes_block_i
);

  typedef enum logic [2:0] {
    StIdle,
    StAsk,       // a counter block to the lane
    StWait,      // its result
    StEntropy,   // four words of entropy onto the result
    StUpdate,    // the parts become key and V
    StDone
  } state_e;

  state_e       state_q;
  logic         seeded_q;
  logic         fresh_q;      // the update takes entropy,
  logic         pers_q;       // and the personalization
  logic         wanted_q;     // an output follows the update
  logic         output_q;     // the block at hand is the output, no part of the update
  logic [1:0]   part_q;       // of the update
  logic [1:0]   word_q;       // of the entropy of a part
  logic [31:0]  used_q;       // outputs since the seed
  logic [255:0] key_q;
  logic [127:0] v_q;          // the counter block that comes next: V + 1
  logic [255:0] next_q;       // the key to come
  logic [127:0] random_q;

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

  assign busy_o        = (state_q != StIdle);
  assign seeded_o      = seeded_q;
  assign done_o        = (state_q == StDone);
  assign random_o      = random_q;
  assign entropy_req_o = (state_q == StEntropy);
  assign aes_valid_o   = (state_q == StAsk);
  always_comb begin
    aes_key_o   = '0;
    aes_block_o = '0;
    if (state_q == StAsk) begin
      aes_key_o   = key_q;
      aes_block_o = v_q;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q  <= StIdle;
      seeded_q <= 1'b0;
      fresh_q  <= 1'b0;
      pers_q   <= 1'b0;
      wanted_q <= 1'b0;
      output_q <= 1'b0;
      part_q   <= '0;
      word_q   <= '0;
      used_q   <= '0;
      key_q    <= '0;
      v_q      <= '0;
      next_q   <= '0;
      random_q <= '0;
    end else if (wipe_i) begin
      state_q  <= StIdle;
      seeded_q <= 1'b0;
      output_q <= 1'b0;
      part_q   <= '0;
      key_q    <= '0;
      v_q      <= '0;
      next_q   <= '0;
      random_q <= '0;
    end else if (state_q != StIdle || seed_i || req_i) begin
      unique case (state_q)
        // StIdle: key and V of a new instance are zero (section 10.2.1.3.1).
        StIdle: begin
          part_q <= 2'd0;
          word_q <= 2'd0;
          if (seed_i) begin
            seeded_q <= 1'b0;
            fresh_q  <= 1'b1;
            pers_q   <= 1'b1;
            wanted_q <= 1'b0;
            output_q <= 1'b0;
            key_q    <= '0;
            v_q      <= 128'd1;
            state_q  <= StAsk;
          end else if (seeded_q) begin
            fresh_q  <= exhausted;
            pers_q   <= 1'b0;
            wanted_q <= exhausted;
            output_q <= !exhausted;
            state_q  <= StAsk;
          end
        end
        StAsk: begin
          if (aes_ready_i) begin
            v_q     <= v_q + 128'd1;
            state_q <= StWait;
          end
        end
        // StWait: the output, or a part; the third part stands in V.
        StWait: begin
          if (aes_done_i) begin
            if (output_q) begin
              random_q <= aes_block_i;
              output_q <= 1'b0;
              state_q  <= `SDV_BREAK(351, StAsk, StDone);
            end else begin
              unique case (part_q)
                2'd0: next_q[255:128] <= aes_block_i;
                2'd1: next_q[127:0] <= aes_block_i;
                default: v_q <= aes_block_i;
              endcase
              if (fresh_q) begin
                state_q <= StEntropy;
              end else begin
                part_q  <= part_q + 2'd1;
                state_q <= (part_q == 2'd2) ? StUpdate : StAsk;
              end
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
            word_q <= word_q + 2'd1;
            if (word_q == 2'd3) begin
              part_q  <= part_q + 2'd1;
              state_q <= (part_q == 2'd2) ? StUpdate : StAsk;
            end
          end
        end
        StUpdate: begin
          key_q    <= next_q;
          v_q      <= v_q + 128'd1;
          next_q   <= '0;
          part_q   <= 2'd0;
          used_q   <= fresh_q ? 32'd0 : used_q + 32'd1;
          seeded_q <= 1'b1;
          fresh_q  <= 1'b0;
          wanted_q <= 1'b0;
          output_q <= wanted_q;
          state_q  <= wanted_q ? StAsk : StDone;
        end
        StDone: state_q <= StIdle;
        default: state_q <= StIdle;
      endcase
    end
  end

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni && !wipe_i) begin
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
