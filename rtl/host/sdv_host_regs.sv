// SPDX-License-Identifier: Apache-2.0
//
// Register file of the host: the SDHCI 3.00 map and the apparatus id.
//
// Decodes accesses and holds what software sets.  The interrupt registers are
// in sdv_host_irq; states come from the other modules.
// Page: docs/rtl/sdv_host_regs.md.

`include "sdv_sabotage.svh"
`default_nettype none

module sdv_host_regs (
  input  logic        clk_i,
  input  logic        rst_ni,

  // Register port
  input  logic        req_i,
  input  logic        write_i,        // with req_i
  input  logic [8:0]  addr_i,
  input  logic [31:0] wdata_i,
  output logic [31:0] rdata_o,        // from the next base clock on
  input  logic [63:0] apparatus_id_i, // taken in the first clock after reset

  // States to be read
  input  logic [31:0] present_i,      // PRESENT_STATE without the levels of the pins
  input  logic [4:0]  pins_i,         // CMD and DAT
  input  logic [31:0] int_status_i,
  input  logic [31:0] int_enable_i,
  input  logic [31:0] int_signal_i,
  input  logic [15:0] auto_status_i,
  input  logic        irq_i,
  input  logic        buf_ready_i,    // a block may be read
  input  logic [31:0] buf_data_i,
  input  logic        card_i,

  // From the engines
  input  logic        block_done_i,   // BLOCK_COUNT goes down
  input  logic        resp_we_i,
  input  logic [1:0]  resp_word_i,
  input  logic [31:0] resp_data_i,

  // What software set
  output logic [31:0] argument_o,
  output logic [31:0] argument2_o,
  output logic [13:0] command_o,
  output logic [5:0]  mode_o,
  output logic [11:0] block_size_o,
  output logic [15:0] block_count_o,
  output logic        width4_o,
  output logic        high_speed_o,
  output logic        power_o,
  output logic        clock_o,        // SDCLK is wanted
  output logic [9:0]  divider_o,
  output logic [3:0]  exponent_o,

  // Pulses
  output logic        go_o,           // a command was written
  output logic        start_o,        // and it uses the data lines
  output logic        reset_all_o,    // software resets
  output logic        reset_cmd_o,
  output logic        reset_dat_o,
  output logic        stir_o,         // any of these
  output logic        rest_o          // no register changes until an input does
);

  // Fields inside their 32-bit words.
  localparam int PowerOn     = 8 + sdv_spec_pkg::SDHCI_POWER_CONTROL_ON_LSB;
  localparam int Voltage     = 8 + sdv_spec_pkg::SDHCI_POWER_CONTROL_VOLTAGE_LSB;
  localparam int Width4      = sdv_spec_pkg::SDHCI_HOST_CONTROL_WIDTH4_LSB;
  localparam int HighSpeed   = sdv_spec_pkg::SDHCI_HOST_CONTROL_HIGH_SPEED_LSB;
  localparam int Internal    = sdv_spec_pkg::SDHCI_CLOCK_CONTROL_INTERNAL_LSB;
  localparam int Stable      = sdv_spec_pkg::SDHCI_CLOCK_CONTROL_STABLE_LSB;
  localparam int SdClock     = sdv_spec_pkg::SDHCI_CLOCK_CONTROL_SD_LSB;
  localparam int DividerHi   = sdv_spec_pkg::SDHCI_CLOCK_CONTROL_DIVIDER_HI_LSB;
  localparam int Divider     = sdv_spec_pkg::SDHCI_CLOCK_CONTROL_DIVIDER_LSB;
  localparam int Exponent    = 16 + sdv_spec_pkg::SDHCI_TIMEOUT_CONTROL_EXPONENT_LSB;
  localparam int ResetAll    = 24 + sdv_spec_pkg::SDHCI_SOFTWARE_RESET_ALL_LSB;
  localparam int ResetCmd    = 24 + sdv_spec_pkg::SDHCI_SOFTWARE_RESET_CMD_LSB;
  localparam int ResetDat    = 24 + sdv_spec_pkg::SDHCI_SOFTWARE_RESET_DAT_LSB;
  localparam int CommandLsb  = 16;
  localparam int CmdResponse = sdv_spec_pkg::SDHCI_COMMAND_RESPONSE_LSB;
  localparam int CmdData     = sdv_spec_pkg::SDHCI_COMMAND_DATA_LSB;
  localparam int CmdType     = sdv_spec_pkg::SDHCI_COMMAND_TYPE_LSB;
  localparam int CmdInhibit  = sdv_spec_pkg::SDHCI_PRESENT_STATE_CMD_INHIBIT_LSB;
  localparam int DatInhibit  = sdv_spec_pkg::SDHCI_PRESENT_STATE_DAT_INHIBIT_LSB;
  localparam int CmdLevel    = sdv_spec_pkg::SDHCI_PRESENT_STATE_CMD_LEVEL_LSB;
  localparam int DatLevel    = sdv_spec_pkg::SDHCI_PRESENT_STATE_DAT_LEVEL_LSB;
  localparam int ModeCounted = sdv_spec_pkg::SDHCI_TRANSFER_MODE_COUNT_ENABLE_LSB;
  localparam int ModeMulti   = sdv_spec_pkg::SDHCI_TRANSFER_MODE_MULTI_LSB;

  localparam logic [1:0] TypeAbort = 2'd3;
  localparam logic [1:0] Resp48Busy = 2'd3;
  localparam logic [2:0] Volt33 = 3'd7;

  localparam int Mega = 1000000;
  localparam logic [5:0] TimeoutMhz = 6'(sdv_spec_pkg::TIMING_BASE_HZ / Mega);
  localparam logic [7:0] BaseMhz    = 8'(sdv_spec_pkg::TIMING_BASE_HZ / Mega);

  // What the controller can do: field after field as docs/spec/sdhci_fields.csv
  // has them.
  localparam logic [31:0] Capabilities =
      (32'(TimeoutMhz) << sdv_spec_pkg::SDHCI_CAPABILITIES0_TIMEOUT_FREQ_LSB) |
      (32'd1 << sdv_spec_pkg::SDHCI_CAPABILITIES0_TIMEOUT_MHZ_LSB) |
      (32'(BaseMhz) << sdv_spec_pkg::SDHCI_CAPABILITIES0_BASE_FREQ_LSB) |
      (32'd1 << sdv_spec_pkg::SDHCI_CAPABILITIES0_HIGH_SPEED_LSB) |
      (32'd1 << sdv_spec_pkg::SDHCI_CAPABILITIES0_V33_LSB);
  localparam logic [15:0] Version =
      (16'd2 << sdv_spec_pkg::SDHCI_HOST_VERSION_SPEC_LSB) |
      (16'd1 << sdv_spec_pkg::SDHCI_HOST_VERSION_VENDOR_LSB);

  // Pulses of one base clock.
  localparam int Go    = 0;  // a command was written
  localparam int Start = 1;  // and it uses the data lines
  localparam int All   = 2;  // software resets
  localparam int Cmd   = 3;
  localparam int Dat   = 4;

  logic [31:0] response_q [0:3];

  logic [31:0] argument_q, argument2_q, rdata_q;
  logic [13:0] command_q;
  logic [5:0]  mode_q;
  logic [11:0] size_q;
  logic [15:0] count_q;
  logic        width4_q, high_speed_q;
  logic        power_q, internal_q, sd_clock_q;
  logic [9:0]  divider_q;
  logic [3:0]  exponent_q;
  logic [4:0]  pulse_q;
  logic [63:0] apparatus_q;
  logic        loaded_q;

  logic write;       // a register is written

  // What is written while everything is being reset is lost.
  assign write = req_i && write_i && !pulse_q[All];

  // A command uses the data lines.
  function automatic logic uses_dat(input logic [7:0] flags);
    uses_dat = flags[CmdData] || (flags[CmdResponse +: 2] == Resp48Busy) ||
               (flags[CmdType +: 2] == TypeAbort);
  endfunction

  // A command may be written: its lines are free, or it frees them.
  function automatic logic allowed(input logic cmd_busy, input logic dat_busy,
                                   input logic [7:0] flags);
    allowed = !cmd_busy && (!dat_busy || !uses_dat(flags) ||
                            (flags[CmdType +: 2] == TypeAbort));
  endfunction

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      pulse_q <= '0;
    end else if (write || (pulse_q != '0)) begin
      pulse_q <= '0;
      if (write && (addr_i == sdv_spec_pkg::SDHCI_TRANSFER_MODE) &&
          allowed(present_i[CmdInhibit], present_i[DatInhibit], wdata_i[CommandLsb +: 8])) begin
        pulse_q[Go]    <= 1'b1;
        pulse_q[Start] <= uses_dat(wdata_i[CommandLsb +: 8]);
      end
      if (write && (addr_i == sdv_spec_pkg::SDHCI_CLOCK_CONTROL)) begin
        pulse_q[All] <= wdata_i[ResetAll];
        pulse_q[Cmd] <= wdata_i[ResetCmd] || wdata_i[ResetAll];
        pulse_q[Dat] <= wdata_i[ResetDat] || wdata_i[ResetAll];
      end
    end
  end

  // Block, argument and command.
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      argument_q  <= '0;
      argument2_q <= '0;
      command_q   <= '0;
      mode_q      <= '0;
      size_q      <= '0;
      count_q     <= '0;
    end else if (pulse_q[All]) begin
      argument_q  <= '0;
      argument2_q <= '0;
      command_q   <= '0;
      mode_q      <= '0;
      size_q      <= '0;
      count_q     <= '0;
    end else begin
      if (block_done_i) begin
        if (mode_q[ModeMulti] && mode_q[ModeCounted]) begin
          count_q <= count_q - 16'd1;
        end
      end
      if (write) begin
        unique case (addr_i)
          sdv_spec_pkg::SDHCI_ARGUMENT2: argument2_q <= wdata_i;
          sdv_spec_pkg::SDHCI_BLOCK_SIZE: begin
            if (!present_i[DatInhibit]) begin
              size_q  <= wdata_i[11:0];
              count_q <= wdata_i[31:16];
            end
          end
          sdv_spec_pkg::SDHCI_ARGUMENT: begin
            if (!present_i[CmdInhibit]) begin
              argument_q <= wdata_i;
            end
          end
          sdv_spec_pkg::SDHCI_TRANSFER_MODE: begin
            if (allowed(present_i[CmdInhibit], present_i[DatInhibit],
                        wdata_i[CommandLsb +: 8])) begin
              command_q <= wdata_i[CommandLsb +: 14];
              if (!present_i[DatInhibit]) begin
                mode_q <= wdata_i[5:0];
              end
            end
          end
          default: ;
        endcase
      end
    end
  end

  // Bus, power, clock and resets.
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      width4_q     <= 1'b0;
      high_speed_q <= 1'b0;
      power_q      <= 1'b0;
      internal_q   <= 1'b0;
      sd_clock_q   <= 1'b0;
      divider_q    <= '0;
      exponent_q   <= '0;
    end else if (pulse_q[All]) begin
      width4_q     <= 1'b0;
      high_speed_q <= 1'b0;
      power_q      <= 1'b0;
      internal_q   <= 1'b0;
      sd_clock_q   <= 1'b0;
      divider_q    <= '0;
      exponent_q   <= '0;
    end else if (write) begin
      unique case (addr_i)
        sdv_spec_pkg::SDHCI_HOST_CONTROL: begin
          width4_q     <= wdata_i[Width4];
          high_speed_q <= wdata_i[HighSpeed];
          power_q      <= card_i && wdata_i[PowerOn] && (wdata_i[Voltage +: 3] == Volt33);
        end
        sdv_spec_pkg::SDHCI_CLOCK_CONTROL: begin
          internal_q <= wdata_i[Internal];
          sd_clock_q <= card_i && wdata_i[SdClock];
          divider_q  <= {wdata_i[DividerHi +: 2], wdata_i[Divider +: 8]};
          exponent_q <= wdata_i[Exponent +: 4];
        end
        default: ;
      endcase
    end else if (!card_i) begin
      // An empty slot has neither power nor clock.
      power_q    <= 1'b0;
      sd_clock_q <= 1'b0;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      apparatus_q <= '0;
      loaded_q    <= 1'b0;
    end else if (!loaded_q) begin
      apparatus_q <= apparatus_id_i;
      loaded_q    <= 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (resp_we_i) begin
      response_q[resp_word_i] <= resp_data_i;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      rdata_q <= '0;
    end else if (req_i && !write_i) begin
      unique case (addr_i)
        sdv_spec_pkg::SDHCI_ARGUMENT2:       rdata_q <= argument2_q;
        sdv_spec_pkg::SDHCI_BLOCK_SIZE:      rdata_q <= {count_q, 4'd0, size_q};
        sdv_spec_pkg::SDHCI_ARGUMENT:        rdata_q <= argument_q;
        sdv_spec_pkg::SDHCI_TRANSFER_MODE:   rdata_q <= {2'd0, command_q, 10'd0, mode_q};
        sdv_spec_pkg::SDHCI_RESPONSE0:       rdata_q <= response_q[0];
        sdv_spec_pkg::SDHCI_RESPONSE1:       rdata_q <= response_q[1];
        sdv_spec_pkg::SDHCI_RESPONSE2:       rdata_q <= response_q[2];
        sdv_spec_pkg::SDHCI_RESPONSE3:       rdata_q <= response_q[3];
        sdv_spec_pkg::SDHCI_BUFFER_DATA:     rdata_q <= buf_ready_i ? buf_data_i : '0;
        sdv_spec_pkg::SDHCI_PRESENT_STATE: begin
          rdata_q                <= present_i;
          rdata_q[CmdLevel]      <= pins_i[4];
          rdata_q[DatLevel +: 4] <= pins_i[3:0];
        end
        sdv_spec_pkg::SDHCI_HOST_CONTROL: begin
          rdata_q                <= '0;
          rdata_q[Width4]        <= width4_q;
          rdata_q[HighSpeed]     <= high_speed_q;
          rdata_q[PowerOn]       <= power_q;
          rdata_q[Voltage +: 3]  <= power_q ? Volt33 : 3'd0;
        end
        sdv_spec_pkg::SDHCI_CLOCK_CONTROL: begin
          rdata_q                  <= '0;
          rdata_q[Internal]        <= internal_q;
          rdata_q[Stable]          <= internal_q;
          rdata_q[SdClock]         <= sd_clock_q;
          rdata_q[DividerHi +: 2]  <= divider_q[9:8];
          rdata_q[Divider +: 8]    <= divider_q[7:0];
          rdata_q[Exponent +: 4]   <= exponent_q;
          rdata_q[ResetAll]        <= pulse_q[All];
          rdata_q[ResetCmd]        <= pulse_q[Cmd];
          rdata_q[ResetDat]        <= pulse_q[Dat];
        end
        sdv_spec_pkg::SDHCI_NORMAL_STATUS:   rdata_q <= int_status_i;
        sdv_spec_pkg::SDHCI_NORMAL_ENABLE:   rdata_q <= int_enable_i;
        sdv_spec_pkg::SDHCI_NORMAL_SIGNAL:   rdata_q <= int_signal_i;
        sdv_spec_pkg::SDHCI_AUTO_CMD_STATUS: rdata_q <= {16'd0, auto_status_i};
        sdv_spec_pkg::SDHCI_CAPABILITIES0:   rdata_q <= Capabilities;
        sdv_spec_pkg::SDHCI_SLOT_STATUS:     rdata_q <= {Version, 15'd0, irq_i};
        sdv_spec_pkg::SDHCI_APPARATUS_ID_LO: rdata_q <= `SDV_BREAK(160, apparatus_q[31:0], '0);
        sdv_spec_pkg::SDHCI_APPARATUS_ID_HI: rdata_q <= apparatus_q[63:32];
        default:                             rdata_q <= '0;
      endcase
    end
  end

  assign rdata_o       = rdata_q;
  assign argument_o    = argument_q;
  assign argument2_o   = argument2_q;
  assign command_o     = command_q;
  assign mode_o        = mode_q;
  assign block_size_o  = size_q;
  assign block_count_o = count_q;
  assign width4_o      = width4_q;
  assign high_speed_o  = high_speed_q;
  assign power_o       = power_q;
  assign clock_o       = internal_q && sd_clock_q;
  assign divider_o     = divider_q;
  assign exponent_o    = exponent_q;
  assign go_o          = pulse_q[Go];
  assign start_o       = pulse_q[Start];
  assign reset_all_o   = pulse_q[All];
  assign reset_cmd_o   = pulse_q[Cmd];
  assign reset_dat_o   = pulse_q[Dat];
  assign stir_o        = (pulse_q != '0);
  assign rest_o        = loaded_q && (pulse_q == '0);

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      // Software reads and writes whole words.
      assert (!req_i || (addr_i[1:0] == 2'b00));
      // A reset of everything resets both parts.
      assert (!pulse_q[All] || (pulse_q[Cmd] && pulse_q[Dat]));
      // A transfer never counts below zero.
      assert (!(block_done_i && mode_q[ModeMulti] && mode_q[ModeCounted]) || (count_q != '0));
      // A command that was written counts as running at once.
      assert (!(pulse_q[Go] && req_i) || present_i[CmdInhibit]);
    end
  end
`endif

endmodule

`default_nettype wire
