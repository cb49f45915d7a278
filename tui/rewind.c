/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * rewind.c - through what has happened: the cursor in the journal.
 *
 *   journal   started  started │ open  socket ... S  S.  . │ close  F.  . │ write ...
 *   PgDn      ×        ×         ×     ×          ×  ×   ×   ×      ×   ×   ×          a line
 *   Right              ×                                 ×              ×              a command
 *
 * From command to command it stops where all that a command led to has happened: what the panels
 * mark as new there is what was new when that was now.
 */
#include "journal_view.h"
#include "view.h"

#include <stdio.h>

static uint64_t rewind_latest(const struct screen *screen)
{
	const struct journal *journal = screen_journal(screen);

	return journal_view_latest(journal, journal_last(journal));
}

void rewind_to(struct screen *screen, uint64_t n)
{
	uint64_t last = journal_last(screen_journal(screen));

	if (n == rewind_latest(screen))
		n = 0;
	if (!screen->cursor)
		screen->past_from = last;
	screen->past_seen = last;
	screen->cursor = n;
}

/* The line before the first acting command behind n; 0: none is, so it is the newest. */
static uint64_t rewind_stop(const struct screen *screen, uint64_t n)
{
	const struct journal *journal = screen_journal(screen);
	const struct event *command = journal_list_after(journal, LIST_ACTS, SIDE_NONE, n);

	return command ? journal_view_before(journal, command->n) : 0;
}

void rewind_start(struct screen *screen)
{
	const struct journal *journal = screen_journal(screen);
	uint64_t n = rewind_stop(screen, 0);

	rewind_to(screen, n ? n : journal_view_after(journal, 0));
}

void rewind_first(struct screen *screen)
{
	rewind_to(screen, journal_view_after(screen_journal(screen), 0));
}

void rewind_forward(struct screen *screen)
{
	rewind_to(screen, journal_view_after(screen_journal(screen), screen->cursor));
}

static void rewind_at_start(struct screen *screen)
{
	screen_say(screen, STYLE_HINT, "nothing before this");
}

void rewind_back(struct screen *screen)
{
	const struct journal *journal = screen_journal(screen);
	uint64_t from = screen->cursor ? screen->cursor : rewind_latest(screen);
	uint64_t to = journal_view_before(journal, from);

	if (to)
		rewind_to(screen, to);
	else
		rewind_at_start(screen);
}

void rewind_later(struct screen *screen)
{
	const struct journal *journal = screen_journal(screen);
	const struct event *command;
	uint64_t stop;

	if (!screen->cursor) {
		if (screen_saved(screen))
			screen_say(screen, STYLE_HINT, "this is the end of the session");
		return;
	}
	stop = rewind_stop(screen, screen->cursor);
	if (stop && stop <= screen->cursor) {
		command = journal_list_after(journal, LIST_ACTS, SIDE_NONE, screen->cursor);
		stop = rewind_stop(screen, command->n);
	}
	rewind_to(screen, stop);
}

void rewind_earlier(struct screen *screen)
{
	const struct journal *journal = screen_journal(screen);
	uint64_t from = screen->cursor ? screen->cursor : rewind_latest(screen);
	const struct event *command = journal_list_latest(journal, LIST_ACTS, SIDE_NONE, from);
	uint64_t to = command ? journal_view_before(journal, command->n) : 0;

	if (to)
		rewind_to(screen, to);
	else if (journal_view_before(journal, from))
		rewind_first(screen);
	else
		rewind_at_start(screen);
}

uint64_t rewind_since(const struct screen *screen)
{
	const struct journal *journal = screen_journal(screen);
	uint64_t last = journal_last(journal);

	if (!screen->cursor || screen->past_from > last)
		return 0;
	return journal_list_count(journal, LIST_LINES, SIDE_NONE, last) -
	       journal_list_count(journal, LIST_LINES, SIDE_NONE, screen->past_from);
}

char *rewind_hint(const struct screen *screen, char *out, size_t size)
{
	const char *end = screen_saved(screen) ? "the end" : "now";

	if (screen->cursor)
		snprintf(out, size,
			 "PgDn, PgUp: an event; Right, Left: a command; Home: the first; End: %s",
			 end);
	else if (screen_saved(screen))
		snprintf(out, size,
			 "The end. PgUp: back; Left: to the command before; Home: the first event");
	else
		*out = '\0';
	return out;
}
