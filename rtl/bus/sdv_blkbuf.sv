// SPDX-License-Identifier: Apache-2.0
//
// Crossing cell: two blocks of 512 bytes, written in one clock domain and read
// in the other.
//
// Each half belongs to the writer or to the reader; ownership is handed over
// by toggles.  The writer fills the half it is at and commits it; the reader
// reads the oldest committed half and releases it.  A half is never touched by
// the side that does not own it, so the memory needs no other protection.
// Page: docs/rtl/crossings.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_blkbuf (
  // writer
  input  logic        wr_clk_i,
  input  logic        wr_rst_ni,
  output logic        wr_free_o,    // the half at hand may be written
  input  logic        wr_we_i,
  input  logic [6:0]  wr_idx_i,     // word in the block
  input  logic [31:0] wr_data_i,    // byte 0 in bits 31:24
  input  logic        wr_commit_i,  // pulse: hand the half over

  // reader
  input  logic        rd_clk_i,
  input  logic        rd_rst_ni,
  output logic        rd_avail_o,   // the half at hand may be read
  input  logic [6:0]  rd_idx_i,
  output logic [31:0] rd_data_o,
  input  logic        rd_release_i  // pulse: give the half back
);

  logic [31:0] mem [0:255];
  logic        wr_half_q, rd_half_q;    // half at hand
  logic [1:0]  wr_own_q, rd_own_q;      // toggles of each half; equal: writer's
  logic [1:0]  wr_own_sync, rd_own_sync;
  logic [1:0]  unused_wr_early, unused_rd_early;

  always_ff @(posedge wr_clk_i) begin
    if (wr_we_i) begin
      mem[{wr_half_q, wr_idx_i}] <= wr_data_i;
    end
  end

  always_ff @(posedge wr_clk_i or negedge wr_rst_ni) begin
    if (!wr_rst_ni) begin
      wr_half_q <= 1'b0;
      wr_own_q  <= 2'b00;
    end else if (wr_commit_i) begin
      wr_own_q[wr_half_q] <= !wr_own_q[wr_half_q];
      wr_half_q           <= `SDV_BREAK(2, !wr_half_q, wr_half_q);
    end
  end

  always_ff @(posedge rd_clk_i or negedge rd_rst_ni) begin
    if (!rd_rst_ni) begin
      rd_half_q <= 1'b0;
      rd_own_q  <= 2'b00;
    end else if (rd_release_i) begin
      rd_own_q[rd_half_q] <= !rd_own_q[rd_half_q];
      rd_half_q           <= !rd_half_q;
    end
  end

  sdv_sync #(.Width(2)) u_to_reader (
    .clk_i   (rd_clk_i),
    .rst_ni  (rd_rst_ni),
    .d_i     (wr_own_q),
    .early_o (unused_rd_early),
    .q_o     (wr_own_sync)
  );

  sdv_sync #(.Width(2)) u_to_writer (
    .clk_i   (wr_clk_i),
    .rst_ni  (wr_rst_ni),
    .d_i     (rd_own_q),
    .early_o (unused_wr_early),
    .q_o     (rd_own_sync)
  );

  assign wr_free_o  = (wr_own_q[wr_half_q] == rd_own_sync[wr_half_q]);
  assign rd_avail_o = (wr_own_sync[rd_half_q] != rd_own_q[rd_half_q]);
  assign rd_data_o  = mem[{rd_half_q, rd_idx_i}];

`ifdef SDV_FORMAL
  // One word of each half, whichever it is: what the proof looks at.
  (* anyconst *) logic [6:0] watch_idx;
  logic [31:0] watch_0, watch_1;

  assign watch_0 = mem[{1'b0, watch_idx}];
  assign watch_1 = mem[{1'b1, watch_idx}];
`endif

`ifdef SDV_ASSERT
  always_ff @(posedge wr_clk_i) begin
    if (wr_rst_ni && (wr_we_i || wr_commit_i)) begin
      assert (wr_free_o);
    end
  end
  always_ff @(posedge rd_clk_i) begin
    if (rd_rst_ni && rd_release_i) begin
      assert (rd_avail_o);
    end
  end
`endif

endmodule

`default_nettype wire
