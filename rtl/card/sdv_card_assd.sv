// SPDX-License-Identifier: Apache-2.0
//
// The secure doors as the bus sees them, ASSD (CMD34 to CMD37) and CMD56:
// which command is taken, which block comes next, and where the response stands.
//
// Moves no data: it tells sdv_card_read and sdv_card_write what to ask for.
// Page: docs/rtl/sdv_card_assd.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_card_assd (
  input  logic        clk_i,
  input  logic        rst_ni,

  // the valid command at hand: at most one of them
  input  logic        read_i,          // CMD34
  input  logic        write_i,         // CMD35
  input  logic        psi_i,           // CMD36
  input  logic        control_i,       // CMD37
  input  logic        gen_i,           // CMD56
  input  logic        reset_i,         // CMD0
  input  logic        user_i,          // a transfer of the user area
  input  logic [31:0] arg_i,
  input  logic        stop_i,          // it ends what moves on the data lines

  // what comes of it, in the same clock
  output logic        out_of_range_o,  // refused
  output logic        error_o,         // refused, too
  output logic        read_o,          // blocks go out
  output logic        write_o,         // blocks come in
  output logic        multi_o,         // as many as count_o says, else one
  output logic [31:0] count_o,
  output logic [31:0] address_o,       // for the request of the first block

  // transfers
  output logic        token_o,         // the last one was ours, not one of the user area
  input  logic        tx_done_i,       // pulse: a block is out
  input  logic        sent_i,          // pulse: all blocks are out
  input  logic        taken_i,         // pulse: all blocks are in
  input  logic        untaken_i,       // pulse: the only block is damaged
  input  logic        answer_i,        // pulse: a block is stored
  input  logic [1:0]  result_i,        // with it

  // the vault
  input  logic        running_i,       // level: a command is in progress
  input  logic        two_i,           // its response has two blocks; when it has ended

  output logic        run_o,           // a command is in progress
  output logic        hold_o           // CMD37 waits for its end
);

  typedef struct packed {
    logic run;      // a command is in progress
    logic hold;     // CMD37 waits for its end
    logic drop;     // its response is not wanted
    logic rsp;      // there is a response
    logic two;      // of two blocks
    logic once;     // and it has been read
    logic door;     // token and response: CMD56, else ASSD
    logic pos;      // read position
    logic half;     // half of a token came by CMD56
    logic aborted;  // the last token did not arrive whole
    logic token;    // the last transfer was ours
    logic in;       // a token comes in
    logic out;      // a response goes out
    logic cur;      // block of it
  } now_t;
  now_t now_q;

  /////////////////////////
  // The command at hand //
  /////////////////////////

  logic       two, in_count, known;
  logic [1:0] state, waiting;
  logic [2:0] kind;
  always_comb begin
    out_of_range_o = 1'b0;
    error_o        = 1'b0;
    two            = 1'b0;
    in_count       = 1'b0;
    known          = 1'b0;
    if (read_i || write_i || psi_i || control_i || gen_i) begin
      two      = (arg_i[15:0] == 16'd2);
      in_count = two || (arg_i[15:0] == 16'd1);
      known    = (arg_i == 32'(sdv_spec_pkg::ASSD_PSI_SR)) ||
                 (arg_i == 32'(sdv_spec_pkg::ASSD_PSI_PR)) ||
                 (arg_i == 32'(sdv_spec_pkg::ASSD_PSI_RNR));
      out_of_range_o =
          (read_i && arg_i[15:0] == '0) || (write_i && !in_count) || (psi_i && !known) ||
          (control_i && (arg_i[7:0] != 8'(sdv_spec_pkg::ASSD_CONTROL_RESET) ||
                         arg_i[11:9] != '0));
      error_o = !out_of_range_o &&
                ((read_i && !now_q.rsp) ||
                 `SDV_BREAK(220, now_q.run && (write_i || (gen_i && !arg_i[0])), 1'b0));
    end
  end

  logic refused;
  assign refused = out_of_range_o || error_o;
  assign read_o  = (read_i || psi_i || (gen_i && arg_i[0])) && !refused;
  assign write_o = (write_i || (gen_i && !arg_i[0])) && !refused;

  // What SEND_PSI tells of the state.
  always_comb begin
    state   = 2'(sdv_spec_pkg::ASSD_STATE_IDLE);
    waiting = 2'd0;
    if (psi_i) begin
      if (now_q.run) begin
        state = 2'(sdv_spec_pkg::ASSD_STATE_BUSY);
      end else if (now_q.aborted) begin
        state = 2'(sdv_spec_pkg::ASSD_STATE_ABORTED);
      end else if (now_q.rsp && !now_q.once) begin
        state   = 2'(sdv_spec_pkg::ASSD_STATE_COMPLETE);
        waiting = 2'd1 + {1'b0, now_q.two} - {1'b0, now_q.pos};
      end
    end
  end

  // A response is given at its own door only.
  always_comb begin
    kind = sdv_pkg::OUT_RESPONSE;
    if (psi_i) begin
      kind = (arg_i[2:0] == 3'(sdv_spec_pkg::ASSD_PSI_SR)) ? sdv_pkg::OUT_SR :
             (arg_i[2:0] == 3'(sdv_spec_pkg::ASSD_PSI_PR)) ? sdv_pkg::OUT_PR : sdv_pkg::OUT_RNR;
    end else if (gen_i && !now_q.rsp) begin
      kind = sdv_pkg::OUT_NOTHING;
    end else if (now_q.door != gen_i) begin
      kind = `SDV_BREAK(221, sdv_pkg::OUT_REFUSED, sdv_pkg::OUT_RESPONSE);
    end
  end

  always_comb begin
    address_o = '0;
    multi_o   = 1'b0;
    count_o   = '0;
    if (read_o) begin
      multi_o   = read_i;
      count_o   = {16'd0, arg_i[15:0]};
      address_o = {kind, 29'd0};
      if (kind == sdv_pkg::OUT_RESPONSE) begin
        address_o[0] = now_q.pos;
      end else if (kind == sdv_pkg::OUT_SR) begin
        address_o[sdv_pkg::OUT_STATE +: 2]  = state;
        address_o[sdv_pkg::OUT_BLOCKS +: 2] = waiting;
        address_o[sdv_pkg::OUT_ERROR]       = now_q.rsp;
      end
    end else if (write_o) begin
      multi_o   = write_i && two;
      count_o   = 32'd2;
      address_o[0]                 = gen_i && now_q.half;
      address_o[sdv_pkg::IN_DOOR]  = gen_i;
      address_o[sdv_pkg::IN_TWO]   = write_i && two;
      address_o[sdv_pkg::IN_CLASH] = write_i && now_q.half;
    end
  end

  ///////////
  // State //
  ///////////

  // Where something is written twice the later line holds: the command comes last.
  logic command, ended;
  assign command = read_o || write_o || control_i || reset_i || user_i || stop_i;
  assign ended   = now_q.run && !running_i;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      now_q <= '0;
    end else if (command || ended || now_q.token) begin
      // The core side: a token is stored, a command has ended.
      if (now_q.token && answer_i) begin
        if (result_i == sdv_pkg::ANSWER_STARTED) begin
          now_q.run  <= 1'b1;
          now_q.half <= 1'b0;
        end else if (result_i == sdv_pkg::ANSWER_HALF) begin
          now_q.half <= !now_q.drop;
        end
      end
      if (ended) begin
        now_q.run  <= 1'b0;
        now_q.hold <= 1'b0;
        now_q.rsp  <= !now_q.drop;
        now_q.two  <= two_i;
      end
      // The data lines: a block of the response is out, or the last one that was
      // asked for; a token is in, or its block is damaged.
      if (now_q.out && tx_done_i) begin
        now_q.cur <= 1'b1;
        if (`SDV_BREAK(222, now_q.cur == now_q.two, 1'b0)) begin
          now_q.out  <= 1'b0;
          now_q.pos  <= 1'b0;
          now_q.once <= 1'b1;
        end
      end
      if (now_q.out && sent_i) begin
        now_q.out <= 1'b0;
        now_q.pos <= now_q.cur;
      end
      if (now_q.in && (taken_i || untaken_i || stop_i)) begin
        now_q.in      <= 1'b0;
        now_q.aborted <= !taken_i && !now_q.door;
      end
      // The command.
      if (stop_i) begin
        now_q.out <= 1'b0;
      end
      if (read_o || write_o || user_i) begin
        now_q.token <= !user_i;
        now_q.cur   <= now_q.pos;
        now_q.out   <= read_o && !psi_i && (kind == sdv_pkg::OUT_RESPONSE);
      end
      if (write_o || (control_i && !refused) || reset_i) begin
        now_q.drop    <= !write_o;
        now_q.hold    <= control_i && now_q.run && !ended;
        now_q.rsp     <= 1'b0;
        now_q.once    <= 1'b0;
        now_q.pos     <= 1'b0;
        now_q.half    <= gen_i && now_q.half;
        now_q.aborted <= 1'b0;
        now_q.in      <= write_o;
        now_q.door    <= gen_i;
      end
    end
  end

  assign token_o = now_q.token;
  assign run_o   = now_q.run;
  assign hold_o  = now_q.hold;

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      // One thing at a time.
      assert (!(now_q.run && (now_q.rsp || now_q.in || now_q.out)));
      assert (!(now_q.rsp && (now_q.half || now_q.aborted)));
      assert (!now_q.hold || now_q.run);
      assert (!write_o || !now_q.run);
      assert (!now_q.pos || (now_q.rsp && now_q.two));
    end
  end
`endif

endmodule

`default_nettype wire
