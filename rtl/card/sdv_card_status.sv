// SPDX-License-Identifier: Apache-2.0
//
// Card status: collects error bits, composes the R1 word, and clears what has
// been told.  Page: docs/rtl/sdv_card_status.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_card_status (
  input  logic        clk_i,
  input  logic        rst_ni,

  // the frame at hand
  input  logic        frame_i,      // there is one
  input  logic        damaged_i,
  input  logic        illegal_i,
  input  logic        valid_i,
  input  logic        reset_i,      // valid CMD0
  input  logic        told_i,       // its response is R1
  input  logic        app_i,        // CMD55 or an application command
  input  logic [31:0] found_i,      // errors found now: in this response
  input  logic        failed_i,     // exec_i says something
  input  logic [31:0] exec_i,       // errors of execution: in the next one

  input  logic [3:0]  state_i,
  input  logic        ready_i,      // READY_FOR_DATA

  output logic [31:0] status_o      // with valid_i
);

  logic [31:0] kept_q;              // bits that are cleared when told
  logic        crc_q, illegal_q;    // about the command before

  always_comb begin
    status_o = '0;
    if (valid_i) begin
      status_o = kept_q | found_i;
      status_o[sdv_spec_pkg::STATUS_COM_CRC_ERROR]   = crc_q;
      status_o[sdv_spec_pkg::STATUS_ILLEGAL_COMMAND] = illegal_q;
      status_o[sdv_spec_pkg::STATUS_READY_FOR_DATA]  = ready_i;
      status_o[sdv_spec_pkg::STATUS_APP_CMD]         = app_i;
      status_o[12:9]                                 = state_i;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      kept_q    <= '0;
      crc_q     <= 1'b0;
      illegal_q <= 1'b0;
    end else if (frame_i || failed_i) begin
      if (damaged_i) begin
        crc_q <= `SDV_BREAK(23, 1'b1, 1'b0);
      end
      if (illegal_i) begin
        illegal_q <= 1'b1;
      end
      if (valid_i) begin
        crc_q     <= 1'b0;
        illegal_q <= 1'b0;
      end
      if (reset_i) begin
        kept_q <= '0;
      end else if (valid_i && told_i) begin
        kept_q <= exec_i;
      end else begin
        kept_q <= kept_q | exec_i | found_i;
      end
    end
  end

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      // A frame is one thing only.
      assert (!(valid_i && illegal_i) && !(valid_i && damaged_i) && !(illegal_i && damaged_i));
      assert (valid_i || found_i == '0);
      assert (failed_i == (exec_i != '0));
    end
  end
`endif

endmodule

`default_nettype wire
