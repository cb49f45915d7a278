/* SPDX-License-Identifier: GPL-3.0-or-later */
/* draw.h - text and lines into cells. The only file that writes to a curses window. */
#ifndef DRAW_H
#define DRAW_H

#include "glyph.h"
#include "style.h"

struct canvas {
	WINDOW *win;
	bool utf8;    /* glyphs and text beyond ASCII */
	bool console; /* the Linux console, with few of them: glyph_console */
	attr_t attrs[STYLE_COUNT];
	short pairs[STYLE_COUNT];
};

struct rect {
	int y, x, h, w;
};

enum frame { FRAME_PLAIN, FRAME_FOCUS, FRAME_PAST, FRAME_PAST_FOCUS };

void canvas_start(struct canvas *canvas, WINDOW *win, enum scheme scheme, bool utf8);
/* Columns that text takes on this canvas. */
int draw_columns(const struct canvas *canvas, const char *text);
/* Text at (y, x) in at most `width` columns, whatever bytes it holds; returns the columns used.
 * draw_clip ends text that does not fit with an ellipsis. */
int draw_text(const struct canvas *canvas, int y, int x, int width, enum style style,
	      const char *text);
int draw_clip(const struct canvas *canvas, int y, int x, int width, enum style style,
	      const char *text);
int draw_printf(const struct canvas *canvas, int y, int x, int width, enum style style,
		const char *fmt, ...) __attribute__((format(printf, 6, 7)));
int draw_glyph(const struct canvas *canvas, int y, int x, enum style style, enum glyph glyph);
/* `width` times the same glyph. */
void draw_run(const struct canvas *canvas, int y, int x, int width, enum style style,
	      enum glyph glyph);
void draw_fill(const struct canvas *canvas, struct rect at, enum style style);
void draw_box(const struct canvas *canvas, struct rect at, enum style style, enum frame frame);

#endif
