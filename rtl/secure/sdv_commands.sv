// SPDX-License-Identifier: Apache-2.0
//
// The modules of the instructions, and which of them the servers listen to.
//
// Only wiring: one command runs at a time, and it is the one that is busy.
// Page: docs/rtl/sdv_commands.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_commands #(
  parameter int AesMember = sdv_spec_pkg::AES_ENC_BOTH_TABLE,   // which AES; for both sizes of keys
  parameter int AesLanes  = 1                                   // how many of them
) (
  input  logic        clk_i,
  input  logic        rst_ni,

  // sdv_apdu
  input  logic        go_i,            // pulse
  input  logic [7:0]  ins_i,
  input  logic [7:0]  from_i,
  output logic        done_o,          // pulse
  output logic [15:0] sw_o,            // with it

  // what the card is
  input  logic [63:0] medium_id_i,
  input  logic [2:0]  lifecycle_i,
  input  logic [2:0]  defects_i,
  input  logic [31:0] blocks_i,

  // sdv_response
  output logic        push_o,
  output logic [31:0] push_data_o,
  output logic        half_o,
  output logic [15:0] half_data_o,

  // sdv_copy
  output logic        copy_go_o,
  output logic [1:0]  copy_op_o,
  output logic [6:0]  copy_base_o,
  output logic [7:0]  copy_words_o,
  input  logic        copy_done_i,

  // sdv_lines
  output logic        lines_go_o,
  output logic [2:0]  lines_op_o,
  output logic [8:0]  lines_number_o,
  output logic        lines_live_o,
  output logic [5:0]  lines_slot_o,
  output logic        lines_bank_o,
  output logic        lines_keep_o,
  output logic        lines_clear_tag_o,
  output logic [31:0] lines_spent_o,
  output logic [31:0] lines_made_o,
  input  logic        lines_done_i,
  input  logic        lines_ok_i,
  input  logic [8:0]  lines_number_i,
  input  logic        lines_defect_i,
  output logic [3:0]  line_idx_o,
  input  logic [31:0] line_word_i,
  input  logic [1:0]  line_state_i,
  input  logic [5:0]  line_slot_i,
  input  logic        line_bank_i,
  input  logic [7:0]  line_flags_i,
  input  logic [31:0] line_generation_i,
  input  logic [31:0] line_spent_i,
  input  logic [31:0] line_made_i,
  input  logic        free_line_i,
  input  logic [7:0]  free_number_i,
  input  logic [5:0]  free_slot_i,
  input  logic [6:0]  free_slots_i,
  input  logic [8:0]  free_lines_i,

  // sdv_otp
  output logic        otp_go_o,
  output logic        otp_write_o,
  input  logic        otp_done_i,
  input  logic [15:0] otp_sw_i,

  // sdv_body
  output logic        body_go_o,
  output logic        body_save_o,
  output logic [6:0]  body_sector_o,
  input  logic        body_done_i,
  input  logic        body_ok_i,

  // sdv_keys
  output logic        seal_go_o,
  output logic        seal_seal_o,
  output logic        seal_store_o,
  output logic        seal_fields_o,
  output logic [31:0] seal_spent_o,
  output logic [31:0] seal_made_o,
  input  logic        seal_done_i,
  input  logic [15:0] seal_sw_i,
  input  logic        plain_i,
  input  logic        issue_i,
  input  logic        bound_i,
  input  logic [31:0] generation_i,
  input  logic [31:0] uses_i,
  input  logic [31:0] spent_i,
  input  logic [2:0]  flags_i,
  input  logic [31:0] exports_i,
  input  logic [31:0] made_i,

  output logic        quiet_o
);

  logic        info_go, info_done, info_lines_go, info_busy, info_quiet;
  logic [8:0]  info_number;
  assign info_go = go_i && (ins_i == sdv_spec_pkg::INS_GET_DATA ||
                          ins_i == sdv_spec_pkg::INS_LICENSE_LIST);
  sdv_info #(.AesMember(AesMember), .AesLanes(AesLanes)) u_info (
    .clk_i          (clk_i),
    .rst_ni         (rst_ni),
    .go_i           (info_go),
    .list_i         (ins_i == sdv_spec_pkg::INS_LICENSE_LIST),
    .from_i         (from_i),
    .done_o         (info_done),
    .medium_id_i    (medium_id_i),
    .lifecycle_i    (lifecycle_i),
    .defects_i      (defects_i),
    .free_slots_i   (free_slots_i),
    .free_lines_i   (free_lines_i),
    .blocks_i       (blocks_i),
    .lines_go_o     (info_lines_go),
    .lines_number_o (info_number),
    .lines_done_i   (lines_done_i),
    .lines_ok_i     (lines_ok_i),
    .lines_number_i (lines_number_i),
    .lines_defect_i (lines_defect_i),
    .line_idx_o     (line_idx_o),
    .line_word_i    (line_word_i),
    .line_state_i   (line_state_i),
    .line_flags_i   (line_flags_i),
    .generation_i   (line_generation_i),
    .push_o         (push_o),
    .data_o         (push_data_o),
    .half_o         (half_o),
    .half_data_o    (half_data_o),
    .busy_o         (info_busy),
    .quiet_o        (info_quiet)
  );

  logic        store_done, store_copy_go, store_wipe;
  logic        store_lines_go, store_busy, store_quiet;
  logic [15:0] store_sw;
  sdv_store_data u_store_data (
    .clk_i        (clk_i),
    .rst_ni       (rst_ni),
    .go_i         (go_i && ins_i == sdv_spec_pkg::INS_STORE_DATA),
    .done_o       (store_done),
    .sw_o         (store_sw),
    .copy_go_o    (store_copy_go),
    .copy_wipe_o  (store_wipe),
    .copy_done_i  (copy_done_i),
    .otp_go_o     (otp_go_o),
    .otp_write_o  (otp_write_o),
    .otp_done_i   (otp_done_i),
    .otp_sw_i     (otp_sw_i),
    .lines_go_o   (store_lines_go),
    .lines_done_i (lines_done_i),
    .lines_ok_i   (lines_ok_i),
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
    .go_i          (go_i && ins_i == sdv_spec_pkg::INS_LICENSE_EXPORT),
    .done_o        (export_done),
    .sw_o          (export_sw),
    .copy_go_o     (export_copy_go),
    .copy_op_o     (export_copy_op),
    .copy_done_i   (copy_done_i),
    .lines_go_o    (export_lines_go),
    .lines_done_i  (lines_done_i),
    .lines_ok_i    (lines_ok_i),
    .line_slot_i   (line_slot_i),
    .line_bank_i   (line_bank_i),
    .line_spent_i  (line_spent_i),
    .line_made_i   (line_made_i),
    .body_go_o     (export_body_go),
    .body_sector_o (export_sector),
    .body_done_i   (body_done_i),
    .body_ok_i     (body_ok_i),
    .seal_go_o     (export_seal_go),
    .seal_seal_o   (export_seal),
    .seal_done_i   (seal_done_i),
    .seal_sw_i     (seal_sw_i),
    .spent_o       (export_spent),
    .made_o        (export_made),
    .plain_i       (plain_i),
    .bound_i       (bound_i),
    .flags_i       (flags_i),
    .exports_i     (exports_i),
    .busy_o        (export_busy),
    .quiet_o       (export_quiet)
  );

  logic        import_done, import_copy_go, import_wipe, import_lines_go;
  logic        import_body_go, import_seal_go, import_seal;
  logic        import_store, import_fields, import_busy, import_quiet;
  logic [2:0]  import_op;
  logic [6:0]  import_sector;
  logic [8:0]  import_number;
  logic [15:0] import_sw;
  sdv_import u_import (
    .clk_i              (clk_i),
    .rst_ni             (rst_ni),
    .go_i               (go_i && ins_i == sdv_spec_pkg::INS_LICENSE_IMPORT),
    .done_o             (import_done),
    .sw_o               (import_sw),
    .copy_go_o          (import_copy_go),
    .copy_wipe_o        (import_wipe),
    .copy_done_i        (copy_done_i),
    .lines_go_o         (import_lines_go),
    .lines_op_o         (import_op),
    .lines_number_o     (import_number),
    .lines_slot_o       (lines_slot_o),
    .lines_bank_o       (lines_bank_o),
    .lines_keep_o       (lines_keep_o),
    .lines_clear_tag_o  (lines_clear_tag_o),
    .lines_spent_o      (lines_spent_o),
    .lines_made_o       (lines_made_o),
    .lines_done_i       (lines_done_i),
    .lines_ok_i         (lines_ok_i),
    .lines_number_i     (lines_number_i),
    .line_state_i       (line_state_i),
    .line_slot_i        (line_slot_i),
    .line_bank_i        (line_bank_i),
    .line_keep_i        (line_flags_i[0]),
    .line_generation_i  (line_generation_i),
    .line_spent_i       (line_spent_i),
    .line_made_i        (line_made_i),
    .free_line_i        (free_line_i),
    .free_number_i      (free_number_i),
    .free_slot_i        (free_slots_i != 7'd0),
    .free_slot_number_i (free_slot_i),
    .body_go_o          (import_body_go),
    .body_save_o        (body_save_o),
    .body_sector_o      (import_sector),
    .body_done_i        (body_done_i),
    .body_ok_i          (body_ok_i),
    .seal_go_o          (import_seal_go),
    .seal_seal_o        (import_seal),
    .seal_store_o       (import_store),
    .seal_fields_o      (import_fields),
    .seal_done_i        (seal_done_i),
    .seal_sw_i          (seal_sw_i),
    .plain_i            (plain_i),
    .issue_i            (issue_i),
    .generation_i       (generation_i),
    .uses_i             (uses_i),
    .spent_i            (spent_i),
    .exports_i          (exports_i),
    .made_i             (made_i),
    .busy_o             (import_busy),
    .quiet_o            (import_quiet)
  );

  assign done_o = info_done || store_done || export_done || import_done;
  always_comb begin
    sw_o = sdv_spec_pkg::SW_OK;
    if (store_busy) begin
      sw_o = store_sw;
    end else if (export_busy) begin
      sw_o = export_sw;
    end else if (import_busy) begin
      sw_o = import_sw;
    end
  end

  assign copy_go_o   = store_copy_go || export_copy_go || import_copy_go;
  assign copy_base_o = export_busy ? 7'd6 : 7'd0;   // an id goes where a header has it
  always_comb begin
    copy_op_o    = sdv_pkg::COPY_IN;
    copy_words_o = 8'd128;
    if (export_busy) begin
      copy_op_o    = export_copy_op;
      copy_words_o = (export_copy_op == sdv_pkg::COPY_IN) ? 8'd4 : 8'd128;
    end else if (import_busy) begin
      copy_op_o = import_wipe ? sdv_pkg::COPY_WIPE : sdv_pkg::COPY_IN;
    end else if (store_busy) begin
      copy_op_o    = store_wipe ? sdv_pkg::COPY_WIPE : sdv_pkg::COPY_IN;
      copy_words_o = 8'd14;
    end
  end

  assign lines_go_o   = info_lines_go || store_lines_go || export_lines_go || import_lines_go;
  assign lines_live_o = export_busy;
  always_comb begin
    lines_op_o     = sdv_pkg::LINES_FIND;
    lines_number_o = import_number;
    if (info_busy) begin
      lines_op_o     = sdv_pkg::LINES_NEXT;
      lines_number_o = info_number;
    end else if (store_busy) begin
      lines_op_o     = sdv_pkg::LINES_ACTIVE;
      lines_number_o = 9'(sdv_spec_pkg::VAULT_LINE_LIFECYCLE);
    end else if (import_busy) begin
      lines_op_o = import_op;
    end
  end

  assign body_go_o     = export_body_go || import_body_go;
  assign body_sector_o = export_busy ? export_sector : import_sector;

  assign seal_go_o     = export_seal_go || import_seal_go;
  assign seal_seal_o   = export_busy ? export_seal : import_seal;
  assign seal_store_o  = export_busy ? !export_seal : import_store;
  assign seal_fields_o = export_busy || `SDV_BREAK(309, import_fields, 1'b1);
  assign seal_spent_o  = export_busy ? export_spent : 32'd0;
  assign seal_made_o   = export_busy ? export_made : 32'd0;

  assign quiet_o = info_quiet && store_quiet && export_quiet && import_quiet && !go_i;

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (32'(info_busy) + 32'(store_busy) + 32'(export_busy) + 32'(import_busy) <= 32'd1);
      // Each go finds its module.
      assert (!go_i || info_go || ins_i == sdv_spec_pkg::INS_STORE_DATA ||
              ins_i == sdv_spec_pkg::INS_LICENSE_EXPORT ||
              ins_i == sdv_spec_pkg::INS_LICENSE_IMPORT);
    end
  end
`endif

endmodule

`default_nettype wire
