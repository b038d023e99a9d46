// SPDX-License-Identifier: Apache-2.0
//
// Storage and entropy of a simulated card: joins the flash port, the word port
// and the entropy port of sdv_card to C, one call an operation and one a word.
//
// Keeps no data and knows no latency: C says with done_i when an operation is
// over.  For Verilator only.  Page: docs/simulator.md.
`default_nettype none

module sdv_storage (
  input  logic        core_clk_i,
  input  logic        rst_ni,          // the card has power
  input  logic [63:0] handle_i,        // the storage that C made for this slot
  input  logic [1:0]  done_i,          // time of the flash (0), word (1) operation is over

  input  logic        flash_req_i,
  input  logic [1:0]  flash_op_i,
  input  logic        flash_secure_i,
  input  logic [31:0] flash_addr_i,
  input  logic [31:0] flash_count_i,
  output logic        flash_done_o,
  output logic        flash_err_o,
  input  logic        flash_word_i,
  input  logic        flash_we_i,
  input  logic [6:0]  flash_idx_i,
  input  logic [31:0] flash_wdata_i,
  output logic [31:0] flash_rdata_o,

  input  logic        word_req_i,
  input  logic        word_we_i,
  input  logic        word_otp_i,
  input  logic        word_hold_i,
  input  logic [15:0] word_addr_i,
  input  logic [31:0] word_wdata_i,
  output logic        word_done_o,
  output logic [31:0] word_rdata_o,

  input  logic        entropy_req_i,
  output logic        entropy_valid_o,
  output logic [31:0] entropy_o,

  output logic        quiet_o          // nothing moves until done_i does
);

  import "DPI-C" function void sdv_nvm_flash(
    input longint unsigned handle, input int unsigned op, input int unsigned secure,
    input int unsigned address, input int unsigned count);
  import "DPI-C" function void sdv_nvm_word(
    input longint unsigned handle, input int unsigned write, input int unsigned otp,
    input int unsigned hold, input int unsigned address, input int unsigned data);
  import "DPI-C" function int unsigned sdv_nvm_flash_end(input longint unsigned handle);
  import "DPI-C" function int unsigned sdv_nvm_word_end(input longint unsigned handle);
  import "DPI-C" function int unsigned sdv_nvm_get(
    input longint unsigned handle, input int unsigned index);
  import "DPI-C" function void sdv_nvm_put(
    input longint unsigned handle, input int unsigned index, input int unsigned data);
  import "DPI-C" function int unsigned sdv_nvm_entropy(input longint unsigned handle);
  import "DPI-C" function void sdv_nvm_lost(input longint unsigned handle);

  logic [1:0]  live_q;   // power is there; and the core is out of its reset
  logic [1:0]  over_q;   // done_i, registered
  logic [1:0]  busy_q;   // an operation is running
  logic [1:0]  done_q;
  logic        err_q;
  logic [31:0] flash_rdata_q, word_rdata_q, entropy_q;
  logic        entropy_got_q;

  always_ff @(posedge core_clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      if (live_q[0]) begin
        sdv_nvm_lost(handle_i);
      end
      live_q        <= '0;
      over_q        <= '0;
      busy_q        <= '0;
      done_q        <= '0;
      err_q         <= 1'b0;
      flash_rdata_q <= '0;
      word_rdata_q  <= '0;
      entropy_q     <= '0;
      entropy_got_q <= 1'b0;
    end else begin
      live_q <= {live_q[0], 1'b1};
      over_q <= done_i;
      if (done_q != 2'b00) begin
        done_q <= 2'b00;
      end
      if (flash_req_i) begin
        sdv_nvm_flash(handle_i, 32'(flash_op_i), 32'(flash_secure_i), flash_addr_i,
                      flash_count_i);
        busy_q[0] <= 1'b1;
      end else if (busy_q[0] && over_q[0]) begin
        err_q     <= (sdv_nvm_flash_end(handle_i) != 32'd0);
        busy_q[0] <= 1'b0;
        done_q[0] <= 1'b1;
      end
      if (flash_word_i) begin
        if (flash_we_i) begin
          sdv_nvm_put(handle_i, 32'(flash_idx_i), flash_wdata_i);
        end else begin
          flash_rdata_q <= sdv_nvm_get(handle_i, 32'(flash_idx_i));
        end
      end
      if (word_req_i && live_q[1]) begin
        sdv_nvm_word(handle_i, 32'(word_we_i), 32'(word_otp_i), 32'(word_hold_i),
                     32'(word_addr_i), word_wdata_i);
        busy_q[1] <= 1'b1;
      end else if (busy_q[1] && over_q[1]) begin
        word_rdata_q <= sdv_nvm_word_end(handle_i);
        busy_q[1]    <= 1'b0;
        done_q[1]    <= 1'b1;
      end
      if (entropy_req_i || entropy_got_q) begin
        entropy_got_q <= !entropy_got_q;
        if (!entropy_got_q) begin
          entropy_q <= sdv_nvm_entropy(handle_i);
        end
      end
    end
  end

  assign flash_done_o  = done_q[0];
  assign flash_err_o   = err_q;
  assign flash_rdata_o = flash_rdata_q;
  assign word_done_o   = done_q[1];
  assign word_rdata_o  = word_rdata_q;
  assign entropy_o     = entropy_q;
  assign entropy_valid_o = entropy_got_q;
  assign quiet_o       = !flash_req_i && !flash_word_i && !word_req_i && (done_q == 2'b00) &&
                         !entropy_req_i && !entropy_got_q;

`ifdef SDV_ASSERT
  always_ff @(posedge core_clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      // nothing to hold
    end else if (live_q[1]) begin
      // Each port runs one operation at a time.
      assert (!flash_req_i || (!busy_q[0] && !done_q[0]));
      assert (!word_req_i || (!busy_q[1] && !done_q[1]));
      // The sector buffer belongs to a running operation.
      assert (!flash_word_i || !busy_q[0]);
    end
  end
`endif

endmodule

`default_nettype wire
