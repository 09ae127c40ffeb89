/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "redact/bundle.h"

#include <errno.h>
#include <json-c/json.h>
#include <sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/json_text.h"
#include "base/log.h"
#include "base/macros.h"
#include "findings/signature.h"
#include "redact/bundle_archive.h"
#include "redact/environment.h"
#include "redact/evidence.h"
#include "saved/json.h"

struct making {
        const struct bundle_options *o;
        struct evidence evidence;
        struct redactor *redactor; /* NULL: nothing is taken out */
        struct scan original, copy;
        struct surroundings around;
        struct buffer report;
        struct json_object *members;
        struct bundle_pack *pack;
};

static void making_done(struct making *m) {
        evidence_done(&m->evidence);
        redactor_free(m->redactor);
        scan_done(&m->original);
        scan_done(&m->copy);
        surroundings_done(&m->around);
        buffer_done(&m->report);
        json_object_put(m->members);
        bundle_pack_free(m->pack);
}

/* --- names --- */

static int learn(struct making *m) {
        int e = redaction_begin(&m->redactor, &m->o->redact);

        for (size_t i = 0; i < m->original.boots.n && e == 0; i++)
                e = redact_know_boot(m->redactor, m->original.boots.items[i]);
        for (size_t i = 0; i < m->original.store.n && e == 0; i++)
                e = redact_know_finding(m->redactor, m->original.store.items[i]);
        if (e == 0 && strcmp(m->o->source, "journal") == 0)
                e = redact_know_here(m->redactor);
        if (e == 0)
                e = redact_learn_written(m->redactor, buffer_all(&m->around.config));
        if (e == 0)
                e = redact_learn_written(m->redactor, buffer_all(&m->around.command_line));
        if (e == -ENOMEM)
                return log_oom();
        return e < 0 ? e : evidence_learn(&m->evidence, m->redactor);
}

/* --- the same findings --- */

static int scan_copy(struct making *m) {
        const struct question q = { .fail_on = RELEVANCE_UNRELATED };
        const struct source_options o = {};
        int fd = fileno(m->evidence.log);
        _cleanup_free_ char *name = NULL;

        if (asprintf(&name, "log/%s", m->evidence.member) < 0) {
                name = NULL;
                return log_oom();
        }
        _cleanup_(input_done) struct input in = { .name = name, .fd = fd };
        if (lseek(fd, 0, SEEK_SET) < 0)
                return -errno;
        int e = scan_init(&m->copy);
        if (e == 0)
                e = source_input(&m->copy, &in, &o, SOURCE_NAMED, 0);
        if (e == 0 || m->copy.n_sources)
                e = scan_finish(&m->copy, &q) < 0 ? log_oom() : e;
        return e;
}

static bool is_same(const struct making *m, const struct finding *a, const struct finding *b) {
        /* What a text begins with stands for its boot's id, and may hold a name that is out now. */
        const bool ids = m->evidence.is_journal || !m->redactor;
        return signature_same(a, b) && (!ids || strcmp(a->id, b->id) == 0) && a->count == b->count;
}

/* A bundle that says something else than its log is worse than none. */
static int compare(const struct making *m) {
        const struct store *a = &m->original.store, *b = &m->copy.store;

        for (size_t i = 0; i < a->n || i < b->n; i++) {
                if (i < a->n && i < b->n && is_same(m, a->items[i], b->items[i]))
                        continue;
                log_error("the bundle's log does not give the same findings: finding %zu is \"%s\", not \"%s\"%s",
                          i + 1, i < b->n ? b->items[i]->title : "none", i < a->n ? a->items[i]->title : "none",
                          m->redactor ? "; a redacted name is part of the report's own words" : "");
                return -EBADMSG;
        }
        return 0;
}

/* --- members --- */

static void seal(struct slice s, FILE *f, uint64_t size, char hex[static 65]) {
        uint8_t d[SHA256_DIGEST_LENGTH];
        char block[16384];
        SHA2_CTX c;

        SHA256Init(&c);
        if (s.n)
                SHA256Update(&c, (const uint8_t *) s.s, s.n);
        for (uint64_t at = 0; f && at < size;) {
                ssize_t n = pread(fileno(f), block, sizeof(block), (off_t) at);
                if (n <= 0)
                        break;
                SHA256Update(&c, (const uint8_t *) block, (size_t) n);
                at += (uint64_t) n;
        }
        SHA256Final(d, &c);
        for (size_t i = 0; i < sizeof(d); i++)
                snprintf(hex + 2 * i, 3, "%02x", d[i]);
}

static int list_member(struct making *m, const char *path, struct slice content, FILE *f, uint64_t size) {
        struct json_object *o = json_object_new_object();
        char hex[65];

        seal(content, f, size, hex);
        if (!o || json_object_object_add(o, "path", json_object_new_string(path)) < 0 ||
            json_object_object_add(o, "bytes", json_object_new_uint64(f ? size : content.n)) < 0 ||
            json_object_object_add(o, "sha256", json_object_new_string(hex)) < 0 ||
            json_object_array_add(m->members, o) < 0) {
                json_object_put(o);
                return log_oom();
        }
        return 0;
}

static int write_report(struct making *m) {
        char *text = NULL;
        size_t n = 0;
        FILE *f = open_memstream(&text, &n);
        int e = f ? write_json(&m->copy, f) : -ENOMEM;

        if (f && fclose(f) != 0)
                e = -ENOMEM;
        if (e == 0)
                e = buffer_add(&m->report, text, n);
        free(text);
        return e < 0 ? log_oom() : 0;
}

/* In another's name, where names are taken out. */
static int redact_buffer(struct making *m, struct buffer *b) {
        struct buffer out = {};

        if (!m->redactor || b->size == 0)
                return 0;
        int e = redact_text(m->redactor, buffer_all(b), &out);
        buffer_done(b);
        *b = out;
        return e < 0 ? log_oom() : 0;
}

static int write_manifest(struct making *m, struct buffer *ret) {
        struct json_object *o = json_object_new_object(), *tool = json_object_new_object();
        const struct boot *b = m->copy.boots.n ? m->copy.boots.items[0] : NULL;

        json_object_object_add(o, "schema", json_object_new_string("vmlife-bundle/1"));
        json_object_object_add(tool, "name", json_object_new_string("vmlife"));
        json_object_object_add(tool, "version", json_object_new_string(VMLIFE_VERSION));
        json_object_object_add(o, "tool", tool);
        json_object_object_add(o, "redacted", json_object_new_boolean(m->redactor != NULL));
        if (*m->evidence.boot)
                json_object_object_add(o, "boot_id", json_object_new_string(m->evidence.boot));
        if (b && b->release)
                json_object_object_add(o, "kernel", json_object_new_string(b->release));
        json_object_object_add(o, "findings", json_object_new_uint64(m->copy.store.n));
        json_object_object_add(o, "members", json_object_get(m->members));
        const char *text = json_object_to_json_string_ext(o, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
                                                                     JSON_C_TO_STRING_NOSLASHESCAPE);
        int e = text ? json_text_add(ret, text) : -ENOMEM;
        if (e == 0)
                e = buffer_add(ret, "\n", 1);
        json_object_put(o);
        return e < 0 ? log_oom() : 0;
}

static int write_bundle(struct making *m) {
        _cleanup_(buffer_done) struct buffer manifest = {};
        const struct {
                const char *path;
                const struct buffer *content;
        } texts[] = {
                { BUNDLE_FOLDER "report.json", &m->report },
                { BUNDLE_FOLDER "kernel.config", &m->around.config },
                { BUNDLE_FOLDER "command-line.txt", &m->around.command_line },
                { BUNDLE_FOLDER "build-ids.txt", &m->around.build_ids },
        };
        char log[64];
        int e = 0;

        snprintf(log, sizeof(log), BUNDLE_FOLDER "log/%s", m->evidence.member);
        m->members = json_object_new_array();
        if (!m->members)
                return log_oom();
        e = list_member(m, log, SLICE_NULL, m->evidence.log, m->evidence.size);
        for (size_t i = 0; e == 0 && i < ARRAY_SIZE(texts); i++)
                if (texts[i].content->size)
                        e = list_member(m, texts[i].path, buffer_slice(texts[i].content, 0, texts[i].content->size),
                                        NULL, 0);
        if (e == 0)
                e = write_manifest(m, &manifest);
        if (e == 0)
                e = bundle_pack_open(&m->pack, m->o->output);
        if (e == 0)
                e = bundle_pack_add(m->pack, BUNDLE_FOLDER "manifest.json", buffer_all(&manifest));
        if (e == 0)
                e = bundle_pack_add_file(m->pack, log, fileno(m->evidence.log), m->evidence.size);
        for (size_t i = 0; e == 0 && i < ARRAY_SIZE(texts); i++)
                if (texts[i].content->size)
                        e = bundle_pack_add(m->pack, texts[i].path,
                                            buffer_slice(texts[i].content, 0, texts[i].content->size));
        if (e == 0)
                e = bundle_pack_finish(m->pack);
        if (e == 0)
                log_message(MESSAGE_PROGRESS, "wrote %s: %zu finding%s, %s", m->o->output, m->copy.store.n,
                            m->copy.store.n == 1 ? "" : "s",
                            m->redactor ? "names of machines and people replaced" : "nothing left out or replaced");
        return e;
}

int bundle_make(const struct bundle_options *o) {
        _cleanup_(making_done) struct making m = { .o = o };
        const struct question q = { .fail_on = RELEVANCE_UNRELATED };

        int e = evidence_choose(&m.evidence, o->source, &o->log);
        if (e == 0 && scan_init(&m.original) < 0)
                e = log_oom();
        if (e == 0)
                e = source_read(&m.original, o->source, &m.evidence.options);
        if (e == 0 && scan_finish(&m.original, &q) < 0)
                e = log_oom();
        if (e == 0)
                e = surroundings_find(&m.around, m.original.boots.n ? m.original.boots.items[0] : NULL, m.evidence.here,
                                      o->config);
        if (e == 0 && o->redact.on)
                e = learn(&m);
        if (e == 0)
                e = evidence_copy(&m.evidence, m.redactor);
        if (e == 0)
                e = scan_copy(&m);
        if (e == 0)
                e = compare(&m);
        if (e == 0)
                e = write_report(&m);
        if (e == 0)
                e = redact_buffer(&m, &m.around.config);
        if (e == 0)
                e = redact_buffer(&m, &m.around.command_line);
        return e == 0 ? write_bundle(&m) : e;
}
