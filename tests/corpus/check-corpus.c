/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* check-corpus [-v] VMLIFE FOLDER: runs the command on each log of a folder in the format of syzkaller's report
 * tests (header lines, an empty line, console output) and counts how often its first finding is what the header
 * says. Two halves are counted apart: -1 shows the first alone, so that new rules can be made on it and then be
 * measured on the second. Both halves have been looked at since: what an unseen log would see is less than
 * either says. Fails where a rate of all is below its bound; each of the four rates is a test. */
#include <dirent.h>
#include <errno.h>
#include <json-c/json.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TITLES_MAX = 16 };

/* What a file's header says, and which log follows it. */
struct expected {
        char name[64];
        long number;
        char *text; /* the whole file; the strings below point into it */
        const char *titles[TITLES_MAX];
        size_t n_titles;
        const char *type;
        bool corrupted;
        const char *log;
        size_t log_n;
        bool in_scope;
};

/* What the first finding says. */
struct found {
        char title[512], detector[64], reason[256];
        bool any, corrupted;
        char alts[4][512];
        size_t n_alts;
};

/* Which detector must have said it: by type and, where a type holds several, by title. First line that fits. */
static const struct {
        const char *type, *title, *detector; /* beginnings; NULL is any */
} detectors[] = {
        { "KCSAN", NULL, "kcsan" },
        { "KASAN", NULL, "kasan" },
        { "KFENCE", NULL, "kfence" },
        { "REFCOUNT_WARNING", NULL, "refcount" },
        { "LEAK", NULL, "kmemleak" },
        { "ATOMIC_SLEEP", NULL, "atomic-sleep" },
        { "UBSAN", NULL, "ubsan" },
        { "MEMORY_SAFETY_UBSAN", NULL, "ubsan" },
        { "LOCKDEP", NULL, "lockdep" },
        { NULL, "INFO: rcu detected stall", "rcu-stall" },
        { NULL, "BUG: soft lockup", "soft-lockup" },
        { NULL, "INFO: task ", "hung-task" },
        { NULL, "WARNING: possible ", "lockdep" },
        { NULL, "WARNING: suspicious RCU", "lockdep" },
        { NULL, "INFO: suspicious RCU", "lockdep" },
        { NULL, "INFO: trying to register", "lockdep" },
        { NULL, "BUG: lock held", "lockdep" },
        { NULL, "BUG: MAX_LOCK", "lockdep" },
        { NULL, "BUG: MAX_STACK", "lockdep" },
        { NULL, "WARNING: ODEBUG", "odebug" },
        { NULL, "BUG: corrupted list", "list" },
        { NULL, "BUG: unable to handle", "oops" },
        { NULL, "general protection fault", "oops" },
        { NULL, "divide error", "oops" },
        { NULL, "PANIC: double fault", "oops" },
        { NULL, "BUG: stack guard page", "oops" },
        { NULL, "kernel panic: ", "panic" },
        { NULL, "BUG: workqueue", "workqueue" },
        { NULL, "BUG: Bad page", "mm" },
        { "BUG", NULL, "bug" },
        { "WARNING", NULL, "warn" },
};

static bool begins(const char *s, const char *with) {
        return !with || (s && strncmp(s, with, strlen(with)) == 0);
}

static const char *detector_of(const struct expected *e) {
        for (size_t i = 0; e->n_titles && i < sizeof(detectors) / sizeof(detectors[0]); i++)
                if (begins(e->type, detectors[i].type) && begins(e->titles[0], detectors[i].title))
                        return detectors[i].detector;
        return NULL;
}

/* Machines whose registers and traces are not x86's. */
static bool is_x86(const char *log) {
        static const char *const others[] = {
                "\npc : ",
                "] pc : ",
                " pc : [<",
                "PC is at ",
                "Internal error: ",
                "el0_svc",
                "el1_irq",
                "Unhandled fault: ",
                "Alignment trap: ",
                "NIP [",
                "] NIP: ",
                "epc : ",
                "trusty: ",
                "Hardware name: ARM",
                "Hardware name: linux,dummy-virt",
                "Hardware name: riscv",
                "Krnl PSW",
                "bad mode in ",
                "do_el0_",
                "ret_fast_syscall",
                "__dabt_svc",
                "(unwind_backtrace)",
                "walk_stackframe",
                "[c0000",
                "[<8",
                "system_call_exception",
        };
        for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
                if (strstr(log, others[i]))
                        return false;
        return true;
}

static char *read_file(const char *path, size_t *n) {
        FILE *f = fopen(path, "re");
        size_t room = 1 << 16, k;
        char *s = malloc(room);

        *n = 0;
        if (!f || !s)
                return NULL;
        while ((k = fread(s + *n, 1, room - *n - 1, f)) > 0)
                if (room - (*n += k) < 2 && !(s = realloc(s, room *= 2)))
                        abort();
        s[*n] = '\0';
        fclose(f);
        return s;
}

static int load(const char *folder, const char *name, struct expected *e) {
        char path[4096];
        size_t n;

        *e = (struct expected){ .number = strtol(name, NULL, 10) };
        snprintf(e->name, sizeof(e->name), "%.63s", name);
        snprintf(path, sizeof(path), "%s/%s", folder, name);
        if (!(e->text = read_file(path, &n)))
                return -1;
        char *p = e->text, *end = e->text + n;
        while (p < end) {
                char *newline = memchr(p, '\n', (size_t) (end - p));
                if (!newline || newline == p) {
                        p = newline ? newline + 1 : end;
                        break;
                }
                *newline = '\0';
                if (begins(p, "TITLE: ") && p[7] && e->n_titles < TITLES_MAX)
                        e->titles[e->n_titles++] = p + 7;
                else if (begins(p, "ALT: ") && e->n_titles < TITLES_MAX)
                        e->titles[e->n_titles++] = p + 5;
                else if (begins(p, "TYPE: "))
                        e->type = p + 6;
                else if (strcmp(p, "CORRUPTED: Y") == 0)
                        e->corrupted = true;
                p = newline + 1;
        }
        /* Console output may hold NUL bytes, but then not before the end of the expected report. */
        char *report = memmem(p, (size_t) (end - p), "\nREPORT:\n", 9);
        e->log = p;
        e->log_n = (size_t) ((report ? report + 1 : end) - p);
        e->in_scope = is_x86(p) && !begins(e->type, e->type ? "KMSAN" : NULL) &&
                      !(e->type && (begins(e->type, "SYZ_FAILURE") || begins(e->type, "REBOOT")));
        if (!e->type)
                e->in_scope = is_x86(p);
        return 0;
}

static const char *string_of(struct json_object *o, const char *key) {
        struct json_object *v;
        return json_object_object_get_ex(o, key, &v) ? json_object_get_string(v) : "";
}

/* The command's first finding on that log. */
static int run(const char *vmlife, const struct expected *e, struct found *ret) {
        char in[] = "/tmp/check-corpus.XXXXXX", command[4096];
        int fd = mkstemp(in);
        FILE *f = fd >= 0 ? fdopen(fd, "we") : NULL;

        *ret = (struct found){};
        if (!f || fwrite(e->log, 1, e->log_n, f) != e->log_n || fclose(f) != 0)
                return -1;
        snprintf(command, sizeof(command), "%s scan --format json %s 2>/dev/null", vmlife, in);
        FILE *out = popen(command, "re");
        size_t room = 1 << 16, n = 0, k;
        char *s = malloc(room);
        while (out && s && (k = fread(s + n, 1, room - n - 1, out)) > 0)
                if (room - (n += k) < 2)
                        s = realloc(s, room *= 2);
        int status = out ? pclose(out) : -1;
        unlink(in);
        if (!s || !WIFEXITED(status)) {
                free(s);
                return -1;
        }
        s[n] = '\0';
        struct json_object *report = json_tokener_parse(s), *findings, *first, *list;
        free(s);
        if (report && json_object_object_get_ex(report, "findings", &findings))
                for (size_t i = 0; i < json_object_array_length(findings) && !ret->any; i++) {
                        first = json_object_array_get_idx(findings, i);
                        /* What syzkaller does not count, though the kernel prints a stack with it. */
                        if (strcmp(string_of(first, "kind"), "duplicate-filename") == 0)
                                continue;
                        ret->any = true;
                        snprintf(ret->title, sizeof(ret->title), "%s", string_of(first, "title"));
                        snprintf(ret->detector, sizeof(ret->detector), "%s", string_of(first, "detector"));
                        if (json_object_object_get_ex(first, "corrupted", &list) && json_object_array_length(list)) {
                                ret->corrupted = true;
                                snprintf(ret->reason, sizeof(ret->reason), "%s",
                                         json_object_get_string(json_object_array_get_idx(list, 0)));
                        }
                        if (json_object_object_get_ex(first, "alt_titles", &list))
                                for (size_t j = 0; j < json_object_array_length(list) && j < 4; j++)
                                        snprintf(ret->alts[ret->n_alts++], sizeof(ret->alts[0]), "%s",
                                                 json_object_get_string(json_object_array_get_idx(list, j)));
                }
        /* A log of a few bytes is no input to some; that there is nothing in it is true all the same. */
        int r = report || WEXITSTATUS(status) == 2 ? 0 : -1;
        json_object_put(report);
        return r;
}

static bool title_fits(const struct expected *e, const struct found *f) {
        for (size_t i = 0; i < e->n_titles; i++) {
                if (strcmp(e->titles[i], f->title) == 0)
                        return true;
                for (size_t k = 0; k < f->n_alts; k++)
                        if (strcmp(e->titles[i], f->alts[k]) == 0)
                                return true;
        }
        return false;
}

struct rate {
        unsigned right, of;
};

struct score {
        const char *name;
        struct rate title, detector, silent, corrupted;
};

static bool print_rate(const char *what, struct rate r, double bound) {
        double v = r.of ? 100.0 * r.right / r.of : 100;
        printf("  %-34s %3u of %3u  %5.1f %%  (at least %.0f %%)%s\n", what, r.right, r.of, v, bound,
               v < bound ? "  MISSED" : "");
        return v >= bound;
}

/* How many of the four rates reach their bound. */
static unsigned print_score(const struct score *s) {
        printf("%s:\n", s->name);
        unsigned reached = print_rate("title, of those not corrupted", s->title, 97);
        reached += print_rate("detector, of those not corrupted", s->detector, 100);
        reached += print_rate("silent, of those without report", s->silent, 100);
        return reached + print_rate("corrupted mark agrees", s->corrupted, 95);
}

/* Detectors wanted by detectors found. */
static struct cell {
        char wanted[32], got[32];
        unsigned n;
} table[256];
static size_t n_table;

static void confuse(const char *wanted, const char *got) {
        for (size_t i = 0; i < n_table; i++)
                if (strcmp(table[i].wanted, wanted) == 0 && strcmp(table[i].got, got) == 0) {
                        table[i].n++;
                        return;
                }
        if (n_table < sizeof(table) / sizeof(table[0])) {
                snprintf(table[n_table].wanted, sizeof(table[0].wanted), "%s", wanted);
                snprintf(table[n_table].got, sizeof(table[0].got), "%.31s", got);
                table[n_table++].n = 1;
        }
}

static void count(struct rate *r, bool right) {
        r->of++;
        r->right += right;
}

static void judge(const struct expected *e, const struct found *f, struct score *s) {
        const char *wanted = detector_of(e);

        if (e->n_titles == 0) {
                count(&s->silent, !f->any);
                if (f->any)
                        printf("%-6s no report, but found: %s\n", e->name, f->title);
                return;
        }
        if (!e->in_scope)
                return;
        confuse(wanted ? wanted : "(any)", f->any ? f->detector : "(nothing)");
        count(&s->corrupted, f->any && f->corrupted == e->corrupted);
        if (!f->any || f->corrupted != e->corrupted)
                printf("%-6s %s: %s\n", e->name,
                       f->any ? e->corrupted ? "should be corrupted" : "should not be corrupted" : "nothing found",
                       f->any && f->corrupted ? f->reason : e->titles[0]);
        if (e->corrupted)
                return;
        bool fits = f->any && title_fits(e, f);
        count(&s->title, fits);
        if (!fits && f->any)
                printf("%-6s title: %s\n%-6s found: %s\n", e->name, e->titles[0], "", f->title);
        if (wanted) {
                bool right = f->any && strcmp(wanted, f->detector) == 0;
                count(&s->detector, right);
                if (!right && f->any)
                        printf("%-6s detector %s, found %s\n", e->name, wanted, f->detector);
        }
}

static int by_number(const struct dirent **a, const struct dirent **b) {
        long x = strtol((*a)->d_name, NULL, 10), y = strtol((*b)->d_name, NULL, 10);
        return x < y ? -1 : x > y;
}

int main(int argc, char **argv) {
        struct score scores[2] = { { .name = "first half" }, { .name = "second half" } };
        struct dirent **names;
        bool only_first = false;

        if (argc > 1 && strcmp(argv[1], "-1") == 0) {
                only_first = true; /* while rules are made: never look at the other half's misses */
                argv++;
                argc--;
        }
        if (argc != 3) {
                fprintf(stderr, "usage: check-corpus [-1] VMLIFE FOLDER\n");
                return 2;
        }
        int n = scandir(argv[2], &names, NULL, by_number);
        if (n < 0) {
                fprintf(stderr, "check-corpus: %s: %s\n", argv[2], strerror(errno));
                return 2;
        }
        unsigned files = 0, out_of_scope = 0;
        for (int i = 0; i < n; i++) {
                struct expected e;
                struct found f;
                if (names[i]->d_name[0] < '0' || names[i]->d_name[0] > '9' || load(argv[2], names[i]->d_name, &e) < 0)
                        continue;
                /* Numbers are even. */
                bool second = e.number / 2 % 2;
                if (second && only_first)
                        continue;
                if (run(argv[1], &e, &f) < 0) {
                        printf("%-6s the command failed\n", e.name);
                        scores[second].silent.of++;
                } else
                        judge(&e, &f, &scores[second]);
                files++;
                out_of_scope += !e.in_scope;
                free(e.text);
        }
        printf("\ndetector wanted   found             files\n");
        for (size_t i = 0; i < n_table; i++)
                printf("%-17s %-17s %5u%s\n", table[i].wanted, table[i].got, table[i].n,
                       strcmp(table[i].wanted, "(any)") == 0 || strcmp(table[i].wanted, table[i].got) == 0 ? "" :
                                                                                                             "  *");
        printf("\n%u files, %u of them of other machines or kinds\n", files, out_of_scope);
        print_score(&scores[0]);
        if (!only_first)
                print_score(&scores[1]);
        struct score all = { .name = "all" };
        for (int i = 0; i < 2; i++) {
                struct rate *to[] = { &all.title, &all.detector, &all.silent, &all.corrupted };
                const struct rate *from[] = { &scores[i].title, &scores[i].detector, &scores[i].silent,
                                              &scores[i].corrupted };
                for (int k = 0; k < 4; k++) {
                        to[k]->right += from[k]->right;
                        to[k]->of += from[k]->of;
                }
        }
        unsigned reached = print_score(&all);
        printf("%u passed, %u failed\n", reached, 4 - reached);
        return reached == 4 ? 0 : 1;
}
