// SPDX-License-Identifier: Apache-2.0
//
// Reads at power-up what the manufacturer and the issuer wrote into the OTP,
// and holds it: capacity, type and CID of the card.
//
// A die without the manufacturer's word never becomes ready.
// Page: docs/rtl/sdv_boot.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_boot (
  input  logic         clk_i,
  input  logic         rst_ni,

  // word port
  output logic         word_req_o,
  output logic [15:0]  word_addr_o,
  input  logic         word_done_i,
  input  logic [31:0]  word_rdata_i,

  // the die, still once ready_o has pulsed
  output logic         ready_o,        // pulse
  output logic         high_capacity_o,
  output logic [31:0]  blocks_o,
  output logic [21:0]  csize_o,
  output logic [2:0]   csize_mult_o,
  output logic [127:8] cid_o,
  output logic         done_o,         // level: the word port is not needed any more
  output logic         quiet_o
);

  typedef enum logic [2:0] {
    StStart,  // reset: nothing is asked for yet
    StAsk,    // request a word
    StWait,   // until it is there
    StSize,   // SDSC: find C_SIZE_MULT
    StBlank,  // no CID yet: the one of the die
    StReady,
    StDone
  } state_e;

  localparam logic [3:0] LastWord = 4'(sdv_spec_pkg::NVM_OTP_CID + 3);

  state_e      state_q;
  logic [3:0]  word_q;
  logic        high_capacity_q, blank_q;
  logic [31:0] blocks_q, serial_q;
  logic [31:0] size_q;       // C_SIZE + 1
  logic [2:0]  mult_q;
  logic [31:0] cid3_q, cid2_q, cid1_q;
  logic [31:8] cid0_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q         <= StStart;
      word_q          <= '0;
      high_capacity_q <= 1'b0;
      blank_q         <= 1'b1;
      blocks_q        <= '0;
      serial_q        <= '0;
      size_q          <= '0;
      mult_q          <= '0;
      cid3_q          <= '0;
      cid2_q          <= '0;
      cid1_q          <= '0;
      cid0_q          <= '0;
    end else if (state_q != StDone) begin
      unique case (state_q)
        // StStart: the clock runs and reset is gone.
        StStart: state_q <= StAsk;
        // StAsk: the word port takes a request at any time.
        StAsk: state_q <= StWait;
        // StWait: each word to its place.
        StWait: begin
          if (word_done_i) begin
            state_q <= StAsk;
            word_q  <= word_q + 4'd1;
            unique case (word_q)
              4'(sdv_spec_pkg::NVM_OTP_CONFIG): begin
                high_capacity_q <= word_rdata_i[0];
                if (word_rdata_i[31:16] != 16'(sdv_spec_pkg::NVM_OTP_CONFIG_MAGIC)) begin
                  state_q <= StDone;
                end
              end
              4'(sdv_spec_pkg::NVM_OTP_BLOCKS): begin
                blocks_q <= word_rdata_i;
                size_q   <= high_capacity_q ? {10'd0, word_rdata_i[31:10]}
                                            : {2'd0, word_rdata_i[31:2]};
              end
              4'(sdv_spec_pkg::NVM_OTP_SERIAL): serial_q <= word_rdata_i;
              4'(sdv_spec_pkg::NVM_OTP_CID):     cid3_q <= word_rdata_i;
              4'(sdv_spec_pkg::NVM_OTP_CID + 1): cid2_q <= word_rdata_i;
              4'(sdv_spec_pkg::NVM_OTP_CID + 2): cid1_q <= word_rdata_i;
              default:                           cid0_q <= word_rdata_i[31:8];
            endcase
            if (word_q >= 4'(sdv_spec_pkg::NVM_OTP_CID) && word_rdata_i != '0) begin
              blank_q <= 1'b0;
            end
            if (word_q == LastWord) begin
              state_q <= StSize;
            end
          end
        end
        // StSize: blocks = (C_SIZE + 1) x 2^(C_SIZE_MULT + 2), smallest multiplier.
        StSize: begin
          if (!high_capacity_q && size_q > 32'd4096) begin
            size_q <= {1'b0, size_q[31:1]};
            mult_q <= mult_q + 3'd1;
          end else begin
            state_q <= blank_q ? StBlank : StReady;
          end
        end
        // StBlank: docs/spec/nvm.csv says what a blank card calls itself.
        StBlank: begin
          cid3_q  <= {8'(sdv_spec_pkg::NVM_BLANK_MID), 16'(sdv_spec_pkg::NVM_BLANK_OID),
                      8'(sdv_spec_pkg::NVM_BLANK_PNM_HI)};
          cid2_q  <= 32'(sdv_spec_pkg::NVM_BLANK_PNM_LO);
          cid1_q  <= {8'(sdv_spec_pkg::NVM_BLANK_PRV), serial_q[31:8]};
          cid0_q  <= {serial_q[7:0], 4'd0, 12'(sdv_spec_pkg::NVM_BLANK_MDT)};
          state_q <= StReady;
        end
        // StReady: tell the bus side.
        StReady: state_q <= StDone;
        default: state_q <= StDone;
      endcase
    end
  end

  assign word_req_o      = (state_q == StAsk);
  assign word_addr_o     = {12'd0, word_q};
  assign ready_o         = (state_q == StReady);
  assign high_capacity_o = high_capacity_q;
  assign blocks_o        = `SDV_BREAK(40, blocks_q, blocks_q + 32'd1);
  assign csize_o         = size_q[21:0] - 22'd1;
  assign csize_mult_o    = mult_q;
  assign cid_o           = {cid3_q, cid2_q, cid1_q, cid0_q};
  assign done_o          = (state_q == StDone);
  assign quiet_o         = (state_q == StDone) || (state_q == StWait && !word_done_i);

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (state_q <= StDone);
      // A word arrives only when one was asked for.
      assert (!word_done_i || state_q == StWait);
    end
  end
`endif

endmodule

`default_nettype wire
