// SPDX-License-Identifier: Apache-2.0
//
// A slot: host controller, card, storage and the wires between them.
//
// Every input goes to a register first, and nothing but wiring is done here.  The
// clocks are toggled by C++ in one evaluation; card_clk_i is the CLK pin
// and rises on the base clocks on which sd_tick_o was 1 before.
// For Verilator only.  Page: docs/simulator.md.
`default_nettype none

module sdv_slot_top (
  input  logic        clk_i,            // base clock
  input  logic        card_clk_i,       // CLK pin
  input  logic        host_ctl_clk_i,   // base clock and CLK, without the edges before
  input  logic        card_ctl_clk_i,   // which host_move_o and card_move_o are 0
  input  logic        core_clk_i,       // core clock of the card
  input  logic        vault_clk_i,      // without the edges before which vault_move_o is 0
  input  logic        rst_ni,
  input  logic [63:0] handle_i,         // storage in C
  input  logic [63:0] apparatus_id_i,

  // register port and time of the host controller
  input  logic        reg_req_i,
  input  logic        reg_we_i,
  input  logic [8:0]  reg_addr_i,
  input  logic [31:0] reg_wdata_i,
  output logic [31:0] reg_rdata_o,
  output logic        irq_o,
  output logic        host_move_o,
  output logic        card_move_o,
  output logic        vault_move_o,
  input  logic [31:0] skip_i,
  output logic        quiet_o,          // nothing moves, on either side
  output logic        core_quiet_o,     // nothing moves in the card but at ticks of SDCLK
  output logic        stopped_quiet_o,  // nothing moves while SDCLK is stopped
  output logic [15:0] tick_left_o,
  output logic [31:0] timer_left_o,
  output logic [15:0] period_o,
  output logic        sd_tick_o,

  // what a hand and a power supply do
  input  logic        supply_i,
  input  logic        inserted_i,
  input  logic [4:0]  flip_i,           // inverts CMD (4), DAT (3:0)
  input  logic [1:0]  nvm_done_i,
`ifdef SDV_SABOTAGE
  input  logic [15:0] sabotage_i,
`endif
`ifdef SDV_ASSERT
  output logic        checked_o,        // this build has assertions
`endif

  // what a probe sees
  output logic        cmd_o,            // levels of the lines
  output logic [3:0]  dat_o,
  output logic        powered_o,        // the card has power
  output logic [5:0]  units_o,          // which units of the vault are busy
  output logic        pullup_o          // of the card, on DAT3
);

  // ---- inputs ----

  logic        req_q, we_q;
  logic [8:0]  addr_q;
  logic [31:0] wdata_q, skip_q;
  logic        inserted_q;
  logic [4:0]  flip_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      req_q      <= 1'b0;
      we_q       <= 1'b0;
      addr_q     <= '0;
      wdata_q    <= '0;
      skip_q     <= '0;
      inserted_q <= 1'b0;
      flip_q     <= '0;
    end else begin
      req_q      <= reg_req_i;
      if (reg_req_i) begin
        we_q     <= reg_we_i;
        addr_q   <= reg_addr_i;
        wdata_q  <= reg_wdata_i;
      end
      skip_q     <= skip_i;
      inserted_q <= inserted_i;
      flip_q     <= flip_i;
    end
  end

`ifdef SDV_SABOTAGE
  always_ff @(posedge clk_i) begin
    sdv_sabotage_pkg::chosen <= sabotage_i;
  end
`endif

  // ---- power of the card ----

  logic sd_power;
  logic card_rst_nq;   // reset of the card
  logic powered_q;     // the same, as data, for those who look at it

  // Simulators need a falling edge to reset what hangs on it.
  initial card_rst_nq = 1'b1;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      card_rst_nq <= 1'b0;
      powered_q   <= 1'b0;
    end else begin
      card_rst_nq <= supply_i && inserted_q && sd_power;
      powered_q   <= supply_i && inserted_q && sd_power;
    end
  end

  // ---- wires ----

  logic       host_cmd, host_cmd_oe, card_cmd, card_cmd_oe, cmd;
  logic [3:0] host_dat, host_dat_oe, card_dat, card_dat_oe, dat;

  // Pulled up; whoever drives low wins; a fault inverts.
  assign cmd = ((host_cmd || !host_cmd_oe) && (card_cmd || !card_cmd_oe)) ^ flip_q[4];
  assign dat = ((host_dat | ~host_dat_oe) & (card_dat | ~card_dat_oe)) ^ flip_q[3:0];

  // ---- host controller ----

  logic host_quiet;
  logic high_speed, width4;

  sdv_host u_host (
    .clk_i,
    .ctl_clk_i       (host_ctl_clk_i),
    .rst_ni,
    .reg_req_i       (req_q),
    .reg_we_i        (we_q),
    .reg_addr_i      (addr_q),
    .reg_wdata_i     (wdata_q),
    .reg_rdata_o,
    .irq_o,
    .apparatus_id_i,
    .card_detect_i   (inserted_q),
    .write_protect_i (1'b0),
    .sd_power_o      (sd_power),
    .high_speed_o    (high_speed),
    .width4_o        (width4),
    .skip_i          (skip_q),
    .ctl_move_o      (host_move_o),
    .quiet_o         (host_quiet),
    .tick_left_o,
    .timer_left_o,
    .period_o,
    .sd_tick_o,
    .cmd_o           (host_cmd),
    .cmd_oe_o        (host_cmd_oe),
    .cmd_i           (cmd),
    .dat_o           (host_dat),
    .dat_oe_o        (host_dat_oe),
    .dat_i           (dat)
  );

  // ---- card and storage ----

  logic        card_quiet, core_quiet, storage_quiet, late_launch;
  logic        flash_req, flash_secure, flash_done, flash_err, flash_word, flash_we;
  logic [1:0]  flash_op;
  logic [31:0] flash_addr, flash_count, flash_wdata, flash_rdata;
  logic [6:0]  flash_idx;
  logic        word_req, word_we, word_otp, word_hold, word_done;
  logic [15:0] word_addr;
  logic [31:0] word_wdata, word_rdata, entropy_word;
  logic        entropy_req, entropy_valid;

  sdv_card u_card (
    .clk_i          (card_clk_i),
    .ctl_clk_i      (card_ctl_clk_i),
    .core_clk_i,
    .vault_clk_i,
    .rst_ni         (card_rst_nq),
    .cmd_i          (cmd),
    .cmd_o          (card_cmd),
    .cmd_oe_o       (card_cmd_oe),
    .dat_i          (dat),
    .dat_o          (card_dat),
    .dat_oe_o       (card_dat_oe),
    .late_launch_o  (late_launch),
    .pullup_o,
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
    .busy_units_o   (units_o),
    .vault_move_o,
    .ctl_move_o     (card_move_o),
    .core_quiet_o   (core_quiet),
    .quiet_o        (card_quiet)
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

  // What is asked for on each clock is kept apart from what seldom is.
  logic core_rests;
  always_comb begin
    core_rests = 1'b0;
    if (core_quiet) begin
      core_rests = storage_quiet;
    end
  end
  always_comb begin
    quiet_o = 1'b0;
    if (stopped_quiet_o) begin
      quiet_o = card_quiet || !powered_q;
    end
  end
  assign core_quiet_o    = core_rests || !powered_q;
  assign stopped_quiet_o = core_quiet_o && host_quiet;
  assign cmd_o           = cmd;
  assign dat_o           = dat;
  assign powered_o       = powered_q;

  // The bus speed and width show on the wires; this top has no pads.
  logic unused;
  assign unused = &{1'b0, high_speed, width4, late_launch};

`ifdef SDV_ASSERT
  assign checked_o = 1'b1;

  // A side that was shown a wrong level may start to drive too early.
  logic disturbed_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      disturbed_q <= 1'b0;
    end else begin
      if (flip_q != 5'b00000) begin
        disturbed_q <= 1'b1;
      end
      // Host and card never drive a line to different levels.
      assert (disturbed_q || !host_cmd_oe || !card_cmd_oe || (host_cmd == card_cmd));
      assert (disturbed_q || ((host_dat_oe & card_dat_oe & (host_dat ^ card_dat)) == 4'b0000));
      // A card without power drives nothing.
      assert (powered_q || (!card_cmd_oe && (card_dat_oe == 4'b0000)));
    end
  end
`endif

endmodule

`default_nettype wire
