// SPDX-License-Identifier: Apache-2.0
//
// AES-SIV (RFC 5297) on what stands in a memory of words, on an AES lane.
//
// Takes strings of associated data, then seals or opens a text in place.  While
// the lane works on one block, the words of the next one are fetched and those
// of the one before are written back; opening alternates CTR and CMAC.  A text
// whose tag is wrong is overwritten with zeros.  It does not keep the keys.
// Page: docs/rtl/sdv_siv.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_siv (
  input  logic         clk_i,
  input  logic         rst_ni,
  input  logic         wipe_i,       // forget everything, end what goes on

  input  logic         start_i,      // pulse while not busy
  input  logic [1:0]   op_i,         // holds until done_o, as all that follows:
  input  logic [511:0] key_i,        // CMAC key, then CTR key, from the top
  input  logic         size256_i,    // of 256 bits each, else of 128
  input  logic [7:0]   addr_i,       // first word of the string or text
  input  logic [9:0]   len_i,        // its bytes
  input  logic [7:0]   tag_addr_i,   // first word of the tag
  input  logic         new_key_i,    // pulse while not busy: the key is another one
  input  logic         restart_i,    // pulse while not busy: forget the strings
  output logic         busy_o,
  output logic         done_o,       // pulse
  output logic         ok_o,         // with it, and until the next start

  // memory
  output logic [7:0]   mem_addr_o,
  output logic         mem_we_o,
  output logic [31:0]  mem_wdata_o,
  input  logic [31:0]  mem_rdata_i,  // one clock after the address

  // AES lane; ready whenever it is idle or has a result
  output logic         aes_valid_o,
  output logic [255:0] aes_key_o,
  output logic [127:0] aes_block_o,
  input  logic         aes_done_i,
  input  logic [127:0] aes_block_i
);

  localparam logic [1:0] OpAd   = sdv_spec_pkg::CRYPTO_OP_AD[1:0];
  localparam logic [1:0] OpOpen = sdv_spec_pkg::CRYPTO_OP_OPEN[1:0];

  typedef enum logic [3:0] {
    StIdle,
    StSubkey,   // encrypt zero: the subkey
    StBase,     // CMAC of zero, with which S2V begins
    StReady,    // turn the chain so that it meets the end of the text; tag from the memory
    StMac,      // CMAC of a string, or of the text before it is sealed
    StSeal,     // CTR over the text
    StOpen,     // CTR and CMAC in turns
    StCheck,    // compare the tags
    StErase,    // zeros over the text
    StDone
  } state_e;

  // What the memory is used for.
  typedef enum logic [2:0] {
    JobNone,
    JobFetch,   // a block into the accumulator
    JobTag,     // the tag into its register
    JobBack,    // key stream over a block
    JobClear,   // zeros over a block
    JobPut      // the tag into the memory
  } job_e;

  typedef enum logic [1:0] {
    LaneNone,
    LaneKey,
    LaneMac,
    LaneCtr
  } lane_e;

  state_e       state_q;
  job_e         job_q;
  lane_e        lane_q;        // what the lane works on
  logic         keyed_q;       // subkey and base belong to the key
  logic         ok_q;
  logic [127:0] subkey_q;      // K1 of the CMAC
  logic [127:0] base_q;        // CMAC of zero
  logic [127:0] chain_q;       // D of S2V
  logic [127:0] acc_q;         // what the CMAC takes next
  logic [127:0] stream_q;      // key stream
  logic [127:0] tag_q;
  logic [6:0]   block_q;       // blocks done: by the CMAC, or by CTR when sealing
  logic [6:0]   count_q;       // counter blocks done
  logic [3:0]   turn_q;        // bytes to turn the chain by
  logic [2:0]   step_q;        // of the job
  logic [7:0]   job_addr_q;
  logic         edge_q;        // the job is at a last block that is not full
  logic         full_q;        // the accumulator has all of its block
  logic         fetch_q;       // JobFetch is due,
  logic         back_q;        // JobBack is due

  // ---- The shape of the string or text ----

  logic       text, short, partial;
  logic [6:0] blocks;       // of the memory
  logic [6:0] macs;         // of the CMAC: the empty string has one, too
  logic [3:0] rest;         // bytes of a last block that is not full
  always_comb begin
    text    = (op_i != OpAd);
    short   = text && (len_i < 10'd16);
    rest    = len_i[3:0];
    blocks  = {1'b0, len_i[9:4]} + ((rest != 4'd0) ? 7'd1 : 7'd0);
    macs    = (blocks == 7'd0) ? 7'd1 : blocks;
    partial = (rest != 4'd0) || (blocks == 7'd0);
  end

  // Ones in those bytes of word n of a block that are among its first ones.
  function automatic logic [31:0] word_mask(input logic [3:0] bytes, input logic [1:0] word);
    if (word < bytes[3:2]) begin
      word_mask = 32'hFFFFFFFF;
    end else if (word > bytes[3:2]) begin
      word_mask = 32'h00000000;
    end else begin
      word_mask = ~(32'hFFFFFFFF >> {bytes[1:0], 3'b000});
    end
  endfunction

  function automatic logic [127:0] block_mask(input logic [3:0] bytes);
    block_mask = {word_mask(bytes, 2'd0), word_mask(bytes, 2'd1),
                  word_mask(bytes, 2'd2), word_mask(bytes, 2'd3)};
  endfunction

  // ---- The lane ----

  logic ask_key, ask_mac, ask_ctr, fold;
  assign fold = aes_done_i && (lane_q == LaneMac);
  always_comb begin
    ask_key = 1'b0;
    ask_mac = 1'b0;
    ask_ctr = 1'b0;
    unique case (state_q)
      StSubkey, StBase: ask_key = (lane_q == LaneNone);
      StMac: ask_mac = full_q && ((lane_q == LaneNone) || aes_done_i);
      StSeal: ask_ctr = (count_q != blocks) && ((lane_q == LaneNone) || aes_done_i);
      // One CMAC after each counter block, then the next counter block.
      StOpen: begin
        ask_mac = aes_done_i && (lane_q == LaneCtr);
        ask_ctr = (lane_q == LaneNone) || (fold && (count_q != blocks));
      end
      default: ;
    endcase
  end

  // The last key stream covers the bytes of the text only.
  logic [127:0] stream, counter;
  always_comb begin
    stream      = '0;
    counter     = '0;
    aes_block_o = '0;
    if (ask_key) begin
      aes_block_o = (state_q == StBase) ? subkey_q : '0;
    end else if (ask_mac) begin
      stream      = (edge_q && (lane_q == LaneCtr)) ? block_mask(rest) : '1;
      aes_block_o = acc_q ^ (aes_done_i ? (aes_block_i & stream) : '0);
    end else if (ask_ctr) begin
      counter     = {tag_q[127:64], 1'b0, tag_q[62:32], 1'b0, tag_q[30:0]};
      aes_block_o = {counter[127:32], counter[31:0] + {25'd0, count_q}};
    end
  end

  assign aes_valid_o = ask_key || ask_mac || ask_ctr;
  always_comb begin
    aes_key_o = '0;
    if (ask_ctr) begin
      aes_key_o = size256_i ? key_i[255:0] : {key_i[383:256], 128'd0};
    end else if (ask_key || ask_mac) begin
      aes_key_o = key_i[511:256];
    end
  end

  // ---- The accumulator ----

  // What the CMAC takes with a block besides its bytes: subkey, padding, and
  // the chain where S2V puts it (RFC 5297 section 2.4).
  logic         start_fetch, start_back, last;
  logic [127:0] mask, extra;
  assign start_fetch = (job_q == JobNone) && fetch_q && !back_q;
  assign start_back  = (job_q == JobNone) && back_q;
  assign last        = (block_q + 7'd1 == macs);
  always_comb begin
    mask  = '0;
    extra = '0;
    if (start_fetch) begin
      mask = partial ? block_mask(rest) : '1;
      if (last) begin
        extra = partial ? (~mask ^ (~mask >> 1)) : '0;   // one bit behind the bytes
        extra = extra ^ ((partial && !short) ? sdv_pkg::gf128_double(subkey_q) : subkey_q);
        if (short) begin
          extra = extra ^ sdv_pkg::gf128_double(chain_q);
        end else if (text) begin
          extra = extra ^ (chain_q & mask);
        end
      end else if (text && partial && (block_q + 7'd2 == macs)) begin
        extra = chain_q & ~mask;
      end
    end
  end

  logic         taken;   // a word of the block has come
  logic [31:0]  word;
  logic [127:0] acc_d;
  assign taken = (job_q == JobFetch) && (step_q != 3'd0);
  always_comb begin
    word  = '0;
    acc_d = acc_q;
    if (state_q != StIdle) begin
      if (ask_mac) begin
        acc_d = '0;
      end else if (fold) begin
        acc_d = acc_q ^ aes_block_i;
      end
      if (start_fetch) begin
        acc_d = acc_d ^ extra;
      end
      if (taken) begin
        word = mem_rdata_i & (edge_q ? word_mask(rest, 2'(step_q - 3'd1)) : '1);
        unique case (step_q)
          3'd1: acc_d = acc_d ^ {word, 96'd0};
          3'd2: acc_d = acc_d ^ {32'd0, word, 64'd0};
          3'd3: acc_d = acc_d ^ {64'd0, word, 32'd0};
          default: acc_d = acc_d ^ {96'd0, word};
        endcase
      end
    end
  end

  // ---- The memory ----

  logic [31:0] job_mask, stream_word, tag_word;
  always_comb begin
    mem_addr_o  = '0;
    mem_we_o    = 1'b0;
    mem_wdata_o = '0;
    job_mask    = '0;
    stream_word = '0;
    tag_word    = '0;
    unique case (job_q)
      JobFetch, JobTag: mem_addr_o = job_addr_q + {5'd0, step_q};
      // Each word is read in one clock and written in the next.
      JobBack, JobClear: begin
        stream_word = stream_q[127 - 32 * step_q[2:1] -: 32];
        job_mask    = edge_q ? word_mask(rest, step_q[2:1]) : '1;
        mem_addr_o  = job_addr_q + {6'd0, step_q[2:1]};
        mem_we_o    = step_q[0] && (job_mask != 32'd0);
        mem_wdata_o = (job_q == JobBack) ? (mem_rdata_i ^ (stream_word & job_mask))
                                         : (mem_rdata_i & ~job_mask);
      end
      JobPut: begin
        tag_word    = tag_q[127 - 32 * step_q[1:0] -: 32];
        mem_addr_o  = job_addr_q + {5'd0, step_q};
        mem_we_o    = 1'b1;
        mem_wdata_o = tag_word;
      end
      default: ;
    endcase
  end

  logic job_end;
  always_comb begin
    unique case (job_q)
      JobFetch, JobTag:   job_end = (step_q == 3'd4);
      JobBack, JobClear:  job_end = (step_q == 3'd7);
      default:            job_end = (step_q == 3'd3);
    endcase
  end

  // ---- Control ----

  logic good;
  assign good = `SDV_BREAK(340, (acc_q == tag_q), (acc_q[127:32] == tag_q[127:32]));

  assign busy_o = (state_q != StIdle);
  assign done_o = (state_q == StDone);
  assign ok_o   = ok_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q    <= StIdle;
      job_q      <= JobNone;
      lane_q     <= LaneNone;
      keyed_q    <= 1'b0;
      ok_q       <= 1'b0;
      subkey_q   <= '0;
      base_q     <= '0;
      chain_q    <= '0;
      acc_q      <= '0;
      stream_q   <= '0;
      tag_q      <= '0;
      block_q    <= '0;
      count_q    <= '0;
      turn_q     <= '0;
      step_q     <= '0;
      job_addr_q <= '0;
      edge_q     <= 1'b0;
      full_q     <= 1'b0;
      fetch_q    <= 1'b0;
      back_q     <= 1'b0;
    end else if (wipe_i) begin
      state_q  <= StIdle;
      job_q    <= JobNone;
      lane_q   <= LaneNone;
      keyed_q  <= 1'b0;
      ok_q     <= 1'b0;
      subkey_q <= '0;
      base_q   <= '0;
      chain_q  <= '0;
      acc_q    <= '0;
      stream_q <= '0;
      tag_q    <= '0;
      full_q   <= 1'b0;
      fetch_q  <= 1'b0;
      back_q   <= 1'b0;
    end else if (state_q != StIdle || start_i || new_key_i || restart_i) begin
      acc_q <= acc_d;

      // The lane.
      if (ask_key) begin
        lane_q <= LaneKey;
      end else if (ask_mac) begin
        lane_q  <= LaneMac;
        full_q  <= 1'b0;
        block_q <= block_q + 7'd1;
        fetch_q <= !last;
      end else if (ask_ctr) begin
        lane_q  <= LaneCtr;
        count_q <= count_q + 7'd1;
      end else if (aes_done_i) begin
        lane_q <= LaneNone;
      end
      if (aes_done_i && (lane_q == LaneCtr)) begin
        stream_q <= aes_block_i;
        back_q   <= 1'b1;
      end

      // The memory.
      if (job_q != JobNone) begin
        step_q <= step_q + 3'd1;
        if (job_end) begin
          job_q  <= JobNone;
          full_q <= (job_q == JobFetch);
        end
        if ((job_q == JobTag) && (step_q != 3'd0)) begin
          tag_q <= {tag_q[95:0], mem_rdata_i};
        end
      end else begin
        step_q <= 3'd0;
        if (start_back) begin
          job_q      <= JobBack;
          job_addr_q <= addr_i + {block_q[5:0] - 6'd1, 2'b00};
          edge_q     <= partial && (block_q == blocks);
          back_q     <= 1'b0;
        end else if (start_fetch) begin
          job_q      <= JobFetch;
          job_addr_q <= addr_i + {block_q[5:0], 2'b00};
          edge_q     <= partial && last;
          fetch_q    <= 1'b0;
        end
      end

      unique case (state_q)
        StIdle: begin
          if (new_key_i) begin
            keyed_q <= 1'b0;
          end
          if (restart_i) begin
            chain_q <= base_q;
          end
          if (start_i) begin
            ok_q    <= 1'b1;
            acc_q   <= '0;
            block_q <= '0;
            count_q <= '0;
            full_q  <= 1'b0;
            turn_q  <= (text && !short) ? rest : 4'd0;
            state_q <= (keyed_q && !new_key_i) ? StReady : StSubkey;
            if (op_i == OpOpen) begin
              job_q      <= JobTag;
              job_addr_q <= tag_addr_i;
            end
          end
        end
        StSubkey: begin
          if (aes_done_i) begin
            subkey_q <= sdv_pkg::gf128_double(aes_block_i);
            state_q  <= StBase;
          end
        end
        StBase: begin
          if (aes_done_i) begin
            base_q  <= aes_block_i;
            chain_q <= aes_block_i;
            keyed_q <= 1'b1;
            state_q <= StReady;
          end
        end
        StReady: begin
          if (turn_q != 4'd0) begin
            turn_q  <= turn_q - 4'd1;
            chain_q <= {chain_q[7:0], chain_q[127:8]};
          end else if (job_q == JobNone) begin
            fetch_q <= 1'b1;
            state_q <= ((op_i == OpOpen) && (blocks != 7'd0)) ? StOpen : StMac;
          end
        end
        // StMac: what follows the last result.
        StMac: begin
          if (fold && (block_q == macs)) begin
            if (!text) begin
              chain_q <= sdv_pkg::gf128_double(chain_q) ^ aes_block_i;
              state_q <= StDone;
            end else if (op_i == OpOpen) begin
              state_q <= StCheck;
            end else begin
              tag_q      <= aes_block_i;
              block_q    <= '0;
              job_q      <= JobPut;
              job_addr_q <= tag_addr_i;
              state_q    <= StSeal;
            end
          end
        end
        StSeal: begin
          if (aes_done_i) begin
            block_q <= block_q + 7'd1;
          end
          if ((block_q == blocks) && (job_q == JobNone) && !back_q) begin
            state_q <= StDone;
          end
        end
        StOpen: begin
          if (fold && (count_q == blocks)) begin
            state_q <= StCheck;
          end
        end
        StCheck: begin
          ok_q    <= good;
          block_q <= '0;
          state_q <= (good || (blocks == 7'd0)) ? StDone : StErase;
        end
        // StErase: block by block.
        StErase: begin
          if (job_q == JobNone) begin
            if (block_q == blocks) begin
              state_q <= StDone;
            end else begin
              job_q      <= `SDV_BREAK(341, JobClear, JobNone);
              job_addr_q <= addr_i + {block_q[5:0], 2'b00};
              edge_q     <= partial && last;
              block_q    <= block_q + 7'd1;
            end
          end
        end
        // StDone: a message ends with its text.
        StDone: begin
          if (text) begin
            chain_q <= base_q;
          end
          state_q <= StIdle;
        end
        default: state_q <= StIdle;
      endcase
    end
  end

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni && !wipe_i) begin
      assert (state_q <= StDone);
      assert (job_q <= JobPut);
      assert (!(start_i || new_key_i || restart_i) || (state_q == StIdle));
      assert (!start_i || (op_i != 2'd0));
      assert (!ask_mac || full_q);
      // Words are written back before the next key stream comes.
      assert (!(aes_done_i && (lane_q == LaneCtr)) || (!back_q && (job_q != JobBack)));
      assert (!done_o || ((job_q == JobNone) && (lane_q == LaneNone)));
      // SEC: a text that is not right is not left.
      assert (!((state_q == StDone) && !ok_q) || (block_q == blocks));
    end
  end
`endif

endmodule

`default_nettype wire
