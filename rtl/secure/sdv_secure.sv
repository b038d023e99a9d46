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

module sdv_secure (
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
  // Power-up //
  //////////////

  // Lines, then medium id and root.
  logic up_go_q, ready_q, lines_ready, otp_done;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      up_go_q <= 1'b0;
      ready_q <= 1'b0;
    end else if (!ready_q && lines_ready) begin
      up_go_q <= 1'b1;
      ready_q <= otp_done;
    end
  end
  assign ready_o = ready_q;

  /////////////////////////////
  // Commands and their steps //
  /////////////////////////////

  logic        go, late, cmd_done, rsp_begin, rsp_end, rsp_done, apdu_busy, apdu_quiet, may_begin;
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

  logic        info_push, half, copy_push, rsp_we, rsp_quiet;
  logic [31:0] info_data, copy_data;
  logic [15:0] half_data;
  logic [7:0]  rsp_addr;
  sdv_response u_response (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .begin_i     (rsp_begin),
    .push_i      (info_push || copy_push),
    .data_i      (copy_push ? copy_data : info_data),
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

  // Answers of the servers below.
  logic         copy_done, copy_busy, copy_quiet, copy_we;
  logic [7:0]   copy_tok_addr;
  logic [6:0]   copy_addr;
  logic [31:0]  copy_wdata, work_rdata;
  logic         lines_done, lines_ok, lines_defect, lines_busy, lines_quiet, lines_work;
  logic         free_line, lines_req, lines_we;
  logic [8:0]   lines_number, free_lines;
  logic [7:0]   free_number;
  logic [6:0]   free_slots, lines_addr;
  logic [5:0]   free_slot;
  logic [31:0]  line_word, line_value, line_generation, line_spent, line_made;
  logic [1:0]   line_state;
  logic [5:0]   line_slot;
  logic         line_bank;
  logic [7:0]   line_flags;
  logic [15:0]  lines_word_addr;
  logic [31:0]  lines_wdata;
  logic         body_done, body_ok, body_busy, body_quiet, body_we;
  logic [6:0]   body_addr;
  logic [31:0]  body_wdata;
  logic         seal_done, plain, issue, bound, seal_quiet, seal_work, seal_we;
  logic         header;
  logic [15:0]  seal_sw;
  logic [31:0]  generation, uses, spent, exports, made, seal_wdata;
  logic [2:0]   flags;
  logic [6:0]   seal_addr, header_addr;
  logic [3:0]   header_idx;
  logic         otp_busy, otp_quiet, otp_req, otp_we;
  logic [15:0]  otp_sw, otp_word_addr;
  logic [31:0]  otp_wdata;
  logic [6:0]   otp_addr;
  logic [63:0]  medium_id;
  logic         root_we;
  logic [2:0]   root_idx;
  logic [31:0]  root_word;

  logic        info_go, info_done, info_lines_go, info_busy, info_quiet;
  logic [8:0]  info_number;
  logic [3:0]  info_idx;
  assign info_go = go && (ins == sdv_spec_pkg::INS_GET_DATA ||
                          ins == sdv_spec_pkg::INS_LICENSE_LIST);
  sdv_info u_info (
    .clk_i          (clk_i),
    .rst_ni         (rst_ni),
    .go_i           (info_go),
    .list_i         (ins == sdv_spec_pkg::INS_LICENSE_LIST),
    .from_i         (from),
    .done_o         (info_done),
    .medium_id_i    (medium_id),
    .lifecycle_i    (lifecycle),
    .defects_i      (defects),
    .free_slots_i   (free_slots),
    .free_lines_i   (free_lines),
    .blocks_i       (blocks_i),
    .lines_go_o     (info_lines_go),
    .lines_number_o (info_number),
    .lines_done_i   (lines_done),
    .lines_ok_i     (lines_ok),
    .lines_number_i (lines_number),
    .lines_defect_i (lines_defect),
    .line_idx_o     (info_idx),
    .line_word_i    (line_word),
    .line_state_i   (line_state),
    .line_flags_i   (line_flags),
    .generation_i   (line_generation),
    .push_o         (info_push),
    .data_o         (info_data),
    .half_o         (half),
    .half_data_o    (half_data),
    .busy_o         (info_busy),
    .quiet_o        (info_quiet)
  );

  logic        store_done, store_copy_go, store_wipe, store_otp_go, store_otp_write;
  logic        store_lines_go, store_busy, store_quiet;
  logic [15:0] store_sw;
  sdv_store_data u_store_data (
    .clk_i        (clk_i),
    .rst_ni       (rst_ni),
    .go_i         (go && ins == sdv_spec_pkg::INS_STORE_DATA),
    .done_o       (store_done),
    .sw_o         (store_sw),
    .copy_go_o    (store_copy_go),
    .copy_wipe_o  (store_wipe),
    .copy_done_i  (copy_done),
    .otp_go_o     (store_otp_go),
    .otp_write_o  (store_otp_write),
    .otp_done_i   (otp_done),
    .otp_sw_i     (otp_sw),
    .lines_go_o   (store_lines_go),
    .lines_done_i (lines_done),
    .lines_ok_i   (lines_ok),
    .busy_o       (store_busy),
    .quiet_o      (store_quiet)
  );

  logic        export_done, export_copy_go, export_lines_go, export_body_go, export_seal_go;
  logic        export_seal, export_busy, export_quiet;
  logic [1:0]  export_copy_op;
  logic [6:0]  export_sector;
  logic [15:0] export_sw;
  logic [31:0] export_spent, export_made;
  sdv_export u_export (
    .clk_i         (clk_i),
    .rst_ni        (rst_ni),
    .go_i          (go && ins == sdv_spec_pkg::INS_LICENSE_EXPORT),
    .done_o        (export_done),
    .sw_o          (export_sw),
    .copy_go_o     (export_copy_go),
    .copy_op_o     (export_copy_op),
    .copy_done_i   (copy_done),
    .lines_go_o    (export_lines_go),
    .lines_done_i  (lines_done),
    .lines_ok_i    (lines_ok),
    .line_slot_i   (line_slot),
    .line_bank_i   (line_bank),
    .line_spent_i  (line_spent),
    .line_made_i   (line_made),
    .body_go_o     (export_body_go),
    .body_sector_o (export_sector),
    .body_done_i   (body_done),
    .body_ok_i     (body_ok),
    .seal_go_o     (export_seal_go),
    .seal_seal_o   (export_seal),
    .seal_done_i   (seal_done),
    .seal_sw_i     (seal_sw),
    .spent_o       (export_spent),
    .made_o        (export_made),
    .plain_i       (plain),
    .bound_i       (bound),
    .flags_i       (flags),
    .exports_i     (exports),
    .busy_o        (export_busy),
    .quiet_o       (export_quiet)
  );

  logic        import_done, import_copy_go, import_wipe, import_lines_go, import_bank, import_keep;
  logic        import_clear_tag, import_body_go, import_save, import_seal_go, import_seal;
  logic        import_store, import_fields, import_busy, import_quiet;
  logic [2:0]  import_op;
  logic [5:0]  import_slot;
  logic [6:0]  import_sector;
  logic [8:0]  import_number;
  logic [15:0] import_sw;
  logic [31:0] import_spent, import_made;
  sdv_import u_import (
    .clk_i              (clk_i),
    .rst_ni             (rst_ni),
    .go_i               (go && ins == sdv_spec_pkg::INS_LICENSE_IMPORT),
    .done_o             (import_done),
    .sw_o               (import_sw),
    .copy_go_o          (import_copy_go),
    .copy_wipe_o        (import_wipe),
    .copy_done_i        (copy_done),
    .lines_go_o         (import_lines_go),
    .lines_op_o         (import_op),
    .lines_number_o     (import_number),
    .lines_slot_o       (import_slot),
    .lines_bank_o       (import_bank),
    .lines_keep_o       (import_keep),
    .lines_clear_tag_o  (import_clear_tag),
    .lines_spent_o      (import_spent),
    .lines_made_o       (import_made),
    .lines_done_i       (lines_done),
    .lines_ok_i         (lines_ok),
    .lines_number_i     (lines_number),
    .line_state_i       (line_state),
    .line_slot_i        (line_slot),
    .line_bank_i        (line_bank),
    .line_keep_i        (line_flags[0]),
    .line_generation_i  (line_generation),
    .line_spent_i       (line_spent),
    .line_made_i        (line_made),
    .free_line_i        (free_line),
    .free_number_i      (free_number),
    .free_slot_i        (free_slots != 7'd0),
    .free_slot_number_i (free_slot),
    .body_go_o          (import_body_go),
    .body_save_o        (import_save),
    .body_sector_o      (import_sector),
    .body_done_i        (body_done),
    .body_ok_i          (body_ok),
    .seal_go_o          (import_seal_go),
    .seal_seal_o        (import_seal),
    .seal_store_o       (import_store),
    .seal_fields_o      (import_fields),
    .seal_done_i        (seal_done),
    .seal_sw_i          (seal_sw),
    .plain_i            (plain),
    .issue_i            (issue),
    .generation_i       (generation),
    .uses_i             (uses),
    .spent_i            (spent),
    .exports_i          (exports),
    .made_i             (made),
    .busy_o             (import_busy),
    .quiet_o            (import_quiet)
  );

  assign cmd_done = info_done || store_done || export_done || import_done;
  always_comb begin
    cmd_sw = sdv_spec_pkg::SW_OK;
    if (store_busy) begin
      cmd_sw = store_sw;
    end else if (export_busy) begin
      cmd_sw = export_sw;
    end else if (import_busy) begin
      cmd_sw = import_sw;
    end
  end

  /////////////
  // Servers //
  /////////////

  logic [1:0] copy_op;
  logic [7:0] copy_words;
  always_comb begin
    copy_op    = sdv_pkg::COPY_IN;
    copy_words = 8'd128;
    if (export_busy) begin
      copy_op    = export_copy_op;
      copy_words = (export_copy_op == sdv_pkg::COPY_IN) ? 8'd4 : 8'd128;
    end else if (import_busy) begin
      copy_op = import_wipe ? sdv_pkg::COPY_WIPE : sdv_pkg::COPY_IN;
    end else if (store_busy) begin
      copy_op    = store_wipe ? sdv_pkg::COPY_WIPE : sdv_pkg::COPY_IN;
      copy_words = 8'd14;
    end
  end
  sdv_copy u_copy (
    .clk_i        (clk_i),
    .rst_ni       (rst_ni),
    .go_i         (store_copy_go || export_copy_go || import_copy_go),
    .op_i         (copy_op),
    .late_i       (late),
    .base_i       (export_busy ? 7'd6 : 7'd0),   // an id goes where a header has it
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

  logic       random_lines_go, random_lines;
  logic [2:0] lines_op;
  logic [8:0] lines_operand;
  always_comb begin
    lines_op      = sdv_pkg::LINES_FIND;
    lines_operand = import_number;
    if (random_lines) begin
      lines_op      = sdv_pkg::LINES_COUNT;
      lines_operand = 9'(sdv_spec_pkg::VAULT_LINE_POWER_UPS);
    end else if (info_busy) begin
      lines_op      = sdv_pkg::LINES_NEXT;
      lines_operand = info_number;
    end else if (store_busy) begin
      lines_op      = sdv_pkg::LINES_ACTIVE;
      lines_operand = 9'(sdv_spec_pkg::VAULT_LINE_LIFECYCLE);
    end else if (import_busy) begin
      lines_op = import_op;
    end
  end
  sdv_lines u_lines (
    .clk_i        (clk_i),
    .rst_ni       (rst_ni),
    .boot_done_i  (boot_done_i),
    .ready_o      (lines_ready),
    .go_i         (random_lines_go || info_lines_go || store_lines_go || export_lines_go ||
                   import_lines_go),
    .op_i         (lines_op),
    .number_i     (lines_operand),
    .live_i       (export_busy),
    .slot_i       (import_slot),
    .bank_i       (import_bank),
    .keep_i       (import_keep),
    .clear_tag_i  (import_clear_tag),
    .spent_i      (import_spent),
    .made_i       (import_made),
    .done_o       (lines_done),
    .ok_o         (lines_ok),
    .number_o     (lines_number),
    .defect_o     (lines_defect),
    .idx_i        (header ? header_idx : info_idx),
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
    .go_i         (store_otp_go || (lines_ready && !up_go_q)),
    .write_i      (store_otp_write),
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
  assign word_otp_o   = otp_busy;
  assign word_we_o    = otp_busy ? otp_we : lines_we;
  assign word_addr_o  = otp_busy ? otp_word_addr : lines_word_addr;
  assign word_wdata_o = otp_busy ? otp_wdata : lines_wdata;

  sdv_body u_body (
    .clk_i          (clk_i),
    .rst_ni         (rst_ni),
    .go_i           (export_body_go || import_body_go),
    .save_i         (import_save),
    .sector_i       (export_busy ? export_sector : import_sector),
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

  logic         random_go, random_done, random_ok, random_busy, random_quiet, random_start;
  logic [2:0]   random_op;
  logic [31:0]  pers;
  logic         seal_start, crypto_busy, crypto_done, crypto_ok, crypto_seeded, crypto_we;
  logic         crypto_quiet, busy_kdf, busy_siv, busy_drbg, suite2, wiped;
  logic [2:0]   seal_op, label;
  logic [7:0]   binding, seal_word;
  logic [6:0]   crypto_addr;
  logic         unused_addr;          // the work memory has 128 words
  logic [9:0]   seal_len;
  logic [63:0]  apparatus_id;
  logic [31:0]  crypto_wdata;
  logic [127:0] random;
  assign wiped = copy_done && (copy_op == sdv_pkg::COPY_WIPE);
  sdv_seal u_seal (
    .clk_i                 (clk_i),
    .rst_ni                (rst_ni),
    .go_i                  (export_seal_go || import_seal_go),
    .seal_i                (export_busy ? export_seal : import_seal),
    .store_i               (export_busy ? !export_seal : import_store),
    .fields_i              (export_busy || import_fields),
    .spent_i               (export_busy ? export_spent : 32'd0),
    .made_i                (export_busy ? export_made : 32'd0),
    .done_o                (seal_done),
    .sw_o                  (seal_sw),
    .wiped_i               (wiped),
    .plain_o               (plain),
    .issue_o               (issue),
    .bound_o               (bound),
    .generation_o          (generation),
    .uses_o                (uses),
    .spent_o               (spent),
    .flags_o               (flags),
    .exports_o             (exports),
    .made_o                (made),
    .medium_id_i           (medium_id),
    .line_idx_o            (header_idx),
    .line_word_i           (line_word),
    .work_o                (seal_work),
    .work_addr_o           (seal_addr),
    .work_we_o             (seal_we),
    .work_wdata_o          (seal_wdata),
    .header_o              (header),
    .header_addr_o         (header_addr),
    .work_rdata_i          (work_rdata),
    .random_go_o           (random_go),
    .random_done_i         (random_done),
    .random_ok_i           (random_ok),
    .random_i              (random),
    .crypto_start_o        (seal_start),
    .crypto_op_o           (seal_op),
    .crypto_label_o        (label),
    .crypto_suite2_o       (suite2),
    .crypto_binding_o      (binding),
    .crypto_apparatus_id_o (apparatus_id),
    .crypto_addr_o         (seal_word),
    .crypto_len_o          (seal_len),
    .crypto_done_i         (crypto_done && !random_busy),
    .crypto_ok_i           (crypto_ok),
    .quiet_o               (seal_quiet)
  );

  // Random bytes for others wait for the end of a command, and a command for them.
  logic rnd_wait_q, rnd_q, rnd_go;
  assign rnd_go    = rnd_wait_q && ready_q && !apdu_busy && !rsp_begin;
  assign may_begin = ready_q && !rnd_wait_q && !rnd_q && !rnd_req_i;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      rnd_wait_q <= 1'b0;
      rnd_q      <= 1'b0;
    end else if (rnd_req_i || rnd_wait_q || rnd_q) begin
      rnd_wait_q <= rnd_req_i || (rnd_wait_q && !rnd_go);
      rnd_q      <= rnd_go || (rnd_q && !random_done);
    end
  end
  assign rnd_done_o = rnd_q && random_done;
  assign rnd_o      = random_ok ? `SDV_BREAK(305, random, 128'd0) : '0;

  sdv_random u_random (
    .clk_i          (clk_i),
    .rst_ni         (rst_ni),
    .go_i           (random_go || rnd_go),
    .done_o         (random_done),
    .ok_o           (random_ok),
    .lines_go_o     (random_lines_go),
    .lines_done_i   (lines_done),
    .lines_ok_i     (lines_ok),
    .value_i        (line_value),
    .crypto_start_o (random_start),
    .crypto_op_o    (random_op),
    .pers_o         (pers),
    .crypto_done_i  (crypto_done),
    .crypto_ok_i    (crypto_ok),
    .seeded_i       (crypto_seeded),
    .busy_o         (random_busy),
    .lines_busy_o   (random_lines),
    .quiet_o        (random_quiet)
  );

  logic unused_aes, unused_cmac;
  sdv_crypto u_crypto (
    .clk_i           (clk_i),
    .rst_ni          (rst_ni),
    .start_i         (seal_start || random_start),
    .op_i            (random_busy ? random_op : seal_op),
    .busy_o          (crypto_busy),
    .done_o          (crypto_done),
    .ok_o            (crypto_ok),
    .label_i         (label),
    .suite2_i        (suite2),
    .medium_id_i     (medium_id),
    .binding_i       (binding),
    .apparatus_id_i  (apparatus_id),
    .epoch_i         (32'd0),
    .key_type_i      (8'd0),
    .addr_i          (seal_word),
    .len_i           (seal_len),
    .tag_addr_i      (8'(sdv_spec_pkg::SEALED_TAG / 4)),
    .pers_i          (pers),
    .random_o        (random),
    .seeded_o        (crypto_seeded),
    .root_we_i       (root_we),
    .root_idx_i      (root_idx),
    .root_word_i     (root_word),
    .mem_addr_o      ({unused_addr, crypto_addr}),
    .mem_we_o        (crypto_we),
    .mem_wdata_o     (crypto_wdata),
    .mem_rdata_i     (work_rdata),
    .entropy_req_o   (entropy_req_o),
    .entropy_valid_i (entropy_valid_i),
    .entropy_i       (entropy_i),
    .busy_aes_o      (unused_aes),
    .busy_cmac_o     (unused_cmac),
    .busy_kdf_o      (busy_kdf),
    .busy_siv_o      (busy_siv),
    .busy_drbg_o     (busy_drbg),
    .quiet_o         (crypto_quiet)
  );

  sdv_work u_work (
    .clk_i          (clk_i),
    .rst_ni         (rst_ni),
    .copy_i         (copy_busy),
    .copy_addr_i    (copy_addr),
    .copy_we_i      (copy_we),
    .copy_wdata_i   (copy_wdata),
    .header_i       (header),
    .header_addr_i  (header_addr),
    .seal_i         (seal_work),
    .seal_addr_i    (seal_addr),
    .seal_we_i      (seal_we),
    .seal_wdata_i   (seal_wdata),
    .crypto_i       (crypto_busy),
    .crypto_addr_i  (crypto_addr),
    .crypto_we_i    (crypto_we),
    .crypto_wdata_i (crypto_wdata),
    .body_i         (body_busy),
    .body_addr_i    (body_addr),
    .body_we_i      (body_we),
    .body_wdata_i   (body_wdata),
    .lines_i        (lines_work),
    .lines_addr_i   (lines_addr),
    .otp_i          (otp_busy),
    .otp_addr_i     (otp_addr),
    .rdata_o        (work_rdata)
  );

  // Where the clocks go: one unit at a time.
  logic [4:0] servers;
  assign servers      = {busy_drbg, busy_siv, busy_kdf, body_busy, lines_busy || otp_busy};
  assign busy_units_o = {servers, apdu_busy && servers == 5'd0};

  logic own_quiet;
  assign own_quiet = !start_i && !rnd_req_i && !rnd_go && !entropy_valid_i &&
                     (ready_q || !lines_ready || (otp_busy && !otp_done));
  assign quiet_o   = own_quiet && apdu_quiet && rsp_quiet && info_quiet && store_quiet &&
                     export_quiet && import_quiet && copy_quiet && lines_quiet && otp_quiet &&
                     body_quiet && seal_quiet && random_quiet && crypto_quiet;

`ifdef SDV_ASSERT
  // The next clock after a quiet one moves nothing but what inputs move.
  logic       was_quiet_q;
  logic [8:0] busy_q, busy_now;
  assign busy_now = {apdu_busy, info_busy, store_busy, export_busy, import_busy, lines_busy,
                     otp_busy, body_busy, crypto_busy};
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
      // Commands run one at a time.
      assert (32'(info_busy) + 32'(store_busy) + 32'(export_busy) + 32'(import_busy) <= 32'd1);
    end
  end
`endif

endmodule

`default_nettype wire
