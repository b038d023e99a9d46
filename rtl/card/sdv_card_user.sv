// SPDX-License-Identifier: Apache-2.0
//
// The user area: read, write and erase commands, and their way to the storage.
// Tokens and responses go the same way.
//
// Only plumbing: each part is a module.  No request formed here names another
// region than the user area.  Page: docs/rtl/sdv_card_user.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_card_user (
  input  logic              clk_i,
  input  logic              rst_ni,

  input  sdv_pkg::command_t command_i,
  input  logic [31:0]       cmd_count_i,   // of CMD23; 0: none
  input  logic [31:0]       cmd_sector_i,
  input  logic [8:0]        cmd_offset_i,  // byte in the sector
  input  logic [9:0]        cmd_len_i,     // bytes of a block that is read
  output sdv_pkg::erase_t   erase_o,
  output logic              sent_o,        // pulses: a read is complete
  output logic              taken_o,       // all data of a write is taken
  output logic              untaken_o,     // CMD24: its block is damaged
  output logic              range_error_o,
  output logic              addr_error_o,
  output logic              ecc_error_o,
  output logic              fail_o,        // storage failure of a program or an erase
  output logic              stored_o,      // levels: nothing is programmed or erased
  output logic              full_o,        // no buffer for data of the host
  input  logic              frame_i,       // a command is at hand
  input  logic [31:0]       blocks_i,      // of the user area
  input  logic              resp_busy_i,
  output logic [31:0]       written_o,     // ACMD22
  output logic [1:0]        pending_o,     // blocks taken and not yet programmed
  input  logic              token_i,       // the transfer is not one of the user area
  output logic              token_done_o,  // pulse: a block of a token is stored

  // data lines, and the buffers between them and the storage
  input  logic              dat_idle_i,
  output logic              read_active_o,
  output logic              tx_start_o,
  input  logic              tx_done_i,
  output logic [9:0]        tx_len_o,
  output logic [8:0]        tx_offset_o,
  input  logic              tx_avail_i,
  output logic              tx_release_o,
  output logic              rx_arm_o,
  input  logic              rx_done_i,
  input  logic              rx_ok_i,
  input  logic              rx_free_i,
  output logic              rx_commit_o,

  // storage
  output logic              send_o,
  output logic [2:0]        op_o,
  output logic [31:0]       addr_o,
  output logic [31:0]       count_o,
  input  logic              answer_i,
  input  logic [1:0]        answer_result_i,

  output logic              waiting_o,     // a request is on its way or being served
  output logic              rest_o,        // no register changes until an input does
  output logic              quiet_o        // and no output
);

  logic [2:0]  req, ack, done;
  logic        error, read_quiet, write_quiet;
  logic [2:0]  write_op, read_op;
  logic [31:0] write_sector, read_sector, erase_first, erase_count;
  logic        write_range, read_range, write_fail, erase_busy;

  sdv_card_read u_read (
    .clk_i         (clk_i),
    .rst_ni        (rst_ni),
    .start_i       (command_i.read),
    .multi_i       (command_i.multi),
    .count_i       (cmd_count_i),
    .sector_i      (cmd_sector_i),
    .offset_i      (cmd_offset_i),
    .len_i         (cmd_len_i),
    .abort_i       (command_i.stop),
    .blocks_i      (blocks_i),
    .token_i       (token_i),
    .req_o         (req[2]),
    .sector_o      (read_sector),
    .ack_i         (ack[2]),
    .done_i        (done[2]),
    .error_i       (error),
    .avail_i       (tx_avail_i),
    .release_o     (tx_release_o),
    .resp_busy_i   (resp_busy_i),
    .dat_idle_i    (dat_idle_i),
    .tx_start_o    (tx_start_o),
    .tx_done_i     (tx_done_i && read_active_o),
    .len_o         (tx_len_o),
    .offset_o      (tx_offset_o),
    .active_o      (read_active_o),
    .done_o        (sent_o),
    .range_error_o (read_range),
    .addr_error_o  (addr_error_o),
    .ecc_error_o   (ecc_error_o),
    .quiet_o       (read_quiet)
  );

  sdv_card_write u_write (
    .clk_i         (clk_i),
    .rst_ni        (rst_ni),
    .begin_i       (command_i.write_begin),
    .start_i       (command_i.write),
    .multi_i       (command_i.multi),
    .count_i       (cmd_count_i),
    .sector_i      (cmd_sector_i),
    .abort_i       (command_i.stop),
    .blocks_i      (blocks_i),
    .token_i       (token_i),
    .rx_arm_o      (rx_arm_o),
    .rx_done_i     (rx_done_i),
    .rx_ok_i       (rx_ok_i),
    .free_i        (rx_free_i),
    .commit_o      (rx_commit_o),
    .req_o         (req[0]),
    .op_o          (write_op),
    .sector_o      (write_sector),
    .ack_i         (ack[0]),
    .done_i        (done[0]),
    .error_i       (error),
    .last_o        (taken_o),
    .single_bad_o  (untaken_o),
    .range_error_o (write_range),
    .fail_o        (write_fail),
    .full_o        (full_o),
    .pending_o     (pending_o),
    .written_o     (written_o),
    .quiet_o       (write_quiet)
  );

  sdv_card_erase u_erase (
    .clk_i         (clk_i),
    .rst_ni        (rst_ni),
    .frame_i       (frame_i),
    .start_i       (command_i.erase_start),
    .end_i         (command_i.erase_end),
    .erase_i       (command_i.erase),
    .other_i       (command_i.erase_other),
    .reset_i       (command_i.go_idle),
    .sector_i      (cmd_sector_i),
    .bad_addr_i    (command_i.bad_addr),
    .seq_error_o   (erase_o.seq_error),
    .param_error_o (erase_o.param_error),
    .dropped_o     (erase_o.dropped),
    .used_o        (erase_o.used),
    .go_o          (erase_o.go),
    .req_o         (req[1]),
    .first_o       (erase_first),
    .count_o       (erase_count),
    .ack_i         (ack[1]),
    .done_i        (done[1]),
    .busy_o        (erase_busy)
  );

  sdv_card_port u_port (
    .clk_i           (clk_i),
    .rst_ni          (rst_ni),
    .req_i           (req),
    .program_op_i    (write_op),
    .program_addr_i  (write_sector),
    .erase_addr_i    (erase_first),
    .erase_count_i   (erase_count),
    .read_op_i       (read_op),
    .read_addr_i     (read_sector),
    .ack_o           (ack),
    .done_o          (done),
    .error_o         (error),
    .send_o          (send_o),
    .op_o            (op_o),
    .addr_o          (addr_o),
    .count_o         (count_o),
    .answer_i        (answer_i),
    .answer_result_i (answer_result_i),
    .waiting_o       (waiting_o)
  );

  assign read_op       = token_i ? sdv_pkg::REQ_TOKEN_OUT : {1'b0, sdv_spec_pkg::NVM_OP_READ};
  assign token_done_o  = done[0] && token_i;
  assign range_error_o = `SDV_BREAK(35, read_range || write_range, 1'b0);
  assign fail_o        = write_fail || (done[1] && error);
  assign stored_o      = (pending_o == '0) && !erase_busy;
  assign rest_o        = read_quiet && (req == '0) && !waiting_o && !send_o;
  assign quiet_o       = read_quiet && write_quiet && (req == '0);

endmodule

`default_nettype wire
