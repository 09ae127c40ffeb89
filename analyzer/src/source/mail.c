/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/macros.h"
#include "source/mime.h"
#include "source/source.h"

/* What people wrote in a mail is one text; each attachment is a source of its own, whatever it holds. */

static ssize_t give(void *from, void *buf, size_t n, const char **problem _unused_) {
        struct slice *rest = from;

        n = MIN(n, rest->n);
        memcpy(buf, rest->s, n);
        *rest = slice_from(*rest, n);
        return (ssize_t) n;
}

bool is_mail_part(const struct input *in) {
        return in->read == give;
}

static int read_part(struct scan *s, const struct input *mail, const char *name, const struct buffer *bytes,
                     const struct source_options *o, enum source_way way, unsigned depth) {
        struct slice rest = buffer_all(bytes);
        _cleanup_(input_done) struct input in = { .name = name,
                                                  .fd = -1,
                                                  .read = give,
                                                  .from = &rest,
                                                  .unpacked = mail->unpacked };

        return source_input(s, &in, o, way, depth + 1);
}

static int read_attachment(struct scan *s, const struct input *mail, const struct mime_part *part,
                           const struct source_options *o, unsigned depth) {
        _cleanup_free_ char *name = NULL;

        if (asprintf(&name, "%s%s%s", mail->name, part->name ? ":" : "", part->name ? part->name : "") < 0) {
                name = NULL;
                return log_oom();
        }
        int r = read_part(s, mail, name, &part->bytes, o, SOURCE_LISTED, depth);
        if (r <= 0)
                return r;
        log_warning("%s is skipped: it is no log", name);
        return 0;
}

static bool is_empty(const struct buffer *b) {
        for (size_t i = 0; i < b->size; i++)
                if (!is_blank(b->data[i]) && b->data[i] != '\n' && b->data[i] != '\r')
                        return false;
        return true;
}

static int read_parts(struct scan *s, const struct input *in, const struct mime *m, const struct source_options *o,
                      enum source_way way, unsigned depth) {
        const size_t sources = s->n_sources;
        int r = 0;

        for (size_t i = 0; i < m->n_parts; i++) {
                int e = read_attachment(s, in, &m->parts[i], o, depth);
                if (e == -ENOMEM)
                        return e;
                r = r < 0 ? r : e;
        }
        const bool found = s->n_sources > sources;
        if (is_empty(&m->body) && found)
                return r;
        /* Beside an attached log the text need not be one. */
        int e = read_part(s, in, in->name, &m->body, o, found ? SOURCE_LISTED : way, depth);
        return r < 0 ? r : e > 0 && found ? 0 : e;
}

int source_mail(struct scan *s, struct input *in, const struct source_options *o, enum source_way way, unsigned depth) {
        _cleanup_(mime_done) struct mime m = {};
        int e = mime_read(&m, in);

        if (e == -ENOMEM)
                return log_oom();
        if (e < 0) {
                log_error("cannot read %s: %s", in->name,
                          e == -EFBIG ? "it is too large for a mail: split it" : input_error(in, e));
                return e;
        }
        e = read_parts(s, in, &m, o, way, depth);
        if (!m.cut || e < 0)
                return e;
        log_error("%s ends within an attachment, and was read up to there", in->name);
        return -EBADMSG;
}
