// SPDX-License-Identifier: Apache-2.0
//
// One copy of a line of the EEPROM: into a buffer, out of it, or compared with
// it, with its CRC-32.
//
// It does not know which copy holds.  Page: docs/rtl/sdv_line.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_line (
  input  logic        clk_i,
  input  logic        rst_ni,

  // requests; line and copy hold until the answer
  input  logic        go_i,            // pulse
  input  logic [1:0]  op_i,            // 0 read, 1 write, 2 compare
  input  logic [8:0]  line_i,
  input  logic        copy_i,
  output logic        done_o,          // pulse
  output logic        ok_o,            // with it: the CRC is right, the copy is equal

  // the buffer
  input  logic        set_i,           // between requests
  input  logic [3:0]  set_idx_i,
  input  logic [31:0] set_word_i,
  input  logic [3:0]  idx_i,
  output logic [31:0] word_o,          // word idx_i
  output logic [31:0] sequence_o,
  output logic [1:0]  state_o,
  output logic [5:0]  slot_o,
  output logic        bank_o,
  output logic [7:0]  flags_o,
  output logic [31:0] value_o,         // of a line of the system
  output logic [15:0] mark_o,          // of the license id
  output logic [31:0] generation_o,
  output logic [31:0] spent_o,
  output logic [31:0] made_o,

  // word port
  output logic        word_req_o,
  output logic        word_we_o,
  output logic        word_hold_o,
  output logic [15:0] word_addr_o,
  output logic [31:0] word_wdata_o,
  input  logic        word_done_i,
  input  logic [31:0] word_rdata_i,

  output logic        busy_o,
  output logic        quiet_o
);

  localparam logic [1:0] OpWrite   = 2'd1;
  localparam logic [1:0] OpCompare = 2'd2;
  localparam logic [3:0] LastWord  = 4'(sdv_spec_pkg::VAULT_LINE_WORDS - 1);

  typedef enum logic [1:0] {
    StIdle,
    StAsk,   // one word
    StWait,
    StDone
  } state_e;

  // Four bytes, first one in bits 31:24, into a CRC-32 of IEEE 802.3.
  function automatic logic [31:0] crc32_step(input logic [31:0] crc, input logic [31:0] data);
    logic [31:0] next;
    next = crc ^ {data[7:0], data[15:8], data[23:16], data[31:24]};
    for (int i = 0; i < 32; i++) begin
      next = {1'b0, next[31:1]} ^ (next[0] ? 32'hEDB88320 : 32'h0);
    end
    crc32_step = next;
  endfunction

  state_e      state_q;
  logic [31:0] buf_q [0:15];
  logic [3:0]  word_q;
  logic [31:0] crc_q;
  logic        ok_q;

  // What the word at hand is: the last one is the CRC of those before it.
  logic [31:0] mine, seen;
  logic        writes, last;
  assign writes = (op_i == OpWrite);
  assign last   = (word_q == LastWord);
  assign mine   = last ? `SDV_BREAK(253, ~crc_q, writes ? crc_q : ~crc_q) : buf_q[word_q];
  assign seen   = writes ? mine : word_rdata_i;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= StIdle;
      word_q  <= '0;
      crc_q   <= '1;
      ok_q    <= 1'b0;
    end else if (state_q != StIdle || go_i) begin
      unique case (state_q)
        // StIdle: a request.
        StIdle: begin
          word_q  <= '0;
          crc_q   <= '1;
          ok_q    <= 1'b1;
          state_q <= StAsk;
        end
        // StAsk: one pulse.
        StAsk: state_q <= StWait;
        // StWait: a word was read, or taken.
        StWait: begin
          if (word_done_i) begin
            word_q  <= word_q + 4'd1;
            crc_q   <= crc32_step(crc_q, seen);
            state_q <= last ? StDone : StAsk;
            if ((op_i == OpCompare || last) && seen != mine) begin
              ok_q <= 1'b0;
            end
          end
        end
        // StDone: one pulse.
        default: state_q <= StIdle;
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    if (set_i) begin
      buf_q[set_idx_i] <= set_word_i;
    end else if (state_q == StWait && word_done_i && op_i == 2'd0) begin
      buf_q[word_q] <= word_rdata_i;
    end
  end

  assign done_o       = (state_q == StDone);
  assign ok_o         = `SDV_BREAK(252, ok_q, 1'b1);
  assign word_o       = buf_q[idx_i];
  assign sequence_o   = buf_q[0];
  assign state_o      = buf_q[1][25:24];
  assign slot_o       = buf_q[1][21:16];
  assign bank_o       = buf_q[1][8];
  assign flags_o      = buf_q[1][7:0];
  assign value_o      = buf_q[2];
  assign mark_o       = sdv_pkg::id_mark(buf_q[2] ^ buf_q[3] ^ buf_q[4] ^ buf_q[5]);
  assign generation_o = buf_q[6];
  assign spent_o      = buf_q[7];
  assign made_o       = buf_q[8];

  // Line n, copy c begins at word (2n + c) x 14.
  logic [14:0] pair;
  assign pair         = {5'd0, line_i, copy_i};
  assign word_req_o   = (state_q == StAsk);
  assign word_we_o    = writes;
  assign word_hold_o  = writes && !last;
  assign word_addr_o  = {pair[11:0], 4'd0} - {pair, 1'b0} + 16'(word_q);
  assign word_wdata_o = mine;
  assign busy_o       = (state_q != StIdle);
  assign quiet_o      = (state_q == StIdle) || (state_q == StWait && !word_done_i);

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (!go_i || state_q == StIdle);
      assert (!set_i || state_q == StIdle);
      assert (!word_req_o || word_addr_o < 16'(sdv_spec_pkg::NVM_EEPROM_WORDS));
    end
  end
`endif

endmodule

`default_nettype wire
