// SPDX-License-Identifier: Apache-2.0
//
// The CMAC side of AES-SIV: S2V (RFC 5297 section 2.4), a client of the lanes.
//
// Puts together all that the CMAC takes with a block while the lane works on
// the one before, and keeps what is made of a key: its subkey, the CMAC of zero
// and the chain of the strings so far.  It does not cut strings into blocks.
// Page: docs/rtl/sdv_siv_mac.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_siv_mac (
  input  logic         clk_i,
  input  logic         rst_ni,
  input  logic         wipe_i,          // forget everything, end what goes on

  input  logic         new_key_i,       // pulse: the key is another one
  input  logic         subkey_i,        // level: make the subkey,
  input  logic         base_i,          // then the CMAC of zero
  input  logic         restart_i,       // pulse: forget the strings
  input  logic         start_i,         // pulse: a string or text begins
  output logic         result_o,        // pulse: what is made is there
  output logic [127:0] mac_o,           // from the clock after: the CMAC

  // string or text; hold while it goes on
  input  logic         text_i,
  input  logic [6:0]   blocks_i,        // at least one
  input  logic         partial_i,       // the last one is not full,
  input  logic [3:0]   rest_i,          // but has these bytes

  // words of the string or text
  input  logic         word_valid_i,    // only while ready
  output logic         word_ready_o,
  input  logic [1:0]   word_idx_i,
  input  logic [31:0]  word_i,          // zero behind the string or text

  // lanes, with the upper key
  output logic         aes_valid_o,
  input  logic         aes_ready_i,
  output logic         aes_same_key_o,
  output logic [127:0] aes_block_o,
  input  logic         aes_done_i,
  input  logic [127:0] aes_block_i,

  output logic         error_o          // level: the state is not what it was
);

  logic         same_q, same_d;     // the lanes know the key
  logic         asked_q, asked_d;   // a block is on a lane
  logic         full_q, full_d;     // the accumulator has all of its block
  logic [6:0]   block_q, block_d;   // blocks that went to a lane
  logic [3:0]   turn_q, turn_d;     // bytes to turn the chain by
  logic [127:0] subkey_q;           // K1 of the CMAC
  logic [127:0] base_q;             // CMAC of zero
  logic [127:0] chain_q;            // D of S2V
  logic [127:0] acc_q;              // what the CMAC takes next

  // ---- Lane ----

  logic key, fold, full_ask, take;
  assign key      = subkey_i || base_i;
  assign fold     = asked_q && aes_done_i;
  assign full_ask = full_q && (!asked_q || aes_done_i);
  assign take     = aes_valid_o && aes_ready_i;
  assign result_o = fold && (key || (!full_q && (block_q == blocks_i)));

  assign aes_valid_o    = key ? !asked_q : full_ask;
  assign aes_same_key_o = same_q;
  always_comb begin
    aes_block_o = acc_q;
    if (base_i) begin
      aes_block_o = aes_block_o ^ subkey_q;
    end
    if (fold) begin
      aes_block_o = aes_block_o ^ aes_block_i;
    end
  end
  assign mac_o          = acc_q;

  // ---- What the CMAC takes besides the bytes ----

  logic         last, short, near;
  assign last  = (block_q + 7'd1 == blocks_i);
  assign near  = last || (block_q + 7'd2 == blocks_i);
  assign short = text_i && partial_i && (blocks_i == 7'd1);

  // Ones in the bytes of the last block that are not the string's or text's.
  logic [127:0] behind, extra;
  always_comb begin
    behind = '0;
    extra  = '0;
    if (word_valid_i && (word_idx_i == 2'd0) && near) begin
      if (partial_i) begin
        behind = 128'hFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF >> {rest_i, 3'b000};
      end
      if (last) begin
        // The subkey, and one bit behind the bytes; the chain, turned to the
        // end of the text, or doubled for one below a block.
        extra = behind ^ (behind >> 1);
        extra = extra ^ ((partial_i && !short) ? sdv_pkg::gf128_double(subkey_q) : subkey_q);
        if (short) begin
          extra = extra ^ sdv_pkg::gf128_double(chain_q);
        end else if (text_i) begin
          extra = extra ^ (chain_q & ~behind);
        end
      end else if (text_i) begin
        extra = chain_q & behind;
      end
    end
  end

  // ---- Accumulator ----

  // The chain is needed at the end only; most texts do not wait until it is turned.
  assign word_ready_o = !full_q && `SDV_BREAK(384, ((turn_q == 4'd0) || !near), 1'b1);

  logic [127:0] acc_d;
  always_comb begin
    acc_d = acc_q;
    if (take || fold || word_valid_i) begin
      if (take) begin
        acc_d = '0;
      end else if (fold && !key) begin
        acc_d = acc_q ^ aes_block_i;
      end
      if (word_valid_i) begin
        acc_d = acc_d ^ extra;
        unique case (word_idx_i)
          2'd0: acc_d[127:96] = acc_d[127:96] ^ word_i;
          2'd1: acc_d[95:64]  = acc_d[95:64] ^ word_i;
          2'd2: acc_d[63:32]  = acc_d[63:32] ^ word_i;
          default: acc_d[31:0] = acc_d[31:0] ^ word_i;
        endcase
      end
    end
  end

  // ---- Control ----

  logic pulse;
  assign pulse = start_i || new_key_i || wipe_i;
  always_comb begin
    same_d  = same_q;
    asked_d = asked_q;
    full_d  = full_q;
    block_d = block_q;
    turn_d  = turn_q;
    if (pulse) begin
      same_d  = same_q && !new_key_i && !wipe_i;
      asked_d = 1'b0;
      full_d  = 1'b0;
      block_d = '0;
      turn_d  = (text_i && !short && !wipe_i) ? rest_i : 4'd0;
    end else begin
      if (turn_q != 4'd0) begin
        turn_d = turn_q - 4'd1;
      end
      if (take) begin
        asked_d = 1'b1;
        same_d  = 1'b1;
        full_d  = 1'b0;
        block_d = key ? '0 : block_q + 7'd1;
      end else if (aes_done_i) begin
        asked_d = 1'b0;
      end
      if (word_valid_i && (word_idx_i == 2'd3)) begin
        full_d = 1'b1;
      end
    end
  end

  sdv_guard #(.Width(14)) u_guard (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .en_i    (pulse || take || aes_done_i || word_valid_i || (turn_q != 4'd0)),
    .next_i  ({same_d, asked_d, full_d, block_d, turn_d}),
    .value_o ({same_q, asked_q, full_q, block_q, turn_q}),
    .error_o (error_o)
  );

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      subkey_q <= '0;
      base_q   <= '0;
      chain_q  <= '0;
      acc_q    <= '0;
    end else if (wipe_i) begin
      subkey_q <= '0;
      base_q   <= '0;
      chain_q  <= '0;
      acc_q    <= '0;
    end else begin
      if (start_i || new_key_i) begin
        acc_q <= '0;
      end else if (take || fold || word_valid_i) begin
        acc_q <= acc_d;
      end
      if (fold && subkey_i) begin
        subkey_q <= sdv_pkg::gf128_double(aes_block_i);
      end
      if (fold && base_i) begin
        base_q  <= aes_block_i;
        chain_q <= aes_block_i;
      end else if (restart_i) begin
        chain_q <= base_q;
      end else if (turn_q != 4'd0) begin
        chain_q <= {chain_q[7:0], chain_q[127:8]};
      end else if (result_o && !key && !text_i) begin
        chain_q <= sdv_pkg::gf128_double(chain_q) ^ aes_block_i;
      end
    end
  end

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni && !wipe_i && !error_o) begin
      assert (!(subkey_i && base_i));
      assert (!word_valid_i || word_ready_o);
      assert (!(start_i && asked_q && !aes_done_i));
      assert (!full_q || (block_q < blocks_i));
      assert (!aes_done_i || asked_q);
    end
  end
`endif

endmodule

`default_nettype wire
