// SPDX-License-Identifier: Apache-2.0
//
// Crossing cell: levels into another clock domain through two flops.
//
// Each bit crosses by itself; bits that belong together do not stay together.
// `early_o` is the first flop: it may be metastable and may drive a pad, never
// logic.  For data use sdv_mailbox, for blocks sdv_blkbuf.
// Page: docs/rtl/crossings.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_sync #(
  parameter int Width = 1  // independent levels
) (
  input  logic             clk_i,  // destination clock
  input  logic             rst_ni,
  input  logic [Width-1:0] d_i,
  output logic [Width-1:0] early_o,
  output logic [Width-1:0] q_o
);

  logic [Width-1:0] meta_q, sync_q;
  logic [Width-1:0] d;

`ifdef SDV_FORMAL
  sdv_unsettled #(.Width(Width)) u_unsettled (.d_i, .d_o(d));
`else
  assign d = d_i;
`endif

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      meta_q <= '0;
      sync_q <= '0;
    end else begin
      meta_q <= d;
      sync_q <= `SDV_BREAK(11, meta_q, sync_q);
    end
  end

  assign early_o = meta_q;
  assign q_o     = sync_q;

endmodule

`default_nettype wire
