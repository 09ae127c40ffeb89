/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/slice.h"

/* What Android's logd makes of the kernel's messages: what stands before the first ": " becomes a tag, as programs have
 * one, padded to eight: "0     0 W RIP     : 0010:f+0x1/0x2", "0     0 W         : Call Trace:". Who wrote a line its
 * process id tells, which logd sets: the kernel has none, or the one that its printk put before the message. */

/* Are most of the lines logcat's? */
bool logcat_in(struct slice beginning);
/* Makes of a line of the kernel's "TIME kernel: TAG: TEXT", and of a program's "TIME TAG: TEXT", with another tag than
 * the kernel's. In place; returns the bytes that are left. */
size_t logcat_join(char *p, size_t n);
