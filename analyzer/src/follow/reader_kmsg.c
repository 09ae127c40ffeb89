/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "base/macros.h"
#include "follow/reader.h"
#include "source/kmsg.h"

/* /dev/kmsg: the place is a boot and a number in it. What the ring overwrote meanwhile shows as a gap in the numbers,
 * and what a boot said after the last look and before its end is lost without a trace: the journal is the better
 * source where there is one. */

struct reader {
        struct reader_options o;
        struct kmsg kmsg;
        const struct teller *teller;
        int device;
        char boot_id[33]; /* whose number it is */
        uint64_t next;
};

static void device_free(struct reader *r) {
        if (r->device >= 0)
                close(r->device);
        kmsg_done(&r->kmsg);
        free(r);
}

static int device_open(struct reader **ret, const struct reader_options *o) {
        struct reader *r = calloc(1, sizeof(*r));

        if (!r)
                return log_oom();
        r->o = *o;
        r->device = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        if (r->device < 0) {
                int e = -errno;
                log_error("cannot open /dev/kmsg: %s%s", strerror(-e),
                          e == -EPERM || e == -EACCES ? " (it needs root or CAP_SYSLOG)" : "");
                device_free(r);
                return e;
        }
        *ret = r;
        return 0;
}

static int device_attach(struct reader *r, struct scan *s, struct teller *t) {
        const bool again = r->kmsg.scan;
        uint32_t source = 0;

        if (s->n_sources == 0 && scan_add_source(s, "/dev/kmsg", "kmsg", &source) < 0)
                return -ENOMEM;
        scan_source(s, 0)->type = "kmsg";
        r->kmsg.scan = s;
        r->teller = t;
        r->kmsg.name = "/dev/kmsg";
        int e = kmsg_name_boot(&r->kmsg);
        if (e == 0)
                e = teller_know_boots(t, s);
        if (e < 0)
                return e;
        const char *id = scan_boot(s, r->kmsg.boot)->id;
        if (!again && strcmp(id, r->boot_id) == 0)
                r->kmsg.known = r->kmsg.next = r->next;
        memcpy(r->boot_id, id, sizeof(r->boot_id));
        return 0;
}

static int device_read(struct reader *r, struct buffer *out) {
        struct source_info *info = scan_source(r->kmsg.scan, 0);
        const uint64_t lost = info->lost, first = r->kmsg.next;

        int e = kmsg_read_device(&r->kmsg, r->device, r->o.batch);
        r->next = r->kmsg.next;
        if (e >= 0 && info->lost > lost &&
            teller_tell_loss(r->teller, r->boot_id, first, r->boot_id, info->lost - lost, false,
                             "the kernel's ring overwrote them before they were read", out) < 0)
                return -ENOMEM;
        return e;
}

static int device_fd(struct reader *r) {
        return r->device;
}

/* Reading it is what drains it. */
static void device_drain(struct reader *r _unused_) {}

static void device_code(struct codec *c, struct reader *r) {
        codec_bytes(c, r->boot_id, sizeof(r->boot_id));
        r->boot_id[32] = '\0';
        CODE(c, r->next);
}

const struct reader_type reader_kmsg = {
        .source_type = "kmsg",
        .open = device_open,
        .free = device_free,
        .attach = device_attach,
        .read = device_read,
        .fd = device_fd,
        .drain = device_drain,
        .code = device_code,
};
