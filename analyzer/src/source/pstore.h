/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/slice.h"

/* "Panic#2 Part3", the line that begins each part of a dump in pstore: the dump's name, and which part of it; the first
 * holds the log's end. */
bool pstore_header(struct slice line, struct slice *dump, unsigned *number);

/* Is it the name of a part: "dmesg-efi-169123456"? */
bool pstore_is_dump(struct slice name);
/* Is it that of what programs wrote to /dev/pmsg0: "pmsg-ramoops-0"? Nothing in it is the kernel's. */
bool pstore_is_of_programs(struct slice name);
