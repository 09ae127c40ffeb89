/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Prints the words that the analyzer's prefilter looks for, as an alternation for regular expressions. */
#include <stdio.h>
#include <string.h>

#include "boot/boot_lines.h"
#include "kind/kind.h"

static void print(const char *word) {
        static int n;

        if (n++)
                putchar('|');
        for (; *word; word++) {
                if (strchr("\\^$.|?*+()[]{}", *word))
                        putchar('\\');
                putchar(*word);
        }
}

int main(void) {
        for (size_t i = 0; kinds[i]; i++)
                for (const char *const *w = kinds[i]->triggers; w && *w; w++)
                        print(*w);
        for (size_t i = 0; i < n_notes; i++)
                print(notes[i].word);
        putchar('\n');
        return 0;
}
