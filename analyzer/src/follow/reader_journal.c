/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dirent.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/macros.h"
#include "follow/reader.h"
#include "source/journal.h"
#include "source/journal_folder.h"

/* Journals are read file by file, each from the entry after the last one that was read. libsystemd's own merging
 * passes over in silence what comes into the folder late and is older than what was read: a host's journal that
 * was uploaded afterwards, a file copied in. What a file holds is told by its header, so that looking for news
 * costs a read of its first bytes; rotation only renames, at any moment, so that a name is believed only while the
 * file that it was found for is open; a file that is gone and was not read to its end is a loss, and counted. */

struct place {
        uint8_t file[16], chain[16]; /* the header's file and sequence number ids */
        uint64_t seqnum;             /* of the last entry that was read */
        uint64_t head, tail;         /* as the header had them when it was looked at last */
        bool closed;                 /* nothing can come behind tail */
        bool bad;                    /* entries that could not be read were told of */
        uint64_t n_entries, n_read;  /* that are linked in, and were when it was read to its end */
        /* Of this round. */
        bool there;
        char *path;
        uint64_t head_us;
        uint8_t machine[16];
};

/* How far a journald's numbers were read, through all files that it wrote. */
struct chain {
        uint8_t id[16];
        uint64_t seqnum;
};

struct reader {
        struct reader_options o;
        struct scan *scan;
        struct teller *teller;
        struct journal journal;
        struct journal_filter filter;
        struct place *places;
        size_t n_places, places_room;
        size_t n_sorted; /* so many are sorted by file */
        struct chain *chains;
        size_t n_chains, chains_room;
        int inotify;
        char *folders[2];
        size_t n_folders;
        bool restless; /* the list of files may lack some */
        bool began;    /* something was read in an earlier round or life: a gap before a new file is a loss */
};

static void reader_free(struct reader *r) {
        for (size_t i = 0; i < r->n_places; i++)
                free(r->places[i].path);
        free(r->places);
        free(r->chains);
        for (size_t i = 0; i < r->n_folders; i++)
                free(r->folders[i]);
        closep(&r->inotify);
        buffer_done(&r->journal.message);
        free(r);
}

static void *grow(void *items, size_t n, size_t *room, size_t size) {
        if (n < *room)
                return items;
        size_t more = *room ? *room * 2 : 16;
        void *p = reallocarray(items, more, size);
        if (p)
                *room = more;
        return p;
}

/* --- which files there are --- */

static int by_file(const void *a, const void *b) {
        return memcmp(((const struct place *) a)->file, ((const struct place *) b)->file, 16);
}

static struct place *place_of(struct reader *r, const uint8_t file[16]) {
        struct place key;

        memcpy(key.file, file, 16);
        struct place *known = r->n_sorted ? bsearch(&key, r->places, r->n_sorted, sizeof(key), by_file) : NULL;
        for (size_t i = r->n_sorted; !known && i < r->n_places; i++)
                if (memcmp(r->places[i].file, file, 16) == 0)
                        known = &r->places[i];
        if (known)
                return known;
        struct place *p = grow(r->places, r->n_places, &r->places_room, sizeof(*p));
        if (!p)
                return NULL;
        r->places = p;
        p += r->n_places++;
        *p = (struct place){};
        memcpy(p->file, file, 16);
        return p;
}

static struct chain *chain_of(struct reader *r, const uint8_t id[16]) {
        for (size_t i = 0; i < r->n_chains; i++)
                if (memcmp(r->chains[i].id, id, 16) == 0)
                        return &r->chains[i];
        struct chain *c = grow(r->chains, r->n_chains, &r->chains_room, sizeof(*c));
        if (!c)
                return NULL;
        r->chains = c;
        c += r->n_chains++;
        *c = (struct chain){};
        memcpy(c->id, id, 16);
        return c;
}

/* The open file and its header; -1 if it is not a journal. */
static int open_file(const char *path, struct journal_header *h) {
        int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

        if (fd >= 0 && (pread(fd, h, sizeof(*h), 0) != sizeof(*h) || memcmp(h->signature, "LPKSHHRH", 8) != 0)) {
                close(fd);
                fd = -1;
        }
        return fd;
}

static void take_header(struct place *p, const struct journal_header *h) {
        memcpy(p->chain, h->seqnum_id, 16);
        memcpy(p->machine, h->machine_id, 16);
        p->head = le64toh(h->head_entry_seqnum);
        p->tail = le64toh(h->tail_entry_seqnum);
        p->head_us = le64toh(h->head_entry_realtime);
        p->n_entries = le64toh(h->n_entries);
        p->closed = h->state == JOURNAL_FILE_ARCHIVED;
}

/* What has no header yet is being made, and comes next time. */
static int add_file(struct reader *r, char **path) {
        struct journal_header h;
        _cleanup_(closep) int fd = open_file(*path, &h);

        if (fd < 0)
                return 0;
        struct place *p = place_of(r, h.file_id);
        if (!p)
                return -ENOMEM;
        if (p->there && le64toh(h.tail_entry_seqnum) < p->tail)
                return 0; /* a copy, from before */
        take_header(p, &h);
        p->there = true;
        free(p->path);
        p->path = *path;
        *path = NULL;
        return 0;
}

static void watch(void *data, const char *folder) {
        struct reader *r = data;

        if (r->inotify >= 0)
                (void) inotify_add_watch(r->inotify, folder, IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_ONLYDIR);
}

/* A folder that is not there yet may come. */
static int add_folder(struct reader *r, const char *path) {
        _cleanup_(journal_folder_done) struct journal_folder listed = { .enter = watch, .data = r, .quiet = true };

        int e = journal_folder_list(&listed, path) == -ENOMEM ? -ENOMEM : 0;
        for (size_t i = 0; e == 0 && i < listed.n; i++)
                e = add_file(r, &listed.paths[i]);
        r->restless |= listed.restless;
        return e;
}

/* By journald, and within one by number; journalds by their first entry. */
static int by_time(const void *a, const void *b) {
        const struct place *x = a, *y = b;

        if (memcmp(x->chain, y->chain, 16) == 0)
                return x->head != y->head ? (x->head < y->head ? -1 : 1) : memcmp(x->file, y->file, 16);
        return x->head_us != y->head_us ? (x->head_us < y->head_us ? -1 : 1) : memcmp(x->chain, y->chain, 16);
}

static int by_chain(const void *a, const void *b) {
        const struct place *x = a, *y = b;
        int c = memcmp(x->chain, y->chain, 16);

        return c ? c : x->head_us < y->head_us ? -1 : x->head_us > y->head_us;
}

/* The files of one journald follow one another, at the time of its first that is there. */
static void order(struct reader *r) {
        if (r->n_places == 0)
                return;
        qsort(r->places, r->n_places, sizeof(*r->places), by_chain);
        for (size_t i = 1; i < r->n_places; i++)
                if (memcmp(r->places[i].chain, r->places[i - 1].chain, 16) == 0)
                        r->places[i].head_us = r->places[i - 1].head_us;
        qsort(r->places, r->n_places, sizeof(*r->places), by_time);
}

/* --- losses --- */

static int lost(struct reader *r, const uint8_t chain[16], uint64_t first, uint64_t n, bool at_least, const char *why,
                struct buffer *out) {
        log_warning("%s%" PRIu64 " journal entr%s of all kinds %s lost: %s", at_least ? "at least " : "up to ", n,
                    n == 1 ? "y" : "ies", n == 1 ? "was" : "were", why);
        struct scan *s = r->scan;
        const char *boot = s->boots.n && r->journal.boot < s->boots.n ? scan_boot(s, r->journal.boot)->id : NULL;
        if (boot) {
                int e = scan_lost(s, 0, r->journal.boot, n, &scan_boot(s, r->journal.boot)->last);
                if (e < 0)
                        return e;
        }
        sd_id128_t id;
        char hex[33];
        memcpy(&id, chain, 16);
        return teller_tell_loss(r->teller, sd_id128_to_string(id, hex), first, boot, n, at_least, why, out);
}

/* Files that are gone. What was known to be in them and was not read is lost; what came into the last one of its
 * journald after it was looked at shows as a gap before the next. */
static int forget_gone(struct reader *r, struct buffer *out) {
        size_t n = 0;
        int e = 0;

        for (size_t i = 0; i < r->n_places; i++) {
                struct place *p = &r->places[i];
                const struct chain *c = p->there ? NULL : chain_of(r, p->chain);

                const uint64_t last = c ? MAX(p->seqnum, c->seqnum) : 0;
                if (!p->there && c && e == 0 && p->tail > last)
                        e = lost(r, p->chain, last + 1, p->tail - last, true,
                                 "their file was removed before they were read (vacuumed)", out);
                if (!p->there && c)
                        chain_of(r, p->chain)->seqnum = MAX(c->seqnum, p->tail);
                if (p->there)
                        r->places[n++] = *p;
                else
                        free(p->path);
        }
        r->n_places = n;
        return e;
}

static int look_for_gap(struct reader *r, const struct place *p, struct buffer *out) {
        const struct chain *c = chain_of(r, p->chain);

        if (!c)
                return -ENOMEM;
        if (p->seqnum || !c->seqnum || p->head <= c->seqnum + 1)
                return 0;
        return lost(r, p->chain, c->seqnum + 1, p->head - c->seqnum - 1, false,
                    "files between those that were read and the existing ones were removed (vacuumed)", out);
}

/* --- entries --- */

/* The entry's number in its journald's sequence. */
static int seqnum_of(sd_journal *j, uint64_t *ret) {
        _cleanup_free_ char *cursor = NULL;

        int e = sd_journal_get_cursor(j, &cursor);
        if (e < 0)
                return e;
        const char *p = strstr(cursor, ";i=");
        struct slice s = slice_of(p ? p + 3 : NULL);
        return slice_eat_hex(&s, ret) ? 0 : -EBADMSG;
}

static int to_place(sd_journal *j, const struct place *p) {
        char cursor[64 + 33];
        sd_id128_t id;
        char hex[33];

        memcpy(&id, p->chain, 16);
        snprintf(cursor, sizeof(cursor), "s=%s;i=%" PRIx64, sd_id128_to_string(id, hex), p->seqnum);
        int e = sd_journal_seek_cursor(j, cursor);
        return e < 0 ? e : 0;
}

/* When journald starts to keep its journal on disk it copies there what it kept in memory, under new numbers: what
 * another journald said of the boot up to that time was read. */
static bool was_read(struct reader *r, sd_journal *j, const struct place *p, int *e) {
        sd_id128_t id;
        uint64_t us;
        char hex[33];
        uint32_t boot;

        *e = sd_journal_get_monotonic_usec(j, &us, &id);
        if (*e < 0)
                return false;
        *e = scan_find_boot(r->scan, sd_id128_to_string(id, hex), 0, &boot);
        if (*e >= 0)
                *e = teller_know_boots(r->teller, r->scan);
        if (*e < 0)
                return false;
        struct boot_mark *m = &r->teller->marks[boot];
        if (memcmp(m->chain, p->chain, 16) != 0 && m->chain_us && us <= m->chain_us)
                return true;
        memcpy(m->chain, p->chain, 16);
        m->chain_us = MAX(us, m->chain_us);
        return false;
}

enum { BAD_RUN_MAX = 1000 };

static int take_entries(struct reader *r, sd_journal *j, struct place *p, uint64_t *budget, uint64_t *bad, bool *any) {
        unsigned run = 0;
        int e;

        r->journal.j = j;
        r->journal.has_boot = false;
        while (*budget && run < BAD_RUN_MAX && (e = sd_journal_next(j)) != 0) {
                uint64_t seqnum = 0;
                bool stop = false;

                /* The first may be the one at the place itself. */
                if (e > 0 && p->seqnum && !*any && seqnum_of(j, &seqnum) == 0 && seqnum <= p->seqnum)
                        continue;
                *any |= e > 0;
                if (e > 0 && !was_read(r, j, p, &e) && e >= 0)
                        e = journal_take_entry(&r->journal, &stop);
                if (e == -ENOMEM)
                        return e;
                --*budget;
                run = e < 0 ? run + 1 : 0;
                *bad += e < 0;
        }
        return 0;
}

/* The number of the last entry that can be reached, whatever it is about: the header counts one up before it is
 * there. */
static int end_of(sd_journal *j, uint64_t *ret) {
        int e = sd_journal_seek_tail(j);
        if (e >= 0)
                e = sd_journal_previous(j);
        if (e > 0)
                e = seqnum_of(j, ret);
        else if (e == 0)
                *ret = 0;
        return e < 0 ? e : 0;
}

/* 0 when all of it was read, 1 when the budget was used up before, -errno. */
static int read_file(struct reader *r, struct place *p, int fd, uint64_t *budget) {
        _cleanup_(journal_closep) sd_journal *j = NULL;
        uint64_t tail = p->tail, last = 0, bad = 0;
        const uint64_t n_entries = p->n_entries;
        bool any = false;
        char path[32];

        /* Not by fd: whether libsystemd closes that is not documented. */
        snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
        int e = sd_journal_open_files(&j, (const char *[]){ path, NULL }, 0);
        if (e >= 0 && end_of(j, &tail) < 0)
                tail = p->tail; /* damaged at its end */
        if (e >= 0)
                e = journal_filter_entries(j, &r->filter);
        if (e >= 0 && p->seqnum)
                e = to_place(j, p);
        if (e >= 0)
                e = take_entries(r, j, p, budget, &bad, &any);
        if (e == -ENOMEM)
                return e;
        if ((e < 0 || bad) && !p->bad) {
                log_error("%s cannot be read in full: %s", p->path,
                          e < 0 ? strerror(-e) : "damaged entries are skipped");
                scan_source(r->scan, 0)->complete = !(p->bad = true);
        }
        /* Where there is no telling, the file's end is where it was when it was opened. */
        if (e >= 0 && any && seqnum_of(j, &last) < 0)
                last = tail;
        r->journal.j = NULL;
        r->journal.has_boot = false;
        const bool more = *budget == 0 && last < tail;
        p->n_read = more ? 0 : n_entries;
        p->seqnum = MAX(p->seqnum, more ? last : MAX(last, tail));
        struct chain *c = chain_of(r, p->chain);
        if (!c)
                return -ENOMEM;
        c->seqnum = MAX(c->seqnum, p->seqnum);
        return more;
}

static int list_files(struct reader *r) {
        int e = 0;

        if (r->n_places)
                qsort(r->places, r->n_places, sizeof(*r->places), by_file);
        r->n_sorted = r->n_places;
        for (size_t i = 0; i < r->n_places; i++)
                r->places[i].there = false;
        r->restless = false;
        for (size_t i = 0; e == 0 && i < r->n_folders; i++)
                e = add_folder(r, r->folders[i]);
        r->n_sorted = 0;
        return e;
}

/* What is new in one file. 1: not all was read, or another has its name by now, and the list must be made anew
 * before anything that came later is read; 0; -errno. */
static int read_news(struct reader *r, struct place *p, uint64_t *budget, struct buffer *out) {
        struct journal_header h;
        _cleanup_(closep) int fd = open_file(p->path, &h);

        if (fd < 0 || memcmp(h.file_id, p->file, 16) != 0)
                return 1;
        /* It may have grown since, and its successor, which was listed, has what came later. */
        take_header(p, &h);
        if (p->tail <= p->seqnum || p->n_entries == p->n_read)
                return 0;
        int e = r->began ? look_for_gap(r, p, out) : 0;
        return e < 0 ? e : read_file(r, p, fd, budget);
}

static int journals_read(struct reader *r, struct buffer *out) {
        uint64_t budget = r->o.batch;

        int e = list_files(r);
        if (e == 0 && !r->restless)
                e = forget_gone(r, out);
        if (e < 0)
                return e;
        order(r);
        for (size_t i = 0; e == 0 && i < r->n_places; i++) {
                if (r->places[i].there)
                        e = read_news(r, &r->places[i], &budget, out);
                if (e == 0 && budget == 0)
                        e = 1;
        }
        if (e == 0)
                r->began = true;
        return e == 0 && r->restless ? 1 : e;
}

/* --- the rest --- */

static int add_machine(struct reader *r, const char *folder) {
        char id[33] = {};
        sd_id128_t machine;

        int e = sd_id128_get_machine(&machine);
        if (e < 0) {
                log_error("cannot read this machine's id: %s", strerror(-e));
                return e;
        }
        if (asprintf(&r->folders[r->n_folders], "%s/%s", folder, sd_id128_to_string(machine, id)) < 0)
                return log_oom();
        r->n_folders++;
        return 0;
}

static int journals_open(struct reader **ret, const struct reader_options *o) {
        struct reader *r = calloc(1, sizeof(*r));
        int e = 0;

        if (!r)
                return log_oom();
        r->o = *o;
        r->inotify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
        r->filter = (struct journal_filter){ .has_since = o->has_since, .since_us = o->since_us };
        if (o->folder) {
                _cleanup_(closedirp) DIR *d = opendir(o->folder);
                if (!d) {
                        e = -errno;
                        log_error("cannot open %s: %s%s", o->folder, strerror(-e),
                                  e == -ENOTDIR ? "; follow reads a folder of journals, journal or /dev/kmsg, and "
                                                  "vmlife scan reads a file" :
                                                  "");
                } else if (!(r->folders[r->n_folders++] = strdup(o->folder)))
                        e = log_oom();
        } else {
                e = add_machine(r, "/run/log/journal");
                if (e == 0)
                        e = add_machine(r, "/var/log/journal");
                if (e == 0 && access(r->folders[0], R_OK | X_OK) < 0 && access(r->folders[1], R_OK | X_OK) < 0) {
                        log_error("%s; try \"vmlife follow /dev/kmsg\", or once \"dmesg | vmlife\", or name a folder "
                                  "with -D",
                                  journal_none());
                        e = -ENOENT;
                }
        }
        if (e < 0) {
                reader_free(r);
                return e;
        }
        *ret = r;
        return 0;
}

static int journals_attach(struct reader *r, struct scan *s, struct teller *t) {
        uint32_t source = 0;

        r->scan = s;
        r->teller = t;
        if (s->n_sources == 0 && scan_add_source(s, r->o.folder ? r->o.folder : "journal", "journal", &source) < 0)
                return -ENOMEM;
        r->journal.scan = s;
        r->journal.name = scan_source(s, 0)->name;
        r->journal.filter = &r->filter;
        r->journal.boot = 0;
        return 0;
}

static int journals_fd(struct reader *r) {
        return r->inotify;
}

static void journals_drain(struct reader *r) {
        char events[16 * 1024];

        while (r->inotify >= 0 && read(r->inotify, events, sizeof(events)) > 0)
                ;
}

static void code_places(struct codec *c, struct reader *r) {
        uint64_t n = r->n_places;

        codec_u64(c, &n);
        for (uint64_t i = 0; i < n && c->error == 0; i++) {
                struct place p = c->reading ? (struct place){} : r->places[i];
                codec_bytes(c, p.file, 16);
                codec_bytes(c, p.chain, 16);
                CODE(c, p.seqnum);
                CODE(c, p.head);
                CODE(c, p.tail);
                CODE(c, p.closed);
                CODE(c, p.bad);
                struct place *to = c->reading ? place_of(r, p.file) : NULL;
                if (to)
                        *to = p;
                else if (c->reading)
                        c->error = -ENOMEM;
        }
}

static void journals_code(struct codec *c, struct reader *r) {
        uint64_t n = 0;

        CODE(c, r->began);
        code_places(c, r);
        n = r->n_chains;
        codec_u64(c, &n);
        for (uint64_t i = 0; i < n && c->error == 0; i++) {
                struct chain chain = c->reading ? (struct chain){} : r->chains[i];
                codec_bytes(c, chain.id, 16);
                CODE(c, chain.seqnum);
                struct chain *to = c->reading ? chain_of(r, chain.id) : NULL;
                if (to)
                        *to = chain;
                else if (c->reading)
                        c->error = -ENOMEM;
        }
}

const struct reader_type reader_journal = {
        .source_type = "journal",
        .open = journals_open,
        .free = reader_free,
        .attach = journals_attach,
        .read = journals_read,
        .fd = journals_fd,
        .drain = journals_drain,
        .code = journals_code,
};
