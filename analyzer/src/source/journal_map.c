/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/journal_map.h"

#include <endian.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/macros.h"
#include "source/journal.h"

enum { DATA = 1, FIELD = 2, ENTRY = 3, FIELD_HASH_TABLE = 5, ENTRY_ARRAY = 6 };
enum { OBJECT_SIZE = 16, ENTRY_SIZE = 64, ARRAY_HEAD_SIZE = 24, FIELD_SIZE = 40 };
enum { XZ = 1 << 0, LZ4 = 1 << 1, KEYED_HASH = 1 << 2, ZSTD = 1 << 3, COMPACT = 1 << 4 };
enum { FLAGS_KNOWN = XZ | LZ4 | KEYED_HASH | ZSTD | COMPACT, PACKED = 1 | 2 | 4 };

static uint64_t load64(const uint8_t *p) {
        uint64_t v;
        memcpy(&v, p, sizeof(v));
        return le64toh(v);
}

static uint32_t load32(const uint8_t *p) {
        uint32_t v;
        memcpy(&v, p, sizeof(v));
        return le32toh(v);
}

static bool is_aligned(uint64_t at) {
        return (at & 7) == 0;
}

/* The object there, of that type and at least so large; NULL: there is none. */
static const uint8_t *object(const struct journal_map *m, uint64_t at, unsigned type, uint64_t least, uint64_t *size) {
        if (!is_aligned(at) || at < m->begin || at > m->end || m->end - at < OBJECT_SIZE)
                return NULL;
        const uint8_t *o = m->bytes + at;
        *size = load64(o + 8);
        return o[0] == type && *size >= least && *size <= m->end - at ? o : NULL;
}

static int check_header(struct journal_map *m, const struct journal_header *h) {
        const uint32_t flags = le32toh(h->incompatible_flags);
        uint64_t size;

        m->begin = le64toh(h->header_size);
        m->compact = flags & COMPACT;
        m->online = h->state == JOURNAL_FILE_ONLINE;
        if (memcmp(h->signature, "LPKSHHRH", 8) != 0 || m->begin < sizeof(*h) || !is_aligned(m->begin) ||
            __builtin_add_overflow(m->begin, le64toh(h->arena_size), &m->end) || m->end > m->mapped)
                return -EBADMSG;
        if (flags & ~(unsigned) FLAGS_KNOWN || h->state > JOURNAL_FILE_ARCHIVED)
                return -EPROTONOSUPPORT;
        m->fields = le64toh(h->field_hash_table_offset);
        m->n_fields = le64toh(h->field_hash_table_size) / 16;
        if (m->fields < OBJECT_SIZE || !object(m, m->fields - OBJECT_SIZE, FIELD_HASH_TABLE, OBJECT_SIZE, &size) ||
            size - OBJECT_SIZE != le64toh(h->field_hash_table_size))
                return -EBADMSG;
        return 0;
}

int journal_map_open(struct journal_map *m, int fd) {
        struct stat st;

        *m = (struct journal_map){};
        if (fstat(fd, &st) < 0)
                return -errno;
        if (st.st_size < (off_t) sizeof(struct journal_header))
                return -EBADMSG;
        void *p = mmap(NULL, (size_t) st.st_size, PROT_READ, MAP_SHARED, fd, 0);
        if (p == MAP_FAILED)
                return -errno;
        m->bytes = p;
        m->mapped = (size_t) st.st_size;
        int r = check_header(m, p);
        if (r < 0)
                journal_map_done(m);
        return r;
}

void journal_map_done(struct journal_map *m) {
        if (m->bytes)
                munmap((void *) (uintptr_t) m->bytes, m->mapped);
        *m = (struct journal_map){};
}

/* Of a data object, before its payload. */
static size_t head_size(const struct journal_map *m) {
        return m->compact ? 72 : 64;
}

int journal_map_data(const struct journal_map *m, uint64_t at, struct journal_data *ret) {
        const size_t head = head_size(m);
        uint64_t size;
        const uint8_t *o = object(m, at, DATA, head + 1, &size);

        if (!o)
                return -EBADMSG;
        *ret = (struct journal_data){
                .payload = { (const char *) o + head, (size_t) (size - head) },
                .compressed = o[1] & PACKED,
                .next = load64(o + 32),
                .first_entry = load64(o + 40),
                .entry_array = load64(o + 48),
                .n_entries = load64(o + 56),
        };
        const bool sound = o[1] <= PACKED && (o[1] & (o[1] - 1)) == 0 && is_aligned(load64(o + 24)) &&
                           is_aligned(ret->next) && is_aligned(ret->first_entry) && is_aligned(ret->entry_array) &&
                           (ret->first_entry == 0) == (ret->n_entries == 0);
        return sound ? 0 : -EBADMSG;
}

uint64_t journal_map_payload(const struct journal_map *m, uint64_t at) {
        const uint64_t size = load64(m->bytes + at + 8), head = head_size(m);

        return size > head && size <= m->end - at ? size - head : 0;
}

/* Fields hang in chains from the buckets of a hash table; which bucket a name belongs to need not be known, for there
 * are few. Each chain only leads on in the file. */
static int find_field(const struct journal_map *m, struct slice name, uint64_t *head) {
        uint64_t size;

        for (uint64_t i = 0; i < m->n_fields; i++) {
                uint64_t next, at = load64(m->bytes + m->fields + 16 * i);
                for (; at; at = next) {
                        const uint8_t *o = object(m, at, FIELD, FIELD_SIZE + 1, &size);
                        if (!o)
                                return -EBADMSG;
                        next = load64(o + 24);
                        if (next && next <= at)
                                return -EBADMSG;
                        if (slice_eq((struct slice){ (const char *) o + FIELD_SIZE, (size_t) (size - FIELD_SIZE) },
                                     name)) {
                                *head = load64(o + 32);
                                return 1;
                        }
                }
        }
        return 0;
}

/* The values of a field hang in a chain that begins with the newest. */
int journal_map_find(const struct journal_map *m, struct slice name, struct slice value, uint64_t *at) {
        struct journal_data d;

        int r = find_field(m, name, at);
        if (r <= 0)
                return r;
        for (; *at; *at = d.next) {
                r = journal_map_data(m, *at, &d);
                if (r < 0)
                        return r;
                if (d.next >= *at)
                        return -EBADMSG;
                if (!d.compressed && d.payload.n == name.n + 1 + value.n && slice_eat(&d.payload, name) &&
                    slice_eat(&d.payload, SLICE("=")) && slice_eq(d.payload, value))
                        return 1;
        }
        return 0;
}

int journal_map_places(const struct journal_map *m, uint64_t data, struct journal_places *ret) {
        struct journal_data d;

        int r = journal_map_data(m, data, &d);
        if (r < 0)
                return r;
        *ret = (struct journal_places){ .first = d.first_entry, .left = d.n_entries, .array = d.entry_array };
        return 0;
}

static int next_of_array(const struct journal_map *m, struct journal_places *p, uint64_t *at) {
        const size_t each = m->compact ? 4 : 8;
        uint64_t size;
        const uint8_t *o = object(m, p->array, ENTRY_ARRAY, ARRAY_HEAD_SIZE + each, &size);
        const uint64_t n = o ? (size - ARRAY_HEAD_SIZE) / each : 0;

        /* A size that was larger before is being forged. */
        if (p->item >= n)
                return -EBADMSG;
        const uint8_t *item = o + ARRAY_HEAD_SIZE + each * p->item++;
        *at = m->compact ? load32(item) : load64(item);
        if (p->item == n) {
                const uint64_t next = load64(o + 16);
                if (next <= p->array && p->left > 1)
                        return -EBADMSG;
                p->array = next;
                p->item = 0;
        }
        return 1;
}

int journal_places_next(const struct journal_map *m, struct journal_places *p, uint64_t *at) {
        if (p->left == 0)
                return 0;
        *at = p->first;
        int r = p->last == 0 ? 1 : next_of_array(m, p, at);
        if (r > 0 && *at <= p->last)
                return -EBADMSG;
        p->last = *at;
        p->left--;
        return r;
}

int journal_map_entry(const struct journal_map *m, uint64_t at, struct journal_entry *ret) {
        const size_t each = m->compact ? 4 : 16;
        uint64_t size;
        const uint8_t *o = object(m, at, ENTRY, ENTRY_SIZE + each, &size);

        if (!o)
                return -EBADMSG;
        ret->seqnum = load64(o + 16);
        ret->real_us = load64(o + 24);
        ret->mono_us = load64(o + 32);
        memcpy(&ret->boot, o + 40, sizeof(ret->boot));
        ret->items = o + ENTRY_SIZE;
        ret->n_items = (size_t) (size - ENTRY_SIZE) / each;
        /* libsystemd takes no other times for valid. */
        const uint64_t limit = 1ull << 55;
        const bool sound = o[1] == 0 && ret->seqnum > 0 && ret->real_us > 0 && ret->real_us < limit &&
                           ret->mono_us < limit && (size - ENTRY_SIZE) % each == 0;
        return sound ? 0 : -EBADMSG;
}

uint64_t journal_map_item(const struct journal_map *m, const struct journal_entry *e, size_t i) {
        return m->compact ? load32(e->items + 4 * i) : load64(e->items + 16 * i);
}
