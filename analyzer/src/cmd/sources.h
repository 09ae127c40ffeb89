/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cmd/option.h"
#include "source/source.h"

/* What to read, for commands that read logs: their table includes sources_options. */
struct sources {
        struct source_options options;
        const char *folder; /* -D */
};

extern const struct cmd_option sources_options[];

/* What a SOURCE can be, for the help of commands that take some. */
#define SOURCES_ABOUT                                                                                                  \
        "SOURCE is \"journal\" (this machine's), a folder of journals and other logs, a journal file, /dev/kmsg or a " \
        "copy of it, text "                                                                                            \
        "(dmesg, serial console, syslog), what journalctl -o json, verbose or export and dmesg --json print, igt's "   \
        "results.json, a folder of pstore's dumps, any of these in UTF-16, HTML or JSON, compressed (gzip, xz, zstd, " \
        "bzip2, ...) or in an archive (tar, cpio, zip), or - for standard input; the type is detected from the "       \
        "content. Several sources make one report. With no SOURCE: journal."

/* Is standard input a pipe or a file, so that somebody may have put a log there? */
bool input_is_piped(void);
