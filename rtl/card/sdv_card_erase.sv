// SPDX-License-Identifier: Apache-2.0
//
// Erase sequence: CMD32, CMD33, CMD38, in this order and undisturbed.
//
// Asks the storage to erase and waits for it.  Page: docs/rtl/sdv_card_erase.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_card_erase (
  input  logic        clk_i,
  input  logic        rst_ni,

  input  logic        frame_i,      // a command is at hand
  // and it is valid and
  input  logic        start_i,      // CMD32
  input  logic        end_i,        // CMD33
  input  logic        erase_i,      // CMD38
  input  logic        other_i,      // one that disturbs the sequence
  input  logic        reset_i,      // CMD0
  input  logic [31:0] sector_i,
  input  logic        bad_addr_i,   // sector_i is not to be used

  output logic        seq_error_o,  // in this clock
  output logic        param_error_o,
  output logic        dropped_o,
  output logic        used_o,       // the address counts: its errors are to be told
  output logic        go_o,         // CMD38 starts an erase

  // storage
  output logic        req_o,
  output logic [31:0] first_o,
  output logic [31:0] count_o,
  input  logic        ack_i,
  input  logic        done_i,
  output logic        busy_o
);

  typedef enum logic [1:0] {
    StNone,
    StStart,  // CMD32 came
    StRange   // CMD33 came too
  } state_e;

  state_e      state_q;
  logic [31:0] first_q, last_q;
  logic        want_q, busy_q;

  always_comb begin
    seq_error_o   = 1'b0;
    used_o        = 1'b0;
    param_error_o = 1'b0;
    dropped_o     = 1'b0;
    go_o          = 1'b0;
    if (frame_i) begin
      dropped_o     = other_i && (state_q != StNone);
      seq_error_o   = (start_i && state_q != StNone) || (end_i && state_q != StStart) ||
                      (erase_i && state_q != StRange);
      used_o        = (start_i || end_i) && !seq_error_o;
      param_error_o = erase_i && !seq_error_o && (last_q < first_q);
      go_o          = erase_i && !seq_error_o && !param_error_o;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= StNone;
      first_q <= '0;
      last_q  <= '0;
    end else if (frame_i && (start_i || end_i || erase_i || other_i || reset_i)) begin
      state_q <= StNone;
      if (used_o && !bad_addr_i) begin
        state_q <= start_i ? StStart : StRange;
        if (start_i) begin
          first_q <= sector_i;
        end else begin
          last_q <= `SDV_BREAK(24, sector_i, first_q);
        end
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      want_q <= 1'b0;
      busy_q <= 1'b0;
    end else if (frame_i || busy_q) begin
      want_q <= go_o || (want_q && !ack_i);
      busy_q <= go_o || (busy_q && !done_i);
    end
  end

  assign req_o   = want_q;
  assign first_o = first_q;
  assign count_o = want_q ? last_q - first_q + 32'd1 : 32'd0;
  assign busy_o  = busy_q;

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (!go_o || !busy_q);
      assert (!want_q || busy_q);
    end
  end
`endif

endmodule

`default_nettype wire
