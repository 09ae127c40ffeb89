/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>
#include <sys/types.h>

/* For tests of follow: journals that grow, its lines put together, and follow as a process. */

/* A folder that lasts as long as the test; new_folder() remembers only a few. */
const char *own_folder(void);
/* A journal in the folder with some of N_GROWING reports and noise between, at times that rise from *us on. */
enum { N_GROWING = 16 };
void add_journal(const char *folder, const char *name, char boot, size_t first, size_t end, unsigned noise,
                 unsigned long long *us);
/* The findings by id. once: no finding, first line of a boot, or loss may be repeated. */
struct json_object *findings_in(const char *path, bool once);
size_t count_lines(const char *path, const char *holding);
/* Checks that the lines, applied in order, give scan's result. */
void same_as_scan(const char *output, const char *folder, bool once);
__attribute__((format(printf, 1, 2))) pid_t start(const char *format, ...);
/* With a preloaded library that fails as the setting says. */
__attribute__((format(printf, 2, 3))) pid_t start_failing(const char *setting, const char *format, ...);
int end_of(pid_t pid);
double now(void);
void nap(double s);
bool is_slow(void);
/* Waits until so many lines contain that. */
void wait_for(const char *path, const char *holding, size_t n);
