// SPDX-License-Identifier: Apache-2.0
//
// All that has to do with keys: the sealing service, random bytes with their
// seeding, and the crypto that both share.
//
// Only wiring, and whose turn it is at the random bytes.
// Page: docs/rtl/sdv_keys.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_keys #(
  parameter int AesMember = sdv_spec_pkg::AES_ENC_BOTH_TABLE,   // which AES; for both sizes of keys
  parameter int AesLanes  = 1                                   // how many of them
) (
  input  logic         clk_i,
  input  logic         rst_ni,

  // sealing service, see sdv_seal
  input  logic         go_i,
  input  logic         seal_i,
  input  logic         store_i,
  input  logic         fields_i,
  input  logic [31:0]  spent_i,
  input  logic [31:0]  made_i,
  output logic         done_o,
  output logic [15:0]  sw_o,
  input  logic         wiped_i,
  output logic         plain_o,
  output logic         issue_o,
  output logic         bound_o,
  output logic [31:0]  generation_o,
  output logic [31:0]  uses_o,
  output logic [31:0]  spent_o,
  output logic [2:0]   flags_o,
  output logic [31:0]  exports_o,
  output logic [31:0]  made_o,

  input  logic [63:0]  medium_id_i,
  output logic         header_o,       // the line at hand is looked at
  output logic [3:0]   line_idx_o,
  input  logic [31:0]  line_word_i,

  // random bytes for others
  input  logic         rnd_req_i,      // pulse
  input  logic         rnd_free_i,     // level: they may be drawn
  output logic         rnd_done_o,     // pulse
  output logic [127:0] rnd_o,
  output logic         rnd_wait_o,     // level: they are asked for, or drawn

  // sdv_lines: the count of seedings
  output logic         count_go_o,
  output logic         count_o,        // it is being committed
  input  logic         lines_done_i,
  input  logic         lines_ok_i,
  input  logic [31:0]  value_i,

  // card root
  input  logic         root_we_i,
  input  logic [2:0]   root_idx_i,
  input  logic [31:0]  root_word_i,

  // work memory
  output logic         work_o,
  output logic [6:0]   work_addr_o,
  output logic         work_we_o,
  output logic [6:0]   work_waddr_o,
  output logic [31:0]  work_wdata_o,
  input  logic [31:0]  work_rdata_i,

  // entropy port
  output logic         entropy_req_o,
  input  logic         entropy_valid_i,
  input  logic [31:0]  entropy_i,

  output logic         busy_kdf_o,     // for the accounts
  output logic         busy_siv_o,
  output logic         busy_drbg_o,
  output logic         quiet_o,
  output logic         error_o         // level: the crypto is damaged
);

  logic         seal_quiet, seal_work, seal_we;
  logic [6:0]   seal_addr, header_addr;
  logic [31:0]  seal_wdata;
  logic         random_go, random_done, random_ok, random_busy, random_quiet, random_start;
  logic [2:0]   random_op;
  logic [31:0]  pers;
  logic         seal_start, crypto_busy, crypto_done, crypto_ok, crypto_seeded, crypto_we;
  logic         crypto_quiet, suite2;
  logic [2:0]   seal_op, label;
  logic [7:0]   binding, seal_word;
  logic [6:0]   crypto_addr, crypto_waddr;
  logic [1:0]   unused_addr;          // the work memory has 128 words
  logic [9:0]   seal_len;
  logic [63:0]  apparatus_id;
  logic [31:0]  crypto_wdata;
  logic [127:0] random;

  sdv_seal u_seal (
    .clk_i                 (clk_i),
    .rst_ni                (rst_ni),
    .go_i                  (go_i),
    .seal_i                (seal_i),
    .store_i               (store_i),
    .fields_i              (fields_i),
    .spent_i               (spent_i),
    .made_i                (made_i),
    .done_o                (done_o),
    .sw_o                  (sw_o),
    .wiped_i               (wiped_i),
    .plain_o               (plain_o),
    .issue_o               (issue_o),
    .bound_o               (bound_o),
    .generation_o          (generation_o),
    .uses_o                (uses_o),
    .spent_o               (spent_o),
    .flags_o               (flags_o),
    .exports_o             (exports_o),
    .made_o                (made_o),
    .medium_id_i           (medium_id_i),
    .line_idx_o            (line_idx_o),
    .line_word_i           (line_word_i),
    .work_o                (seal_work),
    .work_addr_o           (seal_addr),
    .work_we_o             (seal_we),
    .work_wdata_o          (seal_wdata),
    .header_o              (header_o),
    .header_addr_o         (header_addr),
    .work_rdata_i          (work_rdata_i),
    .random_go_o           (random_go),
    .random_done_i         (random_done),
    .random_ok_i           (random_ok),
    .random_i              (random),
    .crypto_start_o        (seal_start),
    .crypto_op_o           (seal_op),
    .crypto_label_o        (label),
    .crypto_suite2_o       (suite2),
    .crypto_binding_o      (binding),
    .crypto_apparatus_id_o (apparatus_id),
    .crypto_addr_o         (seal_word),
    .crypto_len_o          (seal_len),
    .crypto_done_i         (crypto_done && !random_busy),
    .crypto_ok_i           (crypto_ok),
    .crypto_error_i        (error_o),
    .quiet_o               (seal_quiet)
  );

  // Random bytes for others wait for the end of a command, and a command for them.
  logic rnd_wait_q, rnd_q, rnd_go;
  assign rnd_go     = rnd_wait_q && rnd_free_i;
  assign rnd_wait_o = rnd_req_i || rnd_wait_q || rnd_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      rnd_wait_q <= 1'b0;
      rnd_q      <= 1'b0;
    end else if (rnd_req_i || rnd_wait_q || rnd_q) begin
      rnd_wait_q <= rnd_req_i || (rnd_wait_q && !rnd_go);
      rnd_q      <= rnd_go || (rnd_q && !random_done);
    end
  end
  assign rnd_done_o = rnd_q && random_done;
  assign rnd_o      = random_ok ? `SDV_BREAK(305, random, 128'd0) : '0;

  sdv_random u_random (
    .clk_i          (clk_i),
    .rst_ni         (rst_ni),
    .go_i           (random_go || rnd_go),
    .done_o         (random_done),
    .ok_o           (random_ok),
    .lines_go_o     (count_go_o),
    .lines_done_i   (lines_done_i),
    .lines_ok_i     (lines_ok_i),
    .value_i        (value_i),
    .crypto_start_o (random_start),
    .crypto_op_o    (random_op),
    .pers_o         (pers),
    .crypto_done_i  (crypto_done),
    .crypto_ok_i    (crypto_ok),
    .seeded_i       (crypto_seeded),
    .error_i        (error_o),
    .busy_o         (random_busy),
    .lines_busy_o   (count_o),
    .quiet_o        (random_quiet)
  );

  logic unused_aes, unused_cmac;
  logic unused_drawn;
  sdv_crypto #(.Member(AesMember), .Lanes(AesLanes)) u_crypto (
    .clk_i           (clk_i),
    .rst_ni          (rst_ni),
    .start_i         (seal_start || random_start),
    .op_i            (random_busy ? random_op : seal_op),
    .busy_o          (crypto_busy),
    .done_o          (crypto_done),
    .ok_o            (crypto_ok),
    .label_i         (label),
    .suite2_i        (suite2),
    .medium_id_i     (medium_id_i),
    .binding_i       (binding),
    .apparatus_id_i  (apparatus_id),
    .epoch_i         (32'd0),
    .key_type_i      (8'd0),
    .addr_i          (seal_word),
    .len_i           (seal_len),
    .tag_addr_i      (8'(sdv_spec_pkg::SEALED_TAG / 4)),
    .pers_i          (pers),
    .random_o        (random),
    .seeded_o        (crypto_seeded),
    .draw_i          (1'b0),
    .drawn_o         (unused_drawn),
    .root_we_i       (root_we_i),
    .root_idx_i      (root_idx_i),
    .root_word_i     (root_word_i),
    .mem_addr_o      ({unused_addr[0], crypto_addr}),
    .mem_we_o        (crypto_we),
    .mem_waddr_o     ({unused_addr[1], crypto_waddr}),
    .mem_wdata_o     (crypto_wdata),
    .mem_rdata_i     (work_rdata_i),
    .entropy_req_o   (entropy_req_o),
    .entropy_valid_i (entropy_valid_i),
    .entropy_i       (entropy_i),
    .busy_aes_o      (unused_aes),
    .busy_cmac_o     (unused_cmac),
    .busy_kdf_o      (busy_kdf_o),
    .busy_siv_o      (busy_siv_o),
    .busy_drbg_o     (busy_drbg_o),
    .quiet_o         (crypto_quiet),
    .error_o         (error_o)
  );

  // The crypto is asked by the sealing service, which waits for it; it reads
  // from the clock in which it is asked.
  logic crypto_work;
  assign crypto_work = crypto_busy || seal_start;
  assign work_o      = crypto_work || header_o || seal_work;
  always_comb begin
    work_we_o    = 1'b0;
    work_addr_o  = header_addr;
    work_wdata_o = seal_wdata;
    work_waddr_o = seal_addr;
    if (crypto_work) begin
      work_we_o    = crypto_we;
      work_addr_o  = crypto_addr;
      work_waddr_o = crypto_waddr;
      work_wdata_o = crypto_wdata;
    end else if (seal_work) begin
      work_we_o   = seal_we;
      work_addr_o = seal_addr;
    end
  end

  assign quiet_o = seal_quiet && random_quiet && crypto_quiet && !rnd_req_i && !rnd_go &&
                   !entropy_valid_i;

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      // One at a time: the rules, the patches, the crypto.
      assert (32'(crypto_work) + 32'(header_o) + 32'(seal_work) <= 32'd1);
      assert (!rnd_req_i || !rnd_wait_q);
      assert (!(seal_start && random_start));
      assert (!(random_go && rnd_go));
    end
  end
`endif

endmodule

`default_nettype wire
