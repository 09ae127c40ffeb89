/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "cmd/command.h"
#include "output/terminal.h"

extern const struct command command_help;

static const struct cmd_option options[] = { {} };

static const char *command_name(size_t i) {
        return commands[i] ? commands[i]->name : NULL;
}

void help_print(FILE *f) {
        fputs("usage: vmlife COMMAND [OPTION...]\n"
              "       vmlife LOG...          the same as vmlife scan LOG...\n"
              "       dmesg | vmlife         the same as dmesg | vmlife scan -\n\n",
              f);
        show_wrapped(&(struct terminal){ .f = f, .columns = 80 },
                     SLICE("vmlife finds the kernel's reports in journals and logs: what broke, whether it is new, "
                           "whose it is, and whether silence proves anything."),
                     0, 0);
        fputc('\n', f);
        for (size_t i = 0; commands[i]; i++)
                fprintf(f, "  %-10s %s\n", commands[i]->name, commands[i]->what);
        fputs("\n  --help     print this help; \"vmlife COMMAND --help\" prints a command's options\n"
              "  --version  print the version, and the formats that this build reads and writes\n",
              f);
}

int printed(void) {
        if (fflush(stdout) == 0 && !ferror(stdout))
                return EXIT_CLEAN;
        log_error("cannot write standard output: %s", strerror(errno));
        return EXIT_INPUT;
}

static int run(int argc, char **argv) {
        struct words words;
        int e = options_parse(&command_help, argc, argv, NULL, &words);

        if (e != 0)
                return e > 0 ? EXIT_CLEAN : EXIT_INPUT;
        if (words.n == 0)
                help_print(stdout);
        for (size_t i = 0; i < words.n; i++) {
                const struct command *c = command_of(words.items[i]);

                if (!c) {
                        command_unknown(words.items[i]);
                        return EXIT_INPUT;
                }
                if (i)
                        putchar('\n');
                options_help(c, stdout);
        }
        return printed();
}

const struct command command_help = {
        .name = "help",
        .what = "print the help of a command",
        .words = "[COMMAND...]",
        .word = command_name,
        .about = "Prints what each COMMAND does, and its options. With no COMMAND: lists all commands.",
        .after = "Exit status: 2 if there is no such COMMAND, otherwise 0.",
        .options = options,
        .run = run,
};
