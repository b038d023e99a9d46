// SPDX-License-Identifier: Apache-2.0
//
// What goes out on the data lines, byte by byte: registers when their command's
// response has gone, or the block that the storage read; and the bytes of long
// responses.  Page: docs/rtl/sdv_card_out.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_card_out (
  input  logic              clk_i,
  input  logic              rst_ni,

  input  sdv_pkg::command_t command_i,
  input  logic [31:0]       arg_i,
  input  logic              frame_i,        // a command is at hand
  input  logic              resp_busy_i,

  // the die and the session
  input  logic              high_capacity_i,
  input  logic [21:0]       csize_i,
  input  logic [2:0]        csize_mult_i,
  input  logic [127:8]      cid_i,
  input  logic              width4_i,
  input  logic [31:0]       written_i,
  output logic              high_speed_o,
  output logic              assd_o,         // CMD6 opened the door of ASSD

  // long response
  input  logic              long_i,
  input  logic [3:0]        long_idx_i,
  output logic [7:0]        long_byte_o,

  // block of the storage
  input  logic              read_active_i,
  input  logic [9:0]        read_len_i,
  input  logic [8:0]        read_offset_i,
  output logic [6:0]        word_idx_o,
  input  logic [31:0]       word_i,

  // data lines
  input  logic              dat_idle_i,
  output logic              start_o,
  input  logic              done_i,
  output logic [9:0]        len_o,
  input  logic [8:0]        idx_i,
  output logic [7:0]        byte_o,

  output logic              sent_o,         // pulse: the register is out
  output logic              active_o,       // one is due or goes out
  output logic              quiet_o
);

  logic       due_q, going_q, long_csd_q;
  logic [1:0] kind_q;

  logic active;
  assign active  = due_q || going_q;
  assign start_o = due_q && !resp_busy_i && dat_idle_i && !command_i.stop;
  assign sent_o  = going_q && done_i;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      due_q      <= 1'b0;
      going_q    <= 1'b0;
      kind_q     <= '0;
      long_csd_q <= 1'b0;
    end else if (frame_i || active) begin
      due_q   <= command_i.regs || (due_q && !start_o && !command_i.stop);
      going_q <= start_o || (going_q && !done_i && !command_i.stop);
      if (command_i.regs) begin
        kind_q <= command_i.regs_kind;
      end
      if (frame_i) begin
        long_csd_q <= command_i.long_csd;
      end
    end
  end

  logic [7:0] regs_byte, switch_byte;
  sdv_card_regs u_regs (
    .high_capacity_i (high_capacity_i),
    .csize_i         (csize_i),
    .csize_mult_i    (csize_mult_i),
    .cid_i           (cid_i),
    .high_speed_i    (high_speed_o),
    .width4_i        (width4_i),
    .written_i       (written_i),
    .long_i          (long_i),
    .long_csd_i      (long_csd_q),
    .long_idx_i      (long_idx_i),
    .long_byte_o     (long_byte_o),
    .data_i          (active),
    .data_kind_i     (kind_q),
    .data_idx_i      (idx_i[5:0]),
    .data_byte_o     (regs_byte)
  );

  sdv_card_switch u_switch (
    .clk_i        (clk_i),
    .rst_ni       (rst_ni),
    .frame_i      (frame_i),
    .reset_i      (command_i.go_idle),
    .ask_i        (command_i.switch_ask),
    .arg_i        (arg_i),
    .sent_i       (sent_o),
    .cut_i        (command_i.stop),
    .out_i        (active),
    .idx_i        (idx_i[5:0]),
    .byte_o       (switch_byte),
    .high_speed_o (high_speed_o),
    .assd_o       (assd_o)
  );

  logic [8:0] at;  // byte of the sector
  assign at         = read_active_i ? read_offset_i + idx_i : 9'd0;
  assign word_idx_o = at[8:2];

  always_comb begin
    byte_o = 8'hFF;
    len_o  = 10'd512;
    if (active) begin
      unique case (kind_q)
        2'd0: begin
          byte_o = regs_byte;
          len_o  = 10'd8;
        end
        2'd1: begin
          byte_o = regs_byte;
          len_o  = 10'd64;
        end
        2'd2: begin
          byte_o = regs_byte;
          len_o  = 10'd4;
        end
        default: begin
          byte_o = switch_byte;
          len_o  = 10'd64;
        end
      endcase
    end else if (read_active_i) begin
      len_o = read_len_i;
      unique case (`SDV_BREAK(36, at[1:0], ~at[1:0]))
        2'd0:    byte_o = word_i[31:24];
        2'd1:    byte_o = word_i[23:16];
        2'd2:    byte_o = word_i[15:8];
        default: byte_o = word_i[7:0];
      endcase
    end
  end

  assign active_o = active;
  assign quiet_o  = !due_q;

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      // A register and a block never go out together.
      assert (!(going_q && read_active_i));
      assert (!(due_q && going_q));
    end
  end
`endif

endmodule

`default_nettype wire
