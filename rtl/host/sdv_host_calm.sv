// SPDX-License-Identifier: Apache-2.0
//
// Knows when the host has finished all that is not bound to SDCLK, so that a
// simulator may leave base clocks out.
//
// What happens in one base clock has no further effect after a few more: this
// module counts clocks in which nothing happened.
// Page: docs/rtl/sdv_host_calm.md.

`include "sdv_sabotage.svh"
`default_nettype none

module sdv_host_calm (
  input  logic clk_i,
  input  logic rst_ni,
  input  logic stir_i,   // something happens that is not bound to SDCLK
  output logic calm_o    // nothing will, before the next tick or the time-out
);

  localparam logic [2:0] Enough = 3'd7;

  logic [2:0] count_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      count_q <= '0;
    end else if (stir_i) begin
      count_q <= '0;
    end else if (`SDV_BREAK(180, count_q != Enough, 1'b0)) begin
      count_q <= count_q + 3'd1;
    end
  end

  assign calm_o = (count_q == Enough) && !stir_i;

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (!calm_o || !stir_i);
    end
  end
`endif

endmodule

`default_nettype wire
