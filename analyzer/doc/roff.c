/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "doc.h"

void roff(FILE *f, const char *text) {
        bool start = true; /* of a line */

        for (const char *p = text; *p; p++) {
                if (start && (*p == '.' || *p == '\''))
                        fputs("\\&", f);
                start = *p == '\n';
                if (*p == '\\')
                        fputs("\\e", f);
                else if (*p == '-')
                        fputs("\\-", f);
                else if (*p == '\'')
                        fputs("\\(aq", f);
                else if (*p == '^')
                        fputs("\\(ha", f);
                else if (*p == '~')
                        fputs("\\(ti", f);
                else
                        fputc(*p, f);
        }
}

void roff_paragraphs(FILE *f, const char *text) {
        for (const char *p = text, *end; *p; p = end) {
                char part[4096];

                end = strstr(p, "\n\n");
                const size_t n = end ? (size_t) (end - p) : strlen(p);
                snprintf(part, sizeof(part), "%.*s", (int) n, p);
                if (p != text)
                        fputs(".PP\n", f);
                roff(f, part);
                fputc('\n', f);
                end = end ? end + 2 : p + n;
        }
}

void roff_title(FILE *f, const char *name, int section) {
        fputs(".\\\" SPDX-License-Identifier: LGPL-2.1-or-later\n.\\\" Made by vmlife-doc.\n.TH ", f);
        for (const char *p = name; *p; p++)
                fputc(*p >= 'a' && *p <= 'z' ? *p - 'a' + 'A' : *p, f);
        fprintf(f, " %d \"\" \"vmlife %s\" \"%s\"\n", section, VMLIFE_VERSION,
                section == 1 ? "User Commands" :
                section == 5 ? "File Formats" :
                               "Miscellaneous");
}
