// SPDX-License-Identifier: Apache-2.0
//
// Keys, sealing and random numbers for the secure area: one service port, the
// engines behind it, and the AES lanes that they share.
//
// Keeps the card root and the SIV key that was derived last; no bit of either
// is on an output.  When the controller of any part is damaged, all is wiped and
// every operation fails until reset.  It knows nothing of licenses.
// Page: docs/rtl/sdv_crypto.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_crypto #(
  parameter int ReseedInterval = 1 << 20,  // random outputs between two seeds
  parameter int Member = sdv_spec_pkg::AES_ENC_BOTH_TABLE,   // which AES, for both sizes of keys
  parameter int Lanes  = 1                                   // how many of them
) (
  input  logic         clk_i,            // core clock
  input  logic         rst_ni,

  // Operations; all inputs hold from start_i until done_o
  input  logic         start_i,          // pulse while not busy
  input  logic [2:0]   op_i,             // sdv_spec_pkg::CRYPTO_OP_...
  output logic         busy_o,
  output logic         done_o,           // pulse
  output logic         ok_o,             // with it, and until the next start_i

  // DERIVE
  input  logic [2:0]   label_i,          // sdv_spec_pkg::LABEL_...
  input  logic         suite2_i,         // 512 bits, else 256
  input  logic [63:0]  medium_id_i,
  input  logic [7:0]   binding_i,
  input  logic [63:0]  apparatus_id_i,
  input  logic [31:0]  epoch_i,
  input  logic [7:0]   key_type_i,

  // AD, SEAL, OPEN
  input  logic [7:0]   addr_i,           // first word
  input  logic [9:0]   len_i,            // bytes
  input  logic [7:0]   tag_addr_i,       // first of four words

  // SEED, RANDOM
  input  logic [31:0]  pers_i,
  output logic [127:0] random_o,
  output logic         seeded_o,

  // 16 random bytes beside other operations
  input  logic         draw_i,           // pulse, while busy_drbg_o is 0
  output logic         drawn_o,          // pulse: they are on random_o

  // card root, while not busy
  input  logic         root_we_i,
  input  logic [2:0]   root_idx_i,
  input  logic [31:0]  root_word_i,

  // memory of the caller
  output logic [7:0]   mem_addr_o,
  output logic         mem_we_o,
  output logic [7:0]   mem_waddr_o,
  output logic [31:0]  mem_wdata_o,
  input  logic [31:0]  mem_rdata_i,      // one clock after the address

  // entropy port
  output logic         entropy_req_o,
  input  logic         entropy_valid_i,
  input  logic [31:0]  entropy_i,

  // for the accounts
  output logic         busy_aes_o,
  output logic         busy_cmac_o,
  output logic         busy_kdf_o,
  output logic         busy_siv_o,
  output logic         busy_drbg_o,
  output logic         quiet_o,          // nothing moves until an input does
  output logic         error_o           // a controller is damaged; until reset
);

  localparam logic [2:0] StIdle   = 3'd0;
  localparam logic [2:0] StDerive = 3'd1;
  localparam logic [2:0] StSiv    = 3'd2;
  localparam logic [2:0] StDrbg   = 3'd3;
  localparam logic [2:0] StWipe   = 3'd4;
  localparam logic [2:0] StDone   = 3'd5;

  // Control, with parity.
  logic [2:0]   state_d, state_q;
  logic         ok_d, ok_q;
  logic [7:0]   root_have_d, root_have_q;   // words of the root that were written
  logic         root_new_d, root_new_q;     // the CMAC has not seen it
  logic         key_have_d, key_have_q;
  logic         move, fault;

  // What the SIV key was derived from, with parity.
  logic         suite2_q;
  logic [2:0]   label_q;
  logic [63:0]  medium_id_q, apparatus_id_q;
  logic [7:0]   binding_q, key_type_q;
  logic [31:0]  epoch_q;
  logic         context_fault;

  logic [255:0] root_q;
  logic [511:0] key_q;                      // SIV key

  // ---- Damage ----

  logic error, error_now, error_q, kdf_error, cmac_error, siv_error, drbg_error, lanes_error;
  logic siv_we, wipe;
  logic [Lanes-1:0] lane_error;
  assign error_now = fault || context_fault || kdf_error || cmac_error || siv_error ||
                     drbg_error || lanes_error || (lane_error != '0) ||
                     `SDV_BREAK(390, 1'b0, siv_we && (op_i == sdv_spec_pkg::CRYPTO_OP_OPEN) &&
                                           (mem_waddr_o == 8'd40));
  assign error     = error_now || error_q;
  assign error_o   = error;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      error_q <= 1'b0;
    end else if (error_now) begin
      error_q <= 1'b1;
    end
  end

  // ---- What begins ----

  logic derive, same, siv, siv_start, derive_start, random_start, seed_start, draw, seeded;
  always_comb begin
    derive = 1'b0;
    same   = 1'b0;
    siv    = 1'b0;
    derive_start = 1'b0;
    siv_start    = 1'b0;
    random_start = 1'b0;
    seed_start   = 1'b0;
    draw         = draw_i && seeded && !wipe;
    if (start_i && (state_q == StIdle) && !error) begin
      derive = (op_i == sdv_spec_pkg::CRYPTO_OP_DERIVE) && (root_have_q == 8'hFF);
      same   = derive && key_have_q && (label_q == label_i) && (suite2_q == suite2_i) &&
               (medium_id_q == medium_id_i) && (binding_q == binding_i) &&
               `SDV_BREAK(360, (apparatus_id_q == apparatus_id_i), 1'b1) &&
               (epoch_q == epoch_i) && (key_type_q == key_type_i);
      siv    = (op_i == sdv_spec_pkg::CRYPTO_OP_AD) || (op_i == sdv_spec_pkg::CRYPTO_OP_SEAL) ||
               (op_i == sdv_spec_pkg::CRYPTO_OP_OPEN);
      derive_start = derive && !same;
      siv_start    = siv && key_have_q;
      random_start = (op_i == sdv_spec_pkg::CRYPTO_OP_RANDOM) && seeded;
      seed_start   = (op_i == sdv_spec_pkg::CRYPTO_OP_SEED);
    end
  end

  logic kdf_done, kdf_valid, siv_done, siv_ok, drbg_done;
  logic [1:0]   kdf_idx;
  logic [127:0] kdf_block;
  assign wipe = (state_q == StWipe) || error;

  assign move = !error && (start_i || root_we_i || (state_q != StIdle));
  always_comb begin
    state_d     = state_q;
    ok_d        = ok_q;
    root_have_d = root_have_q;
    root_new_d  = root_new_q;
    key_have_d  = key_have_q;
    if (move) begin
      unique case (state_q)
        // StIdle: an operation, or a word of the root.
        StIdle: begin
          if (root_we_i) begin
            root_have_d = root_have_q | (8'd1 << root_idx_i);
            root_new_d  = 1'b1;
            key_have_d  = 1'b0;
          end
          if (start_i) begin
            ok_d    = same || derive_start || siv_start || random_start || seed_start ||
                      (op_i == sdv_spec_pkg::CRYPTO_OP_WIPE);
            state_d = StDone;
            if (derive_start) begin
              key_have_d = 1'b0;
              state_d    = StDerive;
            end else if (siv_start) begin
              state_d = StSiv;
            end else if (random_start || seed_start) begin
              state_d = StDrbg;
            end else if (op_i == sdv_spec_pkg::CRYPTO_OP_WIPE) begin
              state_d = StWipe;
            end
          end
        end
        StDerive: begin
          if (kdf_done) begin
            root_new_d = 1'b0;
            key_have_d = 1'b1;
            state_d    = StDone;
          end
        end
        StSiv: begin
          if (siv_done) begin
            ok_d    = siv_ok;
            state_d = StDone;
          end
        end
        StDrbg: begin
          if (drbg_done) begin
            state_d = StDone;
          end
        end
        StWipe: begin
          root_have_d = '0;
          key_have_d  = `SDV_BREAK(361, 1'b0, key_have_q);
          state_d     = StDone;
        end
        StDone: state_d = StIdle;
        default: state_d = StIdle;
      endcase
    end
  end

  sdv_guard #(.Width(14)) u_guard (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .en_i    (move),
    .next_i  ({state_d, ok_d, root_have_d, root_new_d, key_have_d}),
    .value_o ({state_q, ok_q, root_have_q, root_new_q, key_have_q}),
    .error_o (fault)
  );

  sdv_guard #(.Width(180)) u_context (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .en_i    (derive_start),
    .next_i  ({suite2_i, label_i, medium_id_i, binding_i, apparatus_id_i, epoch_i, key_type_i}),
    .value_o ({suite2_q, label_q, medium_id_q, binding_q, apparatus_id_q, epoch_q, key_type_q}),
    .error_o (context_fault)
  );

  // ---- Keys ----

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      root_q <= '0;
      key_q  <= '0;
    end else if (wipe) begin
      root_q <= '0;
      key_q  <= `SDV_BREAK(361, '0, key_q);
    end else if (root_we_i) begin
      for (int i = 0; i < 8; i++) begin
        if (root_idx_i == 3'(i)) begin
          root_q[255 - 32 * i -: 32] <= root_word_i;
        end
      end
    end else if (derive_start) begin
      key_q <= '0;
    end else if (kdf_valid) begin
      for (int i = 0; i < 4; i++) begin
        if (kdf_idx == 2'(i)) begin
          key_q[511 - 128 * i -: 128] <= kdf_block;
        end
      end
    end
  end

  // ---- The engines ----

  logic [6:0] fixed_length;
  logic [5:0] fixed_idx;
  logic [7:0] fixed_byte;
  sdv_label u_label (
    .en_i           (state_q == StDerive),
    .label_i        (label_q),
    .long_i         (suite2_q),
    .medium_id_i    (medium_id_q),
    .binding_i      (binding_q),
    .apparatus_id_i (apparatus_id_q),
    .epoch_i        (epoch_q),
    .key_type_i     (key_type_q),
    .length_o       (fixed_length),
    .idx_i          (fixed_idx),
    .byte_o         (fixed_byte)
  );

  logic         cmac_start, cmac_same_key, cmac_valid, cmac_ready, cmac_last, cmac_done;
  logic [127:0] cmac_block, cmac_mac;
  logic [4:0]   cmac_bytes;
  sdv_kdf u_kdf (
    .clk_i           (clk_i),
    .rst_ni          (rst_ni),
    .wipe_i          (wipe),
    .start_i         (derive_start),
    .same_key_i      (!root_new_q),
    .blocks_i        (suite2_q ? 3'd4 : 3'd2),
    .busy_o          (busy_kdf_o),
    .done_o          (kdf_done),
    .length_i        (fixed_length),
    .idx_o           (fixed_idx),
    .byte_i          (fixed_byte),
    .block_valid_o   (kdf_valid),
    .block_idx_o     (kdf_idx),
    .block_o         (kdf_block),
    .cmac_start_o    (cmac_start),
    .cmac_same_key_o (cmac_same_key),
    .cmac_valid_o    (cmac_valid),
    .cmac_ready_i    (cmac_ready),
    .cmac_block_o    (cmac_block),
    .cmac_last_o     (cmac_last),
    .cmac_bytes_o    (cmac_bytes),
    .cmac_done_i     (cmac_done),
    .cmac_mac_i      (cmac_mac),
    .error_o         (kdf_error)
  );

  // Clients of the lanes, the first one first.
  localparam int Mac     = 0;   // of SIV
  localparam int Cmac    = 1;
  localparam int Ctr     = 2;   // of SIV
  localparam int Drbg    = 3;
  localparam int Clients = 4;
  logic [Clients-1:0]     valid, ready, same_key, done;
  logic [256*Clients-1:0] keys;
  logic [128*Clients-1:0] blocks, results;

  assign keys[256*Cmac +: 256] = valid[Cmac] ? root_q : '0;
  sdv_cmac u_cmac (
    .clk_i          (clk_i),
    .rst_ni         (rst_ni),
    .wipe_i         (wipe),
    .start_i        (cmac_start),
    .same_key_i     (cmac_same_key),
    .busy_o         (busy_cmac_o),
    .valid_i        (cmac_valid),
    .ready_o        (cmac_ready),
    .block_i        (cmac_block),
    .last_i         (cmac_last),
    .bytes_i        (cmac_bytes),
    .done_o         (cmac_done),
    .mac_o          (cmac_mac),
    .aes_valid_o    (valid[Cmac]),
    .aes_ready_i    (ready[Cmac]),
    .aes_same_key_o (same_key[Cmac]),
    .aes_block_o    (blocks[128*Cmac +: 128]),
    .aes_done_i     (done[Cmac]),
    .aes_block_i    (results[128*Cmac +: 128]),
    .error_o        (cmac_error)
  );

  sdv_siv u_siv (
    .clk_i          (clk_i),
    .rst_ni         (rst_ni),
    .wipe_i         (wipe),
    .start_i        (siv_start),
    .op_i           (op_i[1:0]),
    .key_i          (key_q),
    .size256_i      (suite2_q),
    .addr_i         (addr_i),
    .len_i          (len_i),
    .tag_addr_i     (tag_addr_i),
    .new_key_i      (kdf_done),
    .restart_i      (same),
    .busy_o         (busy_siv_o),
    .done_o         (siv_done),
    .ok_o           (siv_ok),
    .mem_addr_o     (mem_addr_o),
    .mem_rdata_i    (mem_rdata_i),
    .mem_we_o       (siv_we),
    .mem_waddr_o    (mem_waddr_o),
    .mem_wdata_o    (mem_wdata_o),
    .mac_valid_o    (valid[Mac]),
    .mac_ready_i    (ready[Mac]),
    .mac_same_key_o (same_key[Mac]),
    .mac_key_o      (keys[256*Mac +: 256]),
    .mac_block_o    (blocks[128*Mac +: 128]),
    .mac_done_i     (done[Mac]),
    .mac_block_i    (results[128*Mac +: 128]),
    .ctr_valid_o    (valid[Ctr]),
    .ctr_ready_i    (ready[Ctr]),
    .ctr_same_key_o (same_key[Ctr]),
    .ctr_key_o      (keys[256*Ctr +: 256]),
    .ctr_block_o    (blocks[128*Ctr +: 128]),
    .ctr_done_i     (done[Ctr]),
    .ctr_block_i    (results[128*Ctr +: 128]),
    .error_o        (siv_error)
  );

  logic entropy_req;
  sdv_drbg #(.ReseedInterval(ReseedInterval)) u_drbg (
    .clk_i           (clk_i),
    .rst_ni          (rst_ni),
    .wipe_i          (wipe),
    .seed_i          (seed_start),
    .pers_i          (pers_i),
    .req_i           (random_start || draw),
    .busy_o          (busy_drbg_o),
    .seeded_o        (seeded),
    .done_o          (drbg_done),
    .random_o        (random_o),
    .entropy_valid_i (entropy_valid_i),
    .entropy_i       (entropy_i),
    .entropy_req_o   (entropy_req),
    .aes_valid_o     (valid[Drbg]),
    .aes_ready_i     (ready[Drbg]),
    .aes_same_key_o  (same_key[Drbg]),
    .aes_key_o       (keys[256*Drbg +: 256]),
    .aes_block_o     (blocks[128*Drbg +: 128]),
    .aes_done_i      (done[Drbg]),
    .aes_block_i     (results[128*Drbg +: 128]),
    .error_o         (drbg_error)
  );

  // ---- The lanes ----

  logic [Lanes-1:0]     lane_valid, lane_ready, lane_decrypt, lane_size256, lane_same_key;
  logic [Lanes-1:0]     lane_done, lane_taken, lane_busy;
  logic [256*Lanes-1:0] lane_key;
  logic [128*Lanes-1:0] lane_block, lane_result;
  sdv_lanes #(.Clients(Clients), .Lanes(Lanes)) u_lanes (
    .clk_i           (clk_i),
    .rst_ni          (rst_ni),
    .wipe_i          (wipe),
    .valid_i         (valid),
    .ready_o         (ready),
    .decrypt_i       ('0),
    .size256_i       ({1'b1, suite2_q, 1'b1, suite2_q}),
    .same_key_i      (same_key),
    .key_i           (keys),
    .block_i         (blocks),
    .done_o          (done),
    .block_o         (results),
    .lane_valid_o    (lane_valid),
    .lane_ready_i    (lane_ready),
    .lane_decrypt_o  (lane_decrypt),
    .lane_size256_o  (lane_size256),
    .lane_same_key_o (lane_same_key),
    .lane_key_o      (lane_key),
    .lane_block_o    (lane_block),
    .lane_valid_i    (lane_done),
    .lane_ready_o    (lane_taken),
    .lane_block_i    (lane_result),
    .error_o         (lanes_error)
  );

  for (genvar i = 0; i < Lanes; i++) begin : g_lane
    sdv_aes_member #(.Member(Member)) u_aes (
      .clk_i      (clk_i),
      .rst_ni     (rst_ni),
      .wipe_i     (wipe),
      .valid_i    (lane_valid[i]),
      .ready_o    (lane_ready[i]),
      .decrypt_i  (lane_decrypt[i]),
      .size256_i  (lane_size256[i]),
      .same_key_i (lane_same_key[i]),
      .key_i      (lane_key[256*i +: 256]),
      .block_i    (lane_block[128*i +: 128]),
      .valid_o    (lane_done[i]),
      .ready_i    (lane_taken[i]),
      .block_o    (lane_result[128*i +: 128]),
      .busy_o     (lane_busy[i]),
      .error_o    (lane_error[i])
    );
  end
  assign busy_aes_o = (lane_busy != '0);

  // ---- What is seen outside ----

  // Damaged, it ends whatever may be under way, for want of knowing what is.
  assign busy_o        = (state_q != StIdle) && !error;
  assign done_o        = (state_q == StDone) || error;
  assign ok_o          = ok_q && !error;
  assign seeded_o      = seeded && !error;
  assign mem_we_o      = siv_we && !error;
  assign entropy_req_o = entropy_req && !error;
  assign drawn_o       = drbg_done && (state_q != StDrbg) && !error;
  logic resting, starved;   // nothing is asked of it; only entropy is missing
  assign resting = (state_q == StIdle) && !start_i && !root_we_i && !draw_i;
  assign starved = entropy_req && !entropy_valid_i;
  assign quiet_o = error ? error_q
                         : ((resting && !busy_drbg_o) ||
                            (starved && (resting || (state_q == StDrbg))));

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (error || (state_q <= StDone));
      assert (!start_i || (state_q == StIdle) || error);
      assert (!start_i || (op_i != 3'd7));
      assert (!root_we_i || (state_q == StIdle) || error);
      // The engines rest between operations, but for random bytes.
      assert ((state_q != StIdle) || error || !(busy_cmac_o || busy_kdf_o || busy_siv_o));
      assert ((state_q != StIdle) || error || busy_drbg_o || !busy_aes_o);
      assert (!(draw_i || random_start || seed_start) || !busy_drbg_o || error);
      assert (!(draw_i && start_i) || ((op_i != sdv_spec_pkg::CRYPTO_OP_RANDOM) &&
                                       (op_i != sdv_spec_pkg::CRYPTO_OP_SEED)) || error);
      // SEC: nothing is written without a key.
      assert (!mem_we_o || (key_have_q && (state_q == StSiv)));
      // SEC: damaged, it has no secret and hands nothing out.
      assert (!error || !(busy_o || ok_o || seeded_o || drawn_o || mem_we_o ||
                          entropy_req_o));
      assert (!error_q || ((root_q == '0) && (key_q == '0) && (random_o == '0)));
    end
  end
`endif

endmodule

`default_nettype wire
