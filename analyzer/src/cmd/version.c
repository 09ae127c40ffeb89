/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/version.h"

#include <dlfcn.h>
#include <elfutils/version.h>
#include <json-c/json.h>
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "cmd/command.h"
#include "judge/rules.h"
#include "kind/kind.h"
#include "output/export.h"
#include "output/write.h"
#include "saved/json.h"

/* Lists in the order of their tables. */
#define PRINT_ALL(f, label, n, name_of_i)             \
        do {                                          \
                fputs(label ":", f);                  \
                for (size_t i = 0; i < (n); i++)      \
                        fprintf(f, " %s", name_of_i); \
                fputc('\n', f);                       \
        } while (0)

static size_t n_kinds(void) {
        size_t n = 0;

        while (kinds[n])
                n++;
        return n;
}

static void print_libraries(FILE *f) {
        char pcre2[64] = "?";
        void *archive = dlopen("libarchive.so.13", RTLD_LAZY | RTLD_LOCAL); /* as source/archive.c, when one comes */
        const char *(*details)(void) = NULL;

        (void) pcre2_config(PCRE2_CONFIG_VERSION, pcre2);
        if (archive)
                *(void **) &details = dlsym(archive, "archive_version_details");
        fprintf(f, "libraries: json-c %s, elfutils %d.%d, PCRE2 %s, %s\n", json_c_version(), _ELFUTILS_VERSION / 1000,
                _ELFUTILS_VERSION % 1000, pcre2,
                details ? details() : "no libarchive: compressed logs and archives cannot be read");
        /* It stays loaded: its text is memory that it does not give back. */
}

void version_print(FILE *f) {
        fputs("vmlife " VMLIFE_VERSION "\n", f);
        fputs("report: " REPORT_SCHEMA "\n", f);
        PRINT_ALL(f, "formats", n_formats, formats[i].name);
        PRINT_ALL(f, "exports", n_exports, exports[i]->name);
        PRINT_ALL(f, "kinds", n_kinds(), kinds[i]->name);
        PRINT_ALL(f, "rules", n_rules, rules[i].id);
        print_libraries(f);
}
