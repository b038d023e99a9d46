// SPDX-License-Identifier: Apache-2.0
//
// Engines that want the lanes at the same time: SIV, DRBG, CTR and the pins, on
// up to three cores, two of one round a clock and one of two.
//
// The cores believe "same key": they take the key that they had, not the one
// that comes with it.  For tests/rtl only.
`default_nettype none

module sdv_lanes_top (
`ifdef SDV_SABOTAGE
  input  logic [15:0]  sabotage_i,
`endif
  input  logic         clk_i,
  input  logic         rst_ni,
  input  logic         wipe_i,
  input  logic [2:0]   lanes_i,        // those that take blocks

  // SIV
  input  logic         start_i,
  input  logic [1:0]   op_i,
  input  logic [511:0] key_i,
  input  logic         size256_i,
  input  logic         new_key_i,
  input  logic [7:0]   addr_i,
  input  logic [9:0]   len_i,
  input  logic [7:0]   tag_addr_i,
  output logic         busy_o,
  output logic         done_o,
  output logic         ok_o,
  output logic [7:0]   mem_addr_o,
  output logic         mem_we_o,
  output logic [7:0]   mem_waddr_o,
  output logic [31:0]  mem_wdata_o,
  input  logic [31:0]  mem_rdata_i,

  // DRBG
  input  logic         seed_i,
  input  logic         draw_i,
  input  logic         entropy_valid_i,
  input  logic [31:0]  entropy_i,
  output logic         entropy_req_o,
  output logic         drawn_o,
  output logic [127:0] random_o,

  // CTR that counts with all bits
  input  logic         ctr_start_i,
  input  logic         ctr_same_key_i,
  input  logic [255:0] ctr_key_i,
  input  logic         ctr_size256_i,
  input  logic [127:0] ctr_counter_i,
  input  logic [6:0]   ctr_blocks_i,
  output logic         ctr_busy_o,
  output logic         ctr_valid_o,
  input  logic         ctr_ready_i,
  output logic [127:0] ctr_block_o,

  // blocks
  input  logic         valid_i,
  input  logic         same_key_i,
  input  logic [255:0] block_key_i,
  input  logic         block_size256_i,
  input  logic [127:0] block_i,
  output logic         ready_o,
  output logic         block_done_o,
  output logic [127:0] block_o,

  output logic [2:0]   lane_taken_o,     // a block goes in
  output logic         error_o
);

`ifdef SDV_SABOTAGE
  always_comb sdv_sabotage_pkg::chosen = sabotage_i;
`endif

  localparam int Clients = 5;
  localparam int Mac  = 0;
  localparam int Pins = 1;
  localparam int Ctr  = 2;
  localparam int Drbg = 3;
  localparam int Wide = 4;   // CTR that counts with all bits

  logic [Clients-1:0]     valid, ready, size256, same_key, done;
  logic [256*Clients-1:0] key;
  logic [128*Clients-1:0] block, result;
  logic [4:0]             errors;

  sdv_siv u_siv (
    .clk_i          (clk_i),
    .rst_ni         (rst_ni),
    .wipe_i         (wipe_i),
    .start_i        (start_i),
    .op_i           (op_i),
    .key_i          (key_i),
    .size256_i      (size256_i),
    .addr_i         (addr_i),
    .len_i          (len_i),
    .tag_addr_i     (tag_addr_i),
    .new_key_i      (new_key_i),
    .restart_i      (1'b0),
    .busy_o         (busy_o),
    .done_o         (done_o),
    .ok_o           (ok_o),
    .mem_addr_o     (mem_addr_o),
    .mem_rdata_i    (mem_rdata_i),
    .mem_we_o       (mem_we_o),
    .mem_waddr_o    (mem_waddr_o),
    .mem_wdata_o    (mem_wdata_o),
    .mac_valid_o    (valid[Mac]),
    .mac_ready_i    (ready[Mac]),
    .mac_same_key_o (same_key[Mac]),
    .mac_key_o      (key[256*Mac +: 256]),
    .mac_block_o    (block[128*Mac +: 128]),
    .mac_done_i     (done[Mac]),
    .mac_block_i    (result[128*Mac +: 128]),
    .ctr_valid_o    (valid[Ctr]),
    .ctr_ready_i    (ready[Ctr]),
    .ctr_same_key_o (same_key[Ctr]),
    .ctr_key_o      (key[256*Ctr +: 256]),
    .ctr_block_o    (block[128*Ctr +: 128]),
    .ctr_done_i     (done[Ctr]),
    .ctr_block_i    (result[128*Ctr +: 128]),
    .error_o        (errors[0])
  );
  assign size256[Mac] = size256_i;
  assign size256[Ctr] = size256_i;

  logic unused_busy, unused_seeded;
  sdv_drbg u_drbg (
    .clk_i           (clk_i),
    .rst_ni          (rst_ni),
    .wipe_i          (wipe_i),
    .seed_i          (seed_i),
    .pers_i          (32'd0),
    .req_i           (draw_i),
    .busy_o          (unused_busy),
    .seeded_o        (unused_seeded),
    .done_o          (drawn_o),
    .random_o        (random_o),
    .entropy_valid_i (entropy_valid_i),
    .entropy_i       (entropy_i),
    .entropy_req_o   (entropy_req_o),
    .aes_valid_o     (valid[Drbg]),
    .aes_ready_i     (ready[Drbg]),
    .aes_same_key_o  (same_key[Drbg]),
    .aes_key_o       (key[256*Drbg +: 256]),
    .aes_block_o     (block[128*Drbg +: 128]),
    .aes_done_i      (done[Drbg]),
    .aes_block_i     (result[128*Drbg +: 128]),
    .error_o         (errors[1])
  );
  assign size256[Drbg] = 1'b1;

  sdv_ctr #(.Increment(128)) u_ctr (
    .clk_i          (clk_i),
    .rst_ni         (rst_ni),
    .wipe_i         (wipe_i),
    .start_i        (ctr_start_i),
    .same_key_i     (ctr_same_key_i),
    .counter_i      (ctr_counter_i),
    .blocks_i       (ctr_blocks_i),
    .busy_o         (ctr_busy_o),
    .valid_o        (ctr_valid_o),
    .ready_i        (ctr_ready_i),
    .block_o        (ctr_block_o),
    .aes_valid_o    (valid[Wide]),
    .aes_ready_i    (ready[Wide]),
    .aes_same_key_o (same_key[Wide]),
    .aes_block_o    (block[128*Wide +: 128]),
    .aes_done_i     (done[Wide]),
    .aes_block_i    (result[128*Wide +: 128]),
    .error_o        (errors[2])
  );
  assign size256[Wide]          = ctr_size256_i;
  assign key[256*Wide +: 256]   = ctr_key_i;

  assign valid[Pins]            = valid_i;
  assign size256[Pins]          = block_size256_i;
  assign same_key[Pins]         = same_key_i;
  assign key[256*Pins +: 256]   = block_key_i;
  assign block[128*Pins +: 128] = block_i;
  assign ready_o                = ready[Pins];
  assign block_done_o           = done[Pins];
  assign block_o                = result[128*Pins +: 128];

  // ---- Lanes ----

  localparam int Lanes = 3;
  logic [Lanes-1:0]     lane_valid, lane_ready, lane_decrypt, lane_size256, lane_same, lane_done;
  logic [Lanes-1:0]     lane_taken, lane_error, lane_busy;
  logic [256*Lanes-1:0] lane_key;
  logic [128*Lanes-1:0] lane_block, lane_result;
  sdv_lanes #(.Clients(Clients), .Lanes(Lanes)) u_lanes (
    .clk_i           (clk_i),
    .rst_ni          (rst_ni),
    .wipe_i          (wipe_i),
    .valid_i         (valid),
    .ready_o         (ready),
    .decrypt_i       (5'd0),
    .size256_i       (size256),
    .same_key_i      (same_key),
    .key_i           (key),
    .block_i         (block),
    .done_o          (done),
    .block_o         (result),
    .lane_valid_o    (lane_valid),
    .lane_ready_i    (lane_ready & lanes_i),
    .lane_decrypt_o  (lane_decrypt),
    .lane_size256_o  (lane_size256),
    .lane_same_key_o (lane_same),
    .lane_key_o      (lane_key),
    .lane_block_o    (lane_block),
    .lane_valid_i    (lane_done),
    .lane_ready_o    (lane_taken),
    .lane_block_i    (lane_result),
    .error_o         (errors[3])
  );

  for (genvar l = 0; l < Lanes; l++) begin : g_lane
    logic [255:0] kept_q, believed;
    assign believed = lane_same[l] ? kept_q : lane_key[256*l +: 256];
    always_ff @(posedge clk_i or negedge rst_ni) begin
      if (!rst_ni) begin
        kept_q <= '0;
      end else if (wipe_i) begin
        kept_q <= '0;
      end else if (lane_valid[l]) begin
        kept_q <= believed;
      end
    end
    sdv_aes_member #(
      .Member((l == 2) ? sdv_spec_pkg::AES_ENC_BOTH_2_TABLE : sdv_spec_pkg::AES_ENC_BOTH_TABLE)
    ) u_core (
      .clk_i      (clk_i),
      .rst_ni     (rst_ni),
      .wipe_i     (wipe_i),
      .valid_i    (lane_valid[l]),
      .ready_o    (lane_ready[l]),
      .decrypt_i  (lane_decrypt[l]),
      .size256_i  (lane_size256[l]),
      .same_key_i (lane_same[l]),
      .key_i      (believed),
      .block_i    (lane_block[128*l +: 128]),
      .valid_o    (lane_done[l]),
      .ready_i    (lane_taken[l]),
      .block_o    (lane_result[128*l +: 128]),
      .busy_o     (lane_busy[l]),
      .error_o    (lane_error[l])
    );
  end

  logic unused;
  assign unused       = &lane_busy;
  assign lane_taken_o = lane_valid;
  assign errors[4]    = (lane_error != '0);
  assign error_o      = (errors != '0);

endmodule

`default_nettype wire
