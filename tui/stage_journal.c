/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * stage_journal.c - the newest of what the programs did, a line each, an empty row between two.
 *
 *     client  close(3) = 0
 *
 *   ◆ server  write(4, "123", 3) = 3
 *
 * Segments are the ladder's, states the panels': they have no line here, unless the cursor of the
 * past is on them.
 */
#include "journal_view.h"
#include "panel.h"
#include "stage.h"

#include <stdio.h>
#include <string.h>

#define LINES 32
#define LOOKED_AT 4000 /* events: a flood of segments must not cost a frame its time */

static bool tells(const struct event *event)
{
	switch (event->kind) {
	case EVENT_CALL:
	case EVENT_BLOCKED:
	case EVENT_ICMP:
	case EVENT_HOST:
		return true;
	case EVENT_LINK: /* that a lab began is seen */
		return strncmp(event->note.text, link_name(LINK_LOOPBACK), 8) != 0 &&
		       strcmp(event->note.text, link_name(LINK_WIRE)) != 0;
	case EVENT_PROCESS:
		return event->process.what != PROCESS_STARTED;
	case EVENT_EXPECT:
		return !event->expect.held;
	default:
		return false;
	}
}

static enum style line_style(const struct event *event)
{
	if (event->kind == EVENT_CALL && (event->call.err || event->call.killed))
		return STYLE_ERROR;
	if (event->kind == EVENT_PROCESS && event->process.what == PROCESS_KILLED)
		return STYLE_ERROR;
	if (event->kind == EVENT_EXPECT)
		return STYLE_ERROR;
	return event->kind == EVENT_BLOCKED ? STYLE_CHANGED : STYLE_STRONG;
}

/* What errno means goes where the row is too short: the arguments say more. */
static void line_fit(const struct canvas *canvas, int columns, const struct event *event,
		     char *text)
{
	const char *what = event->kind == EVENT_CALL && event->call.err
				   ? strerrordesc_np(event->call.err)
				   : NULL;
	char why[96], *at;

	if (!what || draw_columns(canvas, text) <= columns)
		return;
	snprintf(why, sizeof(why), " (%s)", what);
	at = strstr(text, why);
	if (at)
		memmove(at, at + strlen(why), strlen(at + strlen(why)) + 1);
}

static void line_draw(const struct canvas *canvas, struct rect at, const struct event *event,
		      const struct journal_view *view)
{
	const char *side = event->side == SIDE_NONE ? "" : side_name(event->side);
	bool here = event->n == view->cursor;
	enum style style = here ? STYLE_CURSOR : line_style(event);
	size_t len = strlen(side);
	char text[512];

	event_shorten(event_format(event, canvas->utf8, text, sizeof(text)));
	line_fit(canvas, at.w - 3, event, text);
	if (here)
		draw_fill(canvas, (struct rect){at.y, at.x + 1, 1, at.w - 1}, style);
	if (event->n == view->decider)
		draw_glyph(canvas, at.y, at.x, STYLE_DECIDER, GLYPH_DECIDER);
	else if (here)
		draw_glyph(canvas, at.y, at.x, STYLE_DECIDER, GLYPH_RIGHT);
	else if (event->n > view->since && !view->cursor)
		draw_glyph(canvas, at.y, at.x, STYLE_CHANGED, GLYPH_CHANGED);
	journal_view_text(canvas, (struct rect){at.y, at.x + 2, 1, at.w - 3}, style, event, text);
	if (!here && len && !strncmp(text, side, len))
		draw_text(canvas, at.y, at.x + 2, (int)len, panel_style(event->side), side);
}

void stage_journal_draw(const struct canvas *canvas, struct rect at,
			const struct journal_view *view, uint64_t from)
{
	const struct journal *journal = view->journal;
	uint64_t n = view->cursor ? view->cursor : journal_last(journal);
	const struct event *lines[LINES], *event;
	int count = 0, room = (at.h + 1) / 2 < LINES ? (at.h + 1) / 2 : LINES;

	for (int i = 0;
	     i < LOOKED_AT && count < room && n >= from && (event = journal_at(journal, n));
	     i++, n--)
		if (tells(event) || n == view->cursor || n == view->decider)
			lines[count++] = event;
	for (int i = 0; i < count; i++)
		line_draw(canvas, (struct rect){at.y + 2 * i, at.x, 1, at.w}, lines[count - 1 - i],
			  view);
}
