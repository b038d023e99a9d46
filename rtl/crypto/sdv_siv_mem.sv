// SPDX-License-Identifier: Apache-2.0
//
// The memory side of AES-SIV: walks over the words of a string, text or tag,
// one a clock, and keeps the tag.
//
// A pass reads words for the CMAC, or puts the key stream over them, or both at
// once; or zeros.  Reading is one word ahead, so that no clock is lost when the
// CMAC or the key stream is ready.  It knows no keys.
// Page: docs/rtl/sdv_siv_mem.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_siv_mem (
  input  logic         clk_i,
  input  logic         rst_ni,
  input  logic         wipe_i,          // forget everything, end what goes on

  input  logic         go_i,            // pulse: begin this pass, instead of any other
  input  logic [2:0]   pass_i,
  output logic         end_o,           // pulse: its last word

  // string or text; hold while a pass goes on
  input  logic [7:0]   addr_i,          // first word
  input  logic [7:0]   tag_addr_i,
  input  logic [6:0]   blocks_i,        // at least one
  input  logic         partial_i,       // the last one is not full,
  input  logic [3:0]   rest_i,          // but has these bytes

  // key stream
  input  logic         stream_valid_i,
  output logic         stream_ready_o,
  input  logic [127:0] stream_i,

  // words for the CMAC
  output logic         word_valid_o,
  input  logic         word_ready_i,    // it would take one; does not wait for word_valid_o
  output logic [1:0]   word_idx_o,
  output logic [31:0]  word_o,          // zero behind the string or text

  input  logic         tag_we_i,        // it was made, not read
  input  logic [127:0] tag_i,
  output logic [127:0] tag_o,

  // memory
  output logic [7:0]   mem_addr_o,      // to read
  input  logic [31:0]  mem_rdata_i,     // one clock after the address
  output logic         mem_we_o,
  output logic [7:0]   mem_waddr_o,
  output logic [31:0]  mem_wdata_o,

  output logic         error_o          // level: the state is not what it was
);

  typedef enum logic [2:0] {
    PassNone,
    PassTag,     // the tag into its register
    PassPut,     // and out of it
    PassMac,     // words to the CMAC
    PassSeal,    // key stream over the words
    PassOpen,    // the same, and what is under it to the CMAC
    PassClear    // zeros over the words
  } pass_e;

  logic [2:0]   pass_q, pass_d;
  logic         pad_have_q, pad_have_d;
  logic [6:0]   block_q, block_d;
  logic [1:0]   word_q, word_d;
  logic [7:0]   addr_q, addr_d;     // what the memory shows is the word here
  logic [127:0] pad_q;              // key stream for the block at hand
  logic [127:0] tag_q;

  // ---- One word ----

  // Nothing of it counts, nor costs simulation time, while no pass goes on.
  logic        tags, pads, macs, step, mine;
  logic [31:0] mask;    // ones in the bytes that belong to the string or text
  logic [31:0] piece;   // of the key stream, or of the tag
  logic [31:0] shown;
  always_comb begin
    tags  = 1'b0;
    pads  = 1'b0;
    macs  = 1'b0;
    step  = 1'b0;
    mine  = 1'b0;
    mask  = '1;
    piece = '0;
    shown = mem_rdata_i;
    if (pass_q != PassNone) begin
      tags = (pass_q == PassTag) || (pass_q == PassPut);
      pads = (pass_q == PassSeal) || (pass_q == PassOpen);
      macs = (pass_q == PassMac) || (pass_q == PassOpen);
      step = (!pads || pad_have_q) && (!macs || word_ready_i);
      if (partial_i && (block_q + 7'd1 == blocks_i)) begin
        if (word_q > rest_i[3:2]) begin
          mask = '0;
        end else if (word_q == rest_i[3:2]) begin
          mask = ~(32'hFFFFFFFF >> {rest_i[1:0], 3'b000});
        end
      end
      unique case (word_q)
        2'd0: piece = pads ? pad_q[127:96] : tag_q[127:96];
        2'd1: piece = pads ? pad_q[95:64] : tag_q[95:64];
        2'd2: piece = pads ? pad_q[63:32] : tag_q[63:32];
        default: piece = pads ? pad_q[31:0] : tag_q[31:0];
      endcase
      if (pads) begin
        shown = mem_rdata_i ^ (piece & mask);
      end else if (pass_q == PassPut) begin
        shown = piece;
      end else if (pass_q == PassClear) begin
        shown = mem_rdata_i & ~mask;
      end
      mine = (pass_q == PassPut) ||
             ((mask != '0) && (pads || (`SDV_BREAK(341, 1'b1, 1'b0) && (pass_q == PassClear))));
    end
  end

  assign word_valid_o = step && macs;
  assign word_idx_o   = word_q;
  assign word_o       = shown & mask;

  assign mem_addr_o  = addr_d;
  assign mem_waddr_o = `SDV_BREAK(385, addr_q, addr_q + 8'd1);
  assign mem_wdata_o = shown;
  assign mem_we_o    = step && mine;

  // ---- The pass ----

  assign end_o          = step && (word_q == 2'd3) && (tags || (block_q + 7'd1 == blocks_i));
  assign stream_ready_o = pads && (!pad_have_q || (step && (word_q == 2'd3)));
  logic pad_load;
  assign pad_load       = stream_ready_o && stream_valid_i;
  always_comb begin
    pass_d     = pass_q;
    pad_have_d = pad_have_q;
    block_d    = block_q;
    word_d     = word_q;
    addr_d     = addr_q;
    if (wipe_i || go_i) begin
      pass_d     = wipe_i ? PassNone : pass_i;
      pad_have_d = 1'b0;
      block_d    = '0;
      word_d     = '0;
      addr_d     = ((pass_i == PassTag) || (pass_i == PassPut)) ? tag_addr_i : addr_i;
    end else if (pass_q != PassNone) begin
      if (step) begin
        word_d = word_q + 2'd1;
        addr_d = addr_q + 8'd1;
        if (word_q == 2'd3) begin
          block_d    = block_q + 7'd1;
          pad_have_d = 1'b0;
        end
        if (end_o) begin
          pass_d = PassNone;
        end
      end
      if (pad_load) begin
        pad_have_d = 1'b1;
      end
    end
  end

  sdv_guard #(.Width(21)) u_guard (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .en_i    ((pass_q != PassNone) || go_i || wipe_i),
    .next_i  ({pass_d, pad_have_d, block_d, word_d, addr_d}),
    .value_o ({pass_q, pad_have_q, block_q, word_q, addr_q}),
    .error_o (error_o)
  );

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      pad_q <= '0;
      tag_q <= '0;
    end else if (wipe_i) begin
      pad_q <= '0;
      tag_q <= '0;
    end else if ((pass_q != PassNone) || tag_we_i) begin
      if (pad_load) begin
        pad_q <= stream_i;
      end
      if (tag_we_i) begin
        tag_q <= tag_i;
      end else if (pass_q == PassTag) begin
        unique case (word_q)
          2'd0: tag_q[127:96] <= mem_rdata_i;
          2'd1: tag_q[95:64] <= mem_rdata_i;
          2'd2: tag_q[63:32] <= mem_rdata_i;
          default: tag_q[31:0] <= mem_rdata_i;
        endcase
      end
    end
  end
  assign tag_o = tag_q;

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni && !wipe_i && !error_o) begin
      assert (pass_q <= PassClear);
      assert (!go_i || (pass_q == PassNone) || end_o);
      assert (tags || (pass_q == PassNone) || (block_q < blocks_i));
      assert (!mem_we_o || pads || (pass_q == PassPut) || (pass_q == PassClear));
    end
  end
`endif

endmodule

`default_nettype wire
