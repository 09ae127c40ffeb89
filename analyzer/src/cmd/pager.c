/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/pager.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"

static const char *wanted(void) {
        const char *name = getenv("VMLIFE_PAGER");

        if (!name)
                name = getenv("PAGER");
        if (!name)
                return "less 2>/dev/null || more 2>/dev/null || cat";
        return *name && strcmp(name, "cat") != 0 ? name : NULL;
}

/* A pager that is not there must not take the output with it. */
static const char run_pager[] =
        "case ${1%% *} in *=*) ;; *) command -v \"${1%% *}\" >/dev/null || "
        "{ echo \"vmlife: warning: there is no pager $1\" >&2; exec cat; } ;; esac; eval \"$1\"";

/* F: leave what fits one screen; R: show colours; X: do not clear the screen; K: Ctrl-C leaves. */
static void become_pager(const char *command, int from) {
        signal(SIGINT, SIG_DFL);
        signal(SIGPIPE, SIG_DFL);
        if (dup2(from, STDIN_FILENO) < 0)
                _exit(127);
        close(from);
        setenv("LESS", "FRXK", 0);
        setenv("LESSCHARSET", "utf-8", 0);
        execl("/bin/sh", "sh", "-c", run_pager, "sh", command, (char *) NULL);
        _exit(127);
}

/* A terminal without lines is one that nobody looks at, as in CI: a pager would wait for ever. A dumb one, as an
 * editor's, scrolls by itself and cannot do what a pager needs. */
static bool is_looked_at(void) {
        const char *term = getenv("TERM");
        struct winsize size;

        return !(term && strcmp(term, "dumb") == 0) && isatty(STDOUT_FILENO) &&
               ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0;
}

bool pager_open(struct pager *p, const char *path) {
        const char *command = !path && is_looked_at() ? wanted() : NULL;
        int fds[2];

        if (!command || pipe2(fds, O_CLOEXEC) < 0)
                return false;
        fflush(stdout);
        p->pid = fork();
        if (p->pid == 0)
                become_pager(command, fds[0]);
        close(fds[0]);
        const bool opened = p->pid > 0 && dup2(fds[1], STDOUT_FILENO) >= 0;
        if (!opened)
                log_warning("cannot start the pager: %s", strerror(errno));
        close(fds[1]);
        if (!opened)
                return false;
        /* Ctrl-C and a pager that is left early are the reader's business; the exit status stays the log's. */
        signal(SIGINT, SIG_IGN);
        signal(SIGPIPE, SIG_IGN);
        return true;
}

bool pager_close(struct pager *p) {
        const bool ok = fflush(stdout) == 0 || errno == EPIPE;

        close(STDOUT_FILENO);
        while (waitpid(p->pid, NULL, 0) < 0 && errno == EINTR)
                ;
        return ok;
}
