// SPDX-License-Identifier: Apache-2.0
//
// Command line engine of the host: sends a command and takes its response.
//
// Makes and checks the CRC7, counts the 64 clocks in which a response must
// start, and keeps 8 clocks between commands.  Does not know what a command
// means.  Page: docs/rtl/sdv_host_cmd.md.

`include "sdv_sabotage.svh"
`default_nettype none

module sdv_host_cmd (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        clear_i,        // software reset of the command part
  input  logic        tick_i,         // SDCLK rises with this base clock
  input  logic        card_i,         // a card is in the slot

  // The command; all of it is taken with start_i
  input  logic        start_i,
  input  logic        pre_i,          // CMD23 is to be sent
  input  logic        stop_i,         // CMD12 is; neither: the one of the registers
  input  logic [13:0] command_i,      // COMMAND
  input  logic [31:0] argument_i,
  input  logic [31:0] argument2_i,

  // What became of it
  output logic        quiet_o,        // nothing will change at the next ticks
  output logic        stir_o,         // a pulse of those below is there
  output logic        sent_o,         // pulse: the end bit is on the line
  output logic        done_o,         // pulse: the response, or its absence, is known
  output logic [3:0]  error_o,        // with done_o: index, end bit, CRC, time-out
  output logic        resp_we_o,      // pulse: one word of the response
  output logic [1:0]  resp_word_o,
  output logic [31:0] resp_data_o,

  // Pins
  output logic        cmd_o,
  output logic        cmd_oe_o,
  input  logic        cmd_i
);

  localparam logic [7:0] BitsCrc   = 8'd40;   // first bit of the CRC of 48
  localparam logic [7:0] BitsShort = 8'd48;
  localparam logic [7:0] BitsLong  = 8'd136;
  localparam logic [7:0] LongCrc   = 8'd128;  // first bit of the CRC of 136
  localparam logic [7:0] Header    = 8'd8;    // start, direction and index

  localparam logic [7:0] WaitLast  = 8'(sdv_spec_pkg::TIMING_N_CR_MAX);

  localparam int Index    = sdv_spec_pkg::SDHCI_COMMAND_INDEX_LSB;
  localparam int Response = sdv_spec_pkg::SDHCI_COMMAND_RESPONSE_LSB;
  localparam int CheckCrc = sdv_spec_pkg::SDHCI_COMMAND_CHECK_CRC_LSB;
  localparam int CheckIdx = sdv_spec_pkg::SDHCI_COMMAND_CHECK_INDEX_LSB;

  localparam int Timeout  = 0;
  localparam int Crc      = 1;
  localparam int EndBit   = 2;
  localparam int IndexBad = 3;

  typedef enum logic [2:0] {
    StIdle,  // nothing to do
    StSend,  // waits for the gap, then sends 48 bits and lets go of the line
    StWait,  // waits for the start bit of the response
    StRecv,  // takes the response
    StGap    // keeps the distance to the next command
  } state_e;

  localparam int Sent  = 0;
  localparam int Done  = 1;
  localparam int Write = 2;

  state_e      state_q;
  logic [7:0]  count_q;     // bits sent, clocks waited or bits received
  logic [39:0] shift_q;     // bits to send, or the last ones received
  logic [6:0]  crc_q;
  logic [3:0]  gap_q;       // clocks before the next command may start
  logic        none_q;      // there is no response
  logic        long_q;      // it has 136 bits
  logic [5:0]  index_q;
  logic        check_crc_q, check_index_q;
  logic [2:0]  pulse_q;     // what the outputs of that name say
  logic [3:0]  error_q;
  logic [1:0]  word_q;      // word of the response that is complete
  logic        cmd_q, oe_q;

  // First bit of the CRC and end bit of a response.
  function automatic logic [7:0] crc_from(input logic is_long);
    crc_from = is_long ? LongCrc : BitsCrc;
  endfunction

  function automatic logic [7:0] last(input logic is_long);
    last = (is_long ? BitsLong : BitsShort) - 8'd1;
  endfunction

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q       <= StIdle;
      count_q       <= '0;
      shift_q       <= '0;
      crc_q         <= '0;
      gap_q         <= '0;
      none_q        <= 1'b0;
      long_q        <= 1'b0;
      index_q       <= '0;
      check_crc_q   <= 1'b0;
      check_index_q <= 1'b0;
      pulse_q       <= '0;
      error_q       <= '0;
      word_q        <= '0;
      cmd_q         <= 1'b1;
      oe_q          <= 1'b0;
    end else if ((state_q != StIdle) || start_i) begin
      pulse_q <= '0;
      if (clear_i) begin
        oe_q    <= 1'b0;
        state_q <= StIdle;
      end else if (!card_i && (state_q != StIdle) && (state_q != StGap)) begin
        // Without a card there is no clock to count, so the answer is known.
        error_q[Timeout] <= 1'b1;
        pulse_q[Done]    <= 1'b1;
        oe_q             <= 1'b0;
        gap_q            <= 4'd0;
        state_q          <= StGap;
      end else begin
        unique case (state_q)
          StIdle, StGap: begin
            if (gap_q == 4'd0) begin
              state_q <= StIdle;
            end else if (tick_i) begin
              gap_q <= gap_q - 4'd1;
            end
            if (start_i) begin
              count_q       <= '0;
              shift_q       <= {2'b01, command_i[Index +: 6], argument_i};
              crc_q         <= '0;
              none_q        <= (command_i[Response +: 2] == 2'd0);
              long_q        <= (command_i[Response +: 2] == 2'd1);
              index_q       <= command_i[Index +: 6];
              check_crc_q   <= command_i[CheckCrc];
              check_index_q <= command_i[CheckIdx];
              if (pre_i || stop_i) begin
                shift_q       <= pre_i ? {2'b01, sdv_spec_pkg::CMD_SET_BLOCK_COUNT,
                                          `SDV_BREAK(130, argument2_i, argument_i)}
                                       : {2'b01, sdv_spec_pkg::CMD_STOP_TRANSMISSION, 32'd0};
                none_q        <= 1'b0;
                long_q        <= 1'b0;
                index_q       <= pre_i ? sdv_spec_pkg::CMD_SET_BLOCK_COUNT
                                       : sdv_spec_pkg::CMD_STOP_TRANSMISSION;
                check_crc_q   <= 1'b1;
                check_index_q <= 1'b1;
              end
              error_q       <= '0;
              state_q       <= StSend;
            end
          end
          StSend: begin
            if (tick_i && (gap_q != 4'd0)) begin
              gap_q <= gap_q - 4'd1;
            end else if (tick_i) begin
              oe_q    <= 1'b1;
              count_q <= count_q + 8'd1;
              if (count_q < BitsCrc) begin
                cmd_q   <= shift_q[39];
                shift_q <= {shift_q[38:0], 1'b0};
                crc_q   <= sdv_pkg::crc7_step(crc_q, shift_q[39]);
              end else if (count_q < BitsShort - 8'd1) begin
                cmd_q <= `SDV_BREAK(121, crc_q[6], !crc_q[6]);
                crc_q <= {crc_q[5:0], 1'b0};
              end else if (count_q == BitsShort - 8'd1) begin
                cmd_q <= 1'b1;
              end else begin
                oe_q          <= `SDV_BREAK(124, 1'b0, 1'b1);
                count_q       <= '0;
                crc_q         <= '0;
                pulse_q[Sent] <= 1'b1;
                state_q       <= StWait;
                if (none_q) begin
                  gap_q         <= 4'(sdv_spec_pkg::TIMING_N_CC - 1);
                  pulse_q[Done] <= 1'b1;
                  state_q       <= StGap;
                end
              end
            end
          end
          StWait: begin
            if (tick_i) begin
              count_q <= count_q + 8'd1;
              if (!cmd_i) begin
                count_q <= 8'd1;
                state_q <= StRecv;
              end else if (`SDV_BREAK(122, count_q == WaitLast, 1'b0)) begin
                error_q[Timeout] <= 1'b1;
                pulse_q[Done]    <= 1'b1;
                state_q          <= StGap;
              end
            end
          end
          StRecv: begin
            if (tick_i) begin
              count_q <= count_q + 8'd1;
              shift_q <= {shift_q[38:0], cmd_i};
              if (count_q < crc_from(long_q)) begin
                crc_q <= sdv_pkg::crc7_step(crc_q, cmd_i);
                if ((count_q == 8'd1) && cmd_i) begin
                  // Another host, or noise: no card answers with this bit.
                  error_q[Timeout] <= 1'b1;
                  error_q[Crc]     <= 1'b1;
                end
                if (count_q == Header - 8'd1) begin
                  if (long_q) begin
                    // The register's own CRC leaves the header out.
                    crc_q   <= '0;
                    shift_q <= '0;
                  end else if (check_index_q && ({shift_q[4:0], cmd_i} != index_q)) begin
                    error_q[IndexBad] <= `SDV_BREAK(125, 1'b1, 1'b0);
                  end
                end
                // A word goes out with its last bit.  The first one of 136 bits has
                // 24, so that bits 127:8 come to lie in bits 119:0 of the registers.
                if (long_q) begin
                  pulse_q[Write] <= (count_q[4:0] == 5'd31);
                  word_q         <= `SDV_BREAK(127, ~count_q[6:5], count_q[6:5]);
                end else begin
                  pulse_q[Write] <= (count_q == BitsCrc - 8'd1);
                  word_q         <= 2'd0;
                end
              end else if (count_q < last(long_q)) begin
                crc_q <= {crc_q[5:0], 1'b0};
                if (check_crc_q && (cmd_i != crc_q[6])) begin
                  error_q[Crc] <= `SDV_BREAK(120, 1'b1, 1'b0);
                end
              end else begin
                error_q[EndBit] <= `SDV_BREAK(126, !cmd_i, 1'b0);
                gap_q           <= 4'(sdv_spec_pkg::TIMING_N_RC - 1);
                pulse_q[Done]   <= 1'b1;
                state_q         <= StGap;
              end
            end
          end
          default: state_q <= StIdle;
        endcase
      end
    end
  end

  assign quiet_o     = (state_q == StIdle);
  assign stir_o      = (pulse_q != '0);
  assign sent_o      = pulse_q[Sent];
  assign done_o      = pulse_q[Done];
  assign error_o     = error_q;
  assign resp_we_o   = pulse_q[Write];
  assign resp_word_o = word_q;
  assign resp_data_o = shift_q[31:0];
  assign cmd_o       = cmd_q;
  assign cmd_oe_o    = oe_q;

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      // The line is driven while sending only.
      assert (!oe_q || (state_q == StSend));
      // A response is never longer than its type.
      assert ((state_q != StRecv) || (count_q <= last(long_q)));
      // Nothing starts while something runs.
      assert (!start_i || (state_q == StIdle) || (state_q == StGap));
    end
  end
`endif

endmodule

`default_nettype wire
