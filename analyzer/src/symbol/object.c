/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "symbol/object.h"

#include <dwarf.h>
#include <elfutils/libdwfl.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/macros.h"

struct function {
        const char *name;
        uint64_t address, size;
};

struct object {
        Dwfl *dwfl;
        Dwfl_Module *module;
        struct function *functions; /* by name */
        size_t n;
};

/* kallsyms has no sizes: it takes all up to the next symbol, padding included. */
enum { PADDING_MAX = 128 };

static int by_name(const void *a, const void *b) {
        const struct function *x = a, *y = b;
        int c = strcmp(x->name, y->name);

        return c ? c : x->address < y->address ? -1 : x->address > y->address;
}

static int load_functions(struct object *o) {
        int n = dwfl_module_getsymtab(o->module);
        if (n <= 0)
                return -ENOEXEC;
        o->functions = calloc((size_t) n, sizeof(*o->functions));
        if (!o->functions)
                return -ENOMEM;
        for (int i = 0; i < n; i++) {
                GElf_Sym sym;
                GElf_Addr address;
                const char *name = dwfl_module_getsym_info(o->module, i, &sym, &address, NULL, NULL, NULL);

                /* Entry code in assembly is often without type. */
                if (name && *name && sym.st_shndx != SHN_UNDEF && sym.st_shndx != SHN_ABS &&
                    (GELF_ST_TYPE(sym.st_info) == STT_FUNC || GELF_ST_TYPE(sym.st_info) == STT_NOTYPE))
                        o->functions[o->n++] = (struct function){ name, address, sym.st_size };
        }
        qsort(o->functions, o->n, sizeof(*o->functions), by_name);
        return 0;
}

int object_open(struct object **ret, const char *path) {
        /* No searching elsewhere: what the user named is what is read. */
        static char empty[] = "", *no_path = empty;
        static const Dwfl_Callbacks callbacks = {
                .find_elf = dwfl_build_id_find_elf,
                .find_debuginfo = dwfl_standard_find_debuginfo,
                .section_address = dwfl_offline_section_address,
                .debuginfo_path = &no_path,
        };
        struct object *o = calloc(1, sizeof(*o));
        if (!o)
                return -ENOMEM;
        int fd = open(path, O_RDONLY | O_CLOEXEC), e = fd < 0 ? -errno : 0;
        if (e == 0 && !(o->dwfl = dwfl_begin(&callbacks)))
                e = -ENOMEM;
        if (e == 0 && !(o->module = dwfl_report_offline(o->dwfl, path, path, fd)))
                e = -ENOEXEC;
        else if (e == 0)
                fd = -1; /* libdwfl's now */
        if (fd >= 0)
                close(fd);
        if (e == 0) {
                dwfl_report_end(o->dwfl, NULL, NULL);
                e = load_functions(o);
        }
        if (e < 0) {
                object_free(o);
                return e;
        }
        *ret = o;
        return 0;
}

struct object *object_free(struct object *o) {
        if (o) {
                if (o->dwfl)
                        dwfl_end(o->dwfl);
                free(o->functions);
                free(o);
        }
        return NULL;
}

bool object_has_debug_info(struct object *o) {
        Dwarf_Addr bias;
        return dwfl_module_getdwarf(o->module, &bias) != NULL;
}

int object_find(struct object *o, const char *function, uint64_t offset, uint64_t size, uint64_t *ret) {
        size_t low = 0, high = o->n;
        int e = -ENOENT;

        while (low < high) {
                size_t middle = low + (high - low) / 2;
                if (strcmp(o->functions[middle].name, function) < 0)
                        low = middle + 1;
                else
                        high = middle;
        }
        /* Static functions may share a name; the size tells most of them apart. */
        uint64_t least = UINT64_MAX;
        for (; low < o->n && strcmp(o->functions[low].name, function) == 0; low++) {
                const struct function *f = &o->functions[low];
                uint64_t padding = size - f->size;

                if (e == -ENOENT)
                        e = -EXDEV;
                if (size && f->size && (size < f->size || padding > PADDING_MAX))
                        continue;
                if (size && !f->size)
                        padding = PADDING_MAX;
                if (offset > (size ? size : f->size) || (size && padding >= least))
                        continue;
                least = padding;
                *ret = f->address + offset;
                e = 0;
        }
        return e;
}

/* "../../tree/drivers/x.c" and "/build/tree/./x.c": as the compiler was called. */
static const char *file_of(Dwarf_Die *cu, Dwarf_Word index) {
        Dwarf_Files *files;
        size_t n;

        if (dwarf_getsrcfiles(cu, &files, &n) != 0 || index >= n)
                return NULL;
        return dwarf_filesrc(files, index, NULL, NULL);
}

/* Where an inlined function was called. */
static bool call_place(Dwarf_Die *cu, Dwarf_Die *inlined, struct place *ret) {
        Dwarf_Attribute attribute;
        Dwarf_Word file, line;

        if (dwarf_formudata(dwarf_attr(inlined, DW_AT_call_file, &attribute), &file) != 0 ||
            dwarf_formudata(dwarf_attr(inlined, DW_AT_call_line, &attribute), &line) != 0)
                return false;
        ret->file = file_of(cu, file);
        ret->line = (unsigned) line;
        return ret->file != NULL;
}

size_t object_place(struct object *o, uint64_t address, struct place *places) {
        _cleanup_free_ Dwarf_Die *at = NULL, *scopes = NULL;
        Dwarf_Addr bias;
        int line;
        size_t n = 0;

        Dwfl_Line *l = dwfl_module_getsrc(o->module, address);
        const char *file = l ? dwfl_lineinfo(l, NULL, &line, NULL, NULL, NULL) : NULL;
        if (!file || line <= 0)
                return 0;
        places[0] = (struct place){ .file = file, .line = (unsigned) line };

        Dwarf_Die *cu = dwfl_module_addrdie(o->module, address, &bias);
        int depth = cu ? dwarf_getscopes(cu, address - bias, &at) : 0;
        /* The scopes of an address end in the abstract function; those of its innermost scope's own entry in the
         * function that holds it. */
        depth = depth > 0 ? dwarf_getscopes_die(&at[0], &scopes) : 0;
        for (int i = 0; i < depth && n + 1 < PLACES_MAX; i++) {
                int tag = dwarf_tag(&scopes[i]);

                if (tag == DW_TAG_subprogram)
                        break;
                if (tag != DW_TAG_inlined_subroutine)
                        continue;
                struct place caller = {};
                const char *name = dwarf_diename(&scopes[i]);
                if (!name || !call_place(cu, &scopes[i], &caller))
                        break;
                places[n++].function = name;
                places[n] = caller;
        }
        return n + 1;
}
