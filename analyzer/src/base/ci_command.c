/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/ci_command.h"

/* "##" and "[", a name between them or none. */
static bool is_hashes(struct slice s) {
        size_t i = 2;

        if (!slice_starts(s, SLICE("##")))
                return false;
        while (i < s.n && is_letter(s.s[i]))
                i++;
        return i < s.n && s.s[i] == '[';
}

static bool is_colons(struct slice s) {
        return s.n > 2 && slice_starts(s, SLICE("::")) && is_letter(s.s[2]);
}

bool ci_command_at(struct slice s, bool begins) {
        return is_hashes(s) || (begins && is_colons(s));
}

size_t ci_command_find(struct slice s) {
        bool begins = true;

        for (size_t i = 0; i < s.n; i++) {
                const char c = s.s[i];
                if ((c == '#' || c == ':') && ci_command_at(slice_from(s, i), begins))
                        return i;
                /* Blanks of any alphabet are passed over there. */
                begins = c == '\n' || (begins && (c == ' ' || c == '\t' || (unsigned char) c >= 0x80));
        }
        return s.n;
}
