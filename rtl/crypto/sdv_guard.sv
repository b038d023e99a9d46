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
`ifdef SDV_FAULT
  logic [Width:0] guard_q /*verilator public_flat_rd*/;
`else
  logic [Width:0] guard_q;
`endif

`ifdef SDV_FAULT
`ifdef SDV_FORMAL
  logic [Width:0] flip;
  sdv_proof_flip #(.Width(Width + 1)) u_flip (.clk_i, .rst_ni, .flip_o(flip));
`else
  // What the simulation turns over at an edge, from outside, over VPI.
  logic [Width:0] flip /*verilator public_flat_rw*/;
  initial begin
    flip = '0;
  end
`endif
`else
  localparam logic [Width:0] flip = '0;
`endif

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      guard_q <= {~(^Reset), Reset};
    end else if (en_i || (flip != '0)) begin
      guard_q <= (en_i ? {~(^next_i), next_i} : guard_q) ^ flip;
    end
  end

  assign value_o = guard_q[Width-1:0];
  assign error_o = `SDV_BREAK(405, ~(^guard_q), 1'b0);

endmodule

`default_nettype wire
