/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The whole command on a file of any kind: what comes out is valid JSON in valid UTF-8, or nothing. */
#include <json-c/json.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/utf8.h"
#include "cmd/command.h"
#include "cmd/messages.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        static int in = -1, out = -1;
        static char path[64];
        struct stat st;

        if (in < 0) {
                messages_to_stderr();
                in = memfd_create("log", 0);
                out = memfd_create("report", 0);
                MUST(in >= 0 && out >= 0 && dup2(out, STDOUT_FILENO) >= 0);
                snprintf(path, sizeof(path), "/proc/self/fd/%d", in);
        }
        MUST(ftruncate(in, 0) == 0 && pwrite(in, data, size, 0) == (ssize_t) size);
        MUST(ftruncate(out, 0) == 0 && lseek(out, 0, SEEK_SET) == 0);

        char *argv[] = { (char[]){ "scan" }, path, NULL };
        int status = command_of("scan")->run(2, argv);
        MUST(status >= 0 && status <= 3);
        MUST(fflush(stdout) == 0 && fstat(out, &st) == 0);
        if (st.st_size == 0) {
                MUST(status == EXIT_INPUT);
                return 0;
        }
        size_t n = (size_t) st.st_size;
        char *text = malloc(n + 1);
        MUST(text && pread(out, text, n, 0) == (ssize_t) n);
        text[n] = '\0';
        MUST(memchr(text, '\0', n) == NULL);

        struct json_tokener *t = json_tokener_new();
        MUST(t);
        json_tokener_set_flags(t, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
        struct json_object *o = json_tokener_parse_ex(t, text, (int) n);
        MUST(o && json_tokener_get_error(t) == json_tokener_success);
        json_object_put(o);
        json_tokener_free(t);
        free(text);
        return 0;
}
