// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What a thread of the stress does with the node: each operation is one or two calls,
 * valid or not, on names that its process has seen.
 */
#define _GNU_SOURCE
#include "stress.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <drm.h>
#include <i915_drm.h>

/* A flag of 5.10 only, which later headers do not define. */
#define CREATE_EXT_CLONE 1
struct clone_extension {
        struct i915_user_extension base;
        uint32_t clone_id;
        uint32_t flags;
        uint64_t rsvd[4];
};

#define OBJECT_SIZE 4096u
#define OBJECT_PLACE(handle) (0x100000000ull + (uint64_t) (handle) *0x10000)

/* Where an object's batches begin, see batches(). */
enum { BATCH_END = 0, BATCH_DELAY = 64, BATCH_STORE = 128, BATCH_HANG = 256 };
#define MI_NOOP_SLEEP(ms) ((1u << 22) | (ms))
#define MI_BATCH_BUFFER_END (0x0au << 23)
#define MI_BATCH_BUFFER_START ((0x31u << 23) | 1)
#define MI_STORE_DWORD ((0x20u << 23) | 2)

static int call(struct actor *a, unsigned long request, void *arg) {
        return ioctl(a->file->fd, request, arg) ? -errno : 0;
}

/* --- names ----------------------------------------------------------------------- */

static bool one_in(struct actor *a, uint32_t n) {
        return pick(a, n) == 0;
}

static void remember(struct actor *a, _Atomic uint32_t *names, uint32_t name) {
        atomic_store(&names[pick(a, NAMES)], name);
}

/* One of those remembered, or 0 if there is none yet. */
static uint32_t a_name(struct actor *a, _Atomic uint32_t *names) {
        const uint32_t first = pick(a, NAMES);
        uint32_t name = 0;

        for (uint32_t i = 0; i < NAMES && !name; i++)
                name = atomic_load(&names[(first + i) % NAMES]);
        return name;
}

static uint32_t a_context(struct actor *a) {
        if (one_in(a, 16)) /* the one that every file has */
                return 0;
        return a_name(a, a->file->contexts);
}

/* A name that somebody else may be about to get. */
static uint32_t next_context(struct actor *a) {
        return atomic_load(&a->file->highest_context) + pick(a, 3);
}

static uint32_t a_space(struct actor *a) {
        return one_in(a, 4) ? 1 + pick(a, NAMES) : a_name(a, a->file->spaces);
}

static uint32_t an_object(struct actor *a) {
        return a_name(a, a->file->objects);
}

/* --- address spaces and contexts ----------------------------------------------- */

static int space_create(struct actor *a) {
        struct drm_i915_gem_vm_control arg = { 0 };
        int err = call(a, DRM_IOCTL_I915_GEM_VM_CREATE, &arg);

        if (!err)
                remember(a, a->file->spaces, arg.vm_id);
        return err;
}

static int space_destroy(struct actor *a) {
        struct drm_i915_gem_vm_control arg = { .vm_id = a_space(a) };

        return call(a, DRM_IOCTL_I915_GEM_VM_DESTROY, &arg);
}

static struct i915_engine_class_instance an_engine(struct actor *a) {
        static const struct i915_engine_class_instance engines[] = {
                { I915_ENGINE_CLASS_RENDER, 0 },        { I915_ENGINE_CLASS_COPY, 0 },
                { I915_ENGINE_CLASS_VIDEO, 0 },         { I915_ENGINE_CLASS_VIDEO, 1 },
                { I915_ENGINE_CLASS_VIDEO_ENHANCE, 0 }, { I915_ENGINE_CLASS_INVALID, 0 },
        };

        return engines[pick(a, one_in(a, 8) ? 6 : 5)];
}

/* An engine map of 0 to 4 engines; the first is balanced over two now and then. */
struct engine_map {
        struct {
                __u64 extensions;
                struct i915_engine_class_instance engines[4];
        } __attribute__((packed)) map;
        struct {
                struct i915_user_extension base;
                __u16 engine_index, num_siblings;
                __u32 flags;
                __u64 mbz64;
                struct i915_engine_class_instance engines[2];
        } __attribute__((packed)) balance;
};

static void fill_map(struct actor *a, struct engine_map *m, struct drm_i915_gem_context_param *param) {
        const uint32_t count = pick(a, 5);

        memset(m, 0, sizeof(*m));
        for (uint32_t i = 0; i < count; i++)
                m->map.engines[i] = an_engine(a);
        if (count && one_in(a, 3)) {
                m->map.engines[0] = (struct i915_engine_class_instance){ (__u16) I915_ENGINE_CLASS_INVALID,
                                                                         (__u16) I915_ENGINE_CLASS_INVALID_NONE };
                m->balance.base.name = I915_CONTEXT_ENGINES_EXT_LOAD_BALANCE;
                m->balance.num_siblings = (__u16) (1 + pick(a, 2));
                m->balance.engines[0] = (struct i915_engine_class_instance){ I915_ENGINE_CLASS_VIDEO, 0 };
                m->balance.engines[1] = (struct i915_engine_class_instance){ I915_ENGINE_CLASS_VIDEO,
                                                                             (__u16) (one_in(a, 8) ? 7 : 1) };
                m->map.extensions = (uintptr_t) &m->balance;
        }
        param->param = I915_CONTEXT_PARAM_ENGINES;
        param->value = (uintptr_t) &m->map;
        param->size = (uint32_t) (8 + count * sizeof(m->map.engines[0]));
}

/* A random parameter of a context. @map is memory for it. */
static void fill_param(struct actor *a, struct drm_i915_gem_context_param *param, struct engine_map *map) {
        static const uint64_t plain[] = {
                I915_CONTEXT_PARAM_NO_ERROR_CAPTURE, I915_CONTEXT_PARAM_BANNABLE,   I915_CONTEXT_PARAM_RECOVERABLE,
                I915_CONTEXT_PARAM_PERSISTENCE,      I915_CONTEXT_PARAM_NO_ZEROMAP, I915_CONTEXT_PARAM_BAN_PERIOD,
        };

        *param = (struct drm_i915_gem_context_param){ 0 };
        switch (pick(a, 8)) {
        case 0:
        case 1:
        case 2:
                param->param = I915_CONTEXT_PARAM_VM;
                param->value = a_space(a);
                break;
        case 3:
        case 4:
                fill_map(a, map, param);
                break;
        case 5:
                param->param = I915_CONTEXT_PARAM_PRIORITY;
                param->value = (uint64_t) (int64_t) ((int) pick(a, 1100) - 550);
                break;
        default:
                param->param = plain[pick(a, sizeof(plain) / sizeof(plain[0]))];
                param->value = pick(a, 2);
        }
}

static int created(struct actor *a, int err, uint32_t id) {
        if (err)
                return err;
        remember(a, a->file->contexts, id);
        atomic_store(&a->file->highest_context, id);
        return 0;
}

static int context_create(struct actor *a) {
        struct drm_i915_gem_context_create arg = { 0 };
        const int err = call(a, DRM_IOCTL_I915_GEM_CONTEXT_CREATE, &arg);

        return created(a, err, arg.ctx_id);
}

/* With up to three parameters, some of which exclude each other. */
static int context_create_ext(struct actor *a) {
        struct drm_i915_gem_context_create_ext_setparam params[3] = { 0 };
        struct drm_i915_gem_context_create_ext arg = { .flags = I915_CONTEXT_CREATE_FLAGS_USE_EXTENSIONS };
        struct engine_map maps[3];
        const uint32_t count = pick(a, 4);

        for (uint32_t i = 0; i < count; i++) {
                params[i].base.name = I915_CONTEXT_CREATE_EXT_SETPARAM;
                params[i].base.next_extension = arg.extensions;
                fill_param(a, &params[i].param, &maps[i]);
                arg.extensions = (uintptr_t) &params[i];
        }
        if (one_in(a, 4))
                arg.flags |= I915_CONTEXT_CREATE_FLAGS_SINGLE_TIMELINE;
        const int err = call(a, DRM_IOCTL_I915_GEM_CONTEXT_CREATE_EXT, &arg);
        return created(a, err, arg.ctx_id);
}

/* Without engines nothing but the context holds its address space. */
static int context_create_bare(struct actor *a) {
        struct drm_i915_gem_context_create_ext_setparam params[2] = { 0 };
        struct drm_i915_gem_context_create_ext arg = { .flags = I915_CONTEXT_CREATE_FLAGS_USE_EXTENSIONS };
        struct i915_context_param_engines map = { 0 };

        params[0].base.name = I915_CONTEXT_CREATE_EXT_SETPARAM;
        params[0].param.param = I915_CONTEXT_PARAM_ENGINES;
        params[0].param.value = (uintptr_t) &map;
        params[0].param.size = sizeof(map);
        if (one_in(a, 2)) {
                params[0].base.next_extension = (uintptr_t) &params[1];
                params[1].base.name = I915_CONTEXT_CREATE_EXT_SETPARAM;
                params[1].param.param = I915_CONTEXT_PARAM_VM;
                params[1].param.value = a_space(a);
        }
        arg.extensions = (uintptr_t) &params[0];
        const int err = call(a, DRM_IOCTL_I915_GEM_CONTEXT_CREATE_EXT, &arg);
        return created(a, err, arg.ctx_id);
}

/* One engine after one that submits to two at once, which no mock engine does. */
static int context_create_parallel(struct actor *a) {
        I915_DEFINE_CONTEXT_ENGINES_PARALLEL_SUBMIT(parallel, 2) = {
                .base.name = I915_CONTEXT_ENGINES_EXT_PARALLEL_SUBMIT,
                .engine_index = 1,
                .width = 2,
                .num_siblings = 1,
                .engines = { { I915_ENGINE_CLASS_VIDEO, 0 }, { I915_ENGINE_CLASS_VIDEO, 1 } },
        };
        struct engine_map map = { .map.extensions = (uintptr_t) &parallel,
                                  .map.engines = { an_engine(a),
                                                   { (__u16) I915_ENGINE_CLASS_INVALID,
                                                     (__u16) I915_ENGINE_CLASS_INVALID_NONE } } };
        struct drm_i915_gem_context_create_ext_setparam param = {
                .base.name = I915_CONTEXT_CREATE_EXT_SETPARAM,
                .param = { .param = I915_CONTEXT_PARAM_ENGINES,
                           .value = (uintptr_t) &map.map,
                           .size = 8 + 2 * sizeof(map.map.engines[0]) },
        };
        struct drm_i915_gem_context_create_ext arg = { .flags = I915_CONTEXT_CREATE_FLAGS_USE_EXTENSIONS,
                                                       .extensions = (uintptr_t) &param };
        struct drm_i915_gem_context_param get = { .param = I915_CONTEXT_PARAM_PRIORITY };
        int err = call(a, DRM_IOCTL_I915_GEM_CONTEXT_CREATE_EXT, &arg);

        if (err)
                return err;
        /* The engines are made when the context is used for the first time. */
        get.ctx_id = arg.ctx_id;
        err = call(a, DRM_IOCTL_I915_GEM_CONTEXT_GETPARAM, &get);
        return created(a, err, arg.ctx_id);
}

static int context_clone(struct actor *a) {
        struct clone_extension clone = { .base.name = CREATE_EXT_CLONE,
                                         .clone_id = a_context(a),
                                         .flags = pick(a, 64) };
        struct drm_i915_gem_context_create_ext arg = { .flags = I915_CONTEXT_CREATE_FLAGS_USE_EXTENSIONS,
                                                       .extensions = (uintptr_t) &clone };
        const int err = call(a, DRM_IOCTL_I915_GEM_CONTEXT_CREATE_EXT, &arg);

        return created(a, err, arg.ctx_id);
}

static int context_destroy(struct actor *a) {
        struct drm_i915_gem_context_destroy arg = { .ctx_id = one_in(a, 4) ? next_context(a) : a_context(a) };

        return call(a, DRM_IOCTL_I915_GEM_CONTEXT_DESTROY, &arg);
}

static int context_get(struct actor *a) {
        struct drm_i915_gem_context_param arg = { .ctx_id = one_in(a, 4) ? next_context(a) : a_context(a) };
        struct engine_map map;

        memset(&map, 0, sizeof(map));
        arg.param = pick(a, 2) ? I915_CONTEXT_PARAM_VM : pick(a, 14);
        if (arg.param == I915_CONTEXT_PARAM_ENGINES) {
                arg.value = (uintptr_t) &map.map;
                arg.size = sizeof(map.map);
        }
        const int err = call(a, DRM_IOCTL_I915_GEM_CONTEXT_GETPARAM, &arg);
        if (!err && arg.param == I915_CONTEXT_PARAM_VM)
                remember(a, a->file->spaces, (uint32_t) arg.value);
        return err;
}

static int context_set(struct actor *a) {
        struct drm_i915_gem_context_param arg;
        struct engine_map map;

        fill_param(a, &arg, &map);
        arg.ctx_id = one_in(a, 4) ? next_context(a) : a_context(a);
        return call(a, DRM_IOCTL_I915_GEM_CONTEXT_SETPARAM, &arg);
}

static int reset_stats(struct actor *a) {
        struct drm_i915_reset_stats arg = { .ctx_id = a_context(a) };

        return call(a, DRM_IOCTL_I915_GET_RESET_STATS, &arg);
}

/* --- objects ---------------------------------------------------------------------- */

static int write_batches(struct actor *a, uint32_t handle) {
        uint32_t words[128] = { 0 };
        const uint64_t place = OBJECT_PLACE(handle);
        struct drm_i915_gem_pwrite arg = { .handle = handle, .size = sizeof(words), .data_ptr = (uintptr_t) words };

        words[BATCH_END / 4] = MI_BATCH_BUFFER_END;
        words[BATCH_DELAY / 4] = MI_NOOP_SLEEP(1 + pick(a, 5));
        words[BATCH_DELAY / 4 + 1] = MI_BATCH_BUFFER_END;
        words[BATCH_STORE / 4] = MI_STORE_DWORD;
        words[BATCH_STORE / 4 + 1] = (uint32_t) place + 2048;
        words[BATCH_STORE / 4 + 2] = (uint32_t) (place >> 32);
        words[BATCH_STORE / 4 + 3] = 0x12345678;
        words[BATCH_STORE / 4 + 4] = MI_BATCH_BUFFER_END;
        words[BATCH_HANG / 4] = MI_BATCH_BUFFER_START;
        words[BATCH_HANG / 4 + 1] = (uint32_t) place + BATCH_HANG;
        words[BATCH_HANG / 4 + 2] = (uint32_t) (place >> 32);
        return call(a, DRM_IOCTL_I915_GEM_PWRITE, &arg);
}

static int object_create(struct actor *a) {
        struct drm_i915_gem_create arg = { .size = OBJECT_SIZE };
        int err = call(a, DRM_IOCTL_I915_GEM_CREATE, &arg);

        if (!err)
                err = write_batches(a, arg.handle);
        if (!err)
                remember(a, a->file->objects, arg.handle);
        return err;
}

static int object_close(struct actor *a) {
        struct drm_gem_close arg = { .handle = an_object(a) };

        return call(a, DRM_IOCTL_GEM_CLOSE, &arg);
}

static int object_busy(struct actor *a) {
        struct drm_i915_gem_busy arg = { .handle = an_object(a) };

        return call(a, DRM_IOCTL_I915_GEM_BUSY, &arg);
}

static int object_wait(struct actor *a) {
        struct drm_i915_gem_wait arg = { .bo_handle = an_object(a), .timeout_ns = pick(a, 20000000) };

        return call(a, DRM_IOCTL_I915_GEM_WAIT, &arg);
}

static int object_domain(struct actor *a) {
        struct drm_i915_gem_set_domain arg = { .handle = an_object(a), .read_domains = I915_GEM_DOMAIN_CPU };

        return one_in(a, 4) ? call(a, DRM_IOCTL_I915_GEM_SET_DOMAIN, &arg) : object_busy(a);
}

static int object_share(struct actor *a) {
        struct drm_prime_handle arg = { .handle = an_object(a), .flags = DRM_CLOEXEC | DRM_RDWR };
        int err = call(a, DRM_IOCTL_PRIME_HANDLE_TO_FD, &arg);

        if (err)
                return err;
        err = call(a, DRM_IOCTL_PRIME_FD_TO_HANDLE, &arg);
        close(arg.fd);
        return err;
}

static int object_map(struct actor *a) {
        struct drm_i915_gem_mmap_offset arg = { .handle = an_object(a), .flags = I915_MMAP_OFFSET_WB };
        int err = call(a, DRM_IOCTL_I915_GEM_MMAP_OFFSET, &arg);

        if (err)
                return err;
        volatile uint32_t *words = mmap(NULL, OBJECT_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, a->file->fd,
                                        (off_t) arg.offset);
        if (words == MAP_FAILED)
                return -errno;
        words[1000] = words[512];
        munmap((void *) (uintptr_t) words, OBJECT_SIZE);
        return 0;
}

static int throttle(struct actor *a) {
        return call(a, DRM_IOCTL_I915_GEM_THROTTLE, NULL);
}

/* --- batches ---------------------------------------------------------------------- */

static uint32_t a_batch(struct actor *a) {
        if (a->settings->hang_every && one_in(a, a->settings->hang_every))
                return BATCH_HANG;
        return (const uint32_t[]){ BATCH_END, BATCH_END, BATCH_DELAY, BATCH_STORE }[pick(a, 4)];
}

static int execute(struct actor *a) {
        struct drm_i915_gem_exec_object2 objects[3] = { 0 };
        const uint32_t count = 1 + pick(a, 3);
        struct drm_i915_gem_execbuffer2 arg = {
                .buffers_ptr = (uintptr_t) objects,
                .buffer_count = count,
                .batch_start_offset = a_batch(a),
                .flags = pick(a, 5) | I915_EXEC_NO_RELOC,
        };

        for (uint32_t i = 0; i < count; i++) {
                objects[i].handle = an_object(a);
                objects[i].offset = OBJECT_PLACE(objects[i].handle);
                objects[i].flags = EXEC_OBJECT_PINNED | EXEC_OBJECT_SUPPORTS_48B_ADDRESS;
                if (one_in(a, 3))
                        objects[i].flags |= EXEC_OBJECT_WRITE;
        }
        if (one_in(a, 4))
                arg.flags |= I915_EXEC_FENCE_OUT;
        i915_execbuffer2_set_context_id(arg, a_context(a));
        const int err = call(a, DRM_IOCTL_I915_GEM_EXECBUFFER2_WR, &arg);
        if (!err && arg.flags & I915_EXEC_FENCE_OUT)
                close((int) (arg.rsvd2 >> 32));
        return err;
}

/* --- files, processes, and what is looked up ------------------------------------- */

static int send_file(struct actor *a) {
        union {
                char buffer[CMSG_SPACE(sizeof(int))];
                struct cmsghdr align;
        } control = { 0 };
        char byte = 0;
        struct iovec data = { &byte, 1 };
        struct msghdr message = { .msg_iov = &data,
                                  .msg_iovlen = 1,
                                  .msg_control = control.buffer,
                                  .msg_controllen = sizeof(control) };
        struct cmsghdr *head = CMSG_FIRSTHDR(&message);

        head->cmsg_level = SOL_SOCKET;
        head->cmsg_type = SCM_RIGHTS;
        head->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(head), &a->file->fd, sizeof(int));
        return sendmsg(a->mates, &message, MSG_DONTWAIT) < 0 ? -errno : 0;
}

/* Another process's file: use it for some calls, then close it, perhaps as the last. */
static int receive_file(struct actor *a) {
        union {
                char buffer[CMSG_SPACE(sizeof(int))];
                struct cmsghdr align;
        } control = { 0 };
        char byte;
        struct iovec data = { &byte, 1 };
        struct msghdr message = { .msg_iov = &data,
                                  .msg_iovlen = 1,
                                  .msg_control = control.buffer,
                                  .msg_controllen = sizeof(control) };
        struct file theirs = { .fd = -1 };
        struct actor guest = *a;

        if (recvmsg(a->mates, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) < 0)
                return -errno;
        if (!CMSG_FIRSTHDR(&message))
                return -ENOENT;
        memcpy(&theirs.fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(int));
        atomic_store(&theirs.highest_context, pick(a, NAMES));
        for (int i = 0; i < NAMES; i++) {
                atomic_store(&theirs.contexts[i], pick(a, NAMES));
                atomic_store(&theirs.spaces[i], pick(a, NAMES));
                atomic_store(&theirs.objects[i], pick(a, NAMES));
        }
        guest.file = &theirs;
        for (int i = 0; i < 8; i++)
                (one_in(a, 2) ? context_get : one_in(a, 2) ? context_destroy : execute)(&guest);
        a->state = guest.state;
        close(theirs.fd);
        return 0;
}

/* A file that lives for a few calls. */
static int reopen(struct actor *a) {
        struct file other = { .fd = open(a->settings->node, O_RDWR | O_CLOEXEC) };
        struct actor guest = *a;

        if (other.fd < 0)
                return -errno;
        guest.file = &other;
        object_create(&guest);
        context_create_ext(&guest);
        execute(&guest);
        context_get(&guest);
        /* Idle or busy: who drops the last references differs. */
        if (one_in(a, 2))
                object_wait(&guest);
        a->state = guest.state;
        close(other.fd);
        return 0;
}

/* A child that inherits the file, and calls, execs or ends at once. */
static int fork_child(struct actor *a) {
        const uint32_t end = pick(a, 3);
        struct actor child = *a;
        const pid_t pid = fork();

        if (pid < 0)
                return -errno;
        if (!pid) {
                if (end == 0)
                        context_create(&child);
                else if (end == 1)
                        execl("/bin/true", "true", (char *) NULL);
                _exit(0);
        }
        waitpid(pid, NULL, 0);
        return 0;
}

static int read_whole(const char *path) {
        char buffer[4096];
        const int fd = open(path, O_RDONLY | O_CLOEXEC);

        if (fd < 0)
                return -errno;
        while (read(fd, buffer, sizeof(buffer)) > 0)
                ;
        close(fd);
        return 0;
}

static int read_fdinfo(struct actor *a) {
        char path[64];

        snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", a->file->fd);
        return read_whole(path);
}

static int read_debugfs(struct actor *a) {
        static const char *const paths[] = {
                "/sys/kernel/debug/dri/0/i915_context_status",
                "/sys/kernel/debug/dri/0/i915_gem_objects",
                "/sys/kernel/debug/i915_vmlife/contexts",
        };

        return read_whole(paths[pick(a, 3)]);
}

static int query(struct actor *a) {
        char memory[2048] = { 0 };
        struct drm_i915_query_item item = { .query_id = 1 + pick(a, 4),
                                            .length = (int) pick(a, 2) * 2048,
                                            .data_ptr = (uintptr_t) memory };
        struct drm_i915_query arg = { .num_items = 1, .items_ptr = (uintptr_t) &item };

        return call(a, DRM_IOCTL_I915_QUERY, &arg);
}

/* A call of the driver's with random bytes.  Nothing in them is a valid pointer. */
static int garbage(struct actor *a) {
        uint32_t bytes[16];
        const uint32_t nr = 0x40 + pick(a, 0x3d);

        for (int i = 0; i < 16; i++)
                bytes[i] = one_in(a, 2) ? pick(a, 32) : 0;
        return call(a, _IOC(_IOC_READ | _IOC_WRITE, DRM_IOCTL_BASE, nr, 8 * pick(a, 8)), bytes);
}

void settle(struct actor *a) {
        for (int i = 0; i < NAMES / 4; i++)
                object_create(a);
        space_create(a);
        context_create_ext(a);
        context_create(a);
}

const struct operation operations[] = {
        { "vm-create", space_create, 6, NULL },
        { "vm-destroy", space_destroy, 5, NULL },
        { "ctx-create", context_create, 5, NULL },
        { "ctx-create-ext", context_create_ext, 8, "vm_get:i915_gem_vm_lookup" },
        { "ctx-create-bare", context_create_bare, 4, "vm_read:get_ppgtt" },
        { "ctx-create-parallel", context_create_parallel, 1, NULL },
        { "ctx-clone", context_clone, 2, "vm_read:clone_vm" },
        { "ctx-destroy", context_destroy, 10, NULL },
        { "ctx-getparam", context_get, 16, "vm_read:get_ppgtt" },
        { "ctx-setparam", context_set, 8, "sched:set_priority" },
        { "reset-stats", reset_stats, 1, NULL },
        { "bo-create", object_create, 6, NULL },
        { "bo-close", object_close, 4, NULL },
        { "bo-busy", object_busy, 2, NULL },
        { "bo-wait", object_wait, 2, NULL },
        { "bo-domain", object_domain, 1, NULL },
        { "bo-share", object_share, 1, NULL },
        { "bo-map", object_map, 1, NULL },
        { "throttle", throttle, 1, "ctx_take:i915_gem_throttle_ioctl" },
        { "execbuf", execute, 20, "sched:eb_request_add" },
        { "send-file", send_file, 1, NULL },
        { "receive-file", receive_file, 1, NULL },
        { "reopen", reopen, 2, "file_open" },
        { "fork", fork_child, 1, NULL },
        { "fdinfo", read_fdinfo, 1, NULL },
        { "debugfs", read_debugfs, 1, "ctx_take:i915_context_status" },
        { "query", query, 1, NULL },
        { "garbage", garbage, 1, NULL },
};
const unsigned int nr_operations = sizeof(operations) / sizeof(operations[0]);
_Static_assert(sizeof(operations) / sizeof(operations[0]) <= MAX_OPERATIONS, "struct shared has room for all");
