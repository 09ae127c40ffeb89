/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/macros.h"
#include "output/topic.h"

static const struct topic verdicts[] = {
        { "clean", "no finding that counts, and the detectors were enabled and active",
          "The log shows that each required detector was enabled, none fell silent before the log's end, no message "
          "was lost, the log begins with the kernel's first message, and the variant's hooks were passed.",
          "No rule broke in the code that the run reached. Code that it did not reach is not proven: see the passes of "
          "each hook; scan --sites names the hooks that must be passed.",
          "The report's exposure: uptime, rounds, passes. Hooks that were never passed prove nothing.",
          "--require names the detectors that must have been active; without it these are lockdep, KCSAN or KASAN, and "
          "the variant, unless --focus names another driver than i915 or none.",
          NULL, NULL },
        { "findings", "at least one finding at or above --fail-on, written by the kernel",
          "The kernel reported something that counts. Findings that a process wrote to the log are shown and never "
          "count.",
          "The first finding of a group is the likely cause of those below it. Injected faults are marked.",
          "The rule and the relevance of each finding; the lines \"also unproven\" name the detectors that fell silent "
          "because of it.",
          "--fail-on related ignores findings that do not concern the driver.", NULL, NULL },
        { "not-proven", "no finding, and no proof that a bug would have been reported",
          "A silent log is clean only if the detectors were enabled and active. Here something was missing: a detector "
          "that is not built in or silent, one that turned itself off, lost messages, a log without its beginning, "
          "hooks that were never passed.",
          "A kernel built with another profile; lockdep off after its first report or a taint; a log buffer that is "
          "too small; a vacuumed journal.",
          "The reasons in the report's boots[].reasons.",
          "Build a profile of configs/kernel, boot with log_buf_len=16M, raise RateLimitBurst= and SystemMaxUse= in "
          "journald.conf. --require makes this verdict exit status 3.",
          NULL, NULL },
};

static const struct topic levels[] = {
        { "certain", "the variant itself names the rule that broke",
          "The report contains the variant's own record, a lock map or a check function of the variant.", NULL,
          "The rule: vmlife explain RULE.", NULL, NULL, NULL },
        { "likely", "a detector of the kernel reports the symptom of a broken rule",
          "The functions or locks of the report point to a rule, or the rule broke before in the same boot and this "
          "follows from it.",
          NULL, "The finding's why, and the finding that it follows from.", NULL, NULL, NULL },
        { "related", "the driver is involved, no rule is named",
          "A function of i915, or of what --focus names, is in the blamed part of a stack. Not every such report "
          "concerns the lifetime of ctx->vm.",
          NULL, "The topmost function of the driver in each stack.", NULL, NULL, NULL },
        { "unrelated", "another part of the kernel",
          "No function of the driver is to blame: a bug elsewhere, reported all the same.", NULL,
          "Search for its title on syzkaller's dashboard or the kernel's mailing lists: titles follow syzbot.", NULL,
          NULL, NULL },
        { "injected", "an injected fault",
          "i915.vmlife_inject was set, or a selftest ran with a fault: the report shows that the check works.", NULL,
          "Is it the rule whose fault was injected? A boot whose fault nothing reported is not proven.", NULL, NULL,
          NULL },
        { "corrupted", "the report is damaged or incomplete",
          "Lines are missing or mixed with those of another report: the log ended or lost messages inside it, or "
          "another CPU printed at the same time and the log does not record the caller of each line.",
          "A journal drops the caller of each line; a slow console loses messages.", "The lines themselves: -vv.",
          "CONFIG_PRINTK_CALLER=y and reading /dev/kmsg or the console keep callers apart; log_buf_len= and a faster "
          "console keep all lines.",
          NULL, NULL },
};

static const struct topic events[] = {
        { "oom-kill", "a task was killed because memory ran out",
          "The kernel selected a task and killed it. Its resources are freed in an order that tests seldom exercise.",
          "A leak in the kernel or in a program; a test that needs more memory than the machine has.",
          "The table of tasks above the line; Slab and Unreclaimable in \"Mem-Info\".",
          "vm.panic_on_oom=1 stops there.", "slabtop -o", NULL },
        { "machine-check", "the CPU reported an error of the hardware",
          "Corrected errors explain nothing by themselves; after one that could not be corrected no report of this "
          "machine is evidence.",
          "Memory, caches, power, heat, an overclocked machine.",
          "The bank and the status, decoded by rasdaemon or mcelog.", NULL, "ras-mc-ctl --summary", NULL },
        { "hardware-error", "the firmware reported an error of the hardware (APEI)",
          "As machine-check, reported by the firmware.", NULL,
          "The severity and the section type in the lines that follow.", NULL, NULL, NULL },
        { "edac-corrected", "errors of memory that were corrected",
          "The count is of errors, not of lines. Reports of a machine whose memory fails are weak evidence.",
          "A memory module on its way out.", "Which module: the label in the line.", NULL, "ras-mc-ctl --error-count",
          NULL },
        { "edac-uncorrected", "errors of memory that could not be corrected",
          "What was read is wrong: no report of this boot is evidence.", "A memory module that is broken.",
          "Which module: the label in the line.", NULL, "ras-mc-ctl --error-count", NULL },
        { "throttling", "the CPU was slowed down for heat", "Timing changes: stalls and timeouts come more easily.",
          "Dust, a fan, a machine under a blanket.", "Do the stalls of this boot begin after it?", NULL, "turbostat",
          NULL },
};

const struct topics topics_verdicts = { "Verdicts", verdicts, ARRAY_SIZE(verdicts) };
const struct topics topics_levels = { "Words about findings", levels, ARRAY_SIZE(levels) };
const struct topics topics_events = { "Facts of a boot", events, ARRAY_SIZE(events) };
