// SPDX-License-Identifier: Apache-2.0
//
// The card: pins on one side, storage ports on the other.
//
// Two clocks: clk_i is the bus clock, any rate and stopped at any time;
// core_clk_i is the card's own and drives the storage side.  What crosses,
// crosses in sdv_sync, sdv_mailbox or sdv_blkbuf.  Page: docs/rtl/sdv_card.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_card #(
  parameter int ReadyPolls = 1,  // ACMD41s answered not-ready after CMD0, 1 to 255
  parameter int AesMember = sdv_spec_pkg::AES_ENC_BOTH_TABLE,   // which AES; for both sizes of keys
  parameter int AesLanes  = 1                                   // how many of them
) (
  input  logic        clk_i,
  input  logic        ctl_clk_i,       // the same clock without the edges before which
                                       // ctl_move_o is 0
  input  logic        core_clk_i,
  input  logic        vault_clk_i,     // the same clock without the edges before which
                                       // vault_move_o is 0
  input  logic        rst_ni,          // power-on reset, asynchronous

  // pins
  input  logic        cmd_i,
  output logic        cmd_o,
  output logic        cmd_oe_o,
  input  logic [3:0]  dat_i,
  output logic [3:0]  dat_o,
  output logic [3:0]  dat_oe_o,
  output logic        late_launch_o,   // default speed: pads launch half a clock later
  output logic        pullup_o,        // card-detect pull-up on DAT3

  // flash port (core clock)
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

  // EEPROM and OTP port (core clock)
  output logic        word_req_o,
  output logic        word_we_o,
  output logic        word_otp_o,
  output logic        word_hold_o,
  output logic [15:0] word_addr_o,
  output logic [31:0] word_wdata_o,
  input  logic        word_done_i,
  input  logic [31:0] word_rdata_i,

  // entropy port (core clock)
  output logic        entropy_req_o,   // level, until
  input  logic        entropy_valid_i, // a pulse brings a word
  input  logic [31:0] entropy_i,

  output logic [5:0]  busy_units_o,    // of the vault, for the accounts
  output logic        ctl_move_o,      // something behind ctl_clk_i may move at the next edge
  output logic        vault_move_o,    // the vault may move at the next edge
  output logic        core_quiet_o,    // the core side moves no more until the bus side or the
                                       // storage does
  output logic        quiet_o          // nothing moves until a pin or the storage does
);

  /////////////////////
  // Resets and modes //
  /////////////////////

  logic bus_rst_n, core_rst_n, unused_bus_rst, unused_core_rst;
  sdv_sync u_bus_rst (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .d_i     (1'b1),
    .early_o (unused_bus_rst),
    .q_o     (bus_rst_n)
  );
  sdv_sync u_core_rst (
    .clk_i   (core_clk_i),
    .rst_ni  (rst_ni),
    .d_i     (1'b1),
    .early_o (unused_core_rst),
    .q_o     (core_rst_n)
  );

  logic       sd_cmd, sd_cmd_oe, go_idle, unused_spi;
  logic [3:0] sd_dat, sd_dat_oe;
  sdv_bus_mode u_mode (
    .clk_i       (ctl_clk_i),
    .rst_ni      (bus_rst_n),
    .go_idle_i   (go_idle),
    .cs_ni       (dat_i[3]),
    .spi_o       (unused_spi),
    .sd_cmd_i    (sd_cmd),
    .sd_cmd_oe_i (sd_cmd_oe),
    .sd_dat_i    (sd_dat),
    .sd_dat_oe_i (sd_dat_oe),
    .spi_do_i    (1'b1),
    .spi_do_oe_i (1'b0),
    .cmd_o       (cmd_o),
    .cmd_oe_o    (cmd_oe_o),
    .dat_o       (dat_o),
    .dat_oe_o    (dat_oe_o)
  );

  //////////////////
  // Command line //
  //////////////////

  logic        frame, crc_ok, resp, resp_long, resp_raw, long_out, waiting, resp_busy, cmd_quiet;
  logic [5:0]  index;
  logic [31:0] arg, resp_content;
  logic [3:0]  long_idx;
  logic [7:0]  long_byte;
  sdv_bus_cmd u_cmd (
    .clk_i          (ctl_clk_i),
    .rst_ni         (bus_rst_n),
    .cmd_i          (cmd_i),
    .cmd_o          (sd_cmd),
    .cmd_oe_o       (sd_cmd_oe),
    .rx_valid_o     (frame),
    .rx_crc_ok_o    (crc_ok),
    .rx_index_o     (index),
    .rx_arg_o       (arg),
    .resp_i         (resp),
    .resp_long_i    (resp_long),
    .resp_raw_i     (resp_raw),
    .resp_index_i   (index),
    .resp_content_i (resp_content),
    .long_o         (long_out),
    .long_idx_o     (long_idx),
    .long_byte_i    (long_byte),
    .waiting_o      (waiting),
    .busy_o         (resp_busy),
    .quiet_o        (cmd_quiet)
  );

  /////////////
  // Control //
  /////////////

  logic         die_read, high_capacity;
  logic [31:0]  blocks;
  logic [21:0]  csize;
  logic [2:0]   csize_mult;
  logic [127:8] cid;

  sdv_pkg::command_t command;
  sdv_pkg::erase_t   erase;
  logic              read_sent, taken, untaken, range_error, addr_error, ecc_error, fail;
  logic              user_stored, stored, full;
  logic              assd, token, token_done, running, two, run, hold;
  logic [3:0]        state;
  logic              width4, high_speed, regs_sent, settling;
  logic [31:0]       cmd_count, cmd_sector;
  logic [8:0]        cmd_offset;
  logic [9:0]        cmd_len;

  sdv_card_ctrl #(.ReadyPolls(ReadyPolls)) u_ctrl (
    .clk_i           (ctl_clk_i),
    .rst_ni          (bus_rst_n),
    .frame_i         (frame),
    .crc_ok_i        (crc_ok),
    .index_i         (index),
    .arg_i           (arg),
    .resp_o          (resp),
    .resp_long_o     (resp_long),
    .resp_raw_o      (resp_raw),
    .resp_content_o  (resp_content),
    .config_i        (die_read),
    .high_capacity_i (high_capacity),
    .blocks_i        (blocks),
    .command_o       (command),
    .count_o         (cmd_count),
    .sector_o        (cmd_sector),
    .offset_o        (cmd_offset),
    .read_len_o      (cmd_len),
    .erase_i         (erase),
    .sent_i          (read_sent || `SDV_BREAK(37, regs_sent, 1'b0)),
    .taken_i         (taken),
    .untaken_i       (untaken),
    .range_error_i   (range_error),
    .addr_error_i    (addr_error),
    .ecc_error_i     (ecc_error),
    .fail_i          (fail),
    .stored_i        (stored),
    .full_i          (full),
    .assd_i          (assd),
    .token_o         (token),
    .tx_done_i       (tx_done),
    .token_done_i    (token_done),
    .token_result_i  (answer_result),
    .running_i       (running),
    .two_i           (two),
    .run_o           (run),
    .hold_o          (hold),
    .settling_o      (settling),
    .state_o         (state),
    .width4_o        (width4),
    .pullup_o        (pullup_o)
  );
  assign go_idle       = command.go_idle;
  assign stored        = user_stored && !hold;
  assign late_launch_o = !high_speed;

  ///////////////
  // Transfers //
  ///////////////

  logic        dat_idle, dat_quiet, tx_start_read, tx_start_regs, tx_done, tx_avail, tx_release;
  logic [8:0]  tx_idx, read_offset;
  logic [9:0]  read_len, dat_len;
  logic [7:0]  tx_byte;
  logic [6:0]  tx_word_idx;
  logic [31:0] tx_word;
  logic        rx_arm, rx_free, rx_we, rx_done, rx_ok, rx_commit;
  logic [6:0]  rx_idx;
  logic [31:0] rx_word, written;
  logic [1:0]  pending;
  logic        read_active, port_waiting, user_rest, user_quiet, out_active, out_quiet;
  logic        send, answer, answer_early;
  logic [1:0]  answer_result;
  logic [2:0]  op;
  logic [31:0] addr, count;

  sdv_card_user u_user (
    .clk_i           (ctl_clk_i),
    .rst_ni          (bus_rst_n),
    .command_i       (command),
    .cmd_count_i     (cmd_count),
    .cmd_sector_i    (cmd_sector),
    .cmd_offset_i    (cmd_offset),
    .cmd_len_i       (cmd_len),
    .erase_o         (erase),
    .sent_o          (read_sent),
    .taken_o         (taken),
    .untaken_o       (untaken),
    .range_error_o   (range_error),
    .addr_error_o    (addr_error),
    .ecc_error_o     (ecc_error),
    .fail_o          (fail),
    .stored_o        (user_stored),
    .full_o          (full),
    .frame_i         (frame),
    .blocks_i        (blocks),
    .resp_busy_i     (resp_busy),
    .written_o       (written),
    .pending_o       (pending),
    .token_i         (token),
    .token_done_o    (token_done),
    .dat_idle_i      (dat_idle),
    .read_active_o   (read_active),
    .tx_start_o      (tx_start_read),
    .tx_done_i       (tx_done),
    .tx_len_o        (read_len),
    .tx_offset_o     (read_offset),
    .tx_avail_i      (tx_avail),
    .tx_release_o    (tx_release),
    .rx_arm_o        (rx_arm),
    .rx_done_i       (rx_done),
    .rx_ok_i         (rx_ok),
    .rx_free_i       (rx_free),
    .rx_commit_o     (rx_commit),
    .send_o          (send),
    .op_o            (op),
    .addr_o          (addr),
    .count_o         (count),
    .answer_i        (answer),
    .answer_result_i (answer_result),
    .waiting_o       (port_waiting),
    .rest_o          (user_rest),
    .quiet_o         (user_quiet)
  );

  sdv_card_out u_out (
    .clk_i           (ctl_clk_i),
    .rst_ni          (bus_rst_n),
    .command_i       (command),
    .arg_i           (arg),
    .frame_i         (frame),
    .resp_busy_i     (resp_busy),
    .high_capacity_i (high_capacity),
    .csize_i         (csize),
    .csize_mult_i    (csize_mult),
    .cid_i           (cid),
    .width4_i        (width4),
    .written_i       (written),
    .high_speed_o    (high_speed),
    .assd_o          (assd),
    .long_i          (long_out),
    .long_idx_i      (long_idx),
    .long_byte_o     (long_byte),
    .read_active_i   (read_active),
    .read_len_i      (read_len),
    .read_offset_i   (read_offset),
    .word_idx_o      (tx_word_idx),
    .word_i          (tx_word),
    .dat_idle_i      (dat_idle),
    .start_o         (tx_start_regs),
    .done_i          (tx_done),
    .len_o           (dat_len),
    .idx_i           (tx_idx),
    .byte_o          (tx_byte),
    .sent_o          (regs_sent),
    .active_o        (out_active),
    .quiet_o         (out_quiet)
  );

  // DAT0 stays low while programming, or while no buffer is free; it is let go
  // at the first edge at which the answer that ends the wait is seen.
  logic busy_program, busy_full, busy_end;
  assign busy_program = (state == sdv_spec_pkg::ST_PRG) && !stored;
  assign busy_full    = (state == sdv_spec_pkg::ST_RCV) && full;
  assign busy_end     = answer_early && (op[1:0] != sdv_spec_pkg::NVM_OP_READ) &&
                        (busy_full ? (pending == 2'd2) : (pending != 2'd2));

  sdv_bus_dat u_dat (
    .clk_i       (clk_i),
    .rst_ni      (bus_rst_n),
    .dat_i       (dat_i),
    .dat_o       (sd_dat),
    .dat_oe_o    (sd_dat_oe),
    .width4_i    (width4),
    .len_i       (dat_len),
    .tx_start_i  (tx_start_read || tx_start_regs),
    .tx_idx_o    (tx_idx),
    .tx_byte_i   (tx_byte),
    .tx_done_o   (tx_done),
    .rx_arm_i    (rx_arm),
    .rx_we_o     (rx_we),
    .rx_idx_o    (rx_idx),
    .rx_word_o   (rx_word),
    .rx_done_o   (rx_done),
    .rx_ok_o     (rx_ok),
    .stop_i      (command.stop),
    .busy_i      (busy_program || busy_full),
    .busy_hold_i (waiting),
    .busy_end_i  (busy_end),
    .idle_o      (dat_idle),
    .quiet_o     (dat_quiet)
  );

  //////////////
  // Core side //
  //////////////

  logic core_quiet, core_resting, core_running;
  sdv_card_back #(.AesMember(AesMember), .AesLanes(AesLanes)) u_back (
    .clk_i           (clk_i),
    .ctl_clk_i       (ctl_clk_i),
    .core_clk_i      (core_clk_i),
    .vault_clk_i     (vault_clk_i),
    .bus_rst_ni      (bus_rst_n),
    .core_rst_ni     (core_rst_n),
    .send_i          (send),
    .op_i            (op),
    .addr_i          (addr),
    .count_i         (count),
    .answer_o        (answer),
    .answer_result_o (answer_result),
    .answer_early_o  (answer_early),
    .rx_free_o       (rx_free),
    .rx_we_i         (rx_we),
    .rx_idx_i        (rx_idx),
    .rx_word_i       (rx_word),
    .rx_commit_i     (rx_commit),
    .tx_avail_o      (tx_avail),
    .tx_idx_i        (tx_word_idx),
    .tx_word_o       (tx_word),
    .tx_release_i    (tx_release),
    .running_o       (running),
    .two_o           (two),
    .moving_o        (core_running),
    .config_o        (die_read),
    .high_capacity_o (high_capacity),
    .blocks_o        (blocks),
    .csize_o         (csize),
    .csize_mult_o    (csize_mult),
    .cid_o           (cid),
    .flash_req_o     (flash_req_o),
    .flash_op_o      (flash_op_o),
    .flash_secure_o  (flash_secure_o),
    .flash_addr_o    (flash_addr_o),
    .flash_count_o   (flash_count_o),
    .flash_done_i    (flash_done_i),
    .flash_err_i     (flash_err_i),
    .flash_word_o    (flash_word_o),
    .flash_we_o      (flash_we_o),
    .flash_idx_o     (flash_idx_o),
    .flash_wdata_o   (flash_wdata_o),
    .flash_rdata_i   (flash_rdata_i),
    .word_req_o      (word_req_o),
    .word_we_o       (word_we_o),
    .word_otp_o      (word_otp_o),
    .word_hold_o     (word_hold_o),
    .word_addr_o     (word_addr_o),
    .word_wdata_o    (word_wdata_o),
    .word_done_i     (word_done_i),
    .word_rdata_i    (word_rdata_i),
    .entropy_req_o   (entropy_req_o),
    .entropy_valid_i (entropy_valid_i),
    .entropy_i       (entropy_i),
    .busy_units_o    (busy_units_o),
    .vault_move_o    (vault_move_o),
    .resting_o       (core_resting),
    .quiet_o         (core_quiet)
  );

  // All registers behind ctl_clk_i but synchronizers are written under conditions
  // of which this is the sum; the synchronizers look at a core side that acts
  // between a request and its answer only, while a secure command runs, and before
  // die_read.
  logic ctl_rest;
  always_comb begin
    ctl_rest = 1'b0;
    if (die_read && cmd_quiet) begin
      ctl_rest = user_rest && !out_active && !settling && !run;
    end
  end
  assign ctl_move_o = !ctl_rest || !cmd_i || tx_done || rx_done;

  // Between two requests the core side has nothing to do: what it gave back or
  // handed over has crossed before the answer has.
  assign core_quiet_o = core_quiet && (core_running == run) && (core_resting || !port_waiting);
  assign quiet_o      = core_quiet_o && die_read && cmd_quiet && dat_quiet && user_quiet &&
                        out_quiet;

endmodule

`default_nettype wire
