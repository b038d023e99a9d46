// SPDX-License-Identifier: Apache-2.0
//
// A sealed license between the work memory and a sector of the secure flash.
//
// LOAD reads a sector.  SAVE programs one, reads it back and compares it, and
// does so once more when that failed.  The flash port is given back after each
// operation.  Page: docs/rtl/sdv_body.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_body (
  input  logic        clk_i,
  input  logic        rst_ni,

  // requests; operands hold until the answer
  input  logic        go_i,            // pulse
  input  logic        save_i,
  input  logic [6:0]  sector_i,
  output logic        done_o,          // pulse
  output logic        ok_o,            // with it

  // work memory
  output logic [6:0]  work_addr_o,
  output logic        work_we_o,
  output logic [31:0] work_wdata_o,
  input  logic [31:0] work_rdata_i,

  // flash port
  output logic        flash_lock_o,
  input  logic        flash_grant_i,
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

  output logic        busy_o,
  output logic        quiet_o
);

  typedef enum logic [2:0] {
    StIdle,
    StLock,   // until the port is this module's
    StFill,   // 128 words into the flash
    StReq,    // start the operation
    StWait,
    StMove,   // 128 words out of the flash: into the work memory, or compared
    StFree,   // give the port back
    StDone
  } state_e;

  state_e     state_q;
  logic       back_q;    // SAVE: the read back
  logic       again_q;   // SAVE: the second try
  logic       ok_q;
  logic [7:0] word_q;    // 128: all are under way
  logic [6:0] prev_q;
  logic       moved_q;   // word prev_q arrives now

  logic fill, move, step, bad;
  assign fill = (state_q == StFill);
  assign move = (state_q == StMove);
  assign step = (fill || move) && !word_q[7];
  assign bad  = move && moved_q && save_i && flash_rdata_i != work_rdata_i;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= StIdle;
      back_q  <= 1'b0;
      again_q <= 1'b0;
      ok_q    <= 1'b0;
      word_q  <= '0;
      prev_q  <= '0;
      moved_q <= 1'b0;
    end else if (state_q != StIdle || go_i) begin
      moved_q <= step;
      prev_q  <= word_q[6:0];
      if (step) begin
        word_q <= word_q + 8'd1;
      end
      unique case (state_q)
        // StIdle: a request.
        StIdle: begin
          back_q  <= 1'b0;
          again_q <= 1'b0;
          ok_q    <= 1'b1;
          state_q <= StLock;
        end
        // StLock: the user area may be busy with it.
        StLock: begin
          word_q <= '0;
          if (flash_grant_i) begin
            state_q <= (save_i && !back_q) ? StFill : StReq;
          end
        end
        // StFill: each word arrives one clock after its address.
        StFill: begin
          if (word_q[7]) begin
            state_q <= StReq;
          end
        end
        // StReq: one pulse.
        StReq: begin
          word_q  <= '0;
          state_q <= StWait;
        end
        // StWait: the flash takes its time.
        StWait: begin
          if (flash_done_i) begin
            ok_q    <= `SDV_BREAK(260, ok_q && !flash_err_i, 1'b1);
            state_q <= (flash_err_i || (save_i && !back_q)) ? StFree : StMove;
          end
        end
        // StMove: likewise.
        StMove: begin
          if (bad) begin
            ok_q <= `SDV_BREAK(260, 1'b0, ok_q);
          end
          if (word_q[7]) begin
            state_q <= StFree;
          end
        end
        // StFree: read back what was programmed; once more what went wrong.
        StFree: begin
          if (save_i && !back_q) begin
            back_q  <= `SDV_BREAK(261, 1'b1, 1'b0);
            state_q <= `SDV_BREAK(261, StLock, StDone);
          end else if (save_i && !ok_q && !again_q) begin
            back_q  <= 1'b0;
            again_q <= 1'b1;
            ok_q    <= 1'b1;
            state_q <= StLock;
          end else begin
            state_q <= StDone;
          end
        end
        // StDone: one pulse.
        default: state_q <= StIdle;
      endcase
    end
  end

  assign done_o = (state_q == StDone);
  assign ok_o   = ok_q;

  assign work_addr_o  = (move && !save_i) ? prev_q : word_q[6:0];
  assign work_we_o    = move && moved_q && !save_i;
  assign work_wdata_o = flash_rdata_i;

  // SEC: the region is a constant.
  assign flash_lock_o   = (state_q != StIdle) && (state_q != StFree) && (state_q != StDone);
  assign flash_req_o    = (state_q == StReq);
  assign flash_op_o     = (save_i && !back_q) ? sdv_spec_pkg::NVM_OP_PROGRAM
                                              : sdv_spec_pkg::NVM_OP_READ;
  assign flash_secure_o = `SDV_BREAK(250, 1'b1, 1'b0);
  assign flash_addr_o   = {25'd0, `SDV_BREAK(262, sector_i, {sector_i[6:1], 1'b0})};
  assign flash_count_o  = 32'd1;
  assign flash_word_o   = fill ? moved_q : (move && step);
  assign flash_we_o     = fill;
  assign flash_idx_o    = fill ? prev_q : word_q[6:0];
  assign flash_wdata_o  = work_rdata_i;
  assign busy_o         = (state_q != StIdle);
  assign quiet_o        = (state_q == StIdle) || (state_q == StLock && !flash_grant_i) ||
                          (state_q == StWait && !flash_done_i);

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (!go_i || state_q == StIdle);
      assert (!flash_done_i || !flash_lock_o || state_q == StWait);
      // The port is used only while it is this module's.
      assert (!(flash_req_o || flash_word_o) || flash_lock_o);
      // SEC: no sector of the user area is touched.
      assert (!flash_req_o || flash_secure_o);
      // SEC: a program counts as done only after it was read back.
      assert (!(done_o && save_i && ok_q) || back_q);
    end
  end
`endif

endmodule

`default_nettype wire
