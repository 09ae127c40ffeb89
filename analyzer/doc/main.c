/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "base/macros.h"
#include "cmd/messages.h"
#include "doc.h"

static int write_commands(FILE *f) {
        for (size_t i = 0; commands[i]; i++)
                fprintf(f, "%s\n", commands[i]->name);
        return 0;
}

static const struct {
        const char *name, *what;
        int (*write)(FILE *f);
} outputs[] = {
        { "commands", "the commands' names", write_commands },
        { "table", "all options, for tests", write_table },
        { "bash", "completion for bash", write_bash },
        { "zsh", "completion for zsh", write_zsh },
        { "fish", "completion for fish", write_fish },
        { "catalog", "the journal's message catalog", write_catalog },
        { "explain", "vmlife-explain(7)", write_topics_page },
};

static int usage(void) {
        fputs("usage: vmlife-doc OUTPUT          one of these to standard output:\n", stderr);
        for (size_t i = 0; i < ARRAY_SIZE(outputs); i++)
                fprintf(stderr, "           %-10s            %s\n", outputs[i].name, outputs[i].what);
        fputs("       vmlife-doc page TEMPLATE   a manual page from its template\n"
              "       vmlife-doc command NAME MORE  a command's, and what MORE has to say, where it is there\n",
              stderr);
        return EXIT_INPUT;
}

static int write_one(int argc, char **argv) {
        if (argc == 3 && strcmp(argv[1], "page") == 0)
                return write_page(argv[2], stdout);
        if (argc == 4 && strcmp(argv[1], "command") == 0 && command_of(argv[2]))
                return write_command_page(command_of(argv[2]), argv[3], stdout);
        for (size_t i = 0; argc == 2 && i < ARRAY_SIZE(outputs); i++)
                if (strcmp(argv[1], outputs[i].name) == 0)
                        return outputs[i].write(stdout);
        return -ENOENT;
}

int main(int argc, char **argv) {
        messages_to_stderr();
        int e = write_one(argc, argv);

        if (e == -ENOENT)
                return usage();
        if (e == 0 && (fflush(stdout) != 0 || ferror(stdout))) {
                log_error("cannot write standard output");
                e = -EIO;
        }
        return e < 0 ? EXIT_INPUT : EXIT_CLEAN;
}
