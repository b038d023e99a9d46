// SPDX-License-Identifier: Apache-2.0
// The break of a twin, chosen when it is read.
`default_nettype none

package sdv_sabotage_pkg;

  localparam int chosen = `SDV_TWIN;

endpackage

`default_nettype wire
