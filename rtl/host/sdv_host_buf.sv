// SPDX-License-Identifier: Apache-2.0
//
// The two block buffers of the host: one is filled while the other is emptied.
//
// One memory with one write and one read port.  In a read the data lines fill
// and the BUFFER_DATA register empties, in a write the other way round.  Does
// not check anything.  Page: docs/rtl/sdv_host_buf.md.

`include "sdv_sabotage.svh"
`default_nettype none

module sdv_host_buf (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        active_i,      // a transfer is running
  input  logic        read_i,        // a read: the lines fill, the register empties
  input  logic        fill_i,        // a write: the register may fill
  input  logic [5:0]  mode_i,        // TRANSFER_MODE
  input  logic [15:0] count_i,       // blocks left, if the mode counts them
  input  logic        single_i,      // the one block is to go, if it is only one
  input  logic [6:0]  last_word_i,   // index of the last word of a block

  // Data lines
  input  logic [5:0]  lines_i,       // pulses: clear, offer, release, pop, commit, push
  input  logic [31:0] push_data_i,
  output logic        space_o,       // a buffer is free
  output logic        avail_o,       // a block is there and data_o is its next word
  output logic        empty_o,       // no block is there
  output logic [31:0] data_o,

  // BUFFER_DATA register; accesses while not ready are ignored
  input  logic        req_i,
  input  logic        write_i,
  input  logic [8:0]  addr_i,
  input  logic [31:0] wdata_i,
  output logic        ready_o,       // a block may be written, or read
  output logic        ready_event_o, // pulse: once for each block
  output logic        rest_o         // no register changes until an input does
);

  // Pulses of the data lines.
  localparam int Push    = 0;  // a word came in
  localparam int Commit  = 1;  // the block that came in is good
  localparam int Pop     = 2;  // the word at data_o was taken
  localparam int Release = 3;  // the card has taken the block
  localparam int Offer   = 4;  // a write may begin to be filled
  localparam int Clear   = 5;  // both buffers are to be empty

  localparam int Counted = sdv_spec_pkg::SDHCI_TRANSFER_MODE_COUNT_ENABLE_LSB;
  localparam int Multi   = sdv_spec_pkg::SDHCI_TRANSFER_MODE_MULTI_LSB;

  logic [31:0] memory [0:255];

  logic [1:0]  full_q;
  logic        fill_sel_q, empty_sel_q;  // buffer that is filled, emptied
  logic [6:0]  fill_q, take_q;           // next word in it
  logic [31:0] data_q;                   // word take_q, fetched ahead
  logic        fetch_q;                  // the block to empty has become full: fetch word 0
  logic        check_q;                  // the register side may have become ready
  logic        ready_q, event_q;

  logic awake;                // something may change
  logic write, commit, take, free;
  logic ready;

  assign awake = req_i || (lines_i != '0) || !rest_o;

  always_comb begin
    write  = 1'b0;
    commit = 1'b0;
    take   = 1'b0;
    free   = 1'b0;
    ready  = 1'b0;
    if (awake) begin
      write  = lines_i[Push];
      commit = lines_i[Commit];
      take   = lines_i[Pop];
      free   = lines_i[Release];
      if (req_i && (addr_i == sdv_spec_pkg::SDHCI_BUFFER_DATA) && ready_o) begin
        if (write_i && fill_i) begin
          write  = 1'b1;
          commit = (fill_q == last_word_i);
        end
        if (!write_i && read_i) begin
          take = 1'b1;
          free = (take_q == last_word_i);
        end
      end
      // In a read a block is there, in a write one is to come and finds its place.
      if (check_q) begin
        ready = read_i ? full_q[empty_sel_q]
                       : (fill_i && space_o && more(mode_i, count_i, single_i, full_q));
      end
    end
  end

  // The transfer has more blocks than those that are here.
  function automatic logic more(input logic [5:0] mode, input logic [15:0] count,
                                input logic single, input logic [1:0] full);
    more = !mode[Multi] ? (single && (full == 2'b00)) :
           (!mode[Counted] || (count > {14'd0, {1'b0, full[0]} + {1'b0, full[1]}}));
  endfunction

  always_ff @(posedge clk_i) begin
    if (write) begin
      memory[{`SDV_BREAK(140, fill_sel_q, 1'b0), fill_q}] <= read_i ? push_data_i : wdata_i;
    end
  end

  // The word that is taken next.
  function automatic logic [7:0] next(input logic [7:0] word, input logic over);
    next = over ? {!word[7], 7'd0} : {word[7], word[6:0] + 7'd1};
  endfunction

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      data_q <= '0;
    end else if (awake) begin
      if (take || free) begin
        data_q <= memory[next({empty_sel_q, take_q}, free)];
      end else if (fetch_q) begin
        data_q <= memory[{empty_sel_q, take_q}];
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      full_q      <= '0;
      fill_sel_q  <= 1'b0;
      empty_sel_q <= 1'b0;
      fill_q      <= '0;
      take_q      <= '0;
      fetch_q     <= 1'b0;
      check_q     <= 1'b0;
      ready_q     <= 1'b0;
      event_q     <= 1'b0;
    end else if (awake && lines_i[Clear]) begin
      full_q      <= '0;
      fill_sel_q  <= 1'b0;
      empty_sel_q <= 1'b0;
      fill_q      <= '0;
      take_q      <= '0;
      fetch_q     <= 1'b0;
      check_q     <= 1'b0;
      ready_q     <= 1'b0;
      event_q     <= 1'b0;
    end else if (awake) begin
      fetch_q <= 1'b0;
      check_q <= lines_i[Offer];
      event_q <= 1'b0;
      if (check_q) begin
        ready_q <= ready;
        event_q <= ready;
      end
      if (commit) begin
        full_q[fill_sel_q] <= 1'b1;
        fill_sel_q         <= !fill_sel_q;
        fill_q             <= '0;
        // Not if another block is still in front of this one.
        fetch_q            <= (fill_sel_q == (empty_sel_q ^ free));
        if (!read_i || (fill_sel_q == (empty_sel_q ^ free))) begin
          check_q <= 1'b1;
          ready_q <= 1'b0;
        end
      end else if (write) begin
        fill_q <= fill_q + 7'd1;
      end
      if (free) begin
        full_q[empty_sel_q] <= 1'b0;
        empty_sel_q         <= !empty_sel_q;
        take_q              <= '0;
        // A write that still has space has been told so.
        if (read_i || full_q[fill_sel_q]) begin
          check_q <= `SDV_BREAK(141, 1'b1, 1'b0);
          ready_q <= 1'b0;
        end
      end else if (take) begin
        take_q <= take_q + 7'd1;
      end
    end
  end

  assign space_o       = !full_q[fill_sel_q];
  assign avail_o       = full_q[empty_sel_q] && !fetch_q;
  assign empty_o       = (full_q == 2'b00);
  assign data_o        = data_q;
  assign ready_o       = ready_q && active_i;
  assign ready_event_o = event_q;
  assign rest_o        = !fetch_q && !check_q && !event_q;


`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      // Only a free buffer is filled, only a full one is emptied.
      assert (!write || space_o);
      assert (!commit || space_o);
      assert (!free || full_q[empty_sel_q]);
      assert (!take || full_q[empty_sel_q]);
      // A block that is offered to the register is there.
      assert (!(ready_o && read_i) || avail_o);
      // Both sides stand at the same buffer unless exactly one is full.
      assert ((fill_sel_q == empty_sel_q) == (full_q[0] == full_q[1]));
      // Each side belongs to one of the two: the lines or the register.
      assert (!(lines_i[Push] || lines_i[Commit]) || read_i);
      assert (!(lines_i[Pop] || lines_i[Release] || lines_i[Offer]) || !read_i);
    end
  end
`endif

endmodule

`default_nettype wire
