// SPDX-License-Identifier: Apache-2.0
//
// LICENSE EXPORT: takes a license out, sealed for this medium.
//
// It puts the steps in order and looks at the rights.  Nothing is written.
// Page: docs/rtl/sdv_export.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_export (
  input  logic        clk_i,
  input  logic        rst_ni,

  input  logic        go_i,            // pulse
  output logic        done_o,          // pulse
  output logic [15:0] sw_o,            // with it

  output logic        copy_go_o,
  output logic [1:0]  copy_op_o,       // id in, license out, zeros
  input  logic        copy_done_i,

  output logic        lines_go_o,      // find the id
  input  logic        lines_done_i,
  input  logic        lines_ok_i,
  input  logic [5:0]  line_slot_i,     // the line
  input  logic        line_bank_i,
  input  logic [31:0] line_spent_i,
  input  logic [31:0] line_made_i,

  output logic        body_go_o,       // load
  output logic [6:0]  body_sector_o,
  input  logic        body_done_i,
  input  logic        body_ok_i,

  output logic        seal_go_o,
  output logic        seal_seal_o,     // seal, else open
  input  logic        seal_done_i,
  input  logic [15:0] seal_sw_i,
  output logic [31:0] spent_o,         // to be sealed
  output logic [31:0] made_o,
  input  logic        plain_i,
  input  logic        bound_i,         // what was opened
  input  logic [2:0]  flags_i,
  input  logic [31:0] exports_i,

  output logic        busy_o,
  output logic        quiet_o
);

  typedef enum logic [3:0] {
    StIdle,
    StId,
    StFind,
    StLoad,
    StOpen,
    StRights,
    StSeal,
    StOut,
    StWipe,
    StDone
  } state_e;

  state_e      state_q;
  logic        call_q;    // first clock of a state
  logic [15:0] sw_q;
  logic [31:0] spent_q, made_q;
  logic [6:0]  sector_q;

  logic needs_session, may_leave;
  assign needs_session = bound_i ||
      ((flags_i & 3'(sdv_spec_pkg::VAULT_RECORD_SESSION_EXPORT)) != 3'd0) ||
      `SDV_BREAK(289, exports_i != sdv_spec_pkg::VAULT_UNLIMITED, 1'b0);
  assign may_leave     = `SDV_BREAK(290,
      (flags_i & 3'(sdv_spec_pkg::VAULT_RECORD_MEDIUM_EXPORT)) != 3'd0, 1'b1);

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q  <= StIdle;
      call_q   <= 1'b0;
      sw_q     <= sdv_spec_pkg::SW_OK;
      spent_q  <= '0;
      made_q   <= '0;
      sector_q <= '0;
    end else if (state_q != StIdle || go_i) begin
      call_q <= 1'b0;
      unique case (state_q)
        // StIdle: a request.
        StIdle: begin
          sw_q    <= sdv_spec_pkg::SW_OK;
          call_q  <= 1'b1;
          state_q <= StId;
        end
        // StId: where a header has it.
        StId: begin
          if (copy_done_i) begin
            call_q  <= 1'b1;
            state_q <= StFind;
          end
        end
        // StFind: only a live line has a body.
        StFind: begin
          if (lines_done_i) begin
            spent_q  <= line_spent_i;
            made_q   <= line_made_i;
            sector_q <= {line_slot_i, `SDV_BREAK(291, line_bank_i, !line_bank_i)};
            call_q   <= 1'b1;
            state_q  <= StLoad;
            if (!lines_ok_i) begin
              sw_q    <= sdv_spec_pkg::SW_NOT_FOUND;
              state_q <= StWipe;
            end
          end
        end
        // StLoad: the bank that the line names.
        StLoad: begin
          if (body_done_i) begin
            call_q  <= 1'b1;
            state_q <= StOpen;
            if (!body_ok_i) begin
              sw_q    <= sdv_spec_pkg::SW_NOT_USABLE;
              state_q <= StWipe;
            end
          end
        end
        // StOpen: a body that is not good is no license.
        StOpen: begin
          if (seal_done_i) begin
            state_q <= StRights;
            if (seal_sw_i != sdv_spec_pkg::SW_OK) begin
              sw_q    <= sdv_spec_pkg::SW_NOT_USABLE;
              call_q  <= 1'b1;
              state_q <= StWipe;
            end
          end
        end
        // StRights: what its record allows.
        StRights: begin
          call_q  <= 1'b1;
          state_q <= StSeal;
          if (needs_session) begin
            sw_q    <= sdv_spec_pkg::SW_SECURITY_STATUS;
            state_q <= StWipe;
          end else if (!may_leave) begin
            sw_q    <= sdv_spec_pkg::SW_CONDITIONS;
            state_q <= StWipe;
          end
        end
        // StSeal: as a backup.
        StSeal: begin
          if (seal_done_i) begin
            sw_q    <= seal_sw_i;
            call_q  <= 1'b1;
            state_q <= (seal_sw_i == sdv_spec_pkg::SW_OK) ? StOut : StWipe;
          end
        end
        // StOut: sealed bytes leave.
        StOut: begin
          if (copy_done_i) begin
            state_q <= StDone;
          end
        end
        // StWipe: what is not sealed goes.
        StWipe: begin
          if (copy_done_i || (call_q && !plain_i)) begin
            state_q <= StDone;
          end
        end
        // StDone: one pulse.
        default: state_q <= StIdle;
      endcase
    end
  end

  always_comb begin
    copy_op_o = sdv_pkg::COPY_IN;
    if (state_q == StOut) begin
      copy_op_o = sdv_pkg::COPY_OUT;
    end else if (state_q == StWipe) begin
      copy_op_o = sdv_pkg::COPY_WIPE;
    end
  end

  logic answered;
  assign answered      = copy_done_i || lines_done_i || body_done_i || seal_done_i;
  assign done_o        = (state_q == StDone);
  assign sw_o          = sw_q;
  assign copy_go_o     = call_q && (state_q == StId || state_q == StOut ||
                                    (state_q == StWipe && plain_i));
  assign lines_go_o    = call_q && (state_q == StFind);
  assign body_go_o     = call_q && (state_q == StLoad);
  assign body_sector_o = sector_q;
  assign seal_go_o     = call_q && (state_q == StOpen || state_q == StSeal);
  assign seal_seal_o   = (state_q == StSeal);
  assign spent_o       = `SDV_BREAK(292, spent_q, 32'd0);
  assign made_o        = made_q;
  assign busy_o        = (state_q != StIdle);
  assign quiet_o       = (state_q == StIdle) ||
                         (state_q != StRights && state_q != StDone && !call_q && !answered);

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (state_q <= StDone);
      assert (!go_i || state_q == StIdle);
      // SEC: what leaves is sealed, and no plain text stays behind.
      assert (state_q != StOut || !plain_i);
      assert (!done_o || !plain_i);
    end
  end
`endif

endmodule

`default_nettype wire
