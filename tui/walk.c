/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * walk.c - from segment to segment on the ladder, and what to do with the one the keys are on.
 *
 *    Enter wire release segment 7  d drop  2 duplicate  o open  Esc leave
 *
 * While nothing was picked by hand, the keys are on the oldest held segment: Enter, Enter, Enter
 * lets one after the other go. What they do is a line of the command language, and is told as one.
 */
#include "segment_view.h"
#include "view.h"

#include <stdio.h>
#include <string.h>

#define ESC 27

static const struct act {
	int key, other;	  /* two ways */
	const char *name; /* of the key */
	const char *word;
	const char *verb; /* of the command, for a held segment; NULL: a request of the screen's */
} acts[] = {
	{'\r', 'r', "Enter", "release", "release"}, {'d', KEY_DC, "d", "drop", "drop"},
	{'2', '+', "2", "duplicate", "duplicate"},  {'o', ' ', "o", "open", NULL},
	{ESC, 'q', "Esc", "leave", NULL},
};
#define ACTS (sizeof(acts) / sizeof(acts[0]))
#define OPEN 3

/* The newest fate of the one picked: what still waited at the time shown, as it is now; NULL:
 * nothing is picked. */
static const struct event *walk_event(const struct ladder *ladder)
{
	const struct event *event = NULL;

	crossing_fates(ladder->journal, ladder->from, ladder->upto, ladder->pick, &event, 1);
	if (!event || (event->kind == EVENT_SEGMENT && fate_waits(event->segment.fate)))
		crossing_fates(ladder->journal, ladder->from, journal_last(ladder->journal),
			       ladder->pick, &event, 1);
	return event;
}

static bool walk_held(const struct screen *screen, const struct event *event)
{
	return event && event->kind == EVENT_SEGMENT && event->segment.fate == FATE_HELD &&
	       !screen_saved(screen);
}

/* Why this one cannot be released, dropped or duplicated. */
static void walk_refuse(struct screen *screen, const struct event *event)
{
	if (!event)
		screen_say(screen, STYLE_HINT, "no segment is here yet");
	else if (screen_link(screen) != LINK_WIRE)
		screen_say(screen, STYLE_HINT,
			   "on loopback nothing can be held: `link wire`, then `wire hold`");
	else if (event->kind != EVENT_SEGMENT)
		screen_say(screen, STYLE_HINT, "an ICMP message cannot be held");
	else
		screen_say(screen, STYLE_HINT, "segment %u is not held: it was %s at %.2f",
			   event->segment.id, fate_name(event->segment.fate),
			   (double)event->t / 1e9);
}

static void walk_do(struct screen *screen, const struct act *act)
{
	const struct event *event;
	struct ladder ladder;
	char line[64];

	screen_ladder(screen, &ladder);
	event = walk_event(&ladder);
	if (act->key == ESC) {
		if (screen->overlay == OVERLAY_SEGMENT)
			overlay_close(screen);
		else
			walk_leave(screen);
	} else if (!act->verb) {
		if (screen->overlay == OVERLAY_SEGMENT) {
			overlay_close(screen);
		} else if (event) {
			overlay_close(screen);
			screen->help_top = 0;
			screen->overlay = OVERLAY_SEGMENT;
		} else {
			walk_refuse(screen, event);
		}
	} else if (!walk_held(screen, event)) {
		walk_refuse(screen, event);
	} else {
		snprintf(line, sizeof(line), "wire %s segment %u", act->verb, event->segment.id);
		screen->pick = (struct pick){EVENT_NONE, 0};
		screen_command(screen, line);
	}
}

/* Whether the one the keys are on is held. */
static bool walk_can(const struct screen *screen)
{
	struct ladder ladder;

	screen_ladder(screen, &ladder);
	return walk_held(screen, walk_event(&ladder));
}

void walk_leave(struct screen *screen)
{
	if (screen->overlay == OVERLAY_SEGMENT)
		overlay_close(screen);
	screen->walking = false;
	screen->pick = (struct pick){EVENT_NONE, 0};
}

void walk_move(struct screen *screen, int by)
{
	struct ladder ladder;

	if (!screen->walking) {
		explain_leave(screen);
		screen->walking = true;
		screen->pick = (struct pick){EVENT_NONE, 0};
		return;
	}
	screen_ladder(screen, &ladder);
	screen->pick = ladder_walk(&ladder, by);
	screen->help_top = 0;
}

void walk_toggle(struct screen *screen)
{
	if (screen->walking)
		walk_leave(screen);
	else
		walk_move(screen, 0);
}

bool walk_key(struct screen *screen, int key)
{
	if (key == KEY_ENTER || key == '\n')
		key = '\r';
	if (key == KEY_UP || key == KEY_DOWN) {
		walk_move(screen, key == KEY_UP ? -1 : 1);
		return true;
	}
	for (size_t i = 0; i < ACTS; i++)
		if (key == acts[i].key || key == acts[i].other) {
			/* Enter opens what cannot be released. */
			walk_do(screen, key == '\r' && !walk_can(screen) ? &acts[OPEN] : &acts[i]);
			return true;
		}
	if (key > ' ' && key < KEY_MIN)
		walk_leave(screen); /* a command is being typed */
	return false;
}

void walk_click(struct screen *screen, int y)
{
	const struct event *event = NULL;
	struct ladder ladder;
	struct pick pick;
	bool again;

	screen_ladder(screen, &ladder);
	pick = ladder_at(screen->layout.ladder, &ladder, y);
	/* The first click may have moved it from under the second. */
	again = screen->walking && screen->clicked == y && screen->cursor &&
		screen->cursor == screen->clicked_to;
	if (again || (screen->walking && pick.kind != EVENT_NONE && pick_same(pick, ladder.pick))) {
		screen->clicked_to = 0;
		walk_do(screen, &acts[OPEN]);
		return;
	}
	if (pick.kind == EVENT_NONE)
		return;
	screen->walking = true;
	screen->pick = pick;
	screen->help_top = 0;
	/* What waits is of now; what has crossed leads to when it did. */
	if (crossing_fates(ladder.journal, ladder.from, ladder.upto, pick, &event, 1) &&
	    !(event->kind == EVENT_SEGMENT && fate_waits(event->segment.fate)))
		rewind_to(screen, event->n);
	screen->clicked = y;
	screen->clicked_to = screen->cursor;
}

/* The row of what can be done: drawn, or asked what is at column `click` (-1: drawn). */
static const struct act *walk_row(const struct screen *screen, struct rect at, int click)
{
	const struct canvas *canvas = &screen->canvas;
	const struct event *event = walk_event(&screen->ladder);
	int x = at.x + 1, end = at.x + at.w;
	char text[64];

	for (size_t i = 0; i < ACTS; i++) {
		const struct act *act = &acts[i];
		/* Where a question is open its digits are answers. */
		const char *name = act->key == '2' && reader_asks(&screen->reader) ? "+"
				   : i == OPEN && !walk_held(screen, event)	   ? "Enter"
										   : act->name;
		int start = x;

		if ((act->verb && !walk_held(screen, event)) || (act->key == 'o' && !event))
			continue;
		if (i == 0)
			snprintf(text, sizeof(text), "wire %s segment %u", act->verb,
				 event->segment.id);
		else
			snprintf(text, sizeof(text), "%s", act->word);
		x += (int)strlen(name) + 1 + (int)strlen(text);
		if (x > end)
			break;
		if (click >= start && click < x)
			return act;
		if (click < 0) {
			draw_text(canvas, at.y, start, end - start, STYLE_KEY, name);
			draw_text(canvas, at.y, x - (int)strlen(text), end - start,
				  act->verb ? STYLE_STRONG : STYLE_KEY_TEXT, text);
		}
		x += 2;
	}
	if (click < 0 && !event)
		draw_text(canvas, at.y, x, end - x, STYLE_HINT, "no segment is here yet");
	else if (click < 0 && !walk_held(screen, event) && event->kind == EVENT_SEGMENT)
		draw_printf(canvas, at.y, x, end - x, STYLE_HINT, "segment %u was %s",
			    event->segment.id, fate_name(event->segment.fate));
	return NULL;
}

void walk_draw(const struct screen *screen, struct rect at)
{
	walk_row(screen, at, -1);
}

bool walk_click_act(struct screen *screen, int x)
{
	const struct act *act = walk_row(screen, screen->layout.message, x);

	if (act)
		walk_do(screen, act);
	return act;
}

/* The opened segment, under the panels: the ladder stays in sight. */
void segment_draw(struct screen *screen, struct rect at)
{
	const struct canvas *canvas = &screen->canvas;
	struct rect inner = {at.y + 1, at.x + 2, at.h - 2, at.w - 4};
	const struct ladder *ladder = &screen->ladder;
	struct segment_view view = {ladder->journal, ladder->from, ladder->upto, ladder->pick};
	struct page page = {0};
	char title[96];
	int last;

	page_start(&page, inner.w, canvas->utf8);
	segment_view_fill(&view, &page);
	if ((int)page.count < inner.h) { /* what it does not need shows what is under it */
		inner.h = (int)page.count;
		at.h = inner.h + 2;
	}
	draw_fill(canvas, at, STYLE_PLAIN);
	draw_box(canvas, at, STYLE_FOCUS, FRAME_FOCUS);
	draw_printf(canvas, at.y, at.x + 1, at.w - 2, STYLE_HEADING, " %s ",
		    segment_view_title(&view, title, sizeof(title)));
	draw_clip(canvas, at.y + at.h - 1, at.x + 1, at.w - 2, STYLE_DIM,
		  canvas->utf8 ? " ↑ ↓ the segment before or after; PgUp PgDn scroll; Esc leaves "
			       : " up, down: the segment before or after; PgUp PgDn scroll; Esc "
				 "leaves ");
	last = (int)page.count - inner.h;
	if (screen->help_top > last)
		screen->help_top = last > 0 ? last : 0;
	page_draw(canvas, &page, inner, screen->help_top);
	if (screen->help_top)
		draw_glyph(canvas, at.y + 1, at.x + at.w - 1, STYLE_CHANGED, GLYPH_UP);
	if (screen->help_top < last)
		draw_glyph(canvas, at.y + at.h - 2, at.x + at.w - 1, STYLE_CHANGED, GLYPH_DOWN);
	page_free(&page);
}
