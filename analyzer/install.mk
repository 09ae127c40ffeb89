# SPDX-License-Identifier: LGPL-2.1-or-later
#
# install, uninstall: with DESTDIR and PREFIX as everywhere. deb: Debian packages of the tree as it stands.
# analyzer/build.mk includes this.

PREFIX ?= /usr/local
bindir ?= $(PREFIX)/bin
datadir ?= $(PREFIX)/share
mandir ?= $(datadir)/man
libdir ?= $(PREFIX)/lib
includedir ?= $(PREFIX)/include
pythondir ?= $(PREFIX)/lib/python3/dist-packages
unitdir ?= $(PREFIX)/lib/systemd/system
catalogdir ?= $(PREFIX)/lib/systemd/catalog
bashdir ?= $(datadir)/bash-completion/completions
zshdir ?= $(datadir)/zsh/site-functions
fishdir ?= $(datadir)/fish/vendor_completions.d

# Where each file comes from and goes to, "source:folder"; its mode is the program's or that of data.
install-programs := $(BUILD)/vmlife:$(bindir)
install-library := $(library).$(VMLIFE_ABI):$(libdir)
install-data = $(foreach page,$(wildcard $(doc-dir)/man/*),$(page):$(mandir)/man$(lastword $(subst ., ,$(page)))) \
	$(doc-dir)/completions/bash/vmlife:$(bashdir) $(doc-dir)/completions/zsh/_vmlife:$(zshdir) \
	$(doc-dir)/completions/fish/vmlife.fish:$(fishdir) $(doc-dir)/vmlife.catalog:$(catalogdir) \
	$(foreach schema,$(wildcard analyzer/schema/*.json),$(schema):$(datadir)/vmlife) \
	$(foreach unit,$(unit-files),$(unit):$(unitdir)) analyzer/src/lib/vmlife.h:$(includedir) \
	$(BUILD)/libvmlife.pc:$(libdir)/pkgconfig analyzer/python/vmlife.py:$(pythondir)

unit-dir := $(BUILD)/systemd
unit-files := $(patsubst configs/systemd/%.in,$(unit-dir)/%,$(wildcard configs/systemd/*.service.in)) \
	$(patsubst configs/systemd/%,$(unit-dir)/%,$(wildcard configs/systemd/*.timer))

from = $(firstword $(subst :, ,$(1)))
to = $(lastword $(subst :, ,$(1)))
target = $(DESTDIR)$(call to,$(1))/$(notdir $(call from,$(1)))

.PHONY: install uninstall units deb check-deb check-install
## install             into $(DESTDIR)$(PREFIX) (/usr/local); uninstall takes it out again
install: $(BUILD)/vmlife $(library) $(doc-dir)/made units $(BUILD)/libvmlife.pc
	$(Q)$(foreach f,$(install-programs),install -D -m 755 $(call from,$(f)) $(call target,$(f)) &&) \
	$(foreach f,$(install-library) $(install-data),install -D -m 644 $(call from,$(f)) $(call target,$(f)) &&) \
	ln -sf libvmlife.so.$(VMLIFE_ABI) $(DESTDIR)$(libdir)/libvmlife.so

# Folders that others use too stay.
uninstall: $(doc-dir)/made units
	$(Q)rm -f $(foreach f,$(install-programs) $(install-library) $(install-data),$(call target,$(f))) \
		$(DESTDIR)$(libdir)/libvmlife.so
	$(Q)rmdir $(DESTDIR)$(datadir)/vmlife 2>/dev/null || :

.PHONY: $(BUILD)/libvmlife.pc
$(BUILD)/libvmlife.pc: analyzer/src/lib/vmlife.pc.in
	$(Q)sed 's|@PREFIX@|$(PREFIX)|; s|@libdir@|$(libdir)|; s|@includedir@|$(includedir)|; s|@version@|$(VMLIFE_VERSION)|' \
		$< >$@

# Made anew each time: they name the folder of the program.
units:
	$(Q)mkdir -p $(unit-dir)
	$(Q)for unit in configs/systemd/*.in; do \
		name=$${unit##*/}; sed 's|@bindir@|$(bindir)|' "$$unit" >$(unit-dir)/$${name%.in} || exit; done
	$(Q)cp configs/systemd/*.timer $(unit-dir)

## deb                 Debian packages, in build/deb
deb:
	$(Q)configs/debian/build $(BUILD)/deb

check-install: $(BUILD)/vmlife $(library) $(doc-dir)/made
	$(Q)tests/package/check-install $(BUILD)

check-deb:
	$(Q)tests/package/check-deb $(BUILD)/deb
