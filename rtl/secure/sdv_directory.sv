// SPDX-License-Identifier: Apache-2.0
//
// What the card knows of its lines without reading them: which copy holds, the
// state and a mark of each license line, slots in use, lifecycle, defects.
//
// It is filled at power-up and changed with each commit.
// Page: docs/rtl/sdv_directory.md
`default_nettype none
`include "sdv_sabotage.svh"

module sdv_directory (
  input  logic        clk_i,
  input  logic        rst_ni,

  // a line is as follows from now on
  input  logic        set_i,           // pulse
  input  logic        first_i,         // with it: at power-up, nothing is known of it
  input  logic [8:0]  line_i,
  input  logic        set_defect_i,
  input  logic        set_copy_i,
  input  logic [1:0]  set_state_i,
  input  logic [5:0]  set_slot_i,
  input  logic [15:0] set_mark_i,      // of its license id; its value

  // line line_i
  output logic        defect_o,
  output logic        copy_o,
  output logic [1:0]  state_o,
  output logic [15:0] mark_o,

  output logic [6:0]  free_slots_o,
  output logic [8:0]  free_lines_o,
  output logic [5:0]  slot_o,          // the lowest free one, if there is any
  output logic [2:0]  lifecycle_o,     // as it counts
  output logic [2:0]  defects_o,       // as GET DATA shows them
  output logic        quiet_o          // slot_o stands
);

  localparam logic [5:0] LastSlot = 6'(sdv_spec_pkg::VAULT_SLOTS - 1);
  localparam logic [2:0] Blank      = 3'(sdv_spec_pkg::VAULT_LIFECYCLE_BLANK);
  localparam logic [2:0] Active     = 3'(sdv_spec_pkg::VAULT_LIFECYCLE_ACTIVE);
  localparam logic [2:0] Locked     = 3'(sdv_spec_pkg::VAULT_LIFECYCLE_LOCKED);
  localparam logic [2:0] Terminated = 3'(sdv_spec_pkg::VAULT_LIFECYCLE_TERMINATED);

  logic [19:0] dir_q [0:255];   // defect, copy, state, mark
  logic [3:0]  sys_copy_q, sys_defect_q;
  logic        license_defect_q;
  logic [2:0]  lifecycle_q;
  logic [63:0] used_q;          // a bit for each slot
  logic [5:0]  slot_q;
  logic [6:0]  free_slots_q;
  logic [8:0]  free_lines_q;

  logic        system, names, new_free, old_free, seek;
  logic [19:0] entry;
  assign entry    = dir_q[line_i[7:0]];
  assign system   = line_i[8];
  assign names    = !set_defect_i && (set_state_i == 2'(sdv_spec_pkg::VAULT_STATE_LIVE) ||
                                      set_state_i == 2'(sdv_spec_pkg::VAULT_STATE_DELETING));
  assign new_free = !set_defect_i && (set_state_i == 2'(sdv_spec_pkg::VAULT_STATE_FREE));
  assign old_free = !first_i && !entry[19] &&
                    (entry[17:16] == 2'(sdv_spec_pkg::VAULT_STATE_FREE));
  assign seek     = used_q[slot_q] && (slot_q != LastSlot);

  // License lines; nothing here ever leaves a slot: no command deletes yet.
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      license_defect_q <= 1'b0;
      used_q           <= '0;
      slot_q           <= '0;
      free_slots_q     <= 7'(sdv_spec_pkg::VAULT_SLOTS);
      free_lines_q     <= '0;
    end else if (set_i && !system) begin
      slot_q <= '0;
      if (set_defect_i) begin
        license_defect_q <= 1'b1;
      end
      if (names && !used_q[set_slot_i]) begin
        used_q[set_slot_i] <= `SDV_BREAK(254, 1'b1, 1'b0);
        free_slots_q       <= free_slots_q - 7'd1;
      end
      if (new_free && !old_free) begin
        free_lines_q <= free_lines_q + 9'd1;
      end else if (!new_free && old_free) begin
        free_lines_q <= free_lines_q - 9'd1;
      end
    end else if (seek) begin
      slot_q <= slot_q + 6'd1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (set_i && !system) begin
      dir_q[line_i[7:0]] <= {set_defect_i, set_copy_i, set_state_i, set_mark_i};
    end
  end

  // Lines of the system.
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      sys_copy_q   <= '0;
      sys_defect_q <= '0;
      lifecycle_q  <= '0;
    end else if (set_i && system) begin
      sys_copy_q[line_i[1:0]]   <= set_copy_i;
      sys_defect_q[line_i[1:0]] <= set_defect_i;
      if (line_i == 9'(sdv_spec_pkg::VAULT_LINE_LIFECYCLE)) begin
        lifecycle_q <= set_mark_i[2:0];
      end
    end
  end

  // A defect of the lifecycle ends the card; another one of the system locks it.
  always_comb begin
    lifecycle_o = lifecycle_q;
    if (sys_defect_q[0]) begin
      lifecycle_o = `SDV_BREAK(255, Terminated, Active);
    end else if (sys_defect_q[3:1] != 3'd0 &&
                 (lifecycle_q == Active || lifecycle_q == Blank)) begin
      lifecycle_o = `SDV_BREAK(256, Locked, lifecycle_q);
    end
  end

  assign defect_o     = system ? sys_defect_q[line_i[1:0]] : entry[19];
  assign copy_o       = system ? sys_copy_q[line_i[1:0]] : entry[18];
  assign state_o      = entry[17:16];
  assign mark_o       = entry[15:0];
  assign free_slots_o = free_slots_q;
  assign free_lines_o = free_lines_q;
  assign slot_o       = slot_q;
  assign defects_o    = {license_defect_q, sys_defect_q[3:1] != 3'd0, sys_defect_q[0]};
  assign quiet_o      = !seek;

`ifdef SDV_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (free_slots_q <= 7'(sdv_spec_pkg::VAULT_SLOTS));
      assert (free_lines_q <= 9'(sdv_spec_pkg::VAULT_LINES));
      // A defect line stays as it is until power-up.
      assert (!set_i || first_i || !defect_o);
      assert (!set_i || line_i < 9'(sdv_spec_pkg::VAULT_LINES_ALL));
    end
  end
`endif

endmodule

`default_nettype wire
