/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "triage/kernel_version.h"

#include "base/macros.h"

static bool eat_u32(struct slice *s, uint32_t *ret) {
        struct slice rest = *s;
        uint64_t n;

        if (!slice_eat_u64(&rest, &n) || n > UINT32_MAX)
                return false;
        *ret = (uint32_t) n;
        *s = rest;
        return true;
}

/* "6.1.76" */
static unsigned eat_numbers(struct slice *s, uint32_t *numbers, unsigned max) {
        unsigned n = 0;

        for (struct slice rest = *s; n < max && eat_u32(&rest, &numbers[n]);) {
                *s = rest;
                n++;
                if (!slice_eat(&rest, SLICE(".")))
                        break;
        }
        return n;
}

/* Takes off what orders a version; the suffix still holds the local part, which many suffixes begin with. */
static bool eat_version(struct slice *s, struct kernel_version *v) {
        struct slice rest;

        *v = (struct kernel_version){};
        v->n_numbers = eat_numbers(s, v->numbers, ARRAY_SIZE(v->numbers));
        if (v->n_numbers == 0)
                return false;
        rest = *s;
        if ((slice_eat(&rest, SLICE("-rc")) || slice_eat(&rest, SLICE("~rc"))) && eat_u32(&rest, &v->rc)) {
                v->has_rc = true;
                *s = rest;
        }
        v->suffix = rest = *s;
        if (slice_eat(&rest, SLICE("-"))) {
                v->n_local = eat_numbers(&rest, v->local, ARRAY_SIZE(v->local));
                if (v->n_local)
                        *s = rest;
        }
        return true;
}

/* false where s does not begin with a version. */
static bool version_parse(struct slice s, struct kernel_version *ret) {
        return eat_version(&s, ret);
}

bool version_parse_bound(struct slice s, struct kernel_version *ret) {
        return eat_version(&s, ret) && s.n == 0;
}

void versions_of(const char *release, const char *banner, struct kernel_versions *ret) {
        struct slice rest = slice_of(banner);
        size_t at;

        *ret = (struct kernel_versions){};
        ret->has_release = release && version_parse(slice_of(release), &ret->release);
        /* Behind the build's number: the compiler before it is Debian's too. */
        at = slice_find_byte(rest, '#');
        rest = at == SLICE_NPOS ? SLICE_NULL : slice_from(rest, at);
        at = slice_find(rest, SLICE(" Debian "));
        if (at != SLICE_NPOS)
                ret->has_upstream = version_parse(slice_from(rest, at + strlen(" Debian ")), &ret->upstream) &&
                                    ret->upstream.n_numbers > 1;
}

static int compare(const uint32_t *a, unsigned n_a, const uint32_t *bound, unsigned n_bound) {
        for (unsigned i = 0; i < n_bound; i++) {
                uint32_t x = i < n_a ? a[i] : 0;
                if (x != bound[i])
                        return x < bound[i] ? -1 : 1;
        }
        return 0;
}

int version_against(const struct kernel_versions *k, const struct kernel_version *bound) {
        const struct kernel_version *v = k->has_upstream && bound->n_local == 0 ? &k->upstream : &k->release;
        int c = compare(v->numbers, v->n_numbers, bound->numbers, bound->n_numbers);

        if (c == 0) {
                /* The release comes after all its candidates. */
                uint32_t a = v->has_rc ? v->rc : UINT32_MAX, b = bound->has_rc ? bound->rc : UINT32_MAX;
                c = a < b ? -1 : a > b;
        }
        return c != 0 ? c : compare(v->local, v->n_local, bound->local, bound->n_local);
}
