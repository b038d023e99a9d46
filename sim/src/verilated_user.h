// SPDX-License-Identifier: Apache-2.0
//
// Included before every file of a Verilated library: a failed assertion stops
// its slot (shell.cc), not the process, and nothing is printed.
#ifndef SDV_VERILATED_USER_H
#define SDV_VERILATED_USER_H

#define VL_USER_STOP
#define VL_USER_FINISH
#define VL_USER_FATAL
#define VL_PRINTF(...) static_cast<void>(0)

#endif // SDV_VERILATED_USER_H
