// SPDX-License-Identifier: Apache-2.0
//
// Random bytes: 16 at a time from the crypto, which is seeded before the first.
//
// The count of seedings is committed in the EEPROM before the seed is taken, so
// that equal entropy does not give equal bytes.  A damaged crypto is not asked.
// Page: docs/rtl/sdv_random.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_random (
  input  logic        clk_i,
  input  logic        rst_ni,

  input  logic        go_i,            // pulse
  output logic        done_o,          // pulse
  output logic        ok_o,            // with it, and until the next go_i

  // sdv_lines: commit the count of seedings plus one
  output logic        lines_go_o,
  input  logic        lines_done_i,
  input  logic        lines_ok_i,
  input  logic [31:0] value_i,         // the count, when it is committed

  // sdv_crypto
  output logic        crypto_start_o,
  output logic [2:0]  crypto_op_o,
  output logic [31:0] pers_o,
  input  logic        crypto_done_i,
  input  logic        crypto_ok_i,
  input  logic        seeded_i,
  input  logic        error_i,         // level: the crypto is damaged

  output logic        busy_o,
  output logic        lines_busy_o,    // it is the lines that work for it
  output logic        quiet_o
);

  typedef enum logic [2:0] {
    StIdle,
    StCount,   // one seeding more
    StSeed,
    StDraw,
    StDone
  } state_e;

  state_e      state_q;
  logic        call_q;    // first clock of a state
  logic        ok_q;
  logic [31:0] pers_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= StIdle;
      call_q  <= 1'b0;
      ok_q    <= 1'b0;
      pers_q  <= '0;
    end else if (state_q != StIdle || go_i) begin
      call_q <= 1'b0;
      unique case (state_q)
        // StIdle: a request.
        StIdle: begin
          ok_q    <= 1'b0;
          call_q  <= !error_i;
          state_q <= seeded_i ? StDraw : StCount;
          if (error_i) begin
            state_q <= StDone;
          end
        end
        // StCount: without it there are no random bytes.
        StCount: begin
          if (lines_done_i) begin
            pers_q  <= `SDV_BREAK(274, value_i, 32'd0);
            call_q  <= lines_ok_i;
            state_q <= lines_ok_i ? StSeed : StDone;
          end
        end
        // StSeed: from the entropy port.
        StSeed: begin
          if (crypto_done_i) begin
            call_q  <= 1'b1;
            state_q <= StDraw;
          end
        end
        // StDraw: they are on the output of the crypto.
        StDraw: begin
          if (crypto_done_i) begin
            ok_q    <= crypto_ok_i;
            state_q <= StDone;
          end
        end
        // StDone: one pulse.
        default: state_q <= StIdle;
      endcase
    end
  end

  assign done_o         = (state_q == StDone);
  assign ok_o           = ok_q;
  assign lines_go_o     = (state_q == StCount) && call_q;
  assign crypto_start_o = (state_q == StSeed || state_q == StDraw) && call_q;
  assign crypto_op_o    = (state_q == StSeed) ? sdv_spec_pkg::CRYPTO_OP_SEED
                                              : sdv_spec_pkg::CRYPTO_OP_RANDOM;
  assign pers_o         = pers_q;
  assign busy_o         = (state_q != StIdle);
  assign lines_busy_o   = (state_q == StCount);
  assign quiet_o        = (state_q == StIdle) ||
                          (state_q != StDone && !call_q && !lines_done_i && !crypto_done_i);

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (state_q <= StDone);
      assert (!go_i || state_q == StIdle);
      // SEC: no seed before its count was committed.
      assert (!(state_q == StSeed && call_q) || (lines_ok_i || pers_q != '0));
    end
  end
`endif

endmodule

`default_nettype wire
