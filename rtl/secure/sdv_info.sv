// SPDX-License-Identifier: Apache-2.0
//
// GET DATA and LICENSE LIST: what anybody may know of the card.
//
// Page: docs/rtl/sdv_info.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_info #(
  parameter int AesMember = sdv_spec_pkg::AES_ENC_BOTH_TABLE,   // which AES; for both sizes of keys
  parameter int AesLanes  = 1                                   // how many of them
) (
  input  logic        clk_i,
  input  logic        rst_ni,

  input  logic        go_i,            // pulse
  input  logic        list_i,          // LICENSE LIST; else GET DATA
  input  logic [7:0]  from_i,          // first line
  output logic        done_o,          // pulse

  // what the card is
  input  logic [63:0] medium_id_i,
  input  logic [2:0]  lifecycle_i,
  input  logic [2:0]  defects_i,
  input  logic [6:0]  free_slots_i,
  input  logic [8:0]  free_lines_i,
  input  logic [31:0] blocks_i,

  // sdv_lines: the next line that is not free
  output logic        lines_go_o,
  output logic [8:0]  lines_number_o,
  input  logic        lines_done_i,
  input  logic        lines_ok_i,
  input  logic [8:0]  lines_number_i,
  input  logic        lines_defect_i,
  output logic [3:0]  line_idx_o,
  input  logic [31:0] line_word_i,
  input  logic [1:0]  line_state_i,
  input  logic [7:0]  line_flags_i,
  input  logic [31:0] generation_i,

  // sdv_response
  output logic        push_o,
  output logic [31:0] data_o,
  output logic        half_o,
  output logic [15:0] half_data_o,

  output logic        busy_o,
  output logic        quiet_o
);

  typedef enum logic [2:0] {
    StIdle,
    StData,   // GET DATA: eight words
    StFind,   // LIST: a line
    StEntry,  // six words
    StNext,   // the line after it
    StDone
  } state_e;

  // A bit for each suite.
  localparam logic [7:0] Suites  = 8'(1 << sdv_spec_pkg::VAULT_SUITE_128) |
                                   8'(1 << sdv_spec_pkg::VAULT_SUITE_256);
  localparam logic [5:0] ListMax = 6'(sdv_spec_pkg::VAULT_LIST_MAX);

  state_e      state_q;
  logic        call_q;
  logic [2:0]  step_q;
  logic [5:0]  count_q;
  logic [8:0]  next_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= StIdle;
      call_q  <= 1'b0;
      step_q  <= '0;
      count_q <= '0;
      next_q  <= '0;
    end else if (state_q != StIdle || go_i) begin
      call_q <= 1'b0;
      step_q <= step_q + 3'd1;
      unique case (state_q)
        // StIdle: a request.
        StIdle: begin
          step_q  <= '0;
          count_q <= '0;
          next_q  <= {1'b0, from_i};
          call_q  <= list_i;
          state_q <= list_i ? StFind : StData;
        end
        // StData: a word a clock.
        StData: begin
          if (step_q == 3'd7) begin
            state_q <= StDone;
          end
        end
        // StFind: one line more than there is room for, to know its number.
        StFind: begin
          step_q <= '0;
          if (lines_done_i) begin
            next_q  <= lines_ok_i ? lines_number_i : 9'd0;
            state_q <= (lines_ok_i && count_q != ListMax) ? StEntry : StNext;
          end
        end
        // StEntry: a word a clock.
        StEntry: begin
          if (step_q == 3'd5) begin
            count_q <= count_q + 6'd1;
            next_q  <= next_q + 9'd1;
            call_q  <= 1'b1;
            state_q <= StFind;
          end
        end
        // StNext: two bytes.
        StNext: state_q <= StDone;
        // StDone: one pulse.
        default: state_q <= StIdle;
      endcase
    end
  end

  logic        blank;   // what the OTP holds is no medium id yet
  logic [31:0] state_word;
  assign blank      = (lifecycle_i == 3'(sdv_spec_pkg::VAULT_LIFECYCLE_BLANK));
  assign state_word = lines_defect_i ? {8'(sdv_spec_pkg::VAULT_STATE_DEFECT), 24'd0}
                                     : {6'd0, line_state_i, line_flags_i, generation_i[31:16]};

  always_comb begin
    data_o = '0;
    if (state_q == StData) begin
      unique case (step_q)
        3'd0: data_o = `SDV_BREAK(285, blank ? 32'd0 : medium_id_i[63:32], 32'd0);
        3'd1: data_o = blank ? 32'd0 : medium_id_i[31:0];
        3'd2: data_o = {5'd0, lifecycle_i, 5'd0, defects_i, 16'(sdv_spec_pkg::VAULT_SLOTS)};
        3'd3: data_o = {9'd0, free_slots_i, 16'(sdv_spec_pkg::VAULT_LINES)};
        3'd4: data_o = {7'd0, free_lines_i, 8'(sdv_spec_pkg::VAULT_VERSION),
                        Suites};
        3'd5: data_o = {8'(AesLanes), sdv_spec_pkg::AES_ROUNDS[8 * AesMember +: 8],
                        sdv_spec_pkg::AES_GATES[8 * AesMember +: 8], 8'd0};
        3'd6: data_o = blocks_i;
        default: data_o = '0;
      endcase
    end else if (state_q == StEntry) begin
      unique case (step_q)
        3'd4: data_o = state_word;
        3'd5: data_o = lines_defect_i ? 32'd0 : {generation_i[15:0], 16'd0};
        default: data_o = lines_defect_i ? 32'd0 : line_word_i;
      endcase
    end
  end

  assign done_o         = (state_q == StDone);
  assign push_o         = (state_q == StData) || (state_q == StEntry);
  assign half_o         = (state_q == StNext);
  assign half_data_o    = `SDV_BREAK(286, {7'd0, next_q}, 16'd0);
  assign lines_go_o     = (state_q == StFind) && call_q;
  assign lines_number_o = next_q;
  assign line_idx_o     = {1'b0, step_q} + 4'd2;
  assign busy_o         = (state_q != StIdle);
  assign quiet_o        = (state_q == StIdle) ||
                          (state_q == StFind && !call_q && !lines_done_i);

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (state_q <= StDone);
      assert (!go_i || state_q == StIdle);
      assert (count_q <= ListMax);
    end
  end
`endif

endmodule

`default_nettype wire
