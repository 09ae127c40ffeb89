/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "redact/evidence.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/log.h"
#include "base/macros.h"
#include "source/journal.h"
#include "source/journal_folder.h"

void evidence_done(struct evidence *e) {
        if (e->log)
                fclose(e->log);
        *e = (struct evidence){};
}

/* --- which log --- */

/* This machine's journals are where journald has them. */
static int find_files(const char *source, struct journal_files *files) {
        static const char *const folders[] = { "/run/log/journal", "/var/log/journal" };
        char path[128], id[33];
        sd_id128_t machine;
        struct stat st;

        if (strcmp(source, "journal") != 0)
                return journal_files_find(files, source, stat(source, &st) == 0 && S_ISDIR(st.st_mode));
        int r = sd_id128_get_machine(&machine), found = -ENOENT;
        for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(folders); i++) {
                snprintf(path, sizeof(path), "%s/%s", folders[i], sd_id128_to_string(machine, id));
                if (access(path, R_OK | X_OK) == 0)
                        found = journal_files_find(files, path, true);
        }
        if (found == -ENOENT)
                log_error("%s; try \"dmesg >dmesg.log\" and \"vmlife bundle dmesg.log\", or name journals with -D",
                          journal_none());
        return found;
}

static int choose_boot(struct evidence *e, const char *which) {
        _cleanup_(journal_files_done) struct journal_files files = {};
        _cleanup_(journal_boots_done) struct journal_boots boots = {};
        sd_id128_t id, now;

        int r = find_files(e->source, &files);
        if (files.n == 0)
                return r;
        r = sd_id128_from_string(which, &id);
        if (r < 0)
                r = journal_boots_add_files(&boots, &files);
        if (r == 0 && boots.n)
                r = journal_boots_pick(&boots, which, &id);
        if (r < 0) {
                log_error("%s holds no boot \"%s\"", e->source, which);
                return r;
        }
        sd_id128_to_string(id, e->boot);
        e->options.boot = e->boot;
        e->here = sd_id128_get_boot(&now) >= 0 && sd_id128_equal(id, now);
        return 0;
}

int evidence_choose(struct evidence *e, const char *source, const struct source_options *o) {
        _cleanup_(closep) int fd = -1;
        char magic[8];
        struct stat st;

        e->source = source;
        e->options = *o;
        if (strcmp(source, "journal") != 0) {
                fd = open(source, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
                if (fd < 0 || fstat(fd, &st) < 0) {
                        int r = -errno;
                        log_error("cannot open %s: %s", source, strerror(-r));
                        return r;
                }
                if (!S_ISDIR(st.st_mode) && !S_ISREG(st.st_mode)) {
                        log_error("bundle reads a journal or a file, and %s is neither: copy it into a file first",
                                  source);
                        return -EINVAL;
                }
                e->is_journal = S_ISDIR(st.st_mode) ||
                                (pread(fd, magic, 8, 0) == 8 && memcmp(magic, "LPKSHHRH", 8) == 0);
        } else
                e->is_journal = true;
        e->member = e->is_journal ? "journal.export" : "log";
        return e->is_journal ? choose_boot(e, o->boot ? o->boot : "0") : 0;
}

/* --- journals --- */

/* The fields that scan reads, and those that a person looks for; in that order. */
static const struct {
        const char *name;
        bool id, host;
} fields[] = {
        { "_BOOT_ID", false, false },          { "_MACHINE_ID", true, false },
        { "_HOSTNAME", false, true },          { "_TRANSPORT", false, false },
        { "PRIORITY", false, false },          { "SYSLOG_FACILITY", false, false },
        { "SYSLOG_IDENTIFIER", false, false }, { "_SOURCE_MONOTONIC_TIMESTAMP", false, false },
        { "MESSAGE_ID", false, false },        { "MESSAGE", false, false },
};

static void put_field(FILE *f, const char *name, struct slice value) {
        bool plain = true;

        for (size_t i = 0; i < value.n && plain; i++)
                plain = (unsigned char) value.s[i] >= ' ' || value.s[i] == '\t';
        if (plain) {
                fprintf(f, "%s=%.*s\n", name, SLICE_FMT(value));
                return;
        }
        uint64_t n = htole64(value.n);
        fprintf(f, "%s\n", name);
        fwrite(&n, sizeof(n), 1, f);
        fwrite(value.s, 1, value.n, f);
        fputc('\n', f);
}

static int copy_entry(sd_journal *j, struct redactor *r, struct buffer *scratch, FILE *f) {
        sd_id128_t boot;
        uint64_t real, mono;
        char id[33];

        int e = sd_journal_get_realtime_usec(j, &real);
        if (e >= 0)
                e = sd_journal_get_monotonic_usec(j, &mono, &boot);
        if (e < 0)
                return e;
        fprintf(f, "__REALTIME_TIMESTAMP=%" PRIu64 "\n__MONOTONIC_TIMESTAMP=%" PRIu64 "\n", real, mono);
        for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
                struct slice value;

                e = journal_field(j, fields[i].name, &value);
                if (e == -ENOENT)
                        continue;
                if (e < 0)
                        return e;
                scratch->size = 0;
                if (r && fields[i].id && value.n == 32) {
                        snprintf(id, sizeof(id), "%.*s", SLICE_FMT(value));
                        char other[33];
                        redact_id(r, id, other);
                        put_field(f, fields[i].name, slice_of(other));
                } else if (r && (fields[i].host || strcmp(fields[i].name, "MESSAGE") == 0)) {
                        e = redact_text(r, value, scratch);
                        if (e < 0)
                                return e;
                        put_field(f, fields[i].name, buffer_all(scratch));
                } else
                        put_field(f, fields[i].name, value);
        }
        fputc('\n', f);
        return 0;
}

static int learn_entry(sd_journal *j, struct redactor *r) {
        struct slice value;
        int e = 0;

        if (journal_field(j, "_HOSTNAME", &value) >= 0)
                e = redact_know(r, SECRET_HOST, value);
        if (e == 0 && journal_field(j, "MESSAGE", &value) >= 0)
                while (value.n && e == 0)
                        e = redact_learn(r, slice_token(&value, '\n'));
        return e;
}

/* Each kernel entry of the boot: copied to f, or, if f is NULL, used to learn names. */
static int walk_journal(const struct evidence *from, struct redactor *r, FILE *f) {
        _cleanup_(journal_files_done) struct journal_files files = {};
        _cleanup_(journal_closep) sd_journal *j = NULL;
        _cleanup_(buffer_done) struct buffer scratch = {};
        struct journal_filter filter = {
                .has_boot = true,
                .has_since = from->options.has_since,
                .since_us = from->options.since_us,
                .has_until = from->options.has_until,
                .until_us = from->options.until_us,
        };
        uint64_t real, bad = 0;

        int e = find_files(from->source, &files);
        if (files.n == 0)
                return e;
        (void) sd_id128_from_string(from->boot, &filter.boot);
        e = journal_files_group(&files, &filter);
        if (e == -ENOMEM)
                return log_oom();
        e = files.n ? journal_files_open(&j, files.items, files.n, &filter) : -ENODATA;
        while (e >= 0 && bad < 1000 && (e = sd_journal_next(j)) != 0) {
                if (e > 0 && filter.has_until && sd_journal_get_realtime_usec(j, &real) >= 0 && real > filter.until_us)
                        break;
                if (e > 0)
                        e = f ? copy_entry(j, r, &scratch, f) : learn_entry(j, r);
                bad += e < 0 && e != -ENOMEM;
                e = e == -ENOMEM ? e : 0;
        }
        if (e == -ENOMEM)
                return log_oom();
        if (bad)
                log_warning("%s: %" PRIu64 " entries could not be read and are not in the bundle", from->source, bad);
        if (e < 0)
                log_error("cannot read the boot %s from %s: %s", from->boot, from->source, strerror(-e));
        return e < 0 ? e : 0;
}

/* --- files --- */

static int walk_file(const struct evidence *from, struct redactor *r, FILE *f) {
        _cleanup_(closep) int fd = open(from->source, O_RDONLY | O_CLOEXEC);
        _cleanup_(input_done) struct input in = { .name = from->source, .fd = fd };
        _cleanup_(line_reader_done) struct line_reader lines = { .in = &in };
        _cleanup_(buffer_done) struct buffer scratch = {};
        struct slice line;
        char block[16384];
        int e = fd < 0 ? -errno : 0;

        for (ssize_t n; e == 0 && !r && (n = input_read(&in, block, sizeof(block))) != 0;) {
                e = n < 0 ? (int) n : 0;
                if (n > 0)
                        fwrite(block, 1, (size_t) n, f);
        }
        while (e == 0 && r && (e = line_reader_next(&lines, &line)) > 0) {
                if (slice_find_byte(line, '\0') != SLICE_NPOS) {
                        log_error("%s is not text: unpack it before redacting names", from->source);
                        return -EINVAL;
                }
                scratch.size = 0;
                e = f ? redact_text(r, line, &scratch) : redact_learn(r, line);
                if (e == 0 && f) {
                        fwrite(scratch.data, 1, scratch.size, f);
                        fputc('\n', f);
                }
        }
        if (e == -ENOMEM)
                return log_oom();
        if (e < 0)
                log_error("cannot read %s: %s", from->source, strerror(-e));
        return e;
}

int evidence_learn(const struct evidence *e, struct redactor *r) {
        return e->is_journal ? walk_journal(e, r, NULL) : walk_file(e, r, NULL);
}

int evidence_copy(struct evidence *e, struct redactor *r) {
        e->log = file_unnamed();
        if (!e->log) {
                int x = -errno;
                log_error("cannot create a temporary file: %s (TMPDIR chooses another place)", strerror(-x));
                return x;
        }
        int x = e->is_journal ? walk_journal(e, r, e->log) : walk_file(e, r, e->log);
        if (x == 0 && (fflush(e->log) != 0 || ferror(e->log))) {
                x = errno ? -errno : -EIO;
                log_error("cannot write a temporary file: %s (TMPDIR chooses another place)", strerror(-x));
        }
        off_t size = ftello(e->log);
        e->size = size > 0 ? (uint64_t) size : 0;
        return x;
}
