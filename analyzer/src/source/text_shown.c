/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/text_shown.h"

#include <errno.h>

#include "base/log.h"
#include "base/macros.h"
#include "scan/lone_stacks.h"
#include "source/source.h"

/* Do most of the kernel's lines stand behind words that were not understood, a report's among them, and was none read?
 * One such line alone is a string of a user's. */
static bool is_behind_words(const struct source_info *info) {
        return info->reports == 0 && info->words_within > 0 && info->within > info->told / 2;
}

int text_conclude(struct scan *s, uint32_t source, const struct text_shown *t, const char *name) {
        struct source_info *info = scan_source(s, source);
        const char *format = layout_name(t->layout);

        if (is_document(info) && (t->listed || scan_drop_quotes(s, source))) {
                info->doubt = "the source quotes a kernel's words, and no line of it is the kernel's";
                return -ENOMSG;
        }
        info->maybe_document = false;
        /* Where lines are known to be the kernel's, those of a stack are as well; other frames are values, or a user's.
         */
        if (info->told == 0 && stacks_bare(info, t->stacks->n, t->stacks->first) < 0)
                return -ENOMEM;
        if (format && !(info->format = arena_dup(&info->arena, slice_of(format))))
                return -ENOMEM;
        if (!format && info->told == 0 && info->words_fit + info->words_unfit == 0 && t->lines > 0) {
                if (!stacks_doubt(info))
                        info->doubt = "no line of the source was recognized as a kernel message";
                return -ENOMSG;
        }
        /* Strings of users stand within messages too; without one message that begins with a kernel's words nothing
         * shows that messages begin where it seems. Nor do they begin there if a bracket stands before such words, and
         * no report was found. */
        const bool placed = info->words_begin > 0 && (info->words_behind == 0 || info->reports > 0) &&
                            !is_behind_words(info);
        if (info->words_unfit <= info->words_fit && (info->words_fit == 0 || placed))
                return 0;
        const uint64_t n = MAX(info->words_unfit, info->words_fit);
        info->doubt = "lines of the source contain words of a kernel report in a format that was not recognized";
        log_warning("%s: %llu line%s words of a kernel report in a format that was not recognized: not in the report; "
                    "try the "
                    "log as dmesg or journalctl prints it",
                    name, (unsigned long long) n, n == 1 ? " contains" : "s contain");
        return !format && info->words_fit == 0 && info->reports == 0 ? -ENODATA : 0;
}

static struct slice behind_hex(struct slice s) {
        uint64_t v;

        return slice_eat(&s, SLICE("0x")) && slice_eat_hex(&s, &v) ? s : SLICE_NULL;
}

/* "BUG: KASAN: use-after-free in f+0x1/0x2": does a sentence name the function? */
static bool is_named(struct slice before) {
        while (before.n && !is_blank(before.s[before.n - 1]) && before.s[before.n - 1] != '\n')
                before.n--;
        return slice_ends(before, SLICE(" in ")) || slice_ends(before, SLICE(" at "));
}

bool text_has_frame(struct slice s) {
        for (size_t at; (at = slice_find(s, SLICE("+0x"))) != SLICE_NPOS;) {
                const bool named = is_named(slice_head(s, at));
                s = slice_from(s, at + 1);
                struct slice rest = behind_hex(s);
                if (named || !slice_eat(&rest, SLICE("/")) || !(rest = behind_hex(rest)).s)
                        continue;
                rest = slice_trim(slice_token(&rest, '\n'));
                if (slice_starts(rest, SLICE("[")) && slice_has(rest, SLICE("]")))
                        rest = slice_ltrim(slice_from(rest, slice_find_byte(rest, ']') + 1));
                const size_t colon = slice_find_byte(rest, ':');
                if (rest.n == 0 || (colon != SLICE_NPOS && slice_find_byte(rest, ' ') == SLICE_NPOS))
                        return true;
        }
        return false;
}
