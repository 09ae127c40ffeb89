/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/command.h"

#include <string.h>

#include "base/log.h"
#include "base/suggest.h"

/* All, by the name of their file. */
#define COMMANDS(COMMAND) \
        COMMAND(scan)     \
        COMMAND(follow)   \
        COMMAND(diff)     \
        COMMAND(export)   \
        COMMAND(bundle)   \
        COMMAND(report)   \
        COMMAND(known)    \
        COMMAND(explain)  \
        COMMAND(help)

#define DECLARE(name) extern const struct command command_##name;
COMMANDS(DECLARE)

const struct command *const commands[] = {
#define ENTRY(name) &command_##name,
        COMMANDS(ENTRY) NULL,
};

const struct command *command_of(const char *name) {
        for (size_t i = 0; commands[i]; i++)
                if (strcmp(commands[i]->name, name) == 0)
                        return commands[i];
        return NULL;
}

void command_unknown(const char *name) {
        struct suggestion s = { .typed = name };

        for (size_t i = 0; commands[i]; i++)
                suggest(&s, commands[i]->name);
        suggest(&s, "--version");
        suggest(&s, "--help");
        if (s.best)
                log_error("there is no command or file \"%s\"; did you mean \"vmlife %s\"?", name, s.best);
        else
                log_error("there is no command or file \"%s\"; see vmlife help", name);
}
