// SPDX-License-Identifier: Apache-2.0
//
// Interrupts of the host: status, enable and signal registers, and the card
// detect switch.
//
// Collects what the other modules report.  Page: docs/rtl/sdv_host_irq.md.

`include "sdv_sabotage.svh"
`default_nettype none

module sdv_host_irq (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        stir_i,          // a command or a reset begins or ends in this clock
  input  logic        clear_all_i,     // software resets
  input  logic        clear_cmd_i,
  input  logic        clear_dat_i,

  // Register port
  input  logic        write_i,
  input  logic [8:0]  addr_i,
  input  logic [31:0] wdata_i,
  output logic [31:0] status_o,        // error status and normal status
  output logic [31:0] enable_o,
  output logic [31:0] signal_o,
  output logic [15:0] auto_status_o,
  output logic        irq_o,

  // Events, one base clock each
  input  logic        command_i,       // a command begins: the auto command status is old
  input  logic        done_i,          // a command ends: looks at the next five
  input  logic [3:0]  error_i,         // index, end bit, CRC, time-out
  input  logic        main_i,          // it is the one of the COMMAND register
  input  logic        stop_i,          // it is CMD12
  input  logic        pending_i,       // the one of the register has not ended
  input  logic [3:0]  dat_i,           // transfer complete; end bit, CRC, time-out
  input  logic [5:0]  mode_i,          // TRANSFER_MODE
  input  logic        ready_i,         // a block may be read or written
  input  logic        read_i,          // which of them

  // Card detect
  input  logic        card_detect_i,
  output logic        card_o,          // a card is in the slot
  output logic        change_o         // a card came or went
);

  // Status words hold the normal status below and the error status above.
  localparam int Complete  = sdv_spec_pkg::SDHCI_NORMAL_STATUS_CMD_COMPLETE_LSB;
  localparam int Transfer  = sdv_spec_pkg::SDHCI_NORMAL_STATUS_TRANSFER_COMPLETE_LSB;
  localparam int WriteRdy  = sdv_spec_pkg::SDHCI_NORMAL_STATUS_WRITE_READY_LSB;
  localparam int ReadRdy   = sdv_spec_pkg::SDHCI_NORMAL_STATUS_READ_READY_LSB;
  localparam int Insertion = sdv_spec_pkg::SDHCI_NORMAL_STATUS_INSERTION_LSB;
  localparam int Removal   = sdv_spec_pkg::SDHCI_NORMAL_STATUS_REMOVAL_LSB;
  localparam int CmdError  = 16 + sdv_spec_pkg::SDHCI_ERROR_STATUS_CMD_TIMEOUT_LSB;
  localparam int DatError  = 16 + sdv_spec_pkg::SDHCI_ERROR_STATUS_DATA_TIMEOUT_LSB;
  localparam int AutoError = 16 + sdv_spec_pkg::SDHCI_ERROR_STATUS_AUTO_CMD_LSB;

  localparam int Multi = sdv_spec_pkg::SDHCI_TRANSFER_MODE_MULTI_LSB;
  localparam int Auto  = sdv_spec_pkg::SDHCI_TRANSFER_MODE_AUTO_LSB;
  localparam logic [1:0] AutoCmd12 = 2'd1;

  localparam int NotExecuted = sdv_spec_pkg::SDHCI_AUTO_CMD_STATUS_NOT_EXECUTED_LSB;
  localparam int AutoTimeout = sdv_spec_pkg::SDHCI_AUTO_CMD_STATUS_TIMEOUT_LSB;
  localparam int NotIssued   = sdv_spec_pkg::SDHCI_AUTO_CMD_STATUS_NOT_ISSUED_LSB;

  localparam int Timeout     = 0;
  localparam int DatComplete = 3;

  localparam logic [31:0] Used = (32'd1 << Complete) | (32'd1 << Transfer) | (32'd1 << WriteRdy) |
                                 (32'd1 << ReadRdy) | (32'd1 << Insertion) | (32'd1 << Removal) |
                                 (32'hF << CmdError) | (32'h7 << DatError) | (32'd1 << AutoError);
  localparam logic [31:0] DatOnes = (32'd1 << Transfer) | (32'd1 << WriteRdy) | (32'd1 << ReadRdy);

  logic [31:0] status_q, enable_q, signal_q;
  logic [31:0] events, status_d;
  logic [15:0] auto_q;
  logic        detect_q;

  logic change;      // a card came or went
  logic touched;     // the status may change

  assign change  = (card_detect_i != detect_q);

  assign touched = stir_i || write_i || ready_i || change || (dat_i != '0);

  // What happens while software clears the status is not lost; what a reset
  // finds is.
  always_comb begin
    events   = '0;
    status_d = '0;
    if (touched) begin
      events[Complete]  = done_i && main_i && !error_i[Timeout];
      events[Transfer]  = dat_i[DatComplete];
      events[WriteRdy]  = ready_i && !read_i;
      events[ReadRdy]   = ready_i && read_i;
      events[Insertion] = change && card_detect_i;
      events[Removal]   = change && !card_detect_i;
      events[DatError +: 3] = dat_i[2:0];
      if (done_i && main_i) begin
        events[CmdError +: 4] = `SDV_BREAK(165, error_i, 4'd0);
      end
      if (done_i && !main_i) begin
        events[AutoError] = `SDV_BREAK(131, error_i != '0, 1'b0);
      end

      status_d = status_q;
      if (write_i && (addr_i == sdv_spec_pkg::SDHCI_NORMAL_STATUS)) begin
        status_d = status_d & ~wdata_i;
      end
      status_d = status_d | (events & enable_q);
      if (clear_cmd_i) begin
        status_d[Complete] = 1'b0;
      end
      if (clear_dat_i) begin
        status_d = status_d & ~DatOnes;
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      status_q <= '0;
      enable_q <= '0;
      signal_q <= '0;
    end else if (clear_all_i) begin
      status_q <= '0;
      enable_q <= '0;
      signal_q <= '0;
    end else if (touched) begin
      status_q <= status_d;
      if (write_i && (addr_i == sdv_spec_pkg::SDHCI_NORMAL_ENABLE)) begin
        enable_q <= wdata_i & Used;
      end
      if (write_i && (addr_i == sdv_spec_pkg::SDHCI_NORMAL_SIGNAL)) begin
        signal_q <= wdata_i & Used;
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      auto_q <= '0;
    end else if (touched) begin
      if (clear_cmd_i || command_i) begin
        auto_q <= '0;
      end else if (done_i && !main_i) begin
        auto_q[AutoTimeout +: 4] <= error_i;
        auto_q[NotIssued]        <= stop_i && pending_i && (error_i != '0);
      end else if ((dat_i[2:0] != '0) && mode_i[Multi] && (mode_i[Auto +: 2] == AutoCmd12)) begin
        auto_q[NotExecuted] <= 1'b1;
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      detect_q <= 1'b0;
    end else if (change) begin
      detect_q <= card_detect_i;
    end
  end

  assign status_o      = {status_q[31:16], status_q[31:16] != '0, status_q[14:0]};
  assign enable_o      = enable_q;
  assign signal_o      = signal_q;
  assign auto_status_o = auto_q;
  assign irq_o         = ((status_q & signal_q) != '0);
  assign card_o        = detect_q;
  assign change_o      = change;

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      // Reserved bits never appear.
      assert ((status_q & ~Used) == '0);
      assert (!irq_o || ((signal_q & status_o) != '0));
      // The lines and the register side do not end a transfer and fail at once.
      assert (!dat_i[DatComplete] || (dat_i[2:0] == '0));
    end
  end
`endif

endmodule

`default_nettype wire
