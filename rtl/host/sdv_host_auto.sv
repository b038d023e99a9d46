// SPDX-License-Identifier: Apache-2.0
//
// Decides which command the host sends next: the one of the COMMAND register,
// the CMD23 before it or the CMD12 after a transfer.
//
// Does not touch a pin.  Page: docs/rtl/sdv_host_auto.md.

`include "sdv_sabotage.svh"
`default_nettype none

module sdv_host_auto (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        wake_i,          // nothing happens in a clock without it
  input  logic        clear_i,         // software reset of the command part

  // From the registers
  input  logic        go_i,            // pulse: a command was written
  input  logic [13:0] command_i,       // COMMAND, without the reserved bits above
  input  logic [31:0] argument_i,
  input  logic [31:0] argument2_i,
  input  logic [1:0]  mode_i,          // TRANSFER_MODE.AUTO

  // From and to the data line engine
  input  logic        stop_i,          // wants CMD12, until stop_done_o or stop_fail_o
  output logic        stop_done_o,
  output logic        stop_fail_o,
  output logic        main_sent_o,     // of the command of the register
  output logic        main_done_o,
  output logic        main_fail_o,

  // To and from the command line engine
  output logic        start_o,
  output logic [5:0]  index_o,
  output logic [31:0] send_argument_o,
  output logic [1:0]  response_o,
  output logic        check_crc_o,
  output logic        check_index_o,
  input  logic        active_i,
  input  logic        sent_i,
  input  logic        done_i,
  input  logic [3:0]  error_i,

  // State and results
  output logic        pending_o,       // the command of the register has not ended
  output logic        auto_o,          // the command on the line is an automatic one
  output logic        quiet_o,         // no command is on the line or about to be
  output logic        settled_o,       // nothing will change before the next tick
  output logic        complete_o,      // pulse: its response is there
  output logic [3:0]  main_error_o,    // pulses: index, end bit, CRC, time-out
  output logic [3:0]  auto_error_o,    // the same of an automatic command
  output logic        not_issued_o     // pulse: the command waited for a CMD12 that failed
);

  localparam int DataBit = sdv_spec_pkg::SDHCI_COMMAND_DATA_LSB;

  localparam logic [1:0] ModeCmd23  = 2'd2;
  localparam logic [1:0] Resp48     = 2'd2;
  localparam logic [1:0] Resp48Busy = 2'd3;

  typedef enum logic [1:0] {
    StIdle,  // nothing on the line
    StPre,   // CMD23
    StMain,  // the command of the register
    StStop   // CMD12
  } state_e;

  state_e state_q;
  logic   pend_q;
  logic   failed;      // the command on the line ended badly
  logic   start_stop, start_pre, start_main;

  always_comb begin
    failed     = 1'b0;
    start_stop = 1'b0;
    start_pre  = 1'b0;
    start_main = 1'b0;
    if (wake_i && done_i) begin
      failed     = (error_i != 4'd0);
      start_main = (state_q == StPre) && !failed;
    end else if (wake_i && (stop_i || pend_q) && (state_q == StIdle) && !active_i) begin
      start_stop = stop_i;
      start_pre  = !stop_i && command_i[DataBit] && (mode_i == ModeCmd23);
      start_main = !stop_i && !start_pre;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= StIdle;
      pend_q  <= 1'b0;
    end else if (wake_i) begin
      unique case (state_q)
        StIdle: begin
          if (start_stop) begin
            state_q <= StStop;
          end else if (start_pre) begin
            state_q <= StPre;
          end else if (start_main) begin
            state_q <= StMain;
          end
        end
        StPre: begin
          if (done_i) begin
            state_q <= StIdle;
            pend_q  <= 1'b0;
            if (start_main) begin
              state_q <= StMain;
              pend_q  <= 1'b1;
            end
          end
        end
        StMain: begin
          if (done_i) begin
            state_q <= StIdle;
            pend_q  <= 1'b0;
          end
        end
        StStop: begin
          if (done_i) begin
            state_q <= StIdle;
            if (failed) begin
              pend_q <= 1'b0;
            end
          end
        end
        default: state_q <= StIdle;
      endcase
      if (go_i) begin
        pend_q <= 1'b1;
      end
      if (clear_i) begin
        state_q <= StIdle;
        pend_q  <= 1'b0;
      end
    end
  end

  always_comb begin
    start_o         = start_stop || start_pre || start_main;
    index_o         = '0;
    send_argument_o = '0;
    response_o      = '0;
    check_crc_o     = 1'b1;
    check_index_o   = 1'b1;
    if (wake_i && start_main) begin
      index_o         = command_i[sdv_spec_pkg::SDHCI_COMMAND_INDEX_LSB +: 6];
      send_argument_o = argument_i;
      response_o      = command_i[sdv_spec_pkg::SDHCI_COMMAND_RESPONSE_LSB +: 2];
      check_crc_o     = command_i[sdv_spec_pkg::SDHCI_COMMAND_CHECK_CRC_LSB];
      check_index_o   = command_i[sdv_spec_pkg::SDHCI_COMMAND_CHECK_INDEX_LSB];
    end
    if (wake_i && start_pre) begin
      index_o         = sdv_spec_pkg::CMD_SET_BLOCK_COUNT;
      send_argument_o = `SDV_BREAK(130, argument2_i, argument_i);
      response_o      = Resp48;
    end
    if (wake_i && start_stop) begin
      index_o    = sdv_spec_pkg::CMD_STOP_TRANSMISSION;
      response_o = Resp48Busy;
    end
  end

  // What became of the command goes to whoever wanted it.
  always_comb begin
    stop_done_o  = 1'b0;
    stop_fail_o  = 1'b0;
    main_sent_o  = wake_i && sent_i && (state_q == StMain);
    main_done_o  = 1'b0;
    main_fail_o  = 1'b0;
    complete_o   = 1'b0;
    main_error_o = '0;
    auto_error_o = '0;
    not_issued_o = 1'b0;
    if (wake_i && done_i) begin
      unique case (state_q)
        StPre: begin
          main_fail_o  = failed;
          auto_error_o = `SDV_BREAK(131, error_i, 4'd0);
        end
        StMain: begin
          main_done_o  = !failed;
          main_fail_o  = failed;
          main_error_o = error_i;
          // Without a response nothing is complete.
          complete_o   = !error_i[0];
        end
        StStop: begin
          stop_done_o  = !failed;
          stop_fail_o  = failed;
          auto_error_o = `SDV_BREAK(131, error_i, 4'd0);
          not_issued_o = failed && pend_q;
        end
        default: ;
      endcase
    end
  end

  assign pending_o = pend_q;
  assign auto_o    = (state_q == StPre) || (state_q == StStop);
  assign quiet_o   = (state_q == StIdle) && !pend_q && !stop_i;
  assign settled_o = (state_q != StIdle) || quiet_o;

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      // The register's command stays pending as long as it is on the line.
      assert ((state_q != StMain) || pend_q);
      assert ((state_q != StPre) || pend_q);
      // Never two commands at once.
      assert (!start_stop || !(start_pre || start_main));
    end
  end
`endif

endmodule

`default_nettype wire
