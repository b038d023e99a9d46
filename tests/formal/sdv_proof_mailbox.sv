// SPDX-License-Identifier: Apache-2.0
//
// Proof of sdv_mailbox: each message arrives once, whole, and not before its
// data has stood for an edge of the receiver; it arrives within four edges.
//
// Assumed: the sender waits for the receiver and holds the data until then.
// Breaks: 1001 it does not hold them, 1002 it does not wait.
// Page: docs/formal.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_proof_mailbox (
  input logic       rst_ni,
  input logic       src_clk_i,
  input logic       src_go_i,
  input logic       send_i,
  input logic [3:0] data_i,
  input logic       dst_clk_i,
  input logic       dst_go_i
);

  logic       src_rst_n, src_rises, dst_rst_n, dst_rises;
  logic       early, valid;
  logic [3:0] data;

  sdv_proof_reset u_src_reset (.rst_ni, .go_i(src_go_i), .rst_no(src_rst_n));
  sdv_proof_reset u_dst_reset (.rst_ni, .go_i(dst_go_i), .rst_no(dst_rst_n));
  sdv_proof_edge u_src_edge (.clk_i(src_clk_i), .rises_o(src_rises));
  sdv_proof_edge u_dst_edge (.clk_i(dst_clk_i), .rises_o(dst_rises));

  sdv_mailbox #(.Width(4)) dut (
    .src_clk_i,
    .src_rst_ni (src_rst_n),
    .send_i,
    .data_i,
    .dst_clk_i,
    .dst_rst_ni (dst_rst_n),
    .early_o    (early),
    .valid_o    (valid),
    .data_o     (data)
  );

  // What happens in this step; `_q` is as of the step before.
  logic       dst_rst_nq, send_q, valid_q, busy_d, busy_q;
  logic       sent, taken;
  logic [3:0] data_q, got_q, message_d, message_q;
  logic [2:0] edges_d, edges_q;   // of the receiver since the message was sent

  initial busy_q = 1'b0;
  initial edges_q = 3'd0;

  assign sent  = src_rises && send_q && src_rst_n;
  assign taken = dst_rises && valid_q && dst_rst_n;

  always_comb begin
    busy_d    = busy_q;
    message_d = message_q;
    edges_d   = edges_q;
    if (sent) begin
      busy_d    = 1'b1;
      message_d = data_i;
      edges_d   = '0;
    end else if (taken) begin
      busy_d    = 1'b0;
    end else if (dst_rises && dst_rst_n && dst_rst_nq && edges_q != 3'd7) begin
      edges_d   = edges_q + 3'd1;
    end
    if (!rst_ni) begin
      busy_d    = 1'b0;
      edges_d   = '0;
    end
  end

  always_ff @($global_clock) begin
    dst_rst_nq <= dst_rst_n;
    send_q     <= send_i;
    valid_q    <= valid;
    data_q     <= data_i;
    got_q      <= data;
    busy_q     <= busy_d;
    message_q  <= message_d;
    edges_q    <= edges_d;
  end

  always_comb begin
    assume (!send_i || src_rst_n);
    assume (!send_i || !busy_d || `SDV_BREAK(1002, 1'b0, 1'b1));
    assume (!busy_q || taken || !rst_ni || data_i == data_q || `SDV_BREAK(1001, 1'b0, 1'b1));

    // Once, whole, and the data stood still before it was announced.
    if (taken) begin
      assert (busy_q);
      assert (got_q == message_q);
      assert (edges_q >= 3'd2);
    end
    assert (!valid || busy_d);
    assert (!valid || early);
    // Not lost.
    assert (!busy_d || edges_d <= 3'd3);

    cover (taken && message_q == 4'h5 && edges_q == 3'd2);
    cover (taken && edges_q == 3'd3);
  end

`ifndef SDV_SABOTAGE
  // What the induction needs to know; a twin must fail by a property.
  (* hierconn *) logic \dut.toggle_q , \dut.seen_q , \dut.u_toggle.meta_q , \dut.u_toggle.sync_q ;
  logic sent_side, seen_side, first, second;
  assign sent_side = \dut.toggle_q ;
  assign seen_side = \dut.seen_q ;
  assign first     = \dut.u_toggle.meta_q ;
  assign second    = \dut.u_toggle.sync_q ;

  always_comb begin
    assert (busy_d == (sent_side != seen_side));
    assert (busy_d || (first == seen_side && second == seen_side));
    assert (second == seen_side || (first != seen_side && edges_d >= 3'd2));
    assert (first == seen_side || edges_d >= 3'd1);
    assert (!busy_d || edges_d < 3'd2 || first != seen_side);
    assert (!busy_d || edges_d < 3'd3 || second != seen_side);
    assert (!busy_d || message_d == data_i);
    assert (dst_rst_n || edges_d == 3'd0);
  end
`endif

endmodule

`default_nettype wire
