// SPDX-License-Identifier: Apache-2.0
//
// SD clock of the host: divides the base clock and says when SDCLK rises.
//
// Makes a tick, never a clock: the cell that drives the CLK pin (or the
// simulator) turns a tick into a rising edge.  Does not decide when the clock
// is on.  Page: docs/rtl/sdv_host_clock.md.

`include "sdv_sabotage.svh"
`default_nettype none

module sdv_host_clock (
  input  logic        clk_i,
  input  logic        rst_ni,

  input  logic        on_i,         // SDCLK is wanted
  input  logic        hold_i,       // no further tick until this is low again
  input  logic [9:0]  divider_i,    // SDCLK = base / (2 x divider); 0: base
  input  logic [31:0] skip_i,       // base clocks that were left out before this one

  output logic        tick_o,       // SDCLK rises on the next base clock
  output logic [15:0] tick_left_o,  // base clocks before that one; all ones: stopped
  output logic [15:0] period_o      // base clocks of one SDCLK period
);

  logic [10:0] left_q, left_d;  // base clocks before the one with the tick
  logic        tick_q;
  logic [10:0] reload_q;        // period less one
  logic        run_q;           // the divider has been taken


  function automatic logic [10:0] reload(input logic [9:0] divider);
    reload = (divider == 10'd0) ? 11'd0 : {divider, 1'b0} - 11'd1;
  endfunction

  // A skip that does not fit before the tick is a whole number of periods and
  // leaves the phase alone.
  always_comb begin
    left_d = 11'd0;
    if (tick_q) begin
      left_d = reload_q;
    end else if (left_q != 11'd0) begin
      left_d = left_q - 11'd1;
      if (skip_i < 32'(left_q)) begin
        left_d = left_q - 11'd1 - skip_i[10:0];
      end else if (hold_i && skip_i != '0) begin
        left_d = 11'd0;  // a held clock has waited for longer than its period
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      left_q   <= 11'd0;
      reload_q <= 11'd0;
      run_q    <= 1'b0;
      tick_q   <= 1'b0;
    end else if (on_i && run_q) begin
      left_q <= left_d;
      tick_q <= `SDV_BREAK(100, left_d == 11'd0, left_d == reload_q) && !hold_i;
    end else begin
      // Start with a whole period, so that no two edges come too close.
      run_q    <= on_i;
      left_q   <= reload(divider_i);
      reload_q <= reload(divider_i);
      tick_q   <= 1'b0;
    end
  end

  assign tick_o      = tick_q;
  assign tick_left_o = (tick_q || (on_i && !hold_i)) ? {5'd0, left_q} : 16'hFFFF;
  assign period_o    = {5'd0, reload_q} + 16'd1;

`ifdef SDV_ASSERT
  logic past_q;  // there is a past to look at
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      past_q <= 1'b0;
    end else begin
      past_q <= 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      // The tick belongs to the end of the count only.
      assert (!tick_q || (left_q == 11'd0));
      // A stopped or held clock does not tick.
      assert (!past_q || !tick_q || ($past(on_i) && !$past(hold_i)));
    end
  end
`endif

endmodule

`default_nettype wire
