/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/slice.h"

/* One line of a stack trace, pointing into the line. */
struct frame_view {
        struct slice function; /* without compiler's suffixes taken off; "0xffffffff81000000" where unknown */
        uint64_t offset, size; /* both 0 where not printed */
        struct slice module;   /* empty for the kernel image */
        struct slice file;     /* empty where not printed */
        struct slice callee;   /* arm names whom the function called; empty elsewhere */
        unsigned line;
        bool reliable; /* no '?' before it */
        bool inlined;
        bool addressed; /* the code's address stands before it, as kernels before 4.10 print it */
        bool decoded;   /* a program put a place where the offset was; the file is empty where it found none */
};

/* Is the whole line a stack frame? Takes every form that 2.6 to 7.2 and decode_stacktrace.sh print:
 *   f+0x1/0x2, ? f+0x1/0x2 [mod], [<addr>] f+0x1/0x2, f+0x1/0x2 [mod buildid], f+0x1/0x2 file.c:12,
 *   f file.c:12 [inline], f file.c:12 (inlined by), 0xffffffff81000000, f (inlined.h:1 file.c:12) mod,
 *   f+0x1/0x2 (P) of arm64, g from f+0x1/0x2 and [<addr>] (g) from [<addr>] (f+0x1/0x2 [mod]) of arm */
bool frame_parse(struct slice text, struct frame_view *ret);
/* The same for what nearly all frames are: "name+0x1/0x2", with "? " before and " [module]" behind it. s has no blanks
 * around it. */
bool frame_parse_plain(struct slice s, struct frame_view *ret);

/* Eats the code's address before a name, "[<ffffffff81000000>] ", also one that was hidden: "[<(ptrval)>] ". */
bool address_eat(struct slice *s);

/* A symbol in the middle of a line: "f+0x1/0x2 [mod]", "f (file.c:12) mod" or, with bare set, "f [mod]" too. Eats it.
 */
bool symbol_eat(struct slice *s, bool bare, struct frame_view *ret);

/* A frame of which somebody left the function's name alone: "dump_stack_lvl", "? f [mod]". Any word is one: only for
 * lines of a trace. */
bool frame_parse_name(struct slice text, struct frame_view *ret);
/* Either: for a line that is known to be a frame. */
bool frame_parse_any(struct slice text, struct frame_view *ret);

/* Where a trap was: "RIP: 0010:f+0x1/0x2", "RIP: 0010:f", arm64's "pc : f+0x1/0x2", arm's "PC is at f+0x1/0x2", riscv's
 * "epc : f+0x1/0x2", i386's "EIP: f+0x1/0x2" and "EIP is at f+0x1/0x2", "IP: [<addr>] f+0x1/0x2" of page faults
 * before 4.18. False where it was in user space, or no function is named. */
bool trap_parse(struct slice text, struct frame_view *ret);

/* The name that stays the same over builds: without .isra.0, .constprop.0, .part.0, .cold, .llvm.123 */
struct slice function_base(struct slice function);

/* A source file's path from the kernel tree's top ("kernel/fork.c:12"), whatever folder the kernel was built from:
 * built in another one it prints "../src/kernel/fork.c:12" or the path from the root. As it is where no part is a
 * folder at that top. */
struct slice source_path(struct slice file);

/* "amd/display/dc.c:1" of "amd/amdgpu/../display/dc.c:1", as a makefile names it that builds a neighbour's files: in
 * buf, where there is something to leave out and it fits. */
struct slice path_without_dots(struct slice path, char *buf, size_t size);
/* "fs", "drivers": a folder at the top of the kernel tree that holds code. */
bool is_source_top(struct slice folder);
