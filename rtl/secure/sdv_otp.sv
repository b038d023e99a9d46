// SPDX-License-Identifier: Apache-2.0
//
// Medium id and card root in the OTP: takes them into use, and writes them with
// the CID when a card is personalized.
//
// The root goes to the crypto and nowhere else.  Page: docs/rtl/sdv_otp.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_otp (
  input  logic        clk_i,
  input  logic        rst_ni,

  input  logic        up_i,            // level: power-up has come to this module
  output logic        ready_o,         // level: medium id and root are in use

  input  logic        go_i,            // pulse
  input  logic        write_i,         // 14 words of the work memory; else take into use
  output logic        done_o,          // pulse
  output logic [15:0] sw_o,            // with it, write only

  output logic [63:0] medium_id_o,
  output logic        root_we_o,
  output logic [2:0]  root_idx_o,
  output logic [31:0] root_word_o,

  output logic [6:0]  work_addr_o,
  input  logic [31:0] work_rdata_i,

  // word port
  output logic        word_req_o,
  output logic        word_we_o,
  output logic [15:0] word_addr_o,
  output logic [31:0] word_wdata_o,
  input  logic        word_done_i,
  input  logic [31:0] word_rdata_i,

  output logic        busy_o,
  output logic        quiet_o
);

  // Words of the data: CID 0 to 3, medium id 4 and 5, root 6 to 13.
  localparam logic [3:0] Medium = 4'(sdv_spec_pkg::VAULT_OTP_MEDIUM - sdv_spec_pkg::NVM_OTP_CID);
  localparam logic [3:0] Root   = 4'(sdv_spec_pkg::VAULT_OTP_ROOT - sdv_spec_pkg::NVM_OTP_CID);
  localparam logic [3:0] Last   = Root + 4'd7;

  typedef enum logic [2:0] {
    StIdle,
    StAsk,      // read a word
    StWait,
    StProgram,  // write it
    StTaken,
    StNext,
    StDone
  } state_e;

  // Passes of a write.
  localparam logic [1:0] PassLook    = 2'd0;  // may it be written?
  localparam logic [1:0] PassProgram = 2'd1;
  localparam logic [1:0] PassCheck   = 2'd2;

  // Once after power-up, and when it is asked for.
  logic begins, up_q, ready_q;
  assign begins = go_i || (up_i && !up_q);
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      up_q    <= 1'b0;
      ready_q <= 1'b0;
    end else if (up_i && !ready_q) begin
      up_q    <= 1'b1;
      ready_q <= done_o;
    end
  end

  state_e      state_q;
  logic [1:0]  pass_q;
  logic [3:0]  word_q;
  logic [15:0] sw_q;
  logic        zeros_q, ones_q;   // the words of this field so far
  logic [31:0] medium_hi_q, medium_lo_q;

  logic field_begins, field_ends, zeros, ones, bad_field;
  assign field_begins = (word_q == 4'd0) || (word_q == Medium) || (word_q == Root);
  assign field_ends   = (word_q == Medium - 4'd1) || (word_q == Root - 4'd1) || (word_q == Last);
  assign zeros        = (zeros_q || field_begins) && work_rdata_i == '0;
  assign ones         = (ones_q || field_begins) && work_rdata_i == '1;
  assign bad_field    = field_ends && (zeros || (ones && word_q >= Medium));

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q     <= StIdle;
      pass_q      <= '0;
      word_q      <= '0;
      sw_q        <= sdv_spec_pkg::SW_OK;
      zeros_q     <= 1'b0;
      ones_q      <= 1'b0;
      medium_hi_q <= '0;
      medium_lo_q <= '0;
    end else if (state_q != StIdle || begins) begin
      unique case (state_q)
        // StIdle: a request.
        StIdle: begin
          pass_q  <= PassLook;
          word_q  <= write_i ? 4'd0 : Medium;
          sw_q    <= sdv_spec_pkg::SW_OK;
          state_q <= StAsk;
        end
        // StAsk: one pulse; the word of the work memory comes with it.
        StAsk: state_q <= StWait;
        // StWait: compare, or take into use.
        StWait: begin
          if (word_done_i) begin
            zeros_q <= zeros;
            ones_q  <= ones;
            state_q <= StNext;
            if (!write_i) begin
              if (word_q == Medium) begin
                medium_hi_q <= word_rdata_i;
              end else if (word_q == Medium + 4'd1) begin
                medium_lo_q <= word_rdata_i;
              end
            end else begin
              unique case (pass_q)
                PassLook: begin
                  if (bad_field || (word_rdata_i & ~work_rdata_i) != '0) begin
                    sw_q <= `SDV_BREAK(280, sdv_spec_pkg::SW_WRONG_DATA, sdv_spec_pkg::SW_OK);
                  end
                end
                PassProgram: begin
                  if (word_rdata_i != work_rdata_i) begin
                    state_q <= StProgram;
                  end
                end
                default: begin
                  if (word_rdata_i != work_rdata_i) begin
                    sw_q <= `SDV_BREAK(281, sdv_spec_pkg::SW_MEMORY_FAILURE, sdv_spec_pkg::SW_OK);
                  end
                end
              endcase
            end
          end
        end
        // StProgram: one pulse.
        StProgram: state_q <= StTaken;
        // StTaken: the OTP takes its time.
        StTaken: begin
          if (word_done_i) begin
            state_q <= StNext;
          end
        end
        // StNext: the next word, or the next pass.
        StNext: begin
          word_q  <= word_q + 4'd1;
          state_q <= StAsk;
          if (word_q == Last) begin
            word_q  <= '0;
            pass_q  <= pass_q + 2'd1;
            if (!write_i || pass_q == PassCheck || sw_q != sdv_spec_pkg::SW_OK) begin
              state_q <= StDone;
            end
          end
        end
        // StDone: one pulse.
        default: state_q <= StIdle;
      endcase
    end
  end

  assign ready_o      = ready_q;
  assign done_o       = (state_q == StDone);
  assign sw_o         = sw_q;
  assign medium_id_o  = {medium_hi_q, medium_lo_q};
  assign root_we_o    = (state_q == StWait) && word_done_i && !write_i && (word_q >= Root);
  assign root_idx_o   = 3'(word_q - Root);
  assign root_word_o  = word_rdata_i;
  assign work_addr_o  = {3'd0, word_q};
  assign word_req_o   = (state_q == StAsk) || (state_q == StProgram);
  assign word_we_o    = (state_q == StProgram);
  assign word_addr_o  = 16'(sdv_spec_pkg::NVM_OTP_CID) + 16'(word_q);
  assign word_wdata_o = `SDV_BREAK(282, work_rdata_i, {work_rdata_i[31:1], 1'b0});
  assign busy_o       = (state_q != StIdle);
  assign quiet_o      = (state_q == StIdle && !begins) ||
                        ((state_q == StWait || state_q == StTaken) && !word_done_i);

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (state_q <= StDone);
      assert (!go_i || state_q == StIdle);
      // SEC: only words of the issuer are written, after all of them were looked at.
      assert (!(word_req_o && word_we_o) || (pass_q == PassProgram && word_q <= Last));
      // SEC: no bit that is 1 is written as 0.
      assert (!(word_req_o && word_we_o) || (word_rdata_i & ~work_rdata_i) == '0);
    end
  end
`endif

endmodule

`default_nettype wire
