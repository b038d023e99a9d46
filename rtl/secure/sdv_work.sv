// SPDX-License-Identifier: Apache-2.0
//
// Work memory of the secure area: 128 words, one sealed license, and whose
// turn it is at it.
//
// One word a clock is read and one written, for the one client that has its
// hand up; what is read is there in the next clock.  Page: docs/rtl/sdv_work.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_work (
  input  logic        clk_i,
  input  logic        rst_ni,

  // clients, each with its hand up: copy, keys, body, lines, OTP
  input  logic        copy_i,
  input  logic [6:0]  copy_addr_i,
  input  logic        copy_we_i,
  input  logic [31:0] copy_wdata_i,
  input  logic        keys_i,
  input  logic [6:0]  keys_addr_i,
  input  logic        keys_we_i,
  input  logic [6:0]  keys_waddr_i,  // the others write where they read
  input  logic [31:0] keys_wdata_i,
  input  logic        body_i,
  input  logic [6:0]  body_addr_i,
  input  logic        body_we_i,
  input  logic [31:0] body_wdata_i,
  input  logic        lines_i,
  input  logic [6:0]  lines_addr_i,
  input  logic        otp_i,
  input  logic [6:0]  otp_addr_i,

  output logic [31:0] rdata_o
);

  logic [31:0] mem [0:127];
  logic [31:0] rdata_q;
  logic        used, we;
  logic [6:0]  addr, waddr;
  logic [31:0] wdata;

  assign used = copy_i || keys_i || body_i || lines_i || otp_i;

  always_comb begin
    we    = 1'b0;
    addr  = '0;
    wdata = '0;
    if (keys_i) begin
      we    = keys_we_i;
      addr  = keys_addr_i;
      wdata = keys_wdata_i;
    end else if (lines_i) begin
      addr  = lines_addr_i;
    end else if (body_i) begin
      we    = body_we_i;
      addr  = body_addr_i;
      wdata = body_wdata_i;
    end else if (otp_i) begin
      addr  = otp_addr_i;
    end else if (copy_i) begin
      we    = copy_we_i;
      addr  = `SDV_BREAK(251, copy_addr_i, {1'b0, copy_addr_i[5:0]});
      wdata = copy_wdata_i;
    end
  end

  assign waddr = keys_i ? keys_waddr_i : addr;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      rdata_q <= '0;
    end else if (used) begin
      rdata_q <= mem[addr];
    end
  end

  always_ff @(posedge clk_i) begin
    if (used && we) begin
      mem[waddr] <= wdata;
    end
  end

  assign rdata_o = rdata_q;

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      // Servers work one at a time.
      assert (32'(copy_i) + 32'(keys_i) + 32'(body_i) + 32'(lines_i) + 32'(otp_i) <= 32'd1);
    end
  end
`endif

endmodule

`default_nettype wire
