/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/slice.h"
#include "base/table.h"

/* Texts that hold the lines of several machines, one between another's: what a central syslog server writes, or a shell
 * that runs a command on many. Each machine's kernel has its own boot, and its own reports. A machine may also get its
 * name while it boots: then no line under the former one comes again before the next boot. */
struct hosts {
        struct host *items;  /* in the order in which they were seen; NULL */
        size_t n, now;       /* now: the one that the last line named */
        struct table names;  /* 1 + an index of items each, by name */
        size_t text, looked; /* bytes: of lines that named another, and of what was looked at ahead of them */
        bool several, named; /* named: most lines name one, so that it is not what a user chose */
};

struct host {
        char name[64];
        uint32_t boot; /* the last that began, of those that are not `now` */
};

void hosts_done(struct hosts *h);

/* The machine that a kernel's line names: "TIME host kernel: ", RFC 5424's, "host: [   12.345678] ". Empty if none. */
struct slice hosts_name(struct slice line);
/* Is the name another than the last line's? */
bool hosts_differ(const struct hosts *h, struct slice name);
/* From a line of another on: are there several, for lines of the machine of the last line come again? Not in a text of
 * which most lines name none. Decides `named`. No, unseen, where that was asked too often for what was read. */
bool hosts_return(struct hosts *h, struct slice ahead);
/* That machine prints from here on; boot: of the one before. *ret_new: it was not seen before. Of more than a
 * thousand the others' lines are taken for those of the machine before them. 0 or -ENOMEM. */
int hosts_switch(struct hosts *h, struct slice name, uint32_t boot, bool *ret_new);
/* The only one is called so from here on, and was before if nothing named it. 0 or -ENOMEM. */
int hosts_rename(struct hosts *h, struct slice name);
