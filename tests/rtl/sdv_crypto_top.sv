// SPDX-License-Identifier: Apache-2.0
//
// The crypto blocks: each engine alone on a lane, one at a time, and sdv_crypto
// beside them.  For tests/rtl only.
`default_nettype none

module sdv_crypto_top (
`ifdef SDV_SABOTAGE
  input  logic [15:0]  sabotage_i,
`endif
  input  logic         clk_i,
  input  logic         rst_ni,

  // One engine: 0 AES, 1 CMAC, 2 KDF, 3 SIV, 4 DRBG
  input  logic [2:0]   unit_i,
  input  logic         wipe_i,
  input  logic         start_i,
  input  logic         size256_i,
  input  logic         same_key_i,
  input  logic [511:0] key_i,
  input  logic         valid_i,
  input  logic         ready_i,
  input  logic [127:0] block_i,
  input  logic         last_i,
  input  logic [4:0]   bytes_i,
  input  logic [2:0]   blocks_i,
  input  logic [6:0]   length_i,
  input  logic [511:0] fixed_i,      // of the KDF
  input  logic [1:0]   op_i,
  input  logic         restart_i,
  input  logic         seed_i,
  output logic         ready_o,
  output logic         valid_o,
  output logic [127:0] block_o,
  output logic [1:0]   block_idx_o,
  output logic         busy_o,
  output logic         done_o,
  output logic         ok_o,
  output logic         seeded_o,

  // Shared by the engine and sdv_crypto
  input  logic [7:0]   addr_i,
  input  logic [9:0]   len_i,
  input  logic [7:0]   tag_addr_i,
  input  logic [31:0]  pers_i,
  input  logic [31:0]  mem_rdata_i,
  input  logic         entropy_valid_i,
  input  logic [31:0]  entropy_i,
  output logic [7:0]   mem_addr_o,
  output logic         mem_we_o,
  output logic [31:0]  mem_wdata_o,
  output logic         entropy_req_o,

  // sdv_crypto
  input  logic         c_use_i,        // the shared pins are its own
  input  logic         c_start_i,
  input  logic [2:0]   c_op_i,
  input  logic [2:0]   c_label_i,
  input  logic         c_suite2_i,
  input  logic [63:0]  c_medium_id_i,
  input  logic [7:0]   c_binding_i,
  input  logic [63:0]  c_apparatus_id_i,
  input  logic [31:0]  c_epoch_i,
  input  logic [7:0]   c_key_type_i,
  input  logic         c_root_we_i,
  input  logic [2:0]   c_root_idx_i,
  input  logic [31:0]  c_root_word_i,
  output logic         c_busy_o,
  output logic         c_done_o,
  output logic         c_ok_o,
  output logic [127:0] c_random_o,
  output logic         c_seeded_o,
  output logic [4:0]   c_units_o,      // aes, cmac, kdf, siv, drbg
  output logic         c_quiet_o
);

`ifdef SDV_SABOTAGE
  always_comb sdv_sabotage_pkg::chosen = sabotage_i;
`endif

  localparam logic [2:0] Aes  = 3'd0;
  localparam logic [2:0] Cmac = 3'd1;
  localparam logic [2:0] Kdf  = 3'd2;
  localparam logic [2:0] Siv  = 3'd3;
  localparam logic [2:0] Drbg = 3'd4;

  // ---- Engines ----

  logic [4:0] unused_error;

  logic         aes_valid, aes_ready, aes_done, aes_busy, aes_size256;
  logic [255:0] aes_key;
  logic [127:0] aes_block, aes_result;

  logic         cmac_start, cmac_same, cmac_valid, cmac_ready, cmac_last, cmac_done, cmac_busy;
  logic [127:0] cmac_block, cmac_mac, cmac_aes_block;
  logic [4:0]   cmac_bytes;
  logic         cmac_aes_valid;
  logic         kdf_start, kdf_same, kdf_valid, kdf_last, kdf_busy, kdf_done, kdf_block_valid;
  logic [127:0] kdf_block, kdf_mac;
  logic [4:0]   kdf_bytes;
  logic [5:0]   kdf_idx;
  assign cmac_start = (unit_i == Kdf) ? kdf_start : (start_i && (unit_i == Cmac));
  assign cmac_same  = (unit_i == Kdf) ? kdf_same  : same_key_i;
  assign cmac_valid = (unit_i == Kdf) ? kdf_valid : (valid_i && (unit_i == Cmac));
  assign cmac_block = (unit_i == Kdf) ? kdf_block : block_i;
  assign cmac_last  = (unit_i == Kdf) ? kdf_last  : last_i;
  assign cmac_bytes = (unit_i == Kdf) ? kdf_bytes : bytes_i;
  sdv_cmac u_cmac (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .wipe_i      (wipe_i),
    .start_i     (cmac_start),
    .same_key_i  (cmac_same),
    .busy_o      (cmac_busy),
    .valid_i     (cmac_valid),
    .ready_o     (cmac_ready),
    .block_i     (cmac_block),
    .last_i      (cmac_last),
    .bytes_i     (cmac_bytes),
    .done_o      (cmac_done),
    .mac_o       (cmac_mac),
    .aes_valid_o (cmac_aes_valid),
    .aes_ready_i (aes_ready),
    .aes_block_o (cmac_aes_block),
    .aes_done_i  (aes_done && ((unit_i == Cmac) || (unit_i == Kdf))),
    .aes_block_i (aes_result),
    .error_o     (unused_error[0])
  );

  sdv_kdf u_kdf (
    .clk_i           (clk_i),
    .rst_ni          (rst_ni),
    .wipe_i          (wipe_i),
    .start_i         (start_i && (unit_i == Kdf)),
    .same_key_i      (same_key_i),
    .blocks_i        (blocks_i),
    .busy_o          (kdf_busy),
    .done_o          (kdf_done),
    .length_i        (length_i),
    .idx_o           (kdf_idx),
    .byte_i          (fixed_i[511 - 8 * kdf_idx -: 8]),
    .block_valid_o   (kdf_block_valid),
    .block_idx_o     (block_idx_o),
    .block_o         (kdf_mac),
    .cmac_start_o    (kdf_start),
    .cmac_same_key_o (kdf_same),
    .cmac_valid_o    (kdf_valid),
    .cmac_ready_i    (cmac_ready),
    .cmac_block_o    (kdf_block),
    .cmac_last_o     (kdf_last),
    .cmac_bytes_o    (kdf_bytes),
    .cmac_done_i     (cmac_done),
    .cmac_mac_i      (cmac_mac),
    .error_o         (unused_error[1])
  );

  logic         siv_busy, siv_done, siv_ok, siv_we, siv_aes_valid;
  logic [7:0]   siv_addr;
  logic [31:0]  siv_wdata;
  logic [127:0] siv_aes_block;
  logic [255:0] siv_aes_key;
  sdv_siv u_siv (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .wipe_i      (wipe_i),
    .start_i     (start_i && (unit_i == Siv)),
    .op_i        (op_i),
    .key_i       (key_i),
    .size256_i   (size256_i),
    .addr_i      (addr_i),
    .len_i       (len_i),
    .tag_addr_i  (tag_addr_i),
    .new_key_i   (start_i && (unit_i == Siv) && !same_key_i),
    .restart_i   (restart_i),
    .busy_o      (siv_busy),
    .done_o      (siv_done),
    .ok_o        (siv_ok),
    .mem_addr_o  (siv_addr),
    .mem_we_o    (siv_we),
    .mem_wdata_o (siv_wdata),
    .mem_rdata_i (mem_rdata_i),
    .aes_valid_o (siv_aes_valid),
    .aes_key_o   (siv_aes_key),
    .aes_block_o (siv_aes_block),
    .aes_done_i  (aes_done && (unit_i == Siv)),
    .aes_block_i (aes_result)
  );

  logic         drbg_busy, drbg_done, drbg_req, drbg_aes_valid;
  logic [127:0] drbg_random, drbg_aes_block;
  logic [255:0] drbg_aes_key;
  sdv_drbg #(.ReseedInterval(20)) u_drbg (
    .clk_i           (clk_i),
    .rst_ni          (rst_ni),
    .wipe_i          (wipe_i),
    .seed_i          (seed_i),
    .pers_i          (pers_i),
    .req_i           (start_i && (unit_i == Drbg)),
    .busy_o          (drbg_busy),
    .seeded_o        (seeded_o),
    .done_o          (drbg_done),
    .random_o        (drbg_random),
    .entropy_valid_i (entropy_valid_i && !c_use_i),
    .entropy_i       (entropy_i),
    .entropy_req_o   (drbg_req),
    .aes_valid_o     (drbg_aes_valid),
    .aes_ready_i     (aes_ready),
    .aes_key_o       (drbg_aes_key),
    .aes_block_o     (drbg_aes_block),
    .aes_done_i      (aes_done && (unit_i == Drbg)),
    .aes_block_i     (aes_result),
    .error_o         (unused_error[2])
  );

  always_comb begin
    aes_valid   = valid_i && (unit_i == Aes);
    aes_size256 = size256_i;
    aes_key     = key_i[511:256];
    aes_block   = block_i;
    ready_o     = aes_ready;
    valid_o     = aes_done;
    block_o     = aes_result;
    busy_o      = aes_busy;
    done_o      = aes_done;
    unique case (unit_i)
      Cmac, Kdf: begin
        aes_valid = cmac_aes_valid;
        aes_block = cmac_aes_block;
        ready_o   = cmac_ready;
        valid_o   = kdf_block_valid;
        block_o   = (unit_i == Kdf) ? kdf_mac : cmac_mac;
        busy_o    = cmac_busy || kdf_busy;
        done_o    = (unit_i == Kdf) ? kdf_done : cmac_done;
      end
      Siv: begin
        aes_valid = siv_aes_valid;
        aes_key   = siv_aes_key;
        aes_block = siv_aes_block;
        busy_o    = siv_busy;
        done_o    = siv_done;
      end
      Drbg: begin
        aes_valid   = drbg_aes_valid;
        aes_size256 = 1'b1;
        aes_key     = drbg_aes_key;
        aes_block   = drbg_aes_block;
        block_o     = drbg_random;
        busy_o      = drbg_busy;
        done_o      = drbg_done;
      end
      default: ;
    endcase
  end
  assign ok_o = siv_ok;

  sdv_aes u_aes (
    .clk_i      (clk_i),
    .rst_ni     (rst_ni),
    .wipe_i     (wipe_i),
    .valid_i    (aes_valid),
    .ready_o    (aes_ready),
    .decrypt_i  (1'b0),
    .size256_i  (aes_size256),
    .same_key_i (1'b0),
    .key_i      (aes_key),
    .block_i    (aes_block),
    .valid_o    (aes_done),
    .ready_i    (ready_i || (unit_i != Aes)),
    .block_o    (aes_result),
    .busy_o     (aes_busy),
    .error_o    (unused_error[4])
  );

  // ---- sdv_crypto ----

  logic        c_we, c_req;
  logic [7:0]  c_addr;
  logic [31:0] c_wdata;
  sdv_crypto #(.ReseedInterval(20)) u_crypto (
    .clk_i           (clk_i),
    .rst_ni          (rst_ni),
    .start_i         (c_start_i),
    .op_i            (c_op_i),
    .busy_o          (c_busy_o),
    .done_o          (c_done_o),
    .ok_o            (c_ok_o),
    .label_i         (c_label_i),
    .suite2_i        (c_suite2_i),
    .medium_id_i     (c_medium_id_i),
    .binding_i       (c_binding_i),
    .apparatus_id_i  (c_apparatus_id_i),
    .epoch_i         (c_epoch_i),
    .key_type_i      (c_key_type_i),
    .addr_i          (addr_i),
    .len_i           (len_i),
    .tag_addr_i      (tag_addr_i),
    .pers_i          (pers_i),
    .random_o        (c_random_o),
    .seeded_o        (c_seeded_o),
    .root_we_i       (c_root_we_i),
    .root_idx_i      (c_root_idx_i),
    .root_word_i     (c_root_word_i),
    .mem_addr_o      (c_addr),
    .mem_we_o        (c_we),
    .mem_wdata_o     (c_wdata),
    .mem_rdata_i     (mem_rdata_i),
    .entropy_req_o   (c_req),
    .entropy_valid_i (entropy_valid_i && c_use_i),
    .entropy_i       (entropy_i),
    .busy_aes_o      (c_units_o[0]),
    .busy_cmac_o     (c_units_o[1]),
    .busy_kdf_o      (c_units_o[2]),
    .busy_siv_o      (c_units_o[3]),
    .busy_drbg_o     (c_units_o[4]),
    .quiet_o         (c_quiet_o),
    .error_o         (unused_error[3])
  );

  assign mem_addr_o    = c_use_i ? c_addr  : siv_addr;
  assign mem_we_o      = c_use_i ? c_we    : siv_we;
  assign mem_wdata_o   = c_use_i ? c_wdata : siv_wdata;
  assign entropy_req_o = c_use_i ? c_req   : drbg_req;

endmodule

`default_nettype wire
