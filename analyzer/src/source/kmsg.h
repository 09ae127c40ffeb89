/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "source/source.h"

/* /dev/kmsg, and what was copied from it (Documentation/ABI/testing/dev-kmsg):
 *
 *   6,339,5140900,-,caller=T1;message with \x1b for bytes that are not printable
 *    SUBSYSTEM=pci                  further lines: what a device printed it
 *
 * priority and facility, sequence number, microseconds since boot, flags. A gap in the numbers is a loss. */

struct kmsg {
        struct scan *scan;
        const char *name;
        uint32_t source, boot;
        uint64_t known; /* records with lower numbers were read in an earlier life */
        uint64_t next;  /* the number that comes next */
        uint64_t us;    /* when the last record was */
        bool copied;    /* not the device: a receiver's file may hold several boots */
        struct buffer message;
};

void kmsg_done(struct kmsg *k);
/* The device is of this boot of this machine: finds it by the same ids as in the journal. 0 or -ENOMEM. */
int kmsg_name_boot(struct kmsg *k);
/* Reads the device, at most so many records: 0 when there are no more now, 1 when there may be, -errno. */
int kmsg_read_device(struct kmsg *k, int fd, uint64_t max);
