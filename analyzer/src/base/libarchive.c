/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/libarchive.h"

#include <dlfcn.h>
#include <string.h>

#include "base/log.h"

static const char soname[] = "libarchive.so.13";

void libarchive_close(void *handle) {
        if (handle)
                dlclose(handle);
}

void *libarchive_open(const char *who, const char *const *names, size_t n, void *pointers) {
        void *handle = dlopen(soname, RTLD_NOW | RTLD_LOCAL);

        if (!handle)
                log_error("%s needs libarchive: install libarchive13", who);
        for (size_t i = 0; handle && i < n; i++) {
                void *f = dlsym(handle, names[i]);
                if (!f) {
                        log_error("%s lacks %s: install a newer libarchive13", soname, names[i]);
                        libarchive_close(handle);
                        return NULL;
                }
                memcpy((char *) pointers + i * sizeof(f), &f, sizeof(f));
        }
        return handle;
}
