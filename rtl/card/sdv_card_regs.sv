// SPDX-License-Identifier: Apache-2.0
//
// The registers of the card, byte by byte: CID and CSD for long responses, SCR,
// SD status and the count of written blocks for the data lines.
//
// The fields that never change are generated from docs/spec/card_fields.csv.
// Page: docs/rtl/sdv_card_regs.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_card_regs (
  // the die
  input  logic         high_capacity_i,
  input  logic [21:0]  csize_i,        // C_SIZE
  input  logic [2:0]   csize_mult_i,   // C_SIZE_MULT, SDSC
  input  logic [127:8] cid_i,

  // the session
  input  logic         high_speed_i,
  input  logic         width4_i,
  input  logic [31:0]  written_i,      // ACMD22

  // long response: byte 15 is bits 127:120
  input  logic         long_i,         // one goes out
  input  logic         long_csd_i,     // 0: CID
  input  logic [3:0]   long_idx_i,
  output logic [7:0]   long_byte_o,

  // data: byte 0 goes first
  input  logic         data_i,         // one goes out
  input  logic [1:0]   data_kind_i,    // 0 SCR, 1 SSR, 2 ACMD22
  input  logic [5:0]   data_idx_i,
  output logic [7:0]   data_byte_o
);

  localparam logic [7:0] TranSpeedHigh = 8'h5A;  // 50 MHz

  logic [7:0] csd_rom [0:31];   // index: high capacity, byte
  logic [7:0] scr_rom [0:7];
  logic [7:0] ssr_rom [0:63];
  initial begin
    for (int i = 0; i < 16; i++) begin
      csd_rom[i]      = sdv_spec_pkg::CSD_V1_FIXED[8*i +: 8];
      csd_rom[16 + i] = sdv_spec_pkg::CSD_V2_FIXED[8*i +: 8];
    end
    for (int i = 0; i < 8; i++) begin
      scr_rom[i] = sdv_spec_pkg::SCR_V1_FIXED[8*(7 - i) +: 8];
    end
    for (int i = 0; i < 64; i++) begin
      ssr_rom[i] = sdv_spec_pkg::SSR_V1_FIXED[8*(63 - i) +: 8];
    end
  end

  // The bits of a CSD byte that depend on the size of the card.
  logic [7:0] size_bits;
  always_comb begin
    size_bits   = 8'h00;
    long_byte_o = 8'h00;
    if (long_i) begin
      unique case ({high_capacity_i, long_idx_i})
        {1'b0, 4'd9}: size_bits = {6'd0, csize_i[11:10]};
        {1'b0, 4'd8}: size_bits = csize_i[9:2];
        {1'b0, 4'd7}: size_bits = {csize_i[1:0], 6'd0};
        {1'b0, 4'd6}: size_bits = {6'd0, csize_mult_i[2:1]};
        {1'b0, 4'd5}: size_bits = {csize_mult_i[0], 7'd0};
        {1'b1, 4'd8}: size_bits = {2'd0, csize_i[21:16]};
        {1'b1, 4'd7}: size_bits = csize_i[15:8];
        {1'b1, 4'd6}: size_bits = csize_i[7:0];
        default: ;
      endcase
      if (!`SDV_BREAK(28, long_csd_i, !long_csd_i)) begin
        long_byte_o = cid_i[{long_idx_i[3:1] == '0 ? 4'd1 : long_idx_i, 3'b000} +: 8];
      end else if (high_speed_i && long_idx_i == 4'd12) begin
        long_byte_o = TranSpeedHigh;
      end else begin
        long_byte_o = csd_rom[{high_capacity_i, long_idx_i}] | size_bits;
      end
    end
  end

  always_comb begin
    data_byte_o = 8'h00;
    if (data_i) begin
      unique case (data_kind_i)
        2'd0: data_byte_o = scr_rom[data_idx_i[2:0]];
        2'd1: data_byte_o = (data_idx_i == '0) ? {width4_i, 7'd0} : ssr_rom[data_idx_i];
        default: begin
          unique case (data_idx_i[1:0])
            2'd0:    data_byte_o = written_i[31:24];
            2'd1:    data_byte_o = written_i[23:16];
            2'd2:    data_byte_o = written_i[15:8];
            default: data_byte_o = written_i[7:0];
          endcase
        end
      endcase
    end
  end

endmodule

`default_nettype wire
