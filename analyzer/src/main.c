/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "cmd/command.h"
#include "cmd/messages.h"
#include "cmd/version.h"
#include "output/terminal.h"

static int help(FILE *f) {
        fputs("usage: vmlife COMMAND [OPTION...]\n\n", f);
        show_wrapped(&(struct terminal){ .f = f, .columns = 80 },
                     SLICE("vmlife finds the reports of the kernel in journals and logs, and judges which of them "
                           "concern the lifetime of i915's ctx->vm."),
                     0, 0);
        fputc('\n', f);
        for (size_t i = 0; commands[i]; i++)
                fprintf(f, "  %-10s %s\n", commands[i]->name, commands[i]->what);
        fputs("\n  --help     print this help; \"vmlife COMMAND --help\" prints a command's options\n"
              "  --version  print the version, and the formats that this build reads and writes\n",
              f);
        return f == stdout ? EXIT_CLEAN : EXIT_INPUT;
}

/* A file that got the descriptor of a closed standard stream would get the output of that stream. The descriptor that
 * is opened instead cannot be used in that direction, so that the error is the same as for a closed one. */
static int hold_standard_streams(void) {
        for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
                if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
                        return -1;
        return 0;
}

int main(int argc, char **argv) {
        if (hold_standard_streams() < 0)
                return EXIT_INPUT;
        messages_to_stderr();
        if (argc < 2)
                return help(stderr);
        if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
                return help(stdout);
        if (strcmp(argv[1], "--version") == 0) {
                version_print(stdout);
                return EXIT_CLEAN;
        }
        const struct command *c = command_of(argv[1]);
        if (c)
                return c->run(argc - 1, argv + 1);
        log_error("there is no command \"%s\"; see vmlife --help", argv[1]);
        return EXIT_INPUT;
}
