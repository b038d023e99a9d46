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
  input  logic        clear_i,       // both buffers empty

  input  logic        active_i,      // a transfer is running; nothing moves otherwise
  input  logic        read_i,        // card to host
  input  logic        fill_i,        // the register side may fill: a write is running
  input  logic [1:0]  left_i,        // blocks that the transfer still has; 3: or more
  input  logic [6:0]  last_word_i,   // index of the last word of a block

  // Data lines
  input  logic        push_i,        // a word came in
  input  logic [31:0] push_data_i,
  input  logic        commit_i,      // and the block is good
  input  logic        pop_i,         // the word at data_o was taken
  input  logic        release_i,     // and the card has the block
  output logic        space_o,       // a buffer is free
  output logic        avail_o,       // a block is there and data_o is its next word
  output logic        empty_o,       // no block is there
  output logic [31:0] data_o,

  // BUFFER_DATA register; accesses while not ready are ignored
  input  logic        reg_write_i,
  input  logic [31:0] reg_data_i,
  input  logic        reg_read_i,
  output logic        ready_o,       // a block may be written, or read
  output logic        ready_event_o, // pulse: once for each block
  output logic        quiet_o
);

  logic [31:0] memory [0:255];

  logic [1:0]  full_q;
  logic        fill_sel_q, empty_sel_q;  // buffer that is filled, emptied
  logic [6:0]  fill_q, take_q;           // next word in it
  logic [31:0] data_q;                   // word take_q, fetched ahead
  logic        fetch_q;                  // the block has just become full: fetch word 0
  logic        ready_q, turn_q;          // ready in the last clock; a block ended in it

  logic       write, commit, take, free;
  logic [1:0] used;                      // full buffers
  logic [7:0] next;                      // word to fetch

  always_comb begin
    used    = '0;
    space_o = 1'b0;
    avail_o = 1'b0;
    ready_o = 1'b0;
    if (active_i) begin
      used    = {1'b0, full_q[0]} + {1'b0, full_q[1]};
      space_o = !full_q[fill_sel_q];
      avail_o = full_q[empty_sel_q] && !fetch_q;
      ready_o = read_i ? avail_o : (fill_i && space_o && (left_i > used));
    end
  end
  assign empty_o = (full_q == 2'b00);

  always_comb begin
    write  = push_i;
    commit = commit_i;
    take   = pop_i;
    free   = release_i;
    if (ready_o && reg_write_i && !read_i) begin
      write  = 1'b1;
      commit = (fill_q == last_word_i);
    end
    if (ready_o && reg_read_i && read_i) begin
      take = 1'b1;
      free = (take_q == last_word_i);
    end
  end

  // Word to fetch.
  always_comb begin
    next = '0;
    if (free) begin
      next = {!empty_sel_q, 7'd0};
    end else if (take || fetch_q) begin
      next = {empty_sel_q, take ? take_q + 7'd1 : take_q};
    end
  end

  always_ff @(posedge clk_i) begin
    if (write) begin
      memory[{`SDV_BREAK(140, fill_sel_q, 1'b0), fill_q}] <= read_i ? push_data_i : reg_data_i;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      data_q <= '0;
    end else if (take || free || fetch_q) begin
      data_q <= memory[next];
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
      ready_q     <= 1'b0;
      turn_q      <= 1'b0;
    end else if (clear_i) begin
      full_q      <= '0;
      fill_sel_q  <= 1'b0;
      empty_sel_q <= 1'b0;
      fill_q      <= '0;
      take_q      <= '0;
      fetch_q     <= 1'b0;
      ready_q     <= 1'b0;
      turn_q      <= 1'b0;
    end else if (active_i) begin
      // The block is the next to be emptied, not the one behind it.
      fetch_q <= commit && (fill_sel_q == (empty_sel_q ^ free));
      ready_q <= ready_o;
      turn_q  <= read_i ? free : commit;
      if (commit) begin
        full_q[fill_sel_q] <= 1'b1;
        fill_sel_q         <= !fill_sel_q;
        fill_q             <= '0;
      end else if (write) begin
        fill_q <= fill_q + 7'd1;
      end
      if (free) begin
        full_q[empty_sel_q] <= 1'b0;
        empty_sel_q         <= !empty_sel_q;
        take_q              <= '0;
      end else if (take) begin
        take_q <= take_q + 7'd1;
      end
    end
  end

  assign data_o        = data_q;
  assign ready_event_o = ready_o && `SDV_BREAK(141, !ready_q || turn_q, !ready_q);
  assign quiet_o       = !active_i || (!fetch_q && !turn_q && (ready_o == ready_q));

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      // Only a free buffer is filled, only a full one is emptied.
      assert (!write || space_o);
      assert (!commit || space_o);
      assert (!free || full_q[empty_sel_q]);
      assert (!take || avail_o);
      // Both sides stand at the same buffer unless exactly one is full.
      assert ((fill_sel_q == empty_sel_q) == (full_q[0] == full_q[1]));
      // Each side belongs to one of the two: the lines or the register.
      assert (!(push_i || commit_i) || read_i);
      assert (!(pop_i || release_i) || !read_i);
    end
  end
`endif

endmodule

`default_nettype wire
