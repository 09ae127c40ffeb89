/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "cmd/command.h"
#include "cmd/messages.h"
#include "cmd/sources.h"
#include "cmd/version.h"

/* A file that got the descriptor of a closed standard stream would get the output of that stream. The descriptor that
 * is opened instead cannot be used in that direction, so that the error is the same as for a closed one. */
static int hold_standard_streams(void) {
        for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
                if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
                        return -1;
        return 0;
}

/* "vmlife LOG..." and "vmlife -v LOG": what is no command is scan's where it can be a source or an option. */
static bool is_for_scan(const char *word) {
        return *word == '-' || access(word, F_OK) == 0 || strchr(word, '/') || strcmp(word, "journal") == 0;
}

/* "vmlife --no-pager scan LOG", as git and journalctl have it: the command comes first. */
static void put_command_first(int argc, char **argv) {
        int at = 1;

        while (at < argc && (strcmp(argv[at], "--no-pager") == 0 || strncmp(argv[at], "--color=", 8) == 0))
                at++;
        if (at == 1 || at == argc || !command_of(argv[at]) || access(argv[at], F_OK) == 0)
                return;
        char *command = argv[at];
        memmove(argv + 2, argv + 1, (size_t) (at - 1) * sizeof(*argv));
        argv[1] = command;
}

int main(int argc, char **argv) {
        if (hold_standard_streams() < 0)
                return EXIT_INPUT;
        messages_to_stderr();
        if (argc < 2)
                return input_is_piped() ? scan_unnamed(argc, argv) : (help_print(stderr), EXIT_INPUT);
        if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
                return help_show(false);
        if (strcmp(argv[1], "--version") == 0) {
                version_print(stdout);
                return printed();
        }
        put_command_first(argc, argv);
        const struct command *c = command_of(argv[1]);
        if (c)
                return c->run(argc - 1, argv + 1);
        if (is_for_scan(argv[1]))
                return scan_unnamed(argc, argv);
        command_unknown(argv[1]);
        return EXIT_INPUT;
}
