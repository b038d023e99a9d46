// SPDX-License-Identifier: Apache-2.0
//
// Two SIV engines and a random generator that share lanes: one opens licenses
// while the other seals them.
//
// The lanes are all of one member.  Nothing else of the card is here.
// Page: docs/crypto.md
`default_nettype none

module sdv_report_licenses #(
  parameter int Member = 0,
  parameter int Lanes  = 1
) (
  input  logic         clk_i,
  input  logic         rst_ni,
  input  logic [511:0] key_i,
  input  logic         size256_i,
  input  logic         new_key_i,

  // engines, number 0 in the lowest bits
  input  logic [1:0]   start_i,
  input  logic [3:0]   op_i,
  input  logic [15:0]  addr_i,
  input  logic [19:0]  len_i,
  input  logic [15:0]  tag_addr_i,
  output logic [1:0]   done_o,
  output logic [1:0]   ok_o,
  output logic [15:0]  mem_addr_o,
  output logic [1:0]   mem_we_o,
  output logic [15:0]  mem_waddr_o,
  output logic [63:0]  mem_wdata_o,
  input  logic [63:0]  mem_rdata_i,

  // random generator
  input  logic         seed_i,
  input  logic         draw_i,
  input  logic         entropy_valid_i,
  input  logic [31:0]  entropy_i,
  output logic         drawn_o,

  output logic         error_o
);

  // Clients: MAC and CTR of each engine, then the generator.
  localparam int Clients = 5;

  logic [Clients-1:0]     valid, ready, same_key, done;
  logic [256*Clients-1:0] keys;
  logic [128*Clients-1:0] blocks, results;
  logic [1:0]             siv_error, siv_busy;
  logic                   lanes_error, drbg_error, unused;

  for (genvar e = 0; e < 2; e++) begin : g_engine
    sdv_siv u_siv (
      .clk_i          (clk_i),
      .rst_ni         (rst_ni),
      .wipe_i         (1'b0),
      .start_i        (start_i[e]),
      .op_i           (op_i[2*e +: 2]),
      .key_i          (key_i),
      .size256_i      (size256_i),
      .addr_i         (addr_i[8*e +: 8]),
      .len_i          (len_i[10*e +: 10]),
      .tag_addr_i     (tag_addr_i[8*e +: 8]),
      .new_key_i      (new_key_i),
      .restart_i      (1'b0),
      .busy_o         (siv_busy[e]),
      .done_o         (done_o[e]),
      .ok_o           (ok_o[e]),
      .mem_addr_o     (mem_addr_o[8*e +: 8]),
      .mem_rdata_i    (mem_rdata_i[32*e +: 32]),
      .mem_we_o       (mem_we_o[e]),
      .mem_waddr_o    (mem_waddr_o[8*e +: 8]),
      .mem_wdata_o    (mem_wdata_o[32*e +: 32]),
      .mac_valid_o    (valid[2*e]),
      .mac_ready_i    (ready[2*e]),
      .mac_same_key_o (same_key[2*e]),
      .mac_key_o      (keys[512*e +: 256]),
      .mac_block_o    (blocks[256*e +: 128]),
      .mac_done_i     (done[2*e]),
      .mac_block_i    (results[256*e +: 128]),
      .ctr_valid_o    (valid[2*e + 1]),
      .ctr_ready_i    (ready[2*e + 1]),
      .ctr_same_key_o (same_key[2*e + 1]),
      .ctr_key_o      (keys[512*e + 256 +: 256]),
      .ctr_block_o    (blocks[256*e + 128 +: 128]),
      .ctr_done_i     (done[2*e + 1]),
      .ctr_block_i    (results[256*e + 128 +: 128]),
      .error_o        (siv_error[e])
    );
  end

  logic [127:0] random;
  logic         seeded, entropy_req, drbg_busy;
  sdv_drbg u_drbg (
    .clk_i           (clk_i),
    .rst_ni          (rst_ni),
    .wipe_i          (1'b0),
    .seed_i          (seed_i),
    .pers_i          (32'd0),
    .req_i           (draw_i),
    .busy_o          (drbg_busy),
    .seeded_o        (seeded),
    .done_o          (drawn_o),
    .random_o        (random),
    .entropy_valid_i (entropy_valid_i),
    .entropy_i       (entropy_i),
    .entropy_req_o   (entropy_req),
    .aes_valid_o     (valid[4]),
    .aes_ready_i     (ready[4]),
    .aes_same_key_o  (same_key[4]),
    .aes_key_o       (keys[1024 +: 256]),
    .aes_block_o     (blocks[512 +: 128]),
    .aes_done_i      (done[4]),
    .aes_block_i     (results[512 +: 128]),
    .error_o         (drbg_error)
  );

  logic [Lanes-1:0]     lane_valid, lane_ready, lane_decrypt, lane_size256, lane_same_key;
  logic [Lanes-1:0]     lane_done, lane_taken, lane_busy, lane_error;
  logic [256*Lanes-1:0] lane_key;
  logic [128*Lanes-1:0] lane_block, lane_result;
  sdv_lanes #(.Clients(Clients), .Lanes(Lanes)) u_lanes (
    .clk_i           (clk_i),
    .rst_ni          (rst_ni),
    .wipe_i          (1'b0),
    .valid_i         (valid),
    .ready_o         (ready),
    .decrypt_i       (5'd0),
    .size256_i       ({1'b1, {4{size256_i}}}),
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

  for (genvar l = 0; l < Lanes; l++) begin : g_lane
    sdv_aes_member #(.Member(Member)) u_aes (
      .clk_i      (clk_i),
      .rst_ni     (rst_ni),
      .wipe_i     (1'b0),
      .valid_i    (lane_valid[l]),
      .decrypt_i  (lane_decrypt[l]),
      .size256_i  (lane_size256[l]),
      .same_key_i (lane_same_key[l]),
      .key_i      (lane_key[256*l +: 256]),
      .block_i    (lane_block[128*l +: 128]),
      .ready_i    (lane_taken[l]),
      .ready_o    (lane_ready[l]),
      .valid_o    (lane_done[l]),
      .block_o    (lane_result[128*l +: 128]),
      .busy_o     (lane_busy[l]),
      .error_o    (lane_error[l])
    );
  end

  assign unused  = &{random, seeded, entropy_req, drbg_busy, siv_busy, lane_busy};
  assign error_o = lanes_error || drbg_error || (siv_error != '0) || (lane_error != '0);

endmodule

`default_nettype wire
