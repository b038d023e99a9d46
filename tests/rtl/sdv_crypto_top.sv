// SPDX-License-Identifier: Apache-2.0
//
// The crypto blocks: each engine alone, one at a time, on one or two lanes that
// are any member of the AES family, and sdv_crypto beside them.
//
// What is not in use has no clock, to be quick.  For tests/rtl only.
`default_nettype none

module sdv_crypto_top (
`ifdef SDV_SABOTAGE
  input  logic [15:0]  sabotage_i,
`endif
  input  logic         clk_i,
  input  logic         rst_ni,

  // One engine: 0 AES, 1 CMAC, 2 KDF, 3 SIV, 4 DRBG
  input  logic [2:0]   unit_i,
  input  logic [4:0]   member_i,     // the core on the lanes
  input  logic         two_lanes_i,  // only with some of the members
  input  logic         wipe_i,
  input  logic         start_i,
  input  logic         decrypt_i,
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
  output logic [6:0]   errors_o,     // aes, cmac, kdf, siv, drbg, lanes, crypto

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
  output logic [7:0]   mem_waddr_o,
  output logic [31:0]  mem_wdata_o,
  output logic         entropy_req_o,

  // sdv_crypto
  input  logic         c_use_i,        // it has the clock, and the shared pins
  input  logic         c_start_i,
  input  logic         c_draw_i,
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
  output logic         c_drawn_o,
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

  logic clk, clk_mac, clk_siv, clk_drbg, clk_crypto;
  assign clk        = clk_i && !c_use_i;
  assign clk_mac    = clk && ((unit_i == Cmac) || (unit_i == Kdf) || wipe_i);
  assign clk_siv    = clk && ((unit_i == Siv) || wipe_i);
  assign clk_drbg   = clk && ((unit_i == Drbg) || wipe_i);
  assign clk_crypto = clk_i && c_use_i;

  // ---- Lanes: the clients are the MAC of SIV, CMAC, the CTR of SIV, DRBG ----

  localparam int SivMac  = 0;
  localparam int Mac     = 1;
  localparam int SivCtr  = 2;
  localparam int Random  = 3;
  logic [3:0]    lane_valid, lane_ready, lane_size256, lane_same_key, lane_done;
  logic [1023:0] lane_keys;
  logic [511:0]  lane_blocks, lane_results;
  logic [1:0]   core_valid, core_ready, core_decrypt, core_size256, core_same_key;
  logic [1:0]   core_done, core_taken, core_busy, core_error;
  logic [511:0] core_keys;
  logic [255:0] core_blocks, core_results;
  logic         lanes_error, clk_lanes;
  assign clk_lanes = clk && ((unit_i != Aes) || wipe_i);
  sdv_lanes #(.Clients(4), .Lanes(2)) u_lanes (
    .clk_i           (clk_lanes),
    .rst_ni          (rst_ni),
    .wipe_i          (wipe_i),
    .valid_i         (lane_valid),
    .ready_o         (lane_ready),
    .decrypt_i       (4'b0000),
    .size256_i       (lane_size256),
    .same_key_i      (lane_same_key),
    .key_i           (lane_keys),
    .block_i         (lane_blocks),
    .done_o          (lane_done),
    .block_o         (lane_results),
    .lane_valid_o    (core_valid),
    .lane_ready_i    (core_ready & {two_lanes_i, 1'b1}),
    .lane_decrypt_o  (core_decrypt),
    .lane_size256_o  (core_size256),
    .lane_same_key_o (core_same_key),
    .lane_key_o      (core_keys),
    .lane_block_o    (core_blocks),
    .lane_valid_i    (core_done),
    .lane_ready_o    (core_taken),
    .lane_block_i    (core_results),
    .error_o         (lanes_error)
  );

  // Blocks of the unit AES pass the arbiter by.
  logic alone;
  assign alone = (unit_i == Aes);
  sdv_aes_bank u_bank (
    .clk_i      (clk),
    .rst_ni     (rst_ni),
    .member_i   (member_i),
    .wipe_i     (wipe_i),
    .valid_i    (alone ? valid_i : core_valid[0]),
    .ready_o    (core_ready[0]),
    .decrypt_i  (alone ? decrypt_i : core_decrypt[0]),
    .size256_i  (alone ? size256_i : core_size256[0]),
    .same_key_i (alone ? same_key_i : core_same_key[0]),
    .key_i      (alone ? key_i[511:256] : core_keys[255:0]),
    .block_i    (alone ? block_i : core_blocks[127:0]),
    .valid_o    (core_done[0]),
    .ready_i    (alone ? ready_i : core_taken[0]),
    .block_o    (core_results[127:0]),
    .busy_o     (core_busy[0]),
    .error_o    (core_error[0])
  );

  localparam int Members = sdv_spec_pkg::AES_MEMBERS;
  localparam logic [Members-1:0] Second =
      (Members'(1) << sdv_spec_pkg::AES_ENC_BOTH_TABLE) |
      (Members'(1) << sdv_spec_pkg::AES_ENC_BOTH_2_TABLE);
  sdv_aes_bank #(.Has(Second)) u_bank2 (
    .clk_i      (clk_lanes),
    .rst_ni     (rst_ni),
    .member_i   (member_i),
    .wipe_i     (wipe_i),
    .valid_i    (core_valid[1]),
    .ready_o    (core_ready[1]),
    .decrypt_i  (core_decrypt[1]),
    .size256_i  (core_size256[1]),
    .same_key_i (core_same_key[1]),
    .key_i      (core_keys[511:256]),
    .block_i    (core_blocks[255:128]),
    .valid_o    (core_done[1]),
    .ready_i    (core_taken[1]),
    .block_o    (core_results[255:128]),
    .busy_o     (core_busy[1]),
    .error_o    (core_error[1])
  );

  // ---- Engines ----

  logic         cmac_start, cmac_same, cmac_valid, cmac_ready, cmac_last, cmac_done, cmac_busy;
  logic [127:0] cmac_block, cmac_mac, cmac_aes_block;
  logic [4:0]   cmac_bytes;
  logic         cmac_aes_valid, cmac_error;
  logic         kdf_start, kdf_same, kdf_valid, kdf_last, kdf_busy, kdf_done, kdf_block_valid;
  logic [127:0] kdf_block, kdf_mac;
  logic [4:0]   kdf_bytes;
  logic [5:0]   kdf_idx;
  logic         kdf_error;
  assign cmac_start = (unit_i == Kdf) ? kdf_start : (start_i && (unit_i == Cmac));
  assign cmac_same  = (unit_i == Kdf) ? kdf_same  : same_key_i;
  assign cmac_valid = (unit_i == Kdf) ? kdf_valid : (valid_i && (unit_i == Cmac));
  assign cmac_block = (unit_i == Kdf) ? kdf_block : block_i;
  assign cmac_last  = (unit_i == Kdf) ? kdf_last  : last_i;
  assign cmac_bytes = (unit_i == Kdf) ? kdf_bytes : bytes_i;
  sdv_cmac u_cmac (
    .clk_i          (clk_mac),
    .rst_ni         (rst_ni),
    .wipe_i         (wipe_i),
    .start_i        (cmac_start),
    .same_key_i     (cmac_same),
    .busy_o         (cmac_busy),
    .valid_i        (cmac_valid),
    .ready_o        (cmac_ready),
    .block_i        (cmac_block),
    .last_i         (cmac_last),
    .bytes_i        (cmac_bytes),
    .done_o         (cmac_done),
    .mac_o          (cmac_mac),
    .aes_valid_o    (cmac_aes_valid),
    .aes_ready_i    (lane_ready[Mac]),
    .aes_same_key_o (lane_same_key[Mac]),
    .aes_block_o    (cmac_aes_block),
    .aes_done_i     (lane_done[Mac]),
    .aes_block_i    (lane_results[128*Mac +: 128]),
    .error_o        (cmac_error)
  );

  sdv_kdf u_kdf (
    .clk_i           (clk_mac),
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
    .error_o         (kdf_error)
  );

  logic         siv_busy, siv_done, siv_ok, siv_we, siv_error;
  logic [7:0]   siv_addr, siv_waddr, c_waddr;
  logic [31:0]  siv_wdata;
  sdv_siv u_siv (
    .clk_i          (clk_siv),
    .rst_ni         (rst_ni),
    .wipe_i         (wipe_i),
    .start_i        (start_i && (unit_i == Siv)),
    .op_i           (op_i),
    .key_i          (key_i),
    .size256_i      (size256_i),
    .addr_i         (addr_i),
    .len_i          (len_i),
    .tag_addr_i     (tag_addr_i),
    .new_key_i      (start_i && (unit_i == Siv) && !same_key_i),
    .restart_i      (restart_i),
    .busy_o         (siv_busy),
    .done_o         (siv_done),
    .ok_o           (siv_ok),
    .mem_addr_o     (siv_addr),
    .mem_rdata_i    (mem_rdata_i),
    .mem_we_o       (siv_we),
    .mem_waddr_o    (siv_waddr),
    .mem_wdata_o    (siv_wdata),
    .mac_valid_o    (lane_valid[SivMac]),
    .mac_ready_i    (lane_ready[SivMac]),
    .mac_same_key_o (lane_same_key[SivMac]),
    .mac_key_o      (lane_keys[256*SivMac +: 256]),
    .mac_block_o    (lane_blocks[128*SivMac +: 128]),
    .mac_done_i     (lane_done[SivMac]),
    .mac_block_i    (lane_results[128*SivMac +: 128]),
    .ctr_valid_o    (lane_valid[SivCtr]),
    .ctr_ready_i    (lane_ready[SivCtr]),
    .ctr_same_key_o (lane_same_key[SivCtr]),
    .ctr_key_o      (lane_keys[256*SivCtr +: 256]),
    .ctr_block_o    (lane_blocks[128*SivCtr +: 128]),
    .ctr_done_i     (lane_done[SivCtr]),
    .ctr_block_i    (lane_results[128*SivCtr +: 128]),
    .error_o        (siv_error)
  );

  logic         drbg_busy, drbg_done, drbg_req, drbg_aes_valid, drbg_error;
  logic [127:0] drbg_random, drbg_aes_block;
  logic [255:0] drbg_aes_key;
  sdv_drbg #(.ReseedInterval(20)) u_drbg (
    .clk_i           (clk_drbg),
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
    .aes_ready_i     (lane_ready[Random]),
    .aes_same_key_o  (lane_same_key[Random]),
    .aes_key_o       (drbg_aes_key),
    .aes_block_o     (drbg_aes_block),
    .aes_done_i      (lane_done[Random]),
    .aes_block_i     (lane_results[128*Random +: 128]),
    .error_o         (drbg_error)
  );

  assign lane_valid[Mac]                = cmac_aes_valid;
  assign lane_valid[Random]             = drbg_aes_valid;
  assign lane_size256                   = {1'b1, {3{size256_i}}};
  assign lane_keys[256*Mac +: 256]      = key_i[511:256];
  assign lane_keys[256*Random +: 256]   = drbg_aes_key;
  assign lane_blocks[128*Mac +: 128]    = cmac_aes_block;
  assign lane_blocks[128*Random +: 128] = drbg_aes_block;

  always_comb begin
    ready_o = core_ready[0];
    valid_o = core_done[0];
    block_o = core_results[127:0];
    busy_o  = core_busy[0];
    done_o  = core_done[0];
    unique case (unit_i)
      Cmac, Kdf: begin
        ready_o = cmac_ready;
        valid_o = kdf_block_valid;
        block_o = (unit_i == Kdf) ? kdf_mac : cmac_mac;
        busy_o  = cmac_busy || kdf_busy;
        done_o  = (unit_i == Kdf) ? kdf_done : cmac_done;
      end
      Siv: begin
        valid_o = 1'b0;
        busy_o  = siv_busy;
        done_o  = siv_done;
      end
      Drbg: begin
        valid_o = 1'b0;
        block_o = drbg_random;
        busy_o  = drbg_busy;
        done_o  = drbg_done;
      end
      default: ;
    endcase
    // What a lane gave may be for another one.
    if (lanes_error && !alone) begin
      valid_o = 1'b0;
      done_o  = 1'b0;
    end
  end
  assign ok_o = siv_ok;

  logic unused;
  assign unused = &{1'b0, core_busy[1]};

  // ---- sdv_crypto ----

  logic        c_we, c_req, c_error;
  logic [7:0]  c_addr;
  logic [31:0] c_wdata;
  sdv_crypto #(.ReseedInterval(20)) u_crypto (
    .clk_i           (clk_crypto),
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
    .draw_i          (c_draw_i),
    .drawn_o         (c_drawn_o),
    .root_we_i       (c_root_we_i),
    .root_idx_i      (c_root_idx_i),
    .root_word_i     (c_root_word_i),
    .mem_addr_o      (c_addr),
    .mem_we_o        (c_we),
    .mem_waddr_o     (c_waddr),
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
    .error_o         (c_error)
  );

  assign mem_addr_o    = c_use_i ? c_addr  : siv_addr;
  assign mem_we_o      = c_use_i ? c_we    : (siv_we && !lanes_error);
  assign mem_waddr_o   = c_use_i ? c_waddr : siv_waddr;
  assign mem_wdata_o   = c_use_i ? c_wdata : siv_wdata;
  assign entropy_req_o = c_use_i ? c_req   : drbg_req;

  assign errors_o = {c_error, lanes_error, drbg_error, siv_error, kdf_error, cmac_error,
                     core_error != '0};

endmodule

`default_nettype wire
