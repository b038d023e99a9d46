// SPDX-License-Identifier: Apache-2.0
//
// Shares one or more AES cores, the lanes, among the engines, its clients.
//
// Who comes first in the list goes first, to a lane that has its key if one is
// free, else to any that is free.  It knows which client each lane worked for
// last: the result goes there, and "same key" is believed for that lane only.
// It holds no block and no key; the lanes are outside.
// Page: docs/rtl/sdv_lanes.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_lanes #(
  parameter int Clients = 4,
  parameter int Lanes   = 1
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,
  input  logic                   wipe_i,        // as for the lanes: they have no key from now on

  // clients; the one in the lowest bits goes first
  input  logic [Clients-1:0]     valid_i,       // a block is offered
  output logic [Clients-1:0]     ready_o,       // it is taken
  input  logic [Clients-1:0]     decrypt_i,
  input  logic [Clients-1:0]     size256_i,
  input  logic [Clients-1:0]     same_key_i,    // key and size of this client's block before
  input  logic [256*Clients-1:0] key_i,
  input  logic [128*Clients-1:0] block_i,
  output logic [Clients-1:0]     done_o,        // pulse: its result is there
  output logic [128*Clients-1:0] block_o,       // with it

  // lanes
  output logic [Lanes-1:0]       lane_valid_o,
  input  logic [Lanes-1:0]       lane_ready_i,  // does not wait for lane_valid_o
  output logic [Lanes-1:0]       lane_decrypt_o,
  output logic [Lanes-1:0]       lane_size256_o,
  output logic [Lanes-1:0]       lane_same_key_o,
  output logic [256*Lanes-1:0]   lane_key_o,
  output logic [128*Lanes-1:0]   lane_block_o,
  input  logic [Lanes-1:0]       lane_valid_i,
  output logic [Lanes-1:0]       lane_ready_o,  // results are taken at once
  input  logic [128*Lanes-1:0]   lane_block_i,

  output logic                   error_o
);

  localparam int IdxW = (Clients > 1) ? $clog2(Clients) : 1;

  // Of each lane: the client it works for, or worked for last, and whether it
  // still has that client's key.
  logic [Lanes-1:0]      has_q, has_d;
  logic [Lanes*IdxW-1:0] who_q, who_d;

  // ---- Who gets which lane ----

  logic                     any;
  logic [Lanes-1:0]         free, theirs, chosen;
  logic [Lanes*Clients-1:0] take;     // bit l * Clients + c: lane l takes the block of client c
  assign any = (valid_i != '0) && (lane_ready_i != '0) && !wipe_i && !error_o;
  always_comb begin
    free   = '0;
    theirs = '0;
    chosen = '0;
    take   = '0;
    if (any) begin
      free = lane_ready_i;
      for (int c = 0; c < Clients; c++) begin
        if (valid_i[c]) begin
          for (int l = 0; l < Lanes; l++) begin
            theirs[l] = free[l] && has_q[l] && (who_q[IdxW*l +: IdxW] == IdxW'(c));
          end
          chosen = (theirs != '0) ? theirs : free;
          chosen = chosen & (~chosen + Lanes'(1));   // the lowest one
          for (int l = 0; l < Lanes; l++) begin
            take[Clients*l + c] = chosen[l];
          end
          free = free & ~chosen;
        end
      end
    end
  end

  always_comb begin
    ready_o      = '0;
    lane_valid_o = '0;
    if (any) begin
      for (int l = 0; l < Lanes; l++) begin
        ready_o         = ready_o | take[Clients*l +: Clients];
        lane_valid_o[l] = (take[Clients*l +: Clients] != '0);
      end
    end
  end

  // ---- What the lanes get ----

  // At most one client for each lane, so that what they offer is just or-ed.
  always_comb begin
    lane_decrypt_o = '0;
    lane_size256_o = '0;
    lane_key_o     = '0;
    lane_block_o   = '0;
    if (any) begin
      for (int c = 0; c < Clients; c++) begin
        for (int l = 0; l < Lanes; l++) begin
          if (take[Clients*l + c]) begin
            lane_decrypt_o[l] = decrypt_i[c];
            lane_size256_o[l] = size256_i[c];
            lane_key_o[256*l +: 256]   = lane_key_o[256*l +: 256] | key_i[256*c +: 256];
            lane_block_o[128*l +: 128] = lane_block_o[128*l +: 128] | block_i[128*c +: 128];
          end
        end
      end
    end
  end
  assign lane_ready_o = '1;

  // ---- Whose keys the lanes have ----

  always_comb begin
    has_d           = has_q;
    who_d           = who_q;
    lane_same_key_o = '0;
    if (any) begin
      for (int c = 0; c < Clients; c++) begin
        for (int l = 0; l < Lanes; l++) begin
          // Another key makes old what any lane has of this client.
          if (ready_o[c] && !same_key_i[c] && (who_q[IdxW*l +: IdxW] == IdxW'(c))) begin
            has_d[l] = `SDV_BREAK(380, 1'b0, has_q[l]);
          end
        end
      end
      for (int c = 0; c < Clients; c++) begin
        for (int l = 0; l < Lanes; l++) begin
          if (take[Clients*l + c]) begin
            lane_same_key_o[l] = same_key_i[c] && has_q[l] &&
                                 `SDV_BREAK(381, (who_q[IdxW*l +: IdxW] == IdxW'(c)), 1'b1);
            has_d[l]              = 1'b1;
            who_d[IdxW*l +: IdxW] = IdxW'(c);
          end
        end
      end
    end
    if (wipe_i) begin
      has_d = '0;
    end
  end

  logic bad, error_q;
  sdv_guard #(.Width(Lanes * (IdxW + 1))) u_guard (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .en_i    (any || wipe_i),
    .next_i  ({has_d, who_d}),
    .value_o ({has_q, who_q}),
    .error_o (bad)
  );
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      error_q <= 1'b0;
    end else if (bad) begin
      error_q <= 1'b1;
    end
  end
  assign error_o = bad || error_q;

  // ---- Results ----

  logic [Lanes*Clients-1:0] give;   // bit l * Clients + c: client c gets the result of lane l
  always_comb begin
    done_o = '0;
    give   = '0;
    if ((lane_valid_i != '0) && !error_o && !wipe_i) begin
      for (int l = 0; l < Lanes; l++) begin
        for (int c = 0; c < Clients; c++) begin
          give[Clients*l + c] = lane_valid_i[l] && (who_q[IdxW*l +: IdxW] == IdxW'(c));
        end
        done_o = done_o | give[Clients*l +: Clients];
      end
    end
  end

  if (Lanes == 1) begin : g_one
    assign block_o = {Clients{lane_block_i}};
  end else begin : g_more
    always_comb begin
      block_o = {Clients{lane_block_i[127:0]}};
      for (int c = 0; c < Clients; c++) begin
        for (int l = 1; l < Lanes; l++) begin
          if (give[Clients*l + c]) begin
            block_o[128*c +: 128] = lane_block_i[128*l +: 128];
          end
        end
      end
    end
  end

`ifdef SDV_ASSERT
  logic [Clients-1:0] under_q;   // a block of the client is on a lane
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      under_q <= '0;
    end else begin
      under_q <= wipe_i ? '0 : ((under_q & ~done_o) | ready_o);
    end
  end
  always_ff @(posedge clk_i) begin
    if (rst_ni && !error_o) begin
      // A client has one block under way, and gets its result and no other.
      assert ((ready_o & under_q & ~done_o) == '0);
      assert ((done_o & ~under_q) == '0);
      assert ((ready_o & ~valid_i) == '0);
      assert ((lane_valid_o & ~lane_ready_i) == '0);
    end
  end
`endif

endmodule

`default_nettype wire
