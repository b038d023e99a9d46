// SPDX-License-Identifier: Apache-2.0
// Types and pure functions that several modules share.  No state, no parameters.
// The numbers of the protocol are in sdv_spec_pkg.
`default_nettype none

package sdv_pkg;

  // The valid command at hand, as the card's control hands it to the transfers:
  // pulses of one clock.
  typedef struct packed {
    logic        go_idle;      // CMD0
    logic        stop;         // ends what moves on the data lines
    logic        read;         // CMD17, CMD18
    logic        write_begin;  // CMD24, CMD25, also refused
    logic        write;        // not refused
    logic        multi;        // CMD18, CMD25
    logic        switch_ask;   // CMD6
    logic        regs;         // a register goes out on the data lines
    logic [1:0]  regs_kind;    // 0 SCR, 1 SSR, 2 ACMD22, 3 CMD6
    logic        long_csd;     // a long response is the CSD, else the CID
    logic        erase_start;  // CMD32
    logic        erase_end;    // CMD33
    logic        erase;        // CMD38
    logic        erase_other;  // a command that disturbs an erase sequence
    logic        bad_addr;     // the address is not to be used
  } command_t;

  // What the bus side asks the core side for: with bit 2 clear an NVM_OP_ of the
  // user area, with bit 2 set one of these for the secure doors; bits 1:0 are those
  // of a read and of a program.
  localparam logic [2:0] REQ_TOKEN_OUT = 3'd4;  // give a block
  localparam logic [2:0] REQ_TOKEN_IN  = 3'd5;  // take one

  // The address of REQ_TOKEN_IN: bit 0 is the block, then come these.
  localparam int IN_DOOR  = 1;  // it came by CMD56
  localparam int IN_TWO   = 2;  // by CMD35, and is one of two
  localparam int IN_CLASH = 3;  // the other door had half a token

  // The address of REQ_TOKEN_OUT: bits 16:0 are the block, and what is given is
  // in bits 31:29; for the status register the other bits are these.
  localparam logic [2:0] OUT_RESPONSE = 3'd0;
  localparam logic [2:0] OUT_NOTHING  = 3'd1;  // a token that says: no response
  localparam logic [2:0] OUT_REFUSED  = 3'd2;  // a token that says: the other door's
  localparam logic [2:0] OUT_SR       = 3'd3;
  localparam logic [2:0] OUT_PR       = 3'd4;
  localparam logic [2:0] OUT_RNR      = 3'd5;
  localparam int OUT_KIND   = 29;
  localparam int OUT_ERROR  = 20;  // there is a response: tell its error
  localparam int OUT_BLOCKS = 18;  // two bits: blocks that wait
  localparam int OUT_STATE  = 16;  // two bits: ASSD_STATE_ number

  // What the core side answers.
  localparam logic [1:0] ANSWER_OK      = 2'd0;
  localparam logic [1:0] ANSWER_FAILED  = 2'd1;
  localparam logic [1:0] ANSWER_STARTED = 2'd2;  // the token was whole: its command runs
  localparam logic [1:0] ANSWER_HALF    = 2'd3;  // CMD56: a second block has to come

  // What the erase sequence has to say about it, in the same clock.
  typedef struct packed {
    logic seq_error;
    logic param_error;
    logic dropped;
    logic used;                // the address counts: its errors are to be told
    logic go;                  // CMD38 starts an erase
  } erase_t;

  // Jobs of sdv_lines.
  localparam logic [2:0] LINES_FIND     = 3'd0;  // the lowest line of an id
  localparam logic [2:0] LINES_NEXT     = 3'd1;  // the next line that is not free
  localparam logic [2:0] LINES_BODY     = 3'd2;  // commit a license with a new body
  localparam logic [2:0] LINES_COUNTERS = 3'd3;  // commit counters of a license
  localparam logic [2:0] LINES_ACTIVE   = 3'd4;  // commit the lifecycle ACTIVE
  localparam logic [2:0] LINES_COUNT    = 3'd5;  // commit a value plus one

  // Jobs of sdv_copy.
  localparam logic [1:0] COPY_IN   = 2'd0;       // token memory to work memory
  localparam logic [1:0] COPY_OUT  = 2'd1;       // work memory to the response
  localparam logic [1:0] COPY_WIPE = 2'd2;       // zeros over the work memory

  // What the directory knows of a license id, the sum of whose words this is.
  function automatic logic [15:0] id_mark(input logic [31:0] sum);
    id_mark = sum[31:16] ^ sum[15:0];
  endfunction

  // One bit into a CRC7 (x^7 + x^3 + 1), most significant bit first.
  function automatic logic [6:0] crc7_step(input logic [6:0] crc, input logic data);
    logic feedback;
    feedback = crc[6] ^ data;
    crc7_step = {crc[5:0], 1'b0} ^ {3'b000, feedback, 2'b00, feedback};
  endfunction

  // One clock of four data lines into their four CRC16 (x^16 + x^12 + x^5 + 1).
  // Nibble i of the register holds bit i of each line's CRC, line n in bit n of
  // the nibble: one 64-bit register simulates faster than four of 16 bits, and
  // the nibble to send is always crc[63:60].
  function automatic logic [63:0] crc16x4_step(input logic [63:0] crc, input logic [3:0] data);
    logic [3:0] feedback;
    feedback = crc[63:60] ^ data;
    crc16x4_step = {crc[59:0], 4'b0000} ^
                   {12'h000, feedback, 24'h000000, feedback, 16'h0000, feedback};
  endfunction

  // A subkey of CMAC from the one before, and a step of S2V: doubling in
  // GF(2^128) modulo x^128 + x^7 + x^2 + x + 1.
  function automatic logic [127:0] gf128_double(input logic [127:0] value);
    gf128_double = {value[126:0], 1'b0} ^ (value[127] ? 128'h87 : 128'h0);
  endfunction

endpackage

`default_nettype wire
