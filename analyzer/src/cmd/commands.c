/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/command.h"

#include <string.h>

extern const struct command command_scan;
extern const struct command command_export;

const struct command *const commands[] = {
        &command_scan,
        &command_export,
        NULL,
};

const struct command *command_of(const char *name) {
        for (size_t i = 0; commands[i]; i++)
                if (strcmp(commands[i]->name, name) == 0)
                        return commands[i];
        return NULL;
}
