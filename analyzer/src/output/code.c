/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "output/code.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/macros.h"

/* No kernel prints more than 64 bytes. */
enum { CODE_MAX = 256 };

/* What a report's place of the stop is called on each machine tells whose code it is; others have "pc : ", too. */
static const struct machine {
        const char *sign, *name, *tools, *options;
        bool big_endian;
} machines[] = {
        { "EIP: ", "i386", "i686-linux-gnu", "-m i386", false },
        { "RIP: ", "x86-64", "x86_64-linux-gnu", "-m i386:x86-64", false },
        { "epc : ", "riscv", "riscv64-linux-gnu", "-m riscv:rv64", false },
        { "PC is at ", "arm", "arm-linux-gnueabihf", "-m armv7", false },
        { "pc : ", "arm64", "aarch64-linux-gnu", "-m aarch64", false },
        { "NIP: ", "powerpc", "powerpc64le-linux-gnu", "-m powerpc:common64 -EB", true },
        { "NIP [", "powerpc", "powerpc64le-linux-gnu", "-m powerpc:common64 -EB", true },
        { "epc   : ", "mips", "mips-linux-gnu", "-m mips:isa64 -EB", true },
        { "ERA: ", "loongarch", "loongarch64-linux-gnu", "-m loongarch64", false },
};

static const struct machine *machine_of(struct slice report) {
        for (size_t i = 0; i < ARRAY_SIZE(machines); i++)
                if (slice_has(report, slice_of(machines[i].sign)))
                        return &machines[i];
        return NULL;
}

struct bytes {
        uint8_t items[CODE_MAX];
        size_t n, at; /* at: the first byte in brackets */
        size_t word;  /* bytes in each */
};

/* A word's bytes, in the order in which that machine has them in memory. */
static void add_word(struct bytes *b, unsigned long value, bool big_endian) {
        for (size_t i = 0; i < b->word; i++)
                b->items[b->n++] = (uint8_t) (value >> 8 * (big_endian ? b->word - 1 - i : i));
}

/* "0f 1f <48> 8b 45", "97ffe90b d2800015 (f94002b4)": x86 prints bytes, others words. */
static bool read_bytes(const char *code, bool big_endian, struct bytes *ret) {
        bool marked = false;

        *ret = (struct bytes){};
        for (const char *p = code; *(p += strspn(p, " "));) {
                char *end;
                const bool here = *p == '<' || *p == '(';

                p += here;
                const unsigned long value = strtoul(p, &end, 16);
                const size_t word = (size_t) (end - p) / 2;
                if (ret->n == 0)
                        ret->word = word;
                if (word == 0 || word > 4 || (end - p) % 2 || word != ret->word || ret->n + word > CODE_MAX ||
                    (here && !strchr(">)", *end)) || (*end && !strchr(" >)", *end)))
                        return false;
                if (here)
                        ret->at = ret->n;
                marked |= here;
                add_word(ret, value, big_endian);
                p = end + here;
        }
        return marked;
}

/* "   0:\t48 8b 45 00          \tmov    0x0(%rbp),%rax", "   0:\tf94002b4 \tldr\tx20, [x21]": where it is, and the
 * instruction. */
static const char *instruction(char *line, size_t *at) {
        char *end, *bytes, *text;

        *at = strtoul(line, &end, 16);
        bytes = end == line || *end != ':' ? NULL : strchr(end, '\t');
        text = bytes ? strchr(bytes + 1, '\t') : NULL;
        if (!text)
                return NULL;
        text[strcspn(text, "\n")] = '\0';
        for (char *tab = ++text; (tab = strchr(tab, '\t'));)
                *tab = ' ';
        return text;
}

/* What begins at the stopped instruction is read from there: what stands before it may begin within one. How many
 * instructions there were. */
static size_t disassemble(const struct terminal *t, const char *path, const struct machine *m, const struct bytes *b,
                          size_t indent) {
        char arguments[256], command[700], line[256];
        size_t n = 0;

        for (int part = 0; part < 2; part++) {
                const size_t from = part ? b->at : 0, to = part ? b->n : b->at;

                if (from == to)
                        continue;
                snprintf(arguments, sizeof(arguments),
                         "-D -z -b binary %s%s --start-address=%zu --stop-address=%zu %s 2>/dev/null", m->options,
                         b->word == 2 && strcmp(m->name, "arm") == 0 ? " -M force-thumb" : "", from, to, path);
                /* The machine's own, or one for all machines. */
                snprintf(command, sizeof(command), "%s-objdump %s || objdump %s", m->tools, arguments, arguments);
                FILE *f = popen(command, "re");
                if (!f)
                        return n;
                while (fgets(line, sizeof(line), f)) {
                        size_t at;
                        const char *text = instruction(line, &at);

                        if (!text)
                                continue;
                        fprintf(t->f, "%*s%s %2zx: ", (int) indent, "", at == b->at ? "->" : "  ", at);
                        show_text(t, text);
                        fputc('\n', t->f);
                        n++;
                }
                pclose(f);
        }
        return n;
}

static void show_instructions(const struct terminal *t, const struct machine *m, const struct bytes *b, size_t indent) {
        char path[] = "/tmp/vmlife-code-XXXXXX";
        size_t n = 0;
        const int fd = mkostemp(path, O_CLOEXEC);

        fflush(t->f); /* a child must not write it again */
        if (fd >= 0 && write(fd, b->items, b->n) == (ssize_t) b->n)
                n = disassemble(t, path, m, b, indent);
        if (n == 0)
                fprintf(t->f, "%*snot decoded: it is %s code, and there is no %s-objdump\n", (int) indent, "", m->name,
                        m->tools);
        if (fd < 0)
                return;
        close(fd);
        unlink(path);
}

void show_code(const struct terminal *t, const char *code, struct slice report, size_t indent) {
        const struct machine *m = machine_of(report);
        struct bytes b;

        fprintf(t->f, "%*sCode: ", (int) indent, "");
        show_text(t, code);
        fputc('\n', t->f);
        if (!strchr("0123456789abcdef<(", *code))
                return; /* the kernel's own words on why there is none */
        if (!m)
                fprintf(t->f, "%*snot decoded: the report does not show of which machine it is\n", (int) indent + 2,
                        "");
        else if (!read_bytes(code, m->big_endian, &b))
                fprintf(t->f, "%*snot decoded: it is cut or marks no instruction\n", (int) indent + 2, "");
        else
                show_instructions(t, m, &b, indent + 2);
}
