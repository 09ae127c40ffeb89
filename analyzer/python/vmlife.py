# SPDX-License-Identifier: LGPL-2.1-or-later
"""The kernel's reports in logs, by libvmlife.

    import vmlife
    with vmlife.Scan(require="kcsan,lockdep,vmlife") as scan:
        scan.read("serial.log")
        for finding in scan.findings():
            print(finding["title"], finding["severity"])

This file is all that a program needs beside the library: it can be copied. What findings and boots hold is described in
vmlife-report(5). An error is a vmlife.Error with the library's sentence about it.
"""

import ctypes
import ctypes.util
import errno
import json
import os

ABI = 0
FINDING, BOOT = 0, 1


class Error(OSError):
    """errno, and what the library said."""


def _load():
    name = os.environ.get("LIBVMLIFE") or f"libvmlife.so.{ABI}"
    lib = ctypes.CDLL(name)
    handle, text, number, size = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_size_t
    functions = {
        "version": (text, []),
        "open": (number, [ctypes.POINTER(handle)]),
        "close": (None, [handle]),
        "set": (number, [handle, text, text]),
        "read": (number, [handle, text]),
        "feed": (number, [handle, ctypes.c_char_p, size]),
        "feed_end": (number, [handle, text]),
        "finish": (number, [handle]),
        "status": (number, [handle]),
        "count": (size, [handle, number]),
        "json": (text, [handle, number, size]),
        "report": (number, [handle, text, ctypes.POINTER(ctypes.c_void_p), ctypes.POINTER(size)]),
        "error": (text, [handle]),
        "on_message": (None, [handle, _HEAR, ctypes.c_void_p]),
    }
    for function, (returns, takes) in functions.items():
        f = getattr(lib, "vmlife_" + function)
        f.restype, f.argtypes = returns, takes
    return lib


_HEAR = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_char_p)
_lib = _load()
_libc = ctypes.CDLL(None)
_libc.free.argtypes = [ctypes.c_void_p]


def version():
    """The library's version."""
    return _lib.vmlife_version().decode()


class Scan:
    """One scan. Options are those of vmlife_set() in vmlife.h: fail_on, require, focus, known, sites, vmlinux, modules,
    maintainers, label, directory, boot, since, until, every_entry, max_unpacked, redact, redact_key, redact_word, as
    "vmlife scan" has them; a list gives one several times, True turns on what takes no argument there. messages, a
    function, hears what the library has to say to people."""

    def __init__(self, messages=None, **options):
        self._scan = ctypes.c_void_p()
        self._finished = False
        e = _lib.vmlife_open(ctypes.byref(self._scan))
        if e < 0:
            raise Error(-e, os.strerror(-e))
        if messages:
            self._hear = _HEAR(lambda data, text: messages(text.decode(errors="replace")))
            _lib.vmlife_on_message(self._handle, self._hear, None)
        for name, values in options.items():
            for value in values if isinstance(values, (list, tuple)) else [values]:
                self._check(_lib.vmlife_set(self._handle, name.replace("_", "-").encode(), os.fsencode(str(value))))

    @property
    def _handle(self):
        if not self._scan:
            raise Error(errno.EBADF, "the scan is closed: ask for its results before")
        return self._scan

    def _check(self, e):
        if e < 0:
            raise Error(-e, _lib.vmlife_error(self._handle).decode(errors="replace") or os.strerror(-e))

    def read(self, source):
        """Reads a source to its end: a path, "journal", "-"."""
        self._check(_lib.vmlife_read(self._handle, os.fsencode(source)))

    def feed(self, data):
        """Takes bytes of a log; feed_end() reads them."""
        self._check(_lib.vmlife_feed(self._handle, data, len(data)))

    def feed_end(self, name):
        """What was fed is a log of that name."""
        self._check(_lib.vmlife_feed_end(self._handle, os.fsencode(name)))

    def finish(self):
        """All sources are read. Asking for results does it too."""
        if not self._finished:
            self._check(_lib.vmlife_finish(self._handle))
        self._finished = True

    def _each(self, what):
        self.finish()
        for i in range(_lib.vmlife_count(self._handle, what)):
            text = _lib.vmlife_json(self._handle, what, i)
            if text is None:
                raise MemoryError
            yield json.loads(text)

    def findings(self):
        """The findings, as dictionaries."""
        return self._each(FINDING)

    def boots(self):
        """The boots, as dictionaries."""
        return self._each(BOOT)

    def status(self):
        """What "vmlife scan" would exit with."""
        self.finish()
        return _lib.vmlife_status(self._handle)

    def report(self, format="json"):
        """The whole report as bytes; format is one of "vmlife scan --format"."""
        self.finish()
        data, size = ctypes.c_void_p(), ctypes.c_size_t()
        self._check(_lib.vmlife_report(self._handle, format.encode(), ctypes.byref(data), ctypes.byref(size)))
        try:
            return ctypes.string_at(data, size.value)
        finally:
            _libc.free(data)

    def close(self):
        """Frees the scan; what it gave stays."""
        _lib.vmlife_close(self._scan)
        self._scan = ctypes.c_void_p()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
