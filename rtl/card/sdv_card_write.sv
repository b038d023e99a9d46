// SPDX-License-Identifier: Apache-2.0
//
// CMD24 and CMD25: takes blocks from the data lines and has them programmed; and
// blocks of tokens, which are stored in the same way.
//
// A block that was taken (positive CRC status) is programmed whatever the host
// does next; after a failed one the rest of the command is dropped.
// Page: docs/rtl/sdv_card_write.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_card_write (
  input  logic        clk_i,
  input  logic        rst_ni,

  // the valid command at hand
  input  logic        begin_i,        // CMD24 or CMD25, also refused
  input  logic        start_i,        // not refused
  input  logic        multi_i,        // CMD25
  input  logic [31:0] count_i,        // blocks of a CMD25; 0: until stopped
  input  logic [31:0] sector_i,
  input  logic        abort_i,
  input  logic [31:0] blocks_i,       // of the user area
  input  logic        token_i,        // a token: it goes elsewhere and does not count

  // data lines
  output logic        rx_arm_o,
  input  logic        rx_done_i,
  input  logic        rx_ok_i,
  input  logic        free_i,         // a buffer is free
  output logic        commit_o,

  // storage
  output logic        req_o,
  output logic [2:0]  op_o,
  output logic [31:0] sector_o,
  input  logic        ack_i,
  input  logic        done_i,
  input  logic        error_i,

  output logic        last_o,         // pulse: the last block is taken
  output logic        single_bad_o,   // pulse: the block of a CMD24 is damaged
  output logic        range_error_o,  // pulse
  output logic        fail_o,         // pulse: storage failure
  output logic        full_o,         // no buffer is free
  output logic [1:0]  pending_o,      // blocks taken and not yet programmed
  output logic [31:0] written_o,
  output logic        quiet_o         // a freed buffer is not about to show
);

  logic        active_q, multi_q, counted_q;
  logic [31:0] left_q;
  logic [31:0] take_q, program_q;     // sector to take, sector to program
  logic [1:0]  pending_q;
  logic        sent_q, fail_q;
  logic [31:0] written_q;

  logic taken, last;
  always_comb begin
    taken         = 1'b0;
    last          = 1'b0;
    single_bad_o  = 1'b0;
    range_error_o = 1'b0;
    if (rx_done_i && active_q) begin
      taken         = rx_ok_i;
      last          = !multi_q || (counted_q && left_q == 32'd1);
      single_bad_o  = !rx_ok_i && !multi_q;
      range_error_o = taken && !last && (take_q + 32'd1 >= blocks_i);
    end
  end

  assign rx_arm_o     = active_q && !full_o;
  assign commit_o     = taken;
  assign full_o       = (pending_q == 2'd2) || !free_i;
  assign req_o        = (pending_q != '0) && !sent_q;
  assign op_o         = token_i ? sdv_pkg::REQ_TOKEN_IN :
                        {1'b0, fail_q ? sdv_spec_pkg::NVM_OP_DROP : sdv_spec_pkg::NVM_OP_PROGRAM};
  assign sector_o     = program_q;
  assign last_o       = taken && last;
  assign fail_o       = done_i && error_i;
  assign pending_o    = pending_q;
  assign written_o    = written_q;
  assign quiet_o      = !active_q || free_i || (pending_q == 2'd2);

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      active_q  <= 1'b0;
      multi_q   <= 1'b0;
      counted_q <= 1'b0;
      left_q    <= '0;
      take_q    <= '0;
      program_q <= '0;
      pending_q <= '0;
      sent_q    <= 1'b0;
      fail_q    <= 1'b0;
      written_q <= '0;
    end else if (begin_i || start_i || active_q || pending_q != '0) begin
      pending_q <= pending_q + {1'b0, taken} - {1'b0, done_i};
      if (taken) begin
        take_q <= take_q + 32'd1;
        left_q <= left_q - 32'd1;
      end
      if (ack_i) begin
        sent_q <= 1'b1;
      end
      if (done_i) begin
        sent_q    <= 1'b0;
        program_q <= `SDV_BREAK(31, program_q + 32'd1, program_q);
        if (!error_i && !fail_q && !token_i) begin
          written_q <= written_q + 32'd1;
        end
      end
      if (last_o || range_error_o || fail_o || abort_i || (rx_done_i && !rx_ok_i)) begin
        active_q <= 1'b0;
      end
      if (fail_o) begin
        fail_q <= 1'b1;
      end
      if (begin_i) begin
        written_q <= '0;
      end
      if (start_i) begin
        active_q  <= 1'b1;
        multi_q   <= multi_i;
        counted_q <= (count_i != '0);
        left_q    <= count_i;
        take_q    <= sector_i;
        program_q <= sector_i;
        fail_q    <= 1'b0;
      end
    end
  end

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (pending_q <= 2'd2);
      assert (!start_i || pending_q == '0);
      assert (!done_i || sent_q);
    end
  end
`endif

endmodule

`default_nettype wire
