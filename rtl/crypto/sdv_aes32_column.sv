// SPDX-License-Identifier: Apache-2.0
//
// A round of AES on one column after its S-box: MixColumns and AddRoundKey, or
// their inverses in the order of the inverse cipher.
//
// Without a clock.  The S-box is outside: the key schedule uses it too.
// Page: docs/rtl/sdv_aes32.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_aes32_column #(
  parameter int Decrypt = 0
) (
  input  logic        en_i,       // a simulation saves work without it
  input  logic        back_i,     // inverse round; with Decrypt only
  input  logic        add_i,      // AddRoundKey alone; with Decrypt only
  input  logic        last_i,     // last round: no MixColumns
  input  logic [31:0] column_i,   // after ShiftRows
  input  logic [31:0] sub_i,      // the same after SubBytes
  input  logic [31:0] key_i,
  output logic [31:0] column_o
);

  logic back, add;
  assign back = (Decrypt != 0) && back_i;
  assign add  = (Decrypt != 0) && add_i;

  // Four bytes times x.
  function automatic logic [31:0] twice(input logic [31:0] column);
    logic [31:0] top;
    top   = (column >> 7) & 32'h01010101;
    twice = ((column & 32'h7F7F7F7F) << 1) ^ top ^ (top << 1) ^ (top << 3) ^ (top << 4);
  endfunction

  // What MixColumns adds to a column: to each byte the sum of all four, and
  // twice the sum of itself and the one below.
  function automatic logic [31:0] mix(input logic [31:0] column);
    logic [31:0] pair;
    pair = column ^ {column[23:0], column[31:24]};
    mix  = twice(pair) ^ pair ^ {pair[15:0], pair[31:16]};
  endfunction

  // InvMixColumns is MixColumns after adding this.
  function automatic logic [31:0] premix(input logic [31:0] column);
    premix = twice(twice(column ^ {column[15:0], column[31:16]}));
  endfunction

  logic [31:0] state;
  always_comb begin
    state    = '0;
    column_o = '0;
    if (en_i) begin
      state    = (add ? column_i : sub_i) ^ (back ? key_i : 32'd0);
      state    = state ^ ((back && !last_i) ? `SDV_BREAK(372, premix(state), 32'd0) : 32'd0);
      state    = state ^ ((last_i || add) ? 32'd0 : mix(state));
      column_o = state ^ (back ? 32'd0 : key_i);
    end
  end

endmodule

`default_nettype wire
