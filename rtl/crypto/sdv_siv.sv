// SPDX-License-Identifier: Apache-2.0
//
// AES-SIV (RFC 5297) on what stands in a memory of words: two clients of the
// lanes, one for CMAC and one for CTR.
//
// Takes strings of associated data, then seals or opens a text in place.  This
// is its control: what is done after what.  The CMAC, the key stream and the
// memory side are modules of their own.  A text whose tag is wrong is
// overwritten with zeros.  It does not keep the keys.
// Page: docs/rtl/sdv_siv.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_siv (
  input  logic         clk_i,
  input  logic         rst_ni,
  input  logic         wipe_i,       // forget everything, end what goes on

  input  logic         start_i,      // pulse while not busy
  input  logic [1:0]   op_i,         // holds until done_o, as all that follows:
  input  logic [511:0] key_i,        // CMAC key, then CTR key, from the top
  input  logic         size256_i,    // of 256 bits each, else of 128
  input  logic [7:0]   addr_i,       // first word of the string or text
  input  logic [9:0]   len_i,        // its bytes
  input  logic [7:0]   tag_addr_i,   // first word of the tag
  input  logic         new_key_i,    // pulse while not busy: the key is another one
  input  logic         restart_i,    // pulse while not busy: forget the strings
  output logic         busy_o,
  output logic         done_o,       // pulse
  output logic         ok_o,         // with it, and until the next start

  // memory: one word read and one written in a clock
  output logic [7:0]   mem_addr_o,   // to read
  input  logic [31:0]  mem_rdata_i,  // one clock after the address
  output logic         mem_we_o,
  output logic [7:0]   mem_waddr_o,
  output logic [31:0]  mem_wdata_o,

  // lanes: client for CMAC
  output logic         mac_valid_o,
  input  logic         mac_ready_i,
  output logic         mac_same_key_o,
  output logic [255:0] mac_key_o,
  output logic [127:0] mac_block_o,
  input  logic         mac_done_i,
  input  logic [127:0] mac_block_i,

  // lanes: client for CTR
  output logic         ctr_valid_o,
  input  logic         ctr_ready_i,
  output logic         ctr_same_key_o,
  output logic [255:0] ctr_key_o,
  output logic [127:0] ctr_block_o,
  input  logic         ctr_done_i,
  input  logic [127:0] ctr_block_i,

  output logic         error_o       // a state that cannot be; stays until reset
);

  localparam logic [1:0] OpAd   = sdv_spec_pkg::CRYPTO_OP_AD[1:0];
  localparam logic [1:0] OpOpen = sdv_spec_pkg::CRYPTO_OP_OPEN[1:0];

  // Passes of sdv_siv_mem.
  localparam logic [2:0] PassTag   = 3'd1;
  localparam logic [2:0] PassPut   = 3'd2;
  localparam logic [2:0] PassMac   = 3'd3;
  localparam logic [2:0] PassSeal  = 3'd4;
  localparam logic [2:0] PassOpen  = 3'd5;
  localparam logic [2:0] PassClear = 3'd6;

  typedef enum logic [3:0] {
    StIdle,
    StSubkey,   // encrypt zero: the subkey
    StBase,     // CMAC of zero, with which S2V begins
    StTag,      // the tag from the memory
    StMac,      // CMAC of a string, or of the text before it is sealed
    StPut,      // the tag into the memory; the key stream begins
    StSeal,     // key stream over the text
    StOpen,     // the same, and CMAC of what is under it
    StCheck,    // compare the tags
    StErase,    // zeros over the text
    StDone
  } state_e;

  logic [3:0] state_q, state_d;
  logic       keyed_q, keyed_d;   // subkey and base belong to the key,
  logic       known_q, known_d;   // and the lanes have seen the one for CTR
  logic       ok_q, ok_d;

  // ---- The shape of the string or text ----

  logic       text, empty, partial;
  logic [6:0] blocks;       // of the CMAC: the empty string has one, too
  assign text    = (op_i != OpAd);
  assign empty   = (len_i == 10'd0);
  assign partial = (len_i[3:0] != 4'd0) || empty;
  assign blocks  = {1'b0, len_i[9:4]} + {6'd0, partial};

  // ---- Control ----

  logic         wipe, begins, mem_go, mem_end, mac_result, ctr_start, ctr_busy, restart, good;
  logic [2:0]   mem_pass;
  logic [127:0] mac, tag;
  assign wipe   = wipe_i || error_o;
  assign begins = ((state_q == StIdle) && start_i && keyed_q && !new_key_i) ||
                  ((state_q == StBase) && mac_result);

  always_comb begin
    state_d   = state_q;
    keyed_d   = keyed_q;
    known_d   = known_q;
    ok_d      = ok_q;
    mem_go    = 1'b0;
    mem_pass  = PassMac;
    ctr_start = 1'b0;
    restart   = 1'b0;
    good      = 1'b0;
    if (state_q != StIdle || start_i || new_key_i || restart_i) begin
      unique case (state_q)
        StIdle: begin
          restart = restart_i;
          if (new_key_i) begin
            keyed_d = 1'b0;
            known_d = 1'b0;
          end
          if (start_i) begin
            ok_d    = 1'b1;
            state_d = StSubkey;
          end
        end
        StSubkey: begin
          if (mac_result) begin
            state_d = StBase;
          end
        end
        StBase: keyed_d = mac_result;
        StTag: begin
          if (mem_end) begin
            mem_go    = 1'b1;
            mem_pass  = empty ? PassMac : PassOpen;
            ctr_start = !empty;
            state_d   = empty ? StMac : StOpen;
          end
        end
        // StMac: what follows the last result.
        StMac: begin
          if (mac_result) begin
            if (!text) begin
              state_d = StDone;
            end else if (op_i == OpOpen) begin
              state_d = StCheck;
            end else begin
              mem_go    = 1'b1;
              mem_pass  = PassPut;
              ctr_start = !empty;
              state_d   = StPut;
            end
          end
        end
        StPut: begin
          if (mem_end) begin
            mem_go   = !empty;
            mem_pass = PassSeal;
            state_d  = empty ? StDone : StSeal;
          end
        end
        StSeal: begin
          if (mem_end) begin
            state_d = StDone;
          end
        end
        StOpen: begin
          if (mac_result) begin
            state_d = StCheck;
          end
        end
        StCheck: begin
          good     = `SDV_BREAK(340, (mac == tag), (mac[127:32] == tag[127:32]));
          ok_d     = good;
          mem_go   = !good && !empty;
          mem_pass = PassClear;
          state_d  = (good || empty) ? StDone : StErase;
        end
        StErase: begin
          if (mem_end) begin
            state_d = StDone;
          end
        end
        // StDone: a message ends with its text.
        StDone: begin
          restart = text;
          state_d = StIdle;
        end
        default: state_d = StIdle;
      endcase
      if (begins) begin
        mem_go   = 1'b1;
        mem_pass = (op_i == OpOpen) ? PassTag : PassMac;
        state_d  = (op_i == OpOpen) ? StTag : StMac;
      end
      if (ctr_start) begin
        known_d = 1'b1;
      end
    end
    if (wipe) begin
      state_d = StIdle;
      keyed_d = 1'b0;
      known_d = 1'b0;
      ok_d    = 1'b0;
    end
  end

  logic bad, bad_mem, bad_mac, bad_ctr, error_q;
  sdv_guard #(.Width(7)) u_guard (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .en_i    ((state_q != StIdle) || start_i || new_key_i || wipe),
    .next_i  ({state_d, keyed_d, known_d, ok_d}),
    .value_o ({state_q, keyed_q, known_q, ok_q}),
    .error_o (bad)
  );
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      error_q <= 1'b0;
    end else if (bad || bad_mem || bad_mac || bad_ctr) begin
      error_q <= 1'b1;
    end
  end
  assign error_o = bad || bad_mem || bad_mac || bad_ctr || error_q;

  assign busy_o = (state_q != StIdle) || ctr_busy;
  assign done_o = (state_q == StDone) && !error_o;
  assign ok_o   = ok_q && !error_o;

  // ---- CMAC ----

  logic        mac_valid, word_valid, word_ready;
  logic [1:0]  word_idx;
  logic [31:0] word;
  sdv_siv_mac u_mac (
    .clk_i          (clk_i),
    .rst_ni         (rst_ni),
    .wipe_i         (wipe),
    .new_key_i      (new_key_i),
    .subkey_i       (state_q == StSubkey),
    .base_i         (state_q == StBase),
    .restart_i      (restart),
    .start_i        (begins),
    .result_o       (mac_result),
    .mac_o          (mac),
    .text_i         (text),
    .blocks_i       (blocks),
    .partial_i      (partial),
    .rest_i         (len_i[3:0]),
    .word_valid_i   (word_valid),
    .word_ready_o   (word_ready),
    .word_idx_i     (word_idx),
    .word_i         (word),
    .aes_valid_o    (mac_valid),
    .aes_ready_i    (mac_ready_i),
    .aes_same_key_o (mac_same_key_o),
    .aes_block_o    (mac_block_o),
    .aes_done_i     (mac_done_i),
    .aes_block_i    (mac_block_i),
    .error_o        (bad_mac)
  );
  assign mac_valid_o = mac_valid && !error_o;
  assign mac_key_o   = key_i[511:256];

  // ---- CTR, with two bits of the tag zero ----

  logic         ctr_valid, stream_valid, stream_ready;
  logic [127:0] stream;
  sdv_ctr u_ctr (
    .clk_i          (clk_i),
    .rst_ni         (rst_ni),
    .wipe_i         (wipe),
    .start_i        (ctr_start),
    .same_key_i     (known_q),
    .counter_i      ({tag[127:64], 1'b0, tag[62:32], 1'b0, tag[30:0]}),
    .blocks_i       (blocks),
    .busy_o         (ctr_busy),
    .valid_o        (stream_valid),
    .ready_i        (stream_ready),
    .block_o        (stream),
    .aes_valid_o    (ctr_valid),
    .aes_ready_i    (ctr_ready_i),
    .aes_same_key_o (ctr_same_key_o),
    .aes_block_o    (ctr_block_o),
    .aes_done_i     (ctr_done_i),
    .aes_block_i    (ctr_block_i),
    .error_o        (bad_ctr)
  );
  assign ctr_valid_o = ctr_valid && !error_o;
  assign ctr_key_o   = size256_i ? key_i[255:0] : {key_i[383:256], 128'd0};

  // ---- Memory ----

  logic mem_we;
  sdv_siv_mem u_mem (
    .clk_i          (clk_i),
    .rst_ni         (rst_ni),
    .wipe_i         (wipe),
    .go_i           (mem_go),
    .pass_i         (mem_pass),
    .end_o          (mem_end),
    .addr_i         (addr_i),
    .tag_addr_i     (tag_addr_i),
    .blocks_i       (blocks),
    .partial_i      (partial),
    .rest_i         (len_i[3:0]),
    .stream_valid_i (stream_valid),
    .stream_ready_o (stream_ready),
    .stream_i       (stream),
    .word_valid_o   (word_valid),
    .word_ready_i   (word_ready),
    .word_idx_o     (word_idx),
    .word_o         (word),
    .tag_we_i       (mem_go && (mem_pass == PassPut)),
    .tag_i          (mac_block_i),
    .tag_o          (tag),
    .mem_addr_o     (mem_addr_o),
    .mem_rdata_i    (mem_rdata_i),
    .mem_we_o       (mem_we),
    .mem_waddr_o    (mem_waddr_o),
    .mem_wdata_o    (mem_wdata_o),
    .error_o        (bad_mem)
  );
  assign mem_we_o = mem_we && !error_o;

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni && !wipe) begin
      assert (state_q <= StDone);
      assert (!(start_i || new_key_i || restart_i) || (state_q == StIdle));
      assert (!start_i || (op_i != 2'd0));
      // All of it has ended; a text that is not right is not left.
      assert (!done_o || !ctr_busy);
      assert (!done_o || ok_q || (op_i == OpOpen));
      assert (!ok_q || (state_q != StErase));
    end
  end
`endif

endmodule

`default_nettype wire
