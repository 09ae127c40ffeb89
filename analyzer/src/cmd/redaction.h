/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cmd/option.h"
#include "redact/names.h"

/* The options of all commands that can redact: struct redaction. */
extern const struct cmd_option redaction_options[];
