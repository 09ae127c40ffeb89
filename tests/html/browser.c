/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "browser.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../unit/cmocka_all.h"

enum { TIMEOUT_S = 60 };

struct browser {
        pid_t pid;
        int to, from;
        char *in; /* bytes that came, messages ended by NUL */
        size_t n_in, room;
        int next_id;
        char session[64];
        char folder[64];
        char complaints[8192];
        unsigned requests;
};

/* --- the pipe --- */

static void send_message(struct browser *b, struct json_object *o) {
        const char *s = json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN);
        const size_t n = strlen(s) + 1;

        for (size_t at = 0; at < n;) {
                ssize_t k = write(b->to, s + at, n - at);
                if (k < 0 && errno == EINTR)
                        continue;
                if (k < 0)
                        fail_msg("the browser is gone: %s", strerror(errno));
                at += (size_t) k;
        }
        json_object_put(o);
}

static double now(void) {
        struct timespec t;
        clock_gettime(CLOCK_MONOTONIC, &t);
        return (double) t.tv_sec + (double) t.tv_nsec / 1e9;
}

/* The next message, NULL when none comes until then. */
static struct json_object *next_message(struct browser *b, double until) {
        for (;;) {
                char *end = b->n_in ? memchr(b->in, '\0', b->n_in) : NULL;
                if (end) {
                        struct json_object *o = json_tokener_parse(b->in);
                        const size_t n = (size_t) (end + 1 - b->in);
                        memmove(b->in, b->in + n, b->n_in - n);
                        b->n_in -= n;
                        assert_non_null(o);
                        return o;
                }
                struct pollfd p = { .fd = b->from, .events = POLLIN };
                const double left = until - now();
                if (left <= 0 || poll(&p, 1, (int) (left * 1000) + 1) <= 0)
                        return NULL;
                if (b->room - b->n_in < 65536) {
                        b->room = b->room * 2 + 65536;
                        b->in = realloc(b->in, b->room);
                        assert_non_null(b->in);
                }
                ssize_t k = read(b->from, b->in + b->n_in, b->room - b->n_in);
                if (k <= 0)
                        fail_msg("the browser is gone");
                b->n_in += (size_t) k;
        }
}

static struct json_object *get(struct json_object *o, const char *key) {
        struct json_object *v = NULL;
        return o && json_object_object_get_ex(o, key, &v) ? v : NULL;
}

static const char *string(struct json_object *o, const char *key) {
        struct json_object *v = get(o, key);
        return v ? json_object_get_string(v) : "";
}

static void complain(struct browser *b, const char *what, const char *text) {
        const size_t n = strlen(b->complaints);
        snprintf(b->complaints + n, sizeof(b->complaints) - n, "%s: %s\n", what, text);
}

static void take_event(struct browser *b, struct json_object *o) {
        const char *method = string(o, "method");
        struct json_object *params = get(o, "params");

        if (strcmp(method, "Runtime.exceptionThrown") == 0)
                complain(b, "exception", json_object_to_json_string(get(params, "exceptionDetails")));
        else if (strcmp(method, "Runtime.consoleAPICalled") == 0)
                complain(b, "console", json_object_to_json_string(get(params, "args")));
        else if (strcmp(method, "Log.entryAdded") == 0)
                complain(b, "log", string(get(params, "entry"), "text"));
        else if (strcmp(method, "Page.javascriptDialogOpening") == 0)
                complain(b, "dialog", string(params, "message"));
        else if (strcmp(method, "Network.requestWillBeSent") == 0 && strcmp(string(params, "type"), "Document") != 0)
                b->requests++;
}

/* Calls and waits for the answer; the caller puts it. params is taken. */
static struct json_object *call(struct browser *b, const char *method, struct json_object *params) {
        struct json_object *o = json_object_new_object();
        const int id = ++b->next_id;
        const double until = now() + TIMEOUT_S;

        json_object_object_add(o, "id", json_object_new_int(id));
        json_object_object_add(o, "method", json_object_new_string(method));
        json_object_object_add(o, "params", params ? params : json_object_new_object());
        if (*b->session)
                json_object_object_add(o, "sessionId", json_object_new_string(b->session));
        send_message(b, o);
        while ((o = next_message(b, until))) {
                struct json_object *of = get(o, "id");
                if (of && json_object_get_int(of) == id) {
                        if (get(o, "error"))
                                fail_msg("%s: %s", method, json_object_to_json_string(get(o, "error")));
                        struct json_object *result = json_object_get(get(o, "result"));
                        json_object_put(o);
                        return result;
                }
                if (!of)
                        take_event(b, o);
                json_object_put(o);
        }
        fail_msg("%s: no answer in %d seconds", method, TIMEOUT_S);
        return NULL;
}

static void tell(struct browser *b, const char *method, struct json_object *params) {
        json_object_put(call(b, method, params));
}

/* "key", value, ..., NULL: strings. */
static struct json_object *with(const char *key, ...) {
        struct json_object *o = json_object_new_object();
        va_list ap;

        va_start(ap, key);
        for (; key; key = va_arg(ap, const char *))
                json_object_object_add(o, key, json_object_new_string(va_arg(ap, const char *)));
        va_end(ap);
        return o;
}

static struct json_object *with_flag(const char *key, bool value) {
        struct json_object *o = json_object_new_object();
        json_object_object_add(o, key, json_object_new_boolean(value));
        return o;
}

/* --- start and stop --- */

static void run_browser(const struct browser *b, int in, int out) {
        char folder[128];

        snprintf(folder, sizeof(folder), "--user-data-dir=%s", b->folder);
        /* It reads from 3 and writes to 4. */
        const int high_in = fcntl(in, F_DUPFD, 10), high_out = fcntl(out, F_DUPFD, 10);
        dup2(high_in, 3);
        dup2(high_out, 4);
        const int null = open("/dev/null", O_RDWR);
        dup2(null, STDIN_FILENO);
        dup2(null, STDOUT_FILENO);
        dup2(null, STDERR_FILENO);
        setpgid(0, 0);
        execlp("chromium", "chromium", "--headless=new", "--remote-debugging-pipe", "--disable-gpu", "--no-first-run",
               "--disable-extensions", "--disable-background-networking", "--disable-dev-shm-usage",
               "--hide-scrollbars", folder, geteuid() == 0 ? "--no-sandbox" : "--mute-audio", "about:blank", NULL);
        _exit(127);
}

struct browser *browser_start(void) {
        struct browser *b = calloc(1, sizeof(*b));
        int to[2], from[2];

        assert_non_null(b);
        snprintf(b->folder, sizeof(b->folder), "/tmp/vmlife-browser-XXXXXX");
        assert_non_null(mkdtemp(b->folder));
        assert_int_equal(pipe2(to, O_CLOEXEC), 0);
        assert_int_equal(pipe2(from, O_CLOEXEC), 0);
        signal(SIGPIPE, SIG_IGN);
        b->pid = fork();
        if (b->pid == 0)
                run_browser(b, to[0], from[1]);
        close(to[0]);
        close(from[1]);
        b->to = to[1];
        b->from = from[0];

        struct json_object *page = call(b, "Target.createTarget", with("url", "about:blank", NULL));
        struct json_object *params = with("targetId", string(page, "targetId"), NULL);
        json_object_object_add(params, "flatten", json_object_new_boolean(true));
        struct json_object *session = call(b, "Target.attachToTarget", params);
        snprintf(b->session, sizeof(b->session), "%s", string(session, "sessionId"));
        json_object_put(page);
        json_object_put(session);
        static const char *const domains[] = { "Page.enable", "Runtime.enable", "Log.enable", "Network.enable" };
        for (size_t i = 0; i < sizeof(domains) / sizeof(domains[0]); i++)
                tell(b, domains[i], NULL);
        /* Of CPU: what others do on this machine does not count. */
        tell(b, "Performance.enable", with("timeDomain", "threadTicks", NULL));
        return b;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw) {
        (void) st, (void) type, (void) ftw;
        remove(path);
        return 0;
}

void browser_stop(struct browser *b) {
        close(b->to);
        close(b->from);
        kill(-b->pid, SIGKILL);
        kill(b->pid, SIGKILL);
        waitpid(b->pid, NULL, 0);
        nftw(b->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
        free(b->in);
        free(b);
}

/* --- pages --- */

void browser_screen(struct browser *b, const struct screen *s) {
        struct json_object *size = with_flag("mobile", s->phone), *media = with("media", "", NULL),
                           *features = json_object_new_array();

        json_object_object_add(size, "width", json_object_new_int((int) s->width));
        json_object_object_add(size, "height", json_object_new_int((int) s->height));
        json_object_object_add(size, "deviceScaleFactor", json_object_new_int(1));
        tell(b, "Emulation.setDeviceMetricsOverride", size);
        json_object_array_add(features,
                              with("name", "prefers-color-scheme", "value", s->dark ? "dark" : "light", NULL));
        json_object_object_add(media, "features", features);
        tell(b, "Emulation.setEmulatedMedia", media);
        tell(b, "Emulation.setScriptExecutionDisabled", with_flag("value", s->no_script));
}

void browser_open(struct browser *b, const char *path) {
        char url[1024];

        /* A new anchor alone would load nothing. */
        tell(b, "Page.navigate", with("url", "about:blank", NULL));
        *b->complaints = '\0';
        b->requests = 0;
        snprintf(url, sizeof(url), "file://%s", path);
        tell(b, "Page.navigate", with("url", url, NULL));
        for (const double until = now() + TIMEOUT_S;
             !browser_true(b, "document.readyState === 'complete' && location.protocol === 'file:'");)
                if (now() > until)
                        fail_msg("%s was not loaded in %d seconds", path, TIMEOUT_S);
}

double browser_spent(struct browser *b) {
        struct json_object *answer = call(b, "Performance.getMetrics", NULL), *metrics = get(answer, "metrics");
        double seconds = -1;

        for (size_t i = 0; i < json_object_array_length(metrics); i++) {
                struct json_object *metric = json_object_array_get_idx(metrics, i);
                if (strcmp(string(metric, "name"), "TaskDuration") == 0)
                        seconds = json_object_get_double(get(metric, "value"));
        }
        json_object_put(answer);
        if (seconds < 0)
                fail_msg("the browser does not say what it spent");
        return seconds;
}

double browser_open_cost(struct browser *b, const char *path) {
        browser_open(b, path);
        json_object_put(browser_eval(b, "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => "
                                        "done(true))))"));
        return browser_spent(b);
}

struct json_object *browser_eval(struct browser *b, const char *expression) {
        struct json_object *params = with("expression", expression, NULL);

        json_object_object_add(params, "returnByValue", json_object_new_boolean(true));
        json_object_object_add(params, "awaitPromise", json_object_new_boolean(true));
        struct json_object *answer = call(b, "Runtime.evaluate", params);
        if (get(answer, "exceptionDetails"))
                fail_msg("%s: %s", expression, json_object_to_json_string(get(answer, "exceptionDetails")));
        struct json_object *value = json_object_get(get(get(answer, "result"), "value"));
        json_object_put(answer);
        return value;
}

long browser_number(struct browser *b, const char *expression) {
        struct json_object *v = browser_eval(b, expression);
        const long n = (long) json_object_get_int64(v);

        if (!json_object_is_type(v, json_type_int) && !json_object_is_type(v, json_type_double))
                fail_msg("%s is no number", expression);
        json_object_put(v);
        return n;
}

bool browser_true(struct browser *b, const char *expression) {
        struct json_object *v = browser_eval(b, expression);
        const bool is = json_object_is_type(v, json_type_boolean) && json_object_get_boolean(v);

        json_object_put(v);
        return is;
}

/* --- the user --- */

void browser_key(struct browser *b, const char *key) {
        struct json_object *down = with("type", "keyDown", "key", key, "code", key, NULL);

        if (strlen(key) == 1)
                json_object_object_add(down, "text", json_object_new_string(key));
        if (strcmp(key, "Enter") == 0) {
                json_object_object_add(down, "text", json_object_new_string("\r"));
                json_object_object_add(down, "windowsVirtualKeyCode", json_object_new_int(13));
        }
        if (strcmp(key, "Tab") == 0)
                json_object_object_add(down, "windowsVirtualKeyCode", json_object_new_int(9));
        tell(b, "Input.dispatchKeyEvent", down);
        tell(b, "Input.dispatchKeyEvent", with("type", "keyUp", "key", key, NULL));
}

void browser_type(struct browser *b, const char *text) {
        tell(b, "Input.insertText", with("text", text, NULL));
}

void browser_click(struct browser *b, const char *selector) {
        static const char *const types[] = { "mousePressed", "mouseReleased" };
        char expression[512];

        snprintf(expression, sizeof(expression),
                 "(() => { const e = document.querySelector('%s'); e.scrollIntoView({ block: 'center' }); const r = "
                 "e.getBoundingClientRect();"
                 " return [r.x + Math.min(r.width / 2, 150), r.y + r.height / 2]; })()",
                 selector);
        struct json_object *at = browser_eval(b, expression);
        for (size_t i = 0; i < 2; i++) {
                struct json_object *params = with("type", types[i], "button", "left", NULL);
                json_object_object_add(params, "x", json_object_get(json_object_array_get_idx(at, 0)));
                json_object_object_add(params, "y", json_object_get(json_object_array_get_idx(at, 1)));
                json_object_object_add(params, "clickCount", json_object_new_int(1));
                tell(b, "Input.dispatchMouseEvent", params);
        }
        json_object_put(at);
}

/* --- what it shows --- */

static unsigned char six_bits(char c) {
        static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        const char *at = c ? strchr(digits, c) : NULL;
        return at ? (unsigned char) (at - digits) : 0;
}

static void save(struct json_object *answer, const char *path) {
        const char *s = string(answer, "data");
        FILE *f = fopen(path, "w");

        assert_non_null(f);
        assert_true(*s);
        for (; s[0] && s[1] && s[2] && s[3]; s += 4) {
                const unsigned bits = (unsigned) six_bits(s[0]) << 18 | (unsigned) six_bits(s[1]) << 12 |
                                      (unsigned) six_bits(s[2]) << 6 | six_bits(s[3]);
                const unsigned char bytes[] = { (unsigned char) (bits >> 16), (unsigned char) (bits >> 8),
                                                (unsigned char) bits };
                fwrite(bytes, 1, s[2] == '=' ? 1 : s[3] == '=' ? 2 : 3, f);
        }
        assert_int_equal(fclose(f), 0);
        json_object_put(answer);
}

void browser_screenshot(struct browser *b, const char *path) {
        save(call(b, "Page.captureScreenshot", with("format", "png", NULL)), path);
}

void browser_pdf(struct browser *b, const char *path) {
        save(call(b, "Page.printToPDF", with_flag("printBackground", false)), path);
}

const char *browser_complaints(const struct browser *b) {
        return b->complaints;
}

unsigned browser_requests(const struct browser *b) {
        return b->requests;
}
