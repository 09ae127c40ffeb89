/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "report/finding.h"

/* Adds the other titles under which the same report is known: as an older or newer kernel words it, with the name of
 * a system call as the kernel printed it (each architecture has a prefix of its own), and with its bare name. They
 * are for people who search, and for known issues and diff; the signature does not depend on them. 0 or -ENOMEM. */
int alt_titles_make(struct finding *f);
