/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "judge/focus.h"

#include <limits.h>
#include <pthread.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/macros.h"
#include "findings/store.h"
#include "kind/kind.h"
#include "kind/machinery.h"
#include "kind/places.h"
#include "line/frame.h"

enum { NAME_MAX_BYTES = 200 };

/* Names that only i915 has, for functions of it that are newer than the list made from its sources. */
static const char i915_names[] =
        "i915_* __i915_* intel_context_* __intel_context_* intel_engine_* intel_gt_* intel_guc_* intel_ring_* "
        "intel_timeline_* intel_gtt_* gen6_ppgtt_* gen8_ppgtt_* mock_ppgtt* *vmlife_*";

/* Of "drivers/gpu/drm/xe/", as a shell completes it, too: then with the slash. */
static const char *last_part(const char *path) {
        const char *last = path;

        for (const char *p = path; *p; p++)
                if (*p == '/' && p[1])
                        last = p + 1;
        return last;
}

static struct slice without_slash(const char *path) {
        struct slice s = slice_of(path);

        if (slice_ends(s, SLICE("/")))
                s.n--;
        return s;
}

bool focus_parse(const char *word, struct focus *ret) {
        while (word[0] == '.' && word[1] == '/')
                word += 2;
        const size_t n = strlen(word);

        if (n == 0 || n > NAME_MAX_BYTES || word[0] == '-' || word[0] == '/' || strstr(word, "//") ||
            strstr(word, ".."))
                return false;
        for (const char *p = word; *p; p++)
                if (!(is_digit(*p) || (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || strchr("_-./+", *p)))
                        return false;
        const bool path = strchr(word, '/') || is_source_top(slice_of(word));
        const bool i915 = strcasecmp(word, "i915") == 0 || slice_eq(without_slash(word), SLICE("drivers/gpu/drm/i915"));
        *ret = (struct focus){ .form = strcasecmp(word, "none") == 0 ? FOCUS_NONE :
                                       i915                          ? FOCUS_I915 :
                                       path                          ? FOCUS_PATH :
                                                                       FOCUS_MODULE,
                               .name = word,
                               .module = last_part(word) };
        return true;
}

const char *focus_name(const struct focus *f) {
        return f && f->name ? f->name : "i915";
}

static char lower(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c - 'A' + 'a') : c;
}

/* The kernel prints '_' where a module's file has '-', people capitals; "ext4.c" of a path is "ext4". */
static bool same_module(struct slice a, const char *b) {
        size_t i = 0;

        for (; i < a.n && b[i]; i++)
                if (lower(a.s[i]) != lower(b[i]) && !((a.s[i] == '_' || a.s[i] == '-') && (b[i] == '_' || b[i] == '-')))
                        return false;
        return i == a.n && (b[i] == '\0' || (b[i] == '.' && !strchr(b + i, '/')) || (b[i] == '/' && !b[i + 1]));
}

bool focus_same(const struct focus *a, const struct focus *b) {
        if (a->form != b->form)
                return false;
        if (a->form == FOCUS_MODULE)
                return same_module(slice_of(a->name), b->name);
        return a->form != FOCUS_PATH || slice_eq(without_slash(a->name), without_slash(b->name));
}

/* "xe_vm_close", "__xe_pin": a driver's functions begin with its name, by the kernel's custom. */
static bool begins_as(struct slice function, const char *module) {
        const size_t n = strcspn(module, "./");

        while (slice_eat(&function, SLICE("_")))
                ;
        return n >= 2 && function.n > n && function.s[n] == '_' && same_module(slice_head(function, n), module);
}

static bool is_below(struct slice s, const char *path) {
        const struct slice folder = without_slash(path);

        return slice_starts(s, folder) && (s.n == folder.n || s.s[folder.n] == '/' || s.s[folder.n] == ':');
}

static bool is_folder_of(struct slice folder, const char *file) {
        return slice_ends(folder, SLICE("/")) && slice_starts(slice_of(file), folder);
}

bool focus_has_file(const struct focus *f, const char *file) {
        char plain[PATH_MAX];

        return f && f->form == FOCUS_PATH &&
               is_below(path_without_dots(source_path(slice_of(file)), plain, sizeof(plain)), f->name);
}

/* The list of places is opened once, by the first of all threads that asks; after that it is only read. */
static struct places places;

static void open_places(void) {
        struct slice file;

        (void) places_of_module(&places, SLICE("i915"), &file);
}

static struct slice place_of(int (*of)(struct places *p, struct slice name, struct slice *ret), struct slice name) {
        static pthread_once_t once = PTHREAD_ONCE_INIT;
        struct slice file = SLICE_NULL;

        pthread_once(&once, open_places);
        return name.n && of(&places, name, &file) > 0 ? file : SLICE_NULL;
}

/* Its file, or the folder of the module that its name begins with, by the kernel's custom: "ext4" of "ext4_put_super".
 */
static struct slice place_of_builtin(struct slice function) {
        struct slice file = place_of(places_of_function, function);

        while (slice_eat(&function, SLICE("_")))
                ;
        for (size_t n = function.n; n > 2 && file.n == 0; n--)
                if (function.s[n - 1] == '_')
                        file = place_of(places_of_module, slice_head(function, n - 1));
        return file;
}

/* Is it of the one file that is in focus, of the module in that folder? By the list, or as the file's name begins the
 * function's, by the kernel's custom. */
static bool is_in_file(const struct focus *f, struct slice folder, struct slice function) {
        const struct slice file = place_of(places_of_function, function);

        if (!slice_ends(slice_of(f->name), SLICE(".c")) || !is_folder_of(folder, f->name))
                return false;
        return file.n && !slice_ends(file, SLICE("/")) ? is_below(file, f->name) : begins_as(function, f->module);
}

/* What a frame without a file is of: by what is known of its module or its name, or else the path ends in its module's
 * name. */
static bool is_in_path(const struct focus *f, struct slice module, struct slice function) {
        const struct slice file = module.n ? place_of(places_of_module, module) : place_of_builtin(function);

        if (file.n)
                return is_below(file, f->name) || is_in_file(f, file, function);
        return module.n ? same_module(module, f->module) : strchr(f->name, '/') && begins_as(function, f->module);
}

bool focus_has_frame(const struct focus *f, const struct frame *fr) {
        const struct slice module = frame_module(fr), base = function_base(slice_of(fr->function));

        if (!f || f->form == FOCUS_I915)
                return module.n ? slice_eq(module, SLICE("i915")) : slice_glob_any(base, i915_names);
        if (f->form == FOCUS_NONE)
                return false;
        if (f->form == FOCUS_PATH)
                return fr->file && *fr->file ? focus_has_file(f, fr->file) : is_in_path(f, module, base);
        return module.n ? same_module(module, f->module) : begins_as(base, f->module);
}

static bool is_name_byte(char c) {
        return is_digit(c) || is_letter(c) || c == '_' || c == '-';
}

static bool is_named(const struct focus *f, struct slice text) {
        while (text.n) {
                size_t n = 0;
                while (n < text.n && is_name_byte(text.s[n]))
                        n++;
                const struct slice word = slice_head(text, n);
                if (n && (same_module(word, f->module) ||
                          (f->form == FOCUS_PATH && is_below(place_of(places_of_module, word), f->name))))
                        return true;
                text = slice_from(text, n + 1);
        }
        return false;
}

static bool is_kind(const struct focus *f) {
        struct kind_name name;

        for (size_t k = 0; kinds[k]; k++)
                for (size_t i = 0; kind_names(kinds[k], i, &name); i++)
                        if (same_module(slice_of(name.detector), f->module))
                                return true;
        return false;
}

static bool has_frame(const struct focus *f, const struct finding *x) {
        for (size_t i = 0; i < x->n_stacks; i++)
                for (size_t k = 0; k < x->stacks[i].n_frames; k++)
                        if (focus_has_frame(f, &x->stacks[i].frames[k]))
                                return true;
        return false;
}

static bool is_placed(const struct focus *f, const struct finding *x) {
        const char *at = finding_field(x, "at");

        return at && focus_has_file(f, at);
}

bool focus_is_shown(const struct focus *f, const struct store *s) {
        _cleanup_(buffer_done) struct buffer scratch = {};
        struct slice lines;

        if (f->form == FOCUS_I915 || f->form == FOCUS_NONE || is_kind(f))
                return true;
        for (size_t i = 0; i < s->n; i++)
                if (has_frame(f, s->items[i]) || is_placed(f, s->items[i]) ||
                    (store_excerpt(s, s->items[i], &scratch, &lines) == 0 && is_named(f, lines)))
                        return true;
        return false;
}
