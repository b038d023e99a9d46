// SPDX-License-Identifier: Apache-2.0
//
// Key stream of CTR mode (SP 800-38A section 6.5), a client of the lanes.
//
// Encrypts counter blocks one after the other and hands the results over; one
// that nobody takes yet is kept, so that it runs ahead by one block.  It does
// not touch the text, and keeps neither key nor counter block.
// Page: docs/rtl/sdv_ctr.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_ctr #(
  parameter int Increment = 32,   // lowest bits that count, 32 or 128; the others stay
  parameter int Width     = 7     // of the number of blocks, at most 8
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             wipe_i,        // forget everything, end what goes on

  input  logic             start_i,       // pulse while not busy
  input  logic             same_key_i,    // with it: the key is that of the run before
  input  logic [127:0]     counter_i,     // first counter block; holds, as the next one,
  input  logic [Width-1:0] blocks_i,      // from the clock after start_i to the end; not 0
  output logic             busy_o,

  // key stream
  output logic             valid_o,
  input  logic             ready_i,       // it is taken
  output logic [127:0]     block_o,       // with valid_o

  // lanes, with the key of the run
  output logic             aes_valid_o,
  input  logic             aes_ready_i,
  output logic             aes_same_key_o,
  output logic [127:0]     aes_block_o,
  input  logic             aes_done_i,
  input  logic [127:0]     aes_block_i,

  output logic             error_o
);

  logic             run_q, run_d;
  logic             asked_q, asked_d;   // a block is on a lane
  logic             full_q, full_d;     // a result waits
  logic             same_q, same_d;     // the lanes know the key
  logic [Width-1:0] next_q, next_d;     // counter blocks that went to a lane
  logic [127:0]     kept_q;             // the result that waits

  // ---- Lane ----

  // Only while its result has a place: a result cannot wait on the lane.
  logic result, offer, take;
  always_comb begin
    result = 1'b0;
    offer  = 1'b0;
    if (run_q) begin
      result = asked_q && aes_done_i;
      offer  = (next_q != blocks_i) &&
               ((asked_q || full_q) ? (ready_i && (result || full_q)) : 1'b1);
    end
  end
  assign take   = aes_valid_o && aes_ready_i;

  assign aes_valid_o    = offer && !error_o;
  assign aes_same_key_o = same_q;

  // The count goes into the lowest byte, and a carry up byte by byte: shorter
  // than one long sum.
  logic carry;
  always_comb begin
    carry       = 1'b0;
    aes_block_o = counter_i;
    if (offer) begin
      {carry, aes_block_o[7:0]} = {1'b0, counter_i[7:0]} + 9'(next_q);
      for (int i = 8; i < Increment; i += 8) begin
        aes_block_o[i +: 8] = counter_i[i +: 8] + {7'd0, `SDV_BREAK(382, carry, 1'b0)};
        carry = carry && (counter_i[i +: 8] == 8'hFF);
      end
    end
  end

  // ---- Key stream ----

  assign valid_o = (full_q || result) && !error_o;
  assign block_o = full_q ? kept_q : aes_block_i;

  always_comb begin
    run_d   = run_q;
    asked_d = asked_q;
    full_d  = full_q;
    same_d  = same_q;
    next_d  = next_q;
    if (wipe_i || error_o) begin
      run_d   = 1'b0;
      asked_d = 1'b0;
      full_d  = 1'b0;
      same_d  = 1'b0;
      next_d  = '0;
    end else if (start_i) begin
      run_d  = 1'b1;
      same_d = same_key_i;
      next_d = '0;
    end else if (run_q) begin
      asked_d = take || (asked_q && !aes_done_i);
      full_d  = (full_q || result) && !ready_i;
      if (take) begin
        same_d = 1'b1;
        next_d = next_q + Width'(1);
      end
      run_d = (next_q != blocks_i) || asked_d || full_d;
    end
  end
  assign busy_o = run_q;

  logic bad, error_q;
  sdv_guard #(.Width(Width + 4)) u_guard (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .en_i    (run_q || start_i || wipe_i || bad),
    .next_i  ({run_d, asked_d, full_d, same_d, next_d}),
    .value_o ({run_q, asked_q, full_q, same_q, next_q}),
    .error_o (bad)
  );
  assign error_o = bad || error_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      error_q <= 1'b0;
      kept_q  <= '0;
    end else if (wipe_i || error_o) begin
      error_q <= error_o;
      kept_q  <= '0;
    end else if (result && !ready_i) begin
      kept_q <= `SDV_BREAK(383, aes_block_i, kept_q);
    end
  end

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni && !wipe_i && !error_o) begin
      assert (!start_i || !run_q);
      assert (!run_q || (next_q <= blocks_i));
      // A result has a place.
      assert (!(asked_q && full_q));
      assert (!aes_done_i || asked_q);
      assert (run_q || !(asked_q || full_q));
    end
  end
`endif

endmodule

`default_nettype wire
