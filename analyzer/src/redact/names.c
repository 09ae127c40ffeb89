/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "redact/names.h"

#include <errno.h>
#include <pwd.h>
#include <systemd/sd-id128.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/macros.h"

static int read_key(const char *path, struct buffer *ret) {
        int e = file_read(path, ret);

        if (e == 0 && ret->size < 16)
                e = -EINVAL;
        if (e < 0)
                log_error("cannot use %s as a key: %s", path,
                          e == -EINVAL ? "it must have 16 bytes at least" : strerror(-e));
        return e;
}

int redaction_begin(struct redactor **ret, const struct redaction *o) {
        _cleanup_(buffer_done) struct buffer key = {};
        struct redactor *r = NULL;
        int e = o->key ? read_key(o->key, &key) : 0;

        if (e < 0)
                return e;
        e = redactor_new(&r, o->key ? key.data : NULL, key.size);
        if (e < 0 && e != -ENOMEM)
                log_error("cannot generate a key: %s", strerror(-e));
        for (size_t i = 0; i < o->n_words && e == 0; i++)
                e = redact_know(r, SECRET_USER, slice_of(o->words[i]));
        if (e < 0) {
                redactor_free(r);
                return e == -ENOMEM ? log_oom() : e;
        }
        *ret = r;
        return 0;
}

int redact_know_boot(struct redactor *r, const struct boot *b) {
        int e = b->host ? redact_know(r, SECRET_HOST, slice_of(b->host)) : 0;
        return e == 0 && *b->machine ? redact_know(r, SECRET_MACHINE, slice_of(b->machine)) : e;
}

int redact_know_finding(struct redactor *r, const struct finding *f) {
        int e = 0;

        for (size_t i = 0; i < f->n_tasks && e == 0; i++)
                if (f->tasks[i].comm)
                        e = redact_know(r, SECRET_TASK, slice_of(f->tasks[i].comm));
        for (size_t i = 0; i < f->n_functions && e == 0; i++)
                e = redact_spare(r, slice_of(f->functions[i]));
        for (size_t i = 0; i < f->n_locks && e == 0; i++)
                e = f->locks[i].name ? redact_spare(r, slice_of(f->locks[i].name)) : 0;
        for (size_t i = 0; i < f->n_stacks; i++)
                for (size_t k = 0; k < f->stacks[i].n_frames && e == 0; k++) {
                        const struct frame *fr = &f->stacks[i].frames[k];
                        e = redact_spare(r, slice_of(fr->function));
                        if (e == 0 && fr->module)
                                e = redact_spare(r, slice_of(fr->module));
                }
        return e;
}

int redact_know_here(struct redactor *r) {
        char host[256] = {}, id[SD_ID128_STRING_MAX];
        sd_id128_t machine;
        int e = 0;

        setpwent();
        for (struct passwd *p; e == 0 && (p = getpwent());)
                if (p->pw_uid >= 1000 && p->pw_uid < 60000)
                        e = redact_know(r, SECRET_USER, slice_of(p->pw_name));
        endpwent();
        if (e == 0 && gethostname(host, sizeof(host) - 1) == 0)
                e = redact_know(r, SECRET_HOST, slice_of(host));
        if (e == 0 && sd_id128_get_machine(&machine) >= 0)
                e = redact_know(r, SECRET_MACHINE, slice_of(sd_id128_to_string(machine, id)));
        return e;
}
