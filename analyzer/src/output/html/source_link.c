/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <inttypes.h>

#include "base/macros.h"
#include "output/html/page.h"

/* Links to the source of the kernel that a report is of. */

static const char elixir[] = "https://elixir.bootlin.com/linux/v{version}/source/{file}#L{line}";

/* A path of the kernel's tree as it is released: other files are not there to be shown. */
static bool is_released(struct slice file) {
        static const struct slice folders[] = {
                SLICE("arch/"),     SLICE("block/"),   SLICE("certs/"), SLICE("crypto/"),   SLICE("drivers/"),
                SLICE("fs/"),       SLICE("include/"), SLICE("init/"),  SLICE("io_uring/"), SLICE("ipc/"),
                SLICE("kernel/"),   SLICE("lib/"),     SLICE("mm/"),    SLICE("net/"),      SLICE("rust/"),
                SLICE("security/"), SLICE("sound/"),   SLICE("virt/"),
        };

        if (slice_has(file, SLICE("..")) || slice_has(file, SLICE("vmlife")))
                return false;
        for (size_t i = 0; i < ARRAY_SIZE(folders); i++)
                if (slice_starts(file, folders[i]))
                        return true;
        return false;
}

/* The tag of a release: "6.1.192" of "6.1.192-foo", "6.2-rc3" of "6.2.0-rc3-foo", "6.12" of "6.12.0". */
static bool version_of(const char *release, char *ret, size_t size) {
        struct slice s = slice_of(release);
        uint64_t major, minor, patch = 0, rc = 0;

        if (!slice_eat_u64(&s, &major) || !slice_eat(&s, SLICE(".")) || !slice_eat_u64(&s, &minor))
                return false;
        if (slice_eat(&s, SLICE(".")) && !slice_eat_u64(&s, &patch))
                return false;
        if (slice_eat(&s, SLICE("-rc")) && !slice_eat_u64(&s, &rc))
                return false;
        int n = snprintf(ret, size, "%" PRIu64 ".%" PRIu64, major, minor);
        if (patch)
                n += snprintf(ret + n, size - (size_t) n, ".%" PRIu64, patch);
        if (rc)
                snprintf(ret + n, size - (size_t) n, "-rc%" PRIu64, rc);
        return true;
}

static void print_url(struct page *p, const char *template, const char *version, const char *release, const char *file,
                      unsigned line) {
        struct slice rest = slice_of(template);

        while (rest.n)
                if (slice_eat(&rest, SLICE("{version}")))
                        html_text(p, version);
                else if (slice_eat(&rest, SLICE("{release}")))
                        html_text(p, release);
                else if (slice_eat(&rest, SLICE("{file}")))
                        html_text(p, file);
                else if (slice_eat(&rest, SLICE("{line}")))
                        rawf(p, "%u", line);
                else {
                        html_slice(p, slice_head(rest, 1));
                        rest = slice_from(rest, 1);
                }
}

void html_source(struct page *p, const struct finding *f, const char *file, unsigned line) {
        const struct boot *b = p->scan->boots.items[f->boot];
        const char *release = b->release ? b->release : f->release, *template = p->source_url ? p->source_url : elixir;
        char version[64];
        const bool linked = *template && release && is_released(slice_of(file)) &&
                            version_of(release, version, sizeof(version));

        if (linked) {
                raw(p, "<a rel=\"noreferrer\" href=\"");
                print_url(p, template, version, release, file, line);
                raw(p, "\">");
        }
        html_text(p, file);
        rawf(p, linked ? ":%u</a>" : ":%u", line);
}
