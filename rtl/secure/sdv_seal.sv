// SPDX-License-Identifier: Apache-2.0
//
// Sealing service: opens the sealed license in the work memory, or writes what
// is new into its header and record and seals it, with the keys of sdv_crypto.
//
// The purpose in the header chooses the key.  It does not know commands.
// Page: docs/rtl/sdv_seal.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_seal (
  input  logic         clk_i,
  input  logic         rst_ni,

  // requests; operands hold until the answer
  input  logic         go_i,            // pulse
  input  logic         seal_i,          // else open
  input  logic         store_i,         // open: a body at rest; seal: for rest, else a backup
  input  logic         fields_i,        // open: keep the fields below
  input  logic [31:0]  spent_i,         // seal: fields of the record
  input  logic [31:0]  made_i,
  output logic         done_o,          // pulse
  output logic [15:0]  sw_o,            // with it
  input  logic         wiped_i,         // pulse: the work memory is zeros
  output logic         plain_o,         // the work memory holds plain text

  // what the license says that was opened last with fields_i
  output logic         issue_o,
  output logic         bound_o,
  output logic [31:0]  generation_o,
  output logic [31:0]  uses_o,
  output logic [31:0]  spent_o,
  output logic [2:0]   flags_o,
  output logic [31:0]  exports_o,
  output logic [31:0]  made_o,

  input  logic [63:0]  medium_id_i,
  output logic [3:0]   line_idx_o,      // the line at hand
  input  logic [31:0]  line_word_i,

  // work memory, after the header rules
  output logic         work_o,
  output logic [6:0]   work_addr_o,
  output logic         work_we_o,
  output logic [31:0]  work_wdata_o,
  output logic         header_o,
  output logic [6:0]   header_addr_o,
  input  logic [31:0]  work_rdata_i,

  // random bytes
  output logic         random_go_o,
  input  logic         random_done_i,
  input  logic         random_ok_i,
  input  logic [127:0] random_i,

  // sdv_crypto
  output logic         crypto_start_o,
  output logic [2:0]   crypto_op_o,
  output logic [2:0]   crypto_label_o,
  output logic         crypto_suite2_o,
  output logic [7:0]   crypto_binding_o,
  output logic [63:0]  crypto_apparatus_id_o,
  output logic [7:0]   crypto_addr_o,
  output logic [9:0]   crypto_len_o,
  input  logic         crypto_done_i,
  input  logic         crypto_ok_i,
  input  logic         crypto_error_i,  // level: the crypto is damaged

  output logic         quiet_o
);

  localparam logic [1:0] Issue  = 2'(sdv_spec_pkg::VAULT_PURPOSE_ISSUE);
  localparam logic [1:0] Backup = 2'(sdv_spec_pkg::VAULT_PURPOSE_BACKUP);
  localparam logic [1:0] Store  = 2'(sdv_spec_pkg::VAULT_PURPOSE_STORE);

  typedef enum logic [3:0] {
    StIdle,
    StHeader,  // open: the header rules
    StPatch,   // seal: what is new, but for the salt
    StRandom,  // seal: the salt
    StSalt,
    StDerive,
    StAd,      // the header is sealed, too
    StText,
    StFields,  // open: fields of the record
    StDone
  } state_e;

  state_e      state_q;
  logic        call_q;     // first clock of a state
  logic [2:0]  step_q;
  logic [15:0] sw_q;
  logic        plain_q;

  // What the header says, or is to say.
  logic        suite2_q, bound_q, issue_q, was_bound_q;
  logic [1:0]  purpose_q;
  logic [63:0] app_q;

  logic [31:0] uses_q, spent_q, exports_q, made_q, rec_app_hi_q, rec_app_lo_q;
  logic [2:0]  flags_q;

  logic        head_done, head_quiet, head_suite2, head_bound;
  logic [1:0]  head_purpose;
  logic [15:0] head_sw;
  logic [63:0] head_app, rec_app;
  assign rec_app = {rec_app_hi_q, rec_app_lo_q};

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q      <= StIdle;
      call_q       <= 1'b0;
      step_q       <= '0;
      sw_q         <= sdv_spec_pkg::SW_OK;
      suite2_q     <= 1'b0;
      bound_q      <= 1'b0;
      issue_q      <= 1'b0;
      was_bound_q  <= 1'b0;
      purpose_q    <= '0;
      app_q        <= '0;
      uses_q       <= '0;
      spent_q      <= '0;
      flags_q      <= '0;
      exports_q    <= '0;
      made_q       <= '0;
      rec_app_hi_q <= '0;
      rec_app_lo_q <= '0;
    end else if (state_q != StIdle || go_i) begin
      call_q <= 1'b0;
      step_q <= step_q + 3'd1;
      unique case (state_q)
        // StIdle: a request.
        StIdle: begin
          sw_q    <= sdv_spec_pkg::SW_OK;
          step_q  <= '0;
          call_q  <= !seal_i;
          state_q <= seal_i ? StPatch : StHeader;
          if (seal_i) begin
            purpose_q <= store_i ? Store : Backup;
            bound_q   <= store_i && (rec_app != '0);
            app_q     <= store_i ? rec_app : '0;
          end
        end
        // StHeader: nothing is opened whose header is wrong, or that needs a session.
        StHeader: begin
          if (head_done) begin
            suite2_q  <= head_suite2;
            purpose_q <= head_purpose;
            bound_q   <= head_bound;
            app_q     <= head_app;
            if (fields_i) begin
              issue_q     <= (head_purpose == Issue);
              was_bound_q <= head_bound;
            end
            call_q  <= 1'b1;
            state_q <= StDerive;
            if (head_sw != sdv_spec_pkg::SW_OK) begin
              sw_q    <= head_sw;
              call_q  <= 1'b0;
              state_q <= StDone;
            end else if (!store_i && head_bound) begin
              sw_q    <= sdv_spec_pkg::SW_SECURITY_STATUS;
              call_q  <= 1'b0;
              state_q <= StDone;
            end
          end
        end
        // StPatch: five words.
        StPatch: begin
          if (step_q == 3'd4) begin
            call_q  <= 1'b1;
            state_q <= StRandom;
          end
        end
        // StRandom: 16 bytes.
        StRandom: begin
          step_q <= '0;
          if (random_done_i) begin
            state_q <= StSalt;
            if (!random_ok_i) begin
              sw_q    <= sdv_spec_pkg::SW_MEMORY_FAILURE;
              state_q <= StDone;
            end
          end
        end
        // StSalt: four words.
        StSalt: begin
          if (step_q == 3'd3) begin
            call_q  <= 1'b1;
            state_q <= StDerive;
          end
        end
        // StDerive: the key.
        StDerive: begin
          if (crypto_done_i) begin
            call_q  <= 1'b1;
            state_q <= StAd;
          end
        end
        // StAd: 64 bytes of header.
        StAd: begin
          if (crypto_done_i) begin
            call_q  <= 1'b1;
            state_q <= StText;
          end
        end
        // StText: 432 bytes of record.
        StText: begin
          step_q <= '0;
          if (crypto_done_i) begin
            state_q <= (!seal_i && fields_i) ? StFields : StDone;
            if (!crypto_ok_i) begin
              sw_q    <= `SDV_BREAK(276, sdv_spec_pkg::SW_SEAL_TAG, sdv_spec_pkg::SW_OK);
              state_q <= StDone;
            end
          end
        end
        // StFields: words 36 to 42, each one clock after its address.
        StFields: begin
          unique case (step_q)
            3'd1: uses_q       <= work_rdata_i;
            3'd2: spent_q      <= work_rdata_i;
            3'd3: flags_q      <= work_rdata_i[2:0];
            3'd4: exports_q    <= work_rdata_i;
            3'd5: made_q       <= work_rdata_i;
            3'd6: rec_app_hi_q <= work_rdata_i;
            3'd7: rec_app_lo_q <= work_rdata_i;
            default: sw_q      <= sdv_spec_pkg::SW_OK;
          endcase
          if (step_q == 3'd7) begin
            state_q <= StDone;
          end
        end
        // StDone: one pulse.
        default: state_q <= StIdle;
      endcase
    end
  end

  // Plain text stands in the work memory from a good open to a seal or a wipe;
  // what an open leaves that was cut short by damage counts as such.
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      plain_q <= 1'b0;
    end else if (state_q == StText && crypto_done_i) begin
      plain_q <= seal_i ? plain_q && !crypto_ok_i : crypto_ok_i || crypto_error_i;
    end else if (wiped_i) begin
      plain_q <= 1'b0;
    end
  end

  ////////////////////
  // The work memory //
  ////////////////////

  // Before the salt: words 1, 4, 5 of the header, 17 and 20 of the record.
  always_comb begin
    work_we_o    = 1'b0;
    work_addr_o  = 7'(step_q) + 7'd36;
    work_wdata_o = '0;
    if (state_q == StPatch) begin
      work_we_o = 1'b1;
      unique case (step_q)
        3'd0: begin
          work_addr_o  = 7'd1;
          work_wdata_o = {8'(sdv_spec_pkg::VAULT_VERSION),
                          suite2_q ? 8'(sdv_spec_pkg::VAULT_SUITE_256)
                                   : 8'(sdv_spec_pkg::VAULT_SUITE_128),
                          6'd0, purpose_q, 6'd0, bound_q, 1'b1};
        end
        3'd1: begin
          work_addr_o  = 7'd4;
          work_wdata_o = app_q[63:32];
        end
        3'd2: begin
          work_addr_o  = 7'd5;
          work_wdata_o = app_q[31:0];
        end
        3'd3: begin
          work_addr_o  = 7'd37;
          work_wdata_o = spent_i;
        end
        default: begin
          work_addr_o  = 7'd40;
          work_wdata_o = made_i;
        end
      endcase
    end else if (state_q == StSalt) begin
      work_we_o    = 1'b1;
      work_addr_o  = 7'd12 + 7'(step_q);
      work_wdata_o = `SDV_BREAK(277, random_i[127 - 32 * step_q[1:0] -: 32], 32'd0);
    end
  end
  assign work_o = (state_q == StPatch) || (state_q == StSalt) || (state_q == StFields);

  sdv_header u_header (
    .clk_i          (clk_i),
    .rst_ni         (rst_ni),
    .go_i           (state_q == StHeader && call_q),
    .store_i        (store_i),
    .fields_i       (fields_i),
    .medium_id_i    (medium_id_i),
    .done_o         (head_done),
    .sw_o           (head_sw),
    .suite2_o       (head_suite2),
    .purpose_o      (head_purpose),
    .bound_o        (head_bound),
    .apparatus_id_o (head_app),
    .generation_o   (generation_o),
    .work_addr_o    (header_addr_o),
    .work_rdata_i   (work_rdata_i),
    .line_idx_o     (line_idx_o),
    .line_word_i    (line_word_i),
    .busy_o         (header_o),
    .quiet_o        (head_quiet)
  );

  ////////////////
  // The crypto //
  ////////////////

  always_comb begin
    crypto_label_o = sdv_spec_pkg::LABEL_STORE;
    if (purpose_q == Issue) begin
      crypto_label_o = `SDV_BREAK(278, sdv_spec_pkg::LABEL_ISSUE, sdv_spec_pkg::LABEL_BACKUP);
    end else if (purpose_q == Backup) begin
      crypto_label_o = `SDV_BREAK(279, sdv_spec_pkg::LABEL_BACKUP, sdv_spec_pkg::LABEL_ISSUE);
    end
  end

  always_comb begin
    crypto_op_o = sdv_spec_pkg::CRYPTO_OP_DERIVE;
    if (state_q == StAd) begin
      crypto_op_o = sdv_spec_pkg::CRYPTO_OP_AD;
    end else if (state_q == StText) begin
      crypto_op_o = seal_i ? sdv_spec_pkg::CRYPTO_OP_SEAL : sdv_spec_pkg::CRYPTO_OP_OPEN;
    end
  end

  assign crypto_start_o        = call_q && (state_q == StDerive || state_q == StAd ||
                                            state_q == StText);
  assign crypto_suite2_o       = suite2_q;
  assign crypto_binding_o      = {6'd0, bound_q, 1'b1};
  assign crypto_apparatus_id_o = app_q;
  assign crypto_addr_o         = (state_q == StAd) ? 8'd0 : 8'd20;
  assign crypto_len_o          = (state_q == StAd)
      ? 10'(sdv_spec_pkg::SEALED_TAG) : 10'(sdv_spec_pkg::VAULT_RECORD_BYTES);

  assign random_go_o  = (state_q == StRandom) && call_q;
  assign done_o       = (state_q == StDone);
  assign sw_o         = sw_q;
  assign plain_o      = plain_q;
  assign issue_o      = issue_q;
  assign bound_o      = was_bound_q;
  assign uses_o       = uses_q;
  assign spent_o      = spent_q;
  assign flags_o      = flags_q;
  assign exports_o    = exports_q;
  assign made_o       = made_q;

  logic waiting;
  assign waiting = (state_q == StHeader && !head_done) ||
                   (state_q == StRandom && !random_done_i) ||
                   ((state_q == StDerive || state_q == StAd || state_q == StText) &&
                    !crypto_done_i);
  assign quiet_o = head_quiet && !wiped_i && ((state_q == StIdle) || (waiting && !call_q));

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (state_q <= StDone);
      assert (!go_i || state_q == StIdle);
      // SEC: what is not plain text is not sealed again.
      assert (!(go_i && seal_i) || plain_q);
      // SEC: nothing decrypted stays when the tag is wrong.
      assert (!(done_o && !seal_i && sw_q == sdv_spec_pkg::SW_SEAL_TAG) || !plain_q ||
              crypto_error_i);
    end
  end
`endif

endmodule

`default_nettype wire
