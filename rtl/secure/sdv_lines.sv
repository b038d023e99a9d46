// SPDX-License-Identifier: Apache-2.0
//
// Lines of the EEPROM: reads all at power-up and finds out which copy holds,
// finds a license, lists lines, and commits a line, one job at a time.
//
// It decides nothing about licenses: what a line becomes, its caller says.
// Page: docs/rtl/sdv_lines.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_lines (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        boot_done_i,     // level: the word port is free
  output logic        ready_o,         // level: all lines have been read

  // jobs; operands hold until the answer
  input  logic        go_i,            // pulse
  input  logic [2:0]  op_i,            // sdv_pkg::LINES_...
  input  logic [8:0]  number_i,        // NEXT: first line to look at; commits: the line
  input  logic        live_i,          // FIND: live lines only
  input  logic [5:0]  slot_i,          // BODY
  input  logic        bank_i,
  input  logic        keep_i,
  input  logic        clear_tag_i,
  input  logic [31:0] spent_i,         // BODY, COUNTERS
  input  logic [31:0] made_i,
  output logic        done_o,          // pulse
  output logic        ok_o,            // with it: found, committed

  // the line at hand
  output logic [8:0]  number_o,
  output logic        defect_o,        // NEXT: it is
  input  logic [3:0]  idx_i,
  output logic [31:0] word_o,
  output logic [1:0]  state_o,
  output logic [5:0]  body_slot_o,
  output logic        body_bank_o,
  output logic [7:0]  flags_o,
  output logic [31:0] value_o,
  output logic [31:0] generation_o,
  output logic [31:0] spent_o,
  output logic [31:0] made_o,

  // what FIND saw on its way, when it found no line that it looked for
  output logic        free_o,          // there is a free line,
  output logic [7:0]  free_line_o,     // this is the lowest
  output logic [5:0]  slot_o,          // the lowest free slot
  output logic [6:0]  free_slots_o,
  output logic [8:0]  free_lines_o,
  output logic [2:0]  lifecycle_o,
  output logic [2:0]  defects_o,

  // work memory: a header
  output logic        work_o,
  output logic [6:0]  work_addr_o,
  input  logic [31:0] work_rdata_i,

  // word port
  output logic        word_req_o,
  output logic        word_we_o,
  output logic        word_hold_o,
  output logic [15:0] word_addr_o,
  output logic [31:0] word_wdata_o,
  input  logic        word_done_i,
  input  logic [31:0] word_rdata_i,

  output logic        busy_o,
  output logic        quiet_o
);

  localparam logic [1:0] IoRead    = 2'd0;
  localparam logic [1:0] IoWrite   = 2'd1;
  localparam logic [1:0] IoCompare = 2'd2;
  localparam logic [8:0] LastLine  = 9'(sdv_spec_pkg::VAULT_LINES_ALL - 1);
  localparam logic [8:0] LastEntry = 9'(sdv_spec_pkg::VAULT_LINES - 1);
  localparam logic [1:0] Free      = 2'(sdv_spec_pkg::VAULT_STATE_FREE);
  localparam logic [1:0] Live      = 2'(sdv_spec_pkg::VAULT_STATE_LIVE);
  localparam logic [3:0] LastWord  = 4'(sdv_spec_pkg::VAULT_LINE_WORDS - 2);

  typedef enum logic [3:0] {
    StBoot,    // until the word port is free
    StInit,    // read both copies of a line
    StKnow,    // into the directory
    StSettle,  // until the directory rests
    StIdle,
    StMark,    // FIND: the mark of the id looked for
    StScan,    // FIND, NEXT: a line of the directory
    StRead,    // the line it may be; the line to commit
    StSame,    // FIND: is it?
    StApply,   // commit: the line as it is to be
    StWrite,
    StCheck,   // read back
    StSet,     // into the directory
    StDone
  } state_e;

  state_e      state_q;
  logic        call_q;         // first clock of a state: call sdv_line
  logic [8:0]  line_q;
  logic        copy_q;         // power-up: the copy at hand; commit: the truth
  logic [4:0]  step_q;         // words of StMark, StSame, StApply, two clocks each
  logic [15:0] mark_q;
  logic        ok_q, again_q, defect_q, free_q;
  logic [7:0]  free_line_q;

  // Power-up: the better copy so far.
  logic        have_q, best_copy_q;
  logic [31:0] best_seq_q;
  logic [1:0]  best_state_q;
  logic [5:0]  best_slot_q;

  logic        io_done, io_ok, io_quiet, io_busy, dir_defect, dir_copy, dir_quiet, match, better;
  logic [1:0]  io_op, dir_state;
  logic [15:0] dir_mark, line_mark;
  logic [31:0] sequence_now, set_word;
  logic        set, finds, commits;

  assign finds   = (op_i == sdv_pkg::LINES_FIND);
  assign commits = !finds && (op_i != sdv_pkg::LINES_NEXT);
  assign match   = (dir_mark == mark_q) && !dir_defect &&
                   (live_i ? (dir_state == Live) : (dir_state != Free));
  assign better  = io_ok && (!have_q || `SDV_BREAK(257, sequence_now > best_seq_q,
                                                   sequence_now < best_seq_q));

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q      <= StBoot;
      call_q       <= 1'b0;
      line_q       <= '0;
      copy_q       <= 1'b0;
      step_q       <= '0;
      mark_q       <= '0;
      ok_q         <= 1'b0;
      again_q      <= 1'b0;
      defect_q     <= 1'b0;
      free_q       <= 1'b0;
      free_line_q  <= '0;
      have_q       <= 1'b0;
      best_copy_q  <= 1'b0;
      best_seq_q   <= '0;
      best_state_q <= '0;
      best_slot_q  <= '0;
    end else if (state_q == StIdle ? go_i : (state_q != StBoot || boot_done_i)) begin
      call_q <= 1'b0;
      step_q <= step_q + 5'd1;
      unique case (state_q)
        // StBoot: both copies of line 0.
        StBoot: begin
          state_q <= StInit;
          call_q  <= 1'b1;
        end
        // StInit: keep the better copy.
        StInit: begin
          if (io_done) begin
            if (better) begin
              have_q       <= 1'b1;
              best_copy_q  <= copy_q;
              best_seq_q   <= sequence_now;
              best_state_q <= state_o;
              best_slot_q  <= body_slot_o;
              mark_q       <= line_mark;
            end
            copy_q  <= !copy_q;
            call_q  <= !copy_q;
            state_q <= copy_q ? StKnow : StInit;
          end
        end
        // StKnow: the directory takes it.
        StKnow: begin
          have_q  <= 1'b0;
          line_q  <= line_q + 9'd1;
          call_q  <= (line_q != LastLine);
          state_q <= (line_q == LastLine) ? StSettle : StInit;
        end
        // StSettle: it looks for a free slot.
        StSettle: state_q <= dir_quiet ? StIdle : StSettle;
        // StIdle: a job.
        StIdle: begin
          step_q   <= '0;
          ok_q     <= 1'b0;
          again_q  <= 1'b0;
          free_q   <= 1'b0;
          mark_q   <= '0;
          line_q   <= finds ? 9'd0 : number_i;
          call_q   <= commits;
          state_q  <= finds ? StMark : (commits ? StRead : StScan);
        end
        // StMark: four words of the id, each one clock after its address.
        StMark: begin
          if (step_q[0]) begin
            mark_q <= mark_q ^ sdv_pkg::id_mark(work_rdata_i);
          end
          if (step_q == 5'd7) begin
            state_q <= StScan;
          end
        end
        // StScan: a line a clock.
        StScan: begin
          step_q   <= '0;
          defect_q <= dir_defect;
          copy_q   <= dir_copy;
          if (line_q > LastEntry) begin
            state_q <= StDone;
          end else if (finds ? match : (dir_state != Free && !dir_defect)) begin
            call_q  <= 1'b1;
            state_q <= StRead;
          end else if (!finds && dir_defect) begin
            ok_q    <= 1'b1;
            state_q <= StDone;
          end else begin
            line_q <= line_q + 9'd1;
          end
          if (!dir_defect && dir_state == Free && !free_q && line_q <= LastEntry) begin
            free_q      <= 1'b1;
            free_line_q <= line_q[7:0];
          end
        end
        // StRead: the copy that holds.
        StRead: begin
          step_q <= '0;
          if (commits && call_q) begin
            copy_q <= dir_copy;
            if (dir_defect) begin
              call_q  <= 1'b0;
              state_q <= StDone;
            end
          end
          if (io_done) begin
            ok_q    <= !finds && !commits;
            state_q <= finds ? StSame : (commits ? StApply : StDone);
          end
        end
        // StSame: four words of the id.
        StSame: begin
          if (step_q[0] && work_rdata_i != word_o) begin
            line_q  <= line_q + 9'd1;
            state_q <= StScan;
          end else if (step_q == 5'd7) begin
            ok_q    <= 1'b1;
            state_q <= StDone;
          end
        end
        // StApply: words 0 to 12.
        StApply: begin
          if (step_q == {LastWord, 1'b1}) begin
            call_q  <= 1'b1;
            state_q <= StWrite;
          end
        end
        // StWrite: the copy that does not hold.
        StWrite: begin
          if (io_done) begin
            call_q  <= 1'b1;
            state_q <= StCheck;
          end
        end
        // StCheck: read back; once more.
        StCheck: begin
          if (io_done) begin
            again_q <= 1'b1;
            if (`SDV_BREAK(258, io_ok, 1'b1)) begin
              state_q <= StSet;
            end else begin
              call_q  <= !again_q;
              state_q <= again_q ? StDone : StWrite;
            end
          end
        end
        // StSet: this is the commit, for the die.
        StSet: begin
          ok_q    <= 1'b1;
          state_q <= StDone;
        end
        // StDone: one pulse, when the directory rests.
        default: state_q <= dir_quiet ? StIdle : StDone;
      endcase
    end
  end

  // Word step_q[4:1] of the line to be; what comes from the work memory is there
  // in the second clock.
  logic [3:0] at;
  assign at = step_q[4:1];
  sdv_line_new u_new (
    .op_i        (op_i),
    .at_i        (at),
    .sequence_i  (sequence_now),
    .value_i     (value_o),
    .header_i    (work_rdata_i),
    .slot_i      (slot_i),
    .bank_i      (bank_i),
    .keep_i      (keep_i),
    .clear_tag_i (clear_tag_i),
    .spent_i     (spent_i),
    .made_i      (made_i),
    .set_o       (set),
    .word_o      (set_word)
  );

  // Words of the header: the id at 6, the generation at 10, the tag at 16.
  logic [3:0] id_word;
  assign id_word = (state_q == StApply) ? at : at + 4'd2;
  always_comb begin
    work_addr_o = 7'(id_word) + 7'd4;
    if (id_word >= 4'd11) begin
      work_addr_o = 7'(id_word) + 7'd5;
    end
  end
  assign work_o = (state_q == StMark) || (state_q == StSame) || (state_q == StApply);

  always_comb begin
    io_op = IoRead;
    if (state_q == StWrite) begin
      io_op = IoWrite;
    end else if (state_q == StCheck) begin
      io_op = IoCompare;
    end
  end

  logic io_copy;
  always_comb begin
    io_copy = copy_q;
    if (state_q == StWrite || state_q == StCheck) begin
      io_copy = `SDV_BREAK(259, !copy_q, copy_q);
    end else if (state_q == StRead && call_q) begin
      io_copy = dir_copy;
    end
  end

  sdv_line u_line (
    .clk_i        (clk_i),
    .rst_ni       (rst_ni),
    .go_i         (call_q && !(state_q == StRead && dir_defect)),
    .op_i         (io_op),
    .line_i       (line_q),
    .copy_i       (io_copy),
    .done_o       (io_done),
    .ok_o         (io_ok),
    .set_i        (set && state_q == StApply && step_q[0]),
    .set_idx_i    (at),
    .set_word_i   (set_word),
    .idx_i        ((state_q == StSame) ? id_word : idx_i),
    .word_o       (word_o),
    .sequence_o   (sequence_now),
    .state_o      (state_o),
    .slot_o       (body_slot_o),
    .bank_o       (body_bank_o),
    .flags_o      (flags_o),
    .value_o      (value_o),
    .mark_o       (line_mark),
    .generation_o (generation_o),
    .spent_o      (spent_o),
    .made_o       (made_o),
    .word_req_o   (word_req_o),
    .word_we_o    (word_we_o),
    .word_hold_o  (word_hold_o),
    .word_addr_o  (word_addr_o),
    .word_wdata_o (word_wdata_o),
    .word_done_i  (word_done_i),
    .word_rdata_i (word_rdata_i),
    .busy_o       (io_busy),
    .quiet_o      (io_quiet)
  );

  sdv_directory u_directory (
    .clk_i        (clk_i),
    .rst_ni       (rst_ni),
    .set_i        (state_q == StKnow || state_q == StSet),
    .first_i      (state_q == StKnow),
    .line_i       (line_q),
    .set_defect_i (state_q == StKnow && !have_q),
    .set_copy_i   ((state_q == StKnow) ? best_copy_q : !copy_q),
    .set_state_i  ((state_q == StKnow) ? best_state_q : state_o),
    .set_slot_i   ((state_q == StKnow) ? best_slot_q : body_slot_o),
    .set_mark_i   ((state_q == StKnow) ? mark_q : line_mark),
    .defect_o     (dir_defect),
    .copy_o       (dir_copy),
    .state_o      (dir_state),
    .mark_o       (dir_mark),
    .free_slots_o (free_slots_o),
    .free_lines_o (free_lines_o),
    .slot_o       (slot_o),
    .lifecycle_o  (lifecycle_o),
    .defects_o    (defects_o),
    .quiet_o      (dir_quiet)
  );

  logic waiting;
  assign waiting     = io_busy && !io_done && !call_q;
  assign ready_o     = (state_q >= StIdle);
  assign done_o      = (state_q == StDone) && dir_quiet;
  assign ok_o        = ok_q;
  assign number_o    = line_q;
  assign defect_o    = defect_q;
  assign free_o      = free_q;
  assign free_line_o = free_line_q;
  assign busy_o      = (state_q != StIdle);
  assign quiet_o     = io_quiet && dir_quiet &&
                       ((state_q == StBoot && !boot_done_i) || (state_q == StIdle) || waiting);

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (state_q <= StDone);
      assert (!go_i || state_q == StIdle);
      // SEC: the copy that holds is never written, and no defect line.
      assert (!(word_req_o && word_we_o) || (io_copy != dir_copy && !dir_defect));
      // SEC: only a commit writes.
      assert (!word_req_o || !word_we_o || state_q == StWrite);
      // A license line is committed by its own jobs only.
      assert (!(go_i && (op_i == sdv_pkg::LINES_BODY || op_i == sdv_pkg::LINES_COUNTERS)) ||
              number_i <= LastEntry);
      assert (!(go_i && (op_i == sdv_pkg::LINES_ACTIVE || op_i == sdv_pkg::LINES_COUNT)) ||
              number_i > LastEntry);
    end
  end
`endif

endmodule

`default_nettype wire
