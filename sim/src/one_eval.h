// SPDX-License-Identifier: Apache-2.0
//
// One evaluation a clock instead of two.
//
// Verilator finds an edge by comparing a clock with its value at the last
// evaluation, which it keeps under a name of its own.  Where that name is one
// of those known here, setting it to 0 makes an edge of a clock that is still
// 1, and the evaluation at the low level is saved.  This is right because
// nothing in a slot looks at a clock's level or at its falling edge.
#ifndef SDV_ONE_EVAL_H
#define SDV_ONE_EVAL_H

namespace sdv
{

// Verilator 5.006
template <class Root>
inline auto forget_clocks(Root *root, int)
    -> decltype(root->__Vtrigrprev__TOP__clk_i,
                root->__Vtrigrprev__TOP__card_clk_i,
                root->__Vtrigrprev__TOP__core_clk_i, true)
{
    root->__Vtrigrprev__TOP__clk_i = 0;
    root->__Vtrigrprev__TOP__card_clk_i = 0;
    root->__Vtrigrprev__TOP__core_clk_i = 0;
    return true;
}

// Verilator 5.032
template <class Root>
inline auto forget_clocks(Root *root, int)
    -> decltype(root->__Vtrigprevexpr___TOP__clk_i__0,
                root->__Vtrigprevexpr___TOP__card_clk_i__0,
                root->__Vtrigprevexpr___TOP__core_clk_i__0, true)
{
    root->__Vtrigprevexpr___TOP__clk_i__0 = 0;
    root->__Vtrigprevexpr___TOP__card_clk_i__0 = 0;
    root->__Vtrigprevexpr___TOP__core_clk_i__0 = 0;
    return true;
}

// Any other: no, evaluate twice.
template <class Root> inline bool forget_clocks(Root *, long)
{
    return false;
}

} // namespace sdv

#endif // SDV_ONE_EVAL_H
