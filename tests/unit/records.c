/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "records.h"

#include <json-c/json.h>
#include <string.h>

static const char prefix_again[] = "prefix";

const struct record_form forms[FORMS] = {
        [FORM_EXPORT] = { "export", NULL, NULL },
        [FORM_KMSG] = { "kmsg", NULL, NULL },
        [FORM_JSON] = { "json", NULL, NULL },
        [FORM_CONSOLE] = { "console", "[%t][%c] ", " " },
        [FORM_DMESG] = { "dmesg", "[%t] ", NULL },
        [FORM_DECODED] = { "decoded", "kern  :warn  : [%t] ", NULL, .sampled = true },
        [FORM_SYSLOG] = { "syslog", "%d vm kernel: [%t] ", "#012" },
        [FORM_SHORT] = { "short", "%d vm kernel: ", NULL, .sampled = true },
        [FORM_CTIME] = { "ctime", "[Tue %d 2025] ", NULL, .sampled = true },
        [FORM_DECODED_CTIME] = { "decoded-ctime", "kern  :warn  : [Tue %d 2025] ", NULL, .sampled = true },
        [FORM_LEVEL] = { "level", "kern  :warn  : ", NULL, .sampled = true },
        [FORM_DELTA] = { "delta", "[%t <    0.000011>] ", NULL, .sampled = true },
        [FORM_MONOTONIC] = { "monotonic", "[%t] vm kernel: ", NULL, .sampled = true },
        [FORM_RUNNER] = { "runner", "[%t] ", NULL, .outer = "2025-11-25T20:27:03.0000000Z ", .sampled = true },
        [FORM_CONTAINER] = { "container", "%d vm kernel: ", NULL, .outer = "web-1  | ", .sampled = true },
        [FORM_OBJECTS] = { "objects", "", NULL, .sampled = true },
        [FORM_TABLE] = { "table", "%d,vm,kernel,", NULL },
        [FORM_SERIAL] = { "serial", "[%t][%c] ", prefix_again },
};

static void put_le64(FILE *f, uint64_t v) {
        for (int i = 0; i < 8; i++)
                fputc((int) (v >> 8 * i & 255), f);
}

/* "[   12.345678] ", "Nov 25 20:27:03 vm kernel: ", ... Returns its width. */
static size_t put_prefix_to(const struct out *o, FILE *f) {
        const unsigned long long seconds = o->us / 1000000;
        int n = 0;

        for (const char *c = forms[o->form].prefix; *c; c++)
                if (c[0] == '%' && *++c == 't')
                        n += fprintf(f, "%5llu.%06llu", seconds, (unsigned long long) o->us % 1000000);
                else if (*c == 'd')
                        n += fprintf(f, "Nov 25 %02llu:%02llu:%02llu", 10 + seconds / 3600 % 10, seconds / 60 % 60,
                                     seconds % 60);
                else if (c[-(c > forms[o->form].prefix)] == '%' && *c == 'c')
                        n += fprintf(f, "%6s", o->caller ? o->caller : "T7");
                else
                        n += fputc(*c, f) != EOF;
        return (size_t) n;
}

static size_t put_prefix(struct out *o) {
        return put_prefix_to(o, o->file);
}

void put_prefix_of(const struct out *o, FILE *to) {
        if (forms[o->form].prefix)
                put_prefix_to(o, to);
}

static void put_text_record(struct out *o, const char *message, size_t n) {
        const char *line_end = forms[o->form].line_end, *outer = forms[o->form].outer ? forms[o->form].outer : "";

        fputs(outer, o->file);
        const size_t width = put_prefix(o);

        for (size_t i = 0; i < n; i++)
                if (message[i] != '\n')
                        fputc(message[i], o->file);
                else if (line_end == prefix_again) {
                        fputc('\n', o->file);
                        put_prefix(o);
                } else if (line_end)
                        fputs(line_end, o->file);
                else
                        fprintf(o->file, "\n%s%*s", outer, (int) width, "");
        fputc('\n', o->file);
}

static void put_json_record(struct out *o, const char *message, size_t n) {
        struct json_object *m = json_object_new_string_len(message, (int) n);

        fprintf(o->file,
                "{\"__REALTIME_TIMESTAMP\":\"%llu\",\"_BOOT_ID\":\"11111111111111111111111111111111\",\"_MACHINE_ID\":"
                "\"22222222222222222222222222222222\",\"_HOSTNAME\":\"host\",\"_TRANSPORT\":\"kernel\",\"SYSLOG_"
                "FACILITY\":"
                "\"0\",\"_SOURCE_MONOTONIC_TIMESTAMP\":\"%llu\",\"MESSAGE\":%s}\n",
                1700000000000000ull + o->us, (unsigned long long) o->us, json_object_to_json_string(m));
        json_object_put(m);
}

static void put_object(struct out *o, const char *message, size_t n) {
        struct json_object *m = json_object_new_string_len(message, (int) n);

        fprintf(o->file, "{\"time\":\"2025-11-25T%02llu:%02llu:%02llu.%06lluZ\",\"message\":%s}\n",
                10 + (unsigned long long) o->us / 3600000000 % 10, (unsigned long long) o->us / 60000000 % 60,
                (unsigned long long) o->us / 1000000 % 60, (unsigned long long) o->us % 1000000,
                json_object_to_json_string(m));
        json_object_put(m);
}

/* A row of a table, whose last column is the line that dmesg prints. */
static void put_row(struct out *o, const char *message, size_t n) {
        bool quoted = false;

        for (size_t i = 0; i < n; i++)
                quoted = quoted || strchr(",\"\r\n", message[i]);
        put_prefix(o);
        if (quoted)
                fputc('"', o->file);
        fprintf(o->file, "[%5llu.%06llu] ", (unsigned long long) o->us / 1000000, (unsigned long long) o->us % 1000000);
        for (size_t i = 0; i < n; i++) {
                if (message[i] == '"')
                        fputc('"', o->file);
                fputc(message[i], o->file);
        }
        fputs(quoted ? "\"\n" : "\n", o->file);
}

void put_record(struct out *o, const char *message, size_t n) {
        switch (o->form) {
        case FORM_EXPORT:
                fprintf(o->file,
                        "__REALTIME_TIMESTAMP=%llu\n__MONOTONIC_TIMESTAMP=%llu\n_BOOT_ID="
                        "11111111111111111111111111111111\n"
                        "_MACHINE_ID=22222222222222222222222222222222\n_HOSTNAME=host\n_TRANSPORT=kernel\nSYSLOG_"
                        "FACILITY=0\n"
                        "SYSLOG_IDENTIFIER=kernel\n_SOURCE_MONOTONIC_TIMESTAMP=%llu\nMESSAGE\n",
                        1700000000000000ull + o->us, (unsigned long long) o->us, (unsigned long long) o->us);
                put_le64(o->file, n);
                fwrite(message, 1, n, o->file);
                fputs("\n\n", o->file);
                break;
        case FORM_KMSG:
                fprintf(o->file, "6,%llu,%llu,%c;", (unsigned long long) o->sequence++, (unsigned long long) o->us,
                        o->goes_on ? 'c' : '-');
                for (size_t i = 0; i < n; i++)
                        if ((unsigned char) message[i] < ' ' || message[i] == '\\' || (unsigned char) message[i] > '~')
                                fprintf(o->file, "\\x%02x", (unsigned char) message[i]);
                        else
                                fputc(message[i], o->file);
                fputc('\n', o->file);
                break;
        case FORM_JSON:
                put_json_record(o, message, n);
                break;
        case FORM_OBJECTS:
                put_object(o, message, n);
                break;
        case FORM_TABLE:
                put_row(o, message, n);
                break;
        default:
                put_text_record(o, message, n);
        }
        o->us += 11;
}

void put_text(struct out *o, const char *message) {
        put_record(o, message, strlen(message));
}
