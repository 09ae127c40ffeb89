/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/content.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/macros.h"
#include "source/decode.h"
#include "source/mime.h"
#include "source/own_output.h"
#include "source/pstore.h"

/* How many encodings a log may lie in. */
enum { ENCODINGS_MAX = 4 };

/* Bytes, how they came here, and how they begin: behind UTF-8's mark, once eat_mark() was there. */
struct content {
        struct scan *scan;
        struct input *in;
        const struct source_options *o;
        enum source_way way;
        unsigned depth;
        struct slice head;
};

/* What a step returns that is not for these bytes. */
enum { NOT_THESE = SOURCE_REPORT + 1 };

/* Nobody named it: it is one file or member of many, most of which are no logs. */
static bool is_one_of_many(const struct content *c) {
        return c->way == SOURCE_MEMBER || c->way == SOURCE_LISTED;
}

/* Of many, one that is no log. */
static int pass(const struct content *c) {
        return c->way == SOURCE_LISTED ? SOURCE_PASSED : 0;
}

static int take_nothing(struct content *c) {
        if (c->head.n > 0)
                return NOT_THESE;
        if (is_one_of_many(c))
                return pass(c);
        log_error("%s is empty: there is no log to judge", c->in->name);
        return -ENODATA;
}

/* libsystemd maps files. */
static int refuse_piped_journal(struct content *c) {
        if (!slice_starts(c->head, SLICE("LPKSHHRH")))
                return NOT_THESE;
        log_error("a journal file cannot be read from a pipe: give its path");
        return -EINVAL;
}

static int take_packed(struct content *c) {
        return content_is_packed(c->head) ? source_archive(c->scan, c->in, c->o, c->way, c->depth) : NOT_THESE;
}

/* UTF-8's mark, which some editors put first. */
static int eat_mark(struct content *c) {
        char mark[3];

        if (slice_eat(&c->head, SLICE("\357\273\277")))
                (void) input_read(c->in, mark, sizeof(mark));
        return NOT_THESE;
}

static int read_decoded(const struct content *c, const struct decoder *d) {
        struct decoded *decoded = decode_begin(d, c->in);
        _cleanup_(input_done) struct input plain = { .name = c->in->name,
                                                     .fd = -1,
                                                     .read = decode_read,
                                                     .from = decoded,
                                                     .unpacked = c->in->unpacked };

        if (!decoded)
                return log_oom();
        int e = source_input(c->scan, &plain, c->o, c->way, c->depth + 1);
        decode_done(decoded);
        return e;
}

/* /dev/kmsg is in order, and ends only when asked not to wait. */
static bool is_device(int fd) {
        struct stat st;
        return fd >= 0 && fstat(fd, &st) == 0 && S_ISCHR(st.st_mode);
}

static int take_datagrams(struct content *c) {
        if (!decoder_datagrams.is(c->head) || is_decoded(c->in, &decoder_datagrams) || is_device(c->in->fd))
                return NOT_THESE;
        return read_decoded(c, &decoder_datagrams);
}

/* A format of its own may have its newest entry first. */
static int take_format(struct content *c) {
        const format_reader_t read = content_format(c->head);
        struct slice beginning;

        if (!read)
                return NOT_THESE;
        if (is_decoded(c->in, &decoder_newest) || is_device(c->in->fd))
                return read(c->scan, c->in, c->o);
        if (input_beginning(c->in, &beginning) < 0)
                return log_oom();
        return decoder_newest.is(beginning) ? read_decoded(c, &decoder_newest) : read(c->scan, c->in, c->o);
}

/* Its name in its folder or archive. */
static struct slice base_name(const char *path) {
        const char *slash = strrchr(path, '/');
        return slice_of(slash ? slash + 1 : path);
}

/* What vmlife wrote is about logs, and none. */
static int refuse_own(struct content *c) {
        if (c->way == SOURCE_LISTED && is_own_report(c->head))
                return SOURCE_REPORT;
        if (is_one_of_many(c) && pstore_is_of_programs(base_name(c->in->name)))
                return pass(c);
        if (is_one_of_many(c) && (is_saved_report(c->head) || is_own_output(c->head)))
                return pass(c);
        if (c->way == SOURCE_PACKED && is_own_report(c->head)) {
                log_error("%s is a saved report, compressed: unpack it", c->in->name);
                return -EINVAL;
        }
        if (!is_saved_report(c->head))
                return NOT_THESE;
        log_error("%s is a report that vmlife saved, not a log: vmlife diff compares reports, vmlife export renders "
                  "them (--to text)",
                  c->in->name);
        return -EINVAL;
}

static int take_mail(struct content *c) {
        if (c->depth >= ENCODINGS_MAX || is_mail_part(c->in) || !mime_begins(c->head))
                return NOT_THESE;
        return source_mail(c->scan, c->in, c->o, c->way, c->depth);
}

static int peek_beginning(const struct content *c, struct slice *ret) {
        if (input_beginning(c->in, ret) < 0)
                return log_oom();
        slice_eat(ret, SLICE("\357\273\277"));
        return 0;
}

static int take_encoded(struct content *c) {
        struct slice beginning;

        int e = peek_beginning(c, &beginning);
        if (e < 0)
                return e;
        const struct decoder *decoder = decoder_of(beginning);
        if (!decoder && !is_decoded(c->in, &decoder_csv) && decoder_csv.is(beginning))
                decoder = &decoder_csv;
        return decoder && c->depth < ENCODINGS_MAX ? read_decoded(c, decoder) : NOT_THESE;
}

/* Text it is, if anything. what: what it is instead, NULL where its kind is not known. */
static int pass_member(const struct content *c, const char *what, bool whole) {
        if (c->in->pending && whole) {
                log_error("%s cannot be read to its end: %s", c->in->name, input_error(c->in, c->in->pending));
                return c->in->pending;
        }
        if (!c->in->unpacked || c->in->unpacked->skipped++ < SKIPPED_SAID)
                log_warning("%s is skipped: it is %s", c->in->name,
                            what ? what : "text without a kernel's time or words in it");
        return 0;
}

static int refuse_no_log(struct content *c) {
        struct slice beginning;

        int e = peek_beginning(c, &beginning);
        if (e < 0)
                return e;
        const char *what = content_no_log(slice_head(beginning, CONTENT_HEAD));
        if (what && !is_one_of_many(c)) {
                log_error("%s is %s", c->in->name, what);
                return -EINVAL;
        }
        if (!is_one_of_many(c) || (!what && content_is_likely_log(c->scan, c->in, beginning)))
                return NOT_THESE;
        return c->way == SOURCE_LISTED ? SOURCE_PASSED : pass_member(c, what, beginning.n < CONTENT_HEAD);
}

/* Nothing in a text was a kernel's line. */
static int say_unrecognized(const struct content *c) {
        const struct source_info *source = scan_source(c->scan, c->scan->n_sources - 1);

        if (c->way == SOURCE_MEMBER && is_document(source)) {
                log_warning("%s is skipped: it quotes a kernel's words, and no line of it is the kernel's",
                            c->in->name);
                scan_drop_source(c->scan);
                return 0;
        }
        if (c->way == SOURCE_MEMBER) {
                log_warning("%s: no line was recognized as a kernel message", c->in->name);
                return 0;
        }
        if (c->way == SOURCE_LISTED) {
                scan_drop_source(c->scan);
                return SOURCE_PASSED;
        }
        if (source->unrecognized)
                log_error("%s quotes a kernel's words, and no line of it is the kernel's: nothing was read",
                          c->in->name);
        else
                log_error("%s: no line was recognized as a kernel message, and nothing was read; try the log as dmesg "
                          "or journalctl prints it",
                          c->in->name);
        return -ENOMSG;
}

static int take_text(struct content *c) {
        struct source_options options = *c->o;

        if (c->o->boot || c->o->has_since || c->o->has_until)
                log_warning("%s is text: -b, --since and --until choose among journal entries only", c->in->name);
        options.listed = is_one_of_many(c);
        int e = source_text(c->scan, c->in, &options);
        if (e == -ENOMSG)
                return say_unrecognized(c);
        /* Others may be read all the same. */
        return e == -ENODATA && is_one_of_many(c) ? 0 : e;
}

int source_input(struct scan *s, struct input *in, const struct source_options *o, enum source_way way,
                 unsigned depth) {
        static int (*const steps[])(struct content *) = {
                take_nothing, refuse_piped_journal, take_packed,   eat_mark,  take_datagrams, take_format, refuse_own,
                take_mail,    take_encoded,         refuse_no_log, take_text,
        };
        struct content c = { s, in, o, way, depth, SLICE_NULL };

        int e = input_peek(in, CONTENT_HEAD, &c.head);
        if (e < 0) {
                log_error("cannot read %s: %s", in->name, input_error(in, e));
                return e;
        }
        e = NOT_THESE;
        for (size_t i = 0; e == NOT_THESE && i < ARRAY_SIZE(steps); i++)
                e = steps[i](&c);
        return e;
}
