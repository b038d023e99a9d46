// SPDX-License-Identifier: Apache-2.0
//
// The back of the card: the crossings between its two clocks, and behind them
// the core side.
//
// Only wiring and cells, but for the bit that says that the die has been read.
// Page: docs/rtl/sdv_card_back.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_card_back #(
  parameter int AesMember = sdv_spec_pkg::AES_ENC_BOTH_TABLE,   // which AES; for both sizes of keys
  parameter int AesLanes  = 1                                   // how many of them
) (
  input  logic         clk_i,           // bus clock
  input  logic         ctl_clk_i,       // the same, see sdv_card
  input  logic         core_clk_i,
  input  logic         vault_clk_i,     // the same, see sdv_card
  input  logic         bus_rst_ni,      // released with the bus clock
  input  logic         core_rst_ni,     // released with the core clock

  // requests of the bus side
  input  logic         send_i,          // pulse; the rest holds until the answer
  input  logic [2:0]   op_i,
  input  logic [31:0]  addr_i,
  input  logic [31:0]  count_i,
  output logic         answer_o,        // pulse
  output logic [1:0]   answer_result_o,
  output logic         answer_early_o,  // it is about to come; for pads only

  // blocks that came in
  output logic         rx_free_o,
  input  logic         rx_we_i,
  input  logic [6:0]   rx_idx_i,
  input  logic [31:0]  rx_word_i,
  input  logic         rx_commit_i,

  // blocks that go out
  output logic         tx_avail_o,
  input  logic [6:0]   tx_idx_i,
  output logic [31:0]  tx_word_o,
  input  logic         tx_release_i,

  // secure commands
  output logic         running_o,       // one is in progress
  output logic         two_o,           // its response has two blocks; when it has ended
  output logic         moving_o,        // the core side's own word on it, for quiet signals only

  // the die
  output logic         config_o,        // it has been read: what follows is valid
  output logic         high_capacity_o,
  output logic [31:0]  blocks_o,
  output logic [21:0]  csize_o,
  output logic [2:0]   csize_mult_o,
  output logic [127:8] cid_o,

  // flash port (core clock)
  output logic         flash_req_o,
  output logic [1:0]   flash_op_o,
  output logic         flash_secure_o,
  output logic [31:0]  flash_addr_o,
  output logic [31:0]  flash_count_o,
  input  logic         flash_done_i,
  input  logic         flash_err_i,
  output logic         flash_word_o,
  output logic         flash_we_o,
  output logic [6:0]   flash_idx_o,
  output logic [31:0]  flash_wdata_o,
  input  logic [31:0]  flash_rdata_i,

  // EEPROM and OTP port (core clock)
  output logic         word_req_o,
  output logic         word_we_o,
  output logic         word_otp_o,
  output logic         word_hold_o,
  output logic [15:0]  word_addr_o,
  output logic [31:0]  word_wdata_o,
  input  logic         word_done_i,
  input  logic [31:0]  word_rdata_i,

  // entropy port (core clock)
  output logic         entropy_req_o,   // level, until
  input  logic         entropy_valid_i, // a pulse brings a word
  input  logic [31:0]  entropy_i,

  output logic [5:0]   busy_units_o,    // of the vault, for the accounts
  output logic         vault_move_o,    // the vault may move at the next edge
  output logic         resting_o,       // a request waits for the storage or the vault
  output logic         quiet_o          // nothing else moves on the core side
);

  logic config_q;
  logic        req, core_answer;
  logic [1:0]  core_result;
  logic [2:0]  core_op;
  logic [31:0] core_addr, core_count;
  logic        unused_req_early, unused_config_early;

  sdv_mailbox #(.Width(67)) u_request (
    .src_clk_i  (ctl_clk_i),
    .src_rst_ni (bus_rst_ni),
    .send_i     (send_i),
    .data_i     ({op_i, addr_i, count_i}),
    .dst_clk_i  (core_clk_i),
    .dst_rst_ni (core_rst_ni),
    .early_o    (unused_req_early),
    .valid_o    (req),
    .data_o     ({core_op, core_addr, core_count})
  );

  sdv_mailbox #(.Width(2)) u_answer (
    .src_clk_i  (core_clk_i),
    .src_rst_ni (core_rst_ni),
    .send_i     (core_answer),
    .data_i     (core_result),
    .dst_clk_i  (ctl_clk_i),
    .dst_rst_ni (bus_rst_ni),
    .early_o    (answer_early_o),
    .valid_o    (answer_o),
    .data_o     (answer_result_o)
  );

  logic        in_avail, in_release, out_free, out_we, out_commit;
  logic [6:0]  in_idx, out_idx;
  logic [31:0] in_data, out_data;

  sdv_blkbuf u_rx_buf (
    .wr_clk_i     (clk_i),
    .wr_rst_ni    (bus_rst_ni),
    .wr_free_o    (rx_free_o),
    .wr_we_i      (rx_we_i),
    .wr_idx_i     (rx_idx_i),
    .wr_data_i    (rx_word_i),
    .wr_commit_i  (rx_commit_i),
    .rd_clk_i     (core_clk_i),
    .rd_rst_ni    (core_rst_ni),
    .rd_avail_o   (in_avail),
    .rd_idx_i     (in_idx),
    .rd_data_o    (in_data),
    .rd_release_i (in_release)
  );

  sdv_blkbuf u_tx_buf (
    .wr_clk_i     (core_clk_i),
    .wr_rst_ni    (core_rst_ni),
    .wr_free_o    (out_free),
    .wr_we_i      (out_we),
    .wr_idx_i     (out_idx),
    .wr_data_i    (out_data),
    .wr_commit_i  (out_commit),
    .rd_clk_i     (ctl_clk_i),
    .rd_rst_ni    (bus_rst_ni),
    .rd_avail_o   (tx_avail_o),
    .rd_idx_i     (tx_idx_i),
    .rd_data_o    (tx_word_o),
    .rd_release_i (tx_release_i)
  );

  logic         boot_ready, boot_hc, core_running, core_two;
  logic [31:0]  boot_blocks;
  logic [21:0]  boot_csize;
  logic [2:0]   boot_mult;
  logic [127:8] boot_cid;
  sdv_core #(.AesMember(AesMember), .AesLanes(AesLanes)) u_core (
    .clk_i           (core_clk_i),
    .vault_clk_i     (vault_clk_i),
    .rst_ni          (core_rst_ni),
    .req_i           (req),
    .op_i            (core_op),
    .addr_i          (core_addr),
    .count_i         (core_count),
    .answer_o        (core_answer),
    .result_o        (core_result),
    .in_avail_i      (in_avail),
    .in_idx_o        (in_idx),
    .in_data_i       (in_data),
    .in_release_o    (in_release),
    .out_free_i      (out_free),
    .out_we_o        (out_we),
    .out_idx_o       (out_idx),
    .out_data_o      (out_data),
    .out_commit_o    (out_commit),
    .running_o       (core_running),
    .two_o           (core_two),
    .ready_o         (boot_ready),
    .high_capacity_o (boot_hc),
    .blocks_o        (boot_blocks),
    .csize_o         (boot_csize),
    .csize_mult_o    (boot_mult),
    .cid_o           (boot_cid),
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
    .resting_o       (resting_o),
    .quiet_o         (quiet_o)
  );

  // Secure commands end by themselves; what is told of them was still before.
  logic [1:0] unused_run_early;
  sdv_sync #(.Width(2)) u_running (
    .clk_i   (ctl_clk_i),
    .rst_ni  (bus_rst_ni),
    .d_i     ({core_two, core_running}),
    .early_o (unused_run_early),
    .q_o     ({two_o, running_o})
  );

  // What was read of the die at power-up.
  logic config_valid;
  sdv_mailbox #(.Width(178)) u_config (
    .src_clk_i  (core_clk_i),
    .src_rst_ni (core_rst_ni),
    .send_i     (boot_ready),
    .data_i     ({boot_hc, boot_blocks, boot_csize, boot_mult, boot_cid}),
    .dst_clk_i  (ctl_clk_i),
    .dst_rst_ni (bus_rst_ni),
    .early_o    (unused_config_early),
    .valid_o    (config_valid),
    .data_o     ({high_capacity_o, blocks_o, csize_o, csize_mult_o, cid_o})
  );
  always_ff @(posedge ctl_clk_i or negedge bus_rst_ni) begin
    if (!bus_rst_ni) begin
      config_q <= 1'b0;
    end else if (config_valid) begin
      config_q <= 1'b1;
    end
  end

  assign moving_o = core_running;
  assign config_o = `SDV_BREAK(226, config_q, 1'b0);

endmodule

`default_nettype wire
