/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * stage.c - the screen for a talk.
 *
 *    bothends   The write that should have failed                          loopback
 *   ┌ client · pid 4242 ─ alive ┐                          ┏ server · pid 4243 ━ alive ┓
 *   │                           │                          ┃                           ┃
 *   │ ○ gone                    │ ━━━━━━━━━ P. 3 ━━━━━━━━▶ ┃ ● CLOSE_WAIT              ┃
 *   │                           │                          ┃                           ┃
 *   │ fd 3 ✗ closed             │ ◀━━━━━━━━━━ R ━━━━━━━━━━ ┃ Recv-Q 1      Send-Q 0    ┃
 *   └───────────────────────────┘                          ┗━━━━━━━━━━━━━━━━━━━━━━━━━━━┛
 *     3 · The write
 *
 *     the step, large; then the newest of the journal
 *
 *    step 3 of 4     PgDn  play                                             ▶ every 5 s
 */
#include "stage.h"

#include "journal_view.h"
#include "panel.h"
#include "prompt.h"
#include "view.h"
#include "welcome.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MEASURE 96 /* columns of a line that is read with ease */
#define BESIDE 120 /* columns from which the journal stands beside the text */

const char *stage_theme(const char *theme)
{
	const char *no_color = getenv("NO_COLOR");

	if (!theme)
		return no_color && *no_color ? NULL : "contrast";
	if (!strcmp(theme, "light"))
		return "contrast-light";
	return strcmp(theme, "dark") ? theme : "contrast";
}

/* Rows that the journal has in any case. */
static int journal_least(const struct screen *screen, int middle)
{
	enum reader_phase phase =
		reader_reads(&screen->reader) ? screen->reader.phase : READER_NONE;

	if (screen->cursor || phase == READER_NONE)
		return middle / 2;
	return middle >= 10 && (phase == READER_DONE || phase == READER_PLAYING) ? 2 : 0;
}

static void stage_middle(struct screen *screen, int top, int bottom)
{
	struct layout *at = &screen->layout;
	int middle = bottom - top, margin = at->columns >= 100 ? 4 : 2;
	bool reads = reader_reads(&screen->reader), welcomes = welcome_shows(screen);
	bool beside = at->columns >= BESIDE && reads;
	int width = beside ? at->columns * 3 / 5 : at->columns, text = 0;

	width -= 2 * margin;
	if (width > MEASURE)
		width = MEASURE;
	if (reads)
		text = stage_view_rows(&screen->canvas, &screen->reader, width,
				       middle - (beside ? 0 : journal_least(screen, middle)));
	else if (welcomes)
		text = welcome_rows(screen, at->columns, middle);
	at->lesson = (struct rect){top, margin, text, width};
	at->rule = (struct rect){0};
	if (beside) {
		at->rule = (struct rect){top, at->columns * 3 / 5, middle, 1};
		at->journal =
			(struct rect){top, at->rule.x + 1, middle, at->columns - at->rule.x - 1};
	} else {
		at->journal = (struct rect){top + text + (text > 0), 0, middle - text - (text > 0),
					    at->columns};
	}
	if (welcomes) {
		at->lesson.x = 0;
		at->lesson.w = at->columns;
	}
}

void stage_layout(struct screen *screen, bool child)
{
	struct layout *at = &screen->layout;
	int rows = at->rows, columns = at->columns;
	int wide = columns < 76 ? columns * 2 / 5 : columns * 3 / 8;
	int high = rows < 20 ? 6 : rows < 28 ? 9 : rows < 36 ? 10 : rows < 50 ? 14 : 18;
	int top = 1 + (rows >= 28), bottom;

	if (child)
		high += rows >= 28 ? 4 : 3;
	if (wide > 56)
		wide = 56;
	at->title = (struct rect){0, 0, 1, columns};
	at->end[SIDE_CLIENT] = (struct rect){top, 0, high, wide};
	at->end[SIDE_SERVER] =
		(struct rect){top, columns - wide, child ? (high + 1) / 2 : high, wide};
	at->end[SIDE_CHILD] =
		(struct rect){top + (high + 1) / 2, columns - wide, child ? high / 2 : 0, wide};
	at->ladder = (struct rect){top + 1, wide, high - 2, columns - 2 * wide - 1};
	at->keys = (struct rect){rows - 1, 0, 1, columns};
	bottom = rows - 2 - screen->asked;
	at->prompt = (struct rect){rows - 2, 0, 1, columns};
	at->message = (struct rect){bottom, 0, 1, columns};
	top += high + (rows >= 24);
	stage_middle(screen, top, bottom);
	at->overlay = (struct rect){top, 0, bottom - top, columns};
	if (screen->overlay == OVERLAY_HELP || screen->overlay == OVERLAY_LESSONS)
		at->overlay = (struct rect){1, 0, bottom - 1, columns};
}

void stage_draw_middle(struct screen *screen, const struct journal_view *view)
{
	const struct canvas *canvas = &screen->canvas;
	const struct layout *at = &screen->layout;

	if (reader_reads(&screen->reader))
		stage_view_draw(canvas, at->lesson, &screen->reader);
	else if (at->lesson.h)
		welcome_draw(screen, at->lesson);
	for (int y = 0; y < at->rule.h; y++)
		draw_glyph(canvas, at->rule.y + y, at->rule.x, STYLE_RULE, GLYPH_VLINE);
	stage_journal_draw(canvas, at->journal, view, screen->ladder.from);
}

/* What the next press does; "": it does nothing. */
static const char *next_words(const struct screen *screen, char *out, size_t size)
{
	const struct reader *reader = &screen->reader;

	*out = '\0';
	if (screen->cursor)
		return screen_saved(screen) ? "forward   End  the end" : "forward   End  now";
	if (screen_saved(screen))
		return "";
	if (!reader->lesson)
		return "";
	if (reader->away)
		return "back to the lesson";
	if (reader->more)
		return "read on";
	switch (reader->phase) {
	case READER_INTRO:
		return "begin";
	case READER_STEP:
		if (screen_disturbed(screen))
			return "replay to here on a fresh pair";
		if (!reader_asks(reader))
			return "play";
		if (reader->choice >= 0)
			return "play, and see";
		snprintf(out, size, "play   1 to %zu  predict first", reader_choices(reader));
		return out;
	case READER_DONE:
		if (reader->step + 1 >= reader->lesson->nsteps)
			return "the end";
		if (screen_disturbed(screen))
			return "the next step, on a fresh pair";
		snprintf(out, size, "step %zu", reader->step + 2);
		return out;
	case READER_END:
		return reader->last ? "" : "the next lesson";
	case READER_FAILED:
		return "replay to here on a fresh pair";
	case READER_NONE:
	case READER_AGAIN:
	case READER_PLAYING:
		break;
	}
	return "";
}

static const char *here_words(const struct screen *screen, char *out, size_t size)
{
	if (screen_saved(screen))
		return "saved session";
	if (screen->cursor)
		return "the past";
	if (!screen->reader.lesson)
		return ":  prompt   F2  lessons";
	if (screen->reader.phase == READER_PLAYING) {
		snprintf(out, size, "step %zu of %zu   playing", screen->reader.step + 1,
			 screen->reader.lesson->nsteps);
		return out;
	}
	return reader_where(&screen->reader, out, size);
}

/* Where we are, and what the next key does: all that is said of keys. */
static void bar_draw(const struct screen *screen)
{
	const struct canvas *canvas = &screen->canvas;
	struct rect at = screen->layout.keys;
	char text[80], pace[40];
	const char *words = here_words(screen, text, sizeof(text));
	int end = at.x + at.w - 1, x = at.x + 2;

	if (*pace_words(screen, pace, sizeof(pace))) {
		end -= draw_columns(canvas, pace);
		draw_text(canvas, at.y, end, at.w, STYLE_CHANGED, pace);
		end -= 2;
	}
	x += draw_clip(canvas, at.y, x, end - x, STYLE_KEY_TEXT, words) + 4;
	words = next_words(screen, text, sizeof(text));
	if (!*words || x + 12 > end)
		return;
	x += draw_text(canvas, at.y, x, end - x, STYLE_KEY, "PgDn") + 2;
	draw_clip(canvas, at.y, x, end - x, STYLE_KEY_TEXT, words);
}

void stage_draw_bottom(const struct screen *screen)
{
	const struct canvas *canvas = &screen->canvas;

	if (screen->message[0] || prompt_matches() || *prompt_line() || screen->walking ||
	    (screen->running && screen_busy(screen)))
		message_draw(screen);
	bar_draw(screen);
	curs_set(screen->asked);
	if (screen->asked)
		prompt_draw(canvas, screen->layout.prompt, panel_style(screen->focus));
	else
		wmove(canvas->win, screen->layout.rows - 1, screen->layout.columns - 1);
}
