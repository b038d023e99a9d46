// SPDX-License-Identifier: Apache-2.0
//
// A card on its pins, for hosts that are not ours: card, storage and pads.
//
// The base clock gives time to the pads and to the core; clk_i is the CLK pin
// and anybody's.  Always evaluated at both edges of the base clock.
// For Verilator only.  Page: docs/simulator.md.
`default_nettype none

module sdv_bare_top (
  input  logic        base_clk_i,
  input  logic        clk_i,        // CLK pin
  input  logic        core_clk_i,   // rises with the base clock
  input  logic        rst_ni,
  input  logic [63:0] handle_i,     // storage in C
  input  logic        power_i,
  input  logic [1:0]  nvm_done_i,

  // what the host drives
  input  logic        cmd_i,
  input  logic        cmd_oe_i,
  input  logic [3:0]  dat_i,
  input  logic [3:0]  dat_oe_i,

  // levels of the lines
  output logic        cmd_o,
  output logic [3:0]  dat_o
);

  // ---- power ----

  logic card_rst_nq;  // reset of the card

  // Simulators need a falling edge to reset what hangs on it.
  initial card_rst_nq = 1'b1;

  always_ff @(posedge base_clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      card_rst_nq <= 1'b0;
    end else begin
      card_rst_nq <= power_i;
    end
  end

  // ---- pads ----

  logic       card_cmd, card_cmd_oe, late_launch;
  logic [3:0] card_dat, card_dat_oe;

  // Default speed launches at the falling edge of CLK.
  logic [9:0] card_pins, late_q, launched;

  assign card_pins = {card_cmd, card_cmd_oe, card_dat, card_dat_oe};

  always_ff @(negedge clk_i or negedge card_rst_nq) begin
    if (!card_rst_nq) begin
      late_q <= '0;
    end else if (late_launch) begin
      late_q <= card_pins;
    end
  end

  assign launched = late_launch ? late_q : card_pins;

  // Behind the pads: CMD, its enable, DAT, their enables.
  logic [9:0] from_card, from_host;

  sdv_pad #(.Width(10)) u_card_pad (
    .clk_i (base_clk_i),
    .d_i   (launched),
    .q_o   (from_card)
  );

  sdv_pad #(.Width(10)) u_host_pad (
    .clk_i (base_clk_i),
    .d_i   ({cmd_i, cmd_oe_i, dat_i, dat_oe_i}),
    .q_o   (from_host)
  );

  // Pulled up; whoever drives low wins.
  assign cmd_o = (from_card[9] || !from_card[8]) && (from_host[9] || !from_host[8]);
  assign dat_o = (from_card[7:4] | ~from_card[3:0]) & (from_host[7:4] | ~from_host[3:0]);

  // ---- card and storage ----

  logic        dat3_pullup, ctl_move, quiet, core_quiet, storage_quiet;
  logic        flash_req, flash_secure, flash_done, flash_err, flash_word, flash_we;
  logic [1:0]  flash_op;
  logic [31:0] flash_addr, flash_count, flash_wdata, flash_rdata;
  logic [6:0]  flash_idx;
  logic        word_req, word_we, word_otp, word_hold, word_done;
  logic [15:0] word_addr;
  logic [31:0] word_wdata, word_rdata, entropy_word;
  logic        entropy_req, entropy_valid;
  logic [5:0]  busy_units;
  logic        vault_move;

  sdv_card u_card (
    .clk_i,
    .ctl_clk_i      (clk_i),
    .core_clk_i,
    .vault_clk_i    (core_clk_i),
    .rst_ni         (card_rst_nq),
    .cmd_i          (cmd_o),
    .cmd_o          (card_cmd),
    .cmd_oe_o       (card_cmd_oe),
    .dat_i          (dat_o),
    .dat_o          (card_dat),
    .dat_oe_o       (card_dat_oe),
    .late_launch_o  (late_launch),
    .pullup_o       (dat3_pullup),
    .flash_req_o    (flash_req),
    .flash_op_o     (flash_op),
    .flash_secure_o (flash_secure),
    .flash_addr_o   (flash_addr),
    .flash_count_o  (flash_count),
    .flash_done_i   (flash_done),
    .flash_err_i    (flash_err),
    .flash_word_o   (flash_word),
    .flash_we_o     (flash_we),
    .flash_idx_o    (flash_idx),
    .flash_wdata_o  (flash_wdata),
    .flash_rdata_i  (flash_rdata),
    .word_req_o     (word_req),
    .word_we_o      (word_we),
    .word_otp_o     (word_otp),
    .word_hold_o    (word_hold),
    .word_addr_o    (word_addr),
    .word_wdata_o   (word_wdata),
    .word_done_i    (word_done),
    .word_rdata_i   (word_rdata),
    .entropy_req_o  (entropy_req),
    .entropy_valid_i (entropy_valid),
    .entropy_i      (entropy_word),
    .busy_units_o   (busy_units),
    .vault_move_o   (vault_move),
    .ctl_move_o     (ctl_move),
    .core_quiet_o   (core_quiet),
    .quiet_o        (quiet)
  );

  sdv_storage u_storage (
    .core_clk_i,
    .rst_ni         (card_rst_nq),
    .handle_i,
    .done_i         (nvm_done_i),
    .flash_req_i    (flash_req),
    .flash_op_i     (flash_op),
    .flash_secure_i (flash_secure),
    .flash_addr_i   (flash_addr),
    .flash_count_i  (flash_count),
    .flash_done_o   (flash_done),
    .flash_err_o    (flash_err),
    .flash_word_i   (flash_word),
    .flash_we_i     (flash_we),
    .flash_idx_i    (flash_idx),
    .flash_wdata_i  (flash_wdata),
    .flash_rdata_o  (flash_rdata),
    .word_req_i     (word_req),
    .word_we_i      (word_we),
    .word_otp_i     (word_otp),
    .word_hold_i    (word_hold),
    .word_addr_i    (word_addr),
    .word_wdata_i   (word_wdata),
    .word_done_o    (word_done),
    .word_rdata_o   (word_rdata),
    .entropy_req_i  (entropy_req),
    .entropy_valid_o (entropy_valid),
    .entropy_o      (entropy_word),
    .quiet_o        (storage_quiet)
  );

  // Host and pull-up are anybody's, and all time is evaluated.
  logic unused;
  assign unused = &{1'b0, dat3_pullup, ctl_move, quiet, core_quiet, storage_quiet,
                    busy_units, vault_move};

endmodule

`default_nettype wire
