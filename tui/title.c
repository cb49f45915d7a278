/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * title.c - the bar at the top.
 *
 *    bothends   Both close at once          wire: hold · delay 200 ms   step 2 of 4
 *    bothends   Both close at once         ◀ THE PAST  12 of 48 · 3 new · End: now
 *    SAVED SESSION   demo.jsonl   Both close at once       22 Nov 2026 10:40   12 of 48
 */
#include "title.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void __attribute__((format(printf, 3, 4)))
words_add(char *out, size_t size, const char *fmt, ...)
{
	size_t used = strlen(out);
	va_list args;

	used += (size_t)snprintf(out + used, size - used, "%s", used ? " · " : "wire: ");
	if (used >= size)
		return;
	va_start(args, fmt);
	vsnprintf(out + used, size - used, fmt, args);
	va_end(args);
}

char *title_wire(const struct wire_state *wire, char *out, size_t size)
{
	static const char *const unreachable[] = {"", "host", "net", "port"};

	*out = '\0';
	if (!wire || !wire->on)
		return out;
	if (wire->hold[SIDE_CLIENT] && wire->hold[SIDE_SERVER])
		words_add(out, size, "hold");
	else if (wire->hold[SIDE_CLIENT] || wire->hold[SIDE_SERVER])
		words_add(out, size, "hold %s",
			  side_name(wire->hold[SIDE_CLIENT] ? SIDE_CLIENT : SIDE_SERVER));
	if (wire->delay && wire->delay % NS_PER_S)
		words_add(out, size, "delay %lld ms", (long long)(wire->delay / NS_PER_MS));
	else if (wire->delay)
		words_add(out, size, "delay %lld s", (long long)(wire->delay / NS_PER_S));
	if (wire->loss)
		words_add(out, size, "loss %u%%", wire->loss);
	if (wire->next_drop)
		words_add(out, size, "drops the next");
	if (wire->next_duplicate)
		words_add(out, size, "doubles the next");
	if (wire->next_reorder)
		words_add(out, size, "reorders the next");
	if (wire->cut)
		words_add(out, size, "cut");
	if (wire->unreachable)
		words_add(out, size, "unreachable %s", unreachable[wire->unreachable & 3]);
	return out;
}

/* What stands at the right, in which style. */
static enum style title_right(const struct canvas *canvas, const struct title *title, bool wire,
			      char *out, size_t size)
{
	const unsigned long long line = title->line, lines = title->lines, since = title->since;
	const char *back = glyph_text(GLYPH_LEFT, canvas->utf8);
	const char *pace = title->pace ? title->pace : "";
	char more[40] = "";

	if (title->saved) {
		snprintf(out, size, "%s%s%llu of %llu ", title->where, *title->where ? "   " : "",
			 line, lines);
		return STYLE_TITLE_DIM;
	}
	if (title->past) {
		if (since)
			snprintf(more, sizeof(more), "%llu new  ", since);
		snprintf(out, size, " %s THE PAST %llu of %llu  %s%s%sEnd: now ", back, line, lines,
			 more, pace, *pace ? "  " : "");
		return STYLE_PAST;
	}
	snprintf(out, size, "%s%s%s%s", wire ? "" : link_name(title->link),
		 *title->where && !wire ? "   " : "", title->where,
		 title->blind ? "   no capture" : "");
	return title->blind ? STYLE_WARNING : STYLE_TITLE_DIM;
}

/* The lesson, or the saved file and what it tells of. */
static void title_left(const struct canvas *canvas, struct rect at, const struct title *title)
{
	int x = at.x, end = at.x + at.w;

	if (title->saved) {
		const char *slash = strrchr(title->saved, '/');

		x += draw_text(canvas, at.y, x - 1, end - x, STYLE_PAST, " SAVED SESSION ") + 1;
		if (x < end)
			x += draw_clip(canvas, at.y, x, end - x, STYLE_TITLE,
				       slash ? slash + 1 : title->saved) +
			     3;
	} else if (at.w >= 27) { /* what the wire does says more than the program's name */
		x += draw_text(canvas, at.y, x, 10, STYLE_TITLE_DIM, "bothends") + 3;
	}
	if (title->name && x < end)
		draw_clip(canvas, at.y, x, end - x, STYLE_TITLE, title->name);
}

void title_draw(const struct canvas *canvas, struct rect at, const struct title *title)
{
	int x = at.x + 1, end = at.x + at.w - 1, columns;
	enum style style;
	char wire[96], right[160];

	draw_fill(canvas, at, STYLE_TITLE);
	title_wire(title->wire, wire, sizeof(wire));
	style = title_right(canvas, title, *wire, right, sizeof(right));
	columns = draw_columns(canvas, right);
	end -= columns;
	draw_text(canvas, at.y, end, columns, style, right);
	if (*wire) {
		columns = draw_columns(canvas, wire);
		end -= columns + (*right ? 2 : 0);
		if (end < x)
			columns -= x - end;
		end = end < x ? x : end;
		draw_clip(canvas, at.y, end, columns, STYLE_WARNING, wire);
	}
	title_left(canvas, (struct rect){at.y, x, 1, end - x - 3}, title);
}
