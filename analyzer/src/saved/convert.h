/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/checked_json.h"
#include "boot/boot.h"
#include "judge/coverage.h"
#include "report/finding.h"
#include "scan/scan.h"

/* JSON of the report's schema to the structures that it was written from: the inverse of saved/json.c, key by key.
 * All tell what is wrong through the reading, whose arena must be the one of what they fill. */

/* Where a finding says it was, by the numbers of its own report. */
struct finding_place {
        uint64_t boot;
        bool has_boot;
        char boot_id[33];         /* empty where it has none */
        char log_id[33];          /* the same */
        const char *kernel;       /* NULL */
        char group[ID_CHARS + 1]; /* id of the cause; empty */
};

/* All but boot, cause and the links of its group, which are in place; source is a number of its own report. */
void convert_finding(struct reading *r, struct json_object *o, struct finding *f, struct finding_place *place);
/* source is a number of its own report. has_verdict: it says one. */
void convert_boot(struct reading *r, struct json_object *o, struct boot *b, bool *has_verdict);
/* All but its type. */
void convert_source(struct reading *r, struct json_object *o, struct source_info *s);
/* What summary.asked holds. */
void convert_question(struct reading *r, struct json_object *asked, struct question *q);
