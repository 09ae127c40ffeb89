/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "line/record.h"

/* Fields before a message in the formats of known programs. Each removes one from the start of s and sets what it says;
 * false, and nothing removed, if there is none. */

/* "<6>" */
bool field_priority(struct slice *s, enum origin *origin);
/* "kern  :warn  :" of dmesg -x */
bool field_decoded(struct slice *s, enum origin *origin);
/* "[  T123]", "[    C1]" */
bool field_caller(struct slice *s, uint32_t *caller);
/* "4,1072,209927860,-;", after a release or not: extended netconsole and /dev/kmsg. */
bool field_kmsg(struct slice *s, struct stamp *t, enum origin *origin, uint32_t *caller);
/* "3:  (udev-worker):  360" or "360:(udev-worker)" between brackets: the task, as vendors' kernels print it. */
void field_task(struct slice in, uint32_t *caller);
/* How much a line matters, in a logger's word or, as Android has it, a letter: "info", "W". */
bool is_severity(struct slice w);
/* One of syslog's facilities: "daemon". *kern: it is the kernel's. */
bool is_facility(struct slice w, bool *kern);
/* Where the kernel's word on the taint begins behind a task's name; SLICE_NPOS. A name may hold such words, too: what
 * is behind the kernel's holds none, so that the last are its own. */
size_t field_find_taint(struct slice s);
/* What a "CPU:" line says of a task behind "Comm: ", up to the taint: its name, without the fields that some kernels
 * put behind it, "x Kdump: loaded", "x FTT: 0 0". */
struct slice field_name_of_task(struct slice s);
