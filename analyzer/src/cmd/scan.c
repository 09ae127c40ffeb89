/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/macros.h"
#include "cmd/command.h"
#include "cmd/when.h"
#include "judge/judge.h"
#include "source/source.h"
#include "symbol/symbols.h"
#include "write/write.h"

struct options {
        struct source_options source;
        const char *const *sources;
        size_t n_sources;
        const char *folder; /* -D */
        const char *output; /* -o; NULL is standard output */
        const struct format *format;
        struct question question;
        const char *vmlinux, *modules; /* NULL: no file and line for their frames */
};

static void help(void) {
        fputs("usage: vmlife scan [OPTION...] [SOURCE...]\n\n"
              "Reads each SOURCE once, finds the kernel's reports, writes what they say.\n"
              "SOURCE is \"journal\" (this machine's), a folder or file of journals, /dev/kmsg or a copy of it, text\n"
              "(dmesg, serial console, syslog), the journal's export format, igt's results.json, a folder of pstore's\n"
              "dumps, any of these compressed (gzip, xz, zstd, bzip2, ...) or in an archive (tar, cpio, zip), or - for\n"
              "standard input: what it is follows from the content. Several make one report. With no SOURCE: journal.\n\n"
              "  -D, --directory=DIR    read the journals in DIR\n"
              "  -b, --boot[=BOOT]      this boot only: 0 or none the last, -1 the one before, or a boot's id\n"
              "      --since=TIME       journal entries from TIME on (as in journalctl)\n"
              "      --until=TIME       journal entries up to TIME\n"
              "  -j, --threads=N        read N journal files at once (default: as many as there are CPUs)\n"
              "      --vmlinux=FILE     the kernel with debug information: frames get file, line and inlined functions\n"
              "      --modules=DIR      the same for modules: DIR holds NAME.ko files\n"
              "      --format=FORMAT    json (default), ndjson or text\n"
              "  -o, --output=FILE      write to FILE, which appears only when it is whole\n"
              "      --fail-on=LEVEL    exit with 1 for findings of this relevance or more: any (default),\n"
              "                         related, likely or certain\n"
              "      --require=LIST     exit with 3 where a boot without findings is not proven clean by these:\n"
              "                         vmlife, lockdep, kcsan, kasan, ..., divided by commas\n"
              "  -h, --help             this text\n\n"
              "Exit status, the first that applies: 2 the input could not be read in full or the call was wrong,\n"
              "1 findings at or above --fail-on, 3 --require asked for proof and a boot is not proven clean, 0.\n"
              "What a process wrote to the kernel's log is shown and never counts.\n",
              stdout);
}

static int parse_fail_on(const char *s, enum relevance *ret) {
        if (strcmp(s, "any") == 0) {
                *ret = RELEVANCE_UNRELATED;
                return 0;
        }
        for (int r = RELEVANCE_RELATED; r <= RELEVANCE_CERTAIN; r++)
                if (strcmp(s, relevance_name((enum relevance) r)) == 0) {
                        *ret = (enum relevance) r;
                        return 0;
                }
        log_error("--fail-on takes any, related, likely or certain, not \"%s\"", s);
        return -EINVAL;
}

static int parse_threads(const char *s, unsigned *ret) {
        struct slice rest = slice_of(s);
        uint64_t n;

        if (slice_eat_u64(&rest, &n) && rest.n == 0 && n >= 1 && n <= 64) {
                *ret = (unsigned) n;
                return 0;
        }
        log_error("-j takes a number of threads from 1 to 64, not \"%s\"", s);
        return -EINVAL;
}

static int parse_require(const char *list, struct question *q) {
        struct slice bad;
        int e = require_parse(list, q, &bad);

        if (e < 0)
                log_error("--require knows no detector \"%.*s\"; it takes vmlife, lockdep, kcsan, kasan, refcount, kfence, ubsan, "
                          "kmemleak, odebug, hung-task", SLICE_FMT(bad));
        return e;
}

static int parse_when(const char *option, const char *s, bool *has, uint64_t *ret) {
        *has = when_parse(s, ret);
        if (*has)
                return 0;
        log_error("--%s cannot read the time \"%s\"; write 2026-11-23 10:00:00, @seconds, today, or -2h", option, s);
        return -EINVAL;
}

/* "0", "-1", or an id of 32 hex digits. */
static bool is_boot(const char *word) {
        struct slice s = slice_of(word);
        uint64_t n;

        slice_eat(&s, SLICE("-"));
        if (s.n == 32)
                return strspn(s.s, "0123456789abcdef") == 32;
        return slice_eat_u64(&s, &n) && s.n == 0;
}

enum { OPT_FORMAT = 256, OPT_FAIL_ON, OPT_SINCE, OPT_UNTIL, OPT_REQUIRE, OPT_VMLINUX, OPT_MODULES };

static const struct option long_options[] = {
        { "directory", required_argument, NULL, 'D' },   { "boot", optional_argument, NULL, 'b' },
        { "since", required_argument, NULL, OPT_SINCE }, { "until", required_argument, NULL, OPT_UNTIL },
        { "format", required_argument, NULL, OPT_FORMAT }, { "output", required_argument, NULL, 'o' },
        { "fail-on", required_argument, NULL, OPT_FAIL_ON }, { "require", required_argument, NULL, OPT_REQUIRE },
        { "vmlinux", required_argument, NULL, OPT_VMLINUX }, { "modules", required_argument, NULL, OPT_MODULES },
        { "threads", required_argument, NULL, 'j' }, { "help", no_argument, NULL, 'h' },
        {},
};

/* 0, 1 when the help was asked for and given, -errno. */
static int parse_options(int argc, char **argv, struct options *o) {
        int e = 0;

        *o = (struct options) { .format = format_of("json"), .question = { .fail_on = RELEVANCE_UNRELATED } };
        opterr = 0;
        optind = 0;
        for (int c; e == 0 && (c = getopt_long(argc, argv, ":D:b::o:j:h", long_options, NULL)) >= 0;) {
                switch (c) {
                case 'D':
                        o->folder = optarg;
                        break;
                case 'b':
                        /* As in journalctl, the boot may be the next word. */
                        if (!optarg && optind < argc && is_boot(argv[optind]))
                                optarg = argv[optind++];
                        o->source.boot = optarg ? optarg : "0";
                        break;
                case OPT_SINCE:
                        e = parse_when("since", optarg, &o->source.has_since, &o->source.since_us);
                        break;
                case OPT_UNTIL:
                        e = parse_when("until", optarg, &o->source.has_until, &o->source.until_us);
                        break;
                case OPT_FORMAT:
                        o->format = format_of(optarg);
                        if (!o->format) {
                                log_error("--format takes json, ndjson or text, not \"%s\"", optarg);
                                return -EINVAL;
                        }
                        break;
                case 'o':
                        o->output = optarg;
                        break;
                case 'j':
                        e = parse_threads(optarg, &o->source.threads);
                        break;
                case OPT_VMLINUX:
                        o->vmlinux = optarg;
                        break;
                case OPT_MODULES:
                        o->modules = optarg;
                        break;
                case OPT_FAIL_ON:
                        e = parse_fail_on(optarg, &o->question.fail_on);
                        break;
                case OPT_REQUIRE:
                        e = parse_require(optarg, &o->question);
                        break;
                case 'h':
                        help();
                        return 1;
                case ':':
                        log_error("%s wants an argument; see vmlife scan --help", argv[optind - 1]);
                        return -EINVAL;
                default:
                        log_error("there is no option %s; see vmlife scan --help", argv[optind - 1]);
                        return -EINVAL;
                }
        }
        o->sources = (const char *const *) argv + optind;
        o->n_sources = (size_t) (argc - optind);
        return e;
}

static void fclosep(FILE **f) {
        if (*f && *f != stdout)
                fclose(*f);
}

/* Errors of a stream show when it is flushed: a full disk, a closed pipe. */
static int flush(FILE *f, const char *name) {
        if (fflush(f) == 0 && !ferror(f))
                return 0;
        int e = errno ? -errno : -EIO;
        log_error("cannot write %s: %s", name, strerror(-e));
        return e;
}

/* Readers of a file see the old one or the whole new one. */
static int write_file(const struct scan *s, const struct options *o) {
        _cleanup_free_ char *new = NULL;
        _cleanup_(fclosep) FILE *f = NULL;

        if (asprintf(&new, "%s.new", o->output) < 0) {
                new = NULL;
                return log_oom();
        }
        f = fopen(new, "we");
        if (!f) {
                int e = -errno;
                log_error("cannot create %s: %s", new, strerror(-e));
                return e;
        }
        int e = o->format->write(s, f);
        if (e == -ENOMEM)
                log_oom();
        if (e == 0)
                e = flush(f, new);
        if (e == 0 && rename(new, o->output) < 0) {
                e = -errno;
                log_error("cannot rename %s to %s: %s", new, o->output, strerror(-e));
        }
        if (e < 0)
                unlink(new);
        return e;
}

static int write_out(const struct scan *s, const struct options *o) {
        if (o->output)
                return write_file(s, o);
        int e = o->format->write(s, stdout);
        if (e == -ENOMEM)
                return log_oom();
        return e == 0 ? flush(stdout, "standard output") : e;
}

static bool any_boot(const struct scan *s, enum verdict v) {
        for (size_t i = 0; i < s->boots.n; i++)
                if (s->boots.items[i]->verdict == v)
                        return true;
        return false;
}

static void symbols_freep(struct symbols **s) {
        symbols_free(*s);
}

static int add_symbols(struct scan *s, struct symbols *symbols) {
        int e = 0;

        for (size_t i = 0; symbols && e == 0 && i < s->store.n; i++)
                e = symbols_resolve(symbols, s->store.items[i]);
        if (symbols && e == 0)
                symbols_say(symbols);
        return e;
}

int cmd_scan(int argc, char **argv) {
        _cleanup_(scan_done) struct scan s = {};
        _cleanup_(symbols_freep) struct symbols *symbols = NULL;
        struct options o;
        bool incomplete = false;

        int e = parse_options(argc, argv, &o);
        if (e != 0)
                return e > 0 ? EXIT_CLEAN : EXIT_INPUT;
        if ((o.vmlinux || o.modules) && symbols_open(&symbols, o.vmlinux, o.modules) < 0)
                return EXIT_INPUT;
        if (scan_init(&s) < 0) {
                log_oom();
                return EXIT_INPUT;
        }
        if (o.folder)
                incomplete |= source_read(&s, o.folder, &o.source) < 0;
        for (size_t i = 0; i < o.n_sources; i++)
                incomplete |= source_read(&s, o.sources[i], &o.source) < 0;
        if (!o.folder && o.n_sources == 0)
                incomplete |= source_read(&s, "journal", &o.source) < 0;

        /* What could be read is worth writing; where nothing could, there is no report: an empty one would
         * look like a clean machine. */
        if (s.n_sources == 0)
                return EXIT_INPUT;
        if (scan_finish(&s, &o.question) < 0 || add_symbols(&s, symbols) < 0) {
                log_oom();
                return EXIT_INPUT;
        }
        if (write_out(&s, &o) < 0 || incomplete)
                return EXIT_INPUT;
        if (any_boot(&s, VERDICT_FINDINGS))
                return EXIT_FINDINGS;
        return o.question.has_require && any_boot(&s, VERDICT_NOT_PROVEN) ? EXIT_NOT_PROVEN : EXIT_CLEAN;
}
