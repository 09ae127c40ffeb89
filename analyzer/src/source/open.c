/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/log.h"
#include "base/suggest.h"
#include "source/journal_folder.h"
#include "source/source.h"

static bool is_dev_kmsg(const struct stat *st) {
        return S_ISCHR(st->st_mode) && st->st_rdev == makedev(1, 11);
}

static void note_folder(void *data, const char *path) {
        struct stat st;

        /* Without it, its journals are read as other files are. */
        if (stat(path, &st) == 0)
                (void) file_set_add(data, &st);
}

static int read_folder(struct scan *s, const char *path, const struct source_options *o) {
        _cleanup_(journal_folder_done) struct journal_folder journals = { .quiet = true };
        _cleanup_(file_set_done) struct file_set folders = {};
        int r, e;

        if (journal_folder_list(&journals, path) == -ENOMEM)
                return -ENOMEM;
        if (journals.n == 0)
                return source_folder(s, path, o, NULL);
        r = source_journal(s, path, true, o);
        journals.enter = note_folder;
        journals.data = &folders;
        e = r == -ENOMEM || journal_folder_list(&journals, path) == -ENOMEM ? -ENOMEM :
                                                                              source_folder(s, path, o, &folders);
        return r < 0 ? r : e;
}

int source_file(struct scan *s, const char *name, const struct source_options *o, enum source_way way) {
        const bool standard_input = strcmp(name, "-") == 0;
        _cleanup_(closep) int fd = -1;
        _cleanup_(input_done) struct input in = { .name = name, .progress = s->progress };
        char magic[8];
        struct stat st = {};

        /* Nobody waits for messages that /dev/kmsg may give one day; for a pipe's they do. */
        if (!standard_input)
                (void) stat(name, &st);
        fd = standard_input ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC | (is_dev_kmsg(&st) ? O_NONBLOCK : 0));
        if (fd < 0 || fstat(fd, &st) < 0) {
                int e = -errno;
                struct suggestion near = { .typed = name };
                suggest(&near, "journal");
                log_error("cannot open %s: %s%s", name, strerror(-e),
                          e == -ENOENT && near.best ? "; did you mean \"journal\"?" : "");
                return e;
        }
        if (S_ISDIR(st.st_mode))
                return read_folder(s, name, o);
        in.fd = fd;
        if (is_dev_kmsg(&st))
                return source_kmsg(s, &in, o);
        if (!standard_input && S_ISREG(st.st_mode) && pread(fd, magic, sizeof(magic), 0) == sizeof(magic) &&
            memcmp(magic, "LPKSHHRH", sizeof(magic)) == 0)
                return source_journal(s, name, false, o);
        /* Of a folder's files all are expected from the beginning. */
        if (S_ISREG(st.st_mode) && way != SOURCE_LISTED)
                progress_expect(s->progress, (uint64_t) st.st_size);
        return source_input(s, &in, o, way, 0);
}

int source_read(struct scan *s, const char *name, const struct source_options *o) {
        if (!s->focus)
                s->focus = o->focus;
        return strcmp(name, "journal") == 0 ? source_journal(s, NULL, false, o) : source_file(s, name, o, SOURCE_NAMED);
}
