/* SPDX-License-Identifier: GPL-3.0-or-later */
/* line_lesson.c - a lesson in lines: what is to be read when the reader comes to it, once. */
#include "line.h"

#include <limits.h>

/* What can be done now. */
static void line_hint(const struct line *line)
{
	const struct reader *reader = &line->screen.reader;
	size_t choices = reader_choices(reader);

	switch (reader_reads(reader) ? reader->phase : READER_NONE) {
	case READER_STEP:
		if (choices)
			line_printf(line, "(1 to %zu answers; ", choices);
		line_printf(line, "%s`next` plays this step%s)\n", choices ? "" : "(",
			    reader_hints(reader) ? "; `hint`" : "");
		break;
	case READER_INTRO:
	case READER_DONE:
		line_put(line, "(`next` goes on)\n");
		break;
	case READER_FAILED:
		line_put(line, "(`next` plays it again)\n");
		break;
	case READER_END:
		if (reader->study)
			line_put(line, "(`again N` plays from that step; ");
		line_printf(line, "%s%s)\n", reader->study ? "" : "(",
			    reader->last ? "`lesson` has the others" : "`next`: the next lesson");
		break;
	case READER_NONE:
	case READER_AGAIN:
	case READER_PLAYING:
		break;
	}
}

bool line_reader_moved(const struct line *line)
{
	const struct reader *reader = &line->screen.reader;

	return line->lesson != reader->lesson || line->phase != reader->phase ||
	       line->step != reader->step || line->choice != reader->choice ||
	       line->hinted != reader->hinted || line->away != reader->away;
}

/* Whether a step that was played has nothing to add: all of its text came before. */
static bool reader_said(const struct reader *reader)
{
	const struct step *step = &reader->lesson->steps[reader->step];
	unsigned held, failed, unavailable;

	player_counts(study_player(reader->study), &held, &failed, &unavailable);
	return !step->question && !step->nclaims && step->nbefore == step->nblocks && !failed;
}

void line_reader(struct line *line)
{
	const struct screen *screen = &line->screen;
	const struct reader *reader = &screen->reader;
	bool same = line->lesson == reader->lesson && line->phase == reader->phase &&
		    line->step == reader->step && line->hinted == reader->hinted;
	bool opened = line->lesson != reader->lesson && reader->lesson;
	struct page page;

	if (!line_reader_moved(line))
		return;
	line->lesson = reader->lesson;
	line->phase = reader->phase;
	line->step = reader->step;
	line->choice = reader->choice;
	line->hinted = reader->hinted;
	line->away = reader->away;
	if (!reader_reads(reader)) {
		line_put(line, "(the free lab)\n");
		return;
	}
	if (same && reader->phase == READER_STEP && reader->choice >= 0) {
		line_printf(line, "%d) %s\n(`next` plays this step, and you see)\n",
			    reader->choice + 1,
			    reader->lesson->steps[reader->step].choices[reader->choice].text);
		return;
	}
	if (opened)
		line_printf(line, "\n%s\n", reader->lesson->title);
	if (reader->phase == READER_PLAYING)
		return;
	line_put(line, "\n");
	if (reader->phase == READER_DONE && reader_said(reader)) {
		line_hint(line);
		return;
	}
	lesson_view_page(&screen->canvas, reader, line->width, INT_MAX, &page);
	line_page(line, &page);
	page_free(&page);
	line_hint(line);
}
