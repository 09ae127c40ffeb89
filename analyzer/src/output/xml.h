/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdio.h>

#include "base/slice.h"

/* Prints bytes as the text of XML or HTML, between tags or in a quoted value: valid UTF-8, markup escaped. What XML
 * 1.0 forbids, and what does not print where it stands (utf8_add_shown()), becomes U+FFFD. 0 or -ENOMEM. */
int print_xml(FILE *f, struct slice s);

static inline int print_xml_string(FILE *f, const char *s) {
        return print_xml(f, slice_of(s));
}
