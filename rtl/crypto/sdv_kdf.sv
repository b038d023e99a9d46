// SPDX-License-Identifier: Apache-2.0
//
// Key derivation in counter mode (SP 800-108) with CMAC as its function:
// output block i is the CMAC of [i]32 and a fixed input.
//
// The fixed input is asked for byte by byte.  It knows no key; that goes from
// where it is kept straight to the CMAC and the lane.  Parity watches the
// controller.
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
  input  logic [127:0] cmac_mac_i,

  output logic         error_o         // the controller is damaged; until reset
);

  localparam logic [2:0] StIdle    = 3'd0;
  localparam logic [2:0] StCounter = 3'd1;   // [i]32 into the block
  localparam logic [2:0] StFill    = 3'd2;   // bytes of the fixed input into the block
  localparam logic [2:0] StGive    = 3'd3;   // the CMAC takes it
  localparam logic [2:0] StMac     = 3'd4;   // the CMAC of the message
  localparam logic [2:0] StDone    = 3'd5;

  // Control, with parity.
  logic [2:0]   state_d, state_q;
  logic [1:0]   index_d, index_q;   // of the output block
  logic [6:0]   pos_d, pos_q;       // in the message
  logic         more_d, more_q;     // not the first message: same key
  logic         move, fault, error_q, error;

  logic [127:0] block_q;

  sdv_guard #(.Width(13)) u_guard (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .en_i    (move),
    .next_i  ({state_d, index_d, pos_d, more_d}),
    .value_o ({state_q, index_q, pos_q, more_q}),
    .error_o (fault)
  );

  assign error   = fault || error_q;
  assign error_o = error;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      error_q <= 1'b0;
    end else if (fault) begin
      error_q <= 1'b1;
    end
  end

  logic [6:0] length;
  logic       ended;
  assign length = length_i + 7'd4;
  assign ended  = (pos_q == length);

  assign busy_o          = (state_q != StIdle) && !error;
  assign done_o          = (state_q == StDone) && !error;
  assign idx_o           = 6'(pos_q - 7'd4);
  assign block_valid_o   = (state_q == StMac) && cmac_done_i && !error;
  assign block_idx_o     = index_q;
  assign block_o         = cmac_mac_i;
  assign cmac_start_o    = (state_q == StCounter) && !error;
  assign cmac_same_key_o = more_q;
  assign cmac_valid_o    = (state_q == StGive) && !error;
  assign cmac_block_o    = block_q;
  assign cmac_last_o     = ended;
  assign cmac_bytes_o    = (pos_q[3:0] == 4'd0) ? 5'd16 : {1'b0, pos_q[3:0]};

  assign move = !error && (wipe_i || start_i || (state_q != StIdle));
  always_comb begin
    state_d = state_q;
    index_d = index_q;
    pos_d   = pos_q;
    more_d  = more_q;
    if (move) begin
      unique case (state_q)
        StIdle: begin
          index_d = '0;
          more_d  = same_key_i;
          state_d = StCounter;
        end
        // StCounter: counted from 1.
        StCounter: begin
          pos_d   = 7'd4;
          more_d  = 1'b1;
          state_d = (length_i == 7'd0) ? StGive : StFill;
        end
        StFill: begin
          pos_d = pos_q + 7'd1;
          if ((pos_q[3:0] == 4'd15) || (pos_d == length)) begin
            state_d = StGive;
          end
        end
        StGive: begin
          if (cmac_ready_i) begin
            state_d = ended ? StMac : StFill;
          end
        end
        StMac: begin
          if (cmac_done_i) begin
            index_d = index_q + 2'd1;
            state_d = ({1'b0, index_q} + 3'd1 == blocks_i) ? StDone : StCounter;
          end
        end
        StDone: state_d = StIdle;
        default: state_d = StIdle;
      endcase
      if (wipe_i) begin
        state_d = StIdle;
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      block_q <= '0;
    end else if (wipe_i || error) begin
      block_q <= '0;
    end else if (state_q == StCounter) begin
      block_q[127:96] <= {30'd0, index_q} + `SDV_BREAK(320, 32'd1, 32'd0);
    end else if (state_q == StFill) begin
      for (int i = 0; i < 16; i++) begin
        if (pos_q[3:0] == 4'(i)) begin
          block_q[127 - 8 * i -: 8] <= byte_i;
        end
      end
    end
  end

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (error || (state_q <= StDone));
      assert (!start_i || (state_q == StIdle) || wipe_i || error);
      // SEC: a damaged controller hands nothing out.
      assert (!error_o || !(busy_o || done_o || block_valid_o || cmac_start_o || cmac_valid_o));
      assert ((state_q == StIdle) || ((blocks_i >= 3'd1) && (blocks_i <= 3'd4)));
      assert ((state_q == StIdle) || (length_i <= 7'd64));
    end
  end
`endif

endmodule

`default_nettype wire
