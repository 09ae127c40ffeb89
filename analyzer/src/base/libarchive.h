/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stddef.h>

/* libarchive, loaded when it is first needed: it loads thirty megabytes of other libraries, and vmlife works without it
 * where no log is compressed. A caller lists the functions that it calls in a macro FUNCTIONS(X); a structure has
 * FUNCTIONS(LIBARCHIVE_POINTER) as its last members, and libarchive_open() gets { FUNCTIONS(LIBARCHIVE_NAME) }. */
#define LIBARCHIVE_POINTER(function) __typeof__(&(function)) function;
#define LIBARCHIVE_NAME(function) #function,

/* Stores the address of each named function, in that order, from `pointers` on. who: the subject of the message if
 * libarchive is missing. NULL after a message; else for libarchive_close(). */
void *libarchive_open(const char *who, const char *const *names, size_t n, void *pointers);
void libarchive_close(void *handle);
