// SPDX-License-Identifier: Apache-2.0
//
// Small parts side by side, each on pins of its own: CRC functions and the
// crossing cells, between clocks a and b.  For tests/rtl only.
`default_nettype none

module sdv_unit_top (
  input  logic        a_clk_i,
  input  logic        b_clk_i,
  input  logic        rst_ni,

  // CRCs (clock a)
  input  logic        crc_clear_i,
  input  logic        crc7_step_i,
  input  logic        crc7_bit_i,
  output logic [6:0]  crc7_o,
  input  logic        crc16_step_i,
  input  logic [3:0]  crc16_data_i,
  output logic [63:0] crc16_o,

  // level, a to b
  input  logic        level_i,
  output logic        level_o,

  // message, a to b
  input  logic        send_i,
  input  logic [31:0] message_i,
  output logic        valid_o,
  output logic [31:0] message_o,

  // blocks, a to b
  output logic        free_o,
  input  logic        we_i,
  input  logic [6:0]  wr_idx_i,
  input  logic [31:0] wr_data_i,
  input  logic        commit_i,
  output logic        avail_o,
  input  logic [6:0]  rd_idx_i,
  output logic [31:0] rd_data_o,
  input  logic        release_i
);

  logic [6:0]  crc7_q;
  logic [63:0] crc16_q;
  always_ff @(posedge a_clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      crc7_q  <= '0;
      crc16_q <= '0;
    end else if (crc_clear_i) begin
      crc7_q  <= '0;
      crc16_q <= '0;
    end else begin
      if (crc7_step_i) begin
        crc7_q <= sdv_pkg::crc7_step(crc7_q, crc7_bit_i);
      end
      if (crc16_step_i) begin
        crc16_q <= sdv_pkg::crc16x4_step(crc16_q, crc16_data_i);
      end
    end
  end
  assign crc7_o  = crc7_q;
  assign crc16_o = crc16_q;

  logic unused_level_early, unused_box_early;
  sdv_sync u_level (
    .clk_i   (b_clk_i),
    .rst_ni  (rst_ni),
    .d_i     (level_i),
    .early_o (unused_level_early),
    .q_o     (level_o)
  );

  sdv_mailbox #(.Width(32)) u_box (
    .src_clk_i  (a_clk_i),
    .src_rst_ni (rst_ni),
    .send_i     (send_i),
    .data_i     (message_i),
    .dst_clk_i  (b_clk_i),
    .dst_rst_ni (rst_ni),
    .early_o    (unused_box_early),
    .valid_o    (valid_o),
    .data_o     (message_o)
  );

  sdv_blkbuf u_buf (
    .wr_clk_i     (a_clk_i),
    .wr_rst_ni    (rst_ni),
    .wr_free_o    (free_o),
    .wr_we_i      (we_i),
    .wr_idx_i     (wr_idx_i),
    .wr_data_i    (wr_data_i),
    .wr_commit_i  (commit_i),
    .rd_clk_i     (b_clk_i),
    .rd_rst_ni    (rst_ni),
    .rd_avail_o   (avail_o),
    .rd_idx_i     (rd_idx_i),
    .rd_data_o    (rd_data_o),
    .rd_release_i (release_i)
  );

endmodule

`default_nettype wire
