/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "base/macros.h"
#include "kind/headline.h"

/* What the drivers of GPUs say in one line when the hardware fails: "i915 0000:00:02.0: [drm] *ERROR* GT0: Failed to
 * reset chip", "[drm:amdgpu_job_timedout [amdgpu]] *ERROR* ring gfx timeout, signaled seq=1, emitted seq=3". The lines
 * come at any time, within others' reports too. */

static const struct headline headlines[] = {
        /* i915_gem.c; gt/intel_reset.c, whose timer is named for what it waits for */
        { "Failed to initialize GPU, declaring it wedged*", "i915", "wedged", "i915: GPU wedged", SEVERITY_HIGH,
          OWES_NOTHING, NULL },
        { "* timed out, cancelling all in-flight rendering*", "i915", "wedged", "i915: GPU wedged", SEVERITY_HIGH,
          OWES_NOTHING, NULL },
        { "Failed to reset chip*", "i915", "reset-failed", "i915: GPU reset failed", SEVERITY_HIGH, OWES_NOTHING,
          NULL },
        { "Engine reset failed on *", "i915", "reset-failed", "i915: engine reset failed", SEVERITY_HIGH, OWES_NOTHING,
          NULL },
        /* xe_guc_submit.c, xe_gt.c, xe_device.c */
        { "Timedout job*seqno=*", "xe", "job-timeout", "xe: Timedout job", SEVERITY_HIGH, OWES_NOTHING, NULL },
        { "CRITICAL: Xe has declared device * as wedged*", "xe", "wedged", "xe: device wedged", SEVERITY_HIGH,
          OWES_NOTHING, NULL },
        { "reset failed (*", "xe", "reset-failed", "xe: GT reset failed", SEVERITY_HIGH, OWES_NOTHING, NULL },
        /* amdgpu_job.c, amdgpu_device.c */
        { "ring * timeout, but soft recovered*", "amdgpu", "job-timeout", "amdgpu: ring timeout, soft recovered",
          SEVERITY_MEDIUM, OWES_NOTHING, NULL },
        { "ring * timeout*", "amdgpu", "job-timeout", "amdgpu: ring timeout", SEVERITY_HIGH, OWES_NOTHING, NULL },
        { "GPU reset(*) failed*", "amdgpu", "reset-failed", "amdgpu: GPU reset failed", SEVERITY_HIGH, OWES_NOTHING,
          NULL },
        { "ASIC reset failed with *", "amdgpu", "reset-failed", "amdgpu: GPU reset failed", SEVERITY_HIGH, OWES_NOTHING,
          NULL },
        { "GPU * reset failed*", "amdgpu", "reset-failed", "amdgpu: GPU reset failed", SEVERITY_HIGH, OWES_NOTHING,
          NULL },
        { "Ring * reset failed*", "amdgpu", "reset-failed", "amdgpu: ring reset failed", SEVERITY_HIGH, OWES_NOTHING,
          NULL },
        /* msm_gpu.c */
        { "*: hangcheck detected gpu lockup rb *", "msm", "gpu-hang", "msm: GPU lockup", SEVERITY_HIGH, OWES_NOTHING,
          NULL },
        /* nvkm/engine/fifo */
        { "fifo: fault * [*] at *", "nouveau", "gpu-fault", "nouveau: GPU fault", SEVERITY_HIGH, OWES_NOTHING, NULL },
        { "fifo: *SCHED_ERROR*", "nouveau", "gpu-hang", "nouveau: channel timeout", SEVERITY_HIGH, OWES_NOTHING, NULL },
        { "*: job timeout, channel * killed!*", "nouveau", "job-timeout", "nouveau: job timeout", SEVERITY_HIGH,
          OWES_NOTHING, NULL },
};

static const char *const triggers[] = {
        "declaring it wedged",
        "cancelling all in-flight",
        "Failed to reset chip",
        "Engine reset failed on ",
        "Timedout job",
        "Xe has declared device",
        "reset failed",
        "GPU reset(",
        " timeout, signaled seq",
        " timeout, but soft rec",
        "detected gpu lockup rb",
        "fifo: fault ",
        "SCHED_ERROR",
        "job timeout, channel ",
        NULL,
};

static bool is_driver(struct slice name) {
        for (size_t i = 0; i < ARRAY_SIZE(headlines); i++)
                if (slice_eq(name, slice_of(headlines[i].detector)))
                        return true;
        return false;
}

static bool is_name(struct slice word) {
        for (size_t i = 0; i < word.n; i++)
                if (!((word.s[i] >= 'a' && word.s[i] <= 'z') || is_digit(word.s[i]) || strchr("_-", word.s[i])))
                        return false;
        return word.n > 0;
}

/* Takes off what names the driver and its device; who it is, empty where the line is not a driver's. */
static struct slice eat_driver(struct slice *s) {
        struct slice b = slice_trim(*s), word, driver = SLICE_NULL;

        /* "i915 0000:00:02.0: " */
        struct slice after = b, device;
        word = slice_token(&after, ' ');
        device = slice_token(&after, ' ');
        if (is_driver(word) && device.n >= 12 && slice_ends(device, SLICE(":")) &&
            slice_find_byte(device, '.') != SLICE_NPOS) {
                driver = word;
                b = after;
        }
        /* A part of the chip has a name of its own: "msm_dpu ae01000.display-controller: [drm:f [msm]] " */
        if (!driver.n && is_name(word) && device.n > 1 && slice_ends(device, SLICE(":")) &&
            slice_starts(after, SLICE("[drm:")))
                b = after;
        /* "[drm] ", "[drm:function [module]] " */
        if (slice_eat(&b, SLICE("[drm] "))) {
                if (!driver.n)
                        driver = SLICE("i915");
        } else if (slice_eat(&b, SLICE("[drm:"))) {
                struct slice in = b;
                slice_token(&in, '[');
                word = slice_token(&in, ']');
                if (!driver.n)
                        driver = is_driver(word) ? word : SLICE("i915");
                slice_token(&b, ']');
                slice_eat(&b, SLICE("]"));
                b = slice_ltrim(b);
        }
        if (!driver.n)
                return SLICE_NULL;
        slice_eat(&b, SLICE("*ERROR* "));
        slice_eat(&b, SLICE("amdgpu: "));
        /* Which part of the device: "Tile0: GT1: GUC: " */
        static const struct slice parts[] = { SLICE("Tile"), SLICE("GT"), SLICE("GUC") };
        for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
                struct slice part = b;
                uint64_t number;
                if (!slice_eat(&part, parts[i]))
                        continue;
                slice_eat_u64(&part, &number);
                if (slice_eat(&part, SLICE(": ")))
                        b = part;
        }
        *s = b;
        return driver;
}

static const struct headline *find(struct slice text, struct slice *says) {
        struct slice driver;

        *says = text;
        driver = eat_driver(says);
        for (size_t i = 0; driver.n && i < ARRAY_SIZE(headlines); i++)
                if (slice_eq(driver, slice_of(headlines[i].detector)) && slice_glob(*says, headlines[i].says))
                        return &headlines[i];
        return NULL;
}

static bool starts(struct slice text) {
        struct slice says;
        return find(text, &says);
}

static enum part part(struct report *r, const struct line *l, enum line_class class, const struct kind *starter) {
        r->complete = true;
        return part_dump(r, l, class, starter);
}

/* "... in glxgears [1234]", at the end */
static int add_submitter(struct finding *f, struct slice says) {
        struct slice s = slice_rtrim(says);
        size_t open = s.n, in = SLICE_NPOS;
        uint64_t pid;

        if (!slice_ends(s, SLICE("]")))
                return 0;
        while (open > 0 && s.s[open - 1] != '[')
                open--;
        struct slice number = slice_from(s, open);
        if (open < 2 || !slice_eat_u64(&number, &pid) || !slice_eq(number, SLICE("]")))
                return 0;
        for (size_t i = 0; i + 4 < open; i++)
                if (slice_starts(slice_from(s, i), SLICE(" in "))) {
                        in = i + 4;
                        break;
                }
        struct task *t = in == SLICE_NPOS || in >= open ? NULL : finding_add_task(f);
        if (!t)
                return 0;
        t->comm = arena_dup(&f->arena, slice_trim((struct slice){ s.s + in, open - 1 - in }));
        t->pid = pid;
        t->role = "submitter";
        return t->comm ? 0 : -ENOMEM;
}

static int parse(const struct report *r, struct finding *f) {
        struct slice says;
        const struct headline *h = find(report_text(r, 0), &says);
        int e = strcmp(h->detector, "xe") == 0 ? add_submitter(f, says) : 0;

        if (e == 0 && slice_eat(&says, SLICE("ring ")))
                e = finding_add_field(f, SLICE("ring"), slice_token(&says, ' '));
        return e < 0 ? e : headline_parse(r, f, h);
}

const struct kind kind_gpu = {
        .name = "gpu",
        HEADLINES(headlines),
        .triggers = triggers,
        .starts = starts,
        .part = part,
        .alone = starts,
        .parse = parse,
};
