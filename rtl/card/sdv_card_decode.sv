// SPDX-License-Identifier: Apache-2.0
//
// What a received frame is to this card: valid, illegal, damaged, or not for
// it; and the state that a valid command leads to when nothing refuses it.
//
// Combinational.  The table of commands and states is generated from
// docs/spec/commands.csv.  Page: docs/rtl/sdv_card_decode.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_card_decode (
  input  logic        frame_i,     // a frame is offered
  input  logic        crc_ok_i,
  input  logic [5:0]  index_i,
  input  logic [15:0] arg_rca_i,   // argument bits 31:16
  input  logic [3:0]  state_i,
  input  logic [15:0] rca_i,
  input  logic        app_i,       // CMD55 came before
  input  logic        assd_i,      // CMD6 opened the door of ASSD
  input  logic        stop_i,      // CMD12 has an answer in tran

  output logic        damaged_o,   // wrong CRC
  output logic        illegal_o,
  output logic        valid_o,
  output logic        acmd_o,      // taken as an application command
  output logic        deselect_o,  // CMD7 with another RCA
  output logic [3:0]  next_o       // state after a valid command
);

  logic [63:0] row, row_acmd;
  logic        own_rca, addressed, select_ok;

  always_comb begin
    damaged_o  = 1'b0;
    illegal_o  = 1'b0;
    valid_o    = 1'b0;
    acmd_o     = 1'b0;
    deselect_o = 1'b0;
    next_o     = state_i;
    row        = '1;
    row_acmd   = '1;
    own_rca    = 1'b0;
    addressed  = 1'b1;
    select_ok  = 1'b1;
    if (frame_i && state_i != sdv_spec_pkg::ST_INA) begin
      if (!crc_ok_i) begin
        damaged_o = 1'b1;
      end else begin
        row_acmd = sdv_spec_pkg::command_row(1'b1, index_i);
        acmd_o   = app_i && (row_acmd != '1);
        row      = acmd_o ? row_acmd : sdv_spec_pkg::command_row(1'b0, index_i);
        own_rca  = (arg_rca_i == rca_i);
        next_o   = row[{state_i, 2'b00} +: 4];
        if (sdv_spec_pkg::command_door(acmd_o, index_i) == sdv_spec_pkg::DOOR_ASSD &&
            (!assd_i || index_i == sdv_spec_pkg::CMD_DIRECT_SECURE_READ ||
             index_i == sdv_spec_pkg::CMD_DIRECT_SECURE_WRITE)) begin
          next_o = 4'hF;  // a closed door; streams are never armed
        end
        if (!acmd_o) begin
          unique case (index_i)
            sdv_spec_pkg::CMD_SEND_CSD, sdv_spec_pkg::CMD_SEND_CID,
            sdv_spec_pkg::CMD_SEND_STATUS, sdv_spec_pkg::CMD_GO_INACTIVE_STATE,
            sdv_spec_pkg::CMD_APP_CMD: addressed = `SDV_BREAK(20, own_rca, 1'b1);
            sdv_spec_pkg::CMD_STOP_TRANSMISSION:
              if (stop_i && state_i == sdv_spec_pkg::ST_TRAN) begin
                next_o = state_i;
              end
            sdv_spec_pkg::CMD_SELECT_CARD: begin
              deselect_o = !own_rca;
              if (own_rca) begin
                select_ok = (state_i == sdv_spec_pkg::ST_STBY) ||
                            (state_i == sdv_spec_pkg::ST_DIS);
              end else begin
                addressed = (state_i != sdv_spec_pkg::ST_DIS);
                if (state_i == sdv_spec_pkg::ST_STBY) begin
                  next_o = sdv_spec_pkg::ST_STBY;
                end
              end
            end
            default: ;
          endcase
        end
        illegal_o = addressed && `SDV_BREAK(21, (next_o == 4'hF || !select_ok),
                                            (next_o == 4'hF && index_i[0]));
        valid_o   = addressed && !illegal_o;
      end
    end
  end

endmodule

`default_nettype wire
