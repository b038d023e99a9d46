// SPDX-License-Identifier: Apache-2.0
//
// Data time-out of the host: 2^(13 + exponent) base clocks.
//
// Begins anew whenever something is waited for.  Does
// not know what is waited for.  Page: docs/rtl/sdv_host_timer.md.

`include "sdv_sabotage.svh"
`default_nettype none

module sdv_host_timer (
  input  logic        clk_i,
  input  logic        rst_ni,

  input  logic        run_i,       // the card is to do something
  input  logic [3:0]  exponent_i,
  input  logic [31:0] skip_i,      // base clocks that were left out before this one

  output logic        expired_o,   // the time is over with this base clock
  output logic [31:0] left_o       // base clocks before that one; all ones: not counting
);

  logic [27:0] left_q;
  logic        loaded_q;  // left_q counts; else the time begins with this clock
  logic [27:0] left;

  // 2^28 does not fit, but its predecessor does.
  function automatic logic [27:0] limit(input logic [3:0] exponent);
    limit = (28'd1 << (5'd13 + 5'(exponent))) - 28'd1;
  endfunction

  always_comb begin
    left = '1;
    if (run_i) begin
      left = loaded_q ? left_q : limit(exponent_i);
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      left_q   <= '0;
      loaded_q <= 1'b0;
    end else if (run_i) begin
      loaded_q <= 1'b1;
      left_q   <= (skip_i < 32'(left)) ? left - 28'd1 - skip_i[27:0] : '0;
    end else begin
      loaded_q <= 1'b0;
    end
  end

  assign expired_o = run_i && `SDV_BREAK(110, left == '0, 1'b0);
  assign left_o    = {run_i ? 4'h0 : 4'hF, left};

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      // A running timer only counts down.
      assert (!loaded_q || !$past(loaded_q) || (left_q < $past(left_q)) || (left_q == '0));
    end
  end
`endif

endmodule

`default_nettype wire
