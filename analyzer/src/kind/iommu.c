/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "base/macros.h"
#include "kind/headline.h"

/* The GPU touched memory that its page tables do not give it: drivers/iommu/intel/dmar.c,
 * "DMAR: [DMA Read NO_PASID] Request device [00:02.0] fault addr 0x7f000 [fault reason 0x06] PTE Read access is not
 * set" (older: "DMAR:[DMA Read] ...", the reason in a line of its own), and drivers/iommu/amd/iommu.c, "amdgpu
 * 0000:0b:00.0: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x000f address=0x1000 flags=0x0020]". What other devices do
 * is not this program's matter, and most often the firmware's fault. */

static const struct headline headline = {
        "*", "iommu", "dma-fault", "IOMMU fault of the GPU", SEVERITY_HIGH, OWES_NOTHING, NULL,
};

static const char *const triggers[] = { "Request device [", "Event logged [IO_PAGE", NULL };

struct fault {
        struct slice by, what, device, address, reason;
};

/* Up to the word, which goes too. */
static bool eat_until(struct slice *s, struct slice word, struct slice *before) {
        size_t at = slice_find(*s, word);

        if (at == SLICE_NPOS)
                return false;
        *before = slice_head(*s, at);
        *s = slice_from(*s, at + word.n);
        return true;
}

/* Intel's GPUs that are part of the processor are all at this place. */
static bool is_gpu(struct slice device) {
        slice_eat(&device, SLICE("0000:"));
        return slice_starts(device, SLICE("00:02."));
}

static bool parse_dmar(struct slice s, struct fault *f) {
        struct slice between;

        slice_eat(&s, SLICE("dmar: "));
        if (!slice_eat(&s, SLICE("DMAR:")))
                return false;
        s = slice_ltrim(s);
        if (!slice_eat(&s, SLICE("[")) || !eat_until(&s, SLICE("] "), &f->what) ||
            !slice_eat(&s, SLICE("Request device [")) || !eat_until(&s, SLICE("] "), &f->device) || !is_gpu(f->device))
                return false;
        /* "DMA Read NO_PASID" */
        size_t words = slice_find(f->what, SLICE(" NO_PASID"));
        if (words == SLICE_NPOS)
                words = slice_find(f->what, SLICE(" PASID "));
        f->what = slice_head(f->what, words);
        /* "PASID ffffffff fault addr ", "fault addr ", "fault index " */
        if (eat_until(&s, SLICE("fault addr "), &between) || eat_until(&s, SLICE("fault index "), &between))
                f->address = slice_token(&s, ' ');
        if (eat_until(&s, SLICE("[fault reason "), &between) && eat_until(&s, SLICE("] "), &between))
                f->reason = slice_trim(s);
        f->by = SLICE("DMAR");
        return true;
}

static bool parse_amd(struct slice s, struct fault *f) {
        static const struct slice drivers[] = { SLICE("amdgpu "), SLICE("i915 "), SLICE("xe "), SLICE("radeon "),
                                                SLICE("nouveau ") };
        bool gpu = false;
        struct slice between;

        for (size_t i = 0; i < ARRAY_SIZE(drivers) && !gpu; i++)
                gpu = slice_eat(&s, drivers[i]);
        f->device = slice_token(&s, ' ');
        if (!gpu || !slice_ends(f->device, SLICE(":")) || !slice_eat(&s, SLICE("AMD-Vi: Event logged [")))
                return false;
        f->device.n--;
        f->what = slice_token(&s, ' ');
        if (!slice_eq(f->what, SLICE("IO_PAGE_FAULT")))
                return false;
        if (eat_until(&s, SLICE("address="), &between))
                f->address = slice_token(&s, ' ');
        f->by = SLICE("AMD-Vi");
        return true;
}

static bool parse_fault(struct slice text, struct fault *f) {
        struct slice s = slice_trim(text);

        *f = (struct fault){};
        return parse_dmar(s, f) || parse_amd(s, f);
}

static bool starts(struct slice text) {
        struct fault f;
        return parse_fault(text, &f);
}

static enum part part(struct report *r, const struct line *l, enum line_class class, const struct kind *starter) {
        r->complete = true;
        return part_dump(r, l, class, starter);
}

static int parse(const struct report *r, struct finding *f) {
        struct headline h = headline;
        struct fault fault;
        int e = 0;

        parse_fault(report_text(r, 0), &fault);
        const struct {
                struct slice key, value;
        } fields[] = {
                { SLICE("device"), fault.device },
                { SLICE("address"), fault.address },
                { SLICE("reason"), fault.reason },
        };
        for (size_t i = 0; i < ARRAY_SIZE(fields) && e == 0; i++)
                if (fields[i].value.n)
                        e = finding_add_field(f, fields[i].key, fields[i].value);
        h.title = arena_printf(&f->arena, "%.*s: %.*s fault of the GPU", SLICE_FMT(fault.by), SLICE_FMT(fault.what));
        if (slice_ends(fault.what, SLICE("FAULT")))
                h.title = arena_printf(&f->arena, "%.*s: %.*s of the GPU", SLICE_FMT(fault.by), SLICE_FMT(fault.what));
        if (!h.title)
                return -ENOMEM;
        for (char *c = (char *) (uintptr_t) h.title; *c; c++)
                if (*c == '@')
                        *c = ' ';
        return e < 0 ? e : headline_parse(r, f, &h);
}

static bool names(size_t i, struct kind_name *ret) {
        *ret = (struct kind_name){ headline.detector, headline.kind };
        return i == 0;
}

const struct kind kind_iommu = {
        .name = "iommu",
        .names = names,
        .triggers = triggers,
        .starts = starts,
        .part = part,
        .alone = starts,
        .parse = parse,
};
