/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-c/json.h>
#include <stdio.h>

#include "scan/scan.h"
#include "triage/known.h"

#define REPORT_SCHEMA "vmlife-report/1"

/* The report as analyzer/schema/report.schema.json describes it. Each returns a new object that the caller
 * puts, NULL when out of memory. */
struct json_object *json_of_finding(const struct scan *s, const struct finding *f);
struct json_object *json_of_boot(const struct boot *b);

/* One object of all. */
int write_json(const struct scan *s, FILE *f);
/* One object a line: {"type":"report",...} with schema and tool, then {"type":"source",...}, whose own type is in
 * "source_type", {"type":"boot",...}, {"type":"finding",...}, {"type":"group",...}, {"type":"summary",...}. */
int write_ndjson(const struct scan *s, FILE *f);
