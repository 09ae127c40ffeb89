/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef VMLIFE_H
#define VMLIFE_H

/* libvmlife: finds the kernel's reports in logs, as the command vmlife does, within a program.
 *
 *      struct vmlife *v;
 *      vmlife_open(&v);
 *      vmlife_set(v, "require", "kcsan,lockdep,vmlife");
 *      vmlife_read(v, "serial.log");
 *      vmlife_finish(v);
 *      for (size_t i = 0; i < vmlife_count(v, VMLIFE_FINDING); i++)
 *              use(vmlife_json(v, VMLIFE_FINDING, i));
 *      vmlife_close(v);
 *
 * First options, then sources, then vmlife_finish(), then results. Functions that can fail return a negative errno, and
 * vmlife_error() has the sentence about it; -EBUSY: it came too late or too early. A handle is for one thread at a
 * time; threads may have handles of their own. While a source is read that is a journal in an archive, SIGTERM, SIGINT,
 * SIGHUP and SIGPIPE, if they have their default action, remove the unpacked copy before they end the process.
 *
 * Names and meanings here are kept until VMLIFE_ABI grows; the soname follows it. What JSON looks like is
 * vmlife-report(5).
 */

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

#define VMLIFE_ABI 0

struct vmlife;

/* The version of the library, as "vmlife --version" prints it. */
const char *vmlife_version(void);

/* A new scan, which vmlife_close() frees. 0, -ENOMEM. */
int vmlife_open(struct vmlife **ret);
/* NULL is fine. All strings that the scan gave, but for those of vmlife_report(), go with it. */
void vmlife_close(struct vmlife *v);

/* An option of "vmlife scan", by its long name: "fail-on", "require", "focus", "known", "sites", "vmlinux", "modules",
 * "maintainers", "label", "directory", "boot", "since", "until", "every-entry", "max-unpacked" (in bytes), "redact",
 * "redact-key", "redact-word"; that is, all but those that say how to print the report and with how many threads to
 * read. "known", "sites", "label" and "redact-word" add up; one that takes no argument there is "yes" or "no" here.
 * -EINVAL for an unknown name or a wrong value; what reading the file gave. */
int vmlife_set(struct vmlife *v, const char *option, const char *value);

/* Reads a source to its end: what SOURCE can be for "vmlife scan" ("journal", a path, "-"). On an error what could be
 * read counts, and the report says that it is incomplete. A file that was read before is not read again, which is said.
 */
int vmlife_read(struct vmlife *v, const char *source);

/* Bytes of a log that the program has: given piece by piece, of any size, and read at the end, under that name in the
 * report. A file without a name keeps them until then. Anything but a journal file, which needs vmlife_read(). */
int vmlife_feed(struct vmlife *v, const void *bytes, size_t n);
int vmlife_feed_end(struct vmlife *v, const char *name);

/* All sources are read: judges. Needed before any of the following. */
int vmlife_finish(struct vmlife *v);

/* What "vmlife scan" would exit with: 0, 1 with findings that count, 2 if a source could not be read in full, 3 if a
 * silent boot is not proven clean and "require" was set; -EBUSY. */
int vmlife_status(const struct vmlife *v);

enum vmlife_what { VMLIFE_FINDING, VMLIFE_BOOT };
/* How many there are; 0 before vmlife_finish(). */
size_t vmlife_count(const struct vmlife *v, enum vmlife_what what);
/* One of them as a JSON object, valid until the next call of this function on the scan; NULL: there is none, or no
 * memory. */
const char *vmlife_json(struct vmlife *v, enum vmlife_what what, size_t i);
/* The whole report: format is one of those of "vmlife scan --format". The caller frees *ret with free(). */
int vmlife_report(struct vmlife *v, const char *format, char **ret, size_t *size);

/* Messages for people about this scan, in the order in which they came: the last error, "" if there was none; and a
 * function that hears all of them ("warning: ..." are the lesser ones), NULL for nobody. */
const char *vmlife_error(const struct vmlife *v);
void vmlife_on_message(struct vmlife *v, void (*hear)(void *data, const char *text), void *data);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif
