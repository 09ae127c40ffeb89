/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "history/history.h"

enum { NAMES_SHOWN = 6 };

const char *history_fact_name(enum history_fact fact) {
        static const char *const names[] = { "seen", "how often", "how regularly", "releases", "builds" };
        return names[fact];
}

/* "2026-11-26", else by the place in the series. */
static void print_when(FILE *f, const struct history *h, const struct stamp *t, uint32_t place) {
        const time_t seconds = (time_t) (t->real_us / 1000000);
        char date[16];
        struct tm tm;

        if (t->has_real && gmtime_r(&seconds, &tm) && strftime(date, sizeof(date), "%F", &tm))
                fputs(date, f);
        else
                fprintf(f, "boot %" PRIu32 " of %zu", place + 1, h->of);
}

/* Of a boot, what tells builds apart. */
static void print_of_boot(FILE *f, const struct boot *b) {
        const char *build = boot_label_value(b, "build");

        if (build)
                fprintf(f, " (build %s)", build);
        else if (b->release)
                fprintf(f, " (%s)", b->release);
}

static void print_seen(FILE *f, const struct history *h) {
        fputs("first ", f);
        print_when(f, h, &h->first, h->first_place);
        print_of_boot(f, h->first_boot);
        fputs(", last ", f);
        print_when(f, h, &h->last, h->last_place);
        print_of_boot(f, h->last_boot);
}

/* "3.5 h" */
static void print_hours(FILE *f, double hours) {
        if (hours < 2.0 / 60)
                fprintf(f, "%.3g s", hours * 3600);
        else if (hours < 2)
                fprintf(f, "%.3g min", hours * 60);
        else if (hours < 48)
                fprintf(f, "%.3g h", hours);
        else
                fprintf(f, "%.3g days", hours / 24);
}

static void print_rate(FILE *f, const struct history *h) {
        fprintf(f, "%" PRIu64 " of %" PRIu64 " boot%s, %.3g %% (95 %%: %.3g to %.3g)", h->boots_with, h->boots,
                h->boots == 1 ? "" : "s", 100 * h->share.value, 100 * h->share.low, 100 * h->share.high);
        if (h->uptime_us == 0)
                return;
        fputs("; a boot with it every ", f);
        print_hours(f, 1 / h->per_hour.value);
        fputs(" of uptime (95 %: ", f);
        print_hours(f, 1 / h->per_hour.high);
        fputs(" to ", f);
        print_hours(f, 1 / h->per_hour.low);
        fputc(')', f);
}

static void print_manner(FILE *f, const struct history *h) {
        const char *manner = history_manner(h);

        fputs(manner ? manner : "", f);
        if (h->boots_since == 0)
                return;
        fputs(manner ? "; " : "", f);
        if (h->quiet) {
                fputs("quiet since ", f);
                print_when(f, h, &h->last, h->last_place);
                fprintf(f, ", %" PRIu64 " boot%s", h->boots_since, h->boots_since == 1 ? "" : "s");
        } else
                fprintf(f,
                        h->boots_since == 1 ? "not in the last boot, too few to call it quiet" :
                                              "not in the last %" PRIu64 " boots, too few to call it quiet",
                        h->boots_since);
}

/* The newest: those are what a person compares. */
static void print_list(FILE *f, const struct history_list *l) {
        const size_t from = l->n > NAMES_SHOWN + 1 ? l->n - NAMES_SHOWN : 0;

        if (from)
                fprintf(f, "%zu earlier, ", from);
        for (size_t i = from; i < l->n; i++)
                fprintf(f, i > from ? ", %s" : "%s", l->items[i]);
}

static void print_lists(FILE *f, const struct history_list *with, const struct history_list *without) {
        if (with->n) {
                fputs("with it ", f);
                print_list(f, with);
        }
        if (without->n) {
                fputs(with->n ? "; without it " : "without it ", f);
                print_list(f, without);
        }
}

char *history_fact(const struct history *h, enum history_fact fact) {
        char *text = NULL;
        size_t n = 0;
        FILE *f = open_memstream(&text, &n);

        if (!f)
                return NULL;
        switch (fact) {
        case HISTORY_SEEN:
                print_seen(f, h);
                break;
        case HISTORY_RATE:
                print_rate(f, h);
                break;
        case HISTORY_MANNER:
                print_manner(f, h);
                break;
        case HISTORY_RELEASES:
                print_lists(f, &h->releases_with, &h->releases_without);
                break;
        case HISTORY_BUILDS:
                print_lists(f, &h->builds_with, &h->builds_without);
                break;
        case N_HISTORY_FACTS:
                break;
        }
        return fclose(f) == 0 ? text : NULL;
}
