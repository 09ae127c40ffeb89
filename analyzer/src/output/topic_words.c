/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/macros.h"
#include "output/topic.h"

static const struct topic words[] = {
        { .word = "severity",
          .what = "how bad a finding is for a user of the machine: critical, high, medium or low",
          .means = "It says what the report means for the machine, whichever driver it concerns: an unrelated finding "
                   "can be critical. --fail-on takes severities, too." },
        { .word = "critical",
          .what = "severity: memory is corrupted, or the machine stopped",
          .means = "Use after free, a write beyond an object, an oops, a panic, a count of references that broke: what "
                   "the machine does after it proves nothing, and a user may be able to exploit it.",
          .look = "The first finding of the boot: those after it may be its consequences." },
        { .word = "high",
          .what = "severity: the machine or a task of it can stop, or data can be wrong",
          .means = "A deadlock, a stall, a hang, a bug that needs more luck to corrupt something." },
        { .word = "medium",
          .what = "severity: a rule of the kernel was broken, and nothing was lost yet",
          .means = "An order of locks that can deadlock, sleeping where that is not allowed, a WARN, a leak." },
        { .word = "low",
          .what = "severity: worth a look",
          .means = "A data race that may be harmless, a table of lockdep that is full, one error line of a driver." },
        { .word = "relevance",
          .what = "what a finding has to do with the driver in question: certain, likely, related or unrelated",
          .means = "It says nothing of how bad the finding is; that is the severity." },
        { .word = "signature",
          .what = "the name of a bug: equal for the same bug on all machines, boots and builds",
          .means =
                  "A version (v2:) and a hash of the detector, the kind and the functions to blame, without addresses, "
                  "CPUs, and the suffixes that compilers add. The id names one event, the signature all events of a "
                  "bug: known issues and diff go by it." },
        { .word = "id",
          .what = "the name of one event: the same each time its log is read",
          .means = "A hash of the boot, the time and the signature. A store that keeps findings by ID counts none "
                   "twice." },
        { .word = "status",
          .what = "new or known, by the files given with --known",
          .means = "known: an entry of the known issues matches and has not expired; new: none does. Without --known a "
                   "finding has no status." },
        { .word = "known",
          .what = "status: an entry of the known issues matches",
          .means = "The finding is shown with the entry's bug, owner and note, and --fail-on new does not count it." },
        { .word = "owner",
          .what = "who is to look at a finding",
          .means = "From the known issue, or from the owners in that file, by the function or file to blame." },
        { .word = "origin",
          .what = "who wrote the report: kernel, userspace or unverified",
          .means = "The journal and /dev/kmsg record it. Text (dmesg, a serial console, syslog) does not: anybody who "
                   "may write there can write what looks like a report." },
        { .word = "kernel", .what = "origin: the source records that the kernel wrote it" },
        { .word = "userspace",
          .what = "origin: a process wrote it, not the kernel",
          .means = "The finding is shown and never counts." },
        { .word = "unverified",
          .what = "origin: the source does not record who wrote it, as in any text log",
          .means = "It counts as the kernel's.",
          .look = "Read the journal or /dev/kmsg where a verdict decides something; --require origin refuses a proof "
                  "from text." },
        { .word = "exposure",
          .what = "how much a boot was exercised: uptime, rounds of tests, passes of the checks",
          .means =
                  "diff compares it: a finding is gone only if the new boots were exercised enough to have shown it." },
        { .word = "group",
          .what = "findings of a boot with one likely first cause",
          .means = "The cause stands first; its consequences are indented below it." },
        { .word = "taint",
          .what = "flags of the kernel that say why its reports deserve less trust",
          .means = "\"Not tainted\", or \"Tainted: G        W  O\" with a letter for each: P a proprietary module, O a "
                   "module from outside the tree, E an unsigned module, W a warning came before, D an oops or BUG "
                   "came before, L a soft lockup, M a machine check, B a bad page, C a staging driver, N a test.",
          .look = "W or D: look at the first report of the boot. O, P: reproduce it without that module before you "
                  "report it.",
          .commands = "cat /proc/sys/kernel/tainted" },
        { .word = "WARN_ONCE",
          .what = "a warning of the kernel that is printed once per boot",
          .means = "WARN_ONCE() and WARN_ON_ONCE() print their first hit and are silent after it, as are lockdep after "
                   "its first report and KASAN without kasan_multi_shot. A boot in which it fired cannot show "
                   "whether it happened again: count boots, not reports.",
          .turn_on = "Boot with panic_on_warn=1 to stop there; clear_warn_once makes them print again.",
          .commands = "echo 1 > /sys/kernel/debug/clear_warn_once" },
};

static const struct topic changes[] = {
        { .word = "new",
          .what = "not known before: in diff a finding that BASE lacks, with --known one that no issue matches",
          .means =
                  "diff calls it new whatever BASE's exposure was, and says so where BASE saw too little to have shown "
                  "it." },
        { .word = "gone",
          .what = "in diff: a finding of BASE that NEW ran long enough to have shown, and did not",
          .means = "Measured in the boots, the uptime and the rounds in which its detector was active, with the "
                   "confidence of --confidence." },
        { .word = "not-seen",
          .what = "in diff: a finding of BASE that NEW did not show, and did not run long enough to have shown",
          .means = "It may be gone. diff says how much more testing would prove it.",
          .look = "Boots of NEW in which the detector was off or fell silent do not count." },
        { .word = "nothing-new",
          .what = "diff's verdict: no finding of NEW is new and counts, and NEW's boots prove it" },
        { .word = "still-there", .what = "in diff: a finding of both, about as frequent as before" },
        { .word = "more-often",
          .what = "in diff: a finding of both that is more frequent in NEW than chance explains" },
        { .word = "less-often",
          .what = "in diff: a finding of both that is less frequent in NEW than chance explains" },
};

const struct topics topics_words = { "Terms", words, ARRAY_SIZE(words) };
const struct topics topics_changes = { "What diff calls a finding", changes, ARRAY_SIZE(changes) };
