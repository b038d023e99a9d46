// SPDX-License-Identifier: Apache-2.0
//
// Proof of sdv_blkbuf: no half ever belongs to both sides, every block arrives
// once, whole and in order, none is lost, and a half stands still for an edge
// of the side that gets it before that side may touch it.
//
// Assumed: nobody touches a half that is not his.  One word, whichever it is,
// stands for all.  Breaks: 1010 the writer, 1011 the reader does not look.
// Page: docs/formal.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_proof_blkbuf (
  input logic        rst_ni,
  input logic        wr_clk_i,
  input logic        wr_go_i,
  input logic        wr_we_i,
  input logic [6:0]  wr_idx_i,
  input logic [31:0] wr_data_i,
  input logic        wr_commit_i,
  input logic        rd_clk_i,
  input logic        rd_go_i,
  input logic [6:0]  rd_idx_i,
  input logic        rd_release_i
);

  logic        wr_rst_n, wr_rises, rd_rst_n, rd_rises;
  logic        free, avail;
  logic [31:0] rd_data;

  sdv_proof_reset u_wr_reset (.rst_ni, .go_i(wr_go_i), .rst_no(wr_rst_n));
  sdv_proof_reset u_rd_reset (.rst_ni, .go_i(rd_go_i), .rst_no(rd_rst_n));
  sdv_proof_edge u_wr_edge (.clk_i(wr_clk_i), .rises_o(wr_rises));
  sdv_proof_edge u_rd_edge (.clk_i(rd_clk_i), .rises_o(rd_rises));

  sdv_blkbuf dut (
    .wr_clk_i,
    .wr_rst_ni    (wr_rst_n),
    .wr_free_o    (free),
    .wr_we_i,
    .wr_idx_i,
    .wr_data_i,
    .wr_commit_i,
    .rd_clk_i,
    .rd_rst_ni    (rd_rst_n),
    .rd_avail_o   (avail),
    .rd_idx_i,
    .rd_data_o    (rd_data),
    .rd_release_i
  );

  (* hierconn *) logic [6:0] \dut.watch_idx ;
  logic [6:0] idx;
  assign idx = \dut.watch_idx ;

  // What happens in this step; `_q` is as of the step before.
  logic        we_q, commit_q, release_q, avail_q, wr_rst_nq, rd_rst_nq;
  logic [6:0]  wr_idx_q, rd_idx_q;
  logic [31:0] wr_data_q, rd_data_q;
  logic        wrote, committed, released;

  assign wrote     = wr_rises && we_q && wr_idx_q == idx;  // whatever reset does
  assign committed = wr_rises && commit_q && wr_rst_n;
  assign released  = rd_rises && release_q && rd_rst_n;

  // The queue as it should be.
  logic [1:0]  full_d, full_q;              // blocks the reader has not given back
  logic        put_d, put_q, get_d, get_q;  // half that is written, and read next
  logic [31:0] word0_d, word0_q, word1_d, word1_q;
  logic [1:0]  known_d, known_q;            // the word of that half was written
  logic [2:0]  given0_d, given0_q, given1_d, given1_q;  // edges since a half changed hands

  // Edges of the side that gets a half.
  function automatic logic [2:0] count(input logic [2:0] old, input logic owner_reads,
                                       input logic wr_edge, input logic rd_edge);
    count = old;
    if ((owner_reads ? rd_edge : wr_edge) && old != 3'd7) begin
      count = old + 3'd1;
    end
  endfunction

  // Whether the reader owns a half, or gets it.
  logic own0_q, own1_q;
  assign own0_q = (full_q == 2'd2) || (full_q == 2'd1 && !get_q);
  assign own1_q = (full_q == 2'd2) || (full_q == 2'd1 && get_q);

  always_comb begin
    full_d   = full_q + {1'b0, committed} - {1'b0, released};
    put_d    = put_q ^ committed;
    get_d    = get_q ^ released;
    word0_d  = (wrote && !put_q) ? wr_data_q : word0_q;
    word1_d  = (wrote && put_q) ? wr_data_q : word1_q;
    known_d  = known_q | {wrote && put_q, wrote && !put_q};
    given0_d = count(given0_q, own0_q, wr_rises && wr_rst_n && wr_rst_nq,
                     rd_rises && rd_rst_n && rd_rst_nq);
    given1_d = count(given1_q, own1_q, wr_rises && wr_rst_n && wr_rst_nq,
                     rd_rises && rd_rst_n && rd_rst_nq);
    if ((committed && !put_q) || (released && !get_q)) begin
      given0_d = 3'd0;
    end
    if ((committed && put_q) || (released && get_q)) begin
      given1_d = 3'd0;
    end
    if (!rst_ni) begin
      full_d   = 2'd0;
      put_d    = 1'b0;
      get_d    = 1'b0;
      given0_d = 3'd7;
      given1_d = 3'd7;
    end
  end

  initial begin
    full_q   = 2'd0;
    put_q    = 1'b0;
    get_q    = 1'b0;
    known_q  = 2'b00;
    given0_q = 3'd7;
    given1_q = 3'd7;
  end

  always_ff @($global_clock) begin
    we_q      <= wr_we_i;
    wr_idx_q  <= wr_idx_i;
    wr_data_q <= wr_data_i;
    commit_q  <= wr_commit_i;
    release_q <= rd_release_i;
    avail_q   <= avail;
    rd_idx_q  <= rd_idx_i;
    rd_data_q <= rd_data;
    wr_rst_nq <= wr_rst_n;
    rd_rst_nq <= rd_rst_n;
    full_q    <= full_d;
    put_q     <= put_d;
    get_q     <= get_d;
    word0_q   <= word0_d;
    word1_q   <= word1_d;
    known_q   <= known_d;
    given0_q  <= given0_d;
    given1_q  <= given1_d;
  end

  logic [2:0] wr_given, rd_given;   // of the half at hand
  assign wr_given = put_d ? given1_d : given0_d;
  assign rd_given = get_d ? given1_d : given0_d;

  always_comb begin
    assume (wr_rst_n || !(wr_we_i || wr_commit_i));
    assume (rd_rst_n || !rd_release_i);
    assume (free || !(wr_we_i || wr_commit_i) || `SDV_BREAK(1010, 1'b0, 1'b1));
    assume (avail || !rd_release_i || `SDV_BREAK(1011, 1'b0, 1'b1));

    // Never both.
    assert (full_d <= 2'd2);
    assert (!free || full_d != 2'd2);
    assert (!avail || full_d != 2'd0);
    assert (!(free && avail && put_d == get_d));
    // Whole, in order, once.
    if (avail && rd_idx_i == idx && known_d[get_d]) begin
      assert (rd_data == (get_d ? word1_d : word0_d));
    end
    // Not before it has stood still.
    assert (!free || wr_given >= 3'd2);
    assert (!avail || rd_given >= 3'd2);
    // Not lost.
    assert (free || full_d == 2'd2 || wr_given < 3'd3 || !wr_rst_n);
    assert (avail || full_d == 2'd0 || rd_given < 3'd3 || !rd_rst_n);

    cover (full_d == 2'd2 && avail);
    cover (released && get_q && known_q == 2'b11 && word0_q != word1_q);
  end

`ifndef SDV_SABOTAGE
  // What the induction needs to know; a twin must fail by a property.
  (* hierconn *) logic \dut.wr_half_q , \dut.rd_half_q ;
  (* hierconn *) logic [1:0] \dut.wr_own_q , \dut.rd_own_q ;
  (* hierconn *) logic [1:0] \dut.u_to_reader.meta_q , \dut.u_to_reader.sync_q ;
  (* hierconn *) logic [1:0] \dut.u_to_writer.meta_q , \dut.u_to_writer.sync_q ;
  (* hierconn *) logic [31:0] \dut.watch_0 , \dut.watch_1 ;
  logic [1:0] wr_own, rd_own, to_rd_meta, to_rd, to_wr_meta, to_wr, reads;
  assign wr_own     = \dut.wr_own_q ;
  assign rd_own     = \dut.rd_own_q ;
  assign to_rd_meta = \dut.u_to_reader.meta_q ;
  assign to_rd      = \dut.u_to_reader.sync_q ;
  assign to_wr_meta = \dut.u_to_writer.meta_q ;
  assign to_wr      = \dut.u_to_writer.sync_q ;
  assign reads      = wr_own ^ rd_own;

  // One half.
  sdv_proof_half u_half0 (
    .reads_i(reads[0]), .given_i(given0_d), .wr_rst_ni(wr_rst_n), .rd_rst_ni(rd_rst_n),
    .wr_own_i(wr_own[0]), .rd_own_i(rd_own[0]), .to_rd_meta_i(to_rd_meta[0]),
    .to_rd_i(to_rd[0]), .to_wr_meta_i(to_wr_meta[0]), .to_wr_i(to_wr[0])
  );
  sdv_proof_half u_half1 (
    .reads_i(reads[1]), .given_i(given1_d), .wr_rst_ni(wr_rst_n), .rd_rst_ni(rd_rst_n),
    .wr_own_i(wr_own[1]), .rd_own_i(rd_own[1]), .to_rd_meta_i(to_rd_meta[1]),
    .to_rd_i(to_rd[1]), .to_wr_meta_i(to_wr_meta[1]), .to_wr_i(to_wr[1])
  );

  always_comb begin
    assert (put_d == \dut.wr_half_q );
    assert (get_d == \dut.rd_half_q );
    assert (full_d == {1'b0, reads[0]} + {1'b0, reads[1]});
    assert ((put_d ^ get_d) == full_d[0]);
    assert (full_d != 2'd1 || reads[get_d]);
    assert (!known_d[0] || word0_d == \dut.watch_0 );
    assert (!known_d[1] || word1_d == \dut.watch_1 );
  end
`endif

endmodule

`default_nettype wire
