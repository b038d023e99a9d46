// SPDX-License-Identifier: Apache-2.0
//
// Storage sequencer: runs the bus side's requests on the flash port, moving
// blocks between its buffers and the flash, one request at a time.
// Page: docs/rtl/sdv_nvm.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_nvm (
  input  logic        clk_i,       // core clock
  input  logic        rst_ni,

  // requests of the bus side; op, address and count hold until the answer
  input  logic        req_i,       // pulse
  input  logic [1:0]  op_i,
  input  logic [31:0] addr_i,
  input  logic [31:0] count_i,
  output logic        answer_o,    // pulse
  output logic        error_o,     // with answer_o, and until the next one

  // blocks to program
  input  logic        in_avail_i,
  output logic [6:0]  in_idx_o,
  input  logic [31:0] in_data_i,
  output logic        in_release_o,

  // blocks that were read
  input  logic        out_free_i,
  output logic        out_we_o,
  output logic [6:0]  out_idx_o,
  output logic [31:0] out_data_o,
  output logic        out_commit_o,

  // flash port
  output logic        flash_lock_o,   // it is needed
  input  logic        flash_grant_i,  // and may be used while this is 1
  output logic        flash_req_o,
  output logic [1:0]  flash_op_o,
  output logic        flash_secure_o,
  output logic [31:0] flash_addr_o,
  output logic [31:0] flash_count_o,
  input  logic        flash_done_i,
  input  logic        flash_err_i,
  output logic        flash_word_o,
  output logic        flash_we_o,
  output logic [6:0]  flash_idx_o,
  output logic [31:0] flash_wdata_o,
  input  logic [31:0] flash_rdata_i,

  output logic        resting_o    // until the flash is done
);

  typedef enum logic [2:0] {
    StIdle,
    StIn,      // words of a block into the flash
    StFlash,   // start the operation
    StWait,
    StOut,     // words of a block out of the flash
    StOutEnd,  // the last of them
    StAnswer
  } state_e;

  state_e     state_q;
  logic [6:0] word_q, word_prev_q;
  logic       moved_q;   // a word was asked for in the clock before
  logic       error_q;

  logic is_read, is_program, is_erase, is_drop;
  assign is_read    = (op_i == sdv_spec_pkg::NVM_OP_READ);
  assign is_program = (op_i == sdv_spec_pkg::NVM_OP_PROGRAM);
  assign is_erase   = (op_i == sdv_spec_pkg::NVM_OP_ERASE);
  assign is_drop    = (op_i == sdv_spec_pkg::NVM_OP_DROP);

  // A block to program is there when its request is; the first clocks of the
  // two crossings may differ.
  logic go_in;
  assign go_in = (state_q == StIn) && in_avail_i && flash_grant_i;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q     <= StIdle;
      word_q      <= '0;
      word_prev_q <= '0;
      moved_q     <= 1'b0;
      error_q     <= 1'b0;
    end else if (state_q != StIdle || req_i) begin
      moved_q     <= (state_q == StOut);
      word_prev_q <= word_q;
      unique case (state_q)
        // StIdle: a request.
        StIdle: begin
          word_q  <= '0;
          error_q <= 1'b0;
          state_q <= (is_program || is_drop) ? StIn : StFlash;
        end
        // StIn: 128 words; nothing of a block that is dropped.
        StIn: begin
          if (go_in) begin
            word_q <= word_q + 7'd1;
            if (is_drop) begin
              state_q <= StAnswer;
            end else if (word_q == 7'd127) begin
              state_q <= StFlash;
            end
          end
        end
        // StFlash: one pulse.
        StFlash: begin
          if (flash_grant_i) begin
            state_q <= StWait;
          end
        end
        // StWait: the flash takes its time.
        StWait: begin
          if (flash_done_i) begin
            error_q <= flash_err_i;
            state_q <= (is_read && !flash_err_i) ? StOut : StAnswer;
          end
        end
        // StOut: a word a clock; it arrives in the next one.
        StOut: begin
          if (out_free_i) begin
            word_q <= word_q + 7'd1;
            if (word_q == 7'd127) begin
              state_q <= StOutEnd;
            end
          end else begin
            moved_q <= 1'b0;
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

  assign answer_o     = (state_q == StAnswer);
  assign error_o      = error_q;
  assign in_idx_o     = word_q;
  assign in_release_o = go_in && (is_drop || word_q == 7'd127);
  assign out_we_o     = moved_q;
  assign out_idx_o    = word_prev_q;
  assign out_data_o   = flash_rdata_i;
  assign out_commit_o = (state_q == StOutEnd);

  assign flash_lock_o   = (state_q != StIdle);
  assign flash_req_o    = (state_q == StFlash) && flash_grant_i;
  assign flash_op_o     = op_i;
  assign flash_secure_o = `SDV_BREAK(41, 1'b0, is_program);
  assign flash_addr_o   = `SDV_BREAK(42, addr_i, {addr_i[31:1], 1'b0});
  assign flash_count_o  = is_erase ? `SDV_BREAK(43, count_i, 32'd1) : 32'd1;
  assign flash_word_o   = (go_in && is_program) || (state_q == StOut && out_free_i);
  assign flash_we_o     = (state_q == StIn);
  assign flash_idx_o    = word_q;
  assign flash_wdata_o  = in_data_i;
  assign resting_o      = ((state_q == StWait) && !flash_done_i) ||
                          ((state_q == StIn || state_q == StFlash) && !flash_grant_i);

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (state_q <= StAnswer);
      assert (!req_i || state_q == StIdle);
      assert (!flash_done_i || state_q == StWait);
      // SEC: no request of the bus side reaches the secure region.
      assert (!(flash_req_o && flash_secure_o));
    end
  end
`endif

endmodule

`default_nettype wire
