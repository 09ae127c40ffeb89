/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "base/macros.h"
#include "source/decode.h"

/* rsyslog's RSYSLOG_DebugFormat: some ten lines of properties for each message, most of them "NAME: 'value'", in which
 * the message stands three times. It is given as syslog's line. */

static const struct slice record_head = SLICE("Debug line with all properties:");

static bool is_template(struct slice head) {
        while (head.n && (head.s[0] == '\n' || head.s[0] == '\r'))
                head = slice_from(head, 1);
        return slice_starts(head, record_head) && slice_has(head, SLICE("msg: '"));
}

struct template {
        struct decoded decoded;
        bool end;
};

/* The value of a property, taken with what is before it: they stand in one order, so that what a user's string holds
 * is behind those that say whose it is. */
static struct slice eat_property(struct slice *record, struct slice name, struct slice end) {
        const size_t at = slice_find(*record, name);

        if (at == SLICE_NPOS)
                return SLICE("-");
        *record = slice_from(*record, at + name.n);
        const size_t n = slice_find(*record, end);
        const struct slice value = slice_head(*record, n);
        *record = slice_from(*record, value.n);
        return value;
}

/* A message's own line ends are written as syslog daemons write them. */
static int add_message(struct buffer *out, struct slice s) {
        int e = 0;

        for (size_t at; e == 0 && (at = slice_find_byte(s, '\n')) != SLICE_NPOS; s = slice_from(s, at + 1))
                if ((e = buffer_add_slice(out, slice_head(s, at))) == 0)
                        e = buffer_add_slice(out, SLICE("#012"));
        return e < 0 ? e : buffer_add_slice(out, s);
}

static int give_record(struct template *t, struct buffer *out) {
        struct slice record = buffer_all(&t->decoded.text);
        const struct slice quote = SLICE("'"), host = eat_property(&record, SLICE("HOSTNAME: '"), quote),
                           tag = eat_property(&record, SLICE("syslogtag '"), SLICE("', programname: '")),
                           time = eat_property(&record, SLICE("TIMESTAMP: '"), quote);
        /* The message may end with a line end, and hold a quotation mark. */
        const struct slice message = eat_property(&record, SLICE("msg: '"), SLICE("'\nescaped msg: '"));
        const struct slice parts[] = { time, SLICE(" "), host, SLICE(" "), tag };
        int e = 0;

        for (size_t i = 0; e == 0 && i < ARRAY_SIZE(parts); i++)
                e = buffer_add_slice(out, parts[i]);
        if (e == 0 && message.n && message.s[0] != ' ')
                e = buffer_add_slice(out, SLICE(" "));
        if (e == 0)
                e = add_message(out, slice_rtrim(message));
        t->decoded.text.size = 0;
        return e < 0 ? e : buffer_add_slice(out, SLICE("\n"));
}

static int template_more(void *state, struct buffer *out) {
        enum { RECORD_MAX = 256 * 1024 };
        struct template *t = state;
        struct slice line;
        int e = 1;

        while (!t->end && out->size == 0 && (e = line_reader_next(&t->decoded.reader, &line)) > 0) {
                if (slice_starts(line, record_head) && t->decoded.text.size)
                        e = give_record(t, out);
                if (e >= 0 && t->decoded.text.size + line.n < RECORD_MAX)
                        e = buffer_add_slice(&t->decoded.text, slice_rtrim(line));
                if (e >= 0)
                        e = buffer_add_slice(&t->decoded.text, SLICE("\n"));
                if (e < 0)
                        return e;
        }
        if (e < 0 || out->size || t->end)
                return e < 0 ? e : out->size > 0;
        t->end = true;
        e = t->decoded.text.size ? give_record(t, out) : 0;
        return e < 0 ? e : out->size > 0;
}

const struct decoder decoder_template = {
        .name = "properties",
        .is = is_template,
        .size = sizeof(struct template),
        .more = template_more,
};
