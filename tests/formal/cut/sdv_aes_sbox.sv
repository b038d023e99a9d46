// SPDX-License-Identifier: Apache-2.0
//
// In the place of rtl/crypto/sdv_aes_sbox.sv: anything may come out.
//
// A proof with it holds for any S-box, as long as core and specification ask
// the same: tops compare what goes in, and give the specification what comes out.
// For proofs only.  Page: docs/formal.md
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

  (* anyseq *) logic [8*Bytes-1:0] answer;
  assign word_o = answer;

  logic unused;
  assign unused = ^{en_i, decrypt_i, word_i};

endmodule

`default_nettype wire
