/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * layout.c - where everything is, from the terminal's size and what there is to show.
 *
 *    80 x 24                                  132 columns and more
 *   title                                    title
 *   client    ladder    server               client    ladder    server
 *                       child                                    child
 *   the lesson's text                        the lesson's text │ the journal
 *   ─────────────────                                          │
 *   the journal                              message, prompt, keys
 *   message, prompt, keys
 */
#include "view.h"

static int text_rows(const struct screen *screen, int width, int room)
{
	if (reader_reads(&screen->reader))
		return lesson_view_rows(&screen->canvas, &screen->reader, width, room);
	return welcome_shows(screen) ? welcome_rows(screen, width, room) : 0;
}

/* Rows of the middle that the text must leave. While a step is read nothing happens: its text may
 * have all it needs. */
static int screen_journal_rows(const struct screen *screen, int middle)
{
	enum reader_phase phase =
		reader_reads(&screen->reader) ? screen->reader.phase : READER_NONE;

	if (welcome_shows(screen))
		return middle < 8 ? 0 : 2;
	if (screen->cursor || phase == READER_DONE || phase == READER_PLAYING)
		return middle / 3 + 1;
	return phase == READER_STEP || phase == READER_INTRO || phase == READER_END ? 0
										    : middle / 5;
}

void screen_layout(struct screen *screen, bool child)
{
	struct layout *at = &screen->layout;
	int rows = at->rows, columns = at->columns;
	int wide = columns < 76 ? columns * 2 / 5 : columns * 3 / 8;
	int high = rows < 20 ? 6 : rows < 30 ? 8 : rows < 36 ? rows / 3 : rows * 2 / 5;
	int middle, text, least, half, rule;

	if (child)
		high += high >= 8 ? 4 : 2;
	if (high > 26)
		high = 26;
	if (wide > 56 && columns - 2 * wide < 50)
		wide = (columns - 50) / 2;
	if (wide > 75)
		wide = 75;
	at->title = (struct rect){0, 0, 1, columns};
	at->end[SIDE_CLIENT] = (struct rect){1, 0, high, wide};
	at->end[SIDE_SERVER] =
		(struct rect){1, columns - wide, child ? (high + 1) / 2 : high, wide};
	at->end[SIDE_CHILD] =
		(struct rect){1 + (high + 1) / 2, columns - wide, child ? high / 2 : 0, wide};
	at->ladder = (struct rect){1, wide, high, columns - 2 * wide};
	middle = rows - 4 - high;
	least = screen_journal_rows(screen, middle);
	/* Wide: the text and the journal stand side by side. */
	half = columns >= 132 && (reader_reads(&screen->reader) || welcome_shows(screen))
		       ? columns / 2
		       : 0;
	text = text_rows(screen, half ? half : columns, half ? middle : middle - least);
	rule = text && text < middle - 1;
	if (half) {
		at->lesson = (struct rect){1 + high, 0, middle, half};
		at->rule = (struct rect){1 + high, half, middle, 1};
		at->journal = (struct rect){1 + high, half + 1, middle, columns - half - 1};
	} else {
		at->lesson = (struct rect){1 + high, 0, text, columns};
		at->rule = (struct rect){1 + high + text, 0, rule, columns};
		at->journal = (struct rect){1 + high + text + at->rule.h, 0,
					    middle - text - at->rule.h, columns};
		/* A single line under a question would look like one more answer, unless it is
		 * the reader's own doing. */
		if (text && at->journal.h < 2 && !screen_disturbed(screen))
			at->journal.h = at->rule.h = 0;
	}
	at->overlay = (struct rect){1 + high, 0, middle, columns};
	if (screen->overlay == OVERLAY_HELP || screen->overlay == OVERLAY_LESSONS ||
	    (screen->overlay == OVERLAY_ACTIONS && middle < 20))
		at->overlay = (struct rect){1, 0, rows - 4, columns};
	at->message = (struct rect){rows - 3, 0, 1, columns};
	at->prompt = (struct rect){rows - 2, 0, 1, columns};
	at->keys = (struct rect){rows - 1, 0, 1, columns};
}
