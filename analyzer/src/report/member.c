/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/member.h"

uint64_t member_number(const void *item, const struct member *m) {
        const void *p = member_in(item, m);
        uint64_t v;
        uint32_t v32;

        if (m->size == sizeof(bool))
                return *(const bool *) p;
        if (m->size == sizeof(v32)) {
                memcpy(&v32, p, sizeof(v32));
                return v32;
        }
        memcpy(&v, p, sizeof(v));
        return v;
}

void member_set_number(void *item, const struct member *m, uint64_t v) {
        const uint32_t v32 = (uint32_t) v;

        if (m->size == sizeof(bool))
                *(bool *) member_in(item, m) = v;
        else if (m->size == sizeof(v32))
                memcpy(member_in(item, m), &v32, sizeof(v32));
        else
                memcpy(member_in(item, m), &v, sizeof(v));
}

/* Is the member that this one hangs on set? */
static bool is_with(const void *item, const struct member *m) {
        static const char zeros[sizeof(uint64_t)];

        return m->with_size == 0 || memcmp((const char *) item + m->with, zeros,
                                           m->with_size < sizeof(zeros) ? m->with_size : sizeof(zeros)) != 0;
}

/* Is there a value, where none may be? */
static bool has_value(const void *item, const struct member *m) {
        switch (m->form) {
        case FORM_TEXT:
        case FORM_RECORD:
                return member_pointer(item, m);
        case FORM_DIGITS:
                return *(const char *) member_in(item, m);
        case FORM_INDEX:
                return (int64_t) member_number(item, m) >= 0;
        case FORM_TEXTS:
        case FORM_ITEMS:
        case FORM_MAP:
                return !(m->flags & OPT) || member_n(item, m);
        case FORM_COUNT:
        case FORM_FLAG:
        case FORM_CHOICE:
                return !(m->flags & OPT) || m->with_size || m->shown || member_number(item, m);
        default:
                return true;
        }
}

bool member_is_shown(const void *item, const struct member *m) {
        return is_with(item, m) && (!m->shown || m->shown(item)) && has_value(item, m);
}
