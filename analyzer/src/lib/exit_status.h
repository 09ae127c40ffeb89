/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The exit statuses of scan, follow and diff, and what vmlife_status() gives: the first that applies. */
enum {
        EXIT_CLEAN = 0,
        EXIT_FINDINGS = 1,   /* at or above --fail-on */
        EXIT_INPUT = 2,      /* input that could not be read in full, or a wrong call */
        EXIT_NOT_PROVEN = 3, /* --require asked for proof that is not there */
};
