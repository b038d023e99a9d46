// SPDX-License-Identifier: Apache-2.0
//
// LICENSE IMPORT: brings a sealed license into the secure area.
//
// It puts the steps in order; sdv_import_rule decides.  The body is written and
// read back before the line names it.  Page: docs/rtl/sdv_import.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_import (
  input  logic        clk_i,
  input  logic        rst_ni,

  input  logic        go_i,            // pulse
  output logic        done_o,          // pulse
  output logic [15:0] sw_o,            // with it

  output logic        copy_go_o,       // token in, or zeros
  output logic        copy_wipe_o,
  input  logic        copy_done_i,

  output logic        lines_go_o,
  output logic [2:0]  lines_op_o,
  output logic [8:0]  lines_number_o,
  output logic [5:0]  lines_slot_o,
  output logic        lines_bank_o,
  output logic        lines_keep_o,
  output logic        lines_clear_tag_o,
  output logic [31:0] lines_spent_o,
  output logic [31:0] lines_made_o,
  input  logic        lines_done_i,
  input  logic        lines_ok_i,
  input  logic [8:0]  lines_number_i,  // the line that was found
  input  logic [1:0]  line_state_i,
  input  logic [5:0]  line_slot_i,
  input  logic        line_bank_i,
  input  logic        line_keep_i,
  input  logic [31:0] line_generation_i,
  input  logic [31:0] line_spent_i,
  input  logic [31:0] line_made_i,
  input  logic        free_line_i,     // there is one: this
  input  logic [7:0]  free_number_i,
  input  logic        free_slot_i,
  input  logic [5:0]  free_slot_number_i,

  output logic        body_go_o,
  output logic        body_save_o,
  output logic [6:0]  body_sector_o,
  input  logic        body_done_i,
  input  logic        body_ok_i,

  output logic        seal_go_o,
  output logic        seal_seal_o,
  output logic        seal_store_o,
  output logic        seal_fields_o,
  input  logic        seal_done_i,
  input  logic [15:0] seal_sw_i,
  input  logic        plain_i,
  input  logic        issue_i,         // what was opened
  input  logic [31:0] generation_i,
  input  logic [31:0] uses_i,
  input  logic [31:0] spent_i,
  input  logic [31:0] exports_i,
  input  logic [31:0] made_i,

  output logic        busy_o,
  output logic        quiet_o
);

  localparam logic [1:0] Live     = 2'(sdv_spec_pkg::VAULT_STATE_LIVE);
  localparam logic [1:0] Deleting = 2'(sdv_spec_pkg::VAULT_STATE_DELETING);

  typedef enum logic [3:0] {
    StIdle,
    StIn,       // the blob
    StOpen,
    StFind,     // its line
    StLoad,     // a live one: its body
    StJudge,    // is it good?
    StDecide,
    StInAgain,  // the blob, which made room for the body
    StOpenAgain,
    StSeal,     // for rest
    StSave,
    StCommit,
    StWipe,
    StDone
  } state_e;

  state_e      state_q;
  logic        call_q;     // first clock of a state
  logic [15:0] sw_q;
  logic        line_q, live_q, good_q, gone_q, body_q;
  logic [8:0]  number_q;
  logic [5:0]  slot_q;
  logic        bank_q, keep_q, clear_tag_q;
  logic [31:0] spent_q, made_q;

  logic        refuse, new_body, write, clear_tag, keep;
  logic [31:0] spent, made;
  sdv_import_rule u_rule (
    .issue_i           (issue_i),
    .generation_i      (generation_i),
    .uses_i            (uses_i),
    .exports_i         (exports_i),
    .spent_i           (spent_i),
    .made_i            (made_i),
    .line_i            (line_q),
    .live_i            (live_q),
    .good_i            (good_q),
    .deleting_i        (line_q && line_state_i == Deleting),
    .keep_i            (line_keep_i),
    .line_generation_i (line_generation_i),
    .line_spent_i      (line_spent_i),
    .line_made_i       (line_made_i),
    .refuse_o          (refuse),
    .new_body_o        (new_body),
    .write_o           (write),
    .clear_tag_o       (clear_tag),
    .keep_o            (keep),
    .spent_o           (spent),
    .made_o            (made)
  );

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q     <= StIdle;
      call_q      <= 1'b0;
      sw_q        <= sdv_spec_pkg::SW_OK;
      line_q      <= 1'b0;
      live_q      <= 1'b0;
      good_q      <= 1'b0;
      gone_q      <= 1'b0;
      body_q      <= 1'b0;
      number_q    <= '0;
      slot_q      <= '0;
      bank_q      <= 1'b0;
      keep_q      <= 1'b0;
      clear_tag_q <= 1'b0;
      spent_q     <= '0;
      made_q      <= '0;
    end else if (state_q != StIdle || go_i) begin
      call_q <= 1'b0;
      unique case (state_q)
        // StIdle: a request.
        StIdle: begin
          sw_q    <= sdv_spec_pkg::SW_OK;
          good_q  <= 1'b0;
          gone_q  <= 1'b0;
          call_q  <= 1'b1;
          state_q <= StIn;
        end
        // StIn: 128 words.
        StIn: begin
          if (copy_done_i) begin
            call_q  <= 1'b1;
            state_q <= StOpen;
          end
        end
        // StOpen: the reason of a refusal is the answer.
        StOpen: begin
          if (seal_done_i) begin
            call_q  <= 1'b1;
            state_q <= StFind;
            if (seal_sw_i != sdv_spec_pkg::SW_OK) begin
              sw_q    <= seal_sw_i;
              call_q  <= plain_i;
              state_q <= plain_i ? StWipe : StDone;
            end
          end
        end
        // StFind: any line that remembers this license.
        StFind: begin
          if (lines_done_i) begin
            line_q  <= lines_ok_i;
            live_q  <= lines_ok_i && line_state_i == Live;
            call_q  <= 1'b1;
            state_q <= StLoad;
            if (!lines_ok_i || line_state_i != Live) begin
              call_q  <= 1'b0;
              state_q <= StDecide;
            end
          end
        end
        // StLoad: the body takes the place of the blob.
        StLoad: begin
          if (body_done_i) begin
            gone_q  <= body_ok_i;
            call_q  <= body_ok_i;
            state_q <= body_ok_i ? StJudge : StDecide;
          end
        end
        // StJudge: as for an export.
        StJudge: begin
          if (seal_done_i) begin
            good_q  <= (seal_sw_i == sdv_spec_pkg::SW_OK);
            state_q <= StDecide;
          end
        end
        // StDecide: from here on the line at hand may be another.
        StDecide: begin
          number_q    <= line_q ? lines_number_i : {1'b0, free_number_i};
          slot_q      <= live_q ? line_slot_i : free_slot_number_i;
          bank_q      <= live_q && `SDV_BREAK(306, !line_bank_i, line_bank_i);
          keep_q      <= keep;
          clear_tag_q <= clear_tag;
          spent_q     <= spent;
          made_q      <= made;
          body_q      <= new_body;
          call_q      <= 1'b1;
          state_q     <= gone_q ? StInAgain : StSeal;
          if (refuse) begin
            sw_q    <= sdv_spec_pkg::SW_CONDITIONS;
            state_q <= StWipe;
          end else if (!new_body) begin
            state_q <= write ? StCommit : StWipe;
          end else if ((!line_q && !free_line_i) || (!live_q && !free_slot_i)) begin
            sw_q    <= sdv_spec_pkg::SW_NO_SPACE;
            state_q <= StWipe;
          end
        end
        // StInAgain: it still is in the token memory.
        StInAgain: begin
          if (copy_done_i) begin
            call_q  <= 1'b1;
            state_q <= StOpenAgain;
          end
        end
        // StOpenAgain: with the same result.
        StOpenAgain: begin
          if (seal_done_i) begin
            call_q  <= 1'b1;
            state_q <= StSeal;
            if (seal_sw_i != sdv_spec_pkg::SW_OK) begin
              sw_q    <= seal_sw_i;
              state_q <= StWipe;
            end
          end
        end
        // StSeal: under the store key.
        StSeal: begin
          if (seal_done_i) begin
            call_q  <= 1'b1;
            state_q <= StSave;
            if (seal_sw_i != sdv_spec_pkg::SW_OK) begin
              sw_q    <= seal_sw_i;
              state_q <= StWipe;
            end
          end
        end
        // StSave: into the bank that no line names.
        StSave: begin
          if (body_done_i) begin
            call_q  <= body_ok_i;
            state_q <= StCommit;
            if (!body_ok_i) begin
              sw_q    <= `SDV_BREAK(307, sdv_spec_pkg::SW_MEMORY_FAILURE, sdv_spec_pkg::SW_OK);
              state_q <= StDone;
            end
          end
        end
        // StCommit: this is the import.
        StCommit: begin
          if (lines_done_i) begin
            call_q  <= 1'b1;
            state_q <= StWipe;
            if (!lines_ok_i) begin
              sw_q <= `SDV_BREAK(308, sdv_spec_pkg::SW_MEMORY_FAILURE, sdv_spec_pkg::SW_OK);
            end
          end
        end
        // StWipe: what is not sealed goes.
        StWipe: begin
          if (`SDV_BREAK(304, copy_done_i || (call_q && !plain_i), 1'b1)) begin
            state_q <= StDone;
          end
        end
        // StDone: one pulse.
        default: state_q <= StIdle;
      endcase
    end
  end

  always_comb begin
    lines_op_o = sdv_pkg::LINES_FIND;
    if (state_q == StCommit) begin
      lines_op_o = body_q ? sdv_pkg::LINES_BODY : sdv_pkg::LINES_COUNTERS;
    end
  end

  logic answered;
  assign answered          = copy_done_i || lines_done_i || body_done_i || seal_done_i;
  assign done_o            = (state_q == StDone);
  assign sw_o              = sw_q;
  assign copy_go_o         = call_q && (state_q == StIn || state_q == StInAgain ||
                                        (state_q == StWipe && `SDV_BREAK(304, plain_i, 1'b0)));
  assign copy_wipe_o       = (state_q == StWipe);
  assign lines_go_o        = call_q && (state_q == StFind || state_q == StCommit);
  assign lines_number_o    = number_q;
  assign lines_slot_o      = slot_q;
  assign lines_bank_o      = bank_q;
  assign lines_keep_o      = keep_q;
  assign lines_clear_tag_o = clear_tag_q;
  assign lines_spent_o     = spent_q;
  assign lines_made_o      = made_q;
  assign body_go_o         = call_q && (state_q == StLoad || state_q == StSave);
  assign body_save_o       = (state_q == StSave);
  assign body_sector_o     = (state_q == StSave) ? {slot_q, bank_q} : {line_slot_i, line_bank_i};
  assign seal_go_o         = call_q && (state_q == StOpen || state_q == StJudge ||
                                        state_q == StOpenAgain || state_q == StSeal);
  assign seal_seal_o       = (state_q == StSeal);
  assign seal_store_o      = (state_q == StJudge) || (state_q == StSeal);
  assign seal_fields_o     = (state_q != StJudge);
  assign busy_o            = (state_q != StIdle);
  assign quiet_o           = (state_q == StIdle) ||
                             (state_q != StDecide && state_q != StDone && !call_q && !answered);

`ifdef SDV_ASSERT
  logic named_bank_q;   // the bank of the line that was found
  logic saved_q;        // the body was read back
  always_ff @(posedge clk_i) begin
    if (go_i || body_done_i) begin
      saved_q <= body_done_i && body_ok_i && body_save_o;
    end
    if (state_q == StDecide) begin
      named_bank_q <= line_bank_i;
    end
    if (rst_ni) begin
      assert (state_q <= StDone);
      assert (!go_i || state_q == StIdle);
      // SEC: no plain text goes into the flash, or stays behind.
      assert (state_q != StSave || !plain_i);
      assert (!done_o || !plain_i);
      // SEC: no line names a body that was not read back.
      assert (!(lines_go_o && lines_op_o == sdv_pkg::LINES_BODY) || saved_q);
      // SEC: the bank that the line names is never written.
      assert (!(body_go_o && body_save_o && live_q) || bank_q != named_bank_q);
    end
  end
`endif

endmodule

`default_nettype wire
