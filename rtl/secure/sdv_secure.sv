// SPDX-License-Identifier: Apache-2.0
//
// The secure area: runs one secure command at a time, from the token in the
// token memory to the response in the same place.
//
// Here are the wires: who of the modules below has a server's ear.  It knows
// nothing of the bus: sdv_token moves tokens.
// Page: docs/rtl/secure.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_secure #(
  parameter int AesMember = sdv_spec_pkg::AES_ENC_BOTH_TABLE,   // which AES; for both sizes of keys
  parameter int AesLanes  = 1                                   // how many of them
) (
  input  logic         clk_i,          // core clock
  input  logic         rst_ni,

  // commands
  input  logic         start_i,        // pulse: the token memory holds a command
  input  logic [1:0]   fault_i,        // with it: 1 wrong length, 2 half of it by the other door
  input  logic [10:0]  len_i,          // with it: length field of the token
  output logic         done_o,         // pulse: the token memory holds the response
  output logic [10:0]  rsp_len_o,
  output logic [15:0]  sw_o,

  // token memory
  output logic [7:0]   tok_addr_o,
  output logic         tok_we_o,
  output logic [31:0]  tok_wdata_o,
  input  logic [31:0]  tok_rdata_i,

  // random bytes for others
  input  logic         rnd_req_i,      // pulse
  output logic         rnd_done_o,     // pulse
  output logic [127:0] rnd_o,

  output logic         defect_o,       // a line of the system is defect
  output logic         ready_o,        // all lines have been read
  input  logic [31:0]  blocks_i,       // of the user area

  // flash port
  output logic         flash_lock_o,
  input  logic         flash_grant_i,
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
  input  logic         boot_done_i,    // level: the port is free for this module
  output logic         word_req_o,
  output logic         word_we_o,
  output logic         word_otp_o,
  output logic         word_hold_o,    // with a write: into the line latch only
  output logic [15:0]  word_addr_o,
  output logic [31:0]  word_wdata_o,
  input  logic         word_done_i,
  input  logic [31:0]  word_rdata_i,

  // entropy port
  output logic         entropy_req_o,  // level
  input  logic         entropy_valid_i,
  input  logic [31:0]  entropy_i,

  output logic [5:0]   busy_units_o,   // for the accounts: 0 apdu, 1 lines, 2 body, 3 kdf, 4 siv,
                                       // 5 drbg
  output logic         quiet_o
);

  //////////////
  // Commands //
  //////////////

  logic        go, late, cmd_done, rsp_begin, rsp_end, rsp_done, apdu_busy, apdu_quiet;
  logic        may_begin, rnd_wait, crypto_error;
  logic [7:0]  ins, from, apdu_addr;
  logic [15:0] cmd_sw, rsp_sw;
  logic [2:0]  lifecycle, defects;

  sdv_apdu u_apdu (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .start_i     (start_i),
    .fault_i     (fault_i),
    .len_i       (len_i),
    .free_i      (may_begin),
    .lifecycle_i (lifecycle),
    .error_i     (crypto_error),
    .tok_addr_o  (apdu_addr),
    .tok_rdata_i (tok_rdata_i),
    .go_o        (go),
    .ins_o       (ins),
    .from_o      (from),
    .late_o      (late),
    .done_i      (cmd_done),
    .sw_i        (cmd_sw),
    .begin_o     (rsp_begin),
    .end_o       (rsp_end),
    .sw_o        (rsp_sw),
    .written_i   (rsp_done),
    .done_o      (done_o),
    .busy_o      (apdu_busy),
    .quiet_o     (apdu_quiet)
  );

  assign may_begin = ready_o && !rnd_wait;

  logic        cmd_push, half, copy_push, rsp_we, rsp_quiet;
  logic [31:0] cmd_data, copy_data;
  logic [15:0] half_data;
  logic [7:0]  rsp_addr;
  sdv_response u_response (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .begin_i     (rsp_begin),
    .push_i      (cmd_push || copy_push),
    .data_i      (copy_push ? copy_data : cmd_data),
    .half_i      (half),
    .half_data_i (half_data),
    .end_i       (rsp_end),
    .end_sw_i    (rsp_sw),
    .done_o      (rsp_done),
    .len_o       (rsp_len_o),
    .sw_o        (sw_o),
    .tok_we_o    (rsp_we),
    .tok_addr_o  (rsp_addr),
    .tok_wdata_o (tok_wdata_o),
    .quiet_o     (rsp_quiet)
  );

  // Orders to the servers below, and their answers.
  logic         cmd_quiet, copy_go, copy_done, copy_busy, copy_quiet, copy_we;
  logic [1:0]   copy_op;
  logic [7:0]   copy_words, copy_tok_addr;
  logic [6:0]   copy_base, copy_addr;
  logic [31:0]  copy_wdata, work_rdata;
  logic         lines_ready;
  logic         cmd_lines_go, lines_live, new_bank, new_keep, new_clear_tag, lines_done, lines_ok;
  logic         lines_defect, lines_busy, lines_quiet, lines_work, free_line, lines_req, lines_we;
  logic [2:0]   lines_op;
  logic [8:0]   lines_operand, lines_number, free_lines;
  logic [5:0]   new_slot, free_slot, line_slot;
  logic [31:0]  new_spent, new_made;
  logic [3:0]   cmd_idx, header_idx;
  logic [7:0]   free_number, line_flags;
  logic [6:0]   free_slots, lines_addr;
  logic [31:0]  line_word, line_value, line_generation, line_spent, line_made, lines_wdata;
  logic [1:0]   line_state;
  logic         line_bank;
  logic [15:0]  lines_word_addr;
  logic         cmd_otp_go, otp_write, otp_done, otp_busy, otp_quiet, otp_req, otp_we, root_we;
  logic [15:0]  otp_sw, otp_word_addr;
  logic [31:0]  otp_wdata, root_word;
  logic [6:0]   otp_addr;
  logic [63:0]  medium_id;
  logic [2:0]   root_idx;
  logic         body_go, body_save, body_done, body_ok, body_busy, body_quiet, body_we;
  logic [6:0]   body_sector, body_addr;
  logic [31:0]  body_wdata;
  logic         seal_go, seal_seal, seal_store, seal_fields, seal_done, plain, issue, bound;
  logic [15:0]  seal_sw;
  logic [31:0]  seal_spent, seal_made, generation, uses, spent, exports, made, keys_wdata;
  logic [2:0]   flags;
  logic         header, count_go, count, keys_work, keys_we, keys_quiet, wiped;
  logic         busy_kdf, busy_siv, busy_drbg;
  logic [6:0]   keys_addr, keys_waddr;

  sdv_commands #(.AesMember(AesMember), .AesLanes(AesLanes)) u_commands (
    .clk_i             (clk_i),
    .rst_ni            (rst_ni),
    .go_i              (go),
    .ins_i             (ins),
    .from_i            (from),
    .done_o            (cmd_done),
    .sw_o              (cmd_sw),
    .medium_id_i       (medium_id),
    .lifecycle_i       (lifecycle),
    .defects_i         (defects),
    .blocks_i          (blocks_i),
    .push_o            (cmd_push),
    .push_data_o       (cmd_data),
    .half_o            (half),
    .half_data_o       (half_data),
    .copy_go_o         (copy_go),
    .copy_op_o         (copy_op),
    .copy_base_o       (copy_base),
    .copy_words_o      (copy_words),
    .copy_done_i       (copy_done),
    .lines_go_o        (cmd_lines_go),
    .lines_op_o        (lines_op),
    .lines_number_o    (lines_operand),
    .lines_live_o      (lines_live),
    .lines_slot_o      (new_slot),
    .lines_bank_o      (new_bank),
    .lines_keep_o      (new_keep),
    .lines_clear_tag_o (new_clear_tag),
    .lines_spent_o     (new_spent),
    .lines_made_o      (new_made),
    .lines_done_i      (lines_done),
    .lines_ok_i        (lines_ok),
    .lines_number_i    (lines_number),
    .lines_defect_i    (lines_defect),
    .line_idx_o        (cmd_idx),
    .line_word_i       (line_word),
    .line_state_i      (line_state),
    .line_slot_i       (line_slot),
    .line_bank_i       (line_bank),
    .line_flags_i      (line_flags),
    .line_generation_i (line_generation),
    .line_spent_i      (line_spent),
    .line_made_i       (line_made),
    .free_line_i       (free_line),
    .free_number_i     (free_number),
    .free_slot_i       (free_slot),
    .free_slots_i      (free_slots),
    .free_lines_i      (free_lines),
    .otp_go_o          (cmd_otp_go),
    .otp_write_o       (otp_write),
    .otp_done_i        (otp_done),
    .otp_sw_i          (otp_sw),
    .body_go_o         (body_go),
    .body_save_o       (body_save),
    .body_sector_o     (body_sector),
    .body_done_i       (body_done),
    .body_ok_i         (body_ok),
    .seal_go_o         (seal_go),
    .seal_seal_o       (seal_seal),
    .seal_store_o      (seal_store),
    .seal_fields_o     (seal_fields),
    .seal_spent_o      (seal_spent),
    .seal_made_o       (seal_made),
    .seal_done_i       (seal_done),
    .seal_sw_i         (seal_sw),
    .plain_i           (plain),
    .issue_i           (issue),
    .bound_i           (bound),
    .generation_i      (generation),
    .uses_i            (uses),
    .spent_i           (spent),
    .flags_i           (flags),
    .exports_i         (exports),
    .made_i            (made),
    .quiet_o           (cmd_quiet)
  );

  /////////////
  // Servers //
  /////////////

  sdv_copy u_copy (
    .clk_i        (clk_i),
    .rst_ni       (rst_ni),
    .go_i         (copy_go),
    .op_i         (copy_op),
    .late_i       (late),
    .base_i       (copy_base),
    .words_i      (copy_words),
    .done_o       (copy_done),
    .tok_addr_o   (copy_tok_addr),
    .tok_rdata_i  (tok_rdata_i),
    .work_addr_o  (copy_addr),
    .work_we_o    (copy_we),
    .work_wdata_o (copy_wdata),
    .work_rdata_i (work_rdata),
    .push_o       (copy_push),
    .push_data_o  (copy_data),
    .busy_o       (copy_busy),
    .quiet_o      (copy_quiet)
  );
  assign tok_we_o   = rsp_we;
  assign tok_addr_o = rsp_we ? rsp_addr : (copy_busy ? copy_tok_addr : apdu_addr);

  sdv_lines u_lines (
    .clk_i        (clk_i),
    .rst_ni       (rst_ni),
    .boot_done_i  (boot_done_i),
    .ready_o      (lines_ready),
    .go_i         (count_go || cmd_lines_go),
    .op_i         (count ? sdv_pkg::LINES_COUNT : lines_op),
    .number_i     (count ? 9'(sdv_spec_pkg::VAULT_LINE_POWER_UPS) : lines_operand),
    .live_i       (lines_live),
    .slot_i       (new_slot),
    .bank_i       (new_bank),
    .keep_i       (new_keep),
    .clear_tag_i  (new_clear_tag),
    .spent_i      (new_spent),
    .made_i       (new_made),
    .done_o       (lines_done),
    .ok_o         (lines_ok),
    .number_o     (lines_number),
    .defect_o     (lines_defect),
    .idx_i        (header ? header_idx : cmd_idx),
    .word_o       (line_word),
    .state_o      (line_state),
    .body_slot_o  (line_slot),
    .body_bank_o  (line_bank),
    .flags_o      (line_flags),
    .value_o      (line_value),
    .generation_o (line_generation),
    .spent_o      (line_spent),
    .made_o       (line_made),
    .free_o       (free_line),
    .free_line_o  (free_number),
    .slot_o       (free_slot),
    .free_slots_o (free_slots),
    .free_lines_o (free_lines),
    .lifecycle_o  (lifecycle),
    .defects_o    (defects),
    .work_o       (lines_work),
    .work_addr_o  (lines_addr),
    .work_rdata_i (work_rdata),
    .word_req_o   (lines_req),
    .word_we_o    (lines_we),
    .word_hold_o  (word_hold_o),
    .word_addr_o  (lines_word_addr),
    .word_wdata_o (lines_wdata),
    .word_done_i  (word_done_i && lines_busy),
    .word_rdata_i (word_rdata_i),
    .busy_o       (lines_busy),
    .quiet_o      (lines_quiet)
  );
  assign defect_o = (defects[1:0] != 2'd0);

  sdv_otp u_otp (
    .clk_i        (clk_i),
    .rst_ni       (rst_ni),
    .up_i         (lines_ready),
    .ready_o      (ready_o),
    .go_i         (cmd_otp_go),
    .write_i      (otp_write),
    .done_o       (otp_done),
    .sw_o         (otp_sw),
    .medium_id_o  (medium_id),
    .root_we_o    (root_we),
    .root_idx_o   (root_idx),
    .root_word_o  (root_word),
    .work_addr_o  (otp_addr),
    .work_rdata_i (work_rdata),
    .word_req_o   (otp_req),
    .word_we_o    (otp_we),
    .word_addr_o  (otp_word_addr),
    .word_wdata_o (otp_wdata),
    .word_done_i  (word_done_i && otp_busy),
    .word_rdata_i (word_rdata_i),
    .busy_o       (otp_busy),
    .quiet_o      (otp_quiet)
  );
  assign word_req_o   = lines_req || otp_req;
  assign word_otp_o   = `SDV_BREAK(249, otp_busy, 1'b0);
  assign word_we_o    = otp_busy ? otp_we : lines_we;
  assign word_addr_o  = otp_busy ? otp_word_addr : lines_word_addr;
  assign word_wdata_o = otp_busy ? otp_wdata : lines_wdata;

  sdv_body u_body (
    .clk_i          (clk_i),
    .rst_ni         (rst_ni),
    .go_i           (body_go),
    .save_i         (body_save),
    .sector_i       (body_sector),
    .done_o         (body_done),
    .ok_o           (body_ok),
    .work_addr_o    (body_addr),
    .work_we_o      (body_we),
    .work_wdata_o   (body_wdata),
    .work_rdata_i   (work_rdata),
    .flash_lock_o   (flash_lock_o),
    .flash_grant_i  (flash_grant_i),
    .flash_req_o    (flash_req_o),
    .flash_op_o     (flash_op_o),
    .flash_secure_o (flash_secure_o),
    .flash_addr_o   (flash_addr_o),
    .flash_count_o  (flash_count_o),
    .flash_done_i   (flash_done_i),
    .flash_err_i    (flash_err_i),
    .flash_word_o   (flash_word_o),
    .flash_we_o     (flash_we_o),
    .flash_idx_o    (flash_idx_o),
    .flash_wdata_o  (flash_wdata_o),
    .flash_rdata_i  (flash_rdata_i),
    .busy_o         (body_busy),
    .quiet_o        (body_quiet)
  );

  assign wiped = copy_done && (copy_op == sdv_pkg::COPY_WIPE);
  sdv_keys #(.AesMember(AesMember), .AesLanes(AesLanes)) u_keys (
    .clk_i           (clk_i),
    .rst_ni          (rst_ni),
    .go_i            (seal_go),
    .seal_i          (seal_seal),
    .store_i         (seal_store),
    .fields_i        (seal_fields),
    .spent_i         (seal_spent),
    .made_i          (seal_made),
    .done_o          (seal_done),
    .sw_o            (seal_sw),
    .wiped_i         (wiped),
    .plain_o         (plain),
    .issue_o         (issue),
    .bound_o         (bound),
    .generation_o    (generation),
    .uses_o          (uses),
    .spent_o         (spent),
    .flags_o         (flags),
    .exports_o       (exports),
    .made_o          (made),
    .medium_id_i     (medium_id),
    .header_o        (header),
    .line_idx_o      (header_idx),
    .line_word_i     (line_word),
    .rnd_req_i       (rnd_req_i),
    .rnd_free_i      (ready_o && !apdu_busy),
    .rnd_done_o      (rnd_done_o),
    .rnd_o           (rnd_o),
    .rnd_wait_o      (rnd_wait),
    .count_go_o      (count_go),
    .count_o         (count),
    .lines_done_i    (lines_done),
    .lines_ok_i      (lines_ok),
    .value_i         (line_value),
    .root_we_i       (root_we),
    .root_idx_i      (root_idx),
    .root_word_i     (root_word),
    .work_o          (keys_work),
    .work_addr_o     (keys_addr),
    .work_we_o       (keys_we),
    .work_waddr_o    (keys_waddr),
    .work_wdata_o    (keys_wdata),
    .work_rdata_i    (work_rdata),
    .entropy_req_o   (entropy_req_o),
    .entropy_valid_i (entropy_valid_i),
    .entropy_i       (entropy_i),
    .busy_kdf_o      (busy_kdf),
    .busy_siv_o      (busy_siv),
    .busy_drbg_o     (busy_drbg),
    .quiet_o         (keys_quiet),
    .error_o         (crypto_error)
  );

  sdv_work u_work (
    .clk_i        (clk_i),
    .rst_ni       (rst_ni),
    .copy_i       (copy_busy),
    .copy_addr_i  (copy_addr),
    .copy_we_i    (copy_we),
    .copy_wdata_i (copy_wdata),
    .keys_i       (keys_work),
    .keys_addr_i  (keys_addr),
    .keys_we_i    (keys_we),
    .keys_waddr_i (keys_waddr),
    .keys_wdata_i (keys_wdata),
    .body_i       (body_busy),
    .body_addr_i  (body_addr),
    .body_we_i    (body_we),
    .body_wdata_i (body_wdata),
    .lines_i      (lines_work),
    .lines_addr_i (lines_addr),
    .otp_i        (otp_busy),
    .otp_addr_i   (otp_addr),
    .rdata_o      (work_rdata)
  );

  // Where the clocks go: one unit at a time.
  logic [4:0] servers;
  assign servers      = {busy_drbg, busy_siv, busy_kdf, body_busy, lines_busy || otp_busy};
  assign busy_units_o = {servers, apdu_busy && servers == 5'd0};

  assign quiet_o = !start_i && apdu_quiet && rsp_quiet && cmd_quiet && copy_quiet && lines_quiet &&
                   otp_quiet && body_quiet && keys_quiet;

`ifdef SDV_ASSERT
  // The next clock after a quiet one moves nothing but what inputs move.
  logic       was_quiet_q;
  logic [5:0] busy_q, busy_now;
  assign busy_now = {apdu_busy, copy_busy, lines_busy, otp_busy, body_busy, keys_work};
  always_ff @(posedge clk_i) begin
    was_quiet_q <= rst_ni && quiet_o;
    busy_q      <= busy_now;
    if (rst_ni) begin
      assert (!was_quiet_q || busy_q == busy_now);
      // SEC: the token memory gets no plain text of a license, and the flash neither.
      assert (!(tok_we_o && copy_busy) || !plain);
      assert (!(flash_word_o && flash_we_o) || !plain);
      // SEC: no sector but those of bodies.
      assert (!flash_req_o || (flash_secure_o && flash_addr_o <
                               32'(sdv_spec_pkg::NVM_SECURE_SECTORS)));
      // SEC: nothing is decrypted in the work memory when a command ends.
      assert (!done_o || !plain);
      // The word port runs one word at a time for one module.
      assert (!(lines_req && otp_req) && !(lines_busy && otp_busy));
      assert (!(word_we_o && word_req_o && !word_otp_o) || lines_busy);
    end
  end
`endif

endmodule

`default_nettype wire
