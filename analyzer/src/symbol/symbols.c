/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "symbol/symbols.h"

#include <errno.h>
#include <fts.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/macros.h"
#include "symbol/object.h"

/* vmlinux or a module, opened when the first of its frames comes. */
struct file {
        char *name; /* a module's, NULL for vmlinux */
        char *path; /* NULL: there is none */
        struct object *object;
        bool useless, other_build; /* was said already */
        uint64_t asked, found;     /* frames */
};

struct symbols {
        struct file *files; /* the first is vmlinux */
        size_t n;
        bool has_modules, asked_modules;
        char *base; /* the source tree's folder as the compiler was told it, with a slash; NULL: not known */
};

/* "i915.ko", "i915.ko.xz": ret is what comes before. */
static bool module_of(const char *file, struct slice *ret) {
        struct slice s = slice_of(file);
        size_t at = slice_find(s, SLICE(".ko"));

        if (at == SLICE_NPOS || at == 0 || (s.n > at + 3 && s.s[at + 3] != '.'))
                return false;
        *ret = slice_head(s, at);
        return true;
}

/* The kernel's names of modules have '_' where their files may have '-'. */
static bool same_module(const char *a, const char *b) {
        for (; *a && *b; a++, b++)
                if (*a != *b && !((*a == '-' || *a == '_') && (*b == '-' || *b == '_')))
                        return false;
        return *a == *b;
}

static struct file *add_file(struct symbols *s, struct slice name, const char *path) {
        struct file *files = reallocarray(s->files, s->n + 1, sizeof(*files));
        if (!files)
                return NULL;
        s->files = files;
        struct file *f = &files[s->n];
        *f = (struct file){ .name = name.s ? strndup(name.s, name.n) : NULL, .path = path ? strdup(path) : NULL };
        if ((name.s && !f->name) || (path && !f->path)) {
                free(f->name);
                free(f->path);
                return NULL;
        }
        s->n++;
        return f;
}

static int list_modules(struct symbols *s, const char *folder) {
        char *roots[] = { (char *) (uintptr_t) folder, NULL };
        FTS *fts = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
        size_t before = s->n;
        int e = 0;

        if (!fts)
                return log_oom();
        for (FTSENT *entry; e == 0 && (entry = fts_read(fts));) {
                struct slice name;
                if (entry->fts_info == FTS_F && module_of(entry->fts_name, &name) &&
                    !add_file(s, name, entry->fts_path))
                        e = log_oom();
        }
        fts_close(fts);
        if (e == 0 && s->n == before) {
                log_error("--modules: there is no module (NAME.ko) in %s", folder);
                e = -ENOENT;
        }
        return e;
}

/* The kernel's own init/main.c stands at a known place of the tree. */
static int find_base(struct symbols *s) {
        struct place places[PLACES_MAX];
        uint64_t address;

        if (object_find(s->files[0].object, "kernel_init", 0, 0, &address) < 0)
                return 0;
        size_t n = object_place(s->files[0].object, address, places);
        struct slice file = n ? slice_of(places[n - 1].file) : SLICE_NULL;
        if (!slice_ends(file, SLICE("/init/main.c")))
                return 0;
        s->base = strndup(file.s, file.n - strlen("init/main.c"));
        return s->base ? 0 : log_oom();
}

int symbols_open(struct symbols **ret, const char *vmlinux, const char *modules) {
        struct symbols *s = calloc(1, sizeof(*s));
        int e = s && add_file(s, SLICE_NULL, vmlinux) ? 0 : log_oom();

        if (e == 0 && vmlinux) {
                e = object_open(&s->files[0].object, vmlinux);
                if (e < 0)
                        log_error("--vmlinux: cannot use %s: %s", vmlinux,
                                  e == -ENOEXEC ? "it is not an ELF file with symbols" : strerror(-e));
                else
                        e = find_base(s);
        }
        if (e == 0 && modules) {
                s->has_modules = true;
                e = list_modules(s, modules);
        }
        if (e < 0) {
                symbols_free(s);
                return e;
        }
        *ret = s;
        return 0;
}

struct symbols *symbols_free(struct symbols *s) {
        for (size_t i = 0; s && i < s->n; i++) {
                object_free(s->files[i].object);
                free(s->files[i].name);
                free(s->files[i].path);
        }
        if (s) {
                free(s->files);
                free(s->base);
                free(s);
        }
        return NULL;
}

/* The file of a frame; NULL where there is none. */
static struct file *file_of(struct symbols *s, const char *module) {
        if (!module)
                return s->files[0].path ? &s->files[0] : NULL;
        for (size_t i = 1; i < s->n; i++)
                if (same_module(s->files[i].name, module))
                        return &s->files[i];
        if (s->has_modules) {
                log_warning("module %s is not in --modules: its frames have no file and line", module);
                return add_file(s, slice_of(module), NULL);
        }
        if (!s->asked_modules)
                log_warning("frames of modules have no file and line without --modules=DIR");
        s->asked_modules = true;
        return NULL;
}

static bool is_usable(struct file *f) {
        int e = 0;

        if (!f->path || f->useless)
                return false;
        if (!f->object)
                e = object_open(&f->object, f->path);
        if (e == 0 && object_has_debug_info(f->object))
                return true;
        if (e < 0)
                log_warning("cannot use %s: %s", f->path,
                            e == -ENOEXEC ? "it is not an ELF file with symbols" : strerror(-e));
        else
                log_warning("%s has no debug information: its frames have no file and line", f->path);
        f->useless = true;
        return false;
}

/* The places of a frame, their number. */
static size_t places_of(struct symbols *s, const struct frame *fr, struct place *places) {
        struct file *f = fr->file || (!fr->offset && !fr->size) ? NULL : file_of(s, fr->module);
        uint64_t address;

        if (!f || !is_usable(f))
                return 0;
        f->asked++;
        int e = object_find(f->object, fr->function, fr->offset, fr->size, &address);
        if (e == -EXDEV && !f->other_build) {
                log_warning("%s is from another build than the log: %s() has another size there", f->path,
                            fr->function);
                f->other_build = true;
        }
        if (e < 0)
                return 0;
        /* A return address is behind its call; the instruction pointer is where it is. */
        size_t n = object_place(f->object, fr->rip || fr->offset == 0 ? address : address - 1, places);
        f->found += n > 0;
        return n;
}

static const char *strip_base(const struct symbols *s, const char *file) {
        size_t n = s->base ? strlen(s->base) : 0;

        if (n && strncmp(file, s->base, n) == 0)
                file += n;
        return strncmp(file, "./", 2) == 0 ? file + 2 : file;
}

static int resolve_stack(struct symbols *s, struct finding *f, struct stack *stack) {
        struct place places[PLACES_MAX];
        _cleanup_free_ struct frame *frames = NULL;
        size_t n = 0, room = 0;

        for (size_t i = 0; i < stack->n_frames; i++) {
                const struct frame *fr = &stack->frames[i];
                size_t n_places = places_of(s, fr, places);

                if (room < n + n_places + 1) {
                        struct frame *grown = reallocarray(frames, room = 2 * (n + n_places + 1), sizeof(*frames));
                        if (!grown)
                                return -ENOMEM;
                        frames = grown;
                }
                for (size_t k = 0; k + 1 < n_places; k++)
                        frames[n++] = (struct frame){
                                .function = places[k].function,
                                .module = fr->module,
                                .file = strip_base(s, places[k].file),
                                .line = places[k].line,
                                .reliable = fr->reliable,
                                .inlined = true,
                        };
                frames[n] = *fr;
                if (n_places) {
                        frames[n].file = strip_base(s, places[n_places - 1].file);
                        frames[n].line = places[n_places - 1].line;
                }
                n++;
        }
        if (n == 0)
                return 0;
        struct frame *kept = n == stack->n_frames ? stack->frames : arena_exact(&f->arena, n * sizeof(*kept));
        if (!kept)
                return -ENOMEM;
        memcpy(kept, frames, n * sizeof(*kept));
        stack->frames = kept;
        stack->n_frames = n;
        return 0;
}

int symbols_resolve(struct symbols *s, struct finding *f) {
        int e = 0;

        for (size_t i = 0; e == 0 && i < f->n_stacks; i++)
                e = resolve_stack(s, f, &f->stacks[i]);
        return e;
}

void symbols_say(const struct symbols *s) {
        for (size_t i = 0; i < s->n; i++)
                if (s->files[i].asked && !s->files[i].found && !s->files[i].other_build)
                        log_warning("%s has no debug information for any of its %llu frames here", s->files[i].path,
                                    (unsigned long long) s->files[i].asked);
}
