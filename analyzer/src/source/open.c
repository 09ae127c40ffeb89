/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/log.h"
#include "base/macros.h"
#include "base/suggest.h"
#include "line/clock.h"
#include "source/decode.h"
#include "source/journal_folder.h"
#include "source/mime.h"
#include "source/own_output.h"
#include "source/source.h"
#include "source/values.h"

/* Enough to tell what a file is, and how many encodings one may lie in. */
enum { HEAD_SIZE = 8192, ENCODINGS_MAX = 4 };

/* The length of the character in UTF-8 that the bytes begin with, 1 if they are invalid. */
static size_t character(struct slice s) {
        const unsigned char c = (unsigned char) s.s[0];
        const size_t n = c >= 0xf0 && c < 0xf8 ? 4 : c >= 0xe0 && c < 0xf0 ? 3 : c >= 0xc2 && c < 0xe0 ? 2 : 1;

        for (size_t i = 1; i < n; i++)
                if (i >= s.n || ((unsigned char) s.s[i] & 0xc0) != 0x80)
                        return 1;
        return n;
}

/* Serial logs hold stray bytes, and letters of any language are text, in old encodings too; but a file that has many
 * stray bytes and control characters among them is no log. Blocks of zeros are what a file system leaves of a log when
 * the machine dies. */
static bool is_binary(struct slice head) {
        enum { BLOCK = 16 };
        size_t controls = 0, stray = 0, size = 0;

        for (; head.n; size++) {
                const unsigned char c = (unsigned char) head.s[0];
                const size_t n = character(head);
                size_t zeros = 0;

                while (zeros < head.n && head.s[zeros] == '\0')
                        zeros++;
                if (zeros >= BLOCK && (size > 0 || zeros < head.n)) {
                        head = slice_from(head, zeros);
                        continue;
                }
                stray += n == 1 && c >= 0x80;
                controls += c == 0x7f || (c < 0x20 && !(c == '\t' || c == '\n' || c == '\r' || c == '\b' ||
                                                        c == '\033' || c == '\036'));
                head = slice_from(head, n);
        }
        return controls + stray > size / 4 && controls > size / 32;
}

static bool is_packed(struct slice head) {
        static const struct slice magics[] = {
                SLICE("\037\213"), SLICE("\3757zXZ"),         SLICE("\050\265\057\375"),
                SLICE("BZh"),      SLICE("\004\042\115\030"), SLICE("\037\235"),
                SLICE("LZIP"),     SLICE("\135\0\0"),         SLICE("PK\003\004"),
                SLICE("070701"),   SLICE("070707"),
        };

        for (size_t i = 0; i < ARRAY_SIZE(magics); i++)
                if (slice_starts(head, magics[i]))
                        return true;
        return slice_starts(slice_from(head, 257), SLICE("ustar"));
}

/* Contents that only look like text, or that a person may take for a log. */
static const char *not_a_log(struct slice head) {
        static const struct {
                struct slice magic;
                const char *what;
        } magics[] = {
                { SLICE("\177ELF"), "an ELF program or object" },
                { SLICE("\211PNG"), "an image" },
                { SLICE("%PDF"), "a PDF document" },
                { SLICE("Rar!\032\007"), "a RAR archive: unpack it first" },
                { SLICE("7z\274\257\047\034"), "a 7-Zip archive: unpack it first" },
                { SLICE("KDUMP   "),
                  "a dump of a kernel's memory: makedumpfile --dump-dmesg, or crash's `log`, gives the log in it" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(magics); i++)
                if (slice_starts(head, magics[i].magic))
                        return magics[i].what;
        return is_binary(head) ? "binary: neither text nor a journal" : NULL;
}

/* "6,339,5140900,-;message": what a read of /dev/kmsg gives. */
static bool is_kmsg(struct slice head) {
        uint64_t n;

        return slice_eat_u64(&head, &n) && slice_eat(&head, SLICE(",")) && slice_eat_u64(&head, &n) &&
               slice_eat(&head, SLICE(",")) && slice_eat_u64(&head, &n) && slice_eat(&head, SLICE(",")) &&
               slice_find_byte(slice_head(head, 64), ';') != SLICE_NPOS;
}

/* Fields of the journal, one a line, the reserved ones first or near. */
static bool is_export(struct slice head) {
        struct slice first = slice_token(&head, '\n');
        size_t equals = slice_find_byte(first, '=');

        if (equals == SLICE_NPOS || equals == 0 || equals > 64)
                return false;
        for (size_t i = 0; i < equals; i++)
                if (!(first.s[i] == '_' || is_digit(first.s[i]) || (first.s[i] >= 'A' && first.s[i] <= 'Z')))
                        return false;
        return slice_starts(first, SLICE("__CURSOR=")) || slice_starts(first, SLICE("__REALTIME_TIMESTAMP=")) ||
               slice_has(head, SLICE("\n__REALTIME_TIMESTAMP=")) ||
               slice_starts(head, SLICE("__REALTIME_TIMESTAMP=")) || slice_has(head, SLICE("\n_BOOT_ID=")) ||
               slice_starts(head, SLICE("_BOOT_ID="));
}

static bool is_igt(struct slice head) {
        while (head.n && (is_blank(head.s[0]) || head.s[0] == '\n' || head.s[0] == '\r'))
                head = slice_from(head, 1);
        return slice_starts(head, SLICE("{")) &&
               (slice_has(head, SLICE("\"TestrunResult\"")) || slice_has(head, SLICE("\"results_version\"")));
}

/* What journalctl -o verbose prints: an entry's cursor in brackets, then its fields, indented. */
static bool is_verbose(struct slice head) {
        struct slice first = SLICE_NULL;

        while (head.n && (first = slice_token(&head, '\n'), slice_starts(first, SLICE("-- "))))
                ;
        return slice_has(first, SLICE(" [s=")) && slice_has(first, SLICE(";b=")) && slice_starts(head, SLICE("    "));
}

/* "NAME" and what divides it from its value. */
static bool is_name(struct slice s, struct slice name) {
        return slice_eat(&s, name) && slice_starts(slice_ltrim(s), SLICE(":"));
}

/* Is it a member of the first values themselves, or of the items of a list that holds them, and not only of an object
 * in one? name: with its quotation marks. */
static bool has_member(struct slice head, struct slice name) {
        unsigned depth = 0, list = 0;
        bool quoted = false, opened = false; /* opened: a list, of which no item came yet */

        for (size_t i = 0; i < head.n; i++) {
                const char c = head.s[i];
                if (quoted && c == '\\')
                        i++;
                else if (c == '"') {
                        if (!quoted && depth == list + 1 && is_name(slice_from(head, i), name))
                                return true;
                        quoted = !quoted;
                } else if (!quoted && c == '{') {
                        list = opened ? depth : list;
                        depth++;
                } else if (!quoted && c == '}' && depth > 0)
                        depth--;
                opened = !quoted && (c == '[' || (opened && c <= ' '));
        }
        return false;
}

/* A collector may keep journald's fields and call the message otherwise, or put all into an object of its own. */
static bool is_journal_json(struct slice head) {
        return values_begin_here(head) && has_member(head, SLICE("\"MESSAGE\"")) &&
               (slice_has(head, SLICE("\"__CURSOR\"")) || slice_has(head, SLICE("\"__REALTIME_TIMESTAMP\"")) ||
                slice_has(head, SLICE("\"_BOOT_ID\"")) || slice_has(head, SLICE("\"_TRANSPORT\"")));
}

static bool is_dmesg_json(struct slice head) {
        return values_begin_here(head) && slice_has(head, SLICE("\"msg\"")) && slice_has(head, SLICE("\"pri\"")) &&
               slice_has(head, SLICE("\"time\""));
}

/* A report that scan, follow or diff saved, or a bundle's manifest: about logs, and none. */
static bool is_saved_report(struct slice head) {
        const struct slice schema = slice_head(head, 256);

        return values_begin_here(head) && slice_has(schema, SLICE("\"schema\"")) &&
               (slice_has(schema, SLICE("\"vmlife-report/")) || slice_has(schema, SLICE("\"vmlife-diff/")) ||
                slice_has(schema, SLICE("\"vmlife-bundle/")) || slice_has(schema, SLICE("\"vmlife-signatures/")));
}

/* Does any line have a kernel's time, or a syslog's? */
static bool looks_like_log(struct slice head) {
        _cleanup_(buffer_done) struct buffer scratch = {};
        struct record r = { .console = true, .origin = ORIGIN_UNVERIFIED };
        struct line l;

        while (head.n) {
                struct slice line = slice_token(&head, '\n');
                if (line_parse(line, &r, &scratch, &l) == 0 && (l.time.has_mono || l.time.has_real))
                        return true;
        }
        return false;
}

/* Syslog or what journalctl prints: lines begin with a time of day. Whether one is the kernel's may show late. */
static bool has_kernel_among_programs(struct input *in) {
        enum { LOOKED_AT = 1024 * 1024 };
        struct stamp t = {};
        struct slice text, line = SLICE_NULL;

        if (input_peek(in, LOOKED_AT, &text) < 0)
                return false;
        const struct slice all = text;
        while (text.n && (line = slice_token(&text, '\n'), slice_starts(line, SLICE("-- "))))
                ;
        return clock_wall(&line, &t) && (slice_has(all, SLICE(" kernel: ")) || slice_has(all, SLICE(" kernel - ")));
}

static size_t count_byte(struct slice s, char c) {
        size_t n = 0;

        for (size_t i = 0; i < s.n; i++)
                n += s.s[i] == c;
        return n;
}

/* Rows of as many columns each, below remarks. The last one may be cut. */
static bool is_divided_by(struct slice text, char divider) {
        size_t columns = 0, rows = 0;

        while (text.n) {
                const struct slice line = slice_token(&text, '\n');

                if (slice_starts(line, SLICE("#")))
                        continue;
                if (rows++ == 0)
                        columns = count_byte(line, divider);
                else if (text.n && count_byte(line, divider) != columns)
                        return false;
        }
        return rows > 1 && columns;
}

static bool is_table(const struct input *in, struct slice beginning) {
        return is_decoded(in, &decoder_csv) || is_divided_by(beginning, '\t') || is_divided_by(beginning, '|');
}

/* Of a folder's files and an archive's members some are logs, as far as the beginning tells. */
static bool is_among_logs(const struct scan *s, struct input *in, struct slice beginning) {
        /* A table of titles or expectations has a report's words; a log's rows have times, or stacks. */
        if (is_table(in, beginning) && !slice_has(beginning, SLICE("+0x")) && !looks_like_log(beginning))
                return false;
        return looks_like_log(slice_head(beginning, HEAD_SIZE)) || scan_hit(s, beginning) ||
               has_kernel_among_programs(in);
}

/* The first line that fits. */
static const struct content {
        bool (*is)(struct slice head);
        int (*read)(struct scan *s, struct input *in, const struct source_options *o);
} contents[] = {
        { is_kmsg, source_kmsg },
        { is_export, source_export },
        { is_igt, source_igt },
        { is_verbose, source_verbose },
        { is_journal_json, source_journal_json },
        { is_dmesg_json, source_dmesg_json },
};

static const struct content *content_of(struct slice head) {
        for (size_t i = 0; i < ARRAY_SIZE(contents); i++)
                if (contents[i].is(head))
                        return &contents[i];
        return NULL;
}

/* /dev/kmsg is in order, and ends only when asked not to wait. */
static bool is_device(int fd) {
        struct stat st;
        return fd >= 0 && fstat(fd, &st) == 0 && S_ISCHR(st.st_mode);
}

static int read_decoded(struct scan *s, const struct decoder *d, struct input *in, const struct source_options *o,
                        enum source_way way, unsigned depth) {
        struct decoded *decoded = decode_begin(d, in);
        _cleanup_(input_done) struct input plain = { .name = in->name,
                                                     .fd = -1,
                                                     .read = decode_read,
                                                     .from = decoded,
                                                     .unpacked = in->unpacked };

        if (!decoded)
                return log_oom();
        int e = source_input(s, &plain, o, way, depth + 1);
        decode_done(decoded);
        return e;
}

int source_input(struct scan *s, struct input *in, const struct source_options *o, enum source_way way,
                 unsigned depth) {
        const char *what = NULL;
        struct slice head;

        int e = input_peek(in, HEAD_SIZE, &head);
        if (e < 0) {
                log_error("cannot read %s: %s", in->name, input_error(in, e));
                return e;
        }
        const int passed = way == SOURCE_LISTED ? SOURCE_PASSED : 0;
        if (head.n == 0) {
                if (way == SOURCE_MEMBER || way == SOURCE_LISTED)
                        return passed;
                log_error("%s is empty: there is no log to judge", in->name);
                return -ENODATA;
        }
        if (slice_starts(head, SLICE("LPKSHHRH"))) {
                log_error("a journal file cannot be read from a pipe: give its path");
                return -EINVAL;
        }
        if (is_packed(head))
                return source_archive(s, in, o, way, depth);
        if (slice_eat(&head, SLICE("\357\273\277"))) { /* UTF-8's mark, which some editors put first */
                char mark[3];
                (void) input_read(in, mark, sizeof(mark));
        }
        if (decoder_datagrams.is(head) && !is_decoded(in, &decoder_datagrams) && !is_device(in->fd))
                return read_decoded(s, &decoder_datagrams, in, o, way, depth);
        const struct content *content = content_of(head);
        struct slice beginning;
        if (content && !is_decoded(in, &decoder_newest) && !is_device(in->fd)) {
                if (input_beginning(in, &beginning) < 0)
                        return log_oom();
                if (decoder_newest.is(beginning))
                        return read_decoded(s, &decoder_newest, in, o, way, depth);
        }
        if (content)
                return content->read(s, in, o);
        if (way == SOURCE_LISTED && is_own_report(head))
                return SOURCE_REPORT;
        if ((way == SOURCE_MEMBER || way == SOURCE_LISTED) && (is_saved_report(head) || is_own_output(head)))
                return passed;
        if (way == SOURCE_PACKED && is_own_report(head)) {
                log_error("%s is a saved report, compressed: unpack it", in->name);
                return -EINVAL;
        }
        if (is_saved_report(head)) {
                log_error("%s is a report that vmlife saved, not a log: vmlife diff compares reports, vmlife export "
                          "renders them (--to text)",
                          in->name);
                return -EINVAL;
        }
        if (depth < ENCODINGS_MAX && !is_mail_part(in) && mime_begins(head))
                return source_mail(s, in, o, way, depth);
        if (input_beginning(in, &beginning) < 0)
                return log_oom();
        slice_eat(&beginning, SLICE("\357\273\277"));
        const struct decoder *decoder = decoder_of(beginning);
        if (!decoder && !is_decoded(in, &decoder_csv) && decoder_csv.is(beginning))
                decoder = &decoder_csv;
        if (decoder && depth < ENCODINGS_MAX)
                return read_decoded(s, decoder, in, o, way, depth);
        const bool whole = beginning.n < HEAD_SIZE;
        what = not_a_log(slice_head(beginning, HEAD_SIZE));
        const bool listed = way == SOURCE_LISTED || way == SOURCE_MEMBER,
                   is_log = !what && (!listed || is_among_logs(s, in, beginning));
        if (way == SOURCE_LISTED && !is_log)
                return SOURCE_PASSED;
        if (way == SOURCE_MEMBER && in->pending && whole && !is_log) {
                log_error("%s cannot be read to its end: %s", in->name, input_error(in, in->pending));
                return in->pending;
        }
        if (way == SOURCE_MEMBER && !is_log) {
                if (!in->unpacked || in->unpacked->skipped++ < SKIPPED_SAID)
                        log_warning("%s is skipped: it is %s", in->name,
                                    what ? what : "text without a kernel's time or words in it");
                return 0;
        }
        if (what) {
                log_error("%s is %s", in->name, what);
                return -EINVAL;
        }
        if (o->boot || o->has_since || o->has_until)
                log_warning("%s is text: -b, --since and --until choose among journal entries only", in->name);
        struct source_options options = *o;
        options.listed = listed;
        e = source_text(s, in, &options);
        if (e == -ENOMSG && way == SOURCE_MEMBER && is_document(scan_source(s, s->n_sources - 1))) {
                log_warning("%s is skipped: it quotes a kernel's words, and no line of it is the kernel's", in->name);
                scan_drop_source(s);
                return 0;
        }
        if (e == -ENOMSG && way == SOURCE_MEMBER) {
                log_warning("%s: no line was recognized as a kernel message", in->name);
                return 0;
        }
        if (e == -ENOMSG && way == SOURCE_LISTED) {
                scan_drop_source(s);
                return SOURCE_PASSED;
        }
        /* Others may be read all the same. */
        if (e == -ENODATA && (way == SOURCE_MEMBER || way == SOURCE_LISTED))
                return 0;
        if (e == -ENOMSG && scan_source(s, s->n_sources - 1)->unrecognized)
                log_error("%s quotes a kernel's words, and no line of it is the kernel's: nothing was read", in->name);
        else if (e == -ENOMSG)
                log_error("%s: no line was recognized as a kernel message, and nothing was read; try the log as dmesg "
                          "or journalctl prints it",
                          in->name);
        return e;
}

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

unsigned source_threads(const struct source_options *o) {
        enum { MANY = 8 };
        cpu_set_t set;

        if (o->threads)
                return o->threads;
        return sched_getaffinity(0, sizeof(set), &set) == 0 ? MIN((unsigned) CPU_COUNT(&set), (unsigned) MANY) : 1;
}

int source_read(struct scan *s, const char *name, const struct source_options *o) {
        if (!s->focus)
                s->focus = o->focus;
        return strcmp(name, "journal") == 0 ? source_journal(s, NULL, false, o) : source_file(s, name, o, SOURCE_NAMED);
}
