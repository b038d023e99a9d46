// SPDX-License-Identifier: Apache-2.0
//
// In the place of rtl/crypto/sdv_aes_sbox.sv: every bit that comes out depends
// on every bit that goes in.
//
// For walks over the structure only: the module has no clock and no state, so
// that there are no more paths through it than these.  Page: docs/formal.md
`default_nettype none

module sdv_aes_sbox #(
  parameter int Gates   = 0,
  parameter int Decrypt = 0,
  parameter int Bytes   = 4
) (
  input  logic               en_i,
  input  logic               decrypt_i,
  input  logic [8*Bytes-1:0] word_i,
  output logic [8*Bytes-1:0] word_o
);

  assign word_o = {8 * Bytes{^{en_i, decrypt_i, word_i}}};

endmodule

`default_nettype wire
