// SPDX-License-Identifier: Apache-2.0
//
// Response token: takes data by words and puts length, data and status word
// into the token memory, two bytes off the word boundary.
//
// A refusal carries no data.  Page: docs/rtl/sdv_response.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_response (
  input  logic        clk_i,
  input  logic        rst_ni,

  input  logic        begin_i,         // pulse: nothing is in it
  input  logic        push_i,          // four bytes of data
  input  logic [31:0] data_i,
  input  logic        half_i,          // two bytes, the last ones
  input  logic [15:0] half_data_i,
  input  logic        end_i,           // pulse: with this status word
  input  logic [15:0] end_sw_i,
  output logic        done_o,          // pulse: it is in the token memory

  output logic [10:0] len_o,           // with done_o, and until the next begin_i
  output logic [15:0] sw_o,

  // token memory
  output logic        tok_we_o,
  output logic [7:0]  tok_addr_o,
  output logic [31:0] tok_wdata_o,

  output logic        quiet_o
);

  typedef enum logic [1:0] {
    StFill,
    StTail,   // what is left of the data, and the status word
    StHead,   // length and first two bytes
    StDone
  } state_e;

  state_e      state_q;
  logic [7:0]  word_q;        // next word of the token memory; 0: no data yet
  logic [15:0] first_q;       // bytes 2 and 3 of the token
  logic [15:0] rest_q;        // two bytes that wait for the next two
  logic        rest_valid_q;
  logic [10:0] len_q;
  logic [15:0] sw_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q      <= StFill;
      word_q       <= '0;
      first_q      <= '0;
      rest_q       <= '0;
      rest_valid_q <= 1'b0;
      len_q        <= 11'd4;
      sw_q         <= '0;
    end else if (state_q != StFill || begin_i || push_i || half_i || end_i) begin
      unique case (state_q)
        // StFill: data come.
        StFill: begin
          if (begin_i) begin
            word_q       <= '0;
            rest_valid_q <= 1'b0;
            len_q        <= 11'd4;
          end
          if (push_i || half_i) begin
            word_q       <= word_q + 8'd1;
            rest_q       <= data_i[15:0];
            rest_valid_q <= push_i;
            len_q        <= len_q + (push_i ? 11'd4 : 11'd2);
          end
          if ((push_i || half_i) && word_q == 8'd0) begin
            first_q <= push_i ? data_i[31:16] : half_data_i;
          end
          if (end_i) begin
            sw_q    <= end_sw_i;
            state_q <= StTail;
            if (end_sw_i != sdv_spec_pkg::SW_OK) begin
              word_q <= 8'd0;
              len_q  <= 11'd4;
            end
          end
        end
        // StTail: one word.
        StTail: state_q <= (word_q == 8'd0) ? StDone : StHead;
        // StHead: one word.
        StHead: state_q <= StDone;
        // StDone: one pulse.
        default: state_q <= StFill;
      endcase
    end
  end

  logic        more;
  logic [15:0] half;
  assign more = (push_i || half_i) && (word_q != 8'd0);
  assign half = push_i ? data_i[31:16] : half_data_i;

  assign done_o   = (state_q == StDone);
  assign len_o    = len_q;
  assign sw_o     = sw_q;
  assign tok_we_o = (state_q == StTail) || (state_q == StHead) || (state_q == StFill && more);
  always_comb begin
    tok_addr_o  = word_q;
    tok_wdata_o = `SDV_BREAK(275, {rest_q, half}, {half, rest_q});
    if (state_q == StTail) begin
      tok_wdata_o = rest_valid_q ? {rest_q, sw_q} : {sw_q, 16'd0};
      if (word_q == 8'd0) begin
        tok_wdata_o = {5'd0, len_q, sw_q};
      end
    end else if (state_q == StHead) begin
      tok_addr_o  = '0;
      tok_wdata_o = {5'd0, len_q, first_q};
    end
  end
  assign quiet_o = (state_q == StFill) && !begin_i && !push_i && !half_i && !end_i;

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      // Data come while it is filled, and fit into the token memory.
      assert (!(begin_i || push_i || half_i || end_i) || state_q == StFill);
      assert (!(push_i && half_i) && !(end_i && (push_i || half_i)));
      assert (!push_i || (len_q <= 11'd1020 && !(word_q != 8'd0 && !rest_valid_q)));
      assert (!done_o || sw_q == sdv_spec_pkg::SW_OK || len_q == 11'd4);
    end
  end
`endif

endmodule

`default_nettype wire
