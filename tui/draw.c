/* SPDX-License-Identifier: GPL-3.0-or-later */
/* draw.c - text and lines into cells. */
#include "draw.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void canvas_start(struct canvas *canvas, WINDOW *win, enum scheme scheme, bool utf8)
{
	cchar_t blank;

	canvas->win = win;
	canvas->utf8 = utf8;
	canvas->console = utf8 && !strncmp(termname(), "linux", 5);
	style_start(scheme, canvas->attrs, canvas->pairs);
	/* What is erased has the plain ground. */
	setcchar(&blank, L" ", 0, canvas->pairs[STYLE_PLAIN], NULL);
	wbkgrndset(win, &blank);
}

int draw_columns(const struct canvas *canvas, const char *text)
{
	wchar_t wide[4];
	int columns, sum = 0;

	while (glyph_take(&text, canvas->utf8, wide, &columns))
		sum += columns;
	return sum;
}

static void draw_style(const struct canvas *canvas, enum style style)
{
	wattr_set(canvas->win, canvas->attrs[style], canvas->pairs[style], NULL);
}

int draw_text(const struct canvas *canvas, int y, int x, int width, enum style style,
	      const char *text)
{
	int used = 0, columns, rows = getmaxy(canvas->win), room = getmaxx(canvas->win) - x;
	wchar_t wide[4];
	size_t n;

	if (y < 0 || y >= rows || x < 0)
		return 0;
	if (width > room)
		width = room;
	draw_style(canvas, style);
	while ((n = glyph_take(&text, canvas->utf8, wide, &columns))) {
		if (used + columns > width)
			break;
		if (canvas->console)
			wide[0] = glyph_console(wide[0]);
		if (columns)
			mvwaddnwstr(canvas->win, y, x + used, wide, (int)n);
		else if (used) /* combining: joins the cell before */
			waddnwstr(canvas->win, wide, (int)n);
		used += columns;
	}
	return used;
}

int draw_clip(const struct canvas *canvas, int y, int x, int width, enum style style,
	      const char *text)
{
	int used;

	if (width < 1)
		return 0;
	if (draw_columns(canvas, text) <= width)
		return draw_text(canvas, y, x, width, style, text);
	used = draw_text(canvas, y, x, width - 1, style, text);
	return used + draw_glyph(canvas, y, x + used, style, GLYPH_ELLIPSIS);
}

int draw_printf(const struct canvas *canvas, int y, int x, int width, enum style style,
		const char *fmt, ...)
{
	char text[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	return draw_clip(canvas, y, x, width, style, text);
}

int draw_glyph(const struct canvas *canvas, int y, int x, enum style style, enum glyph glyph)
{
	return draw_text(canvas, y, x, 1, style, glyph_text(glyph, canvas->utf8));
}

void draw_run(const struct canvas *canvas, int y, int x, int width, enum style style,
	      enum glyph glyph)
{
	for (int i = 0; i < width; i++)
		draw_glyph(canvas, y, x + i, style, glyph);
}

void draw_fill(const struct canvas *canvas, struct rect at, enum style style)
{
	draw_style(canvas, style);
	for (int row = 0; row < at.h; row++)
		for (int column = 0; column < at.w; column++)
			mvwaddnwstr(canvas->win, at.y + row, at.x + column, L" ", 1);
}

void draw_box(const struct canvas *canvas, struct rect at, enum style style, enum frame frame)
{
	bool heavy = frame == FRAME_FOCUS || frame == FRAME_PAST_FOCUS;
	bool past = frame == FRAME_PAST || frame == FRAME_PAST_FOCUS;
	enum glyph h = past ? GLYPH_DASH_HLINE : heavy ? GLYPH_HEAVY_HLINE : GLYPH_HLINE;
	enum glyph v = past ? GLYPH_DASH_VLINE : heavy ? GLYPH_HEAVY_VLINE : GLYPH_VLINE;
	enum glyph corner = heavy ? GLYPH_HEAVY_TOP_LEFT : GLYPH_TOP_LEFT;

	if (at.h < 2 || at.w < 2)
		return;
	draw_run(canvas, at.y, at.x + 1, at.w - 2, style, h);
	draw_run(canvas, at.y + at.h - 1, at.x + 1, at.w - 2, style, h);
	for (int row = 1; row < at.h - 1; row++) {
		draw_glyph(canvas, at.y + row, at.x, style, v);
		draw_glyph(canvas, at.y + row, at.x + at.w - 1, style, v);
	}
	/* The four corners stand in this order in the list of glyphs, light and heavy alike. */
	draw_glyph(canvas, at.y, at.x, style, corner);
	draw_glyph(canvas, at.y, at.x + at.w - 1, style, corner + 1);
	draw_glyph(canvas, at.y + at.h - 1, at.x, style, corner + 2);
	draw_glyph(canvas, at.y + at.h - 1, at.x + at.w - 1, style, corner + 3);
}
