// SPDX-License-Identifier: Apache-2.0
//
// Data line engine of the card: one block at a time, out or in, on one line or
// four, with CRC16 on every line, CRC status and busy.
//
// Sends bytes that the card gives by index; receives words.  Does not know
// blocks beyond the one at hand, nor addresses.
// Page: docs/rtl/sdv_bus_dat.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_bus_dat (
  input  logic        clk_i,
  input  logic        rst_ni,

  // pins
  input  logic [3:0]  dat_i,
  output logic [3:0]  dat_o,
  output logic [3:0]  dat_oe_o,

  input  logic        width4_i,
  input  logic [9:0]  len_i,          // bytes of a block, 1 to 512

  // out
  input  logic        tx_start_i,     // pulse, while idle_o
  output logic [8:0]  tx_idx_o,       // byte wanted
  input  logic [7:0]  tx_byte_i,
  output logic        tx_done_o,      // pulse: the end bit is on the line

  // in
  input  logic        rx_arm_i,       // take a block when one comes
  output logic        rx_we_o,
  output logic [6:0]  rx_idx_o,       // word of the block
  output logic [31:0] rx_word_o,      // byte 0 in bits 31:24
  output logic        rx_done_o,      // pulse: the block is complete
  output logic        rx_ok_o,        // with rx_done_o: right CRC and end bits

  input  logic        stop_i,         // pulse: end whatever goes on
  input  logic        busy_i,         // hold DAT0 low while idle
  input  logic        busy_hold_i,    // not yet, unless it is low already
  input  logic        busy_end_i,     // lets go at the pad at once
  output logic        idle_o,
  output logic        quiet_o
);

  typedef enum logic [3:0] {
    StIdle,    // or a start bit of a block that is armed
    StTxStart,
    StTx,
    StTxCrc,
    StTxEnd,
    StRx,
    StRxCrc,
    StRxEnd,
    StGap,     // N_CRC
    StToken,
    StTail,    // lines are let go, or busy begins
    StRelease  // lines are let go after data
  } state_e;

  state_e      state_q;
  logic [31:0] shift_q;   // received word; sent byte in the upper 8 bits
  logic [9:0]  byte_q;    // byte at hand
  logic [3:0]  bit_q;     // step in the byte, the CRC or the token
  logic [63:0] crc_q;     // four CRC16, nibble interleaved
  logic        bad_q, we_q, done_q;
  logic [6:0]  idx_q;
  logic [3:0]  dat_q, oe_q;
  logic        busy_q;

  logic [3:0] lanes;        // lines in use
  logic       byte_end;     // the step at hand ends a byte
  logic       last_byte;
  logic [3:0] tx_nibble, rx_nibble;
  assign lanes     = width4_i ? 4'hF : 4'h1;
  assign byte_end  = width4_i ? bit_q[0] : (bit_q == 4'd7);
  assign last_byte = (byte_q == len_i - 10'd1);
  assign tx_nibble = width4_i ? shift_q[31:28] : {3'b111, shift_q[31]};
  assign rx_nibble = dat_i | ~lanes;

  logic wake;  // something to do for an idle engine
  assign wake = tx_start_i || rx_arm_i || busy_i || busy_q;

  logic [4:0] token;  // CRC status, first bit in bit 4
  assign token = {1'b0, bad_q ? 3'b101 : 3'b010, 1'b1};

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= StIdle;
      shift_q <= '0;
      byte_q  <= '0;
      bit_q   <= '0;
      crc_q   <= '0;
      bad_q   <= 1'b0;
      we_q    <= 1'b0;
      done_q  <= 1'b0;
      idx_q   <= '0;
      dat_q   <= '1;
      oe_q    <= '0;
      busy_q  <= 1'b0;
    end else if (state_q != StIdle || wake) begin
      we_q   <= 1'b0;
      done_q <= 1'b0;
      bit_q  <= bit_q + 4'd1;
      unique case (state_q)
        // StIdle: all lines are free but for busy.
        StIdle: begin
          busy_q <= busy_i && (busy_q || !busy_hold_i);
          crc_q  <= '0;
          bad_q  <= 1'b0;
          byte_q <= '0;
          bit_q  <= '0;
          if (tx_start_i) begin
            state_q <= StTxStart;
          end else if (rx_arm_i && !busy_i && !busy_q && !stop_i && !dat_i[0]) begin
            state_q <= StRx;
          end
        end
        // StTxStart: start bit on the lines in use.
        StTxStart: begin
          oe_q    <= lanes;
          dat_q   <= '0;
          bit_q   <= '0;
          shift_q <= {tx_byte_i, shift_q[23:0]};
          byte_q  <= 10'd1;
          state_q <= StTx;
        end
        // StTx: byte_q is the byte that comes next.
        StTx: begin
          dat_q   <= tx_nibble;
          crc_q   <= sdv_pkg::crc16x4_step(crc_q, tx_nibble);
          shift_q <= width4_i ? {shift_q[27:0], 4'h0} : {shift_q[30:0], 1'b0};
          if (byte_end) begin
            bit_q   <= '0;
            byte_q  <= byte_q + 10'd1;
            shift_q <= {tx_byte_i, shift_q[23:0]};
            if (byte_q == len_i) begin
              state_q <= StTxCrc;
            end
          end
        end
        // StTxCrc: 16 bits on each line.
        StTxCrc: begin
          dat_q <= `SDV_BREAK(6, crc_q[63:60], crc_q[63:60] ^ 4'h1);
          crc_q <= {crc_q[59:0], 4'h0};
          if (bit_q == 4'd15) begin
            state_q <= StTxEnd;
          end
        end
        // StTxEnd: end bit.
        StTxEnd: begin
          dat_q   <= '1;
          done_q  <= 1'b1;
          state_q <= StRelease;
        end
        // StRx: words are handed on as they fill.
        StRx: begin
          crc_q   <= sdv_pkg::crc16x4_step(crc_q, rx_nibble);
          shift_q <= width4_i ? {shift_q[27:0], dat_i} : {shift_q[30:0], dat_i[0]};
          if (byte_end) begin
            bit_q  <= '0;
            byte_q <= byte_q + 10'd1;
            if (byte_q[1:0] == 2'd3) begin
              we_q  <= 1'b1;
              idx_q <= byte_q[8:2];
            end
            if (last_byte) begin
              bit_q   <= '0;
              state_q <= StRxCrc;
            end
          end
        end
        // StRxCrc: each line against its own CRC.
        StRxCrc: begin
          crc_q <= {crc_q[59:0], 4'h0};
          bad_q <= bad_q | (((dat_i ^ crc_q[63:60]) & lanes) != '0);
          if (bit_q == 4'd15) begin
            state_q <= StRxEnd;
          end
        end
        // StRxEnd: end bit on all lines.
        StRxEnd: begin
          bad_q   <= `SDV_BREAK(7, bad_q, 1'b0) | ((~dat_i & lanes) != '0);
          done_q  <= 1'b1;
          state_q <= StGap;
        end
        // StGap: N_CRC.
        StGap: begin
          bit_q   <= '0;
          state_q <= StToken;
        end
        // StToken: start bit, three bits, end bit.
        StToken: begin
          oe_q  <= 4'h1;
          dat_q <= {3'b111, token[3'd4 - bit_q[2:0]]};
          if (bit_q == 4'd4) begin
            state_q <= StTail;
          end
        end
        // StTail: busy follows the token without a gap.
        StTail: begin
          oe_q    <= '0;
          busy_q  <= busy_i;
          state_q <= StIdle;
        end
        // StRelease: the end bit has been on the lines for a clock.
        StRelease: begin
          oe_q    <= '0;
          state_q <= StIdle;
        end
        default: state_q <= StIdle;
      endcase
      if (`SDV_BREAK(8, stop_i, 1'b0) && state_q != StIdle && state_q < StGap) begin
        // The end bit of what was sent; nothing of what was received.
        dat_q   <= '1;
        done_q  <= 1'b0;
        we_q    <= 1'b0;
        state_q <= StRelease;
      end
    end
  end

  logic busy_pad;
  always_comb begin
    busy_pad = 1'b0;
    if (busy_q) begin
      busy_pad = `SDV_BREAK(9, busy_i && !busy_end_i, 1'b0);
    end
  end
  assign dat_o     = {dat_q[3:1], busy_pad ? 1'b0 : dat_q[0]};
  assign dat_oe_o  = {oe_q[3:1], oe_q[0] | busy_pad};
  assign tx_idx_o  = byte_q[8:0];
  assign tx_done_o = done_q && (state_q == StRelease);
  assign rx_we_o   = we_q;
  assign rx_idx_o  = idx_q;
  assign rx_word_o = shift_q;
  assign rx_done_o = done_q && (state_q == StGap);
  assign rx_ok_o   = !bad_q;
  assign idle_o    = (state_q == StIdle);
  assign quiet_o   = (state_q == StIdle) && (busy_q == busy_i);

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (state_q <= StRelease);
      assert (!tx_start_i || idle_o);
      // One line only: the others stay free.  CMD0 takes the width away while
      // the end bit of what it cut short is still on the lines.
      assert (width4_i || oe_q[3:1] == '0 || state_q == StRelease);
      // Nothing is driven while a block comes in.
      assert ((state_q != StRx && state_q != StRxCrc) || oe_q == '0);
      assert (!tx_start_i || (len_i != '0 && len_i <= 10'd512));
    end
  end
`endif

endmodule

`default_nettype wire
