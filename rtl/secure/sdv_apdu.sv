// SPDX-License-Identifier: Apache-2.0
//
// APDU dispatch: takes a command when everything else rests, checks form,
// class, instruction, lifecycle, parameters and length in this order, lets the
// module of the instruction run it, and has the response written.  When the
// crypto is damaged it runs nothing, and a command that runs has failed.
//
// Page: docs/rtl/sdv_apdu.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_apdu (
  input  logic        clk_i,
  input  logic        rst_ni,

  input  logic        start_i,         // pulse
  input  logic [1:0]  fault_i,         // with it
  input  logic [10:0] len_i,
  input  logic        free_i,          // level: a command may begin
  input  logic [2:0]  lifecycle_i,
  input  logic        error_i,         // level: the crypto is damaged

  // token memory
  output logic [7:0]  tok_addr_o,
  input  logic [31:0] tok_rdata_i,

  // the module of the instruction
  output logic        go_o,            // pulse
  output logic [7:0]  ins_o,           // holds until done_i
  output logic [7:0]  from_o,          // P2
  output logic        late_o,          // data at byte 9 of the token, else at byte 7
  input  logic        done_i,          // pulse
  input  logic [15:0] sw_i,            // with it

  // sdv_response
  output logic        begin_o,
  output logic        end_o,
  output logic [15:0] sw_o,
  input  logic        written_i,
  output logic        done_o,          // pulse

  output logic        busy_o,
  output logic        quiet_o
);

  localparam logic [2:0] Blank  = 3'(sdv_spec_pkg::VAULT_LIFECYCLE_BLANK);
  localparam logic [2:0] Active = 3'(sdv_spec_pkg::VAULT_LIFECYCLE_ACTIVE);
  localparam logic [2:0] Locked = 3'(sdv_spec_pkg::VAULT_LIFECYCLE_LOCKED);

  typedef enum logic [2:0] {
    StIdle,
    StBegin,  // until everything else rests
    StHead,   // three words
    StCheck,
    StRun,
    StEnd,
    StWrite,
    StDone
  } state_e;

  state_e      state_q;
  logic        call_q;     // first clock of StRun
  logic [1:0]  step_q;
  logic [1:0]  fault_q;
  logic [10:0] len_q;
  logic [7:0]  cla_q, ins_q, p1_q, p2_q, b4_q, b5_q, b6_q;
  logic [15:0] sw_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= StIdle;
      call_q  <= 1'b0;
      step_q  <= '0;
      fault_q <= '0;
      len_q   <= '0;
      {cla_q, ins_q, p1_q, p2_q} <= '0;
      {b4_q, b5_q, b6_q} <= '0;
      sw_q    <= '0;
    end else if (state_q != StIdle || start_i) begin
      call_q <= 1'b0;
      unique case (state_q)
        // StIdle: a command.
        StIdle: begin
          fault_q <= fault_i;
          len_q   <= len_i;
          state_q <= StBegin;
        end
        // StBegin: lines are read, random bytes are drawn.
        StBegin: begin
          step_q <= '0;
          if (free_i) begin
            state_q <= StHead;
          end
        end
        // StHead: each word comes one clock after its address.
        StHead: begin
          step_q <= step_q + 2'd1;
          unique case (step_q)
            2'd1: {cla_q, ins_q} <= tok_rdata_i[15:0];
            2'd2: {p1_q, p2_q, b4_q, b5_q} <= tok_rdata_i;
            2'd3: begin
              b6_q    <= tok_rdata_i[31:24];
              state_q <= StCheck;
            end
            default: sw_q <= '0;
          endcase
        end
        // StCheck: the first check that fails answers.
        StCheck: begin
          sw_q    <= check;
          call_q  <= (check == sdv_spec_pkg::SW_OK);
          state_q <= (check == sdv_spec_pkg::SW_OK) ? StRun : StEnd;
        end
        // StRun: the module of the instruction works.
        StRun: begin
          if (done_i) begin
            sw_q    <= error_i ? sdv_spec_pkg::SW_CRYPTO_FAULT : sw_i;
            state_q <= StEnd;
          end
        end
        // StEnd: one pulse.
        StEnd: state_q <= StWrite;
        // StWrite: the last words of the response.
        StWrite: begin
          if (written_i) begin
            state_q <= StDone;
          end
        end
        // StDone: one pulse.
        default: state_q <= StIdle;
      endcase
    end
  end

  // The lengths: n bytes of APDU, Lc of one byte or of three behind a zero, Le
  // or none.
  logic [10:0] n;
  logic [15:0] lc, behind;
  logic        late, form_ok;
  assign n    = len_q - 11'd2;
  assign late = (b4_q == 8'd0);
  always_comb begin
    lc      = late ? {b5_q, b6_q} : {8'd0, b4_q};
    behind  = 16'(n) - (late ? 16'd7 : 16'd5);  // bytes behind Lc
    form_ok = (lc != 16'd0) && (16'(n) >= (late ? 16'd8 : 16'd6)) &&
              (behind == lc || behind == lc + (late ? 16'd2 : 16'd1) );
    if (n <= 11'd5 || (n == 11'd7 && late)) begin
      lc      = '0;
      form_ok = (n >= 11'd4);
    end
  end

  logic [15:0] check, rule, want;
  logic        allowed, params_ok;

  // What is known of the instruction.
  always_comb begin
    rule      = sdv_spec_pkg::SW_OK;
    allowed   = 1'b0;
    params_ok = (p1_q == 8'd0) && (p2_q == 8'd0);
    want      = '0;
    unique case (ins_q)
      sdv_spec_pkg::INS_GET_DATA: allowed = 1'b1;
      sdv_spec_pkg::INS_STORE_DATA: begin
        allowed = (lifecycle_i == Blank);
        want    = 16'd56;
      end
      sdv_spec_pkg::INS_LICENSE_LIST: begin
        allowed   = (lifecycle_i == Active) || (lifecycle_i == Locked);
        params_ok = (p1_q == 8'd0);
      end
      sdv_spec_pkg::INS_LICENSE_EXPORT: begin
        allowed   = (lifecycle_i == Active);
        params_ok = (p1_q <= 8'd2) && (p2_q == 8'd0);
        want      = 16'd16;
      end
      sdv_spec_pkg::INS_LICENSE_IMPORT: begin
        allowed = `SDV_BREAK(283, lifecycle_i == Active, 1'b1);
        want    = 16'(sdv_spec_pkg::VAULT_SEALED_BYTES);
      end
      sdv_spec_pkg::INS_LICENSE_READ, sdv_spec_pkg::INS_LICENSE_USE,
      sdv_spec_pkg::INS_LICENSE_DELETE,
      sdv_spec_pkg::INS_SET_STATUS: rule = sdv_spec_pkg::SW_SECURITY_STATUS;
      default: rule = sdv_spec_pkg::SW_NO_INS;
    endcase
  end

  // The checks in their order.
  always_comb begin
    check = sdv_spec_pkg::SW_OK;
    if (state_q == StCheck) begin
      if (fault_q == 2'd1) begin
        check = sdv_spec_pkg::SW_WRONG_LENGTH;
      end else if (fault_q != 2'd0) begin
        check = sdv_spec_pkg::SW_CONDITIONS;
      end else if (error_i) begin
        check = sdv_spec_pkg::SW_CRYPTO_FAULT;
      end else if (!form_ok) begin
        check = `SDV_BREAK(284, sdv_spec_pkg::SW_WRONG_LENGTH, sdv_spec_pkg::SW_NO_INS);
      end else if (cla_q == 8'h84) begin
        check = sdv_spec_pkg::SW_SECURITY_STATUS;
      end else if (cla_q != 8'h80) begin
        check = sdv_spec_pkg::SW_NO_CLA;
      end else if (rule != sdv_spec_pkg::SW_OK) begin
        check = rule;
      end else if (!allowed) begin
        check = sdv_spec_pkg::SW_CONDITIONS;
      end else if (!params_ok) begin
        check = sdv_spec_pkg::SW_WRONG_P1P2;
      end else if (ins_q == sdv_spec_pkg::INS_LICENSE_EXPORT && p1_q != 8'd0) begin
        check = sdv_spec_pkg::SW_SECURITY_STATUS;
      end else if (lc != want) begin
        check = sdv_spec_pkg::SW_WRONG_LENGTH;
      end
    end
  end

  assign tok_addr_o = {6'd0, step_q};
  assign go_o       = (state_q == StRun) && call_q;
  assign ins_o      = ins_q;
  assign from_o     = p2_q;
  assign late_o     = late;
  assign begin_o    = (state_q == StBegin) && free_i;
  assign end_o      = (state_q == StEnd);
  assign sw_o       = sw_q;
  assign done_o     = (state_q == StDone);
  assign busy_o     = (state_q != StIdle) && (state_q != StBegin);
  assign quiet_o    = (state_q == StIdle && !start_i) || (state_q == StBegin && !free_i) ||
                      (state_q == StRun && !call_q && !done_i) ||
                      (state_q == StWrite && !written_i);

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (!start_i || state_q == StIdle);
      assert (!done_i || state_q == StRun);
      // SEC: no command begins with a damaged crypto.
      assert (!(state_q == StCheck && error_i) || check != sdv_spec_pkg::SW_OK);
      // SEC: what changes licenses runs on an active card only.
      assert (!go_o || lifecycle_i == Active || ins_q == sdv_spec_pkg::INS_GET_DATA ||
              (ins_q == sdv_spec_pkg::INS_STORE_DATA && lifecycle_i == Blank) ||
              (ins_q == sdv_spec_pkg::INS_LICENSE_LIST && lifecycle_i == Locked));
    end
  end
`endif

endmodule

`default_nettype wire
