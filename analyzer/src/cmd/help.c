/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "base/macros.h"
#include "cmd/command.h"
#include "cmd/showing.h"
#include "cmd/usage.h"
#include "output/terminal.h"

extern const struct command command_help;

static const struct cmd_option options[] = {
        { .include = pager_options },
        {},
};

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

static int write_all(const void *what _unused_, FILE *f) {
        help_print(f);
        return 0;
}

int help_show(bool no_pager) {
        const struct showing showing = { .no_pager = no_pager };

        return showing_write(&showing, NULL, write_all, NULL) < 0 ? EXIT_INPUT : EXIT_CLEAN;
}

static int run(int argc, char **argv) {
        const struct command *which[16];
        struct showing showing = {};
        struct words words;
        int e = options_parse(&command_help, argc, argv, &showing, &words);

        if (e != 0)
                return e > 0 ? EXIT_CLEAN : EXIT_INPUT;
        for (size_t i = 0; i < words.n; i++) {
                const struct command *c = command_of(words.items[i]);

                if (!c) {
                        command_unknown(words.items[i]);
                        return EXIT_INPUT;
                }
                if (i < ARRAY_SIZE(which))
                        which[i] = c;
        }
        if (words.n == 0)
                return help_show(showing.no_pager);
        return usage_show(which, MIN(words.n, ARRAY_SIZE(which)), showing.no_pager);
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
