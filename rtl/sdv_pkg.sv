// SPDX-License-Identifier: Apache-2.0
// Pure functions that several modules share.  No state, no parameters.
// The numbers of the protocol are in sdv_spec_pkg.
`default_nettype none

package sdv_pkg;

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

endpackage

`default_nettype wire
