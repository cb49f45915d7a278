# SPDX-License-Identifier: GPL-3.0-or-later
#
# make                    build/bothends and build/bothends-actor, ./bothends points to them
# make run                install what is missing, build, open the lab
# make test               install what is missing, build, run every test
# make bench              measure the budgets (BENCHES='wire idle': only those)
# make lint               clang-format, cppcheck, shellcheck
# make check-boundaries   no terminal in engine/, no sockets in tui/
# make screenshots        retake screenshots/ from the real program
# make install            PREFIX=/usr/local DESTDIR=; make uninstall takes it away
# make deb                a Debian package, in build/
#
# V=1 shows the commands, O=DIR builds elsewhere, SANITIZE=address,undefined builds with those,
# TESTS='unit/test_grammar cli' runs only what begins so.

O ?= build
PREFIX ?= /usr/local
DESTDIR ?=
CC ?= cc
CFLAGS ?= -O2 -g
MAKEFLAGS += --no-print-directory

PKGS := libmnl libpcap jansson libcmark
TUI_PKGS := ncursesw readline
VTERM_PKGS := vterm

WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
	-Wwrite-strings -Wvla -Wformat=2 -Wno-format-nonliteral -Werror
SAN := $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-omit-frame-pointer -fno-sanitize-recover=all)
# Some distributions' compilers have it on, and then warn of more: so here, too.
FORTIFY = $(if $(SANITIZE),,$(if $(filter -O1 -O2 -O3 -Os,$(CFLAGS)),-U_FORTIFY_SOURCE \
	-D_FORTIFY_SOURCE=3))
BASE = -std=gnu11 -D_GNU_SOURCE -Iengine $(WARN) -fno-common -MMD -MP \
	$(CFLAGS) $(CPPFLAGS) $(FORTIFY) $(SAN)

# Asked once, at the first use: by then `make run` has installed what they ask about.
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(shell pkg-config --cflags $(PKGS) $(TUI_PKGS)))$(PKG_CFLAGS)
LIBS = $(eval LIBS := $$(shell pkg-config --libs $(PKGS)))$(LIBS)
TUI_LIBS = $(eval TUI_LIBS := $$(shell pkg-config --libs $(TUI_PKGS)))$(TUI_LIBS)
VTERM_LIBS = $(eval VTERM_LIBS := $$(shell pkg-config --libs $(VTERM_PKGS)))$(VTERM_LIBS)
CMOCKA_LIBS = $(eval CMOCKA_LIBS := $$(shell pkg-config --libs cmocka))$(CMOCKA_LIBS)

objects = $(patsubst %.c,$(O)/%.o,$(1))
ENGINE := $(call objects,$(wildcard engine/*.c))
ACTOR := $(call objects,$(wildcard actor/*.c))
TUI := $(call objects,$(wildcard tui/*.c))

Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-5s %s\n' $(1) $(2);)

# Every core, unless -j was given; asked at the recipe, when MAKEFLAGS tells.
JOBS = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc 2>/dev/null || echo 1))

all: $(O)/bothends $(O)/bothends-actor links

# ------------------------------------------------------------------------------- the program
# What lab and actors say to each other is said by one piece of code.
$(O)/libengine.a: $(ENGINE) $(O)/actor/message.o
	$(call say,AR,$@)rm -f $@ && ar rcs $@ $^

$(O)/bothends: $(TUI) $(O)/libengine.a
	$(call say,LINK,$@)$(CC) $(CFLAGS) $(SAN) $(LDFLAGS) -o $@ $^ $(LIBS) $(TUI_LIBS)

$(O)/bothends-actor: $(ACTOR)
	$(call say,LINK,$@)$(CC) $(CFLAGS) $(SAN) $(LDFLAGS) -o $@ $^

$(O)/%.o: %.c | $(O)/.setup
	$(Q)mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(BASE) $(PKG_CFLAGS) -c -o $@ $<

# The manual page and the completions of the shells are printed from the program's own tables.
$(O)/manual $(O)/completion: $(O)/%: $(O)/tools/%.o $(filter-out $(O)/tui/main.o,$(TUI)) \
		$(O)/libengine.a
	$(call say,LINK,$@)$(CC) $(CFLAGS) $(SAN) $(LDFLAGS) -o $@ $^ $(LIBS) $(TUI_LIBS)
$(O)/completion: $(patsubst %.c,$(O)/%.o,$(wildcard tools/completion_*.c))
$(O)/tools/%.o: BASE += -Itui

# Its date is the newest entry's of the changelog.
$(O)/bothends.1: packaging/bothends.1.in $(O)/manual CHANGELOG.md
	$(call say,MAN,$@)$(O)/manual \
		"$$(sed -nE 's/^## [0-9.]+ - //p' CHANGELOG.md | head -n 1)" < $< > $@

COMPLETIONS := $(addprefix $(O)/bothends.,bash zsh fish)
$(COMPLETIONS): $(O)/bothends.%: $(O)/completion $(wildcard lessons/*.md) | links
	$(call say,GEN,$@)$(O)/completion $* > $@

# Lessons are looked for beside the binary; ./bothends is for the person in this directory.
links: | $(O)/bothends
	$(Q)[ "$$(readlink $(O)/lessons)" = "$(CURDIR)/lessons" ] || ln -sfn "$(CURDIR)/lessons" $(O)/lessons
	$(Q)[ $(O) != build ] || [ -L bothends-actor ] || ln -sf build/bothends build/bothends-actor .

# Names what is missing instead of letting the compiler stumble over it.
$(O)/.setup: tools/setup
	$(Q)tools/setup --check build
	$(Q)mkdir -p $(@D) && touch $@

# ------------------------------------------------------------------------------------- tests
# A file test_*.c is a program, any other .c in its directory is linked into all of that
# directory's. unit, fuzz and actor link without curses and readline: the boundary holds or they
# do not link. screen has the program's objects but main, pty drives $(O)/bothends in a libvterm.
# tests/cli/*.sh are scripts. All speak TAP (cmocka does, when asked).
TEST_BASE = $(BASE) -Itui -DTEST_BUILD='"$(abspath $(O))"' -DTEST_SOURCE='"$(CURDIR)"'
SUITES := unit fuzz actor screen pty cli
others = $(call objects,$(filter-out tests/$(1)/test_%,$(wildcard tests/$(1)/*.c)))
programs = $(patsubst %.c,$(O)/%,$(wildcard tests/$(1)/test_*.c))
PROGRAMS := $(foreach s,$(SUITES),$(call programs,$(s)))

LINK_unit = $(O)/libengine.a
LINK_fuzz = $(O)/libengine.a
LINK_actor = $(O)/libengine.a
LINK_screen = $(filter-out $(O)/tui/main.o,$(TUI)) $(O)/libengine.a
LINK_pty = $(O)/libengine.a
LINK_cli = $(O)/libengine.a
LIBS_screen = $(TUI_LIBS) -lm
LIBS_pty = $(VTERM_LIBS)

define suite
$(O)/tests/$(1)/test_%: $(O)/tests/$(1)/test_%.o $(call others,$(1)) $(LINK_$(1))
	$$(call say,LINK,$$@)$$(CC) $$(CFLAGS) $$(SAN) $$(LDFLAGS) -o $$@ $$^ $$(LIBS_$(1)) \
		$$(LIBS) $$(CMOCKA_LIBS)
endef
$(foreach s,$(SUITES),$(eval $(call suite,$(s))))

$(O)/tests/%.o: tests/%.c | $(O)/.setup
	$(Q)mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(TEST_BASE) $(PKG_CFLAGS) -c -o $@ $<

# The budgets. Its own program, and no test: a slow machine is no defect.
BENCH := $(call objects,$(wildcard tests/bench/*.c))
$(O)/tests/bench/bench: $(BENCH) $(O)/libengine.a
	$(call say,LINK,$@)$(CC) $(CFLAGS) $(SAN) $(LDFLAGS) -o $@ $^ $(LIBS)

bench: all $(O)/tests/bench/bench
	$(Q)$(O)/tests/bench/bench $(BENCHES)

tests: all $(PROGRAMS) $(O)/bothends.1 $(COMPLETIONS) $(O)/tests/bench/bench

# Only what is built and only these: `make check TESTS=unit`, without installing anything.
check: tests
	$(Q)O=$(abspath $(O)) tests/run $(TESTS)

test:
	$(Q)tools/setup build test
	$(Q)$(MAKE) $(JOBS) tests
	$(Q)tools/apparmor $(O)
	$(Q)O=$(abspath $(O)) tests/run $(TESTS)

# One directory's, with only what it needs.
$(SUITES): %: ; $(Q)O=$(abspath $(O)) tests/run $@/
$(foreach s,$(SUITES),$(eval $(s): $(call programs,$(s))))
actor pty cli: all

# --------------------------------------------------------------------------------- every day
run:
	$(Q)tools/setup build
	$(Q)$(MAKE) $(JOBS) all
	$(Q)tools/apparmor $(O)
	$(Q)exec $(O)/bothends $(ARGS)

lint:
	$(Q)tools/lint

check-boundaries: all
	$(Q)tools/boundaries $(O)

screenshots:
	$(Q)tools/setup build screenshots
	$(Q)$(MAKE) $(JOBS) all
	$(Q)tools/screenshots $(O)

# ----------------------------------------------------------------------------------- install
SHARE = $(PREFIX)/share
MAN = $(SHARE)/man/man1/bothends.1
BASH_COMPLETION = $(SHARE)/bash-completion/completions/bothends
ZSH_COMPLETION = $(SHARE)/zsh/site-functions/_bothends
FISH_COMPLETION = $(SHARE)/fish/vendor_completions.d/bothends.fish

# What is to be installed there, and with which mode: one line each.
put = install -D -m $(1) $(2) "$(DESTDIR)$(3)"
install: all $(O)/bothends.1 $(COMPLETIONS)
	$(call put,755,$(O)/bothends,$(PREFIX)/bin/bothends)
	$(call put,755,$(O)/bothends-actor,$(PREFIX)/libexec/bothends/bothends-actor)
	install -d "$(DESTDIR)$(SHARE)/bothends/lessons/programs" "$(DESTDIR)$(SHARE)/doc/bothends"
	install -m 644 lessons/*.md "$(DESTDIR)$(SHARE)/bothends/lessons/"
	install -m 644 lessons/programs/*.[ch] "$(DESTDIR)$(SHARE)/bothends/lessons/programs/"
	install -m 644 README.md ARCHITECTURE.md CHANGELOG.md LICENSE \
		"$(DESTDIR)$(SHARE)/doc/bothends/"
	$(call put,644,$(O)/bothends.1,$(MAN))
	$(call put,644,$(O)/bothends.bash,$(BASH_COMPLETION))
	$(call put,644,$(O)/bothends.zsh,$(ZSH_COMPLETION))
	$(call put,644,$(O)/bothends.fish,$(FISH_COMPLETION))
	tools/apparmor --install "$(PREFIX)/bin/bothends" "$(DESTDIR)"

uninstall:
	tools/apparmor --uninstall "$(PREFIX)/bin/bothends" "$(DESTDIR)"
	rm -f "$(DESTDIR)$(PREFIX)/bin/bothends" "$(DESTDIR)$(MAN)" "$(DESTDIR)$(BASH_COMPLETION)" "$(DESTDIR)$(ZSH_COMPLETION)" \
		"$(DESTDIR)$(FISH_COMPLETION)"
	rm -rf "$(DESTDIR)$(PREFIX)/libexec/bothends" "$(DESTDIR)$(SHARE)/bothends" \
		"$(DESTDIR)$(SHARE)/doc/bothends"

# build/bothends_VERSION_ARCH.deb, built beside the tree; nothing in the tree is touched.
deb:
	$(Q)tools/setup build deb
	$(Q)tools/deb $(O)

clean:
	rm -rf $(O)
	rm -f bothends bothends-actor

-include $(shell find $(O) -name '*.d' 2>/dev/null)
.SECONDARY:
.PHONY: all links tests check test bench $(SUITES) run lint check-boundaries \
	screenshots install uninstall deb clean
