/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "base/slice.h"

/* The words of a mail's head, by RFC 5322 and RFC 2047. */

bool mail_is_ascii(struct slice s);

/* "Name <address>" with the name quoted or encoded where it must be; what is no address at all as a name. */
void mail_person(FILE *f, const char *person);

/* A title behind a prefix that needs no encoding. */
void mail_subject(FILE *f, const char *prefix, const char *title);
