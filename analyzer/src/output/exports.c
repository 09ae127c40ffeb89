/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/macros.h"
#include "output/export.h"

/* All forms, by the name of their file; help, completion and manual list them in this order. */
#define EXPORTS(EXPORT)    \
        EXPORT(html)       \
        EXPORT(junit)      \
        EXPORT(kcidb)      \
        EXPORT(ktap)       \
        EXPORT(markdown)   \
        EXPORT(prometheus) \
        EXPORT(sarif)      \
        EXPORT(text)

#define DECLARE(name) extern const struct export export_##name;
EXPORTS(DECLARE)

const struct export *const exports[] = {
#define ENTRY(name) &export_##name,
        EXPORTS(ENTRY)
};
const size_t n_exports = ARRAY_SIZE(exports);
