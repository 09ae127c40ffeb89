/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* mutate NUMBER IN OUT: writes a damaged copy of a journal, an archive or any other file; the number says what is done
 * to it, always the same. Damage that the first check would find proves little: of a journal it is mostly the members
 * of its header and of its objects, and the checksums of a tar's headers are made good again. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
        TAR_BLOCK = 512,
        TAR_SUM = 148,
        JOURNAL_HEADER = 272,
        JOURNAL_TAIL_OBJECT = 136, /* in the header: where the last object is */
        JOURNAL_TABLE = 104,       /* the hash table of the data, and 8 bytes on its size; most of it is empty */
        HOLE = 4096,
};

static uint64_t state;

/* Below n. */
static size_t chance(size_t n) {
        state += UINT64_C(0x9e3779b97f4a7c15); /* splitmix64 */
        uint64_t z = state;
        z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
        z ^= z >> 31;
        return n ? (size_t) (z % n) : 0;
}

struct file {
        uint8_t *bytes;
        size_t n;
};

static bool read_file(const char *path, struct file *f) {
        FILE *in = fopen(path, "rb");
        long n;

        if (!in || fseek(in, 0, SEEK_END) != 0 || (n = ftell(in)) <= 0)
                return false;
        rewind(in);
        f->n = (size_t) n;
        f->bytes = malloc(2 * f->n);
        const bool ok = f->bytes && fread(f->bytes, 1, f->n, in) == f->n;
        fclose(in);
        return ok;
}

static bool is_journal(const struct file *f) {
        return f->n > JOURNAL_HEADER && memcmp(f->bytes, "LPKSHHRH", 8) == 0;
}

static size_t number_at(const struct file *f, size_t at) {
        uint64_t v;

        memcpy(&v, f->bytes + at, sizeof(v));
        return v < f->n ? (size_t) v : 0;
}

/* A number of a journal is 8 bytes at an address that they divide: in the header, in the hash tables, or where objects
 * are. */
static size_t place(const struct file *f) {
        if (!is_journal(f))
                return chance(f->n);
        const size_t table = number_at(f, JOURNAL_TABLE), end = number_at(f, JOURNAL_TAIL_OBJECT) + 64,
                     begin = table + number_at(f, JOURNAL_TABLE + 8);
        if (chance(4) == 0)
                return chance(JOURNAL_HEADER) & ~(size_t) 7;
        if (chance(8) == 0 || begin >= end || end > f->n)
                return chance(f->n) & ~(size_t) 7;
        return (begin + chance(end - begin)) & ~(size_t) 7;
}

static void change_byte(struct file *f) {
        const size_t at = place(f);

        f->bytes[at < f->n ? at : 0] ^= (uint8_t) (1u << chance(8));
}

/* Numbers that are off by little, too large, or those of another place. */
static void change_number(struct file *f) {
        static const uint64_t odd[] = {
                0, 1, 7, UINT32_MAX, (uint64_t) UINT32_MAX + 1, INT64_MAX, UINT64_MAX, UINT64_MAX - 7
        };
        const size_t at = place(f), from = place(f), width = (size_t) 1 << chance(4);
        uint64_t v = 0;

        if (at + 8 > f->n || from + 8 > f->n)
                return;
        memcpy(&v, f->bytes + at, 8);
        switch (chance(4)) {
        case 0:
                v = odd[chance(sizeof(odd) / sizeof(*odd))];
                break;
        case 1:
                v += chance(33) - 16;
                break;
        case 2:
                memcpy(&v, f->bytes + from, 8);
                break;
        case 3:
                v = f->n - chance(64);
                break;
        }
        memcpy(f->bytes + at, &v, width);
}

static void move_block(struct file *f) {
        const size_t to = place(f), from = place(f);
        size_t n = chance(f->n / 4 + 1);

        n = n < f->n - to ? n : f->n - to;
        n = n < f->n - from ? n : f->n - from;
        memmove(f->bytes + to, f->bytes + from, n);
}

static void cut(struct file *f) {
        f->n = 1 + chance(f->n);
}

/* A part once more, behind the rest. */
static void repeat(struct file *f) {
        const size_t from = chance(f->n), n = chance(f->n - from);

        memcpy(f->bytes + f->n, f->bytes + from, n);
        f->n += n;
}

static void mend_tar(struct file *f) {
        for (size_t at = 0; at + TAR_BLOCK <= f->n; at += TAR_BLOCK) {
                uint8_t *block = f->bytes + at;
                unsigned sum = 0;
                char digits[8];

                if (memcmp(block + 257, "ustar", 5) != 0)
                        continue;
                memset(block + TAR_SUM, ' ', 8);
                for (size_t i = 0; i < TAR_BLOCK; i++)
                        sum += block[i];
                snprintf(digits, sizeof(digits), "%06o", sum);
                memcpy(block + TAR_SUM, digits, 7);
        }
}

/* With holes: a journal of 8 MiB is nearly empty. */
static bool write_file(const char *path, const struct file *f) {
        static const uint8_t none[HOLE];
        FILE *out = fopen(path, "wb");
        bool ok = out != NULL;

        for (size_t at = 0; ok && at < f->n; at += HOLE) {
                const size_t n = f->n - at < HOLE ? f->n - at : HOLE;
                if (n < HOLE || memcmp(f->bytes + at, none, HOLE) != 0)
                        ok = fseek(out, (long) at, SEEK_SET) == 0 && fwrite(f->bytes + at, 1, n, out) == n;
        }
        ok = ok && fflush(out) == 0 && ftruncate(fileno(out), (off_t) f->n) == 0;
        return out && fclose(out) == 0 && ok;
}

int main(int argc, char **argv) {
        static void (*const ways[])(struct file *) = { change_byte, change_number, change_number, change_number,
                                                       move_block,  cut,           repeat };
        struct file f = {};

        if (argc != 4 || !read_file(argv[2], &f)) {
                fprintf(stderr, "usage: mutate NUMBER IN OUT\n");
                return 2;
        }
        state = strtoull(argv[1], NULL, 10);
        /* One thing, or many; what changes the length is done once at most. */
        size_t times = chance(3) ? 1 + chance(4) : 1 + chance(60), lengths = 0;
        while (times-- > 0) {
                const size_t way = chance(sizeof(ways) / sizeof(*ways));
                if (way < 5 || (lengths++ == 0 && chance(is_journal(&f) ? 10 : 2) == 0))
                        ways[way](&f);
        }
        mend_tar(&f);
        const bool ok = write_file(argv[3], &f);
        free(f.bytes);
        return ok ? 0 : 2;
}
