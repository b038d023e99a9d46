// SPDX-License-Identifier: Apache-2.0
//
// CMAC (SP 800-38B) of a message that comes in blocks, on an AES lane.
//
// Each block is put together with the chain in the clock in which the lane has
// its last result, so that blocks that wait keep the lane busy.  The subkey of
// a key is kept.  It does not cut the message into blocks.
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
  output logic [127:0] aes_block_o,
  input  logic         aes_done_i,   // the result is there, and is taken
  input  logic [127:0] aes_block_i
);

  typedef enum logic [2:0] {
    StIdle,
    StSubkey,      // ask for the encrypted zero block
    StSubkeyWait,
    StBlock,       // wait for a block
    StRun,         // a block is on the lane
    StDone
  } state_e;

  state_e       state_q;
  logic         cached_q;   // the subkey is that of the key at hand
  logic         last_q;     // the block on the lane is the last one
  logic [127:0] subkey_q;   // K1
  logic [127:0] chain_q;

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

  logic chained, take;
  assign chained = (state_q == StRun) && aes_done_i && !last_q;
  assign take    = valid_i && aes_ready_i && ((state_q == StBlock) || chained);

  assign busy_o      = (state_q != StIdle) && (state_q != StDone);
  assign ready_o     = take;
  assign aes_valid_o = (state_q == StSubkey) ||
                       (valid_i && ((state_q == StBlock) || chained));
  assign done_o      = (state_q == StDone);
  assign mac_o       = chain_q;

  always_comb begin
    aes_block_o = '0;
    if (take) begin
      aes_block_o = (chained ? aes_block_i : chain_q) ^
                    (last_i ? finish(block_i, bytes_i, subkey_q) : block_i);
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q  <= StIdle;
      cached_q <= 1'b0;
      last_q   <= 1'b0;
      subkey_q <= '0;
      chain_q  <= '0;
    end else if (wipe_i) begin
      state_q  <= StIdle;
      cached_q <= 1'b0;
      subkey_q <= '0;
      chain_q  <= '0;
    end else if (state_q != StIdle || start_i) begin
      unique case (state_q)
        // StIdle, StDone: a message may begin.
        StIdle, StDone: begin
          state_q <= StIdle;
          if (start_i) begin
            chain_q  <= '0;
            cached_q <= same_key_i && cached_q;
            state_q  <= (`SDV_BREAK(311, same_key_i, 1'b1) && cached_q) ? StBlock : StSubkey;
          end
        end
        StSubkey: begin
          if (aes_ready_i) begin
            state_q <= StSubkeyWait;
          end
        end
        StSubkeyWait: begin
          if (aes_done_i) begin
            subkey_q <= `SDV_BREAK(310, sdv_pkg::gf128_double(aes_block_i), aes_block_i);
            cached_q <= 1'b1;
            state_q  <= StBlock;
          end
        end
        // StBlock, StRun: blocks go in as they come.
        StBlock, StRun: begin
          if (take) begin
            last_q  <= last_i;
            state_q <= StRun;
          end else if (aes_done_i) begin
            state_q <= last_q ? StDone : StBlock;
          end
          if ((state_q == StRun) && aes_done_i) begin
            chain_q <= aes_block_i;
          end
        end
        default: state_q <= StIdle;
      endcase
    end
  end

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (state_q <= StDone);
      assert (!start_i || !busy_o || wipe_i);
      assert (!take || !last_i || (bytes_i <= 5'd16));
    end
  end
`endif

endmodule

`default_nettype wire
