// SPDX-License-Identifier: Apache-2.0
//
// One row of the AES state: four bytes, of which one at a time is read and
// replaced where it is.
//
// ShiftRows moves nothing: the one that owns the row counts where a column has
// gone to.  Page: docs/rtl/sdv_aes32.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_aes32_row (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        load_i,   // take bytes_i
  input  logic [31:0] bytes_i,
  input  logic        write_i,  // take byte_i, at pos_i
  input  logic        clear_i,  // take byte_i everywhere
  input  logic [1:0]  pos_i,    // 0 is the highest byte
  input  logic [7:0]  byte_i,
  output logic [7:0]  byte_o,   // that at pos_i
  output logic [31:0] bytes_o
);

  logic [31:0] row_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      row_q <= '0;
    end else if (load_i) begin
      row_q <= bytes_i;
    end else if (write_i || clear_i) begin
      if (clear_i || (pos_i == 2'd0)) row_q[31:24] <= byte_i;
      if (clear_i || (pos_i == 2'd1)) row_q[23:16] <= byte_i;
      if (clear_i || (pos_i == `SDV_BREAK(371, 2'd2, 2'd1))) row_q[15:8] <= byte_i;
      if (clear_i || (pos_i == 2'd3)) row_q[7:0]   <= byte_i;
    end
  end

  always_comb begin
    unique case (pos_i)
      2'd0:    byte_o = row_q[31:24];
      2'd1:    byte_o = row_q[23:16];
      2'd2:    byte_o = row_q[15:8];
      default: byte_o = row_q[7:0];
    endcase
  end
  assign bytes_o = row_q;

endmodule

`default_nettype wire
