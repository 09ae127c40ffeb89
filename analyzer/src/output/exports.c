/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/macros.h"
#include "output/export.h"

const struct export exports[] = {
        { "html", "one page for people, of a report or of many", export_html },
        { "junit", "test results, as continuous integration shows them", export_junit },
        { "kcidb", "KernelCI's common database, 5.3", export_kcidb },
        { "ktap", "test results, as the kernel's own tools read them", export_ktap },
        { "markdown", "for issues, merge requests and chats", export_markdown },
        { "prometheus", "metrics, for node-exporter's textfile collector", export_prometheus },
        { "sarif", "places in the code, 2.1.0, for findings whose file and line are known", export_sarif },
        { "text", "what scan prints for people", export_text },
};
const size_t n_exports = ARRAY_SIZE(exports);
