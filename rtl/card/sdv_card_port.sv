// SPDX-License-Identifier: Apache-2.0
//
// The bus side's one way to the storage: takes turns among program, erase and
// read requests, one outstanding at a time, and hands each answer to its asker.
// Page: docs/rtl/sdv_card_port.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_card_port (
  input  logic        clk_i,
  input  logic        rst_ni,

  // askers: index 0 program, 1 erase, 2 read
  input  logic [2:0]  req_i,
  input  logic [2:0]  program_op_i,   // program, drop the block, or take it as a token's
  input  logic [31:0] program_addr_i,
  input  logic [31:0] erase_addr_i,
  input  logic [31:0] erase_count_i,
  input  logic [2:0]  read_op_i,      // read, or give what is a token's
  input  logic [31:0] read_addr_i,
  output logic [2:0]  ack_o,          // pulse: sent
  output logic [2:0]  done_o,         // pulse: answered
  output logic        error_o,        // with done_o

  // message to the storage side; holds until the answer
  output logic        send_o,
  output logic [2:0]  op_o,
  output logic [31:0] addr_o,
  output logic [31:0] count_o,
  input  logic        answer_i,       // pulse
  input  logic [1:0]  answer_result_i,
  output logic        waiting_o       // for an answer
);

  logic        waiting_q;   // for an answer
  logic [2:0]  owner_q;
  logic        send_q;
  logic [2:0]  op_q;
  logic [31:0] addr_q, count_q;

  always_comb begin
    ack_o = 3'b000;
    if (!waiting_q && req_i != '0) begin
      if (req_i[0]) begin
        ack_o = 3'b001;
      end else if (req_i[1]) begin
        ack_o = 3'b010;
      end else begin
        ack_o = 3'b100;
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      waiting_q <= 1'b0;
      owner_q   <= '0;
      send_q    <= 1'b0;
      op_q      <= '0;
      addr_q    <= '0;
      count_q   <= '0;
    end else if (waiting_q || req_i != '0) begin
      send_q <= (ack_o != '0);
      if (answer_i) begin
        waiting_q <= 1'b0;
      end
      if (ack_o != '0) begin
        waiting_q <= 1'b1;
        owner_q   <= ack_o;
        op_q      <= ack_o[0] ? program_op_i :
                     ack_o[1] ? {1'b0, sdv_spec_pkg::NVM_OP_ERASE} : read_op_i;
        addr_q    <= ack_o[0] ? program_addr_i :
                     ack_o[1] ? erase_addr_i : read_addr_i;
        count_q   <= ack_o[1] ? `SDV_BREAK(29, erase_count_i, 32'd1) : 32'd1;
      end
    end
  end

  assign done_o  = answer_i ? owner_q : 3'b000;
  assign error_o = (answer_result_i == sdv_pkg::ANSWER_FAILED);
  assign send_o  = send_q;
  assign op_o    = op_q;
  assign addr_o  = addr_q;
  assign count_o = count_q;
  assign waiting_o = waiting_q;

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (!answer_i || waiting_q);
      assert (ack_o == '0 || !waiting_q);
    end
  end
`endif

endmodule

`default_nettype wire
