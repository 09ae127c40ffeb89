/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/slice.h"

/* CI systems obey lines of a job's log: "##vso[...]" (Azure Pipelines), "##[...]" (GitHub, Azure), "##teamcity[...]"
 * anywhere in a line, "::error::" (GitHub, Gitea) where one begins. What a log says must not be one when it is printed.
 */

/* Does one stand here? begins: nothing but blanks stands before it in its line. */
bool ci_command_at(struct slice s, bool begins);
/* The bytes before the first such command; s.n: there is none. The text may be the beginning of a line. */
size_t ci_command_find(struct slice s);
