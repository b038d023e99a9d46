// SPDX-License-Identifier: Apache-2.0
//
// CMD17 and CMD18, and all other blocks that the core side gives: fetches them
// one ahead and has them sent.
//
// A cut transfer leaves fetched blocks behind; they are dropped before the next
// one begins.  Page: docs/rtl/sdv_card_read.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_card_read (
  input  logic        clk_i,
  input  logic        rst_ni,

  // the valid command at hand
  input  logic        start_i,
  input  logic        multi_i,        // CMD18
  input  logic [31:0] count_i,        // blocks of a CMD18; 0: until stopped
  input  logic [31:0] sector_i,
  input  logic [8:0]  offset_i,
  input  logic [9:0]  len_i,          // bytes of a block
  input  logic        abort_i,
  input  logic [31:0] blocks_i,       // of the user area
  input  logic        token_i,        // it is not read: there is no end

  // storage
  output logic        req_o,
  output logic [31:0] sector_o,
  input  logic        ack_i,
  input  logic        done_i,
  input  logic        error_i,        // with done_i: there is no block
  input  logic        avail_i,        // a fetched block
  output logic        release_o,

  // data lines
  input  logic        resp_busy_i,    // the response of the command goes out
  input  logic        dat_idle_i,
  output logic        tx_start_o,
  input  logic        tx_done_i,
  output logic [9:0]  len_o,
  output logic [8:0]  offset_o,       // of the block that is sent

  output logic        active_o,
  output logic        done_o,         // pulse: all sent
  output logic        range_error_o,  // pulses: no more data until CMD12
  output logic        addr_error_o,
  output logic        ecc_error_o,
  output logic        quiet_o
);

  // What comes after the blocks that have been asked for.
  typedef enum logic [2:0] {
    FetGo,     // one more
    FetDone,   // nothing
    FetRange,  // past the end
    FetAddr,   // crosses a block
    FetEcc     // the last one failed
  } fetch_e;

  fetch_e      fetch_q;
  logic        active_q, drain_q, first_q, sending_q;
  logic [1:0]  ahead_q;               // asked for, not yet released
  logic [31:0] sector_q, left_q;
  logic        counted_q;
  logic [9:0]  len_q;
  logic [8:0]  offset_q, send_offset_q;

  // Address of the block after the one at hand.
  logic [9:0]  end_offset, send_end;
  logic        full, crosses;
  logic [31:0] next_sector;
  logic        finished;
  logic        ready;   // the next block may start when the lines are free
  logic        drop;    // a block that nobody wants any more
  always_comb begin
    end_offset  = '0;
    send_end    = '0;
    full        = 1'b0;
    crosses     = 1'b0;
    next_sector = '0;
    finished    = 1'b0;
    req_o       = 1'b0;
    ready       = 1'b0;
    if (active_q && !drain_q) begin
      end_offset  = {1'b0, offset_q} + len_q;
      send_end    = {1'b0, send_offset_q} + len_q;
      full        = (end_offset == 10'd512);
      crosses     = !full && (end_offset + len_q > 10'd512);
      next_sector = full ? sector_q + 32'd1 : sector_q;
      finished    = !sending_q && !start_i && !abort_i && (ahead_q == '0) && (fetch_q != FetGo);
      req_o       = (fetch_q == FetGo) && (ahead_q < 2'd2);
      ready       = !sending_q && avail_i && !(first_q && resp_busy_i) && !abort_i;
    end
  end
  assign tx_start_o = ready && dat_idle_i;
  assign drop       = drain_q && avail_i && !sending_q;
  assign release_o  = tx_done_i || drop;

  logic [1:0] ahead_d;
  assign ahead_d = ahead_q + {1'b0, ack_i} - {1'b0, release_o} - {1'b0, done_i && error_i};

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      fetch_q       <= FetDone;
      active_q      <= 1'b0;
      drain_q       <= 1'b0;
      first_q       <= 1'b0;
      sending_q     <= 1'b0;
      ahead_q       <= '0;
      sector_q      <= '0;
      left_q        <= '0;
      counted_q     <= 1'b0;
      len_q         <= '0;
      offset_q      <= '0;
      send_offset_q <= '0;
    end else if (start_i || active_q || drain_q) begin
      ahead_q <= ahead_d;
      if (drain_q && ahead_d == '0) begin
        drain_q <= 1'b0;
      end
      if (ack_i) begin
        sector_q <= `SDV_BREAK(30, next_sector, sector_q);
        offset_q <= full ? 9'd0 : end_offset[8:0];
        left_q   <= left_q - 32'd1;
        if (counted_q && left_q == 32'd1) begin
          fetch_q <= FetDone;
        end else if (crosses) begin
          fetch_q <= FetAddr;
        end else if (next_sector >= blocks_i && !token_i) begin
          fetch_q <= FetRange;
        end
      end
      if (done_i && error_i && `SDV_BREAK(44, !drain_q, 1'b1)) begin
        fetch_q <= FetEcc;
      end
      if (tx_start_o) begin
        sending_q <= 1'b1;
        first_q   <= 1'b0;
      end
      if (tx_done_i) begin
        sending_q     <= 1'b0;
        send_offset_q <= (send_end == 10'd512) ? 9'd0 : send_end[8:0];
      end
      if (finished) begin
        active_q <= 1'b0;
      end
      if (abort_i && active_q) begin
        active_q  <= 1'b0;
        sending_q <= 1'b0;
        drain_q   <= (ahead_d != '0);
      end
      if (start_i) begin
        active_q      <= 1'b1;
        first_q       <= 1'b1;
        sending_q     <= 1'b0;
        fetch_q       <= FetGo;
        sector_q      <= sector_i;
        offset_q      <= offset_i;
        send_offset_q <= offset_i;
        len_q         <= len_i;
        counted_q     <= !multi_i || (count_i != '0);
        left_q        <= multi_i ? count_i : 32'd1;
      end
    end
  end

  assign sector_o      = sector_q;
  assign len_o         = len_q;
  assign offset_o      = send_offset_q;
  assign active_o      = active_q;
  assign done_o        = finished && (fetch_q == FetDone);
  assign range_error_o = finished && (fetch_q == FetRange);
  assign addr_error_o  = finished && (fetch_q == FetAddr);
  assign ecc_error_o   = finished && (fetch_q == FetEcc);
  assign quiet_o       = !finished && !drop && !ready && !req_o && !(drain_q && ahead_q == '0);

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (ahead_q <= 2'd2);
      assert (!tx_done_i || ahead_q != '0 || !active_q);
      assert (!start_i || !active_q);
    end
  end
`endif

endmodule

`default_nettype wire
