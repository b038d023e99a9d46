// SPDX-License-Identifier: Apache-2.0
//
// Hands each request of the bus side to the module that serves it, and lets
// that one have the block buffers until its answer.
//
// Only wiring.  Page: docs/rtl/sdv_route.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_route (
  // the bus side; who is asked holds until the answer
  input  logic        req_i,           // pulse
  input  logic        token_i,         // for the secure doors, else for the user area
  output logic        answer_o,        // pulse
  output logic [1:0]  result_o,        // with answer_o, and until the next one

  // block buffers
  output logic [6:0]  in_idx_o,
  output logic        in_release_o,
  output logic        out_we_o,
  output logic [6:0]  out_idx_o,
  output logic [31:0] out_data_o,
  output logic        out_commit_o,

  // the user area
  output logic        nvm_req_o,
  input  logic        nvm_answer_i,
  input  logic        nvm_error_i,
  input  logic [6:0]  nvm_in_idx_i,
  input  logic        nvm_in_release_i,
  input  logic        nvm_out_we_i,
  input  logic [6:0]  nvm_out_idx_i,
  input  logic [31:0] nvm_out_data_i,
  input  logic        nvm_out_commit_i,

  // the secure doors
  output logic        token_req_o,
  input  logic        token_answer_i,
  input  logic [1:0]  token_result_i,
  input  logic [6:0]  token_in_idx_i,
  input  logic        token_in_release_i,
  input  logic        token_out_we_i,
  input  logic [6:0]  token_out_idx_i,
  input  logic [31:0] token_out_data_i,
  input  logic        token_out_commit_i
);

  logic token;
  assign token = `SDV_BREAK(205, token_i, 1'b0);

  assign nvm_req_o   = req_i && !token;
  assign token_req_o = req_i && token;

  // Pulses come from the one that was asked only.
  assign answer_o     = nvm_answer_i || token_answer_i;
  assign in_release_o = nvm_in_release_i || token_in_release_i;
  assign out_we_o     = nvm_out_we_i || token_out_we_i;
  assign out_commit_o = nvm_out_commit_i || token_out_commit_i;

  assign result_o   = token ? token_result_i :
                      nvm_error_i ? sdv_pkg::ANSWER_FAILED : sdv_pkg::ANSWER_OK;
  assign in_idx_o   = token ? token_in_idx_i : nvm_in_idx_i;
  assign out_idx_o  = token ? token_out_idx_i : nvm_out_idx_i;
  assign out_data_o = token ? token_out_data_i : nvm_out_data_i;

endmodule

`default_nettype wire
