// SPDX-License-Identifier: Apache-2.0
//
// SD host controller with the registers of SDHCI 3.00, programmed I/O only.
//
// Wires the parts together and says when nothing can happen, so that a
// simulator may leave base clocks out.  Page: docs/rtl/sdv_host.md.

`include "sdv_sabotage.svh"
`default_nettype none

module sdv_host (
  input  logic        clk_i,
  input  logic        rst_ni,

  // Register port: req held one clock, rdata valid after it
  input  logic        reg_req_i,
  input  logic        reg_we_i,
  input  logic [8:0]  reg_addr_i,
  input  logic [31:0] reg_wdata_i,
  output logic [31:0] reg_rdata_o,
  output logic        irq_o,

  // Slot
  input  logic [63:0] apparatus_id_i,
  input  logic        card_detect_i,
  input  logic        write_protect_i,
  output logic        sd_power_o,
  output logic        high_speed_o,
  output logic        width4_o,

  // Time
  input  logic [31:0] skip_i,        // base clocks that were left out before this one
  output logic        quiet_o,       // nothing will change at the next ticks
  output logic [15:0] tick_left_o,   // base clocks that may be left out before the next tick
  output logic [31:0] timer_left_o,  // base clocks before the one with the data time-out
  output logic [15:0] period_o,      // base clocks of one SDCLK period

  // Bus
  output logic        sd_tick_o,     // SDCLK rises on the next base clock
  output logic        cmd_o,
  output logic        cmd_oe_o,
  input  logic        cmd_i,
  output logic [3:0]  dat_o,
  output logic [3:0]  dat_oe_o,
  input  logic [3:0]  dat_i
);

  localparam int CmdData     = sdv_spec_pkg::SDHCI_COMMAND_DATA_LSB;
  localparam int CmdResponse = sdv_spec_pkg::SDHCI_COMMAND_RESPONSE_LSB;
  localparam int ModeAuto    = sdv_spec_pkg::SDHCI_TRANSFER_MODE_AUTO_LSB;

  localparam logic [1:0] Resp48Busy = 2'd3;
  localparam logic [1:0] AutoWord   = 2'd3;  // RESPONSE word of an automatic command

  // Registers
  logic [31:0] present, int_status, int_enable, int_signal, argument, argument2;
  logic [15:0] auto_status, block_count;
  logic [13:0] command;
  logic [11:0] block_size;
  logic [9:0]  divider;
  logic [5:0]  mode;
  logic [3:0]  exponent;
  logic        clock_on, go, start, reset_all, reset_cmd, reset_dat;
  logic        reg_buf_write, reg_buf_read;
  logic        cmd_inhibit, dat_inhibit, card;
  // Commands
  logic        pending, auto_on, complete, not_issued;
  logic [3:0]  main_error, auto_error, cmd_error;
  logic        cmd_start, cmd_active, cmd_sent, cmd_done, check_crc, check_index;
  logic [5:0]  cmd_index;
  logic [31:0] cmd_argument, resp_data;
  logic [1:0]  cmd_response, resp_word;
  logic        resp_we;
  // Data
  logic        stop, stop_done, stop_fail, main_sent, main_done, main_fail;
  logic        dat_active, dat_streams, dat_line, dat_write, hold, card_awaited, expired;
  logic        block_done, transfer_done;
  logic [2:0]  dat_error;
  // Buffers
  logic        buf_clear, buf_read, buf_fill, buf_push, buf_commit, buf_pop, buf_release,
               buf_offer, buf_single;
  logic        buf_space, buf_avail, buf_empty, buf_ready, buf_event;
  logic [6:0]  buf_last;
  logic [31:0] buf_in, buf_out;
  // Quiet parts
  logic        quiet_auto, quiet_cmd, quiet_dat;
  logic        settled_regs, settled_irq, settled_clock, settled_auto, settled_cmd, settled_dat,
               settled_buf;
  logic        settled, wake, quiet;
  logic [15:0] tick_left;

  assign cmd_inhibit = go || pending;
  assign dat_inhibit = start || dat_active;

  always_comb begin
    present = '0;
    if (reg_req_i) begin
      present[sdv_spec_pkg::SDHCI_PRESENT_STATE_CMD_INHIBIT_LSB]    = cmd_inhibit;
      present[sdv_spec_pkg::SDHCI_PRESENT_STATE_DAT_INHIBIT_LSB]    = dat_inhibit;
      present[sdv_spec_pkg::SDHCI_PRESENT_STATE_DAT_ACTIVE_LSB]     = dat_line;
      present[sdv_spec_pkg::SDHCI_PRESENT_STATE_WRITE_ACTIVE_LSB]   = dat_write;
      present[sdv_spec_pkg::SDHCI_PRESENT_STATE_READ_ACTIVE_LSB]    = dat_active && buf_read;
      present[sdv_spec_pkg::SDHCI_PRESENT_STATE_WRITE_READY_LSB]    = buf_ready && buf_fill;
      present[sdv_spec_pkg::SDHCI_PRESENT_STATE_READ_READY_LSB]     = buf_ready && buf_read;
      present[sdv_spec_pkg::SDHCI_PRESENT_STATE_INSERTED_LSB]       = card;
      present[sdv_spec_pkg::SDHCI_PRESENT_STATE_STABLE_LSB]         = 1'b1;
      present[sdv_spec_pkg::SDHCI_PRESENT_STATE_DETECT_LSB]         = card;
      present[sdv_spec_pkg::SDHCI_PRESENT_STATE_WRITABLE_LSB]       = !write_protect_i;
    end
  end

  sdv_host_regs u_regs (
    .clk_i,
    .rst_ni,
    .wake_i         (wake),
    .req_i          (reg_req_i),
    .write_i        (reg_we_i),
    .addr_i         (reg_addr_i),
    .wdata_i        (reg_wdata_i),
    .rdata_o        (reg_rdata_o),
    .apparatus_id_i,
    .present_i      (present),
    .pins_i         ({cmd_i, dat_i}),
    .int_status_i   (int_status),
    .int_enable_i   (int_enable),
    .int_signal_i   (int_signal),
    .auto_status_i  (auto_status),
    .irq_i          (irq_o),
    .buf_data_i     ((buf_ready && buf_read) ? buf_out : 32'd0),
    .cmd_inhibit_i  (cmd_inhibit),
    .dat_inhibit_i  (dat_inhibit),
    .card_i         (card),
    .block_done_i   (block_done),
    .resp_we_i      (resp_we),
    .resp_word_i    (auto_on ? AutoWord : resp_word),
    .resp_data_i    (resp_data),
    .argument_o     (argument),
    .argument2_o    (argument2),
    .command_o      (command),
    .mode_o         (mode),
    .block_size_o   (block_size),
    .block_count_o  (block_count),
    .width4_o,
    .high_speed_o,
    .power_o        (sd_power_o),
    .clock_o        (clock_on),
    .divider_o      (divider),
    .exponent_o     (exponent),
    .go_o           (go),
    .start_o        (start),
    .reset_all_o    (reset_all),
    .reset_cmd_o    (reset_cmd),
    .reset_dat_o    (reset_dat),
    .settled_o      (settled_regs),
    .buf_write_o    (reg_buf_write),
    .buf_read_o     (reg_buf_read)
  );

  sdv_host_irq u_irq (
    .clk_i,
    .rst_ni,
    .wake_i         (wake),
    .clear_all_i    (reset_all),
    .clear_cmd_i    (reset_cmd),
    .clear_dat_i    (reset_dat),
    .write_i        (reg_req_i && reg_we_i),
    .addr_i         (reg_addr_i),
    .wdata_i        (reg_wdata_i),
    .status_o       (int_status),
    .enable_o       (int_enable),
    .signal_o       (int_signal),
    .auto_status_o  (auto_status),
    .irq_o,
    .command_i      (go),
    .cmd_event_i    (cmd_done),
    .complete_i     (complete),
    .cmd_error_i    (main_error),
    .auto_error_i   (auto_error),
    .not_issued_i   (not_issued),
    .transfer_i     (transfer_done),
    .dat_error_i    (dat_error),
    .mode_i         (mode),
    .ready_i        (buf_event),
    .read_i         (buf_read),
    .card_detect_i,
    .card_o         (card),
    .settled_o      (settled_irq)
  );

  sdv_host_clock u_clock (
    .clk_i,
    .rst_ni,
    .on_i        (clock_on),
    .hold_i      (`SDV_BREAK(101, hold, 1'b0)),
    .divider_i   (divider),
    .skip_i,
    .tick_o      (sd_tick_o),
    .tick_left_o (tick_left),
    .settled_o   (settled_clock),
    .period_o
  );

  sdv_host_auto u_auto (
    .clk_i,
    .rst_ni,
    .wake_i          (wake),
    .clear_i         (reset_cmd),
    .go_i            (go),
    .command_i       (command),
    .argument_i      (argument),
    .argument2_i     (argument2),
    .mode_i          (mode[ModeAuto +: 2]),
    .stop_i          (stop),
    .stop_done_o     (stop_done),
    .stop_fail_o     (stop_fail),
    .main_sent_o     (main_sent),
    .main_done_o     (main_done),
    .main_fail_o     (main_fail),
    .start_o         (cmd_start),
    .index_o         (cmd_index),
    .send_argument_o (cmd_argument),
    .response_o      (cmd_response),
    .check_crc_o     (check_crc),
    .check_index_o   (check_index),
    .active_i        (cmd_active),
    .sent_i          (cmd_sent),
    .done_i          (cmd_done),
    .error_i         (cmd_error),
    .pending_o       (pending),
    .auto_o          (auto_on),
    .quiet_o         (quiet_auto),
    .settled_o       (settled_auto),
    .complete_o      (complete),
    .main_error_o    (main_error),
    .auto_error_o    (auto_error),
    .not_issued_o    (not_issued)
  );

  sdv_host_cmd u_cmd (
    .clk_i,
    .rst_ni,
    .wake_i        (wake),
    .clear_i       (reset_cmd),
    .tick_i        (sd_tick_o),
    .card_i        (card),
    .start_i       (cmd_start),
    .index_i       (cmd_index),
    .argument_i    (cmd_argument),
    .response_i    (cmd_response),
    .check_crc_i   (check_crc),
    .check_index_i (check_index),
    .active_o      (cmd_active),
    .quiet_o       (quiet_cmd),
    .settled_o     (settled_cmd),
    .sent_o        (cmd_sent),
    .done_o        (cmd_done),
    .error_o       (cmd_error),
    .resp_we_o     (resp_we),
    .resp_word_o   (resp_word),
    .resp_data_o   (resp_data),
    .cmd_o,
    .cmd_oe_o,
    .cmd_i
  );

  sdv_host_data u_data (
    .clk_i,
    .rst_ni,
    .wake_i        (wake),
    .clear_i       (reset_dat),
    .tick_i        (sd_tick_o),
    .card_i        (card),
    .width4_i      (`SDV_BREAK(170, width4_o, 1'b0)),
    .block_size_i  (block_size),
    .block_count_i (block_count),
    .mode_i        (mode),
    .start_i       (start),
    .moves_i       (command[CmdData]),
    .busy_i        (command[CmdResponse +: 2] == Resp48Busy),
    .sent_i        (main_sent),
    .done_i        (main_done),
    .fail_i        (main_fail),
    .stop_o        (stop),
    .stop_done_i   (stop_done),
    .stop_fail_i   (stop_fail),
    .buf_clear_o   (buf_clear),
    .buf_read_o    (buf_read),
    .buf_fill_o    (buf_fill),
    .buf_single_o  (buf_single),
    .buf_last_o    (buf_last),
    .buf_push_o    (buf_push),
    .buf_data_o    (buf_in),
    .buf_commit_o  (buf_commit),
    .buf_pop_o     (buf_pop),
    .buf_release_o (buf_release),
    .buf_offer_o   (buf_offer),
    .buf_space_i   (buf_space),
    .buf_avail_i   (buf_avail),
    .buf_empty_i   (buf_empty),
    .buf_data_i    (buf_out),
    .active_o      (dat_active),
    .streams_o     (dat_streams),
    .line_o        (dat_line),
    .write_o       (dat_write),
    .hold_o        (hold),
    .wait_o        (card_awaited),
    .quiet_o       (quiet_dat),
    .settled_o     (settled_dat),
    .block_done_o  (block_done),
    .complete_o    (transfer_done),
    .error_o       (dat_error),
    .expired_i     (expired),
    .dat_o,
    .dat_oe_o,
    .dat_i
  );

  sdv_host_timer u_timer (
    .clk_i,
    .rst_ni,
    .run_i      (card_awaited),
    .exponent_i (exponent),
    .skip_i,
    .expired_o  (expired),
    .left_o     (timer_left_o)
  );

  sdv_host_buf u_buf (
    .clk_i,
    .rst_ni,
    .wake_i        (wake),
    .clear_i       (buf_clear),
    .active_i      (dat_active),
    .read_i        (buf_read),
    .fill_i        (buf_fill),
    .mode_i        (mode),
    .count_i       (block_count),
    .single_i      (buf_single),
    .last_word_i   (buf_last),
    .push_i        (buf_push),
    .push_data_i   (buf_in),
    .commit_i      (buf_commit),
    .pop_i         (buf_pop),
    .release_i     (buf_release),
    .offer_i       (buf_offer),
    .space_o       (buf_space),
    .avail_o       (buf_avail),
    .empty_o       (buf_empty),
    .data_o        (buf_out),
    .reg_write_i   (reg_buf_write),
    .reg_data_i    (reg_wdata_i),
    .reg_read_i    (reg_buf_read),
    .ready_o       (buf_ready),
    .ready_event_o (buf_event),
    .settled_o     (settled_buf)
  );

  // Settled: all that a register access, a removal or the last tick began has
  // ended, so nothing changes before the next tick or the time-out.
  assign settled = settled_regs && settled_irq && settled_clock && settled_auto && settled_cmd &&
                   settled_dat && settled_buf && (card || !(cmd_active || dat_line));

  // Blocks stream without waking up the rest.
  assign wake = reg_req_i || !settled || !quiet_cmd;

  always_comb begin
    quiet       = 1'b0;
    tick_left_o = 16'd0;
    if (settled && !(sd_tick_o && dat_streams)) begin
      quiet       = quiet_auto && quiet_cmd;
      tick_left_o = tick_left;
    end
  end
  // Apart, because only this looks at the pins.
  assign quiet_o = quiet && quiet_dat;

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      // An event never comes from a quiet host, or a simulator would miss it.
      assert (!quiet_o || !(complete || transfer_done || buf_event || (dat_error != '0)));
      // Only the lines of the bus width are driven.
      assert (width4_o || (dat_oe_o[3:1] == 3'b000));
      // The pins move with SDCLK, or are let go.
      assert (!quiet_o || (dat_oe_o == 4'b0000));
    end
  end
`endif

endmodule

`default_nettype wire
