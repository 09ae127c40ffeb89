/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "redact/names.h"
#include "source/source.h"

/* One archive with the evidence of a boot, from which another person's scan reads the same findings:
 *
 *   vmlife-bundle/manifest.json     what is in it, and what made it: analyzer/schema/bundle.schema.json
 *   vmlife-bundle/log/...           what the kernel said
 *   vmlife-bundle/report.json       what scan makes of that
 *   vmlife-bundle/kernel.config     where it is to be had
 *   vmlife-bundle/command-line.txt
 *   vmlife-bundle/build-ids.txt     of the kernel and its modules, where it runs here
 */
struct bundle_options {
        const char *source; /* "journal", a folder or file of journals, or another log */
        struct source_options log;
        const char *output;
        const char *config; /* the kernel's; NULL: that of the release, where it is on this machine */
        struct redaction redact;
};

/* 0 or -errno, which it says. Makes sure that the log reads back to the same findings. */
int bundle_make(const struct bundle_options *o);
