// SPDX-License-Identifier: Apache-2.0
//
// CMD6: which functions are, or would be, selected, and the 64 bytes that say
// so.  Group 1 has high speed, group 2 secure commands; the other groups have
// function 0 only.
// Page: docs/rtl/sdv_card_switch.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_card_switch (
  input  logic        clk_i,
  input  logic        rst_ni,

  input  logic        frame_i,      // a command is at hand
  input  logic        reset_i,      // CMD0
  input  logic        ask_i,        // valid CMD6
  input  logic [31:0] arg_i,
  input  logic        sent_i,       // its data has been sent
  input  logic        cut_i,        // its data has been cut off

  input  logic        out_i,        // the status goes out
  input  logic [5:0]  idx_i,        // byte of it
  output logic [7:0]  byte_o,
  output logic        high_speed_o,
  output logic        assd_o        // secure commands
);

  logic [23:0] result_q;            // function of groups 6 to 1
  logic        set_q, good_q, high_speed_q;
  logic [2:0]  group2_q;

  // Which functions the two groups have, and what is selected.
  localparam logic [15:0] Support1 = 16'h8003;
  localparam logic [15:0] Support2 =
      16'h8001 | (16'h1 << sdv_spec_pkg::ASSD_FUNCTION_ASSD) |
      (16'h1 << sdv_spec_pkg::ASSD_FUNCTION_ECOM);
  logic [15:0] support;
  logic [7:0]  current;
  assign current = {1'b0, group2_q, 3'b000, high_speed_q};

  // Function that is selected when a group is asked for `ask`.
  logic [23:0] result;
  logic        good;
  always_comb begin
    result  = '0;
    good    = 1'b1;
    support = '0;
    if (ask_i) begin
      for (int i = 0; i < 6; i++) begin
        support = (i == 0) ? Support1 : (i == 1) ? Support2 : 16'h8001;
        if (arg_i[4*i +: 4] == 4'hF) begin
          result[4*i +: 4] = (i < 2) ? current[4*(i % 2) +: 4] : 4'h0;
        end else if (support[arg_i[4*i +: 4]]) begin
          result[4*i +: 4] = arg_i[4*i +: 4];
        end else begin
          result[4*i +: 4] = 4'hF;
          good = 1'b0;
        end
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      result_q     <= '0;
      set_q        <= 1'b0;
      good_q       <= 1'b0;
      high_speed_q <= 1'b0;
      group2_q     <= '0;
    end else if (frame_i || sent_i) begin
      if (reset_i) begin
        high_speed_q <= 1'b0;
        group2_q     <= '0;
        set_q        <= 1'b0;
      end else if (ask_i) begin
        result_q <= result;
        good_q   <= good;
        set_q    <= arg_i[31];
      end else if (sent_i || cut_i) begin
        if (sent_i && set_q && `SDV_BREAK(27, good_q, 1'b1)) begin
          high_speed_q <= result_q[0];
          group2_q     <= `SDV_BREAK(225, result_q[6:4], 3'd0);
        end
        set_q <= 1'b0;
      end
    end
  end

  always_comb begin
    byte_o = 8'h00;
    if (out_i) begin
      unique case (idx_i)
        6'd1:    byte_o = good_q ? 8'd100 : 8'd0;  // maximum current in mA
        6'd2, 6'd4, 6'd6, 6'd8, 6'd10, 6'd12: byte_o = 8'h80;
        6'd3, 6'd5, 6'd7, 6'd9: byte_o = 8'h01;
        6'd11:   byte_o = Support2[7:0];
        6'd13:   byte_o = Support1[7:0];
        6'd14:   byte_o = result_q[23:16];
        6'd15:   byte_o = result_q[15:8];
        6'd16:   byte_o = result_q[7:0];
        6'd17:   byte_o = 8'h01;                   // structure version
        default: ;
      endcase
    end
  end

  assign high_speed_o = high_speed_q;
  assign assd_o       = (group2_q != '0);

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (!set_q || result_q[3:0] == 4'h0 || result_q[3:0] == 4'h1 || !good_q);
    end
  end
`endif

endmodule

`default_nettype wire
