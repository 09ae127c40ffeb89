/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/buffer.h"
#include "boot/boot.h"

/* What helps to read a boot's log beside the log; each is empty where it is not to be had. */
struct surroundings {
        struct buffer config, command_line, build_ids;
};

void surroundings_done(struct surroundings *s);
/* b: NULL where there is none. here: the boot runs on this machine now. config: a file to take, else that of the
 * kernel's release, where it is installed here. 0 or -errno, said. */
int surroundings_find(struct surroundings *s, const struct boot *b, bool here, const char *config);
