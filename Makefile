# SPDX-License-Identifier: GPL-3.0-or-later
# make            build ./bothends and ./bothends-actor
# make run        install what is missing, build, open the lab
# make test       install what is missing, build, run every test
# V=1 shows the commands, O=DIR builds elsewhere.

O ?= build
PREFIX ?= /usr/local
DESTDIR ?=
CC ?= cc
PKGS := libmnl jansson libcmark
TUI_PKGS := ncursesw readline
TEST_PKGS := cmocka vterm

WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
	-Wwrite-strings -Wvla -Wformat=2 -Wno-format-nonliteral -Werror
CFLAGS ?= -O2 -g
BASE := -std=gnu11 -D_GNU_SOURCE -Iengine $(WARN) -fno-common -MMD -MP
LIBS = $(shell pkg-config --libs $(PKGS)) -lpcap
TUI_LIBS = $(shell pkg-config --libs $(TUI_PKGS))
PKG_CFLAGS = $(shell pkg-config --cflags $(PKGS))

ENGINE := $(patsubst %.c,$(O)/%.o,$(wildcard engine/*.c))
ACTOR := $(patsubst %.c,$(O)/%.o,$(wildcard actor/*.c))
TUI := $(patsubst %.c,$(O)/%.o,$(wildcard tui/*.c))
UNIT := $(patsubst tests/unit/%.c,$(O)/tests/%,$(wildcard tests/unit/test_*.c))
Q := $(if $(V),,@)
say = $(if $(V),,@echo "  $(1)	$(2)";)

all: $(O)/bothends $(O)/bothends-actor

$(O)/libengine.a: $(ENGINE)
	$(call say,AR,$@)rm -f $@ && ar rcs $@ $^

$(O)/bothends: $(TUI) $(O)/libengine.a
	$(call say,LD,$@)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS) $(TUI_LIBS)

$(O)/bothends-actor: $(ACTOR)
	$(call say,LD,$@)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

# The engine's tests link without curses and readline: the boundary holds or they do not link.
$(O)/tests/%: tests/unit/%.c $(O)/libengine.a
	@mkdir -p $(@D)
	$(call say,LD,$@)$(CC) $(BASE) $(CFLAGS) $(PKG_CFLAGS) $(LDFLAGS) -o $@ $< $(O)/libengine.a \
		$(LIBS) $(shell pkg-config --libs cmocka)

$(O)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(BASE) $(CFLAGS) $(PKG_CFLAGS) -c -o $@ $<

unit: $(UNIT) $(O)/bothends-actor
	$(Q)for t in $(UNIT); do $$t || exit 1; done

clean:
	rm -rf $(O)

-include $(shell find $(O) -name '*.d' 2>/dev/null)
.PHONY: all unit clean
