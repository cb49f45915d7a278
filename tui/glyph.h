/* SPDX-License-Identifier: GPL-3.0-or-later */
/* glyph.h - the shapes, in UTF-8 or in ASCII: one decision for the whole screen. */
#ifndef GLYPH_H
#define GLYPH_H

#include <stdbool.h>
#include <stddef.h>
#include <wchar.h>

/* Every one of them is one column wide. */
#define GLYPHS(X)                                        \
	X(HLINE, "─", "-")                               \
	X(VLINE, "│", "|")                               \
	X(TOP_LEFT, "┌", "+")                            \
	X(TOP_RIGHT, "┐", "+")                           \
	X(BOTTOM_LEFT, "└", "+")                         \
	X(BOTTOM_RIGHT, "┘", "+")                        \
	X(HEAVY_HLINE, "━", "=") /* the focused side */  \
	X(HEAVY_VLINE, "┃", "#")                         \
	X(HEAVY_TOP_LEFT, "┏", "#")                      \
	X(HEAVY_TOP_RIGHT, "┓", "#")                     \
	X(HEAVY_BOTTOM_LEFT, "┗", "#")                   \
	X(HEAVY_BOTTOM_RIGHT, "┛", "#")                  \
	X(DASH_HLINE, "╌", ".") /* the past */           \
	X(DASH_VLINE, "╎", ":")                          \
	X(RIGHT, "▶", ">")                               \
	X(LEFT, "◀", "<")                                \
	X(UP, "▲", "^")                                  \
	X(DOWN, "▼", "v")                                \
	X(CHANGED, "▌", "*")                             \
	X(ALIVE, "●", "o")                               \
	X(GONE, "○", "-")                                \
	X(DEAD, "✗", "X")                                \
	X(STOPPED, "‖", "=")                             \
	X(HELD, "‖", "|")     /* in mid-wire */          \
	X(ON_RIGHT, "»", ")") /* still on its way */     \
	X(ON_LEFT, "«", "(")                             \
	X(GAP, "⋮", ":")   /* time that passed */        \
	X(PICK, "▸", ">")  /* the one the keys are on */ \
	X(HATCH, "░", "/") /* nothing is here now */     \
	X(BLOCKED, "■", "%")                             \
	X(ORPHAN, "◌", "~")                              \
	X(DECIDER, "◆", "!")                             \
	X(TRUE, "✓", "+")                                \
	X(FALSE, "✗", "x")                               \
	X(UNKNOWN, "?", "?")                             \
	X(ELLIPSIS, "…", "~")                            \
	X(DOT, "·", "-")
enum glyph {
#define X(id, utf8, ascii) GLYPH_##id,
	GLYPHS(X)
#undef X
		GLYPH_COUNT
};

const char *glyph_text(enum glyph glyph, bool utf8);
/* The likeness, as wide, that the fonts of the Linux console have of a shape: 256 or 512 of them
 * are all there is. Other characters come back as they are. */
wchar_t glyph_console(wchar_t wide);
/* Set the locale. One that this machine has not, as a login from afar may name it, is C.UTF-8 here
 * where it is one of UTF-8; `said` then gets a line, otherwise "". */
void glyph_locale(char *said, size_t size);
/* Whether LC_CTYPE, as set, is UTF-8. */
bool glyph_utf8_locale(void);
/* Take one character off `*at` (of a terminated text): what a terminal may be given, in at most
 * 3 wide characters, and the columns it takes. Control characters, invalid UTF-8 and, without
 * `utf8`, what has no ASCII likeness come out as `?`. Returns the number of wide characters, 0 at
 * the end. */
size_t glyph_take(const char **at, bool utf8, wchar_t out[4], int *columns);

#endif
