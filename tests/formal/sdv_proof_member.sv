// SPDX-License-Identifier: Apache-2.0
//
// Proof of a member of the AES family, as its caller sees it: a block comes in
// only where there is room, its result comes after the documented number of
// clocks, not earlier and not later, and stays until it is taken; nothing comes
// that was not asked for, nothing is left after a wipe, and no error rises.
//
// With Fault one bit of each controller's state may turn over at any edge: all
// that still holds unless error_o says so, which then stays.
// Breaks: 1020 a result is taken although nobody takes it, 1021 one that is
// taken need not change.
// Page: docs/formal.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_proof_member #(
  parameter int Member  = 0,
  parameter int Decrypt = 0,
  parameter int Keys    = 384,
  parameter int Rounds  = 0,    // not 0: sdv_aes with so many, whatever the member
  parameter int Short   = 10,   // clocks from block to block, 128 bits
  parameter int Long    = 14,   // 256 bits
  parameter int NewShort = 10,  // more of them for a key that has to be set up,
  parameter int NewLong  = 14,
  parameter int Every    = 0,   // which is every new one, also for encryption, or
  parameter int Ahead    = 0,   // only one that is new, or any that did not yet decrypt
  parameter int Fault   = 0,
  parameter int Data    = 0     // what the result is, not when it comes
) (
  input logic         clk_i,
  input logic         rst_ni,
  input logic         wipe_i,
  input logic         valid_i,
  input logic         decrypt_i,
  input logic         size256_i,
  input logic         same_key_i,
  input logic [255:0] key_i,
  input logic [127:0] block_i,
  input logic         ready_i
);

  logic         ready, valid, busy, error;
  logic [127:0] block;
  logic         take_it;
  assign take_it = ready_i || `SDV_BREAK(1020, 1'b0, 1'b1);
  if (Rounds != 0) begin : g_aes
    sdv_aes #(.Decrypt(Decrypt), .Keys(Keys), .Rounds(Rounds)) dut (
      .clk_i, .rst_ni, .wipe_i, .valid_i, .decrypt_i, .size256_i, .same_key_i, .key_i,
      .block_i,
      .ready_i (take_it),
      .ready_o (ready),
      .valid_o (valid),
      .block_o (block),
      .busy_o  (busy),
      .error_o (error)
    );
  end else begin : g_any
    sdv_aes_member #(.Member(Member)) dut (
      .clk_i, .rst_ni, .wipe_i, .valid_i, .decrypt_i, .size256_i, .same_key_i, .key_i,
      .block_i,
      .ready_i (take_it),
      .ready_o (ready),
      .valid_o (valid),
      .block_o (block),
      .busy_o  (busy),
      .error_o (error)
    );
  end

  // What the caller knows.
  logic       started_q;             // the first step, in reset, is over
  logic       inside_q;              // a block is inside, since so many clocks
  logic [7:0] clocks_q, needed_q;
  logic       known_q, size_q, end_q;  // key of the block before; it was decrypted with
  logic       failed_q;
  logic       held_q;
  logic [127:0] block_q;

  logic       load, take, due, size, back, again;
  logic [7:0] needed;
  always_comb begin
    load   = valid_i && ready;
    take   = valid && ready_i;
    due    = inside_q && (clocks_q >= needed_q);
    size   = (Keys == 384) ? size256_i : (Keys == 256);
    back   = (Decrypt != 0) && decrypt_i;
    again  = same_key_i && (end_q || (Ahead != 0));
    needed = size ? 8'(Long) : 8'(Short);
    if (!again && (back || (Every != 0))) begin
      needed = needed + (size ? 8'(NewLong) : 8'(NewShort));
    end
  end

  initial begin
    started_q = 1'b0;
    inside_q  = 1'b0;
    known_q   = 1'b0;
    end_q     = 1'b0;
    failed_q  = 1'b0;
    held_q    = 1'b0;
  end
  always_ff @(posedge clk_i) begin
    started_q <= 1'b1;
    failed_q  <= rst_ni && (failed_q || error);
    held_q    <= rst_ni && !wipe_i && valid && (!ready_i || `SDV_BREAK(1021, 1'b0, 1'b1));
    block_q   <= block;
    if (!rst_ni || wipe_i) begin
      inside_q <= 1'b0;
      known_q  <= 1'b0;
      end_q    <= 1'b0;
    end else if (load) begin
      inside_q <= 1'b1;
      clocks_q <= 8'd1;
      needed_q <= needed;
      known_q  <= 1'b1;
      size_q   <= size;
      end_q    <= back || again;
    end else begin
      inside_q <= inside_q && !take;
      clocks_q <= clocks_q + {7'd0, !due};
    end
  end

  (* hierconn *) logic \g_aes.dut.end_q ;
  (* hierconn *) logic [3:0] \g_aes.dut.step_q ;

  always_comb begin
    assume (started_q || !rst_ni);
    assume (!valid_i || !same_key_i || (known_q && (size_q == size)));

    if (rst_ni && Data == 0) begin
      if (Fault == 0) begin
        assert (!error);
      end
      assert (!error || !(valid || ready));
      assert (error || !failed_q);
      if (!error) begin
        assert (busy == inside_q);
        assert (!valid || due);
        assert (valid || !due || wipe_i);
        assert (!ready || !inside_q || take);
        assert (ready || wipe_i || (inside_q && !take));
      end
    end
    if (rst_ni && Data == 0 && Rounds == 2 && Decrypt == 0) begin
      // For the induction: two steps at a time.
      assert (error || !\g_aes.dut.step_q [0]);
    end
    if (rst_ni && Data == 0 && Rounds != 0 && Decrypt != 0) begin
      // For the induction: what it knows of the key before.
      assert (error || !inside_q || (clocks_q <= needed_q && needed_q <= 8'(Long + NewLong)));
      assert (error || end_q == \g_aes.dut.end_q );
    end
    if (rst_ni && Data != 0) begin
      assert (!held_q || error || (valid && block == block_q));
    end

    if (Data == 0 && Fault == 0) begin
      cover (take && load && needed_q == ((Keys == 128) ? 8'(Short) : 8'(Long)));
      cover (valid && held_q);
    end
    if (Data == 0 && Fault == 0 && (Decrypt != 0 || Every != 0)) begin
      cover (take && needed_q == ((Keys == 256) ? 8'(Long + NewLong) : 8'(Short + NewShort)));
    end
    if (Data == 0 && Fault != 0) begin
      cover (error && inside_q && due);
    end
  end

endmodule

`default_nettype wire
