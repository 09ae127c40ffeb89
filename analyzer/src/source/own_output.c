/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/own_output.h"

#include "base/macros.h"
#include "source/values.h"

/* "findings: 2 (1 likely, 1 unrelated) in 1 boot", "clean: no findings in 2 boots", "findings: 1 new, 0 still there" */
static bool is_verdict(struct slice line) {
        static const struct slice verdicts[] = { SLICE("findings: "), SLICE("not-proven: "), SLICE("clean: ") };

        for (size_t i = 0; i < ARRAY_SIZE(verdicts); i++)
                if (slice_starts(line, verdicts[i]))
                        return slice_has(line, SLICE(" boot")) || slice_has(line, SLICE(" new, "));
        return false;
}

/* "1 signature, 2 events in 1 boot of 1 source" */
static bool is_list(struct slice line) {
        uint64_t n;

        return slice_eat_u64(&line, &n) && slice_eat(&line, SLICE(" signature")) && slice_has(line, SLICE(" event")) &&
               slice_has(line, SLICE(" boot"));
}

/* How the other forms begin, and what stands near. */
static const struct form {
        struct slice begins, has;
} forms[] = {
        { SLICE("<!DOCTYPE html>"), SLICE("<title>vmlife report</title>") },
        { SLICE("<?xml "), SLICE("<testsuites name=\"vmlife\"") },
        { SLICE("KTAP version 1\n# written by vmlife "), SLICE("\n1..") },
        { SLICE("# vmlife: "), SLICE(" in ") },
        { SLICE("# HELP vmlife_"), SLICE("\n# TYPE vmlife_") },
        { SLICE("{\n\"version\": { \"major\": "), SLICE("\"checkouts\": [") },
        { SLICE("# "), SLICE("\n\nThe kernel reported this ") },
        { SLICE("Subject: [BUG] "), SLICE("\n\nThe kernel reported this ") },
        { SLICE("To: "), SLICE("\n\nThe kernel reported this ") },
        { SLICE("Cc: "), SLICE("\n\nThe kernel reported this ") },
};

bool is_own_output(struct slice head) {
        struct slice rest = head, first = slice_token(&rest, '\n');

        for (size_t i = 0; i < ARRAY_SIZE(forms); i++)
                if (slice_starts(head, forms[i].begins) && slice_has(head, forms[i].has))
                        return true;
        return is_verdict(first) || is_list(first);
}

static struct slice skip_blanks(struct slice s) {
        while (s.n && (is_blank(s.s[0]) || s.s[0] == '\n' || s.s[0] == '\r'))
                s = slice_from(s, 1);
        return s;
}

/* An object's first name, which is taken; what is left begins with its value. Empty: there is none. */
static struct slice eat_first_name(struct slice *head) {
        *head = skip_blanks(slice_from(*head, 1));
        if (!slice_eat(head, SLICE("\"")))
                return SLICE("");
        const size_t n = slice_find_byte(*head, '"');
        if (n == SLICE_NPOS)
                return SLICE("");
        const struct slice name = slice_head(*head, n);
        *head = skip_blanks(slice_from(*head, n + 1));
        slice_eat(head, SLICE(":"));
        *head = skip_blanks(*head);
        return name;
}

/* Journals and dmesg in JSON, and other tools' results, are JSON as well. A report names its schema or begins with one
 * of its lists; lines of one have a finding's members or a boot's. */
bool is_own_report(struct slice head) {
        static const struct {
                struct slice name, value;
        } first[] = {
                { SLICE("schema"), SLICE("\"vmlife-report/") },
                { SLICE("tool"), SLICE("{") },
                { SLICE("sources"), SLICE("[") },
                { SLICE("boots"), SLICE("[") },
                { SLICE("findings"), SLICE("[") },
                { SLICE("summary"), SLICE("{") },
        };
        struct slice rest = skip_blanks(head);

        if (!slice_starts(rest, SLICE("{")))
                return false;
        const struct slice name = eat_first_name(&rest);
        for (size_t i = 0; i < ARRAY_SIZE(first); i++)
                if (slice_eq(name, first[i].name))
                        return slice_starts(rest, first[i].value);
        return slice_has(head, SLICE("\"vmlife-report/")) ||
               (slice_has(head, SLICE("\"signature\"")) && slice_has(head, SLICE("\"detector\""))) ||
               (slice_has(head, SLICE("\"verdict\"")) && slice_has(head, SLICE("\"coverage\"")));
}

bool is_saved_report(struct slice head) {
        const struct slice schema = slice_head(head, 256);

        return values_begin_here(head) && slice_has(schema, SLICE("\"schema\"")) &&
               (slice_has(schema, SLICE("\"vmlife-report/")) || slice_has(schema, SLICE("\"vmlife-diff/")) ||
                slice_has(schema, SLICE("\"vmlife-bundle/")) || slice_has(schema, SLICE("\"vmlife-signatures/")));
}
