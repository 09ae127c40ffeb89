/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "redact/environment.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "base/macros.h"

void surroundings_done(struct surroundings *s) {
        buffer_done(&s->config);
        buffer_done(&s->command_line);
        buffer_done(&s->build_ids);
}

static int find_config(struct buffer *ret, const struct boot *b, const char *path) {
        char place[512];

        if (path) {
                int e = file_read(path, ret);
                if (e < 0)
                        log_error("cannot read the kernel's configuration %s: %s", path, strerror(-e));
                return e;
        }
        /* The release comes out of a log: it names a file only if it is one word. */
        if (!b || !b->release || strchr(b->release, '/'))
                return 0;
        static const char *const places[] = { "/boot/config-%s", "/lib/modules/%s/config",
                                              "/lib/modules/%s/build/.config" };
        for (size_t i = 0; i < ARRAY_SIZE(places) && ret->size == 0; i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
                snprintf(place, sizeof(place), places[i], b->release);
#pragma GCC diagnostic pop
                if (file_read(place, ret) == -ENOMEM)
                        return log_oom();
        }
        return 0;
}

/* An ELF note: sizes of name and content, type, name, content, each to four bytes; type 3 of GNU is the build id. */
static int add_build_id(const char *what, const char *path, struct buffer *ret) {
        _cleanup_(buffer_done) struct buffer notes = {};
        uint32_t head[3];

        if (file_read(path, &notes) < 0)
                return 0;
        for (size_t at = 0; at + sizeof(head) <= notes.size;) {
                memcpy(head, notes.data + at, sizeof(head));
                const size_t name = at + sizeof(head), content = name + ((size_t) head[0] + 3) / 4 * 4,
                             end = content + ((size_t) head[1] + 3) / 4 * 4;
                if (content < name || end < content || end > notes.size)
                        break;
                if (head[2] == 3 && head[0] == 4 && memcmp(notes.data + name, "GNU", 4) == 0) {
                        int e = 0;
                        char hex[3];
                        for (size_t i = 0; i < head[1] && e == 0; i++) {
                                snprintf(hex, sizeof(hex), "%02x", (unsigned char) notes.data[content + i]);
                                e = buffer_add(ret, hex, 2);
                        }
                        if (e == 0)
                                e = buffer_add(ret, " ", 1);
                        if (e == 0)
                                e = buffer_add(ret, what, strlen(what));
                        return e == 0 ? buffer_add(ret, "\n", 1) : e;
                }
                at = end;
        }
        return 0;
}

static int find_build_ids(struct buffer *ret) {
        int e = add_build_id("kernel", "/sys/kernel/notes", ret);
        DIR *d = opendir("/sys/module");

        for (struct dirent *de; e == 0 && d && (de = readdir(d));) {
                char path[512];
                if (de->d_name[0] == '.')
                        continue;
                snprintf(path, sizeof(path), "/sys/module/%s/notes/.note.gnu.build-id", de->d_name);
                e = add_build_id(de->d_name, path, ret);
        }
        if (d)
                closedir(d);
        return e;
}

int surroundings_find(struct surroundings *s, const struct boot *b, bool here, const char *config) {
        int e = find_config(&s->config, b, config);

        if (e == 0 && b && b->command_line &&
            (buffer_add(&s->command_line, b->command_line, strlen(b->command_line)) < 0 ||
             buffer_add(&s->command_line, "\n", 1) < 0))
                e = log_oom();
        if (e == 0 && here && find_build_ids(&s->build_ids) < 0)
                e = log_oom();
        return e;
}
