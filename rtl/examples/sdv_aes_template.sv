// SPDX-License-Identifier: Apache-2.0
//
// An adapter to begin with: the ports of the AES family, a controller with
// parity, and places marked "1." to "5." for a core of your own.
//
// As it is it takes blocks and gives them back unchanged, a clock later.  It is
// read by the checks, and built into nothing.  Copy it under a new name.
// Page: docs/bring_your_own.md
`default_nettype none

module sdv_aes_template #(
  parameter int Decrypt = 0,        // it decrypts too
  parameter int Keys    = 384       // bits of a key: 128, 256, or 384: both
) (
  input  logic         clk_i,
  input  logic         rst_ni,
  input  logic         wipe_i,      // forget key and block, end what goes on

  input  logic         valid_i,     // a block
  output logic         ready_o,     // it is taken; does not wait for valid_i
  input  logic         decrypt_i,
  input  logic         size256_i,
  input  logic         same_key_i,  // key and size of the block before
  input  logic [255:0] key_i,       // one of 128 bits in the upper half
  input  logic [127:0] block_i,     // byte 0 in bits 127:120

  output logic         valid_o,     // the result is there; stays until it is taken
  input  logic         ready_i,
  output logic [127:0] block_o,     // with valid_o
  output logic         busy_o,
  output logic         error_o      // the controller is in no possible state
);

  localparam logic [1:0] Idle   = 2'd0;
  localparam logic [1:0] Work   = 2'd1;
  localparam logic [1:0] Result = 2'd2;

  logic [1:0]   state_q, state_d;
  logic         failed_q, bad, load, clear, core_done, core_fault;
  logic [127:0] block_q;

  assign error_o = bad || failed_q || core_fault;
  assign clear   = wipe_i || error_o;
  assign valid_o = (state_q == Result) && !error_o;
  assign ready_o = !clear && ((state_q == Idle) || (valid_o && ready_i));
  assign busy_o  = (state_q != Idle);
  assign load    = valid_i && ready_o;

  // 1. The core: connect it here, with everything that it forgets at "clear".
  //    Its handshake must not depend on a bit of key or block.
  assign core_done  = 1'b1;
  assign core_fault = 1'b0;  // from the parity of its controller

  // 2. States: which words of the key and of the block go to the core, and when.
  //    A key that is the same (same_key_i) needs no set-up.
  always_comb begin
    state_d = state_q;
    if (clear) begin
      state_d = Idle;
    end else if (load) begin
      state_d = Work;
    end else if ((state_q == Work) && core_done) begin
      state_d = Result;
    end else if (valid_o && ready_i) begin
      state_d = Idle;
    end
  end

  // 3. All that steers goes into the guard: states, counters, sizes, flags.
  sdv_guard #(.Width(3)) u_guard (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .en_i    (busy_o || load || clear),
    .next_i  ({error_o, state_d}),
    .value_o ({failed_q, state_q}),
    .error_o (bad)
  );

  // 4. Key and block are there at the edge of "load" only: keep what the core
  //    does not take at once, and clear it with the rest.
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      block_q <= '0;
    end else if (clear) begin
      block_q <= '0;
    end else if (load) begin
      block_q <= block_i;
    end
  end

  // 5. The result, byte 0 in bits 127:120.
  assign block_o = block_q;

  // Take out of this list what is used.
  logic unused;
  assign unused = &{1'b0, Decrypt, Keys, decrypt_i, size256_i, same_key_i, key_i};

endmodule

`default_nettype wire
