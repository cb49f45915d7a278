/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pace.c - a lesson, a script or the past that goes on by itself.
 *
 *   play ─▶ busy (no deadline) ─▶ done: now + every ─▶ the screen goes on ─▶ busy ... ─▶ the end
 *
 * The loop's poll waits for the deadline and nothing wakes it up before.
 */
#include "pace.h"

#include "view.h"

#include <stdio.h>
#include <time.h>

/* A saved session has no clock of its own that runs. */
int64_t pace_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

/* Whether there is nothing to go on to. */
static bool pace_over(const struct screen *screen)
{
	const struct reader *reader = &screen->reader;

	if (screen->cursor)
		return false;
	if (!reader_reads(reader) || reader->phase == READER_FAILED)
		return true;
	return reader->phase == READER_END;
}

static bool pace_busy(const struct screen *screen)
{
	return screen_busy(screen) || reader_busy(&screen->reader);
}

void pace_play(struct screen *screen, int64_t every)
{
	struct pace *pace = &screen->pace;

	if (every)
		pace->every = every;
	if (!pace->every)
		pace->every = PACE;
	if (screen_saved(screen) && !screen->cursor)
		rewind_start(screen);
	pace->due = 0;
	pace->plays = !pace_over(screen);
	if (!pace->plays)
		screen_say(screen, STYLE_HINT,
			   reader_reads(&screen->reader)
				   ? "this is the end: there is nothing to play"
				   : "there is nothing to play here: F2 has the lessons");
}

void pace_pause(struct screen *screen)
{
	if (!screen->pace.plays)
		return;
	screen->pace.plays = false;
	screen_say(screen, STYLE_HINT, "paused: %s goes on by itself again",
		   screen->options.stage ? "p" : "`play`");
}

void pace_again(struct screen *screen)
{
	screen->pace.due = 0;
}

void pace_turn(struct screen *screen)
{
	struct pace *pace = &screen->pace;

	if (!pace->plays)
		return;
	if (pace_busy(screen)) {
		pace->due = 0;
		return;
	}
	if (pace_over(screen)) {
		pace->plays = false;
		return;
	}
	if (!pace->due) {
		pace->due = pace_now() + pace->every;
	} else if (pace_now() >= pace->due) {
		pace->due = 0;
		screen->message[0] = '\0';
		if (screen->cursor)
			rewind_later(screen);
		else
			screen_next(screen);
		stage_arrive(screen);
		pace_turn(screen); /* what it went on to may be done */
	}
}

int64_t pace_due(const struct screen *screen, int64_t due)
{
	const struct pace *pace = &screen->pace;
	int64_t left;

	if (!pace->plays || !pace->due)
		return due;
	left = pace->due - pace_now();
	left = left > 0 ? left : 0;
	return due >= 0 && due < left ? due : left;
}

char *pace_words(const struct screen *screen, char *out, size_t size)
{
	const struct pace *pace = &screen->pace;
	const char *glyph = glyph_text(GLYPH_RIGHT, screen->canvas.utf8);

	*out = '\0';
	if (pace->plays && pace->every % NS_PER_S)
		snprintf(out, size, "%s every %.1f s", glyph, (double)pace->every / 1e9);
	else if (pace->plays)
		snprintf(out, size, "%s every %lld s", glyph, (long long)(pace->every / NS_PER_S));
	return out;
}
