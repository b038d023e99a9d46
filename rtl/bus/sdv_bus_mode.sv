// SPDX-License-Identifier: Apache-2.0
//
// Chooses which engines own the pins: SD or SPI.
//
// A card listens in SD mode until CMD0 finds DAT3 (chip select) low, and then
// speaks SPI until power-off.  SPI engines plug in at the spi_* ports; without
// them (HasSpi = 0) the card stays in SD mode, as a card without SPI would.
// Page: docs/rtl/sdv_bus_mode.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_bus_mode #(
  parameter int HasSpi = 0  // 1: SPI engines are connected
) (
  input  logic       clk_i,
  input  logic       rst_ni,
  input  logic       go_idle_i,   // pulse: CMD0
  input  logic       cs_ni,       // level of DAT3
  output logic       spi_o,

  // SD engines
  input  logic       sd_cmd_i, sd_cmd_oe_i,
  input  logic [3:0] sd_dat_i, sd_dat_oe_i,
  // SPI engines: data out is DAT0
  input  logic       spi_do_i, spi_do_oe_i,

  output logic       cmd_o, cmd_oe_o,
  output logic [3:0] dat_o, dat_oe_o
);

  logic spi_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      spi_q <= 1'b0;
    end else if (go_idle_i && !cs_ni && HasSpi != 0) begin
      spi_q <= 1'b1;
    end
  end

  // Without SPI engines nothing is chosen from.
  logic spi;
  assign spi      = (HasSpi != 0) && spi_q;
  assign spi_o    = spi;
  assign cmd_o    = spi ? 1'b1 : sd_cmd_i;
  assign cmd_oe_o = `SDV_BREAK(10, spi ? 1'b0 : sd_cmd_oe_i, 1'b0);
  assign dat_o    = spi ? {3'b111, spi_do_i} : sd_dat_i;
  assign dat_oe_o = spi ? {3'b000, spi_do_oe_i} : sd_dat_oe_i;

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (!spi_q || HasSpi != 0);
    end
  end
`endif

endmodule

`default_nettype wire
