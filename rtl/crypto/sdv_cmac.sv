// SPDX-License-Identifier: Apache-2.0
//
// CMAC (SP 800-38B) of a message that comes in blocks, on an AES lane.
//
// Each block is put together with the chain in the clock in which the lane has
// its last result, so that blocks that wait keep the lane busy.  The subkey of
// a key is kept.  It does not cut the message into blocks.  Parity watches the
// controller, not chain and subkey.
// Page: docs/rtl/sdv_cmac.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_cmac (
  input  logic         clk_i,
  input  logic         rst_ni,
  input  logic         wipe_i,       // forget everything, end what goes on

  input  logic         start_i,      // pulse while not busy: a new message
  input  logic         same_key_i,   // with it: the key is that of the message before
  output logic         busy_o,

  // blocks of the message
  input  logic         valid_i,
  output logic         ready_o,
  input  logic [127:0] block_i,
  input  logic         last_i,
  input  logic [4:0]   bytes_i,      // of the last block: 0 to 16, 0 for the empty message only

  output logic         done_o,       // pulse
  output logic [127:0] mac_o,        // with it, and until the next start

  // AES lane, with the key of the message
  output logic         aes_valid_o,
  input  logic         aes_ready_i,
  output logic         aes_same_key_o,
  output logic [127:0] aes_block_o,
  input  logic         aes_done_i,   // the result is there, and is taken
  input  logic [127:0] aes_block_i,

  output logic         error_o       // the controller is damaged; until reset
);

  localparam logic [2:0] StIdle       = 3'd0;
  localparam logic [2:0] StSubkey     = 3'd1;   // ask for the encrypted zero block
  localparam logic [2:0] StSubkeyWait = 3'd2;
  localparam logic [2:0] StBlock      = 3'd3;   // wait for a block
  localparam logic [2:0] StRun        = 3'd4;   // a block is on the lane
  localparam logic [2:0] StDone       = 3'd5;

  // Control, with parity.
  logic [2:0]   state_d, state_q;
  logic         cached_d, cached_q;   // the subkey is that of the key at hand
  logic         last_d, last_q;       // the block on the lane is the last one
  logic         move, fault, error_q, error;

  logic [127:0] subkey_q;   // K1
  logic [127:0] chain_q;

  sdv_guard #(.Width(5)) u_guard (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .en_i    (move),
    .next_i  ({state_d, cached_d, last_d}),
    .value_o ({state_q, cached_q, last_q}),
    .error_o (fault)
  );

  assign error   = fault || error_q;
  assign error_o = error;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      error_q <= 1'b0;
    end else if (fault) begin
      error_q <= 1'b1;
    end
  end

  // The last block, with its subkey.
  function automatic logic [127:0] finish(input logic [127:0] block, input logic [4:0] bytes,
                                          input logic [127:0] subkey);
    logic [127:0] behind;   // ones in the bytes behind the message
    behind = 128'hFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF >> {bytes[3:0], 3'b000};
    if (bytes[4]) begin
      finish = block ^ subkey;
    end else begin
      finish = (block & ~behind) ^ (behind ^ (behind >> 1)) ^
               sdv_pkg::gf128_double(subkey);
    end
  endfunction

  logic begins, chained, offer, take;
  assign begins  = start_i && !error && !wipe_i && ((state_q == StIdle) || (state_q == StDone));
  assign chained = (state_q == StRun) && aes_done_i && !last_q;
  assign offer   = valid_i && !error && ((state_q == StBlock) || chained);
  assign take    = offer && aes_ready_i;

  assign busy_o      = !error && (state_q != StIdle) && (state_q != StDone);
  assign ready_o     = take;
  assign aes_valid_o = offer || ((state_q == StSubkey) && !error);
  assign done_o      = (state_q == StDone) && !error;
  assign mac_o       = chain_q;
  assign aes_same_key_o = cached_q;   // the subkey was made with it

  always_comb begin
    aes_block_o = '0;
    if (offer) begin
      aes_block_o = (chained ? aes_block_i : chain_q) ^
                    (last_i ? finish(block_i, bytes_i, subkey_q) : block_i);
    end
  end

  assign move = !error && (wipe_i || start_i || (state_q != StIdle));
  always_comb begin
    state_d  = state_q;
    cached_d = cached_q;
    last_d   = last_q;
    if (move) begin
      unique case (state_q)
        // StIdle, StDone: a message may begin.
        StIdle, StDone: begin
          state_d = StIdle;
          if (start_i) begin
            cached_d = same_key_i && cached_q;
            state_d  = (`SDV_BREAK(311, same_key_i, 1'b1) && cached_q) ? StBlock : StSubkey;
          end
        end
        StSubkey: begin
          if (aes_ready_i) begin
            state_d = StSubkeyWait;
          end
        end
        StSubkeyWait: begin
          if (aes_done_i) begin
            cached_d = 1'b1;
            state_d  = StBlock;
          end
        end
        // StBlock, StRun: blocks go in as they come.
        StBlock, StRun: begin
          if (take) begin
            last_d  = last_i;
            state_d = StRun;
          end else if (aes_done_i) begin
            state_d = last_q ? StDone : StBlock;
          end
        end
        default: state_d = StIdle;
      endcase
      if (wipe_i) begin
        state_d  = StIdle;
        cached_d = 1'b0;
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      subkey_q <= '0;
      chain_q  <= '0;
    end else if (wipe_i || error) begin
      subkey_q <= '0;
      chain_q  <= '0;
    end else if (begins) begin
      chain_q <= '0;
    end else if (aes_done_i) begin
      if (state_q == StSubkeyWait) begin
        subkey_q <= `SDV_BREAK(310, sdv_pkg::gf128_double(aes_block_i), aes_block_i);
      end else if (state_q == StRun) begin
        chain_q <= aes_block_i;
      end
    end
  end

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (error || (state_q <= StDone));
      assert (!start_i || !busy_o || wipe_i);
      // SEC: a damaged controller hands nothing out.
      assert (!error_o || !(busy_o || ready_o || done_o || aes_valid_o));
      assert (!take || !last_i || (bytes_i <= 5'd16));
    end
  end
`endif

endmodule

`default_nettype wire
