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

struct bytes {
        uint8_t items[CODE_MAX];
        size_t n, at; /* at: the byte in brackets */
};

/* "0f 1f <48> 8b 45": x86's form, bytes of two digits. False for others: words need the machine's order. */
static bool read_bytes(const char *code, struct bytes *ret) {
        bool marked = false;

        *ret = (struct bytes){};
        for (const char *p = code; *p;) {
                char *end;

                p += strspn(p, " ");
                const bool here = *p == '<';
                p += here;
                if (!*p)
                        break;
                const unsigned long value = strtoul(p, &end, 16);
                if (end != p + 2 || ret->n == CODE_MAX || (here && *end != '>') || (*end && !strchr(" >", *end)))
                        return false;
                if (here)
                        ret->at = ret->n;
                marked |= here;
                ret->items[ret->n++] = (uint8_t) value;
                p = end + here;
        }
        return marked;
}

/* "   0:\t48 8b 45 00          \tmov    0x0(%rbp),%rax": where it is, and the instruction. */
static const char *instruction(char *line, size_t *at) {
        char *end, *text = strrchr(line, '\t');

        *at = strtoul(line, &end, 16);
        if (end == line || *end != ':' || !text || text == strchr(line, '\t'))
                return NULL;
        text[strcspn(text, "\n")] = '\0';
        return text + 1;
}

/* What begins at the stopped instruction is read from there: what stands before it may begin within one. */
static void disassemble(const struct terminal *t, const char *path, const struct bytes *b, size_t indent) {
        char command[256], line[256];

        for (int part = 0; part < 2; part++) {
                const size_t from = part ? b->at : 0, to = part ? b->n : b->at;

                if (from == to)
                        continue;
                snprintf(command, sizeof(command),
                         "objdump -D -z -b binary -m i386:x86-64 --start-address=%zu --stop-address=%zu %s 2>/dev/null",
                         from, to, path);
                FILE *f = popen(command, "re");
                if (!f)
                        return;
                while (fgets(line, sizeof(line), f)) {
                        size_t at;
                        const char *text = instruction(line, &at);

                        if (!text)
                                continue;
                        fprintf(t->f, "%*s%s %2zx: ", (int) indent, "", at == b->at ? "->" : "  ", at);
                        show_text(t, text);
                        fputc('\n', t->f);
                }
                pclose(f);
        }
}

void show_code(const struct terminal *t, const char *code, size_t indent) {
        char path[] = "/tmp/vmlife-code-XXXXXX";
        struct bytes b;

        fprintf(t->f, "%*sCode: ", (int) indent, "");
        show_text(t, code);
        fputc('\n', t->f);
        const int fd = read_bytes(code, &b) ? mkostemp(path, O_CLOEXEC) : -1;
        if (fd < 0)
                return;
        fflush(t->f); /* a child must not write it again */
        if (write(fd, b.items, b.n) == (ssize_t) b.n)
                disassemble(t, path, &b, indent + 2);
        close(fd);
        unlink(path);
}
