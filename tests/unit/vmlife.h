/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-c/json.h>

/* Runs the real command, as a user does. The command is $VMLIFE, which tests/unit/run sets. */
struct run {
        int status; /* exit status; 128 + signal when it was killed */
        char *out, *err;
};

void run_done(struct run *r);
/* args is a shell's command line after "vmlife". */
struct run vmlife(const char *args, ...) __attribute__((format(printf, 1, 2)));
/* Any command line; $VMLIFE is the command. */
struct run run_shell(const char *command, ...) __attribute__((format(printf, 1, 2)));
/* The same; fails the test where it fails. */
void shell(const char *command, ...) __attribute__((format(printf, 1, 2)));

/* "vmlife scan --format json ARGS" parsed; fails the test when the output is no JSON. Each report is kept in
 * $VMLIFE_REPORTS, where tests/unit/run validates all of them against the schema. The caller puts it. */
struct json_object *scan(int expected_status, const char *args, ...) __attribute__((format(printf, 2, 3)));

/* How often something is done, or each how manieth of many is taken: checkers make all of it slow, valgrind by a second
 * for each start of the command. */
unsigned by_checker(unsigned none, unsigned sanitizer, unsigned valgrind);

/* Path of a fixture; static memory of a few. */
const char *fixture(const char *name);
/* A new empty folder under $VMLIFE_TMP; static memory of a few. */
const char *new_folder(void);
void write_file(const char *path, const void *data, size_t n);

/* Makes a real journal from a console log by systemd-journal-remote, as journald files the kernel's records:
 * times become fields, callers are lost. Returns its folder. boot is one hex digit that the boot id is made
 * of; facility 0 is the kernel's. */
const char *journal_of(const char *log, char boot, unsigned facility);

/* Shorthands that fail the test where the member is missing. */
struct json_object *member(struct json_object *o, const char *key);
const char *text_of(struct json_object *o, const char *key);
struct json_object *finding(struct json_object *report, size_t i);
size_t n_findings(struct json_object *report);
