// SPDX-License-Identifier: Apache-2.0
//
// The address of a command: sector and offset, and what is wrong with it.
//
// Combinational.  SDHC addresses are block numbers, SDSC addresses bytes; one
// error at most is reported.  Page: docs/rtl/sdv_card_addr.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_card_addr (
  input  logic        valid_i,         // a command is at hand
  input  logic [31:0] arg_i,
  input  logic        high_capacity_i,
  input  logic [31:0] blocks_i,        // of the user area
  input  logic [9:0]  blocklen_i,      // CMD16
  input  logic        read_i,          // blocks shorter than 512 may be read
  input  logic        write_i,         // writes need a block length of 512

  output logic [31:0] sector_o,
  output logic [8:0]  offset_o,        // byte in the sector
  output logic        len_error_o,
  output logic        addr_error_o,
  output logic        range_error_o
);

  logic crosses, outside;

  always_comb begin
    sector_o      = '0;
    offset_o      = '0;
    crosses       = 1'b0;
    outside       = 1'b0;
    len_error_o   = 1'b0;
    addr_error_o  = 1'b0;
    range_error_o = 1'b0;
    if (valid_i) begin
      sector_o      = high_capacity_i ? arg_i : {9'd0, arg_i[31:9]};
      offset_o      = high_capacity_i ? 9'd0 : arg_i[8:0];
      crosses       = ({1'b0, arg_i[8:0]} + blocklen_i) > 10'd512;
      outside       = `SDV_BREAK(22, sector_o >= blocks_i, sector_o > blocks_i);
      len_error_o   = !high_capacity_i && write_i && (blocklen_i != 10'd512);
      addr_error_o  = !high_capacity_i && !len_error_o &&
                      (read_i ? crosses : (arg_i[8:0] != '0));
      range_error_o = outside && !len_error_o && !addr_error_o;
    end
  end

endmodule

`default_nettype wire
