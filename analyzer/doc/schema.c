/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <json-c/json.h>
#include <string.h>

#include "base/log.h"
#include "doc.h"

/* Objects in objects become sections of their own, as deep as this. */
enum { DEPTH_MAX = 8 };

static struct json_object *get(struct json_object *o, const char *key) {
        struct json_object *v = NULL;

        json_object_object_get_ex(o, key, &v);
        return v;
}

static const char *text(struct json_object *o, const char *key) {
        struct json_object *v = get(o, key);

        return v && json_object_is_type(v, json_type_string) ? json_object_get_string(v) : NULL;
}

/* The name of the definition that a schema refers to, NULL if it does not. */
static const char *ref(struct json_object *schema) {
        static const char path[] = "#/definitions/";
        const char *r = text(schema, "$ref");

        return r && strncmp(r, path, sizeof(path) - 1) == 0 ? r + sizeof(path) - 1 : NULL;
}

static void alternatives(struct json_object *list, bool quoted, FILE *f) {
        for (size_t i = 0; list && i < json_object_array_length(list); i++) {
                struct json_object *x = json_object_array_get_idx(list, i);
                fputs(i ? ", " : "", f);
                roff(f, quoted ? json_object_to_json_string_ext(x, JSON_C_TO_STRING_PLAIN |
                                                                           JSON_C_TO_STRING_NOSLASHESCAPE) :
                                 json_object_get_string(x));
        }
}

static void write_type(struct json_object *schema, FILE *f) {
        struct json_object *type = get(schema, "type"), *items = get(schema, "items"), *any = get(schema, "anyOf");

        if (ref(schema))
                roff(f, ref(schema));
        else if (get(schema, "const")) {
                roff(f, json_object_to_json_string_ext(get(schema, "const"),
                                                       JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
        } else if (get(schema, "enum")) {
                fputs("one of ", f);
                alternatives(get(schema, "enum"), true, f);
        } else if (items) {
                fputs("array of ", f);
                write_type(items, f);
        } else if (any && !type) {
                for (size_t i = 0; i < json_object_array_length(any); i++) {
                        fputs(i ? " or " : "", f);
                        write_type(json_object_array_get_idx(any, i), f);
                }
        } else if (type && json_object_is_type(type, json_type_array))
                alternatives(type, false, f);
        else
                roff(f, type ? json_object_get_string(type) : "anything");
}

static bool is_required(struct json_object *object, const char *key) {
        struct json_object *list = get(object, "required");

        for (size_t i = 0; list && i < json_object_array_length(list); i++)
                if (strcmp(json_object_get_string(json_object_array_get_idx(list, i)), key) == 0)
                        return true;
        return false;
}

/* The object that a member is or holds, where the schema spells it out in place. */
static struct json_object *within(struct json_object *schema) {
        struct json_object *items = get(schema, "items");

        return get(schema, "properties") ? schema : items ? within(items) : NULL;
}

static void write_members(const char *name, struct json_object *object, unsigned depth, FILE *f) {
        struct json_object *members = get(object, "properties");

        if (!members || depth > DEPTH_MAX)
                return;
        fputs(".SS ", f);
        roff(f, name);
        fputc('\n', f);
        if (depth && text(object, "description")) {
                roff(f, text(object, "description"));
                fputc('\n', f);
        }
        json_object_object_foreach(members, key, member) {
                fputs(".TP\n\\fB", f);
                roff(f, key);
                fputs("\\fR (", f);
                write_type(member, f);
                fputs(is_required(object, key) ? ")\n" : ", may be absent)\n", f);
                if (text(member, "description"))
                        roff(f, text(member, "description"));
                fputc('\n', f);
        }
        json_object_object_foreach(members, inner, schema) {
                char path[256];

                snprintf(path, sizeof(path), "%s%s%s", depth ? name : "", depth ? "." : "", inner);
                if (within(schema))
                        write_members(path, within(schema), depth + 1, f);
        }
}

int write_schema(const char *path, FILE *f) {
        struct json_object *schema = json_object_from_file(path), *definitions = get(schema, "definitions");

        if (!schema) {
                log_error("cannot read %s: %s", path, json_util_get_last_err());
                return -EINVAL;
        }
        write_members("The whole", schema, 0, f);
        if (definitions) {
                json_object_object_foreach(definitions, name, definition) {
                        if (get(definition, "properties")) {
                                write_members(name, definition, 1, f);
                                continue;
                        }
                        fputs(".SS ", f);
                        roff(f, name);
                        fputc('\n', f);
                        write_type(definition, f);
                        fputc('.', f);
                        if (text(definition, "description")) {
                                fputc('\n', f);
                                roff(f, text(definition, "description"));
                        }
                        if (text(definition, "pattern")) {
                                fputs("\nPattern: ", f);
                                roff(f, text(definition, "pattern"));
                        }
                        fputc('\n', f);
                }
        }
        json_object_put(schema);
        return 0;
}
