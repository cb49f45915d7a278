/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * journal_view.c - what happened, a line an event.
 *
 *      2.41  server  write(4, "123", 3) = 3
 *      2.41          ◀── P. 1:4 ack 2 len 3
 *   ▌  2.41          ──▶ R 2                    ▌ came with the last step
 *   ▶  2.41  server  CLOSE_WAIT → CLOSE         ▶ the cursor, when it is in the past
 *   ◆  3.02  server  write(4, "A", 1) = -1 EPIPE (Broken pipe)     ◆ it decided
 */
#include "journal_view.h"

#include "panel.h"
#include "rung.h"

#include <stdio.h>
#include <string.h>

#define ROWS 256
#define TIME_COLUMNS (JOURNAL_VIEW_MARGIN - 2)
#define LOOKED_AT 1000 /* events, for what led to a snapshot */

static uint64_t number(const struct event *event)
{
	return event ? event->n : 0;
}

uint64_t journal_view_latest(const struct journal *journal, uint64_t n)
{
	return number(journal_list_latest(journal, LIST_LINES, SIDE_NONE, n));
}

uint64_t journal_view_before(const struct journal *journal, uint64_t n)
{
	return n > 1 ? journal_view_latest(journal, n - 1) : 0;
}

uint64_t journal_view_after(const struct journal *journal, uint64_t n)
{
	return number(journal_list_after(journal, LIST_LINES, SIDE_NONE, n));
}

/* Whether it can have changed what a snapshot of this side tells. */
static bool event_reaches(const struct event *event, enum side side)
{
	switch (event->kind) {
	case EVENT_SEGMENT:
		return event->segment.to == side && (event->segment.fate == FATE_DELIVERED ||
						     event->segment.fate == FATE_RELEASED ||
						     event->segment.fate == FATE_DUPLICATED);
	case EVENT_ICMP:
		return event->icmp.to == side;
	case EVENT_CALL:
	case EVENT_BLOCKED:
	case EVENT_STATE:
	case EVENT_PROCESS:
	case EVENT_HOST:
		return event->side == side;
	default:
		return false;
	}
}

uint64_t journal_view_cause(const struct journal *journal, uint64_t n)
{
	const struct event *snapshot = journal_at(journal, n), *event;

	if (!snapshot || snapshot->kind != EVENT_SNAPSHOT)
		return n;
	for (uint64_t at = n - 1; (event = journal_at(journal, at)) && n - at < LOOKED_AT; at--)
		if (event_reaches(event, snapshot->side))
			return at;
	return n;
}

uint64_t journal_view_scene(const struct journal *journal, uint64_t n)
{
	uint64_t after = journal_view_after(journal, n);

	return after ? after - 1 : journal_last(journal);
}

/* Whether the deciding event is among the newest that fit. */
static bool view_reaches(const struct journal_view *view, int room)
{
	uint64_t n = journal_last(view->journal) + 1;

	for (int i = 0; i < room && n > view->decider; i++)
		if (!(n = journal_view_before(view->journal, n)))
			break;
	return n && n <= view->decider;
}

/* The events that are drawn, oldest first: the newest ones, or those around the cursor or around
 * the event that decided. */
static int view_rows(const struct journal_view *view, int room, uint64_t rows[ROWS])
{
	const struct journal *journal = view->journal;
	uint64_t n = view->cursor ? view->cursor : journal_last(journal), after;
	uint64_t end = view->cursor && view->seen ? view->seen : journal_last(journal);
	int count = 0;

	if (room > ROWS)
		room = ROWS;
	if (!view->cursor && view->decider && !view_reaches(view, room))
		n = view->decider;
	for (int i = 0; i < room / 3 && (after = journal_view_after(journal, n)) && after <= end;
	     i++)
		n = after;
	for (n = journal_view_latest(journal, n); n && count < room;
	     n = journal_view_before(journal, n))
		rows[count++] = n;
	for (int i = 0; i < count / 2; i++) {
		uint64_t other = rows[i];

		rows[i] = rows[count - 1 - i];
		rows[count - 1 - i] = other;
	}
	return count;
}

static enum style event_style(const struct event *event)
{
	switch (event->kind) {
	case EVENT_COMMAND:
		return STYLE_COMMAND;
	case EVENT_CALL:
		return event->call.err || event->call.killed ? STYLE_ERROR : STYLE_PLAIN;
	case EVENT_BLOCKED:
		return STYLE_CHANGED;
	case EVENT_SEGMENT:
	case EVENT_ICMP:
		return rung_style(event);
	case EVENT_STATE:
		return STYLE_CHANGE;
	case EVENT_PROCESS:
		return event->process.what == PROCESS_KILLED ? STYLE_ERROR : STYLE_STRONG;
	case EVENT_LINK:
	case EVENT_HOST:
		return STYLE_STRONG;
	case EVENT_EXPECT:
		return event->expect.held > 0 ? STYLE_GOOD
		       : event->expect.held   ? STYLE_DIM
					      : STYLE_ERROR;
	default:
		return STYLE_PLAIN;
	}
}

void journal_view_text(const struct canvas *canvas, struct rect at, enum style style,
		       const struct event *event, char *text)
{
	char *end = event->kind == EVENT_CALL ? strstr(text, ") = ") : NULL;
	int columns = draw_columns(canvas, text), tail, used;

	for (char *next = end; next && (next = strstr(next + 1, ") = "));)
		end = next;
	tail = end ? draw_columns(canvas, end) : 0;
	if (columns <= at.w || !end || tail > at.w * 3 / 4) {
		draw_clip(canvas, at.y, at.x, at.w, style, text);
		return;
	}
	*end = '\0';
	used = draw_clip(canvas, at.y, at.x, at.w - tail, style, text);
	*end = ')';
	draw_text(canvas, at.y, at.x + used, tail, style, end);
}

static void event_draw(const struct canvas *canvas, struct rect at, const struct event *event,
		       const struct journal_view *view)
{
	bool here = event->n == view->cursor, later = view->cursor && event->n > view->cursor;
	enum style style = here ? STYLE_CURSOR : later ? STYLE_DIM : event_style(event);
	const char *side = event->side == SIDE_NONE ? "" : side_name(event->side);
	size_t len = strlen(side);
	char text[512];
	int x = at.x + 1, width = at.w - 1;

	event_format(event, canvas->utf8, text, sizeof(text));
	if (here)
		draw_fill(canvas, (struct rect){at.y, x, 1, width}, style);
	if (event->n == view->decider)
		draw_glyph(canvas, at.y, at.x, STYLE_DECIDER, GLYPH_DECIDER);
	else if (here)
		draw_glyph(canvas, at.y, at.x, STYLE_DECIDER, GLYPH_RIGHT);
	else if (event->n > view->since && !later)
		draw_glyph(canvas, at.y, at.x, STYLE_CHANGED, GLYPH_CHANGED);
	draw_printf(canvas, at.y, x, TIME_COLUMNS, here ? style : STYLE_TIME, "%7.2f",
		    (double)event->t / 1e9);
	x += TIME_COLUMNS + 1;
	width -= TIME_COLUMNS + 1;
	if (draw_columns(canvas, text) > width)
		event_shorten(text);
	journal_view_text(canvas, (struct rect){at.y, x, 1, width}, style, event, text);
	if (!here && !later && len && !strncmp(text, side, len))
		draw_text(canvas, at.y, x, width < (int)len ? width : (int)len,
			  panel_style(event->side), side);
}

/* A journal that has let go of its oldest says so in its first row. */
static struct rect view_inner(struct rect at, const struct journal_view *view)
{
	if (journal_first(view->journal) > 1 && at.h > 1) {
		at.y++;
		at.h--;
	}
	return at;
}

void journal_view_draw(const struct canvas *canvas, struct rect at, const struct journal_view *view)
{
	struct rect inner = view_inner(at, view), row = {inner.y, at.x, 1, at.w};
	uint64_t rows[ROWS], first = journal_first(view->journal);
	int count = view_rows(view, inner.h, rows);

	if (inner.y > at.y)
		draw_printf(canvas, at.y, at.x + 1, at.w - 1, STYLE_DIM,
			    "events 1 to %llu were let go; the newest %llu are kept",
			    (unsigned long long)first - 1,
			    (unsigned long long)(journal_last(view->journal) - first + 1));
	/* While it is short it grows downwards; then the newest stays at the bottom. */
	for (int i = 0; i < count; i++, row.y++)
		event_draw(canvas, row, journal_at(view->journal, rows[i]), view);
}

uint64_t journal_view_at(struct rect at, const struct journal_view *view, int y)
{
	struct rect inner = view_inner(at, view);
	uint64_t rows[ROWS];
	int count = view_rows(view, inner.h, rows), i = y - inner.y;

	return i >= 0 && i < count ? rows[i] : 0;
}
