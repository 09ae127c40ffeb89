/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "redact/redact.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/arena.h"
#include "base/macros.h"
#include "base/table.h"

struct word {
        const char *s; /* lower case */
        size_t n;
        enum secret secret;
};

struct redactor {
        uint8_t inner[SHA256_BLOCK_LENGTH], outer[SHA256_BLOCK_LENGTH]; /* HMAC's two keys */
        struct arena arena;
        struct table words; /* by the lower-case name */
        size_t longest;
        struct table spared; /* the same, of words that must stay */
};

/* --- names made with a key: HMAC-SHA-256 (RFC 2104) --- */

int redactor_new(struct redactor **ret, const void *key, size_t n) {
        struct redactor *r = calloc(1, sizeof(*r));
        uint8_t k[SHA256_BLOCK_LENGTH] = {};

        if (!r)
                return -ENOMEM;
        if (!key) {
                if (getrandom(k, sizeof(k), 0) != sizeof(k)) {
                        free(r);
                        return -errno;
                }
        } else if (n > sizeof(k)) {
                SHA2_CTX c;
                SHA256Init(&c);
                SHA256Update(&c, key, n);
                SHA256Final(k, &c);
        } else
                memcpy(k, key, n);
        for (size_t i = 0; i < sizeof(k); i++) {
                r->inner[i] = k[i] ^ 0x36;
                r->outer[i] = k[i] ^ 0x5c;
        }
        *ret = r;
        return 0;
}

struct redactor *redactor_free(struct redactor *r) {
        if (r) {
                arena_free(&r->arena);
                table_done(&r->words);
                table_done(&r->spared);
                free(r);
        }
        return NULL;
}

/* kind: what it is, so that a host and a user of one name differ. */
static void sign(const struct redactor *r, const char *kind, struct slice s, uint8_t ret[static SHA256_DIGEST_LENGTH]) {
        SHA2_CTX c;

        SHA256Init(&c);
        SHA256Update(&c, r->inner, sizeof(r->inner));
        SHA256Update(&c, (const uint8_t *) kind, strlen(kind) + 1);
        for (size_t i = 0; i < s.n; i++)
                SHA256Update(&c, &(uint8_t){ (uint8_t) tolower((unsigned char) s.s[i]) }, 1);
        SHA256Final(ret, &c);
        SHA256Init(&c);
        SHA256Update(&c, r->outer, sizeof(r->outer));
        SHA256Update(&c, ret, SHA256_DIGEST_LENGTH);
        SHA256Final(ret, &c);
}

void redact_id(const struct redactor *r, const char *id, char ret[static 33]) {
        uint8_t d[SHA256_DIGEST_LENGTH];

        sign(r, "machine", slice_of(id), d);
        for (size_t i = 0; i < 16; i++)
                snprintf(ret + 2 * i, 3, "%02x", d[i]);
}

/* --- words --- */

static uint64_t hash_byte(uint64_t h, char c) {
        return hash_u64(h, (unsigned char) tolower((unsigned char) c));
}

static bool is_word_of(const void *item, const void *key) {
        const struct word *w = item;
        const struct slice *s = key;
        return w->n == s->n && strncasecmp(w->s, s->s, s->n) == 0;
}

static uint64_t hash_word(struct slice s) {
        uint64_t h = HASH_START;

        for (size_t i = 0; i < s.n; i++)
                h = hash_byte(h, s.s[i]);
        return h;
}

static const struct word *find(const struct table *t, struct slice s) {
        return table_get(t, hash_word(s), is_word_of, &s);
}

static int add(struct redactor *r, struct table *t, struct slice s, enum secret secret) {
        if (find(t, s))
                return 0;
        struct word *w = arena_new(&r->arena, struct word, 1);
        char *copy = w ? arena_dup(&r->arena, s) : NULL;
        if (!copy)
                return -ENOMEM;
        *w = (struct word){ .s = copy, .n = s.n, .secret = secret };
        return table_add(t, hash_word(s), w);
}

/* Threads of the kernel's own. */
static bool is_kernel_thread(struct slice name) {
        static const char *const patterns[] = {
                "swapper*",        "kworker*",     "ksoftirqd*",   "migration*", "rcu*",         "kthreadd",
                "khungtaskd",      "kswapd*",      "kcompactd*",   "cpuhp*",     "irq/*",        "watchdog*",
                "kdevtmpfs",       "kauditd",      "oom_reaper",   "khugepaged", "ksmd",         "kblockd",
                "kintegrityd",     "idle_inject*", "card*-crtc*",  "jbd2*",      "scsi_*",       "kmemleak",
                "pool_workqueue*", "writeback",    "inet_frag_wq", "netns",      "mm_percpu_wq",
        };

        for (size_t i = 0; i < ARRAY_SIZE(patterns); i++)
                if (slice_glob(name, patterns[i]))
                        return true;
        return false;
}

/* Names that every second machine has, and the one by which the kernels of this project are built: it begins our own
 * records. */
static bool is_nobody(enum secret secret, struct slice name) {
        static const struct slice nobody[] = {
                SLICE("(none)"), SLICE("localhost"), SLICE("root"),
                SLICE("none"),   SLICE("vmlife"),    SLICE("00000000000000000000000000000000"),
        };

        for (size_t i = 0; i < ARRAY_SIZE(nobody); i++)
                if (slice_eq(name, nobody[i]))
                        return true;
        return name.n == 0 || (secret == SECRET_TASK && is_kernel_thread(name));
}

int redact_know(struct redactor *r, enum secret secret, struct slice name) {
        name = slice_trim(name);
        if (is_nobody(secret, name) || name.n > 255 || (secret == SECRET_MACHINE && name.n != 32))
                return 0;
        int e = add(r, &r->words, name, secret);
        r->longest = MAX(r->longest, name.n);
        /* "lab-1" of "lab-1.example.org" */
        size_t dot = secret == SECRET_HOST ? slice_find_byte(name, '.') : SLICE_NPOS;
        if (e == 0 && dot != SLICE_NPOS && dot > 0)
                e = add(r, &r->words, slice_head(name, dot), secret);
        return e;
}

int redact_spare(struct redactor *r, struct slice word) {
        return word.n ? add(r, &r->spared, word, SECRET_TASK) : 0;
}

/* Words that the forms of reports are made of. */
static bool is_grammar(struct slice s) {
        static const char words[] =
                " a access accesses acquire address allocated already and another are assert at backtrace before being "
                "bits blocked bug but by call changed chain circular code comm context cpu cut data deadlock debug "
                "dependency detected disabled driver enabled end error exception fault for free freed from general "
                "hardirq hardirqs has held here holding i915 in info inconsistent init invalid is kasan kcsan kernel "
                "key last leak length lock locked locks mark marked memory message modules more mutex name no not null "
                "object of offset on oops order origin pages panic pid possible process race rcu read recursive "
                "refcount release reported rule same scenario scheduling seconds size slab softirq softirqs spin "
                "spinlock stack stalls start state stuck suspicious tainted task than that the there this to trace "
                "trying type underflow unknown unsafe usage use user value vm vmlife wait warning was while with "
                "workqueue write ";
        char word[24];

        if (s.n > 20)
                return false;
        snprintf(word, sizeof(word), " %.*s ", SLICE_FMT(s));
        return strcasestr(words, word);
}

/* --- forms --- */

static bool is_word(char c) {
        return isalnum((unsigned char) c) || c == '_';
}

static int put_hex(struct buffer *out, const uint8_t *d, size_t n) {
        char hex[3];
        int e = 0;

        for (size_t i = 0; i < n && e == 0; i++) {
                snprintf(hex, sizeof(hex), "%02x", d[i]);
                e = buffer_add(out, hex, 2);
        }
        return e;
}

/* Six pairs of hex digits or more, with ':' or '-' between. */
static size_t mac_at(struct slice s) {
        const char sep = s.n > 2 ? s.s[2] : 0;
        size_t n = 0;

        if (sep != ':' && sep != '-')
                return 0;
        while (s.n >= n + 2 && isxdigit((unsigned char) s.s[n]) && isxdigit((unsigned char) s.s[n + 1])) {
                n += 2;
                if (s.n <= n + 1 || s.s[n] != sep || !isxdigit((unsigned char) s.s[n + 1]))
                        return n >= 17 && (s.n == n || !is_word(s.s[n])) ? n : 0;
                n++;
        }
        return 0;
}

static size_t uuid_at(struct slice s) {
        if (s.n < 36 || (s.n > 36 && is_word(s.s[36])))
                return 0;
        for (size_t i = 0; i < 36; i++)
                if (i == 8 || i == 13 || i == 18 || i == 23 ? s.s[i] != '-' : !isxdigit((unsigned char) s.s[i]))
                        return 0;
        return 36;
}

/* Are these n bytes one, and the word ends there? */
static bool is_address(struct slice s, size_t n, int family) {
        char text[INET6_ADDRSTRLEN];
        uint8_t bytes[16];

        if (n >= sizeof(text) || (s.n > n && (is_word(s.s[n]) || s.s[n] == '-')))
                return false;
        memcpy(text, s.s, n);
        text[n] = '\0';
        return inet_pton(family, text, bytes) == 1;
}

/* An address of either family, as inet_pton() has it; in "10.0.0.1:80" and "ip=10.0.0.2:10.0.0.1:..." up to the colon.
 */
static size_t ip_at(struct slice s, bool inside, int *family) {
        size_t n = 0, colons = 0, dots = 0;

        while (n < s.n && n < INET6_ADDRSTRLEN && (isxdigit((unsigned char) s.s[n]) || s.s[n] == ':' || s.s[n] == '.'))
                colons += s.s[n++] == ':';
        /* A sentence's own sign. */
        if (n > 1 && (s.s[n - 1] == '.' || (s.s[n - 1] == ':' && s.s[n - 2] != ':')))
                n--;
        *family = AF_INET6;
        if (!inside && n >= 3 && colons >= 2 && is_address(s, n, AF_INET6))
                return n;
        for (n = 0; n < s.n && n < INET6_ADDRSTRLEN && (is_digit(s.s[n]) || s.s[n] == '.'); n++)
                dots += s.s[n] == '.';
        if (dots == 4 && s.s[n - 1] == '.')
                n--;
        *family = AF_INET;
        return dots >= 3 && is_address(s, n, AF_INET) ? n : 0;
}

/* What stands here by its form, appended in another's name: how long it was, 0: nothing, -errno. inside: within what
 * colons divide, where only IPv4 addresses begin. */
static ssize_t take_form(const struct redactor *r, struct slice s, bool inside, struct buffer *out) {
        uint8_t d[SHA256_DIGEST_LENGTH];
        char text[64];
        int family, e = 0;
        size_t n;

        if (!inside && (n = mac_at(s))) {
                sign(r, "mac", slice_head(s, n), d);
                /* A local address's first byte. */
                for (size_t i = 0; i < (n + 1) / 3; i++)
                        snprintf(text + 3 * (i % 16), 4, "%02x%c", i == 0 ? (d[0] & 0xfcu) | 2 : d[i % sizeof(d)],
                                 s.s[2]);
                n = MIN(n, (size_t) 47);
                e = buffer_add(out, text, n);
        } else if (!inside && (n = uuid_at(s))) {
                static const uint8_t parts[] = { 4, 2, 2, 2, 6 };
                sign(r, "uuid", slice_head(s, n), d);
                for (size_t i = 0, at = 0; i < sizeof(parts) && e == 0; at += parts[i++]) {
                        e = i ? buffer_add(out, "-", 1) : 0;
                        if (e == 0)
                                e = put_hex(out, d + at, parts[i]);
                }
        } else if ((n = ip_at(s, inside, &family))) {
                sign(r, "ip", slice_head(s, n), d);
                if (family == AF_INET)
                        snprintf(text, sizeof(text), "10.%u.%u.%u", d[0], d[1], d[2]);
                else
                        snprintf(text, sizeof(text), "fd00::%02x%02x:%02x%02x", d[0] | 16u, d[1], d[2] | 16u, d[3]);
                e = buffer_add(out, text, strlen(text));
        }
        return e < 0 ? e : (ssize_t) n;
}

/* --- names in text --- */

static bool digits_then(struct slice s, char open, const char *close) {
        uint64_t v;

        return s.n > 1 && s.s[0] == open && (s = slice_from(s, 1), slice_eat_u64(&s, &v)) &&
               (!*close || slice_starts(s, slice_of(close)));
}

/* Is this where a task's name stands? */
static bool in_task_place(struct slice all, size_t at, size_t n) {
        static const struct slice before[] = { SLICE("Comm: "),   SLICE("comm "),    SLICE("comm \""),
                                               SLICE("process "), SLICE("Process "), SLICE("comm: ") };
        struct slice rest = slice_from(all, at + n), head = slice_head(all, at);

        for (size_t i = 0; i < ARRAY_SIZE(before); i++)
                if (slice_ends(head, before[i]))
                        return true;
        return digits_then(rest, '/', "") || digits_then(rest, ':', "") || digits_then(rest, '[', "]");
}

static int put_name(const struct redactor *r, const struct word *w, struct buffer *out) {
        static const char
                *const names[] = { [SECRET_HOST] = "host-", [SECRET_USER] = "user-", [SECRET_TASK] = "task-" };
        uint8_t d[SHA256_DIGEST_LENGTH];

        if (w->secret == SECRET_MACHINE) {
                /* As redact_id() has it. */
                sign(r, "machine", (struct slice){ w->s, w->n }, d);
                return put_hex(out, d, 16);
        }
        sign(r, names[w->secret], (struct slice){ w->s, w->n }, d);
        int e = buffer_add(out, names[w->secret], 5);
        return e == 0 ? put_hex(out, d, 4) : e;
}

/* The longest known name that begins here and ends at a word's end. */
static const struct word *name_at(const struct redactor *r, struct slice all, size_t at) {
        const struct word *best = NULL;
        uint64_t h = HASH_START;

        for (size_t n = 1; n <= r->longest && at + n <= all.n && all.s[at + n - 1] != '\n'; n++) {
                h = hash_byte(h, all.s[at + n - 1]);
                if (at + n < all.n && is_word(all.s[at + n]) && is_word(all.s[at + n - 1]))
                        continue;
                const struct word *w = table_get(&r->words, h, is_word_of, &(struct slice){ all.s + at, n });
                if (!w)
                        continue;
                const struct slice s = { w->s, w->n };
                const bool spared = w->secret == SECRET_TASK && (is_grammar(s) || find(&r->spared, s));
                if (!spared || in_task_place(all, at, n))
                        best = w;
        }
        return best;
}

int redact_text(struct redactor *r, struct slice text, struct buffer *out) {
        size_t kept = 0;
        int e = 0;

        for (size_t i = 0; i < text.n && e == 0;) {
                const char before = i ? text.s[i - 1] : ' ';
                if (is_word(before) && is_word(text.s[i])) {
                        i++;
                        continue;
                }
                /* "10.0.0.2::255.255.255.0" is no "::255.255.255.0". */
                const bool inside = before == ':' || (is_word(before) && text.s[i] == ':');
                const struct word *w = name_at(r, text, i);
                const size_t mark = out->size;
                e = buffer_add(out, text.s + kept, i - kept);
                ssize_t n = e == 0 && !w && before != '.' ? take_form(r, slice_from(text, i), inside, out) : 0;
                if (n < 0)
                        return (int) n;
                if (w && e == 0)
                        e = put_name(r, w, out);
                if (w || n > 0) {
                        i += w ? w->n : (size_t) n;
                        kept = i;
                } else {
                        out->size = mark;
                        i++;
                }
        }
        return e == 0 ? buffer_add(out, text.s + kept, text.n - kept) : e;
}

int redact_name(struct redactor *r, enum secret secret, struct slice name, struct buffer *out) {
        const struct slice s = slice_trim(name);
        const struct word *known = find(&r->words, s);

        if (is_nobody(secret, s))
                return buffer_add(out, name.s, name.n);
        return put_name(r, known ? known : &(struct word){ .s = s.s, .n = s.n, .secret = secret }, out);
}
