// SPDX-License-Identifier: Apache-2.0
//
// An AES core as a stranger might bring it: a bus of 32 bits, registers, a key
// set-up that fills a memory of round keys, and names of its own.  Encryption
// with keys of 128 or 256 bits.  It is an example, not a part of the card.
//
//   address  access  register
//   0x00     read    STATUS: bit 0 ready, bit 1 fault
//   0x01     write   ENCRYPT, when ready; with any data
//   0x02     write   SET UP a key of 128 bits, when ready; with any data
//   0x03     write   SET UP a key of 256 bits, when ready; with any data
//   0x10     write   KEY, eight words, the first byte in bits 31:24
//   0x20     write   BLOCK, four words
//   0x30     read    RESULT, four words; when ready
//
// Two things were added for our sake: "zeroize", and the parity of the controller.
// Page: docs/bring_your_own.md
`default_nettype none
`include "sdv_sabotage.svh"

module foreign_aes32 (
  input  logic        clk,
  input  logic        reset_n,
  input  logic        zeroize,     // forget everything in one clock
  input  logic        write_enable,
  input  logic [5:0]  address,
  input  logic [31:0] write_data,
  output logic [31:0] read_data,   // in the same clock
  output logic        ready,       // what STATUS says, as pins
  output logic        fault
);

  localparam logic [1:0] PhaseRest    = 2'd0;
  localparam logic [1:0] PhaseExpand  = 2'd1;
  localparam logic [1:0] PhaseEncrypt = 2'd2;

  // ---- Controller ----

  logic [1:0] phase, phase_next;
  logic [5:0] index, index_next;   // of a word of the expanded key
  logic       long_key, long_key_next, failed, parity_bad;
  logic       clear, control, last_word, first_round, last_round, column_end;
  assign fault       = parity_bad || failed;
  assign ready       = (phase == PhaseRest) && !fault;
  assign clear       = zeroize || fault;
  assign control     = write_enable && (address <= 6'h03);
  assign last_word   = (index == (long_key ? 6'd59 : 6'd43));
  assign first_round = (index[5:2] == 4'd0);
  assign last_round  = (index[5:2] == (long_key ? 4'd14 : 4'd10));
  assign column_end  = (index[1:0] == 2'd3);

  always_comb begin
    phase_next    = phase;
    index_next    = index + 6'd1;
    long_key_next = long_key;
    if (clear) begin
      phase_next = PhaseRest;
    end else if (phase == PhaseRest) begin
      if (control && address[1]) begin
        phase_next    = PhaseExpand;
        long_key_next = address[0];
        index_next    = address[0] ? 6'd8 : 6'd4;
      end else if (control && address[0]) begin
        phase_next = PhaseEncrypt;
        index_next = 6'd0;
      end
    end else if (last_word) begin
      phase_next = PhaseRest;
    end
  end

  sdv_guard #(.Width(10)) parity (
    .clk_i   (clk),
    .rst_ni  (reset_n),
    .en_i    ((phase != PhaseRest) || control || clear),
    .next_i  ({fault, phase_next, index_next, long_key_next}),
    .value_o ({failed, phase, index, long_key}),
    .error_o (parity_bad)
  );

  // ---- One S-box word, for the key or for a column ----

  logic [31:0] column0, column1, column2, column3;     // the block
  logic [31:0] mixed0, mixed1, mixed2;                 // columns of the next round
  logic [31:0] shifted, before_sub, after_sub, previous;
  always_comb begin
    unique case (index[1:0])
      2'd0:    shifted = {column0[31:24], column1[23:16], column2[15:8], column3[7:0]};
      2'd1:    shifted = {column1[31:24], column2[23:16], column3[15:8], column0[7:0]};
      2'd2:    shifted = {column2[31:24], column3[23:16], column0[15:8], column1[7:0]};
      default: shifted = {column3[31:24], column0[23:16], column1[15:8], column2[7:0]};
    endcase
  end
  assign before_sub = (phase == PhaseEncrypt) ? shifted : previous;
  sdv_aes_sbox #(.Gates(0), .Decrypt(0)) substitution (
    .en_i      (phase != PhaseRest),
    .decrypt_i (1'b0),
    .word_i    (before_sub),
    .word_o    (after_sub)
  );

  // ---- Round keys ----

  (* mem2reg *) logic [31:0] round_key [0:59];

  logic        key_write;
  logic [5:0]  key_address, old_address;
  logic [31:0] key_data, old, added;
  logic [7:0]  constant;
  assign old_address = index - (long_key ? 6'd8 : 6'd4);
  assign key_write   = (phase == PhaseExpand) || (write_enable && (address[5:3] == 3'b010));
  assign key_address = (phase == PhaseExpand) ? index : {3'd0, address[2:0]};
  assign key_data    = (phase == PhaseExpand) ? (old ^ added) : write_data;

  always_comb begin
    previous = '0;
    old      = '0;
    if (phase == PhaseExpand) begin
      previous = round_key[index - 6'd1];
      old      = round_key[old_address];
    end
  end

  always_comb begin
    unique case (long_key ? {1'b0, index[5:3]} : index[5:2])
      4'd1:    constant = 8'h01;
      4'd2:    constant = 8'h02;
      4'd3:    constant = 8'h04;
      4'd4:    constant = 8'h08;
      4'd5:    constant = 8'h10;
      4'd6:    constant = 8'h20;
      4'd7:    constant = 8'h40;
      4'd8:    constant = 8'h80;
      4'd9:    constant = 8'h1B;
      default: constant = `SDV_BREAK(375, 8'h36, 8'h1B);
    endcase
  end

  always_comb begin
    added = previous;
    if ((index[1:0] == 2'd0) && !(long_key && index[2])) begin
      added = {after_sub[23:16] ^ constant, after_sub[15:0], after_sub[31:24]};
    end else if (index[1:0] == 2'd0) begin
      added = after_sub;
    end
  end

  always_ff @(posedge clk or negedge reset_n) begin
    if (!reset_n) begin
      for (int i = 0; i < 60; i++) round_key[i] <= '0;
    end else if (clear) begin
      for (int i = 0; i < 60; i++) round_key[i] <= '0;
    end else if (key_write) begin
      round_key[key_address] <= key_data;
    end
  end

  // ---- Block ----

  function automatic logic [7:0] double(input logic [7:0] value);
    double = {value[6:0], 1'b0} ^ (value[7] ? 8'h1B : 8'h00);
  endfunction

  function automatic logic [31:0] mix_column(input logic [31:0] column);
    logic [7:0] a, b, c, d, sum;
    {a, b, c, d} = column;
    sum          = a ^ b ^ c ^ d;
    mix_column   = {a ^ sum ^ double(a ^ b), b ^ sum ^ double(b ^ c),
                    c ^ sum ^ double(c ^ d), d ^ sum ^ double(d ^ a)};
  endfunction

  logic [31:0] made;
  always_comb begin
    made = '0;
    if (phase == PhaseEncrypt) begin
      made = first_round ? ((index[1:0] == 2'd0) ? column0 : (index[1:0] == 2'd1) ? column1 :
                            (index[1:0] == 2'd2) ? column2 : column3) :
             (last_round ? after_sub : mix_column(after_sub));
      made = made ^ round_key[index];
    end
  end

  always_ff @(posedge clk or negedge reset_n) begin
    if (!reset_n) begin
      {column0, column1, column2, column3} <= '0;
      {mixed0, mixed1, mixed2}             <= '0;
    end else if (clear) begin
      {column0, column1, column2, column3} <= '0;
      {mixed0, mixed1, mixed2}             <= '0;
    end else if (phase == PhaseEncrypt) begin
      if (column_end) {column0, column1, column2, column3} <= {mixed0, mixed1, mixed2, made};
      if (index[1:0] == 2'd0) mixed0 <= made;
      if (index[1:0] == 2'd1) mixed1 <= made;
      if (index[1:0] == 2'd2) mixed2 <= made;
    end else if (write_enable) begin
      if (address == 6'h20) column0 <= write_data;
      if (address == 6'h21) column1 <= write_data;
      if (address == 6'h22) column2 <= write_data;
      if (address == 6'h23) column3 <= write_data;
    end
  end

  always_comb begin
    unique case (address)
      6'h00:   read_data = {30'd0, fault, ready};
      6'h30:   read_data = ready ? column0 : 32'd0;
      6'h31:   read_data = ready ? column1 : 32'd0;
      6'h32:   read_data = ready ? column2 : 32'd0;
      6'h33:   read_data = ready ? column3 : 32'd0;
      default: read_data = 32'd0;
    endcase
  end

endmodule

`default_nettype wire
