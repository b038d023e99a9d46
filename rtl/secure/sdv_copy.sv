// SPDX-License-Identifier: Apache-2.0
//
// Moves words, one a clock: out of the token memory into the work memory, out
// of the work memory into the response, or zeros over the work memory.
//
// Page: docs/rtl/sdv_copy.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_copy (
  input  logic        clk_i,
  input  logic        rst_ni,

  // requests; operands hold until the answer
  input  logic        go_i,            // pulse
  input  logic [1:0]  op_i,            // sdv_pkg::COPY_...
  input  logic        late_i,          // IN: the data begin at byte 9 of the token, else 7
  input  logic [6:0]  base_i,          // IN: first word of the work memory
  input  logic [7:0]  words_i,         // IN, OUT
  output logic        done_o,          // pulse

  // token memory
  output logic [7:0]  tok_addr_o,
  input  logic [31:0] tok_rdata_i,

  // work memory
  output logic [6:0]  work_addr_o,
  output logic        work_we_o,
  output logic [31:0] work_wdata_o,
  input  logic [31:0] work_rdata_i,

  // response
  output logic        push_o,
  output logic [31:0] push_data_o,

  output logic        busy_o,
  output logic        quiet_o
);

  typedef enum logic [1:0] {
    StIdle,
    StMove,
    StDone
  } state_e;

  state_e      state_q;
  logic [7:0]  clock_q;   // of the move
  logic [23:0] last_q;    // IN: the word of the token before the one that arrives

  logic       is_in, is_out, move;
  logic [7:0] late, end_clock;
  assign is_in  = (op_i == sdv_pkg::COPY_IN);
  assign is_out = (op_i == sdv_pkg::COPY_OUT);
  assign move   = (state_q == StMove);

  // A word arrives one clock after its address; one of the token is worth
  // something when the next one is there, too.
  always_comb begin
    late      = 8'd0;
    end_clock = 8'd127;
    if (is_in) begin
      late      = 8'd2;
      end_clock = words_i + 8'd1;
    end else if (is_out) begin
      late      = 8'd1;
      end_clock = words_i;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= StIdle;
      clock_q <= '0;
      last_q  <= '0;
    end else if (state_q != StIdle || go_i) begin
      unique case (state_q)
        // StIdle: a request.
        StIdle: begin
          clock_q <= '0;
          state_q <= StMove;
        end
        // StMove: a word a clock.
        StMove: begin
          clock_q <= clock_q + 8'd1;
          if (is_in) begin
            last_q <= tok_rdata_i[23:0];
          end
          if (clock_q == end_clock) begin
            state_q <= StDone;
          end
        end
        // StDone: one pulse.
        default: state_q <= StIdle;
      endcase
    end
  end

  logic there;
  assign there        = move && (clock_q >= late);
  assign done_o       = (state_q == StDone);
  assign tok_addr_o   = clock_q + (late_i ? 8'd2 : 8'd1);
  assign work_addr_o  = is_in ? base_i + clock_q[6:0] - 7'd2 : clock_q[6:0];
  assign work_we_o    = there && !is_out;
  assign push_o       = there && is_out;
  assign push_data_o  = work_rdata_i;
  assign busy_o       = (state_q != StIdle);
  assign quiet_o      = (state_q == StIdle);

  // One byte of a word and three of the next, or three and one.
  always_comb begin
    work_wdata_o = '0;
    if (is_in) begin
      work_wdata_o = late_i ? {last_q, tok_rdata_i[31:24]}
                            : {last_q[7:0], tok_rdata_i[31:8]};
    end else begin
      work_wdata_o = `SDV_BREAK(263, 32'd0, work_rdata_i);
    end
  end

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (!go_i || state_q == StIdle);
      assert (!move || is_in || is_out || op_i == sdv_pkg::COPY_WIPE);
      // SEC: a wipe leaves zeros.
      assert (!work_we_o || is_in || work_wdata_o == '0);
    end
  end
`endif

endmodule

`default_nettype wire
