/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kind/machinery.h"

#include <assert.h>
#include <pthread.h>

#include "base/macros.h"
#include "kind/functions.h"
#include "kind/machinery_names.h"
#include "line/frame.h"

bool in_patterns(struct slice name, const char *const *patterns, size_t n) {
        /* Most patterns differ in the first byte: look before calling. */
        for (size_t i = 0; i < n && patterns[i]; i++)
                if (name.n && (patterns[i][0] == name.s[0] || patterns[i][0] == '*') && slice_glob(name, patterns[i]))
                        return true;
        return false;
}

/* The machinery by its first two bytes: names are looked up millions of times. Filled once, read only after. */
enum { BUCKETS = 1024, NAMES_MAX = 2048 };
struct buckets {
        const char *const *names;
        uint16_t start[BUCKETS + 1], item[NAMES_MAX];
};
static struct buckets former_names, later_names;
static pthread_once_t bucket_once = PTHREAD_ONCE_INIT;

static size_t bucket_of(const char *s) {
        return ((uint8_t) s[0] * 33u + (uint8_t) s[1]) % BUCKETS;
}

static void fill(struct buckets *b, const char *const *names, size_t n) {
        uint16_t at[BUCKETS];

        assert(n <= NAMES_MAX);
        b->names = names;
        for (size_t i = 0; i < n; i++)
                b->start[bucket_of(names[i]) + 1]++;
        for (size_t i = 0; i < BUCKETS; i++)
                b->start[i + 1] = (uint16_t) (b->start[i + 1] + b->start[i]);
        memcpy(at, b->start, sizeof(at));
        for (size_t i = 0; i < n; i++)
                b->item[at[bucket_of(names[i])]++] = (uint16_t) i;
}

static void fill_buckets(void) {
        fill(&former_names, machinery_names, n_machinery_names);
        fill(&later_names, machinery_names_since, n_machinery_names_since);
}

/* Built in, always: what a module calls so is its own. */
static const char *const built_in[] = {
        "kasan_*",     "kcsan_*",  "kmsan_*",     "kfence_*",    "mutex_*",   "down*",    "up",         "up_*",
        "rt_*",        "printk*",  "vprintk*",    "snprintf_*",  "sprintf_*", "queue_*",  "flush_*",    "drain_*",
        "destroy_*",   "cancel_*", "vfree*",      "vunmap*",     "exc_*",     "die*",     "panic*",     "page_fault*",
        "invalid_op*", "dump_*",   "show_*",      "print_*",     "warn_*",    "report_*", "describe_*", "check_*",
        "find_*",      "mark_*",   "wait_*",      "complete*",   "kfree_*",   "lock_*",   "set_*",      "add_*",
        "save_*",      "oops_*",   "handle_*",    "validate_*",  "sysfs_*",   "device_*", "string*",    "pointer*",
        "number*",     "bus_*",    "get_device*", "put_device*",
};

/* What drivers and file systems call their own printers of a failed assertion. */
static const char *const asserting[] = {
        "assfail*",        "asswarn*",          "*assertfail*",   "*assert_fail*",
        "*assert_failed*", "*assertion_failed", "lbug_with_loc*",
};

static bool in_table(struct slice name, const struct buckets *names) {
        if (name.n < 2)
                return false;
        pthread_once(&bucket_once, fill_buckets);
        size_t b = bucket_of(name.s);
        for (size_t i = names->start[b]; i < names->start[b + 1]; i++)
                if (slice_glob(name, names->names[names->item[i]]))
                        return true;
        return false;
}

/* The kind's own list for a driver's function: what may stand anywhere in a name says nothing there, for the functions
 * meant are those of the kernel image, or inlined and called by their own names. */
static bool in_own(struct slice name, const char *const *own, bool driver) {
        for (; own && *own; own++)
                if ((!driver || **own != '*') && slice_glob(name, *own))
                        return true;
        return false;
}

/* What is known of a function: the role of its file where that is printed, else that of its name. */
static enum function_role role_of(const struct frame *fr, struct slice name, struct slice *ret_module) {
        enum function_role by_path = fr->file ? path_role(source_path(slice_of(fr->file)), ret_module) :
                                                FUNCTION_UNKNOWN;

        return by_path != FUNCTION_UNKNOWN ? by_path : function_role(name, ret_module);
}

static bool is_machinery_by(const struct frame *fr, const char *const *own, bool by_hand) {
        struct slice name = function_base(slice_of(fr->function));
        struct slice ignored;

        if (slice_starts(name, SLICE("0x")))
                return true;
        enum function_role role = role_of(fr, name, &ignored);
        if (fr->module || role == FUNCTION_MODULE)
                return role == FUNCTION_INLINE || in_own(name, own, true) ||
                       in_patterns(name, asserting, ARRAY_SIZE(asserting)) ||
                       /* The compiler put it there from a header that is not in the list. */
                       (role == FUNCTION_UNKNOWN && in_table(name, &former_names) &&
                        !in_patterns(name, built_in, ARRAY_SIZE(built_in)));
        return (role != FUNCTION_UNKNOWN && !by_hand) || in_table(name, &former_names) ||
               in_table(name, &later_names) || in_patterns(name, asserting, ARRAY_SIZE(asserting)) ||
               in_own(name, own, false);
}

bool is_machinery_frame(const struct frame *fr, const char *const *own) {
        return is_machinery_by(fr, own, false);
}

bool is_helper_frame(const struct frame *fr, const char *const *own) {
        return is_machinery_by(fr, own, true);
}

bool is_machinery(const char *function, const char *const *own) {
        return is_machinery_frame(&(struct frame){ .function = function }, own);
}

/* --- as it was for signatures of version 1; nothing new comes here --- */

static const struct slice former_roots[] = {
        SLICE("kasan"),          SLICE("kmsan"),
        SLICE("kcsan"),          SLICE("lockdep"),
        SLICE("spin_lock"),      SLICE("spin_trylock"),
        SLICE("spin_unlock"),    SLICE("mutex_lock"),
        SLICE("mutex_unlock"),   SLICE("mutex_trylock"),
        SLICE("refcount"),       SLICE("memcpy"),
        SLICE("memset"),         SLICE("memmove"),
        SLICE("memcmp"),         SLICE("memchr"),
        SLICE("printk"),         SLICE("snprintf"),
        SLICE("scnprintf"),      SLICE("copy_to_user"),
        SLICE("copy_from_user"), SLICE("put_user"),
        SLICE("get_user"),       SLICE("might_sleep"),
        SLICE("might_fault"),    SLICE("lock_class"),
        SLICE("kmalloc"),        SLICE("vmalloc"),
        SLICE("vprintf"),        SLICE("netdev_printk"),
        SLICE("panic"),          SLICE("atomic_"),
        SLICE("write_lock"),     SLICE("read_lock"),
        SLICE("task_rq_lock"),   SLICE("assertfail"),
        SLICE("assert_fail"),    SLICE("_is_static_object"),
};
static const char *const former_table[] = { "warn_*", "df_*", "bitmap_*", "__bitmap_*", "crc*", "__crc*" };
static const char *const former_built_in[] = { "kasan_*", "kcsan_*", "kmsan_*", "kfence_*" };

bool was_machinery_frame(const struct frame *fr, const char *const *own) {
        struct slice name = function_base(slice_of(fr->function));

        if (slice_starts(name, SLICE("0x")) || in_own(name, own, fr->module))
                return true;
        if (name.n < 2 || (fr->module && in_patterns(name, former_built_in, ARRAY_SIZE(former_built_in))))
                return false;
        if (in_table(name, &former_names) || in_patterns(name, former_table, ARRAY_SIZE(former_table)))
                return true;
        for (size_t i = 0; !fr->module && i < ARRAY_SIZE(former_roots); i++)
                if (slice_has(name, former_roots[i]))
                        return true;
        return false;
}

struct slice frame_module(const struct frame *fr) {
        struct slice module = SLICE_NULL;

        if (fr->module)
                return slice_of(fr->module);
        role_of(fr, function_base(slice_of(fr->function)), &module);
        return module;
}
