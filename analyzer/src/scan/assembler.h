/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "report/report.h"

/* Private to this folder. */

/* Puts reports together from lines: one open report for each caller of each boot, so that reports that
 * two CPUs print at once come apart. */
struct assembler;

/* Called with each report as it ends, which the assembler frees afterwards. 0 or -errno, which stops. */
typedef int (*report_done_t)(const struct report *r, void *userdata);

int assembler_new(struct assembler **ret, report_done_t done, void *userdata);
struct assembler *assembler_free(struct assembler *a);

/* Takes a line in. named: the kinds that have a trigger in it, of which it may start a report. 0 or -errno. */
int assembler_line(struct assembler *a, const struct line *l, uint64_t named);

/* Are no reports of this boot open? Then lines without trigger need not be shown. */
bool assembler_idle(const struct assembler *a, uint32_t boot);

/* Shows the open reports, boot by boot, those of one the oldest first. */
size_t assembler_n_open(const struct assembler *a);
struct report *assembler_open_report(const struct assembler *a, size_t i);
/* Takes over a report that was open in another assembler, behind those that are. 0 or -ENOBUFS, which frees it. */
int assembler_restore(struct assembler *a, struct report *r);

/* Messages of the boot were lost, as a program says. */
void assembler_lost(struct assembler *a, uint32_t boot);
/* Ends the open reports of a boot (UINT32_MAX: of all). A text's headlines without a body are held until
 * assembler_end(): what they are a quotation of may come below. */
int assembler_end_open(struct assembler *a, uint32_t boot, enum report_end why);
/* The same, and no more lines of the boot come. */
int assembler_end(struct assembler *a, uint32_t boot, enum report_end why);
