// SPDX-License-Identifier: Apache-2.0
// One break of the RTL at a time, to show that the tests notice it.
//
// A line that can be broken is written `SDV_BREAK(ID, good, broken).  It is
// `good` in every build but the sabotage one, where the number ID, chosen when
// the slot is opened, makes it `broken`.  tests/sabotage.csv lists the numbers.
`ifndef SDV_SABOTAGE_SVH
`define SDV_SABOTAGE_SVH

`ifdef SDV_SABOTAGE
`define SDV_BREAK(ID, GOOD, BROKEN) ((sdv_sabotage_pkg::chosen == (ID)) ? (BROKEN) : (GOOD))
`else
`define SDV_BREAK(ID, GOOD, BROKEN) (GOOD)
`endif

`endif
