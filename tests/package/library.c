/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A program that uses the installed library: reads a log by its name and as bytes, prints both reports, and holds that
 * wrong calls are refused.
 *   library LOG */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vmlife.h>

static unsigned heard;

static void hear(void *data, const char *text) {
        (*(unsigned *) data)++;
        assert(*text);
}

static struct vmlife *open_scan(void) {
        struct vmlife *v;

        assert(vmlife_open(&v) == 0);
        vmlife_on_message(v, hear, &heard);
        assert(vmlife_set(v, "require", "kcsan,lockdep,vmlife") == 0);
        return v;
}

static void wrong_calls(const char *log) {
        struct vmlife *v = open_scan();
        char *report;
        size_t n;

        assert(vmlife_set(v, "colour", "blue") == -EINVAL && strstr(vmlife_error(v), "colour"));
        assert(vmlife_set(v, "require", "luck") == -EINVAL && strstr(vmlife_error(v), "luck"));
        assert(vmlife_set(v, "known", "/nonexistent/known.json") < 0 && strstr(vmlife_error(v), "/nonexistent"));
        assert(vmlife_finish(v) == -ENODATA && vmlife_status(v) == -EBUSY && vmlife_count(v, VMLIFE_BOOT) == 0);
        assert(vmlife_read(v, "/nonexistent/log") == -ENOENT);
        assert(vmlife_set(v, "require", "kasan") == -EBUSY);
        assert(vmlife_feed_end(v, "nothing") == -ENODATA);
        assert(vmlife_read(v, log) == 0 && vmlife_report(v, "json", &report, &n) == -EBUSY);
        assert(vmlife_feed(v, "x", 1) == 0 && vmlife_finish(v) == -EBUSY && vmlife_feed_end(v, "x") < 0);
        assert(vmlife_finish(v) == 0 && vmlife_finish(v) == -EBUSY && vmlife_read(v, log) == -EBUSY);
        assert(vmlife_report(v, "poem", &report, &n) == -EINVAL && !report);
        assert(vmlife_json(v, VMLIFE_FINDING, vmlife_count(v, VMLIFE_FINDING)) == NULL);
        assert(vmlife_status(v) == 2); /* a source was missing */
        assert(heard >= 8);
        vmlife_close(v);
        vmlife_close(NULL);
}

static void print_report(struct vmlife *v) {
        char *report;
        size_t n;

        assert(vmlife_finish(v) == 0);
        for (size_t i = 0; i < vmlife_count(v, VMLIFE_FINDING); i++)
                assert(vmlife_json(v, VMLIFE_FINDING, i)[0] == '{');
        assert(vmlife_report(v, "json", &report, &n) == 0 && n == strlen(report));
        fputs(report, stdout);
        free(report);
        printf("%d\n", vmlife_status(v));
        vmlife_close(v);
}

int main(int argc, char **argv) {
        struct vmlife *v = open_scan();
        char bytes[777];

        assert(argc == 2 && vmlife_version()[0]);
        wrong_calls(argv[1]);
        assert(vmlife_read(v, argv[1]) == 0);
        print_report(v);

        v = open_scan();
        FILE *f = fopen(argv[1], "re");
        assert(f);
        for (size_t n; (n = fread(bytes, 1, sizeof(bytes), f)) > 0;)
                assert(vmlife_feed(v, bytes, n) == 0);
        fclose(f);
        assert(vmlife_feed_end(v, argv[1]) == 0);
        print_report(v);
        return 0;
}
