// SPDX-License-Identifier: Apache-2.0
//
// Work memory of the secure area: 128 words, one sealed license, and whose
// turn it is at it.
//
// One word a clock, for the one client that has its hand up; what is read is
// there in the next clock.  Page: docs/rtl/sdv_work.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_work (
  input  logic        clk_i,
  input  logic        rst_ni,

  // clients: copy, header rules, sealing service, crypto, body, lines, OTP; those that write
  // have a we and a wdata
  input  logic        copy_i,
  input  logic [6:0]  copy_addr_i,
  input  logic        copy_we_i,
  input  logic [31:0] copy_wdata_i,
  input  logic        header_i,
  input  logic [6:0]  header_addr_i,
  input  logic        seal_i,
  input  logic [6:0]  seal_addr_i,
  input  logic        seal_we_i,
  input  logic [31:0] seal_wdata_i,
  input  logic        crypto_i,
  input  logic [6:0]  crypto_addr_i,
  input  logic        crypto_we_i,
  input  logic [31:0] crypto_wdata_i,
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
  logic [6:0]  addr;
  logic [31:0] wdata;

  assign used = copy_i || header_i || seal_i || crypto_i || body_i || lines_i || otp_i;

  // The crypto is asked by the sealing service, which has its hand up, too.
  always_comb begin
    we    = 1'b0;
    addr  = '0;
    wdata = '0;
    if (crypto_i) begin
      we    = crypto_we_i;
      addr  = crypto_addr_i;
      wdata = crypto_wdata_i;
    end else if (header_i) begin
      addr  = header_addr_i;
    end else if (lines_i) begin
      addr  = lines_addr_i;
    end else if (seal_i) begin
      we    = seal_we_i;
      addr  = seal_addr_i;
      wdata = seal_wdata_i;
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

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      rdata_q <= '0;
    end else if (used) begin
      rdata_q <= mem[addr];
    end
  end

  always_ff @(posedge clk_i) begin
    if (used && we) begin
      mem[addr] <= wdata;
    end
  end

  assign rdata_o = rdata_q;

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      // Servers work one at a time.
      assert (!(copy_i && (body_i || otp_i || seal_i || lines_i || header_i || crypto_i)));
      assert (!(body_i && (otp_i || seal_i || lines_i || header_i || crypto_i)));
      assert (!(crypto_i && (header_i || lines_i)));
      assert (!(otp_i && (seal_i || lines_i || header_i)));
    end
  end
`endif

endmodule

`default_nettype wire
