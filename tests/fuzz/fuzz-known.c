/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file of known issues: what is taken can be matched, in bounded time; what is not is said. */
#include <fcntl.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/macros.h"
#include "fuzz.h"
#include "triage/known.h"

static void match(struct known *k, const char *release, const char *banner) {
        static const char *const alt[] = { "BUG: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" };
        static const char *const functions[] = { "ps2_handle_ack", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaab" },
                                 *const files[] = { "drivers/gpu/drm/i915/gem/x.c:12" };
        struct known_subject s = {
                .signature = "v1:0123456789abcdef0123456789abcdef",
                .title = "KCSAN: data-race in ps2_do_sendbyte / ps2_handle_ack",
                .detector = "kcsan",
                .rule = "vm-early-put",
                .alt_titles = alt,
                .n_alt_titles = 1,
        };
        const struct known_issue *issue;
        enum known_status status;

        versions_of(release, banner, &s.kernel);
        MUST(known_find(k, &s, &issue, &status) == 0);
        MUST(status == STATUS_NEW || (status == STATUS_KNOWN && issue && !issue->says.expired));
        known_owner_of(k, functions, 2, files, 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        struct known *k;

        MUST(known_new(&k, 20000) == 0);
        if (known_parse(k, "file", (struct slice){ (const char *) data, size }) == 0) {
                for (size_t i = 0; i < k->n_issues; i++)
                        MUST(k->issues[i]->says.name &&
                             (k->issues[i]->n_signatures || k->issues[i]->title || k->issues[i]->rule));
                match(k, "6.1.0-18-amd64", "#1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-01)");
                match(k, NULL, NULL);
                known_say(k);
        }
        known_free(k);
        return 0;
}
