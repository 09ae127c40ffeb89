/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The least that any reader of a journal folder must do through libsystemd: sd_journal_next() and MESSAGE of
 * each kernel entry. What vmlife takes is measured against it. */
#include <stdio.h>
#include <string.h>
#include <systemd/sd-journal.h>

int main(int argc, char **argv) {
        sd_journal *j;
        unsigned long long entries = 0, bytes = 0;
        const void *data;
        size_t n;
        int r;

        if (argc != 2) {
                fputs("usage: bare-loop FOLDER\n", stderr);
                return 2;
        }
        r = sd_journal_open_directory(&j, argv[1], 0);
        if (r >= 0)
                r = sd_journal_add_match(j, "_TRANSPORT=kernel", 0);
        if (r >= 0)
                r = sd_journal_seek_head(j);
        if (r < 0) {
                fprintf(stderr, "bare-loop: %s: %s\n", argv[1], strerror(-r));
                return 2;
        }
        while ((r = sd_journal_next(j)) > 0) {
                if (sd_journal_get_data(j, "MESSAGE", &data, &n) < 0)
                        continue;
                entries++;
                bytes += n;
        }
        sd_journal_close(j);
        printf("%llu entries, %llu bytes\n", entries, bytes);
        return r < 0 ? 2 : 0;
}
