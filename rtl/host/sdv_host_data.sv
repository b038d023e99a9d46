// SPDX-License-Identifier: Apache-2.0
//
// Data line engine of the host: blocks in and out on one or four lines, CRC
// status tokens and busy.
//
// Makes and checks the CRC16 of every line.  Does not hold blocks (the buffers
// do) and does not send commands (it follows what becomes of them).
// Page: docs/rtl/sdv_host_data.md.

`include "sdv_sabotage.svh"
`default_nettype none

module sdv_host_data (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        stir_i,         // a command or a reset begins or ends in this clock
  input  logic        clear_i,        // software reset of the data part
  input  logic        tick_i,         // SDCLK rises with this base clock
  input  logic        card_i,         // a card is in the slot

  // Registers; they stand still while active_o
  input  logic        width4_i,
  input  logic [15:0] block_count_i,
  input  logic [5:0]  mode_i,         // TRANSFER_MODE

  // The command that uses the lines
  input  logic        start_i,        // pulse: it was written; while active_o: an abort
  input  logic        read_i,         // it is a read,
  input  logic        write_i,        // a write,
  input  logic        busy_i,         // or has a busy time only
  input  logic        mine_i,         // it has not ended
  input  logic [11:0] last_clock_i,   // clocks of the data of a block, less one
  input  logic        sent_i,         // pulses: it is out, has ended well, badly
  input  logic        done_i,
  input  logic        fail_i,
  output logic        stop_o,         // CMD12 is wanted
  input  logic        stop_done_i,    // pulses: CMD12 has ended well, badly
  input  logic        stop_fail_i,

  // Buffers
  output logic        buf_single_o,   // the one block of a single-block transfer is to go
  output logic [5:0]  buf_lines_o,    // pulses: clear, offer, release, pop, commit, push
  output logic [31:0] buf_data_o,
  input  logic        buf_space_i,
  input  logic        buf_avail_i,
  input  logic        buf_empty_i,
  input  logic [31:0] buf_data_i,

  // State and results
  output logic        active_o,       // the lines are in use
  output logic        line_o,         // and blocks or busy may still come
  output logic        hold_o,         // no buffer for what comes in: stop SDCLK
  output logic        wait_o,         // the card is to do something
  input  logic        ask_i,          // quiet_o is wanted; it is 0 otherwise
  output logic        quiet_o,        // nothing will change at the next ticks
  output logic        stir_o,         // something is handed over in this clock
  output logic        block_done_o,   // pulse: one block less to go
  output logic [3:0]  result_o,       // pulses: transfer complete; end bit, CRC, time-out
  input  logic        expired_i,      // wait_o has lasted too long

  // Pins
  output logic [3:0]  dat_o,
  output logic [3:0]  dat_oe_o,
  input  logic [3:0]  dat_i
);

  localparam int Counted = sdv_spec_pkg::SDHCI_TRANSFER_MODE_COUNT_ENABLE_LSB;
  localparam int Auto    = sdv_spec_pkg::SDHCI_TRANSFER_MODE_AUTO_LSB;
  localparam int Multi   = sdv_spec_pkg::SDHCI_TRANSFER_MODE_MULTI_LSB;

  localparam logic [1:0]  AutoCmd12  = 2'd1;
  localparam logic [2:0]  TokenGood  = 3'b010;
  localparam logic [11:0] CrcEnd     = 12'd16;  // clocks of a CRC: its end bit
  localparam logic [11:0] CrcFree    = 12'd17;  // and the clock after it
  localparam logic [11:0] TokenLast  = 12'd3;   // clocks of a CRC status after its start bit
  localparam logic [1:0]  HighEnough = 2'd2;    // DAT0 high: N_WR has passed with the next one

  // Where the card is to do something bit 3 is 1.
  typedef enum logic [3:0] {
    StIdle    = 4'd0,   // lines released, nothing to do
    StCmd     = 4'd1,   // the command is on its way
    StRdData  = 4'd2,   // read: takes data
    StRdCrc   = 4'd3,   // read: compares the CRC, checks the end bit
    StDrain   = 4'd4,   // read: all blocks came, the registers have not given them all
    StWrReady = 4'd5,   // write: waits for a full buffer
    StWrData  = 4'd6,   // write: sends data
    StWrCrc   = 4'd7,   // write: sends CRC and end bit, then lets go of the lines
    StRdWait  = 4'd8,   // read: waits for a start bit
    StWrBusy  = 4'd9,   // write: waits until the card is not busy, and for N_WR
    StWrStat  = 4'd10,  // write: waits for the start of the CRC status
    StWrTok   = 4'd11,  // write: takes the CRC status
    StBusy    = 4'd12,  // waits until DAT0 is high
    StStop    = 4'd13   // auto CMD12 is on its way
  } state_e;

  // Pulses of one base clock.
  localparam int Timeout  = 0;
  localparam int Crc      = 1;
  localparam int EndBit   = 2;
  localparam int Complete = 3;
  localparam int Push     = 4;
  localparam int Commit   = 5;
  localparam int Pop      = 6;
  localparam int Release  = 7;
  localparam int Offer    = 8;
  localparam int Clear    = 9;

  state_e      state_q;
  logic        single_q;    // the one block of a single-block transfer is to go
  logic        stop_q;      // CMD12 is to follow the busy time
  logic [11:0] count_q;     // clocks of what is on the line
  logic [31:0] shift_q;     // bits to send, or the last ones received
  logic [63:0] crc_q;
  logic        bad_q;       // the CRC was wrong
  logic [1:0]  high_q;      // clocks that DAT0 was high after a busy or a command
  logic [9:0]  pulse_q;
  logic [3:0]  dat_q, oe_q;

  // Lines in use.
  function automatic logic [3:0] mask(input logic width4);
    mask = width4 ? 4'b1111 : 4'b0001;
  endfunction

  // The bits of a word end with this clock.
  function automatic logic word_end(input logic width4, input logic [4:0] count);
    word_end = width4 ? (count[2:0] == 3'd7) : (count == 5'd31);
  endfunction

  // A block is on its way to the card.
  function automatic logic sending(input state_e state);
    sending = (state == StWrData) || (state == StWrCrc);
  endfunction

  // The transfer ends when there are so many blocks left.
  function automatic logic ends(input logic [5:0] mode, input logic [15:0] count,
                                input logic [15:0] left);
    ends = mode[Multi] && mode[Counted] && (count == left);
  endfunction

  // CMD12 is to follow.
  function automatic logic wants_stop(input logic [5:0] mode);
    wants_stop = mode[Multi] && (mode[Auto +: 2] == AutoCmd12);
  endfunction

  // Buffer words hold the first byte of the block in their lowest bits.
  function automatic logic [31:0] swap(input logic [31:0] word);
    swap = {word[7:0], word[15:8], word[23:16], word[31:24]};
  endfunction

  // What the next clock brings out of the top of a word, or into it.
  function automatic logic [3:0] first(input logic width4, input logic [3:0] top);
    first = width4 ? top : {3'b000, top[3]};
  endfunction

  function automatic logic [31:0] shift(input logic width4, input logic [30:0] word,
                                        input logic [3:0] lines);
    shift = width4 ? {word[27:0], lines} : {word, lines[0]};
  endfunction

  // Something takes the engine out of what it does.
  logic lost, halt;
  always_comb begin
    lost = 1'b0;
    halt = 1'b0;
    if (stir_i) begin
      lost = !card_i && line_o && (state_q != StCmd) && (state_q != StStop);
      halt = clear_i || lost || (start_i && !sending(state_q)) ||
             (mine_i && (fail_i || (sent_i && sending(state_q))));
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q  <= StIdle;
      single_q <= 1'b0;
      stop_q   <= 1'b0;
      count_q  <= '0;
      shift_q  <= '0;
      crc_q    <= '0;
      bad_q    <= 1'b0;
      high_q   <= '0;
      pulse_q  <= '0;
      dat_q    <= 4'b1111;
      oe_q     <= 4'b0000;
    end else if (stir_i || active_o || (pulse_q != '0)) begin
      pulse_q <= '0;
      if (halt || expired_i) begin
        state_q <= StIdle;
        if (clear_i) begin
          oe_q <= 4'b0000;
        end else if (lost) begin
          pulse_q[Timeout] <= 1'b1;
          oe_q             <= 4'b0000;
        end else if (start_i) begin
          // What comes in from here on is of no use.
          pulse_q[Clear] <= 1'b1;
          single_q       <= 1'b1;
          stop_q         <= 1'b0;
          state_q        <= StCmd;
        end else if (expired_i) begin
          pulse_q[Timeout] <= 1'b1;
        end else if (sent_i) begin
          // An abort: the card has heard CMD12 and drops this block.
          oe_q    <= 4'b0000;
          state_q <= StCmd;
        end
      end else begin
        unique case (state_q)
          StIdle: ;
          StCmd: begin
            if (sent_i && read_i) begin
              // Data may come before the response.
              state_q <= ends(mode_i, block_count_i, 16'd0) ? StDrain : StRdWait;
            end else if (done_i) begin
              high_q  <= 2'd0;
              state_q <= StBusy;
              if (write_i && !ends(mode_i, block_count_i, 16'd0)) begin
                high_q         <= 2'd1;
                pulse_q[Offer] <= 1'b1;
                state_q        <= StWrBusy;
              end else if (!write_i && !busy_i) begin
                state_q <= StIdle;
              end
            end
          end
          StRdWait: begin
            if (tick_i && !dat_i[0]) begin
              count_q <= '0;
              crc_q   <= '0;
              bad_q   <= 1'b0;
              state_q <= StRdData;
            end
          end
          StRdData: begin
            if (tick_i) begin
              shift_q <= shift(width4_i, shift_q[30:0], dat_i);
              crc_q   <= sdv_pkg::crc16x4_step(crc_q, dat_i & mask(width4_i));
              if (count_q == last_clock_i) begin
                pulse_q[Push] <= 1'b1;
                count_q       <= '0;
                state_q       <= StRdCrc;
              end else begin
                pulse_q[Push] <= word_end(width4_i, count_q[4:0]);
                count_q       <= count_q + 12'd1;
              end
            end
          end
          StRdCrc: begin
            if (tick_i) begin
              count_q <= count_q + 12'd1;
              crc_q   <= {crc_q[59:0], 4'b0000};
              if (count_q != CrcEnd) begin
                if (((dat_i ^ crc_q[63:60]) & mask(width4_i)) != 4'b0000) begin
                  bad_q <= `SDV_BREAK(150, 1'b1, 1'b0);
                end
              end else if (bad_q || `SDV_BREAK(155, (dat_i & mask(width4_i)) != mask(width4_i),
                                               1'b0)) begin
                pulse_q[Crc]    <= bad_q;
                pulse_q[EndBit] <= (dat_i & mask(width4_i)) != mask(width4_i);
                state_q         <= StIdle;
              end else begin
                pulse_q[Commit] <= 1'b1;
                state_q         <= StRdWait;
                if (!mode_i[Multi] || ends(mode_i, block_count_i, 16'd1)) begin
                  state_q <= wants_stop(mode_i) ? StStop : StDrain;
                end
              end
            end
          end
          StDrain: begin
            // The buffers know of the last block one clock after this engine.
            if (buf_empty_i && !mine_i && !pulse_q[Commit]) begin
              pulse_q[Complete] <= 1'b1;
              state_q           <= StIdle;
            end
          end
          StWrBusy: begin
            if (tick_i) begin
              high_q <= high_q + 2'd1;
              if (!`SDV_BREAK(153, dat_i[0], 1'b1)) begin
                high_q <= 2'd0;
              end else if (high_q == HighEnough - 2'd1) begin
                state_q <= StWrReady;
              end
            end
          end
          StWrReady: begin
            if (tick_i && !`SDV_BREAK(153, dat_i[0], 1'b1)) begin
              high_q  <= 2'd0;
              state_q <= StWrBusy;
            end else if (tick_i && buf_avail_i) begin
              dat_q        <= 4'b0000;
              oe_q         <= mask(width4_i);
              count_q      <= '0;
              crc_q        <= '0;
              shift_q      <= swap(buf_data_i);
              pulse_q[Pop] <= 1'b1;
              state_q      <= StWrData;
            end
          end
          StWrData: begin
            if (tick_i) begin
              dat_q <= first(width4_i, shift_q[31:28]);
              crc_q <= sdv_pkg::crc16x4_step(crc_q, first(width4_i, shift_q[31:28]));
              if (word_end(width4_i, count_q[4:0])) begin
                shift_q      <= swap(buf_data_i);
                pulse_q[Pop] <= 1'b1;
              end else begin
                shift_q <= shift(width4_i, shift_q[30:0], 4'b0000);
              end
              if (count_q == last_clock_i) begin
                count_q <= '0;
                state_q <= StWrCrc;
              end else begin
                count_q <= count_q + 12'd1;
              end
            end
          end
          StWrCrc: begin
            if (tick_i) begin
              count_q <= count_q + 12'd1;
              dat_q   <= `SDV_BREAK(151, crc_q[63:60], 4'b0000);
              crc_q   <= {crc_q[59:0], 4'b0000};
              if (count_q == CrcEnd) begin
                dat_q <= 4'b1111;
              end
              if (count_q == CrcFree) begin
                dat_q   <= 4'b1111;
                oe_q    <= `SDV_BREAK(154, 4'b0000, mask(width4_i));
                state_q <= mine_i ? StCmd : StWrStat;
              end
            end
          end
          StWrStat: begin
            if (tick_i && !dat_i[0]) begin
              count_q <= '0;
              state_q <= StWrTok;
            end
          end
          StWrTok: begin
            if (tick_i) begin
              count_q <= count_q + 12'd1;
              shift_q <= shift(1'b0, shift_q[30:0], dat_i);
              if (count_q == TokenLast) begin
                if (!dat_i[0] || `SDV_BREAK(152, shift_q[2:0] != TokenGood, 1'b0)) begin
                  pulse_q[Crc]    <= (shift_q[2:0] != TokenGood);
                  pulse_q[EndBit] <= !dat_i[0];
                  state_q         <= StIdle;
                end else begin
                  // The end bit is the first clock that DAT0 is high.
                  high_q           <= 2'd1;
                  single_q         <= 1'b0;
                  pulse_q[Release] <= 1'b1;
                  state_q          <= StWrBusy;
                  if (!mode_i[Multi] || ends(mode_i, block_count_i, 16'd1)) begin
                    stop_q  <= wants_stop(mode_i);
                    state_q <= StBusy;
                  end
                end
              end
            end
          end
          StBusy: begin
            if (tick_i) begin
              if (!`SDV_BREAK(153, dat_i[0], 1'b1)) begin
                high_q <= 2'd0;
              end else if (high_q != HighEnough) begin
                high_q <= high_q + 2'd1;
              end else if (stop_q) begin
                state_q <= StStop;
              end else if (read_i) begin
                state_q <= StDrain;
              end else begin
                pulse_q[Complete] <= 1'b1;
                state_q           <= StIdle;
              end
            end
          end
          StStop: begin
            if (stop_done_i) begin
              high_q  <= 2'd0;
              stop_q  <= 1'b0;
              state_q <= StBusy;
            end else if (stop_fail_i) begin
              state_q <= StIdle;
            end
          end
          default: state_q <= StIdle;
        endcase
      end
    end
  end

  // Words for the buffers: the last one of a block, which lies in the shift
  // register when its CRC begins, may be a part of a word.
  always_comb begin
    buf_data_o = '0;
    if (pulse_q[Push]) begin
      buf_data_o = shift_q;
      if (state_q == StRdCrc) begin
        unique case (width4_i ? last_clock_i[2:1] : last_clock_i[4:3])
          2'd0:    buf_data_o = {shift_q[7:0], 24'd0};
          2'd1:    buf_data_o = {shift_q[15:0], 16'd0};
          2'd2:    buf_data_o = {shift_q[23:0], 8'd0};
          default: ;
        endcase
      end
      buf_data_o = swap(buf_data_o);
    end
  end

  assign buf_single_o = single_q;
  assign buf_lines_o  = {pulse_q[Clear] || clear_i, pulse_q[Offer:Push]};

  assign stop_o       = (state_q == StStop);
  assign active_o     = (state_q != StIdle);
  assign line_o       = active_o && (state_q != StDrain);
  assign wait_o       = state_q[3] && (state_q != StStop);
  // There are some clocks left before the first word needs its place.
  assign hold_o       = (state_q == StRdData) && !buf_space_i;
  assign stir_o       = (pulse_q != '0) || (state_q == StStop) ||
                        ((state_q == StDrain) && buf_empty_i);
  assign block_done_o = pulse_q[Commit] || pulse_q[Release];
  assign result_o     = pulse_q[Complete:Timeout];

  // By the level of DAT0.
  always_comb begin
    quiet_o = 1'b0;
    if (ask_i) begin
      unique case (state_q)
        StIdle:             quiet_o = 1'b1;
        StRdData:           quiet_o = hold_o && !tick_i;
        StDrain:            quiet_o = !buf_empty_i;
        StRdWait, StWrStat: quiet_o = dat_i[0];
        StWrReady:          quiet_o = dat_i[0] && !buf_avail_i;
        StWrBusy, StBusy:   quiet_o = !dat_i[0] && (high_q == 2'd0);
        default: ;
      endcase
    end
  end

  assign dat_o    = dat_q;
  assign dat_oe_o = oe_q;

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      // The lines are driven while a block goes out, and never in a read.
      assert ((oe_q == 4'b0000) || sending(state_q));
      assert ((oe_q == 4'b0000) || !read_i);
      assert ((oe_q & ~mask(width4_i)) == 4'b0000);
      // A word that comes in finds its place.
      assert (!pulse_q[Push] || buf_space_i);
      // Nothing is awaited without a transfer.
      assert (!wait_o || active_o);
      // A transfer ends well or badly.
      assert (!pulse_q[Complete] || (pulse_q[EndBit:Timeout] == '0));
    end
  end
`endif

endmodule

`default_nettype wire
