// SPDX-License-Identifier: Apache-2.0
//
// One flash port for two: the user area and the vault.
//
// Each takes the port for one operation with the words before and after it.
// Page: docs/rtl/sdv_flash_mux.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_flash_mux (
  input  logic        clk_i,         // core clock
  input  logic        rst_ni,

  // the user area
  input  logic        user_lock_i,   // it needs the port
  output logic        user_grant_o,  // and may use it while it says so
  input  logic        user_req_i,
  input  logic [1:0]  user_op_i,
  input  logic        user_secure_i,
  input  logic [31:0] user_addr_i,
  input  logic [31:0] user_count_i,
  output logic        user_done_o,
  input  logic        user_word_i,
  input  logic        user_we_i,
  input  logic [6:0]  user_idx_i,
  input  logic [31:0] user_wdata_i,

  // the vault
  input  logic        vault_lock_i,
  output logic        vault_grant_o,
  input  logic        vault_req_i,
  input  logic [1:0]  vault_op_i,
  input  logic        vault_secure_i,
  input  logic [31:0] vault_addr_i,
  input  logic [31:0] vault_count_i,
  output logic        vault_done_o,
  input  logic        vault_word_i,
  input  logic        vault_we_i,
  input  logic [6:0]  vault_idx_i,
  input  logic [31:0] vault_wdata_i,

  // flash port
  output logic        flash_req_o,
  output logic [1:0]  flash_op_o,
  output logic        flash_secure_o,
  output logic [31:0] flash_addr_o,
  output logic [31:0] flash_count_o,
  input  logic        flash_done_i,
  output logic        flash_word_o,
  output logic        flash_we_o,
  output logic [6:0]  flash_idx_o,
  output logic [31:0] flash_wdata_o,

  output logic        quiet_o
);

  logic vault_q;  // the vault has the port
  logic turn;     // the other one gets it
  assign turn    = vault_q ? !vault_lock_i : (vault_lock_i && !user_lock_i);
  assign quiet_o = !turn;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      vault_q <= 1'b0;
    end else if (turn) begin
      vault_q <= !vault_q;
    end
  end

  assign vault_grant_o = vault_q;
  assign user_grant_o  = `SDV_BREAK(210, !vault_q, 1'b1);
  assign vault_done_o  = flash_done_i && vault_q;
  assign user_done_o   = flash_done_i && !vault_q;

  assign flash_req_o    = vault_q ? vault_req_i : user_req_i;
  assign flash_op_o     = vault_q ? vault_op_i : user_op_i;
  assign flash_secure_o = vault_q ? vault_secure_i : user_secure_i;
  assign flash_addr_o   = vault_q ? vault_addr_i : user_addr_i;
  assign flash_count_o  = vault_q ? vault_count_i : user_count_i;
  assign flash_word_o   = vault_q ? vault_word_i : user_word_i;
  assign flash_we_o     = vault_q ? vault_we_i : user_we_i;
  assign flash_idx_o    = vault_q ? vault_idx_i : user_idx_i;
  assign flash_wdata_o  = vault_q ? vault_wdata_i : user_wdata_i;

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      // Nobody uses the port that is not its own.
      assert (!(user_req_i || user_word_i) || (user_lock_i && user_grant_o));
      assert (!(vault_req_i || vault_word_i) || (vault_lock_i && vault_grant_o));
      // SEC: each stays in its own region.
      assert (!flash_req_o || (flash_secure_o == vault_q));
    end
  end
`endif

endmodule

`default_nettype wire
