// SPDX-License-Identifier: Apache-2.0
//
// Proof of sdv_sync: each output is a level that its input had at the edge
// before the last one, and an input that holds for two edges is out.
//
// Levels, clock and reset change in any step.  Page: docs/formal.md
`default_nettype none

module sdv_proof_sync (
  input logic       clk_i,
  input logic       rst_ni,
  input logic       go_i,
  input logic [1:0] d_i
);

  logic       rst_n, rises;
  logic [1:0] early, q;

  sdv_proof_reset u_reset (.rst_ni, .go_i, .rst_no(rst_n));
  sdv_proof_edge u_edge (.clk_i, .rises_o(rises));

  sdv_sync #(.Width(2)) dut (
    .clk_i,
    .rst_ni  (rst_n),
    .d_i,
    .early_o (early),
    .q_o     (q)
  );

  // Whether a flop may be 0 or 1: `_q` as of the step before.
  logic [1:0] d_q, d_qq;
  logic       rst_nq;
  logic [1:0] may0_d, may1_d, may0_q, may1_q;      // first flop
  logic [1:0] out0_d, out1_d, out0_q, out1_q;      // second flop
  logic [1:0] held_d, held_q;                      // edges that both bits have held for

  always_comb begin
    may0_d = may0_q;
    may1_d = may1_q;
    out0_d = out0_q;
    out1_d = out1_q;
    held_d = held_q;
    if (rises) begin
      may0_d = ~(d_q & d_qq) | {2{!rst_nq}};
      may1_d = d_q | d_qq;
      out0_d = may0_q;
      out1_d = may1_q;
      held_d = (d_q != d_qq || !rst_nq) ? 2'd0 : (held_q == 2'd2) ? 2'd2 : held_q + 2'd1;
    end else if (d_q != d_qq) begin
      held_d = 2'd0;
    end
    if (!rst_n) begin
      may0_d = 2'b11;
      may1_d = 2'b00;
      out0_d = 2'b11;
      out1_d = 2'b00;
      held_d = 2'd0;
    end
  end

  always_ff @($global_clock) begin
    d_q    <= d_i;
    d_qq   <= d_q;
    rst_nq <= rst_n;
    may0_q <= may0_d;
    may1_q <= may1_d;
    out0_q <= out0_d;
    out1_q <= out1_d;
    held_q <= held_d;
  end

  always_comb begin
    // Nothing is invented.
    assert ((early & ~may1_d) == 2'b00);
    assert ((~early & ~may0_d) == 2'b00);
    assert ((q & ~out1_d) == 2'b00);
    assert ((~q & ~out0_d) == 2'b00);
    // What holds gets through.
    if (held_d == 2'd2) begin
      assert (q == d_q);
    end
    if (!rst_n) begin
      assert (q == 2'b00);
    end
    // For the induction: what the count of edges means.
    if (held_d != 2'd0) begin
      assert (may1_d == d_q && may0_d == ~d_q);
    end
    if (held_d == 2'd2) begin
      assert (out1_d == d_q && out0_d == ~d_q);
    end
    cover (q == 2'b10 && held_d == 2'd2);
    cover (q == 2'b01 && d_q == 2'b10);
  end

endmodule

`default_nettype wire
