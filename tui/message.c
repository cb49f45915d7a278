/* SPDX-License-Identifier: GPL-3.0-or-later */
/* message.c - the line above the prompt: answers, completions, what to do next. */
#include "journal_view.h"
#include "prompt.h"
#include "situation.h"
#include "view.h"

#include <string.h>

/* Over as many rows as it takes, the last of them `last`. */
static void draw_above(const struct screen *screen, int last, struct page *page)
{
	int rows = (int)page->count < 5 ? (int)page->count : 5;
	struct rect at = {last + 1 - rows, 0, rows, screen->layout.message.w};

	draw_fill(&screen->canvas, at, STYLE_HINT);
	page_draw(&screen->canvas, page, (struct rect){at.y, 1, rows, at.w - 2}, 0);
	page_free(page);
}

/* What could be meant. */
static void draw_matches(const struct screen *screen, char **matches)
{
	struct page page = {0};

	page_start(&page, screen->layout.message.w - 2, screen->canvas.utf8);
	page_begin(&page, 0, STYLE_HINT, NULL);
	for (; *matches; matches++) {
		page_flow(&page, STYLE_HINT, *matches);
		page_flow(&page, STYLE_HINT, "  ");
	}
	page_end(&page);
	draw_above(screen, screen->layout.message.y, &page);
}

/* A line that is too long ends with the cure: none of it may be lost. */
static void draw_said(const struct screen *screen)
{
	struct page page = {0};

	page_start(&page, screen->layout.message.w - 2, screen->canvas.utf8);
	page_text(&page, 0, screen->message_style, screen->message);
	draw_above(screen, screen->layout.message.y, &page);
}

/* While something is typed: the words that can stand there, or what is expected in words. */
static void draw_hint(const struct screen *screen)
{
	const struct canvas *canvas = &screen->canvas;
	struct rect at = screen->layout.message;
	char hint[256] = "", line[256] = "";
	size_t start, used = 0;
	char **words = command_complete(prompt_line(), strlen(prompt_line()), screen->focus, &start,
					hint, sizeof(hint));

	for (char **word = words; *word && used < sizeof(line); word++)
		used += (size_t)snprintf(line + used, sizeof(line) - used, "%s  ", *word);
	draw_clip(canvas, at.y, 1, at.w - 2, STYLE_HINT, used && used < (size_t)at.w ? line : hint);
	completion_free(words);
}

/* In the free lab: that something waits for the reader. */
static bool draw_held(const struct screen *screen)
{
	const struct canvas *canvas = &screen->canvas;
	struct rect at = screen->layout.message;
	const struct ladder *ladder = &screen->ladder;
	struct crossings crossings;
	char hint[128];

	if (reader_reads(&screen->reader) || screen_link(screen) != LINK_WIRE)
		return false;
	crossings_take(ladder->journal, ladder->from, ladder->upto, 0, ladder->wire, &crossings);
	if (!crossings_held(&crossings))
		return false;
	if (screen->reader.away) {
		draw_printf(canvas, at.y, 1, at.w - 2, STYLE_HINT, "%s %d held, F5;  %s",
			    glyph_text(GLYPH_HELD, canvas->utf8), crossings_held(&crossings),
			    reader_hint(&screen->reader, screen->lab, hint, sizeof(hint)));
		return true;
	}
	draw_printf(canvas, at.y, 1, at.w - 2, STYLE_HINT,
		    "%s %d held: F5 walks there, `wire release` lets the oldest go",
		    glyph_text(GLYPH_HELD, canvas->utf8), crossings_held(&crossings));
	return true;
}

/* The journal's line at the cursor, where it has room for a part of it only. */
static void draw_whole(const struct screen *screen)
{
	const struct event *event =
		screen->cursor ? journal_at(screen_journal(screen), screen->cursor) : NULL;
	struct page page = {0};
	char text[512];

	if (!event)
		return;
	event_format(event, screen->canvas.utf8, text, sizeof(text));
	if (draw_columns(&screen->canvas, text) <= screen->layout.journal.w - JOURNAL_VIEW_MARGIN)
		return;
	page_start(&page, screen->layout.message.w - 2, screen->canvas.utf8);
	page_text(&page, 0, STYLE_HINT, text);
	draw_above(screen, screen->layout.message.y - 1, &page);
}

void message_draw(const struct screen *screen)
{
	const struct canvas *canvas = &screen->canvas;
	struct rect at = screen->layout.message;
	char **matches = prompt_matches(), hint[128];

	if (screen->message[0]) {
		draw_said(screen);
	} else if (matches) {
		draw_matches(screen, matches);
	} else if (*prompt_line()) {
		draw_hint(screen);
	} else if (screen->walking) {
		walk_draw(screen, at);
	} else if (screen->running && screen_busy(screen)) {
		draw_printf(canvas, at.y, 1, at.w - 2, STYLE_DIM, "%s ...   Ctrl-C gives up",
			    screen->waiting);
	} else if (welcome_shows(screen) && screen->overlay == OVERLAY_NONE) {
		draw_clip(canvas, at.y, 1, at.w - 2, STYLE_HINT,
			  at.w < 76 ? "Enter or a digit; or type a command, such as open"
				    : "Enter, a digit or a click; or type a command, such as open");
	} else if (screen->overlay == OVERLAY_NONE && *rewind_hint(screen, hint, sizeof(hint))) {
		draw_clip(canvas, at.y, 1, at.w - 2, STYLE_HINT, hint);
		draw_whole(screen);
	} else if (screen->overlay == OVERLAY_NONE && !draw_held(screen)) {
		reader_hint(&screen->reader, screen->lab, hint, sizeof(hint));
		if (screen->reader.phase == READER_NONE && !screen_saved(screen) &&
		    !screen->explaining)
			situation_hint(screen, at.w - 2, hint, sizeof(hint));
		draw_clip(canvas, at.y, 1, at.w - 2, STYLE_HINT, hint);
	}
}
