// SPDX-License-Identifier: Apache-2.0
//
// Key derivation in counter mode (SP 800-108) with CMAC as its function:
// output block i is the CMAC of [i]32 and a fixed input.
//
// The fixed input is asked for byte by byte.  It knows no key; that goes from
// where it is kept straight to the CMAC and the lane.
// Page: docs/rtl/sdv_kdf.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_kdf (
  input  logic         clk_i,
  input  logic         rst_ni,
  input  logic         wipe_i,

  input  logic         start_i,        // pulse while not busy
  input  logic         same_key_i,     // with it: the CMAC has seen this key last
  input  logic [2:0]   blocks_i,       // output blocks, 1 to 4; holds until done_o
  output logic         busy_o,
  output logic         done_o,         // pulse, after the last block

  // fixed input; length and bytes hold until done_o
  input  logic [6:0]   length_i,       // 0 to 64
  output logic [5:0]   idx_o,
  input  logic [7:0]   byte_i,         // byte idx_o, in the same clock

  output logic         block_valid_o,  // pulse
  output logic [1:0]   block_idx_o,
  output logic [127:0] block_o,

  // CMAC
  output logic         cmac_start_o,
  output logic         cmac_same_key_o,
  output logic         cmac_valid_o,
  input  logic         cmac_ready_i,
  output logic [127:0] cmac_block_o,
  output logic         cmac_last_o,
  output logic [4:0]   cmac_bytes_o,
  input  logic         cmac_done_i,
  input  logic [127:0] cmac_mac_i
);

  typedef enum logic [2:0] {
    StIdle,
    StCounter,   // [i]32 into the block
    StFill,      // bytes of the fixed input into the block
    StGive,      // the CMAC takes it
    StMac,       // the CMAC of the message
    StDone
  } state_e;

  state_e       state_q;
  logic [1:0]   index_q;   // of the output block
  logic [6:0]   pos_q;     // in the message
  logic         more_q;    // not the first message: same key
  logic [127:0] block_q;

  logic [6:0] length;
  logic       ended;
  assign length = length_i + 7'd4;
  assign ended  = (pos_q == length);

  assign busy_o          = (state_q != StIdle);
  assign done_o          = (state_q == StDone);
  assign idx_o           = 6'(pos_q - 7'd4);
  assign block_valid_o   = (state_q == StMac) && cmac_done_i;
  assign block_idx_o     = index_q;
  assign block_o         = cmac_mac_i;
  assign cmac_start_o    = (state_q == StCounter);
  assign cmac_same_key_o = more_q;
  assign cmac_valid_o    = (state_q == StGive);
  assign cmac_block_o    = block_q;
  assign cmac_last_o     = ended;
  assign cmac_bytes_o    = (pos_q[3:0] == 4'd0) ? 5'd16 : {1'b0, pos_q[3:0]};

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= StIdle;
      index_q <= '0;
      pos_q   <= '0;
      more_q  <= 1'b0;
      block_q <= '0;
    end else if (wipe_i) begin
      state_q <= StIdle;
    end else if (state_q != StIdle || start_i) begin
      unique case (state_q)
        StIdle: begin
          index_q <= '0;
          more_q  <= same_key_i;
          state_q <= StCounter;
        end
        // StCounter: counted from 1.
        StCounter: begin
          block_q[127:96] <= {30'd0, index_q} + `SDV_BREAK(320, 32'd1, 32'd0);
          pos_q           <= 7'd4;
          more_q          <= 1'b1;
          state_q         <= (length_i == 7'd0) ? StGive : StFill;
        end
        StFill: begin
          for (int i = 0; i < 16; i++) begin
            if (pos_q[3:0] == 4'(i)) begin
              block_q[127 - 8 * i -: 8] <= byte_i;
            end
          end
          pos_q <= pos_q + 7'd1;
          if ((pos_q[3:0] == 4'd15) || (pos_q + 7'd1 == length)) begin
            state_q <= StGive;
          end
        end
        StGive: begin
          if (cmac_ready_i) begin
            state_q <= ended ? StMac : StFill;
          end
        end
        StMac: begin
          if (cmac_done_i) begin
            index_q <= index_q + 2'd1;
            state_q <= ({1'b0, index_q} + 3'd1 == blocks_i) ? StDone : StCounter;
          end
        end
        StDone: state_q <= StIdle;
        default: state_q <= StIdle;
      endcase
    end
  end

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (state_q <= StDone);
      assert (!start_i || (state_q == StIdle) || wipe_i);
      assert ((state_q == StIdle) || ((blocks_i >= 3'd1) && (blocks_i <= 3'd4)));
      assert ((state_q == StIdle) || (length_i <= 7'd64));
    end
  end
`endif

endmodule

`default_nettype wire
