// SPDX-License-Identifier: Apache-2.0
//
// Identification: CMD8, ACMD41, the RCA, and what CMD0 takes back.
// Page: docs/rtl/sdv_card_ident.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_card_ident #(
  parameter int ReadyPolls = 1  // ACMD41s answered not-ready after CMD0, 1 to 255
) (
  input  logic        clk_i,
  input  logic        rst_ni,

  input  logic        frame_i,      // a command is at hand
  // and it is valid and
  input  logic        reset_i,      // CMD0
  input  logic        if_cond_i,    // CMD8
  input  logic        op_cond_i,    // ACMD41
  input  logic        new_rca_i,    // CMD3
  input  logic [31:0] arg_i,

  // the card
  input  logic        config_i,     // OTP words are read
  input  logic        high_capacity_i,
  input  logic        idle_i,       // nothing is being programmed

  output logic        if_ok_o,      // CMD8 is to be answered
  output logic        refuse_o,     // ACMD41: wrong voltage, go inactive
  output logic        ready_o,      // ACMD41: power-up has ended
  output logic [31:0] ocr_o,
  output logic [15:0] rca_o,        // 0 before CMD3
  output logic [15:0] next_rca_o    // what CMD3 publishes
);

  logic        host_v2_q;           // CMD8 was answered
  logic [7:0]  polls_q;
  logic [15:0] rca_q, last_rca_q;

  logic enquiry, capacity_ok, polled;
  always_comb begin
    enquiry     = 1'b0;
    polled      = 1'b0;
    capacity_ok = 1'b0;
    refuse_o    = 1'b0;
    ready_o     = 1'b0;
    ocr_o       = '0;
    if (op_cond_i) begin
      enquiry     = (arg_i[23:0] == '0);
      refuse_o    = !enquiry && ((arg_i[23:0] & sdv_spec_pkg::OCR_V1_FIXED[23:0]) == '0);
      polled      = (polls_q == 8'(ReadyPolls));
      capacity_ok = !high_capacity_i || (host_v2_q && arg_i[sdv_spec_pkg::OCR_CCS_LSB]);
      ready_o     = !enquiry && !refuse_o && config_i && idle_i &&
                    `SDV_BREAK(25, polled, 1'b1) && capacity_ok;
      ocr_o       = {8'h00, sdv_spec_pkg::OCR_V1_FIXED[23:0]};
      ocr_o[sdv_spec_pkg::OCR_POWERED_UP_LSB] = ready_o;
      ocr_o[sdv_spec_pkg::OCR_CCS_LSB]        = ready_o && high_capacity_i;
    end
  end

  assign if_ok_o    = if_cond_i && (arg_i[11:8] == 4'h1);
  assign next_rca_o = !new_rca_i ? 16'd0 :
                      (last_rca_q == 16'hFFFF) ? 16'd1 : last_rca_q + 16'd1;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      host_v2_q  <= 1'b0;
      polls_q    <= '0;
      rca_q      <= '0;
      last_rca_q <= '0;
    end else if (frame_i) begin
      if (reset_i) begin
        host_v2_q <= 1'b0;
        polls_q   <= '0;
        rca_q     <= `SDV_BREAK(26, 16'd0, rca_q);
      end
      if (if_cond_i && if_ok_o) begin
        host_v2_q <= 1'b1;
      end
      if (op_cond_i && !enquiry && !refuse_o && !polled) begin
        polls_q <= polls_q + 8'd1;
      end
      if (new_rca_i) begin
        rca_q      <= next_rca_o;
        last_rca_q <= next_rca_o;
      end
    end
  end

  assign rca_o = rca_q;

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (!new_rca_i || next_rca_o != '0);
      assert (!(ready_o && refuse_o));
    end
  end
`endif

endmodule

`default_nettype wire
