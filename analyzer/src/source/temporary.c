/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/macros.h"

/* Archives in archives have one each. */
enum { FOLDERS_MAX = 8, NAME_MAX_HERE = 32 };

struct temporary {
        char path[PATH_MAX];
        int folder; /* open, for a handler of signals has nothing else to find it by */
        volatile sig_atomic_t n_files;
};

/* What the handler removes: signals are the process's, and so is this. */
static struct temporary *volatile folders[FOLDERS_MAX];
static const int signals[] = { SIGTERM, SIGINT, SIGHUP, SIGPIPE };

/* "12.journal". Safe in a handler of signals. */
static void file_name(char name[static NAME_MAX_HERE], unsigned n) {
        char digits[16];
        size_t k = 0, at = 0;

        for (; k == 0 || n; n /= 10)
                digits[k++] = (char) ('0' + n % 10);
        while (k)
                name[at++] = digits[--k];
        memcpy(name + at, ".journal", sizeof(".journal"));
}

static void remove_all(const struct temporary *t) {
        for (int i = 1; i <= t->n_files; i++) {
                char name[NAME_MAX_HERE];
                file_name(name, (unsigned) i);
                (void) unlinkat(t->folder, name, 0);
        }
        (void) rmdir(t->path);
}

static void end(int signal_number) {
        for (size_t i = 0; i < FOLDERS_MAX; i++)
                if (folders[i])
                        remove_all(folders[i]);
        /* With its default, which ends the process as the sender wanted. */
        signal(signal_number, SIG_DFL);
        raise(signal_number);
}

/* A signal that is ignored or handled stays so. */
static void take_signals(void) {
        for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
                struct sigaction old, new = { .sa_handler = end };
                if (sigaction(signals[i], NULL, &old) == 0 && old.sa_handler == SIG_DFL)
                        (void) sigaction(signals[i], &new, NULL);
        }
}

static void give_signals_back(void) {
        for (size_t i = 0; i < FOLDERS_MAX; i++)
                if (folders[i])
                        return;
        for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
                struct sigaction old;
                if (sigaction(signals[i], NULL, &old) == 0 && old.sa_handler == end)
                        signal(signals[i], SIG_DFL);
        }
}

static int make(struct temporary *t) {
        const char *tmp = getenv("TMPDIR");
        const int n = snprintf(t->path, sizeof(t->path), "%s/vmlife-XXXXXX", tmp && *tmp ? tmp : "/tmp");

        if (n < 0 || (size_t) n >= sizeof(t->path))
                return -ENAMETOOLONG;
        if (!mkdtemp(t->path))
                return -errno;
        t->folder = open(t->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        return t->folder < 0 ? -errno : 0;
}

int temporary_new(struct temporary **ret) {
        struct temporary *t = calloc(1, sizeof(*t));
        size_t at = 0;

        if (!t)
                return -ENOMEM;
        t->folder = -1;
        while (at < FOLDERS_MAX && folders[at])
                at++;
        int e = at < FOLDERS_MAX ? make(t) : -ELOOP;
        if (e < 0) {
                if (t->folder >= 0)
                        close(t->folder);
                free(t);
                return e;
        }
        folders[at] = t;
        take_signals();
        *ret = t;
        return 0;
}

struct temporary *temporary_free(struct temporary *t) {
        if (!t)
                return NULL;
        remove_all(t);
        for (size_t i = 0; i < FOLDERS_MAX; i++)
                if (folders[i] == t)
                        folders[i] = NULL;
        give_signals_back();
        close(t->folder);
        free(t);
        return NULL;
}

const char *temporary_path(const struct temporary *t) {
        return t->path;
}

int temporary_file(struct temporary *t) {
        char name[NAME_MAX_HERE];

        file_name(name, (unsigned) t->n_files + 1);
        /* Counted first: a signal between the two finds it. */
        t->n_files++;
        int fd = openat(t->folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        return fd < 0 ? -errno : fd;
}
