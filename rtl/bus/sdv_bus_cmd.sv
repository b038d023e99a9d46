// SPDX-License-Identifier: Apache-2.0
//
// Command line engine of the card: frames in, responses out.
//
// Receives 48-bit frames, checks their CRC7, and offers each for one clock;
// in that clock the card says whether and what to answer.  The response starts
// N_CR clocks after the end bit of the command.  Does not know any command.
// Page: docs/rtl/sdv_bus_cmd.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_bus_cmd (
  input  logic        clk_i,
  input  logic        rst_ni,

  // pin
  input  logic        cmd_i,
  output logic        cmd_o,
  output logic        cmd_oe_o,

  // a frame from the host, for one clock
  output logic        rx_valid_o,
  output logic        rx_crc_ok_o,
  output logic [5:0]  rx_index_o,
  output logic [31:0] rx_arg_o,

  // the answer, in the same clock
  input  logic        resp_i,          // answer at all
  input  logic        resp_long_i,     // 136 bits: CID or CSD
  input  logic        resp_raw_i,      // R3: no index and no CRC
  input  logic [5:0]  resp_index_i,
  input  logic [31:0] resp_content_i,

  // bytes 15 down to 1 of a long response, while it goes out
  output logic        long_o,          // one goes out
  output logic [3:0]  long_idx_o,
  input  logic [7:0]  long_byte_i,

  output logic        waiting_o,       // N_CR runs
  output logic        busy_o,          // a response is due or going out
  output logic        quiet_o
);

  typedef enum logic [2:0] {
    StIdle,
    StRx,      // bits 1 to 47 of a frame
    StDecide,  // the frame is offered
    StWait,    // N_CR
    StTx,
    StRelease  // the line is let go
  } state_e;

  // Clocks in StWait: N_CR less the two between the end bit and StWait and the
  // one that launches the start bit.
  localparam int WaitClocks = sdv_spec_pkg::TIMING_N_CR - 2;

  state_e      state_q;
  logic [37:0] frame_q;   // index and argument; the content of a response
  logic [5:0]  bit_q;     // received: bit at hand; sent: bit in the byte
  logic [4:0]  byte_q;    // sent: byte at hand
  logic [7:0]  shift_q;
  logic [6:0]  crc_q;
  logic        bad_q, end_q, dir_q;
  logic        long_q, raw_q;
  logic        cmd_q, oe_q;

  // The byte that follows byte_q of a response, and the CRC with the bit at hand.
  logic [6:0] crc_tx;
  logic [7:0] next_byte;
  logic       last_byte;
  assign long_idx_o = 4'd15 - byte_q[3:0];
  always_comb begin
    crc_tx    = '0;
    next_byte = '0;
    last_byte = 1'b0;
    if (state_q == StTx) begin
      crc_tx    = sdv_pkg::crc7_step(crc_q, shift_q[7]);
      last_byte = (byte_q == (long_q ? 5'd16 : 5'd5));
      if (byte_q == (long_q ? 5'd15 : 5'd4)) begin
        next_byte = raw_q ? 8'hFF : {`SDV_BREAK(4, crc_tx, ~crc_tx), 1'b1};
      end else if (long_q) begin
        next_byte = long_byte_i;
      end else begin
        unique case (byte_q[1:0])
          2'd0: next_byte = frame_q[31:24];
          2'd1: next_byte = frame_q[23:16];
          2'd2: next_byte = frame_q[15:8];
          default: next_byte = frame_q[7:0];
        endcase
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= StIdle;
      frame_q <= '0;
      bit_q   <= '0;
      byte_q  <= '0;
      shift_q <= '0;
      crc_q   <= '0;
      bad_q   <= 1'b0;
      end_q   <= 1'b0;
      dir_q   <= 1'b0;
      long_q  <= 1'b0;
      raw_q   <= 1'b0;
      cmd_q   <= 1'b1;
      oe_q    <= 1'b0;
    end else if (state_q != StIdle || !cmd_i) begin
      unique case (state_q)
        // StIdle: a start bit opens a frame.
        StIdle: begin
          crc_q   <= '0;
          bad_q   <= 1'b0;
          bit_q   <= 6'd1;
          state_q <= StRx;
        end
        // StRx: direction, index, argument, CRC, end bit.
        StRx: begin
          bit_q <= bit_q + 6'd1;
          if (bit_q == 6'd1) begin
            dir_q <= cmd_i;
          end
          if (bit_q < 6'd40) begin
            crc_q   <= sdv_pkg::crc7_step(crc_q, cmd_i);
            frame_q <= {frame_q[36:0], cmd_i};
          end else if (bit_q < 6'd47) begin
            crc_q <= {crc_q[5:0], 1'b0};
            bad_q <= bad_q | (cmd_i ^ crc_q[6]);
          end else begin
            end_q   <= cmd_i;
            state_q <= StDecide;
          end
        end
        // StDecide: the card looks at the frame and says what to answer.
        StDecide: begin
          crc_q   <= '0;
          bit_q   <= 6'(WaitClocks);
          byte_q  <= '0;
          long_q  <= resp_long_i;
          raw_q   <= resp_raw_i;
          shift_q <= {2'b00, (resp_long_i || resp_raw_i) ? 6'h3F : resp_index_i};
          frame_q <= {frame_q[37:32], resp_content_i};
          state_q <= (rx_valid_o && resp_i) ? StWait : StIdle;
        end
        // StWait: N_CR.
        StWait: begin
          bit_q <= bit_q - 6'd1;
          if (bit_q == `SDV_BREAK(3, 6'd1, 6'd2)) begin
            bit_q   <= '0;
            state_q <= StTx;
          end
        end
        // StTx: byte by byte; the CRC byte is made when it is due.
        StTx: begin
          oe_q    <= 1'b1;
          cmd_q   <= shift_q[7];
          crc_q   <= crc_tx;
          shift_q <= {shift_q[6:0], 1'b1};
          bit_q   <= bit_q + 6'd1;
          if (bit_q == 6'd7) begin
            bit_q   <= '0;
            byte_q  <= byte_q + 5'd1;
            shift_q <= next_byte;
            if (long_q && byte_q == 5'd0) begin
              crc_q <= '0;  // R2: the CRC of the register, without the header
            end
            if (last_byte) begin
              state_q <= StRelease;
            end
          end
        end
        // StRelease: the end bit has been on the line for a clock.
        StRelease: begin
          oe_q    <= 1'b0;
          state_q <= StIdle;
        end
        default: state_q <= StIdle;
      endcase
    end
  end

  assign cmd_o       = cmd_q;
  assign cmd_oe_o    = oe_q;
  assign rx_valid_o  = (state_q == StDecide) && dir_q && end_q;
  assign rx_crc_ok_o = `SDV_BREAK(5, !bad_q, 1'b1);
  assign rx_index_o  = frame_q[37:32];
  assign rx_arg_o    = frame_q[31:0];
  assign long_o      = (state_q == StTx) && long_q;
  assign waiting_o   = (state_q == StDecide) || (state_q == StWait);
  assign busy_o      = (state_q == StWait) || (state_q == StTx);
  assign quiet_o     = (state_q == StIdle);

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (state_q <= StRelease);
      // The line is driven only for a response, and let go after its end bit.
      assert (!oe_q || state_q == StTx || (state_q == StRelease && cmd_q));
    end
  end
`endif

endmodule

`default_nettype wire
