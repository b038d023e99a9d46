// SPDX-License-Identifier: Apache-2.0
//
// The state of a controller: a register with one bit of parity, so that a
// single bit that flips is seen in the clock in which it stands there.
//
// It does not mend anything; the controller says what an error means.
// Page: docs/rtl/sdv_guard.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_guard #(
  parameter int               Width = 8,
  parameter logic [Width-1:0] Reset = '0
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             en_i,     // take next_i
  input  logic [Width-1:0] next_i,
  output logic [Width-1:0] value_o,
  output logic             error_o   // one bit is not as it was written
);

  // Odd parity, on top: all zeros and all ones of an even width are errors.
  logic [Width:0] guard_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      guard_q <= {~(^Reset), Reset};
    end else if (en_i) begin
      guard_q <= {~(^next_i), next_i};
    end
  end

  assign value_o = guard_q[Width-1:0];
  assign error_o = `SDV_BREAK(391, ~(^guard_q), 1'b0);

endmodule

`default_nettype wire
