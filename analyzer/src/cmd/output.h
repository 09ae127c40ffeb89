/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdio.h>

enum output_inputs { OUTPUT_OF_LOGS, OUTPUT_OF_REPORTS };

/* Checks that the output is not one of the inputs, under any name, nor a file in a folder that is one, unless it is
 * what vmlife wrote before and no input of this kind; NULL inputs are ignored. 0 or -EINVAL, which it reports. */
int output_check(const char *path, enum output_inputs of, const char *const *inputs, size_t n);

/* Calls write() with standard output, or with a file that is PATH only once it is whole: readers see the old one or
 * the new one; a pipe or device is written to. Says itself what goes wrong with the stream, and that memory ran out;
 * what else write() returns is the caller's to say. 0 or -errno. */
int output_write(const char *path, int (*write)(const void *what, FILE *f), const void *what);
