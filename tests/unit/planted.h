/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Names of machines and people that must not leave the lab, ended by NULL. They stand in log_with_secrets(), in
 * journals of journal_of(), and where a test puts them ("projectx"). */
extern const char *const planted[];

/* A fixture with reports and lines that hold them; static memory. */
const char *log_with_secrets(void);
