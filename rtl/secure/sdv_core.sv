// SPDX-License-Identifier: Apache-2.0
//
// The core side of the card: all that runs on the core clock.
//
// Only wiring: requests of the bus side to the user area or to the secure doors,
// the vault, and the storage ports that they share.  Page: docs/rtl/sdv_core.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_core #(
  parameter int AesMember = sdv_spec_pkg::AES_ENC_BOTH_TABLE,   // which AES; for both sizes of keys
  parameter int AesLanes  = 1                                   // how many of them
) (
  input  logic         clk_i,           // core clock
  input  logic         vault_clk_i,     // the same clock without the edges before which
                                        // vault_move_o is 0
  input  logic         rst_ni,

  // requests of the bus side; what goes with one holds until the answer
  input  logic         req_i,           // pulse
  input  logic [2:0]   op_i,
  input  logic [31:0]  addr_i,
  input  logic [31:0]  count_i,
  output logic         answer_o,        // pulse
  output logic [1:0]   result_o,        // with it, and until the next one

  // blocks in, blocks out
  input  logic         in_avail_i,
  output logic [6:0]   in_idx_o,
  input  logic [31:0]  in_data_i,
  output logic         in_release_o,
  input  logic         out_free_i,
  output logic         out_we_o,
  output logic [6:0]   out_idx_o,
  output logic [31:0]  out_data_o,
  output logic         out_commit_o,

  // secure commands: levels from registers
  output logic         running_o,       // one is in progress
  output logic         two_o,           // its response has two blocks; still when it ends

  // the die, still once ready_o has pulsed
  output logic         ready_o,         // pulse
  output logic         high_capacity_o,
  output logic [31:0]  blocks_o,
  output logic [21:0]  csize_o,
  output logic [2:0]   csize_mult_o,
  output logic [127:8] cid_o,

  // flash port
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

  // EEPROM and OTP port
  output logic         word_req_o,
  output logic         word_we_o,
  output logic         word_otp_o,
  output logic         word_hold_o,
  output logic [15:0]  word_addr_o,
  output logic [31:0]  word_wdata_o,
  input  logic         word_done_i,
  input  logic [31:0]  word_rdata_i,

  // entropy port
  output logic         entropy_req_o,
  input  logic         entropy_valid_i,
  input  logic [31:0]  entropy_i,

  output logic [5:0]   busy_units_o,    // of the vault, for the accounts
  output logic         vault_move_o,    // the vault may move at the next edge
  output logic         resting_o,       // a request waits for the storage or the vault
  output logic         quiet_o          // nothing else moves
);

  //////////////
  // Requests //
  //////////////

  logic        nvm_req, nvm_answer, nvm_error, nvm_in_release, nvm_out_we, nvm_out_commit;
  logic [6:0]  nvm_in_idx, nvm_out_idx;
  logic [31:0] nvm_out_data;
  logic        token_req, token_answer, token_in_release, token_out_we, token_out_commit;
  logic [1:0]  token_result;
  logic [6:0]  token_in_idx, token_out_idx;
  logic [31:0] token_out_data;

  sdv_route u_route (
    .req_i              (req_i),
    .token_i            (op_i[2]),
    .answer_o           (answer_o),
    .result_o           (result_o),
    .in_idx_o           (in_idx_o),
    .in_release_o       (in_release_o),
    .out_we_o           (out_we_o),
    .out_idx_o          (out_idx_o),
    .out_data_o         (out_data_o),
    .out_commit_o       (out_commit_o),
    .nvm_req_o          (nvm_req),
    .nvm_answer_i       (nvm_answer),
    .nvm_error_i        (nvm_error),
    .nvm_in_idx_i       (nvm_in_idx),
    .nvm_in_release_i   (nvm_in_release),
    .nvm_out_we_i       (nvm_out_we),
    .nvm_out_idx_i      (nvm_out_idx),
    .nvm_out_data_i     (nvm_out_data),
    .nvm_out_commit_i   (nvm_out_commit),
    .token_req_o        (token_req),
    .token_answer_i     (token_answer),
    .token_result_i     (token_result),
    .token_in_idx_i     (token_in_idx),
    .token_in_release_i (token_in_release),
    .token_out_we_i     (token_out_we),
    .token_out_idx_i    (token_out_idx),
    .token_out_data_i   (token_out_data),
    .token_out_commit_i (token_out_commit)
  );

  ///////////////
  // User area //
  ///////////////

  logic        nvm_lock, nvm_grant, nvm_flash_req, nvm_flash_secure, nvm_flash_done;
  logic        nvm_flash_word, nvm_flash_we, nvm_resting;
  logic [1:0]  nvm_flash_op;
  logic [31:0] nvm_flash_addr, nvm_flash_count, nvm_flash_wdata;
  logic [6:0]  nvm_flash_idx;

  sdv_nvm u_nvm (
    .clk_i          (clk_i),
    .rst_ni         (rst_ni),
    .req_i          (nvm_req),
    .op_i           (op_i[1:0]),
    .addr_i         (addr_i),
    .count_i        (count_i),
    .answer_o       (nvm_answer),
    .error_o        (nvm_error),
    .in_avail_i     (in_avail_i),
    .in_idx_o       (nvm_in_idx),
    .in_data_i      (in_data_i),
    .in_release_o   (nvm_in_release),
    .out_free_i     (out_free_i),
    .out_we_o       (nvm_out_we),
    .out_idx_o      (nvm_out_idx),
    .out_data_o     (nvm_out_data),
    .out_commit_o   (nvm_out_commit),
    .flash_lock_o   (nvm_lock),
    .flash_grant_i  (nvm_grant),
    .flash_req_o    (nvm_flash_req),
    .flash_op_o     (nvm_flash_op),
    .flash_secure_o (nvm_flash_secure),
    .flash_addr_o   (nvm_flash_addr),
    .flash_count_o  (nvm_flash_count),
    .flash_done_i   (nvm_flash_done),
    .flash_err_i    (flash_err_i),
    .flash_word_o   (nvm_flash_word),
    .flash_we_o     (nvm_flash_we),
    .flash_idx_o    (nvm_flash_idx),
    .flash_wdata_o  (nvm_flash_wdata),
    .flash_rdata_i  (flash_rdata_i),
    .resting_o      (nvm_resting)
  );

  //////////////////
  // Secure doors //
  //////////////////

  logic         start, done, tok_we, rnd_req, rnd_done, defect, token_resting, token_ending;
  logic [1:0]   fault;
  logic [10:0]  len, rsp_len;
  logic [15:0]  sw;
  logic [7:0]   tok_addr;
  logic [31:0]  tok_wdata, tok_rdata;
  logic [127:0] rnd;

  sdv_token u_token (
    .clk_i        (clk_i),
    .rst_ni       (rst_ni),
    .req_i        (token_req),
    .out_i        (op_i == sdv_pkg::REQ_TOKEN_OUT),
    .addr_i       (addr_i),
    .answer_o     (token_answer),
    .result_o     (token_result),
    .in_avail_i   (in_avail_i),
    .in_idx_o     (token_in_idx),
    .in_data_i    (in_data_i),
    .in_release_o (token_in_release),
    .out_free_i   (out_free_i),
    .out_we_o     (token_out_we),
    .out_idx_o    (token_out_idx),
    .out_data_o   (token_out_data),
    .out_commit_o (token_out_commit),
    .start_o      (start),
    .fault_o      (fault),
    .len_o        (len),
    .done_i       (done),
    .rsp_len_i    (rsp_len),
    .sw_i         (sw),
    .tok_addr_i   (tok_addr),
    .tok_we_i     (tok_we),
    .tok_wdata_i  (tok_wdata),
    .tok_rdata_o  (tok_rdata),
    .rnd_req_o    (rnd_req),
    .rnd_done_i   (rnd_done),
    .rnd_i        (rnd),
    .defect_i     (defect),
    .running_o    (running_o),
    .two_o        (two_o),
    .resting_o    (token_resting),
    .ending_o     (token_ending)
  );

  logic        vault_lock, vault_grant, vault_flash_req, vault_flash_secure, vault_flash_done;
  logic        vault_flash_word, vault_flash_we, vault_word_req, vault_word_we, vault_word_otp;
  logic        vault_word_hold, vault_quiet, vault_ready;
  logic [1:0]  vault_flash_op;
  logic [31:0] vault_flash_addr, vault_flash_count, vault_flash_wdata, vault_word_wdata;
  logic [6:0]  vault_flash_idx;
  logic [15:0] vault_word_addr;
  logic        boot_done, flash_quiet;

  sdv_secure #(.AesMember(AesMember), .AesLanes(AesLanes)) u_secure (
    .clk_i           (vault_clk_i),
    .rst_ni          (rst_ni),
    .start_i         (start),
    .fault_i         (fault),
    .len_i           (len),
    .done_o          (done),
    .rsp_len_o       (rsp_len),
    .sw_o            (sw),
    .tok_addr_o      (tok_addr),
    .tok_we_o        (tok_we),
    .tok_wdata_o     (tok_wdata),
    .tok_rdata_i     (tok_rdata),
    .rnd_req_i       (rnd_req),
    .rnd_done_o      (rnd_done),
    .rnd_o           (rnd),
    .defect_o        (defect),
    .ready_o         (vault_ready),
    .blocks_i        (blocks_o),
    .flash_lock_o    (vault_lock),
    .flash_grant_i   (vault_grant),
    .flash_req_o     (vault_flash_req),
    .flash_op_o      (vault_flash_op),
    .flash_secure_o  (vault_flash_secure),
    .flash_addr_o    (vault_flash_addr),
    .flash_count_o   (vault_flash_count),
    .flash_done_i    (vault_flash_done),
    .flash_err_i     (flash_err_i),
    .flash_word_o    (vault_flash_word),
    .flash_we_o      (vault_flash_we),
    .flash_idx_o     (vault_flash_idx),
    .flash_wdata_o   (vault_flash_wdata),
    .flash_rdata_i   (flash_rdata_i),
    .boot_done_i     (boot_done),
    .word_req_o      (vault_word_req),
    .word_we_o       (vault_word_we),
    .word_otp_o      (vault_word_otp),
    .word_hold_o     (vault_word_hold),
    .word_addr_o     (vault_word_addr),
    .word_wdata_o    (vault_word_wdata),
    .word_done_i     (word_done_i),
    .word_rdata_i    (word_rdata_i),
    .entropy_req_o   (entropy_req_o),
    .entropy_valid_i (entropy_valid_i),
    .entropy_i       (entropy_i),
    .busy_units_o    (busy_units_o),
    .quiet_o         (vault_quiet)
  );

  ///////////////////
  // Storage ports //
  ///////////////////

  sdv_flash_mux u_flash (
    .clk_i          (clk_i),
    .rst_ni         (rst_ni),
    .user_lock_i    (nvm_lock),
    .user_grant_o   (nvm_grant),
    .user_req_i     (nvm_flash_req),
    .user_op_i      (nvm_flash_op),
    .user_secure_i  (nvm_flash_secure),
    .user_addr_i    (nvm_flash_addr),
    .user_count_i   (nvm_flash_count),
    .user_done_o    (nvm_flash_done),
    .user_word_i    (nvm_flash_word),
    .user_we_i      (nvm_flash_we),
    .user_idx_i     (nvm_flash_idx),
    .user_wdata_i   (nvm_flash_wdata),
    .vault_lock_i   (vault_lock),
    .vault_grant_o  (vault_grant),
    .vault_req_i    (vault_flash_req),
    .vault_op_i     (vault_flash_op),
    .vault_secure_i (vault_flash_secure),
    .vault_addr_i   (vault_flash_addr),
    .vault_count_i  (vault_flash_count),
    .vault_done_o   (vault_flash_done),
    .vault_word_i   (vault_flash_word),
    .vault_we_i     (vault_flash_we),
    .vault_idx_i    (vault_flash_idx),
    .vault_wdata_i  (vault_flash_wdata),
    .flash_req_o    (flash_req_o),
    .flash_op_o     (flash_op_o),
    .flash_secure_o (flash_secure_o),
    .flash_addr_o   (flash_addr_o),
    .flash_count_o  (flash_count_o),
    .flash_done_i   (flash_done_i),
    .flash_word_o   (flash_word_o),
    .flash_we_o     (flash_we_o),
    .flash_idx_o    (flash_idx_o),
    .flash_wdata_o  (flash_wdata_o),
    .quiet_o        (flash_quiet)
  );

  // The die, read once at power-up; then the word port is the vault's.
  logic        boot_word_req, boot_quiet;
  logic [15:0] boot_word_addr;
  sdv_boot u_boot (
    .clk_i           (clk_i),
    .rst_ni          (rst_ni),
    .word_req_o      (boot_word_req),
    .word_addr_o     (boot_word_addr),
    .word_done_i     (word_done_i && !boot_done),
    .word_rdata_i    (word_rdata_i),
    .ready_o         (ready_o),
    .high_capacity_o (high_capacity_o),
    .blocks_o        (blocks_o),
    .csize_o         (csize_o),
    .csize_mult_o    (csize_mult_o),
    .cid_o           (cid_o),
    .done_o          (boot_done),
    .quiet_o         (boot_quiet)
  );

  assign word_req_o   = boot_word_req || vault_word_req;
  assign word_we_o    = boot_done && vault_word_we;
  assign word_otp_o   = !boot_done || vault_word_otp;
  assign word_hold_o  = boot_done && vault_word_hold;
  assign word_addr_o  = `SDV_BREAK(215, boot_done ? vault_word_addr : boot_word_addr,
                                   boot_word_addr);
  assign word_wdata_o = vault_word_wdata;

  // At rest, and nothing that wakes it comes.
  assign vault_move_o = !vault_ready || !vault_quiet || vault_lock || start || rnd_req ||
                        word_done_i || entropy_valid_i;

  assign resting_o = nvm_resting || token_resting;
  assign quiet_o   = boot_quiet && vault_quiet && flash_quiet && !token_ending;

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      // The word port is the vault's when the die has been read, and not before.
      assert (!boot_word_req || !boot_done);
      assert (!vault_word_req || boot_done);
    end
  end
`endif

endmodule

`default_nettype wire
