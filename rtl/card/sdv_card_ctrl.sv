// SPDX-License-Identifier: Apache-2.0
//
// Card state machine: runs valid commands, chooses responses, and follows the
// transfers.  Everything that a command looks at or changes meets here; the
// work is done by the modules beside it.  Page: docs/rtl/sdv_card_ctrl.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_card_ctrl #(
  parameter int ReadyPolls = 1
) (
  input  logic        clk_i,
  input  logic        rst_ni,

  // command line engine
  input  logic        frame_i,
  input  logic        crc_ok_i,
  input  logic [5:0]  index_i,
  input  logic [31:0] arg_i,
  output logic        resp_o,
  output logic        resp_long_o,
  output logic        resp_raw_o,
  output logic [31:0] resp_content_o,

  // the die
  input  logic        config_i,
  input  logic        high_capacity_i,
  input  logic [31:0] blocks_i,

  // transfers
  output sdv_pkg::command_t command_o,
  output logic [31:0] count_o,        // of CMD23; 0: none
  output logic [31:0] sector_o,
  output logic [8:0]  offset_o,       // byte in the sector
  output logic [9:0]  read_len_o,     // bytes of a block that is read
  input  sdv_pkg::erase_t   erase_i,

  // what becomes of the transfers: pulses, and two levels
  input  logic        sent_i,         // data to the host is complete
  input  logic        taken_i,        // data of the host is complete
  input  logic        untaken_i,      // CMD24: its block is damaged
  input  logic        range_error_i, addr_error_i, ecc_error_i, fail_i,
  input  logic        stored_i,       // nothing is being programmed or erased
  input  logic        full_i,         // no buffer for data of the host

  // the secure doors
  input  logic        assd_i,         // CMD6 opened the door of ASSD
  output logic        token_o,        // the transfer is not one of the user area
  input  logic        tx_done_i,      // pulse: a block is out
  input  logic        token_done_i,   // pulse: a block of a token is stored
  input  logic [1:0]  token_result_i,
  input  logic        running_i,      // a secure command is in progress; its response has
  input  logic        two_i,          // two blocks
  output logic        run_o,          // the same, as commands are told
  output logic        hold_o,         // CMD37 waits for its end

  output logic        settling_o,     // the state changes by itself
  output logic [3:0]  state_o,
  output logic        width4_o,
  output logic        pullup_o
);

  logic [3:0]  state_q, state_d;
  logic        app_q, width4_q, pullup_q, stop_q;
  logic [9:0]  blocklen_q;
  logic [31:0] count_q;

  logic        damaged, illegal, valid, acmd, deselect;
  logic [3:0]  next;
  logic [15:0] rca, next_rca;
  logic        if_ok, volt_refuse, ready;
  logic [31:0] ocr, status, found;

  sdv_card_decode u_decode (
    .frame_i    (frame_i),
    .crc_ok_i   (crc_ok_i),
    .index_i    (index_i),
    .arg_rca_i  (arg_i[31:16]),
    .state_i    (state_q),
    .rca_i      (rca),
    .app_i      (app_q),
    .assd_i     (assd_i),
    .stop_i     (stop_q),
    .damaged_o  (damaged),
    .illegal_o  (illegal),
    .valid_o    (valid),
    .acmd_o     (acmd),
    .deselect_o (deselect),
    .next_o     (next)
  );

  ////////////////////////
  // The command at hand //
  ////////////////////////

  // At most one is set, and only for the clock in which the command is offered;
  // all that follows from it stands idle in all other clocks.
  typedef struct packed {
    logic go_idle, cid, rca, switch_func, deselect, if_cond, csd, stop, status, inactive;
    logic blocklen, read, count, write, erase_start, erase_end, erase, app;
    logic width, ssr, written, op_cond, detect, scr;
    logic sec_read, sec_write, psi, control, gen;
  } op_t;
  op_t op;

  always_comb begin
    op = '0;
    if (valid && acmd) begin
      unique case (index_i)
        sdv_spec_pkg::ACMD_SET_BUS_WIDTH:       op.width   = 1'b1;
        sdv_spec_pkg::ACMD_SD_STATUS:           op.ssr     = 1'b1;
        sdv_spec_pkg::ACMD_SEND_NUM_WR_BLOCKS:  op.written = 1'b1;
        sdv_spec_pkg::ACMD_SD_SEND_OP_COND:     op.op_cond = 1'b1;
        sdv_spec_pkg::ACMD_SET_CLR_CARD_DETECT: op.detect  = 1'b1;
        sdv_spec_pkg::ACMD_SEND_SCR:            op.scr     = 1'b1;
        default: ;
      endcase
    end else if (valid) begin
      unique case (index_i)
        sdv_spec_pkg::CMD_GO_IDLE_STATE:      op.go_idle     = 1'b1;
        sdv_spec_pkg::CMD_ALL_SEND_CID,
        sdv_spec_pkg::CMD_SEND_CID:           op.cid         = 1'b1;
        sdv_spec_pkg::CMD_SEND_RELATIVE_ADDR: op.rca         = 1'b1;
        sdv_spec_pkg::CMD_SWITCH_FUNC:        op.switch_func = 1'b1;
        sdv_spec_pkg::CMD_SELECT_CARD:        op.deselect    = deselect;
        sdv_spec_pkg::CMD_SEND_IF_COND:       op.if_cond     = 1'b1;
        sdv_spec_pkg::CMD_SEND_CSD:           op.csd         = 1'b1;
        sdv_spec_pkg::CMD_STOP_TRANSMISSION:  op.stop        = 1'b1;
        sdv_spec_pkg::CMD_SEND_STATUS:        op.status      = 1'b1;
        sdv_spec_pkg::CMD_GO_INACTIVE_STATE:  op.inactive    = 1'b1;
        sdv_spec_pkg::CMD_SET_BLOCKLEN:       op.blocklen    = 1'b1;
        sdv_spec_pkg::CMD_READ_SINGLE_BLOCK,
        sdv_spec_pkg::CMD_READ_MULTIPLE_BLOCK: op.read       = 1'b1;
        sdv_spec_pkg::CMD_SET_BLOCK_COUNT:    op.count       = 1'b1;
        sdv_spec_pkg::CMD_WRITE_BLOCK,
        sdv_spec_pkg::CMD_WRITE_MULTIPLE_BLOCK: op.write     = 1'b1;
        sdv_spec_pkg::CMD_ERASE_WR_BLK_START: op.erase_start = 1'b1;
        sdv_spec_pkg::CMD_ERASE_WR_BLK_END:   op.erase_end   = 1'b1;
        sdv_spec_pkg::CMD_ERASE:              op.erase       = 1'b1;
        sdv_spec_pkg::CMD_APP_CMD:            op.app         = 1'b1;
        sdv_spec_pkg::CMD_READ_SEC_CMD:       op.sec_read    = 1'b1;
        sdv_spec_pkg::CMD_WRITE_SEC_CMD:      op.sec_write   = 1'b1;
        sdv_spec_pkg::CMD_SEND_PSI:           op.psi         = 1'b1;
        sdv_spec_pkg::CMD_CONTROL_ASSD_SYSTEM: op.control    = 1'b1;
        sdv_spec_pkg::CMD_GEN_CMD:            op.gen         = 1'b1;
        default: ;
      endcase
    end
  end

  ////////////////////////
  // Checks and refusals //
  ////////////////////////

  logic        len_error, addr_error, range_error, addressing, bad_addr, refused, bad_len, bad_width;
  logic [31:0] sector;
  logic [8:0]  offset;
  sdv_card_addr u_addr (
    .valid_i         (valid),
    .arg_i           (arg_i),
    .high_capacity_i (high_capacity_i),
    .blocks_i        (blocks_i),
    .blocklen_i      (blocklen_q),
    .read_i          (op.read),
    .write_i         (op.write),
    .sector_o        (sector),
    .offset_o        (offset),
    .len_error_o     (len_error),
    .addr_error_o    (addr_error),
    .range_error_o   (range_error)
  );

  logic        secure, sec_range, sec_error, sec_read, sec_write, sec_multi;
  logic [31:0] sec_count, sec_address;
  logic        stop;
  assign stop   = op.go_idle || op.stop || op.inactive || op.deselect;
  assign secure = op.sec_read || op.sec_write || op.psi || op.control || op.gen;
  sdv_card_assd u_assd (
    .clk_i          (clk_i),
    .rst_ni         (rst_ni),
    .read_i         (op.sec_read),
    .write_i        (op.sec_write),
    .psi_i          (op.psi),
    .control_i      (op.control),
    .gen_i          (op.gen),
    .reset_i        (op.go_idle),
    .user_i         ((op.read || op.write) && !bad_addr),
    .arg_i          (arg_i),
    .stop_i         (stop),
    .out_of_range_o (sec_range),
    .error_o        (sec_error),
    .read_o         (sec_read),
    .write_o        (sec_write),
    .multi_o        (sec_multi),
    .count_o        (sec_count),
    .address_o      (sec_address),
    .token_o        (token_o),
    .tx_done_i      (tx_done_i),
    .sent_i         (sent_i),
    .taken_i        (taken_i),
    .untaken_i      (untaken_i),
    .answer_i       (token_done_i),
    .result_i       (token_result_i),
    .running_i      (running_i),
    .two_i          (two_i),
    .run_o          (run_o),
    .hold_o         (hold_o)
  );

  always_comb begin
    found      = '0;
    addressing = 1'b0;
    bad_addr   = 1'b0;
    refused    = 1'b0;
    bad_len    = 1'b0;
    bad_width  = 1'b0;
    if (valid) begin
      addressing = op.read || op.write || erase_i.used;
      bad_addr   = len_error || addr_error || range_error;
      refused    = ((op.read || op.write) && bad_addr) || sec_range || sec_error;
      bad_len    = op.blocklen && (arg_i == '0 || arg_i > 32'd512);
      bad_width  = op.width && arg_i[0];
      found[sdv_spec_pkg::STATUS_OUT_OF_RANGE]    = (addressing && range_error) || bad_width ||
                                                    sec_range;
      found[sdv_spec_pkg::STATUS_ADDRESS_ERROR]   = addressing && addr_error;
      found[sdv_spec_pkg::STATUS_BLOCK_LEN_ERROR] = (addressing && len_error) || bad_len;
      found[sdv_spec_pkg::STATUS_ERROR]           = sec_error;
      found[sdv_spec_pkg::STATUS_ERASE_SEQ_ERROR] = erase_i.seq_error;
      found[sdv_spec_pkg::STATUS_ERASE_PARAM]     = erase_i.param_error;
      found[sdv_spec_pkg::STATUS_ERASE_RESET]     = erase_i.dropped;
    end
  end

  logic        failed;
  logic [31:0] exec;
  assign failed = range_error_i || addr_error_i || ecc_error_i || fail_i;
  always_comb begin
    exec = '0;
    if (failed) begin
      exec[sdv_spec_pkg::STATUS_OUT_OF_RANGE]    = range_error_i;
      exec[sdv_spec_pkg::STATUS_ADDRESS_ERROR]   = addr_error_i;
      exec[sdv_spec_pkg::STATUS_CARD_ECC_FAILED] = ecc_error_i;
      exec[sdv_spec_pkg::STATUS_ERROR]           = `SDV_BREAK(32, fail_i, 1'b0);
    end
  end

  ///////////////
  // Responses //
  ///////////////

  logic is_long, is_r1;
  always_comb begin
    is_long        = 1'b0;
    is_r1          = 1'b0;
    resp_o         = 1'b0;
    resp_content_o = '0;
    if (valid) begin
      is_long = op.cid || op.csd;
      is_r1   = !(is_long || op.rca || op.if_cond || op.op_cond || op.go_idle ||
                  op.inactive || op.deselect);
      resp_o  = is_r1 || is_long || op.rca || (op.if_cond && if_ok) ||
                (op.op_cond && !volt_refuse);
      resp_content_o = status;
      if (op.rca) begin
        resp_content_o = {next_rca, status[23:22], status[19], status[12:0]};
      end else if (op.if_cond) begin
        resp_content_o = {20'd0, arg_i[11:0]};
      end else if (op.op_cond) begin
        resp_content_o = ocr;
      end
    end
  end
  assign resp_long_o = is_long;
  assign resp_raw_o  = op.op_cond;

  sdv_card_status u_status (
    .clk_i     (clk_i),
    .rst_ni    (rst_ni),
    .frame_i   (frame_i),
    .damaged_i (damaged),
    .illegal_i (illegal),
    .valid_i   (valid),
    .reset_i   (op.go_idle),
    .told_i    (is_r1),
    .app_i     (op.app || acmd),
    .found_i   (found),
    .failed_i  (failed),
    .exec_i    (exec),
    .state_i   (state_q),
    .ready_i   (state_q != sdv_spec_pkg::ST_PRG && state_q != sdv_spec_pkg::ST_DIS &&
                !(state_q == sdv_spec_pkg::ST_RCV && full_i)),
    .status_o  (status)
  );

  sdv_card_ident #(.ReadyPolls(ReadyPolls)) u_ident (
    .clk_i           (clk_i),
    .rst_ni          (rst_ni),
    .frame_i         (frame_i),
    .reset_i         (op.go_idle),
    .if_cond_i       (op.if_cond),
    .op_cond_i       (op.op_cond),
    .new_rca_i       (op.rca),
    .arg_i           (arg_i),
    .config_i        (config_i),
    .high_capacity_i (high_capacity_i),
    .idle_i          (stored_i),
    .if_ok_o         (if_ok),
    .refuse_o        (volt_refuse),
    .ready_o         (ready),
    .ocr_o           (ocr),
    .rca_o           (rca),
    .next_rca_o      (next_rca)
  );

  ///////////
  // State //
  ///////////

  // What the transfers do to the state, then what the command does.
  logic storing, settling, moved;
  assign storing  = (state_q == sdv_spec_pkg::ST_PRG) || (state_q == sdv_spec_pkg::ST_DIS);
  assign settling = storing && stored_i;
  assign moved    = frame_i || sent_i || taken_i || untaken_i || settling;
  always_comb begin
    state_d = state_q;
    if (moved) begin
      unique case (state_q)
        // ST_DATA: all is sent.
        sdv_spec_pkg::ST_DATA: if (sent_i) state_d = sdv_spec_pkg::ST_TRAN;
        // ST_RCV: all is taken, or the only block was damaged.
        sdv_spec_pkg::ST_RCV: begin
          if (taken_i) state_d = sdv_spec_pkg::ST_PRG;
          if (untaken_i) state_d = sdv_spec_pkg::ST_TRAN;
        end
        // ST_PRG, ST_DIS: all is stored.
        sdv_spec_pkg::ST_PRG: if (stored_i) state_d = sdv_spec_pkg::ST_TRAN;
        sdv_spec_pkg::ST_DIS: if (stored_i) state_d = sdv_spec_pkg::ST_STBY;
        default: ;
      endcase
      if (valid && next != state_q) begin
        state_d = `SDV_BREAK(33, next, op.stop ? state_q : next);
        if (refused || (op.erase && !erase_i.go)) begin
          state_d = sdv_spec_pkg::ST_TRAN;
        end else if (sec_write) begin
          state_d = sdv_spec_pkg::ST_RCV;
        end else if (op.op_cond && volt_refuse) begin
          state_d = sdv_spec_pkg::ST_INA;
        end else if (op.op_cond && !ready) begin
          state_d = sdv_spec_pkg::ST_IDLE;
        end
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q    <= sdv_spec_pkg::ST_IDLE;
      app_q      <= 1'b0;
      width4_q   <= 1'b0;
      pullup_q   <= 1'b1;
      stop_q     <= 1'b0;
      blocklen_q <= 10'd512;
      count_q    <= '0;
    end else if (moved) begin
      state_q <= state_d;
      if (valid) begin
        app_q   <= op.app;
        count_q <= op.count ? arg_i : 32'd0;
        stop_q  <= op.sec_read || op.sec_write || op.psi ||
                   (stop_q && (op.status || (op.stop && state_q == sdv_spec_pkg::ST_TRAN)));
      end else if (illegal) begin
        app_q <= 1'b0;
      end
      if (op.blocklen && !bad_len) begin
        blocklen_q <= arg_i[9:0];
      end
      if (op.width && !bad_width) begin
        width4_q <= arg_i[1];
      end
      if (op.detect) begin
        pullup_q <= arg_i[0];
      end
      if (op.go_idle) begin
        width4_q   <= 1'b0;
        blocklen_q <= 10'd512;
      end
    end
  end

  ///////////////
  // Transfers //
  ///////////////

  always_comb begin
    command_o = '0;
    if (valid) begin
      command_o.go_idle     = op.go_idle;
      command_o.stop        = stop;
      command_o.read        = (op.read && !refused) || sec_read;
      command_o.write_begin = op.write;
      command_o.write       = (op.write && !refused) || sec_write;
      command_o.multi       = (index_i == sdv_spec_pkg::CMD_READ_MULTIPLE_BLOCK) ||
                              (index_i == sdv_spec_pkg::CMD_WRITE_MULTIPLE_BLOCK) || sec_multi;
      command_o.switch_ask  = op.switch_func;
      command_o.regs        = op.scr || op.ssr || op.written || op.switch_func;
      command_o.regs_kind   = op.scr ? 2'd0 : op.ssr ? 2'd1 : op.written ? 2'd2 : 2'd3;
      command_o.long_csd    = op.csd;
      command_o.erase_start = op.erase_start;
      command_o.erase_end   = op.erase_end;
      command_o.erase       = op.erase;
      command_o.erase_other = !(op.status || op.erase_start || op.erase_end || op.erase);
      command_o.bad_addr    = bad_addr;
    end
  end

  // Where the transfer begins: in the user area, or what is asked for.
  always_comb begin
    count_o    = `SDV_BREAK(34, count_q, 32'd0);
    sector_o   = sector;
    offset_o   = offset;
    read_len_o = high_capacity_i ? 10'd512 : blocklen_q;
    if (secure) begin
      count_o    = sec_count;
      sector_o   = sec_address;
      offset_o   = 9'd0;
      read_len_o = (op.psi && blocklen_q == 10'(sdv_spec_pkg::ASSD_PSI_BYTES)) ?
                   blocklen_q : 10'd512;
    end
  end

  assign settling_o = settling;
  assign state_o  = state_q;
  assign width4_o = width4_q;
  assign pullup_o = pullup_q;

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (state_q <= sdv_spec_pkg::ST_INA);
      // Inactive is for ever, and silent.
      assert (state_q != sdv_spec_pkg::ST_INA || !resp_o);
      // Nothing is answered that was not valid.
      assert (!resp_o || valid);
      // Data only moves in its states.
      assert (!(command_o.read || command_o.regs) || state_d == sdv_spec_pkg::ST_DATA);
      assert (!command_o.write || state_d == sdv_spec_pkg::ST_RCV);
    end
  end
`endif

endmodule

`default_nettype wire
