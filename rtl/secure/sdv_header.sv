// SPDX-License-Identifier: Apache-2.0
//
// Header rules: looks at the header of the sealed license in the work memory
// and says what is wrong with it first, or what it says.
//
// Page: docs/rtl/sdv_header.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_header (
  input  logic        clk_i,
  input  logic        rst_ni,

  // requests; operands hold until the answer
  input  logic        go_i,            // pulse
  input  logic        store_i,         // a body at rest, which has to fit the line; else a blob
  input  logic        fields_i,        // keep the generation
  input  logic [63:0] medium_id_i,
  output logic        done_o,          // pulse
  output logic [15:0] sw_o,            // OK, or the first rule that is broken

  // what it says, with done_o and until the next request
  output logic        suite2_o,
  output logic [1:0]  purpose_o,
  output logic        bound_o,         // to an apparatus, too
  output logic [63:0] apparatus_id_o,
  output logic [31:0] generation_o,    // of the last one whose fields were kept

  // work memory
  output logic [6:0]  work_addr_o,
  input  logic [31:0] work_rdata_i,

  // the line at hand
  output logic [3:0]  line_idx_o,
  input  logic [31:0] line_word_i,

  output logic        busy_o,
  output logic        quiet_o
);

  localparam logic [31:0] Magic = 32'h5344564C;  // "SDVL"

  typedef enum logic [1:0] {
    StIdle,
    StLook,   // a word a clock
    StDone
  } state_e;

  state_e      state_q;
  logic [3:0]  step_q;
  logic [15:0] sw_q;
  logic        suite2_q, bound_q, zero_q, ones_q;
  logic [1:0]  purpose_q;
  logic [31:0] app_hi_q, app_lo_q, generation_q;

  // Step n asks for a word; it is there in step n + 1.  Words 0 to 11, then 16
  // and 17: steps 1 to 12, 13 and 14.
  localparam logic [3:0] LastStep = 4'd14;
  always_comb begin
    work_addr_o = {3'd0, step_q};
    if (step_q >= 4'd12) begin
      work_addr_o = {3'd0, step_q} + 7'd4;
    end
  end

  // In the line: the id at 2, the body tag at 11.
  always_comb begin
    line_idx_o = step_q - 4'd5;
    if (step_q >= 4'd13) begin
      line_idx_o = step_q - 4'd2;
    end
  end

  // The byte fields of word 1.
  logic [7:0] version, suite, purpose, binding;
  assign {version, suite, purpose, binding} = work_rdata_i;

  logic bad_purpose, zero, ones, other;
  assign bad_purpose = store_i
      ? (purpose != 8'(sdv_spec_pkg::VAULT_PURPOSE_STORE))
      : (purpose != 8'(sdv_spec_pkg::VAULT_PURPOSE_ISSUE) &&
         `SDV_BREAK(264, purpose != 8'(sdv_spec_pkg::VAULT_PURPOSE_BACKUP),
                    purpose != 8'(sdv_spec_pkg::VAULT_PURPOSE_BACKUP) &&
                    purpose != 8'(sdv_spec_pkg::VAULT_PURPOSE_STORE)));
  assign zero        = zero_q && (work_rdata_i == '0);
  assign ones        = ones_q && (work_rdata_i == '1);
  assign other       = (work_rdata_i != line_word_i);

  // What the word of this step breaks.
  logic [15:0] broken;
  always_comb begin
    broken = sdv_spec_pkg::SW_OK;
    unique case (step_q)
      4'd1: begin
        if (work_rdata_i != Magic) begin
          broken = `SDV_BREAK(265, sdv_spec_pkg::SW_SEAL_MAGIC, sdv_spec_pkg::SW_OK);
        end
      end
      4'd2: begin
        if (version != 8'(sdv_spec_pkg::VAULT_VERSION)) begin
          broken = `SDV_BREAK(266, sdv_spec_pkg::SW_SEAL_VERSION, sdv_spec_pkg::SW_OK);
        end else if (suite != 8'(sdv_spec_pkg::VAULT_SUITE_128) &&
                     suite != 8'(sdv_spec_pkg::VAULT_SUITE_256)) begin
          broken = `SDV_BREAK(267, sdv_spec_pkg::SW_SEAL_SUITE, sdv_spec_pkg::SW_OK);
        end else if (bad_purpose) begin
          broken = sdv_spec_pkg::SW_SEAL_PURPOSE;
        end else if ({binding[7:2], binding[0]} != 7'd1) begin
          broken = `SDV_BREAK(268, sdv_spec_pkg::SW_SEAL_BINDING, sdv_spec_pkg::SW_OK);
        end
      end
      4'd3: begin
        if (work_rdata_i != medium_id_i[63:32]) begin
          broken = `SDV_BREAK(269, sdv_spec_pkg::SW_SEAL_MEDIUM, sdv_spec_pkg::SW_OK);
        end
      end
      4'd4: begin
        if (work_rdata_i != medium_id_i[31:0]) begin
          broken = `SDV_BREAK(269, sdv_spec_pkg::SW_SEAL_MEDIUM, sdv_spec_pkg::SW_OK);
        end
      end
      4'd6: begin
        if (ones || zero == bound_q) begin
          broken = `SDV_BREAK(270, sdv_spec_pkg::SW_SEAL_APPARATUS, sdv_spec_pkg::SW_OK);
        end
      end
      4'd7, 4'd8, 4'd9, 4'd10: begin
        if (store_i && other) begin
          broken = sdv_spec_pkg::SW_NOT_USABLE;
        end
      end
      4'd12: begin
        if (work_rdata_i != '0) begin
          broken = `SDV_BREAK(272, sdv_spec_pkg::SW_SEAL_RESERVED, sdv_spec_pkg::SW_OK);
        end
      end
      4'd13, 4'd14: begin
        if (store_i && other) begin
          broken = `SDV_BREAK(273, sdv_spec_pkg::SW_NOT_USABLE, sdv_spec_pkg::SW_OK);
        end
      end
      default: broken = sdv_spec_pkg::SW_OK;
    endcase
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q      <= StIdle;
      step_q       <= '0;
      sw_q         <= sdv_spec_pkg::SW_OK;
      suite2_q     <= 1'b0;
      purpose_q    <= '0;
      bound_q      <= 1'b0;
      zero_q       <= 1'b0;
      ones_q       <= 1'b0;
      app_hi_q     <= '0;
      app_lo_q     <= '0;
      generation_q <= '0;
    end else if (state_q != StIdle || go_i) begin
      unique case (state_q)
        // StIdle: a request.
        StIdle: begin
          step_q  <= '0;
          sw_q    <= sdv_spec_pkg::SW_OK;
          zero_q  <= 1'b1;
          ones_q  <= 1'b1;
          state_q <= StLook;
        end
        // StLook: all words, whatever is wrong with them.
        StLook: begin
          step_q <= step_q + 4'd1;
          if (sw_q == sdv_spec_pkg::SW_OK) begin
            sw_q <= broken;
          end
          if (step_q == 4'd2) begin
            suite2_q  <= (suite == 8'(sdv_spec_pkg::VAULT_SUITE_256));
            purpose_q <= purpose[1:0];
            bound_q   <= binding[1];
          end
          if (step_q == 4'd5) begin
            app_hi_q <= work_rdata_i;
            zero_q   <= (work_rdata_i == '0);
            ones_q   <= (work_rdata_i == '1);
          end
          if (step_q == 4'd6) begin
            app_lo_q <= work_rdata_i;
          end
          if (step_q == 4'd11 && fields_i) begin
            generation_q <= work_rdata_i;
          end
          if (step_q == LastStep) begin
            state_q <= StDone;
          end
        end
        // StDone: one pulse.
        default: state_q <= StIdle;
      endcase
    end
  end

  assign done_o         = (state_q == StDone);
  assign sw_o           = sw_q;
  assign suite2_o       = suite2_q;
  assign purpose_o      = purpose_q;
  assign bound_o        = bound_q;
  assign apparatus_id_o = {app_hi_q, app_lo_q};
  assign generation_o   = generation_q;
  assign busy_o         = (state_q != StIdle);
  assign quiet_o        = (state_q == StIdle);

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (!go_i || state_q == StIdle);
      // SEC: nothing passes that is not of this medium.
      assert (!(state_q == StLook && (step_q == 4'd3 || step_q == 4'd4)) ||
              work_rdata_i == (step_q[0] ? medium_id_i[63:32] : medium_id_i[31:0]) ||
              sw_q != sdv_spec_pkg::SW_OK || broken != sdv_spec_pkg::SW_OK);
    end
  end
`endif

endmodule

`default_nettype wire
