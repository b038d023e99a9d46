// SPDX-License-Identifier: Apache-2.0
//
// Data time-out of the host: 2^(13 + exponent) base clocks.
//
// Is loaded while nothing is waited for and counts while something is.  Does
// not know what is waited for.  Page: docs/rtl/sdv_host_timer.md.

`include "sdv_sabotage.svh"
`default_nettype none

module sdv_host_timer (
  input  logic        clk_i,
  input  logic        rst_ni,

  input  logic        active_i,    // a transfer is running; nothing moves otherwise
  input  logic        run_i,       // the card is to do something
  input  logic [3:0]  exponent_i,
  input  logic [31:0] skip_i,      // base clocks that were left out before this one

  output logic        expired_o,   // the time is over with this base clock
  output logic [31:0] left_o       // base clocks before that one; all ones: not counting
);

  logic [27:0] left_q;
  logic [27:0] limit;

  // 2^28 does not fit, but its predecessor does.
  assign limit = (28'd1 << (5'd13 + 5'(exponent_i))) - 28'd1;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      left_q <= '0;
    end else if (active_i) begin
      if (!run_i) begin
        left_q <= limit;
      end else if (skip_i < 32'(left_q)) begin
        left_q <= left_q - 28'd1 - skip_i[27:0];
      end else begin
        left_q <= '0;
      end
    end
  end

  assign expired_o = active_i && run_i && `SDV_BREAK(110, left_q == '0, 1'b0);
  assign left_o    = (active_i && run_i) ? {4'd0, left_q} : 32'hFFFF_FFFF;

`ifdef SDV_ASSERT
  logic ran_q;  // it counted with the last base clock
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      ran_q <= 1'b0;
    end else begin
      ran_q <= active_i && run_i;
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      // A running timer only counts down.
      assert (!ran_q || (left_q < $past(left_q)) || (left_q == '0));
    end
  end
`endif

endmodule

`default_nettype wire
