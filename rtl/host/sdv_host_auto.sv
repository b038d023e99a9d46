// SPDX-License-Identifier: Apache-2.0
//
// Decides which command the host sends next: the one of the COMMAND register,
// the CMD23 before it or the CMD12 after a transfer.
//
// Does not touch a pin.  Page: docs/rtl/sdv_host_auto.md.

`include "sdv_sabotage.svh"
`default_nettype none

module sdv_host_auto (
  input  logic       clk_i,
  input  logic       rst_ni,
  input  logic       stir_i,        // a command or a reset begins or ends in this clock
  input  logic       clear_i,       // software reset of the command part

  input  logic       go_i,          // pulse: a command was written
  input  logic       cmd23_i,       // CMD23 goes before it
  input  logic       want_stop_i,   // the data line engine wants CMD12, until that has ended
  input  logic       done_i,        // pulse: the command on the line has ended
  input  logic [3:0] error_i,       // how

  output logic       start_o,       // pulse: send the one that is named next
  output logic       pre_o,         // CMD23 is on the line
  output logic       main_o,        // the command of the register is
  output logic       stop_o,        // CMD12 is
  output logic       pending_o      // the command of the register has not ended
);

  typedef enum logic [2:0] {
    StIdle = 3'b000,  // nothing on the line
    StPre  = 3'b001,  // CMD23
    StMain = 3'b010,  // the command of the register
    StStop = 3'b100   // CMD12
  } state_e;

  state_e state_q;
  logic   pend_q, start_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= StIdle;
      pend_q  <= 1'b0;
      start_q <= 1'b0;
    end else if (stir_i || pend_q || want_stop_i || start_q) begin
      start_q <= 1'b0;
      if (clear_i) begin
        state_q <= StIdle;
        pend_q  <= 1'b0;
      end else begin
        unique case (state_q)
          StIdle: begin
            if (want_stop_i) begin
              start_q <= 1'b1;
              state_q <= StStop;
            end else if (pend_q) begin
              start_q <= 1'b1;
              state_q <= `SDV_BREAK(135, cmd23_i, 1'b0) ? StPre : StMain;
            end
          end
          StPre: begin
            if (done_i) begin
              if (error_i == 4'd0) begin
                start_q <= 1'b1;
                state_q <= StMain;
              end else begin
                pend_q  <= 1'b0;
                state_q <= StIdle;
              end
            end
          end
          StMain: begin
            if (done_i) begin
              pend_q  <= 1'b0;
              state_q <= StIdle;
            end
          end
          StStop: begin
            if (done_i) begin
              state_q <= StIdle;
              if (error_i != 4'd0) begin
                // A command that waited is not sent.
                pend_q <= 1'b0;
              end
            end
          end
          default: state_q <= StIdle;
        endcase
        if (go_i) begin
          pend_q <= 1'b1;
        end
      end
    end
  end

  assign start_o   = start_q;
  assign pre_o     = state_q[0];
  assign main_o    = state_q[1];
  assign stop_o    = state_q[2];
  assign pending_o = pend_q;

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      // One command at a time.
      assert ((state_q & (state_q - 3'd1)) == 3'd0);
      // The register's command stays pending as long as it is on the line.
      assert (!(main_o || pre_o) || pend_q);
      // Only what was started ends.
      assert (!done_i || (state_q != StIdle) || clear_i);
    end
  end
`endif

endmodule

`default_nettype wire
