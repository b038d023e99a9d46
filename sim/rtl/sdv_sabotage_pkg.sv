// SPDX-License-Identifier: Apache-2.0
// Which break of the RTL is live (rtl/sdv_sabotage.svh): part of the sabotage
// build alone.  The top of that build writes it from an input.
`default_nettype none

package sdv_sabotage_pkg;

  logic [15:0] chosen;

endpackage

`default_nettype wire
