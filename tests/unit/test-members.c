/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The lists of members (report/finding.def, boot/boot.def, scan/source.def) and the schema say the same. */
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "base/macros.h"
#include "boot/boot.h"
#include "cmocka_all.h"
#include "report/finding.h"
#include "scan/scan.h"

static struct json_object *schema;

static struct json_object *get(struct json_object *o, const char *key) {
        struct json_object *v = NULL;
        return json_object_object_get_ex(o, key, &v) ? v : NULL;
}

/* What a "$ref" names, or the object itself. */
static struct json_object *resolved(struct json_object *o) {
        struct json_object *ref = get(o, "$ref");

        if (!ref)
                return o;
        assert_int_equal(strncmp(json_object_get_string(ref), "#/definitions/", strlen("#/definitions/")), 0);
        struct json_object *v = get(get(schema, "definitions"), json_object_get_string(ref) + strlen("#/definitions/"));
        assert_non_null(v);
        return v;
}

static struct json_object *definition(const char *name) {
        struct json_object *v = get(get(schema, "definitions"), name);
        assert_non_null(v);
        return v;
}

static bool is_type(struct json_object *o, const char *type) {
        struct json_object *v = get(o, "type");
        return v && strcmp(json_object_get_string(v), type) == 0;
}

static bool is_required(struct json_object *o, const char *key) {
        struct json_object *list = get(o, "required");

        for (size_t i = 0; list && i < json_object_array_length(list); i++)
                if (strcmp(json_object_get_string(json_object_array_get_idx(list, i)), key) == 0)
                        return true;
        return false;
}

/* The words of an enumeration; where it may lack, its first word stands for that and is not written. */
static void check_words(const struct member *m, struct json_object *o) {
        struct json_object *words = get(o, "enum");
        const size_t first = m->flags & OPT ? 1 : 0;

        assert_non_null(words);
        assert_int_equal(json_object_array_length(words), m->n_words - first);
        for (size_t i = first; i < m->n_words; i++) {
                bool found = false;
                for (size_t k = 0; k < json_object_array_length(words); k++)
                        found |= strcmp(json_object_get_string(json_object_array_get_idx(words, k)), m->words[i]) == 0;
                if (!found)
                        fail_msg("%s: the schema lacks \"%s\"", m->key, m->words[i]);
        }
}

static void check_members(const char *where, const struct layout *l, const struct member **m, struct json_object *o);

static void check_structure(const char *where, const struct layout *l, struct json_object *o) {
        const struct member *m = l->members;
        check_members(where, l, &m, o);
}

static void check_form(const struct member *m, struct json_object *o) {
        struct json_object *items = get(o, "items");
        bool fits;

        switch (m->form) {
        case FORM_TEXT:
        case FORM_LINES:
                fits = is_type(o, "string");
                break;
        case FORM_DIGITS:
                fits = is_type(o, "string") && get(o, "pattern");
                break;
        case FORM_HEX:
                fits = o == definition("hex");
                break;
        case FORM_COUNT:
        case FORM_INDEX:
                fits = is_type(o, "integer") && get(o, "minimum");
                break;
        case FORM_INTEGER:
                fits = is_type(o, "integer") && !get(o, "minimum");
                break;
        case FORM_FLAG:
                fits = is_type(o, "boolean");
                break;
        case FORM_CHOICE:
                check_words(m, o);
                return;
        case FORM_STAMP:
                fits = o == definition("time");
                break;
        case FORM_TEXTS:
                fits = is_type(o, "array") && is_type(items, "string");
                break;
        case FORM_MAP:
                fits = is_type(o, "object") && get(o, "additionalProperties");
                break;
        case FORM_RECORD:
                check_structure(m->key, m->of(), o);
                return;
        case FORM_ITEMS:
        case FORM_INLINE:
                fits = is_type(o, "array") && items;
                if (fits)
                        check_structure(m->key, m->of(), resolved(items));
                break;
        default:
                return; /* the writer's own: the reports of all tests are held against the schema */
        }
        if (!fits)
                fail_msg("%s: the schema gives it another type", m->key);
}

/* From line *m on to the end of its group: each key is a property, required where the line says so, and there is no
 * other property. */
static void check_members(const char *where, const struct layout *l, const struct member **m, struct json_object *o) {
        struct json_object *properties = get(o, "properties");
        int n = 0;

        assert_non_null(properties);
        for (; *m < l->members + l->n_members && (*m)->form != FORM_UNGROUP; ++*m) {
                const struct member *line = *m;
                struct json_object *p = line->key ? get(properties, line->key) : NULL;

                if (!line->key)
                        continue;
                n++;
                if (!p)
                        fail_msg("%s: the schema lacks %s", where, line->key);
                if (is_required(o, line->key) == !!(line->flags & OPT))
                        fail_msg("%s: the schema and the list differ in whether %s must be there", where, line->key);
                if (line->form == FORM_GROUP) {
                        ++*m;
                        check_members(line->key, l, m, resolved(p));
                } else
                        check_form(line, resolved(p));
        }
        if (json_object_object_length(properties) != n)
                fail_msg("%s: the schema has %d members, the list %d", where, json_object_object_length(properties), n);
}

static void test_schema(void **state) {
        (void) state;
        schema = json_object_from_file("analyzer/schema/report.schema.json");
        assert_non_null(schema);
        check_structure("finding", finding_layout(), definition("finding"));
        check_structure("boot", boot_layout(), definition("boot"));
        check_structure("source", source_info_layout(), definition("source"));
        json_object_put(schema);
}

/* Numbers of all sizes, and members that hang on others. */
static void test_values(void **state) {
        struct frame f = { .line = 7, .reliable = true, .offset = 1ull << 40 };
        const struct layout *l = frame_layout();

        (void) state;
        EACH_MEMBER(l, m) {
                if (strcmp(m->key, "line") == 0) {
                        assert_int_equal(member_number(&f, m), 7);
                        assert_false(member_is_shown(&f, m));
                        f.file = "a.c";
                        assert_true(member_is_shown(&f, m));
                        member_set_number(&f, m, UINT32_MAX);
                        assert_int_equal(f.line, UINT32_MAX);
                } else if (strcmp(m->key, "offset") == 0 || strcmp(m->key, "size") == 0)
                        assert_true(member_is_shown(&f, m));
                else if (strcmp(m->key, "reliable") == 0)
                        assert_int_equal(member_number(&f, m), 1);
                else if (strcmp(m->key, "trap") == 0)
                        assert_false(member_is_shown(&f, m));
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_schema),
                cmocka_unit_test(test_values),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
