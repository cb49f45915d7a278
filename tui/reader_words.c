/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reader_words.c - where the reader is, and what the next press does, in words. */
#include "catalog.h"
#include "reader.h"

#include <stdio.h>
#include <string.h>

const char *reader_word(const struct reader *reader, const struct lab *lab)
{
	if (reader->away)
		return "lesson";
	if (reader->more)
		return "read on";
	if (reader->phase == READER_FAILED)
		return "replay";
	if (reader->phase == READER_STEP)
		return reader_disturbed(reader, lab) ? "replay" : "play";
	return "next";
}

/* Before a step is played. */
static void hint_step(const struct reader *reader, char *out, size_t size)
{
	const char *hint = reader_hints(reader) ? "; ?: a hint" : "";

	if (!reader_asks(reader))
		snprintf(out, size, "PgDn or Space: play this step%s", hint);
	else if (reader->choice >= 0)
		snprintf(out, size, "PgDn or Enter: play this step, and see%s", hint);
	else if (*hint)
		snprintf(out, size, "A digit or the arrows answer; PgDn: just play%s", hint);
	else
		snprintf(out, size, "What do you think? A digit or the arrows; PgDn: just play");
}

/* The line that is being played: it may wait for many seconds. */
static void hint_playing(const struct reader *reader, char *out, size_t size)
{
	const struct player *player = study_player(reader->study);
	size_t step = study_step(reader->study), line = player ? player_line(player) : 0;
	const struct script *script = &reader->lesson->steps[step].script;

	if (player && line < script->count)
		snprintf(out, size, "%s ...   Ctrl-C gives up", script->commands[line].text);
}

static void hint_end(const struct reader *reader, char *out, size_t size)
{
	const char *next = reader->more	  ? "PgDn: read on"
			   : reader->last ? "F2: the other lessons"
					  : "PgDn: the next lesson";

	if (!reader->study)
		snprintf(out, size, "%s", next);
	else if (reader->choice >= 0)
		snprintf(out, size, "Enter: once more from step %d; %s", reader->choice + 1, next);
	else
		snprintf(out, size, "%s; a digit or the arrows: a step again", next);
}

/* The reader's own commands have changed the lab. */
static void hint_disturbed(const struct reader *reader, char *out, size_t size)
{
	bool last = reader->step + 1 >= reader->lesson->nsteps;

	if (reader->phase == READER_INTRO)
		snprintf(out, size, "PgDn: begin, on a fresh pair");
	else if (reader->phase == READER_STEP)
		snprintf(out, size, "You changed the lab; PgDn: replay to here on a fresh pair");
	else if (last)
		snprintf(out, size, "PgDn or Space: the end");
	else
		snprintf(out, size, "You changed the lab; PgDn: the next step, on a fresh pair");
}

static void hint_away(const struct reader *reader, const struct lab *lab, char *out, size_t size)
{
	char place[64];

	reader_place(reader, place, sizeof(place));
	if (reader_disturbed(reader, lab))
		snprintf(out, size, "PgDn: back to %s, replayed on a fresh pair", place);
	else
		snprintf(out, size, "PgDn: back to %s, as you left it", place);
}

char *reader_hint(const struct reader *reader, const struct lab *lab, char *out, size_t size)
{
	*out = '\0';
	if (reader->away) {
		hint_away(reader, lab, out, size);
		return out;
	}
	if (reader->more && !(reader->phase == READER_END && reader->choice >= 0)) {
		snprintf(out, size, "PgDn or Space: read on%s",
			 reader_hints(reader) ? "; ?: a hint" : "");
		return out;
	}
	switch (reader->phase) {
	case READER_INTRO:
		if (reader_disturbed(reader, lab))
			hint_disturbed(reader, out, size);
		else
			snprintf(out, size, "PgDn or Space: begin; F6: from another step");
		break;
	case READER_STEP:
		if (reader_disturbed(reader, lab))
			hint_disturbed(reader, out, size);
		else
			hint_step(reader, out, size);
		break;
	case READER_DONE:
		if (reader_disturbed(reader, lab))
			hint_disturbed(reader, out, size);
		else
			snprintf(out, size, "PgDn or Space: the %s",
				 reader->step + 1 < reader->lesson->nsteps ? "next step" : "end");
		break;
	case READER_END:
		hint_end(reader, out, size);
		break;
	case READER_FAILED:
		snprintf(out, size, "PgDn: replay to step %zu on a fresh pair; F2: other lessons",
			 reader->step + 1);
		break;
	case READER_AGAIN:
	case READER_PLAYING:
		hint_playing(reader, out, size);
		break;
	case READER_NONE:
		break;
	}
	return out;
}

char *reader_where(const struct reader *reader, char *out, size_t size)
{
	*out = '\0';
	if (!reader->lesson)
		return out;
	if (reader->away) {
		if (reader->study)
			snprintf(out, size, "left at step %zu of %zu", reader->step + 1,
				 reader->lesson->nsteps);
		return out;
	}
	switch (reader->phase) {
	case READER_NONE:
		break;
	case READER_INTRO:
		snprintf(out, size, "%zu steps", reader->lesson->nsteps);
		break;
	case READER_END:
		snprintf(out, size, "%s", reader->lesson->page ? "to read" : "the end");
		break;
	case READER_AGAIN:
		snprintf(out, size, "replaying");
		break;
	default:
		snprintf(out, size, "step %zu of %zu", reader->step + 1, reader->lesson->nsteps);
		break;
	}
	return out;
}

char *reader_place(const struct reader *reader, char *out, size_t size)
{
	char label[8];

	catalog_label(reader->lesson->file, label, sizeof(label));
	if (reader->lesson->page)
		snprintf(out, size, "page %s", label);
	else if (!*label)
		snprintf(out, size, "the lesson, step %zu", reader->step + 1);
	else
		snprintf(out, size, "lesson %s, step %zu", label, reader->step + 1);
	return out;
}
