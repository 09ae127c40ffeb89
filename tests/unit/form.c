/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "form.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/macros.h"
#include "cmocka_all.h"
#include "line/line.h"
#include "vmlife.h"

struct said *read_said(const char *name) {
        struct said *s = calloc(1, sizeof(*s));
        FILE *f = fopen(fixture(name), "r");
        struct buffer scratch = {};
        char line[2048];

        assert_non_null(s);
        assert_non_null(f);
        while (fgets(line, sizeof(line), f)) {
                struct record r = { .console = true };
                struct line l;
                assert_int_equal(line_parse(slice_of(line), &r, &scratch, &l), 0);
                assert_true(l.time.has_mono && l.text.n < sizeof(s->lines[0].text) && s->n < ARRAY_SIZE(s->lines));
                s->lines[s->n].us = l.time.mono_us;
                if (l.text.n)
                        memcpy(s->lines[s->n].text, l.text.s, l.text.n);
                s->n++;
        }
        fclose(f);
        buffer_done(&scratch);
        return s;
}

static void put_wall(struct buffer *b, const char *format, uint64_t us) {
        time_t sec = (time_t) (1795424400 + us / 1000000);
        struct tm tm;
        char text[80];

        gmtime_r(&sec, &tm);
        size_t n = strftime(text, sizeof(text), format, &tm);
        buffer_add(b, text, n);
}

void putf(struct buffer *b, const char *format, ...) {
        char *text = NULL;
        va_list ap;

        va_start(ap, format);
        int n = vasprintf(&text, format, ap);
        va_end(ap);
        assert_true(n >= 0);
        buffer_add(b, text, (size_t) n);
        free(text);
}

static void put_string(struct buffer *b, const char *text) {
        for (; *text; text++)
                if (*text == '"' || *text == '\\')
                        putf(b, "\\%c", *text);
                else if (*text == '\t')
                        putf(b, "\\t");
                else
                        buffer_add(b, text, 1);
}

/* Tasks change at times, as they do in a log, and not within a report. */
static unsigned task_of(struct place at) {
        return (unsigned) (at.log->lines[at.i].us / 1000000);
}

static void put_field(struct buffer *b, char field, struct place at) {
        static const char *const levels[] = { "warn", "err", "info", "notice" };
        static const char *const tasks[] = { "(udev-worker)", "gem_exec", "kworker/u8:3", "Xorg" };
        const uint64_t us = at.log->lines[at.i].us;
        const char *text = at.log->lines[at.i].text;

        switch (field) {
        case 'k':
                putf(b, "[%5llu.%06llu]", (unsigned long long) us / 1000000, (unsigned long long) us % 1000000);
                break;
        case 'K':
                putf(b, "%llu.%06llu", (unsigned long long) us / 1000000, (unsigned long long) us % 1000000);
                break;
        case 'T':
                put_wall(b, "%a %b %e %H:%M:%S %Y", us);
                break;
        case 'S':
                put_wall(b, "%b %e %H:%M:%S", us);
                break;
        case 'I':
                put_wall(b, "%Y-%m-%dT%H:%M:%S", us);
                putf(b, ".%06lluZ", (unsigned long long) us % 1000000);
                break;
        case 'C':
                put_wall(b, "%H:%M:%S", us);
                break;
        case 'c':
                put_wall(b, "%H:%M:%S", us);
                putf(b, ".%03llu", (unsigned long long) us % 1000000 / 1000);
                break;
        case 'D':
                put_wall(b, "%Y/%m/%d %H:%M:%S", us);
                break;
        case 'A':
                put_wall(b, "%m-%d %H:%M:%S", us);
                putf(b, ".%03llu", (unsigned long long) us % 1000000 / 1000);
                break;
        case 'E':
                putf(b, "%llu.%06llu", 1795424400 + (unsigned long long) us / 1000000,
                     (unsigned long long) us % 1000000);
                break;
        case 'n':
                putf(b, "%zu", at.i + 1);
                break;
        case 'N':
                putf(b, "%6zu", at.i + 996);
                break;
        case 'L':
                putf(b, "%s", levels[at.i * 7 % 4]);
                break;
        case 'l':
                putf(b, "%c", "WEIN"[at.i * 7 % 4]);
                break;
        case 'P':
                putf(b, "<%zu>", at.i % 7 + 1);
                break;
        case 'x':
                putf(b, "%c", "- ."[at.i % 3]);
                break;
        case 's':
                putf(b, "%c", "I I"[at.i % 3]);
                break;
        case 'h':
                putf(b, "tgl-02");
                break;
        case 't':
                putf(b, "%s", tasks[task_of(at) % 4]);
                break;
        case 'p':
                putf(b, "%u", task_of(at) * 77 + 9);
                break;
        case 'u':
                putf(b, "%zu", at.i % 4);
                break;
        case 'm':
                buffer_add(b, text, strlen(text));
                break;
        case 'j':
                put_string(b, text);
                break;
        default:
                buffer_add(b, &field, 1);
        }
}

void put_line(struct buffer *b, const char *form, struct place at) {
        for (; *form; form++)
                if (*form == '%')
                        put_field(b, *++form, at);
                else
                        buffer_add(b, form, 1);
}

void read_all_said(struct said **logs, const char *const *names, size_t n) {
        for (size_t i = 0; i < n; i++)
                logs[i] = read_said(names[i]);
}

void free_all_said(struct said **logs, size_t n) {
        for (size_t i = 0; i < n; i++)
                free(logs[i]);
}

char *found_in(const char *path, struct buffer *b, int status) {
        struct buffer found = {};
        struct json_object *o;

        write_file(path, b->data, b->size);
        buffer_done(b);
        struct json_object *r = scan(status, "%s", path);
        for (size_t i = 0; i < n_findings(r); i++) {
                const char *title = text_of(finding(r, i), "title");
                buffer_add(&found, title, strlen(title));
                putf(&found, " %zu\n",
                     json_object_object_get_ex(finding(r, i), "corrupted", &o) ? json_object_array_length(o) : 0);
        }
        buffer_add(&found, "", 1);
        json_object_put(r);
        return found.data;
}
