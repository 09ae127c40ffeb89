/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>

/* A real browser, without a window, driven through its DevTools protocol over a pipe: chromium --headless. What it
 * does not do in time fails the test. */
struct browser;

struct browser *browser_start(void);
void browser_stop(struct browser *b);

/* How the next pages are shown. */
struct screen {
        unsigned width, height;
        bool dark, phone;
        bool no_script; /* the page's own scripts do not run */
};
void browser_screen(struct browser *b, const struct screen *s);

/* Loads a file and waits until it is there. path may end in "#anchor". */
void browser_open(struct browser *b, const char *path);
/* What the page's thread has spent on it so far, in seconds of CPU by the browser's own figures. */
double browser_spent(struct browser *b);
/* Loads a file, has it painted, and returns the seconds of CPU that the browser's own figures have for it: parsing,
 * styles, layout, scripts. */
double browser_open_cost(struct browser *b, const char *path);
/* The value of an expression, which the caller puts; promises are waited for. Fails the test when it throws. */
struct json_object *browser_eval(struct browser *b, const char *expression);
/* The same for values of one type. */
long browser_number(struct browser *b, const char *expression);
bool browser_true(struct browser *b, const char *expression);

/* Presses and lets go of a key: "j", "Enter", "Tab", "/". */
void browser_key(struct browser *b, const char *key);
void browser_click(struct browser *b, const char *selector);
/* Into whatever has the focus. */
void browser_type(struct browser *b, const char *text);

void browser_screenshot(struct browser *b, const char *path);
void browser_pdf(struct browser *b, const char *path);

/* Since the last browser_open(): errors and warnings on the console, exceptions and what the policy refused, one a
 * line; and requests for anything but the page itself. */
const char *browser_complaints(const struct browser *b);
unsigned browser_requests(const struct browser *b);
