// SPDX-License-Identifier: Apache-2.0
//
// Crossing cell: a message whose data is held still, announced by a toggle.
//
// The sender raises `send_i` for one clock and keeps `data_i` still until it
// knows, by the protocol of the two sides, that the receiver has used it.
// There is no acknowledge here: the answer is a message of its own.
// Page: docs/rtl/crossings.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_mailbox #(
  parameter int Width = 1  // bits of a message
) (
  input  logic             src_clk_i,
  input  logic             src_rst_ni,
  input  logic             send_i,   // pulse; data_i holds from the next clock on
  input  logic [Width-1:0] data_i,

  input  logic             dst_clk_i,
  input  logic             dst_rst_ni,
  output logic             early_o,  // a message is about to arrive; for pads only
  output logic             valid_o,  // pulse
  output logic [Width-1:0] data_o    // with valid_o and until the next message
);

  logic toggle_q, seen_q;
  logic toggle_early, toggle_sync;

  always_ff @(posedge src_clk_i or negedge src_rst_ni) begin
    if (!src_rst_ni) begin
      toggle_q <= 1'b0;
    end else if (send_i) begin
      toggle_q <= !toggle_q;
    end
  end

  sdv_sync u_toggle (
    .clk_i   (dst_clk_i),
    .rst_ni  (dst_rst_ni),
    .d_i     (toggle_q),
    .early_o (toggle_early),
    .q_o     (toggle_sync)
  );

  always_ff @(posedge dst_clk_i or negedge dst_rst_ni) begin
    if (!dst_rst_ni) begin
      seen_q <= 1'b0;
    end else if (valid_o) begin
      seen_q <= toggle_sync;
    end
  end

  assign early_o = toggle_early ^ seen_q;
  assign valid_o = `SDV_BREAK(1, toggle_sync ^ seen_q, 1'b0);
  assign data_o  = data_i;

`ifdef SDV_ASSERT
  // A second message never overtakes the first.
  always_ff @(posedge src_clk_i) begin
    if (src_rst_ni && send_i) begin
      assert (toggle_q == seen_q);
    end
  end
`endif

endmodule

`default_nettype wire
