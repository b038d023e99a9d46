// SPDX-License-Identifier: Apache-2.0
//
// What the command that was written last has to do with the data lines, and
// what becomes of it.
//
// Sorts the ends of commands for the data line engine.  Moves nothing.
// Page: docs/rtl/sdv_host_job.md.

`include "sdv_sabotage.svh"
`default_nettype none

module sdv_host_job (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        stir_i,         // a command or a reset begins or ends in this clock

  // The command that was written
  input  logic        start_i,        // pulse: it uses the data lines
  input  logic        moves_i,        // it moves blocks
  input  logic        direction_i,    // from the card
  input  logic        busy_i,         // it has a response with busy
  input  logic        width4_i,
  input  logic [11:0] block_size_i,

  // The command on the line
  input  logic        pre_i,          // it is the CMD23 before
  input  logic        main_i,         // it is the one that was written
  input  logic        stop_i,         // it is the CMD12 after
  input  logic        sent_i,         // pulse: its end bit is out
  input  logic        done_i,         // pulse: it has ended
  input  logic        bad_i,          // with an error

  output logic        read_o,         // the lines are for a read,
  output logic        write_o,        // for a write,
  output logic        busy_o,         // or for the busy time
  output logic        mine_o,         // the command has not ended
  output logic [11:0] last_clock_o,   // clocks of the data of a block, less one
  output logic [6:0]  last_word_o,    // index of the last word of a block
  output logic        sent_o,         // pulses: the command is out, has ended well, badly
  output logic        done_o,
  output logic        fail_o,
  output logic        stop_done_o,    // CMD12 has ended well, badly
  output logic        stop_fail_o
);

  logic        read_q, write_q, busy_q, mine_q;
  logic [11:0] last_clock_q;
  logic [6:0]  last_word_q;

  // A size that the register does not allow is taken as 512.
  function automatic logic [9:0] size(input logic [11:0] bytes);
    size = ((bytes == 12'd0) || (bytes > 12'd512)) ? 10'd512 : bytes[9:0];
  endfunction

  function automatic logic [11:0] last_clock(input logic [11:0] bytes, input logic width4);
    last_clock = (width4 ? {1'b0, size(bytes), 1'b0} : {9'(size(bytes)), 3'b000}) - 12'd1;
  endfunction

  function automatic logic [6:0] last_word(input logic [11:0] bytes);
    last_word = 7'((size(bytes) - 10'd1) >> 2);
  endfunction

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      read_q       <= 1'b0;
      write_q      <= 1'b0;
      busy_q       <= 1'b0;
      mine_q       <= 1'b0;
      last_clock_q <= '0;
      last_word_q  <= '0;
    end else if (stir_i) begin
      if (start_i) begin
        read_q  <= moves_i && direction_i;
        write_q <= moves_i && !direction_i;
        busy_q  <= !moves_i && busy_i;
        mine_q  <= 1'b1;
        if (moves_i) begin
          last_clock_q <= last_clock(block_size_i, width4_i);
          last_word_q  <= last_word(block_size_i);
        end
      end else if (done_o || fail_o) begin
        mine_q <= 1'b0;
      end
    end
  end

  always_comb begin
    sent_o      = 1'b0;
    done_o      = 1'b0;
    fail_o      = 1'b0;
    stop_done_o = 1'b0;
    stop_fail_o = 1'b0;
    if (stir_i) begin
      sent_o      = sent_i && main_i;
      done_o      = done_i && main_i && `SDV_BREAK(190, !bad_i, 1'b0);
      fail_o      = done_i && (main_i || pre_i) && bad_i;
      stop_done_o = done_i && stop_i && !bad_i;
      stop_fail_o = done_i && stop_i && bad_i;
    end
  end

  assign read_o       = read_q;
  assign write_o      = write_q;
  assign busy_o       = busy_q;
  assign mine_o       = mine_q;
  assign last_clock_o = last_clock_q;
  assign last_word_o  = last_word_q;

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      // The lines have one use at a time.
      assert (({2'b00, read_q} + {2'b00, write_q} + {2'b00, busy_q}) <= 3'd1);
      // A command does not end well and badly.
      assert (!done_o || !fail_o);
      assert (!stop_done_o || !stop_fail_o);
    end
  end
`endif

endmodule

`default_nettype wire
