/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "redact/names.h"
#include "scan/scan.h"

/* Takes names out of a finished scan, so that every format that is written of it is without them. Signatures, ids,
 * boot ids, functions, locks and what people said in files of known issues stay as they are. To be called last: nothing
 * may be learned of the scan afterwards, and after an error it must not be written. also: a text that is shown beside
 * it, which becomes one without them; NULL. 0 or -errno, which it says. */
int redact_report(struct scan *s, const struct redaction *o, struct buffer *also);
