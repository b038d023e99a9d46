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
  input  logic        ctl_clk_i,     // the same clock without the edges before which ctl_move_o
                                     // is 0
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
  output logic        ctl_move_o,    // something behind ctl_clk_i may move at the next edge
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
  localparam int ModeRead    = sdv_spec_pkg::SDHCI_TRANSFER_MODE_READ_LSB;
  localparam int ModeAuto    = sdv_spec_pkg::SDHCI_TRANSFER_MODE_AUTO_LSB;

  localparam logic [1:0] AutoCmd23  = 2'd2;
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
  logic        clock_on, go, start, reset_all, reset_cmd, reset_dat, card;
  // The command on the line
  logic        on_pre, on_main, on_stop, pending;
  logic        cmd_start, cmd_sent, cmd_done, resp_we;
  logic [3:0]  cmd_error;
  logic [31:0] resp_data;
  logic [1:0]  resp_word;
  // What the written command does on the data lines
  logic        job_read, job_write, job_busy, job_mine, job_sent, job_done, job_fail;
  logic        stop_done, stop_fail;
  logic [11:0] last_clock;
  logic [6:0]  last_word;
  // Data
  logic        width4_lines, want_stop, dat_active, dat_line, hold, card_awaited, expired;
  logic        block_done;
  logic [3:0]  dat_result;
  // Buffers
  logic        buf_single, buf_space, buf_avail, buf_empty;
  logic        buf_ready, buf_event;
  logic [5:0]  buf_lines;
  logic [31:0] buf_in, buf_out;
  // Time
  logic        stir_regs, stir_cmd, stir_dat, change, stir, calm, quiet_cmd, quiet_dat, quiet;
  logic        rest_regs, rest_buf, ctl_rest;
  logic [15:0] tick_left;

  assign width4_lines = `SDV_BREAK(170, width4_o, 1'b0);

  // A command or a reset begins or ends, or the slot is empty.
  assign stir = stir_regs || stir_cmd || !card;

  always_comb begin
    present = '0;
    if (reg_req_i) begin
      present[sdv_spec_pkg::SDHCI_PRESENT_STATE_CMD_INHIBIT_LSB]  = go || pending;
      present[sdv_spec_pkg::SDHCI_PRESENT_STATE_DAT_INHIBIT_LSB]  = start || dat_active;
      present[sdv_spec_pkg::SDHCI_PRESENT_STATE_DAT_ACTIVE_LSB]   = dat_line;
      present[sdv_spec_pkg::SDHCI_PRESENT_STATE_WRITE_ACTIVE_LSB] = dat_active && job_write;
      present[sdv_spec_pkg::SDHCI_PRESENT_STATE_READ_ACTIVE_LSB]  = dat_active && job_read;
      present[sdv_spec_pkg::SDHCI_PRESENT_STATE_WRITE_READY_LSB]  = buf_ready && job_write;
      present[sdv_spec_pkg::SDHCI_PRESENT_STATE_READ_READY_LSB]   = buf_ready && job_read;
      present[sdv_spec_pkg::SDHCI_PRESENT_STATE_INSERTED_LSB]     = card;
      present[sdv_spec_pkg::SDHCI_PRESENT_STATE_STABLE_LSB]       = 1'b1;
      present[sdv_spec_pkg::SDHCI_PRESENT_STATE_DETECT_LSB]       = card;
      present[sdv_spec_pkg::SDHCI_PRESENT_STATE_WRITABLE_LSB]     = !write_protect_i;
    end
  end

  sdv_host_regs u_regs (
    .clk_i          (ctl_clk_i),
    .rst_ni,
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
    .buf_ready_i    (buf_ready && job_read),
    .buf_data_i     (buf_out),
    .card_i         (card),
    .block_done_i   (block_done),
    .resp_we_i      (resp_we),
    .resp_word_i    (on_main ? resp_word : AutoWord),
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
    .stir_o         (stir_regs),
    .rest_o         (rest_regs)
  );

  sdv_host_irq u_irq (
    .clk_i          (ctl_clk_i),
    .rst_ni,
    .stir_i        (stir),
    .clear_all_i   (reset_all),
    .clear_cmd_i   (reset_cmd),
    .clear_dat_i   (reset_dat),
    .write_i       (reg_req_i && reg_we_i),
    .addr_i        (reg_addr_i),
    .wdata_i       (reg_wdata_i),
    .status_o      (int_status),
    .enable_o      (int_enable),
    .signal_o      (int_signal),
    .auto_status_o (auto_status),
    .irq_o,
    .command_i     (go),
    .done_i        (cmd_done),
    .error_i       (cmd_error),
    .main_i        (on_main),
    .stop_i        (on_stop),
    .pending_i     (pending),
    .dat_i         (dat_result),
    .mode_i        (mode),
    .ready_i       (buf_event),
    .read_i        (job_read),
    .card_detect_i,
    .card_o        (card),
    .change_o      (change)
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
    .period_o
  );

  sdv_host_auto u_auto (
    .clk_i       (ctl_clk_i),
    .rst_ni,
    .stir_i      (stir),
    .clear_i     (reset_cmd),
    .go_i        (go),
    .cmd23_i     (command[CmdData] && (mode[ModeAuto +: 2] == AutoCmd23)),
    .want_stop_i (want_stop),
    .done_i      (cmd_done),
    .error_i     (cmd_error),
    .start_o     (cmd_start),
    .pre_o       (on_pre),
    .main_o      (on_main),
    .stop_o      (on_stop),
    .pending_o   (pending)
  );

  sdv_host_cmd u_cmd (
    .clk_i       (ctl_clk_i),
    .rst_ni,
    .clear_i     (reset_cmd),
    .tick_i      (sd_tick_o),
    .card_i      (card),
    .start_i     (cmd_start),
    .pre_i       (on_pre),
    .stop_i      (on_stop),
    .command_i   (command),
    .argument_i  (argument),
    .argument2_i (argument2),
    .quiet_o     (quiet_cmd),
    .stir_o      (stir_cmd),
    .sent_o      (cmd_sent),
    .done_o      (cmd_done),
    .error_o     (cmd_error),
    .resp_we_o   (resp_we),
    .resp_word_o (resp_word),
    .resp_data_o (resp_data),
    .cmd_o,
    .cmd_oe_o,
    .cmd_i
  );

  sdv_host_job u_job (
    .clk_i        (ctl_clk_i),
    .rst_ni,
    .stir_i       (stir),
    .start_i      (start),
    .moves_i      (command[CmdData]),
    .direction_i  (mode[ModeRead]),
    .busy_i       (command[CmdResponse +: 2] == Resp48Busy),
    .width4_i     (width4_lines),
    .block_size_i (block_size),
    .pre_i        (on_pre),
    .main_i       (on_main),
    .stop_i       (on_stop),
    .sent_i       (cmd_sent),
    .done_i       (cmd_done),
    .bad_i        (cmd_error != '0),
    .read_o       (job_read),
    .write_o      (job_write),
    .busy_o       (job_busy),
    .mine_o       (job_mine),
    .last_clock_o (last_clock),
    .last_word_o  (last_word),
    .sent_o       (job_sent),
    .done_o       (job_done),
    .fail_o       (job_fail),
    .stop_done_o  (stop_done),
    .stop_fail_o  (stop_fail)
  );

  sdv_host_data u_data (
    .clk_i,
    .rst_ni,
    .stir_i        (stir),
    .clear_i       (reset_dat),
    .tick_i        (sd_tick_o),
    .card_i        (card),
    .width4_i      (width4_lines),
    .block_count_i (block_count),
    .mode_i        (mode),
    .start_i       (start),
    .read_i        (job_read),
    .write_i       (job_write),
    .busy_i        (job_busy),
    .mine_i        (job_mine),
    .last_clock_i  (last_clock),
    .sent_i        (job_sent),
    .done_i        (job_done),
    .fail_i        (job_fail),
    .stop_o        (want_stop),
    .stop_done_i   (stop_done),
    .stop_fail_i   (stop_fail),
    .buf_single_o  (buf_single),
    .buf_lines_o   (buf_lines),
    .buf_data_o    (buf_in),
    .buf_space_i   (buf_space),
    .buf_avail_i   (buf_avail),
    .buf_empty_i   (buf_empty),
    .buf_data_i    (buf_out),
    .active_o      (dat_active),
    .line_o        (dat_line),
    .hold_o        (hold),
    .wait_o        (card_awaited),
    .ask_i         (quiet),
    .quiet_o       (quiet_dat),
    .stir_o        (stir_dat),
    .block_done_o  (block_done),
    .result_o      (dat_result),
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
    .clk_i         (ctl_clk_i),
    .rst_ni,
    .active_i      (dat_active),
    .read_i        (job_read),
    .fill_i        (job_write),
    .mode_i        (mode),
    .count_i       (block_count),
    .single_i      (buf_single),
    .last_word_i   (last_word),
    .lines_i       (buf_lines),
    .push_data_i   (buf_in),
    .space_o       (buf_space),
    .avail_o       (buf_avail),
    .empty_o       (buf_empty),
    .data_o        (buf_out),
    .req_i         (reg_req_i),
    .write_i       (reg_we_i),
    .addr_i        (reg_addr_i),
    .wdata_i       (reg_wdata_i),
    .ready_o       (buf_ready),
    .ready_event_o (buf_event),
    .rest_o        (rest_buf)
  );

  sdv_host_calm u_calm (
    .clk_i,
    .rst_ni,
    .stir_i (stir_regs || stir_cmd || stir_dat || reg_req_i || change),
    .calm_o (calm)
  );

  always_comb begin
    quiet       = 1'b0;
    tick_left_o = 16'd0;
    if (calm) begin
      quiet       = quiet_cmd && !pending;
      tick_left_o = tick_left;
    end
  end
  assign quiet_o = quiet_dat;

  // The registers behind ctl_clk_i are written under conditions of which this
  // is the sum.
  always_comb begin
    ctl_rest = 1'b0;
    if (rest_regs && rest_buf) begin
      ctl_rest = quiet_cmd && !stir && !pending && !cmd_start;
    end
  end
  assign ctl_move_o = !ctl_rest || reg_req_i || stir_dat || change;

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      // An event never comes from a quiet host, or a simulator would miss it.
      assert (!quiet_o || !(cmd_done || buf_event || (dat_result != '0)));
      // Nor does it come in the middle of what may be left out.
      assert ((tick_left_o == 16'd0) || !(cmd_start || buf_event));
      // Only the lines of the bus width are driven.
      assert (width4_o || (dat_oe_o[3:1] == 3'b000));
      // The pins move with SDCLK, or are let go.
      assert (!quiet_o || (dat_oe_o == 4'b0000));
    end
  end
`endif

endmodule

`default_nettype wire
