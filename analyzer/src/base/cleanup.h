/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dirent.h>
#include <unistd.h>

#include "base/macros.h"

/* For _cleanup_(): what closes a descriptor (not those of the standard streams, which may stand for a file) and a
 * folder. Those of JSON are in base/checked_json.h. */
static inline void closep(int *fd) {
        if (*fd > STDERR_FILENO)
                close(*fd);
}

static inline void closedirp(DIR **d) {
        if (*d)
                closedir(*d);
}
