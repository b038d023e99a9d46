// SPDX-License-Identifier: Apache-2.0
//
// The core side of the two secure doors: takes tokens in, has them run, and
// gives responses and the registers of SEND_PSI out, block by block.
//
// Knows nothing of commands and states: the bus side says which block of what
// it wants.  The token memory belongs to the vault while a command runs.
// Page: docs/rtl/sdv_token.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_token (
  input  logic         clk_i,        // core clock
  input  logic         rst_ni,

  // requests of the bus side; address and kind hold until the answer
  input  logic         req_i,        // pulse
  input  logic         out_i,        // REQ_TOKEN_OUT, else REQ_TOKEN_IN
  input  logic [31:0]  addr_i,
  output logic         answer_o,     // pulse
  output logic [1:0]   result_o,     // with it, and until the next one

  // block buffers
  input  logic         in_avail_i,
  output logic [6:0]   in_idx_o,
  input  logic [31:0]  in_data_i,
  output logic         in_release_o,
  input  logic         out_free_i,
  output logic         out_we_o,
  output logic [6:0]   out_idx_o,
  output logic [31:0]  out_data_o,
  output logic         out_commit_o,

  // the vault
  output logic         start_o,      // pulse
  output logic [1:0]   fault_o,
  output logic [10:0]  len_o,
  input  logic         done_i,       // pulse
  input  logic [10:0]  rsp_len_i,
  input  logic [15:0]  sw_i,
  input  logic [7:0]   tok_addr_i,
  input  logic         tok_we_i,
  input  logic [31:0]  tok_wdata_i,
  output logic [31:0]  tok_rdata_o,
  output logic         rnd_req_o,    // pulse
  input  logic         rnd_done_i,   // pulse
  input  logic [127:0] rnd_i,
  input  logic         defect_i,

  // levels for the bus side
  output logic         running_o,    // a command is in progress
  output logic         two_o,        // its response has two blocks; still when it ends
  output logic         resting_o,    // until the vault has done what it was asked for
  output logic         ending_o      // the end of a command is on its way
);

  typedef enum logic [3:0] {
    StIdle,
    StIn,      // words of a block into the memory
    StCheck,   // is the token whole
    StTurn,    // random bytes: until no command is in progress
    StDraw,    // ask for 16 of them
    StDrawn,   // until they are there
    StOut,     // words of a block out
    StOutEnd,  // the last of them
    StAnswer
  } state_e;

  localparam int TokenMax = 1024;

  logic [31:0] mem [0:255];
  logic [31:0] rdata_q;

  state_e      state_q;
  logic [6:0]  word_q, word_prev_q;
  logic        moved_q;      // a word was asked for in the clock before
  logic [15:0] len_q;
  logic [1:0]  result_q;
  logic        running_q, over_q, two_q;

  logic [2:0]  kind;
  logic        go_in, go_out, last_word;
  assign kind      = addr_i[sdv_pkg::OUT_KIND +: 3];
  assign go_in     = (state_q == StIn) && in_avail_i;
  assign go_out    = (state_q == StOut) && out_free_i;
  assign last_word = (word_q == 7'd127);

  ///////////
  // Token //
  ///////////

  // Whether it is whole, and what is wrong with its form.
  logic [15:0] room;
  logic        fits, half, whole;
  always_comb begin
    room  = 16'd0;
    fits  = 1'b0;
    half  = 1'b0;
    whole = 1'b0;
    if (state_q == StCheck) begin
      room  = (addr_i[sdv_pkg::IN_DOOR] || addr_i[sdv_pkg::IN_TWO]) ? 16'(TokenMax)
                                                                   : 16'(TokenMax / 2);
      fits  = (len_q >= 16'd6) && (len_q <= room);
      half  = addr_i[sdv_pkg::IN_DOOR] && !addr_i[0] && fits && (len_q > 16'(TokenMax / 2));
      whole = !half && (addr_i[sdv_pkg::IN_DOOR] || (addr_i[0] == addr_i[sdv_pkg::IN_TWO]));
    end
  end

  assign start_o = `SDV_BREAK(200, whole, whole && fits);
  assign fault_o = !fits ? 2'd1 : {addr_i[sdv_pkg::IN_CLASH], 1'b0};
  assign len_o   = len_q[10:0];

  /////////////////////
  // What is given out //
  /////////////////////

  // Bytes of the word at hand that belong to the response.
  logic [11:0] left;
  logic [31:0] mask;
  always_comb begin
    left = '0;
    mask = '0;
    if (moved_q && addr_i[16:1] == '0) begin
      left = {1'b0, rsp_len_i} - {2'b00, addr_i[0], word_prev_q, 2'b00};
      if (!left[11]) begin
        mask = (left[10:2] != '0) ? 32'hFFFF_FFFF : ~(32'hFFFF_FFFF >> {left[1:0], 3'b000});
      end
    end
  end

  logic [31:0] properties [0:7];
  initial begin
    for (int i = 0; i < 8; i++) begin
      properties[i] = sdv_spec_pkg::ASSD_PR[32*(7 - i) +: 32];
    end
  end

  logic [31:0] status_word, random_word;
  always_comb begin
    status_word = '0;
    random_word = '0;
    if (moved_q) begin
      unique case (word_prev_q)
        7'd0: status_word = {6'd0, addr_i[sdv_pkg::OUT_STATE +: 2],
                             addr_i[sdv_pkg::OUT_ERROR] ? sdv_spec_pkg::sr_error(sw_i) : 8'd0,
                             defect_i, 15'd0};
        7'd1: status_word = {16'd0, 8'(sdv_spec_pkg::ASSD_SYSTEM_ASSD), 8'd0};
        7'd2: status_word = {14'd0, addr_i[sdv_pkg::OUT_BLOCKS +: 2], 16'd0};
        default: ;
      endcase
      unique case (word_prev_q[1:0])
        2'd0:    random_word = rnd_i[127:96];
        2'd1:    random_word = rnd_i[95:64];
        2'd2:    random_word = rnd_i[63:32];
        default: random_word = rnd_i[31:0];
      endcase
    end
  end

  logic first_word, in_register;
  assign first_word  = (word_prev_q == '0) && (addr_i[16:0] == '0);
  assign in_register = (word_prev_q[6:3] == '0);
  always_comb begin
    out_data_o = '0;
    if (moved_q) begin
      unique case (kind)
        sdv_pkg::OUT_RESPONSE: out_data_o = rdata_q & `SDV_BREAK(201, mask, '1);
        sdv_pkg::OUT_NOTHING:  if (first_word) out_data_o = 32'h0002_0000;
        sdv_pkg::OUT_REFUSED:
          if (first_word) out_data_o = {16'h0004, sdv_spec_pkg::SW_CONDITIONS};
        sdv_pkg::OUT_SR:       out_data_o = status_word;
        sdv_pkg::OUT_PR:       if (in_register) out_data_o = properties[word_prev_q[2:0]];
        sdv_pkg::OUT_RNR:      if (in_register) out_data_o = random_word;
        default: ;
      endcase
    end
  end

  //////////////
  // Sequence //
  //////////////

  // A register of random bytes is drawn in two halves.
  logic draw_again;
  assign draw_again = (kind == sdv_pkg::OUT_RNR) && (word_q == 7'd3);

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q     <= StIdle;
      word_q      <= '0;
      word_prev_q <= '0;
      moved_q     <= 1'b0;
      len_q       <= '0;
      result_q    <= sdv_pkg::ANSWER_OK;
    end else if (state_q != StIdle || req_i) begin
      moved_q     <= go_out;
      word_prev_q <= word_q;
      unique case (state_q)
        // StIdle: a request.
        StIdle: begin
          word_q   <= '0;
          result_q <= sdv_pkg::ANSWER_OK;
          if (!out_i) begin
            state_q <= StIn;
          end else begin
            state_q <= (kind == sdv_pkg::OUT_RNR) ? StTurn : StOut;
          end
        end
        // StIn: 128 words, the length first.
        StIn: begin
          if (go_in) begin
            word_q <= word_q + 7'd1;
            if (word_q == '0 && !addr_i[0]) begin
              len_q <= in_data_i[31:16];
            end
            if (last_word) begin
              state_q <= StCheck;
            end
          end
        end
        // StCheck: a whole token starts a command, whatever its form.
        StCheck: begin
          if (half) begin
            result_q <= sdv_pkg::ANSWER_HALF;
          end else if (whole) begin
            result_q <= sdv_pkg::ANSWER_STARTED;
          end
          state_q <= StAnswer;
        end
        // StTurn: the vault does one thing at a time.
        StTurn: begin
          if (!running_q) begin
            state_q <= StDraw;
          end
        end
        // StDraw: one pulse.
        StDraw: state_q <= StDrawn;
        // StDrawn: four words.
        StDrawn: begin
          if (rnd_done_i) begin
            state_q <= StOut;
          end
        end
        // StOut: a word a clock; it arrives in the next one.
        StOut: begin
          if (go_out) begin
            word_q <= word_q + 7'd1;
            if (draw_again) begin
              state_q <= StDraw;
            end
            if (last_word) begin
              state_q <= StOutEnd;
            end
          end
        end
        // StOutEnd: the last word arrives.
        StOutEnd: state_q <= StAnswer;
        // StAnswer: one pulse.
        StAnswer: state_q <= StIdle;
        default: state_q <= StIdle;
      endcase
    end
  end

  // The size of the response is told a clock before the end is.
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      running_q <= 1'b0;
      over_q    <= 1'b0;
      two_q     <= 1'b0;
    end else if (start_o || done_i || over_q) begin
      over_q    <= done_i;
      running_q <= !over_q;
      if (done_i) begin
        two_q <= (rsp_len_i > 11'(TokenMax / 2));
      end
    end
  end

  //////////////////
  // Token memory //
  //////////////////

  logic [7:0]  addr;
  logic        we;
  logic [31:0] wdata;
  assign addr  = running_q ? tok_addr_i : {addr_i[0], word_q};
  assign we    = running_q ? tok_we_i : go_in;
  assign wdata = running_q ? tok_wdata_i : in_data_i;
  always_ff @(posedge clk_i) begin
    if (running_q || state_q != StIdle) begin
      if (we) begin
        mem[addr] <= wdata;
      end
      rdata_q <= mem[addr];
    end
  end

  assign tok_rdata_o  = rdata_q;
  assign answer_o     = (state_q == StAnswer);
  assign result_o     = result_q;
  assign in_idx_o     = word_q;
  assign in_release_o = go_in && last_word;
  assign out_we_o     = moved_q;
  assign out_idx_o    = word_prev_q;
  assign out_commit_o = (state_q == StOutEnd);
  assign rnd_req_o    = (state_q == StDraw);
  assign running_o    = running_q;
  assign two_o        = two_q;
  assign resting_o    = (state_q == StTurn && running_q) || (state_q == StDrawn && !rnd_done_i);
  assign ending_o     = done_i || over_q;

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (state_q <= StAnswer);
      assert (!req_i || state_q == StIdle);
      // The memory is the vault's while a command runs.
      assert (!running_q || state_q != StIn);
      assert (!start_o || !running_q);
      assert (!done_i || running_q);
      assert (!tok_we_i || running_q);
      assert (!rnd_done_i || state_q == StDrawn);
      assert (!done_i || (rsp_len_i >= 11'd4 && rsp_len_i <= 11'(TokenMax)));
    end
  end
`endif

endmodule

`default_nettype wire
