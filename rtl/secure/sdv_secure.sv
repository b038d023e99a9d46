// SPDX-License-Identifier: Apache-2.0
//
// The secure area: runs one secure command at a time, from the token in the
// token memory to the response in the same place.
//
// It knows nothing of the bus: sdv_token moves tokens.
// Page: docs/rtl/secure.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_secure (
  input  logic         clk_i,          // core clock
  input  logic         rst_ni,

  // commands
  input  logic         start_i,        // pulse: the token memory holds a command
  input  logic [1:0]   fault_i,        // with it: 1 wrong length, 2 half of it by the other door
  input  logic [10:0]  len_i,          // with it: length field of the token
  output logic         done_o,         // pulse: the token memory holds the response
  output logic [10:0]  rsp_len_o,
  output logic [15:0]  sw_o,

  // token memory
  output logic [7:0]   tok_addr_o,
  output logic         tok_we_o,
  output logic [31:0]  tok_wdata_o,
  input  logic [31:0]  tok_rdata_i,

  // random bytes for others
  input  logic         rnd_req_i,      // pulse
  output logic         rnd_done_o,     // pulse
  output logic [127:0] rnd_o,

  output logic         defect_o,       // a line of the system is defect
  output logic         ready_o,        // all lines have been read
  input  logic [31:0]  blocks_i,       // of the user area

  // flash port
  output logic         flash_lock_o,
  input  logic         flash_grant_i,
  output logic         flash_req_o,
  output logic [1:0]   flash_op_o,
  output logic         flash_secure_o,
  output logic [31:0]  flash_addr_o,
  output logic [31:0]  flash_count_o,
  input  logic         flash_done_i,
  input  logic         flash_err_i,
  output logic         flash_word_o,
  output logic         flash_we_o,
  output logic [6:0]   flash_idx_o,
  output logic [31:0]  flash_wdata_o,
  input  logic [31:0]  flash_rdata_i,

  // EEPROM and OTP port
  input  logic         boot_done_i,    // level: the port is free for this module
  output logic         word_req_o,
  output logic         word_we_o,
  output logic         word_otp_o,
  output logic         word_hold_o,    // with a write: into the line latch only
  output logic [15:0]  word_addr_o,
  output logic [31:0]  word_wdata_o,
  input  logic         word_done_i,
  input  logic [31:0]  word_rdata_i,

  // entropy port
  output logic         entropy_req_o,  // level
  input  logic         entropy_valid_i,
  input  logic [31:0]  entropy_i,

  output logic [5:0]   busy_units_o,   // for the accounts: 0 apdu, 1 lines, 2 body, 3 kdf, 4 siv,
                                       // 5 drbg
  output logic         quiet_o
);

  typedef enum logic [1:0] {
    StIdle,
    StWrite,
    StDone
  } state_e;

  state_e state_q;
  logic   rnd_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= StIdle;
      rnd_q   <= 1'b0;
    end else begin
      rnd_q <= rnd_req_i;
      unique case (state_q)
        StIdle:  state_q <= start_i ? StWrite : StIdle;
        StWrite: state_q <= StDone;
        default: state_q <= StIdle;
      endcase
    end
  end

  assign done_o         = (state_q == StDone);
  assign rsp_len_o      = 11'd4;
  assign sw_o           = sdv_spec_pkg::SW_NO_INS;
  assign tok_addr_o     = '0;
  assign tok_we_o       = (state_q == StWrite);
  assign tok_wdata_o    = {16'd4, sdv_spec_pkg::SW_NO_INS};
  assign rnd_done_o     = rnd_q;
  assign rnd_o          = '0;
  assign defect_o       = 1'b0;
  assign ready_o        = boot_done_i;
  assign flash_lock_o   = 1'b0;
  assign flash_req_o    = 1'b0;
  assign flash_op_o     = '0;
  assign flash_secure_o = `SDV_BREAK(250, 1'b1, 1'b0);
  assign flash_addr_o   = '0;
  assign flash_count_o  = 32'd1;
  assign flash_word_o   = 1'b0;
  assign flash_we_o     = 1'b0;
  assign flash_idx_o    = '0;
  assign flash_wdata_o  = '0;
  assign word_req_o     = 1'b0;
  assign word_we_o      = 1'b0;
  assign word_otp_o     = 1'b0;
  assign word_hold_o    = 1'b0;
  assign word_addr_o    = '0;
  assign word_wdata_o   = '0;
  assign entropy_req_o  = 1'b0;
  assign busy_units_o   = {5'd0, state_q != StIdle};
  assign quiet_o        = (state_q == StIdle) && !start_i && !rnd_req_i && !rnd_q;

  logic unused;
  assign unused = ^{fault_i, len_i, tok_rdata_i, blocks_i, flash_grant_i, flash_done_i,
                    flash_err_i, flash_rdata_i, word_done_i, word_rdata_i, entropy_valid_i,
                    entropy_i};

endmodule

`default_nettype wire
