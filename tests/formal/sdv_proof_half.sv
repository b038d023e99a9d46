// SPDX-License-Identifier: Apache-2.0
//
// What is always true of the toggles of one half of sdv_blkbuf, as far as its
// synchronizers have followed them.
//
// For the induction of sdv_proof_blkbuf.  Page: docs/formal.md
`default_nettype none

module sdv_proof_half (
  input logic       reads_i,        // the half is the reader's
  input logic [2:0] given_i,        // edges of its owner since it became so
  input logic       wr_rst_ni,
  input logic       rd_rst_ni,
  input logic       wr_own_i,
  input logic       rd_own_i,
  input logic       to_rd_meta_i,
  input logic       to_rd_i,
  input logic       to_wr_meta_i,
  input logic       to_wr_i
);

  always_comb begin
    if (reads_i) begin
      // The writer has seen that it was free; the reader is about to see it.
      assert (to_wr_meta_i == rd_own_i && to_wr_i == rd_own_i);
      assert (to_rd_meta_i == rd_own_i || given_i >= 3'd1);
      assert (to_rd_i == rd_own_i || (given_i >= 3'd2 && to_rd_meta_i == wr_own_i));
      assert (given_i < 3'd2 || to_rd_meta_i == wr_own_i);
      assert (given_i < 3'd3 || to_rd_i == wr_own_i);
      assert (rd_rst_ni || given_i == 3'd0);
    end else begin
      assert (to_rd_meta_i == wr_own_i && to_rd_i == wr_own_i);
      assert (to_wr_meta_i != rd_own_i || to_wr_i == rd_own_i || given_i >= 3'd1);
      assert (to_wr_meta_i != rd_own_i || given_i >= 3'd1);
      assert (to_wr_i != rd_own_i || (given_i >= 3'd2 && to_wr_meta_i == rd_own_i));
      assert (given_i < 3'd2 || to_wr_meta_i == rd_own_i);
      assert (given_i < 3'd3 || to_wr_i == rd_own_i);
    end
    assert (wr_rst_ni || (!wr_own_i && !to_wr_meta_i && !to_wr_i));
    assert (rd_rst_ni || (!rd_own_i && !to_rd_meta_i && !to_rd_i));
  end

endmodule

`default_nettype wire
