/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The texts that explain vmlife's words: there is one for each, and what they name exists. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "boot/detector.h"
#include "cmocka_all.h"
#include "judge/coverage.h"
#include "judge/judge.h"
#include "judge/rules.h"
#include "kind/kind.h"
#include "output/topic.h"
#include "vmlife.h"

static const struct topic *in(const struct topics *t, const char *word) {
        const struct topic *x;

        for (size_t i = 0; (x = topics_item(t, i)); i++)
                if (strcmp(x->word, word) == 0)
                        return x;
        fail_msg("\"%s\" stands in a table and is not explained (%s)", word, t->heading);
        return NULL;
}

static char *file(const char *path) {
        static char text[1 << 20];
        FILE *f = fopen(path, "re");

        if (!f)
                fail_msg("there is no %s", path);
        text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
        fclose(f);
        return text;
}

static void test_every_rule(void **state) {
        (void) state;
        char *p = file("kernel/tree/drivers/gpu/drm/i915/gem/i915_gem_vmlife_rules.h");
        size_t n = 0;

        for (size_t i = 0; i < n_rules; i++) {
                const struct topic *t = in(&topics_rules, rules[i].id);
                assert_true(t->what && t->means && t->cause && t->look && t->turn_on && t->commands && t->message_id);
        }
        assert_int_equal(topics_rules.n, n_rules);
        /* The kernel's side has its own list. */
        while ((p = strstr(p, "\nVMLIFE_RULE("))) {
                char *begin = strchr(p, '"') + 1, *end = strchr(begin, '"');
                *end = '\0';
                in(&topics_rules, begin);
                p = end + 1;
                n++;
        }
        assert_in_range(n, 9, n_rules);
}

static void test_every_kind(void **state) {
        (void) state;
        char word[128];
        size_t n = 0;

        for (size_t k = 0; kinds[k]; k++) {
                struct kind_name name;

                assert_true(kind_names(kinds[k], 0, &name));
                for (size_t i = 0; kind_names(kinds[k], i, &name); i++, n++) {
                        const struct topic *d = in(&topics_detectors, name.detector);
                        if (!d->what || !d->means || !d->cause || !d->look || !d->turn_on || !d->message_id)
                                fail_msg("the topic %s lacks a member", d->word);
                        if (!name.kind)
                                continue;
                        snprintf(word, sizeof(word), "%s/%s", name.detector, name.kind);
                        const struct topic *t = in(&topics_kinds, word);
                        assert_ptr_equal(topic_of(word), t);
                        assert_ptr_equal(topic_parent(t), d);
                }
        }
        assert_true(n > 100);
        const struct topic *x;
        for (size_t i = 0; (x = topics_item(&topics_kinds, i)); i++)
                assert_non_null(topic_parent(x));
}

static void test_every_detector_verdict_and_level(void **state) {
        (void) state;
        for (int d = 0; d < N_DETECTORS; d++)
                in(&topics_detectors, detector_name((enum detector) d));
        for (int v = VERDICT_CLEAN; v <= VERDICT_NOT_PROVEN; v++)
                assert_non_null(in(&topics_verdicts, verdict_name((enum verdict) v))->means);
        for (int r = RELEVANCE_UNRELATED; r <= RELEVANCE_CERTAIN; r++)
                in(&topics_levels, relevance_name((enum relevance) r));
        for (unsigned w = 0; w < N_EVENTS; w++)
                assert_non_null(in(&topics_events, event_name((enum event_what) w))->means);
        assert_int_equal(topics_events.n, N_EVENTS);
}

static void explains_members(struct json_object *schema) {
        struct json_object *members = NULL;

        if (!json_object_object_get_ex(schema, "properties", &members))
                return;
        json_object_object_foreach(members, key, value) {
                (void) value;
                if (!topic_of(key))
                        fail_msg("a report has \"%s\", which nothing explains", key);
        }
}

static void test_every_member(void **state) {
        (void) state;
        struct json_object *schema = json_object_from_file("analyzer/schema/report.schema.json"),
                           *definitions = member(schema, "definitions");

        explains_members(member(definitions, "finding"));
        explains_members(member(definitions, "boot"));
        json_object_put(schema);
        assert_ptr_equal(topic_of("Boots"), topic_of("boot"));
        assert_ptr_equal(topic_of("label"), topic_of("labels"));
}

/* A word, and neither one of every sentence, nor two with a comma between. */
static bool is_term(const char *word) {
        static const char *const common[] = { "all", "any", "less", "more", "no", "yes" };

        for (size_t i = 0; i < sizeof(common) / sizeof(*common); i++)
                if (strcmp(word, common[i]) == 0)
                        return false;
        return !strpbrk(word, ",/");
}

static void explains_values(struct json_object *values) {
        for (size_t i = 0; i < json_object_array_length(values); i++) {
                struct json_object *value = json_object_array_get_idx(values, i);

                if (json_object_is_type(value, json_type_string) && is_term(json_object_get_string(value)) &&
                    !topic_of(json_object_get_string(value)))
                        fail_msg("JSON has the value \"%s\", which nothing explains", json_object_get_string(value));
        }
}

static void explains_nested(struct json_object *o) {
        struct json_object *members, *values;

        if (json_object_is_type(o, json_type_array))
                for (size_t i = 0; i < json_object_array_length(o); i++)
                        explains_nested(json_object_array_get_idx(o, i));
        if (!json_object_is_type(o, json_type_object))
                return;
        if (json_object_object_get_ex(o, "enum", &values) && json_object_is_type(values, json_type_array))
                explains_values(values);
        if (json_object_object_get_ex(o, "properties", &members) && json_object_is_type(members, json_type_object)) {
                json_object_object_foreach(members, name, unused) {
                        (void) unused;
                        if (!topic_of(name))
                                fail_msg("JSON has \"%s\", which nothing explains", name);
                }
        }
        json_object_object_foreach(o, key, value) {
                (void) key;
                explains_nested(value);
        }
}

/* At any depth of all that vmlife reads and writes; and of what a member is one of, each. */
static void test_every_key_of_json(void **state) {
        (void) state;
        for (const char *const *name =
                     (const char *const[]){ "report", "diff", "signatures", "follow", "bundle", "known-issues", NULL };
             *name; name++) {
                char path[100];
                snprintf(path, sizeof(path), "analyzer/schema/%s.schema.json", *name);
                struct json_object *schema = json_object_from_file(path);
                assert_non_null(schema);
                explains_nested(schema);
                json_object_put(schema);
        }
}

/* What the schema leaves open: the names of a report's data and the roles of tasks, as many as our logs have. */
static void test_every_field_of_logs(void **state) {
        (void) state;
        struct run r = run_shell("$VMLIFE scan tests/logs/*.log tests/unit/fixtures/*.log | jq -r '.findings[] | "
                                 "(.fields | keys[]), (.tasks[].role // empty), (.accesses[] | .type // empty)' | "
                                 "sort -u");
        size_t n = 0;

        for (char *word = strtok(r.out, "\n"); word; word = strtok(NULL, "\n"), n++)
                if (!topic_of(word))
                        fail_msg("a finding has \"%s\", which nothing explains", word);
        assert_true(n > 15);
        run_done(&r);
}

static void test_words_are_told_apart(void **state) {
        (void) state;
        const struct topic *x;
        for (size_t k = 0; topics_all[k]; k++)
                for (size_t i = 0; (x = topics_item(topics_all[k], i)); i++)
                        if (topic_of(x->word) != x)
                                fail_msg("\"%s\" is explained twice", x->word);
        assert_string_equal(topic_of("circular-locking")->word, "lockdep/circular-locking");
        /* Of kasan and of slub. */
        assert_ptr_equal(topic_of_many("double-free", 0), topic_of("double-free"));
        assert_ptr_not_equal(topic_of_many("double-free", 1), NULL);
        assert_null(topic_of_many("double-free", 2));
        assert_null(topic_of_many("circular-locking", 1));
        assert_null(topic_of_many("kasan", 1));
        assert_string_equal(topic_of("kasan/a-new-one")->word, "kasan");
        assert_string_equal(topic_of("vmlife/vm-leak")->word, "vm-leak");
        static const struct {
                const char *title, *word;
        } titles[] = {
                { "KASAN: use-after-free Write in provoke_use_after_free", "kasan/use-after-free" },
                { "KCSAN: data-race in ps2_do_sendbyte / ps2_handle_ack", "kcsan/data-race" },
                { "general protection fault in provoke_gpf", "oops/general-protection-fault" },
                { "KFENCE: no such words in f", "kfence" },
                { "vmlife: vm-early-put in context_close", "vm-early-put" },
        };
        for (size_t i = 0; i < sizeof(titles) / sizeof(*titles); i++)
                assert_string_equal(topic_of(titles[i].title)->word, titles[i].word);
        assert_null(topic_of("no such words in f"));
        assert_null(topic_of(""));
        assert_null(topic_of("/"));
}

static void test_message_ids(void **state) {
        (void) state;
        const struct topic *t;
        const char *seen[128] = { MESSAGE_ID_FINDING };
        size_t n = 1;

        for (size_t k = 0; topics_all[k]; k++)
                for (size_t i = 0; (t = topics_item(topics_all[k], i)); i++) {
                        const char *id = t->message_id;
                        if (!id)
                                continue;
                        assert_int_equal(strspn(id, "0123456789abcdef"), 32);
                        assert_int_equal(strlen(id), 32);
                        for (size_t x = 0; x < n; x++)
                                assert_string_not_equal(id, seen[x]);
                        seen[n++] = id;
                }
        assert_string_equal(topic_message_id(&(struct finding){ .detector = "kcsan", .kind = "data-race" }),
                            in(&topics_detectors, "kcsan")->message_id);
        assert_string_equal(
                topic_message_id(&(struct finding){ .detector = "kcsan", .kind = "data-race", .rule = "vm-republish" }),
                in(&topics_rules, "vm-republish")->message_id);
        assert_string_equal(topic_message_id(&(struct finding){ .detector = "new", .kind = "new" }),
                            MESSAGE_ID_FINDING);
}

/* Does the command that names this path filter by the vm? Events of vms have no other field to go by. */
static bool filters_vm(const char *commands, const char *path) {
        while (path > commands && path[-1] != '\n')
                path--;
        return strncmp(path, "echo 'vm_id ", 12) == 0;
}

static void test_tracepoints_exist(void **state) {
        (void) state;
#define GEM "kernel/tree/drivers/gpu/drm/i915/gem/"
        const char *header = file(GEM "i915_gem_vmlife_trace.h");

        for (size_t i = 0; i < topics_rules.n; i++) {
                static const char path[] = "tracing/events/i915_vmlife/";
                const char *p = topics_rules.items[i].commands;

                for (; (p = strstr(p, path)); p++) {
                        const char *name = p + sizeof(path) - 1;
                        char want[128];

                        if (strncmp(name, "enable", 6) == 0)
                                continue;
                        snprintf(want, sizeof(want), "DEFINE_EVENT(%s, %.*s,",
                                 filters_vm(topics_rules.items[i].commands, p) ? "i915_vmlife_vm" : "i915_vmlife_ctx",
                                 (int) strcspn(name, "/"), name);
                        if (!strstr(header, want))
                                fail_msg("the kernel has no event %s", want);
                }
        }
        char *debugfs = file(GEM "i915_gem_vmlife_debugfs.c");
        assert_non_null(strstr(debugfs, "debugfs_create_dir(\"i915_vmlife\""));
        assert_non_null(strstr(debugfs, "debugfs_create_file(\"sites\""));
        assert_non_null(strstr(debugfs, "debugfs_create_file(\"contexts\""));
}

/* What stands in a report can be asked for. */
static void test_findings_can_be_explained(void **state) {
        (void) state;
        struct run r = run_shell(
                "for f in tests/unit/fixtures/*.log tests/unit/fixtures/kinds/*.log; do $VMLIFE scan $f 2>/dev/null; "
                "done |"
                " jq -r '.findings[] | .detector + \"/\" + .kind, .rule // empty, .relevance' | sort -u > "
                "$VMLIFE_TMP/words &&"
                " wc -l < $VMLIFE_TMP/words && $VMLIFE explain $(cat $VMLIFE_TMP/words) >$VMLIFE_TMP/texts");
        assert_string_equal(r.err, "");
        assert_int_equal(r.status, 0);
        assert_in_range(strtol(r.out, NULL, 10), 40, 200);
        run_done(&r);
}

static void test_command(void **state) {
        (void) state;
        struct run r = vmlife("explain");
        assert_int_equal(r.status, 0);
        assert_non_null(strstr(r.out, "\n  vm-early-put "));
        assert_non_null(strstr(r.out, "\n  lockdep/circular-locking "));
        assert_non_null(strstr(r.out, "\n  not-proven "));
        assert_null(strchr(r.out, '\033'));
        run_done(&r);
        r = vmlife("explain vm-early-put");
        assert_int_equal(r.status, 0);
        assert_non_null(strstr(r.out, "i915_vmlife_put/filter"));
        assert_non_null(strstr(r.out, "The contract"));
        run_done(&r);
        /* A kind says what it knows, its detector the rest. */
        r = vmlife("explain kcsan/assert-race");
        assert_non_null(strstr(r.out, "ASSERT_EXCLUSIVE_WRITER"));
        assert_non_null(strstr(r.out, "CONFIG_KCSAN=y"));
        run_done(&r);
        r = vmlife("explain vm-leak nothing-like-it");
        assert_int_equal(r.status, 2);
        assert_non_null(strstr(r.err, "nothing-like-it"));
        run_done(&r);
        static const char *const printing[] = { "explain", "help",         "help known", "--version",
                                                "--help",  "known --help", "scan --help" };
        for (size_t i = 0; i < sizeof(printing) / sizeof(*printing); i++) {
                r = vmlife("%s >/dev/full", printing[i]);
                assert_int_equal(r.status, 2);
                assert_non_null(strstr(r.err, "No space left on device"));
                run_done(&r);
        }
}

/* The words before the colon, or before "of" in a lock's and a stack's, if they are ours: small letters, unlike offsets
 * of machine code. */
static bool label_of(const char *line, char *ret, size_t size) {
        const size_t indent = strspn(line, " "), n = strspn(line + indent, "abcdefghijklmnopqrstuvwxyz ");
        const char *end = line + indent + n, *of = strstr(line + indent, " of ");

        if (indent < 4 || n == 0 || n >= size || n == 1 || line[indent + 1] == ' ' || *end != ':' ||
            (end[1] != ' ' && end[1] != '\n'))
                return false;
        snprintf(ret, size, "%.*s", (int) (of && of < end ? of - line - (long) indent : (long) n), line + indent);
        return true;
}

static void test_every_label_of_text(void **state) {
        (void) state;
        static const char *const logs[] = { "tests/unit/fixtures/lockdep-circular.log",
                                            "tests/unit/fixtures/kcsan-ps2.log", "tests/unit/fixtures/xe-uaf.log",
                                            "tests/logs/6.1-vm-early-put.log",
                                            "tests/logs/6.1-kasan-memory-use-after-free.log.xz" };
        struct run r = vmlife("scan --format text -v --maintainers tests/unit/fixtures/MAINTAINERS %s %s %s %s %s",
                              logs[0], logs[1], logs[2], logs[3], logs[4]);
        char label[40];
        size_t n = 0;

        for (char *line = r.out; *line; line = strchr(line, '\n') + 1) {
                if (!label_of(line, label, sizeof(label)))
                        continue;
                n++;
                if (!topic_of(label))
                        fail_msg("text has the label \"%s\", which nothing explains", label);
        }
        assert_true(n > 20);
        run_done(&r);
        for (size_t i = 0; i < n_synonyms; i++)
                assert_non_null(topic_of(synonyms[i].of));
        static const char *const others[] = { "not proven",     "also unproven", "NOT IN FULL", "sent twice", "tainted",
                                              "maybe not new",  "More Often",    "still there", "first_seen", "RIP",
                                              "known issue",    "first cause",   "inlined",     "reordered",  "marked",
                                              "not recognized", "hooks passed",  "withdrawn",   "lock held" };
        for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
                if (!topic_of(others[i]))
                        fail_msg("nothing explains \"%s\"", others[i]);
        r = vmlife("explain not proven");
        assert_int_equal(r.status, 0);
        run_done(&r);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_every_label_of_text),
                cmocka_unit_test(test_every_rule),
                cmocka_unit_test(test_every_kind),
                cmocka_unit_test(test_every_detector_verdict_and_level),
                cmocka_unit_test(test_every_member),
                cmocka_unit_test(test_every_key_of_json),
                cmocka_unit_test(test_every_field_of_logs),
                cmocka_unit_test(test_words_are_told_apart),
                cmocka_unit_test(test_message_ids),
                cmocka_unit_test(test_tracepoints_exist),
                cmocka_unit_test(test_findings_can_be_explained),
                cmocka_unit_test(test_command),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
