// SPDX-License-Identifier: Apache-2.0
//
// STORE DATA: makes a blank card the medium that its issuer says it is.
//
// It puts the steps in order; sdv_otp and sdv_lines do them.
// Page: docs/rtl/sdv_store_data.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_store_data (
  input  logic        clk_i,
  input  logic        rst_ni,

  input  logic        go_i,            // pulse
  output logic        done_o,          // pulse
  output logic [15:0] sw_o,            // with it

  output logic        copy_go_o,       // 14 words in, or zeros over them
  output logic        copy_wipe_o,
  input  logic        copy_done_i,
  output logic        otp_go_o,        // write, or take into use
  output logic        otp_write_o,
  input  logic        otp_done_i,
  input  logic [15:0] otp_sw_i,
  output logic        lines_go_o,      // the lifecycle
  input  logic        lines_done_i,
  input  logic        lines_ok_i,

  output logic        busy_o,
  output logic        quiet_o
);

  typedef enum logic [2:0] {
    StIdle,
    StCopy,
    StWrite,
    StCommit,
    StUse,
    StWipe,   // the root stood in the work memory
    StDone
  } state_e;

  state_e      state_q;
  logic        call_q;    // first clock of a state
  logic [15:0] sw_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= StIdle;
      call_q  <= 1'b0;
      sw_q    <= sdv_spec_pkg::SW_OK;
    end else if (state_q != StIdle || go_i) begin
      call_q <= 1'b0;
      unique case (state_q)
        // StIdle: a request.
        StIdle: begin
          sw_q    <= sdv_spec_pkg::SW_OK;
          call_q  <= 1'b1;
          state_q <= StCopy;
        end
        // StCopy: the data of the command.
        StCopy: begin
          if (copy_done_i) begin
            call_q  <= 1'b1;
            state_q <= StWrite;
          end
        end
        // StWrite: look, program, read back.
        StWrite: begin
          if (otp_done_i) begin
            sw_q    <= otp_sw_i;
            call_q  <= 1'b1;
            state_q <= (otp_sw_i == sdv_spec_pkg::SW_OK) ? StCommit : StWipe;
          end
        end
        // StCommit: the card is active when this is done.
        StCommit: begin
          if (lines_done_i) begin
            call_q  <= 1'b1;
            state_q <= lines_ok_i ? StUse : StWipe;
            if (!lines_ok_i) begin
              sw_q <= `SDV_BREAK(287, sdv_spec_pkg::SW_MEMORY_FAILURE, sdv_spec_pkg::SW_OK);
            end
          end
        end
        // StUse: what the OTP holds now.
        StUse: begin
          if (otp_done_i) begin
            call_q  <= 1'b1;
            state_q <= StWipe;
          end
        end
        // StWipe: all of the work memory.
        StWipe: begin
          if (copy_done_i) begin
            state_q <= StDone;
          end
        end
        // StDone: one pulse.
        default: state_q <= StIdle;
      endcase
    end
  end

  logic answered;
  assign answered    = copy_done_i || otp_done_i || lines_done_i;
  assign done_o      = (state_q == StDone);
  assign sw_o        = sw_q;
  assign copy_go_o   = call_q && (state_q == StCopy || state_q == StWipe);
  assign copy_wipe_o = (state_q == StWipe);
  assign otp_go_o    = call_q && (state_q == StWrite || state_q == StUse);
  assign otp_write_o = `SDV_BREAK(288, state_q == StWrite, 1'b0);
  assign lines_go_o  = call_q && (state_q == StCommit);
  assign busy_o      = (state_q != StIdle);
  assign quiet_o     = (state_q == StIdle) || (state_q != StDone && !call_q && !answered);

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (state_q <= StDone);
      assert (!go_i || state_q == StIdle);
      // SEC: the card becomes active only with an OTP that was read back.
      assert (!lines_go_o || sw_q == sdv_spec_pkg::SW_OK);
    end
  end
`endif

endmodule

`default_nettype wire
