/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "source/input.h"

/* A mail, or a mailbox of several, as they are sent and archived: taken apart into what people wrote and what they
 * attached, both without the encoding that carried them. Headers say nothing of a kernel and are left out. */
struct mime_part {
        char *name; /* as the sender named it; NULL: it has none */
        struct buffer bytes;
};

struct mime {
        struct buffer body; /* the text that people wrote, of all mails, in UTF-8 */
        struct mime_part *parts;
        size_t n_parts; /* what is no such text: attachments, and pages in HTML */
        bool cut;       /* it ends within an attachment */
};

/* Is it a mail, by how it begins? */
bool mime_begins(struct slice head);
/* Reads all of it. 0, -EFBIG where it is too large, -errno of the input. */
int mime_read(struct mime *m, struct input *in);
void mime_done(struct mime *m);

/* Undoes what carried a text (mime_text.c). All append to out: 0 or -ENOMEM. */

struct base64 {
        uint32_t bits; /* not written yet, */
        unsigned n_bits;
};
/* Are these digits of base64 only? */
bool base64_is(struct slice line);
int base64_take(struct base64 *b, struct slice line, struct buffer *out);
/* A line of quoted-printable. */
int quoted_printable_take(struct slice line, struct buffer *out);
/* format=flowed (RFC 3676): lines that the sender's program broke end in a blank. delete_blank: it was put there. */
int flowed_join(struct slice text, bool delete_blank, struct buffer *out);
/* From that character set to UTF-8, if it is known, with blanks that do not break as blanks. */
int charset_convert(const char *charset, struct slice text, struct buffer *out);
