/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reader.c - where the reader is in a lesson, and what the next press does. */
#include "reader.h"

#include <stdio.h>
#include <string.h>

static const struct step *reader_step(const struct reader *reader)
{
	const struct lesson *lesson = reader->lesson;

	return lesson && reader->step < lesson->nsteps ? &lesson->steps[reader->step] : NULL;
}

static void reader_phase_set(struct reader *reader, enum reader_phase phase)
{
	reader->phase = phase;
	reader->top = 0;
	reader->more = false;
}

static void reader_begin(struct reader *reader, size_t step)
{
	reader->step = step;
	reader->choice = study_predicted(reader->study, step);
	study_begin(reader->study, step);
	reader_phase_set(reader, READER_STEP);
}

/* Whether anything was done on this lab that a lesson must not find. */
static bool lab_used(struct lab *lab)
{
	const struct journal *journal = lab_journal(lab);

	return journal_latest(journal, EVENT_COMMAND, SIDE_NONE, journal_last(journal)) != NULL;
}

void reader_start(struct reader *reader, struct lab *lab, struct lesson *lesson)
{
	reader_end(reader);
	reader->lesson = lesson;
	reader->choice = -1;
	if (lesson->page || !lesson->nsteps) {
		reader_phase_set(reader, READER_END);
		return;
	}
	reader->study = study_new(lab, lesson);
	if (lab_used(lab) || lab_link(lab) != lesson->link) {
		reader_again(reader, 0);
	} else if (lesson->nintro) {
		study_begin(reader->study, 0);
		reader_phase_set(reader, READER_INTRO);
	} else {
		reader_begin(reader, 0);
	}
}

void reader_end(struct reader *reader)
{
	study_free(reader->study);
	lesson_free(reader->lesson);
	memset(reader, 0, sizeof(*reader));
}

void reader_again(struct reader *reader, size_t step)
{
	if (!reader->study)
		return;
	reader->step = step;
	reader->choice = -1;
	study_again(reader->study, step);
	reader_phase_set(reader, READER_AGAIN);
}

/* Whether somebody has taken the lesson's link away, which no step of it does itself. */
static bool reader_link_lost(const struct reader *reader, const struct lab *lab)
{
	const struct lesson *lesson = reader->lesson;

	if (lab_link(lab) == lesson->link)
		return false;
	for (size_t i = 0; i < lesson->nsteps; i++)
		for (size_t j = 0; j < lesson->steps[i].script.count; j++)
			if (lesson->steps[i].script.commands[j].op == OP_LINK)
				return false;
	return true;
}

void reader_next(struct reader *reader, struct lab *lab)
{
	if (reader->more) {
		reader->top += reader->shown > 2 ? reader->shown - 1 : 1;
		reader->more = false;
		return;
	}
	switch (reader->phase) {
	case READER_INTRO:
		reader_begin(reader, 0);
		break;
	case READER_STEP:
		if (lab_busy(lab))
			break;
		if (reader_link_lost(reader, lab)) {
			reader_again(reader, reader->step);
			break;
		}
		study_predict(reader->study, reader->choice);
		study_play(reader->study);
		reader_phase_set(reader, READER_PLAYING);
		break;
	case READER_DONE:
		if (reader->step + 1 < reader->lesson->nsteps)
			reader_begin(reader, reader->step + 1);
		else
			reader_phase_set(reader, READER_END);
		break;
	case READER_NONE:
	case READER_AGAIN:
	case READER_PLAYING:
	case READER_FAILED:
	case READER_END:
		break;
	}
}

bool reader_turn(struct reader *reader)
{
	enum study_state state;

	if (!reader_busy(reader))
		return false;
	state = study_turn(reader->study);
	if (state == STUDY_FAILED) {
		reader_phase_set(reader, READER_FAILED);
	} else if (state == STUDY_DONE && reader->phase == READER_PLAYING) {
		reader_phase_set(reader, READER_DONE);
	} else if (state == STUDY_READY && reader->phase == READER_AGAIN) {
		reader_phase_set(reader, reader->step || !reader->lesson->nintro ? READER_STEP
										 : READER_INTRO);
	} else {
		return false;
	}
	return true;
}

bool reader_asks(const struct reader *reader)
{
	const struct step *step = reader_step(reader);

	return reader->phase == READER_STEP && step && step->question;
}

bool reader_guess(struct reader *reader, int i)
{
	const struct step *step = reader_step(reader);

	if (!reader_asks(reader) || i < 0 || (size_t)i >= step->nchoices)
		return false;
	reader->choice = i;
	return true;
}

bool reader_busy(const struct reader *reader)
{
	return reader->phase == READER_PLAYING || reader->phase == READER_AGAIN;
}

uint64_t reader_decider(const struct reader *reader)
{
	const struct step *step = reader_step(reader);
	const struct study_verdict *verdict;

	if (reader->phase != READER_DONE || !step)
		return 0;
	for (size_t i = 0; i < step->nchoices; i++)
		if ((verdict = study_choice(reader->study, i)) && verdict->verdict == VERDICT_TRUE)
			return verdict->decider;
	for (size_t i = 0; i < step->nclaims; i++)
		if ((verdict = study_claim(reader->study, i)) && verdict->decider)
			return verdict->decider;
	return 0;
}

uint64_t reader_since(const struct reader *reader)
{
	const struct player *player = reader->study ? study_player(reader->study) : NULL;

	if ((reader->phase != READER_DONE && reader->phase != READER_PLAYING) || !player)
		return UINT64_MAX;
	return player_since(player);
}

const char *reader_word(const struct reader *reader)
{
	return reader->more ? "read on" : reader->phase == READER_STEP ? "play" : "next";
}

const char *reader_hint(const struct reader *reader)
{
	if (reader->more)
		return "PgDn or Space: read on";
	switch (reader->phase) {
	case READER_INTRO:
		return "PgDn or Space: begin";
	case READER_STEP:
		if (!reader_asks(reader))
			return "PgDn or Space: play this step";
		return reader->choice < 0
			       ? "What do you think? A digit or the arrows; PgDn: just play"
			       : "PgDn or Enter: play this step, and see";
	case READER_DONE:
		return reader->step + 1 < reader->lesson->nsteps ? "PgDn or Space: the next step"
								 : "PgDn or Space: the end";
	case READER_END:
		return "PgDn or Space: the next lesson, on a fresh lab";
	case READER_FAILED:
		return "`again` starts over; F2 has other lessons";
	default:
		return "";
	}
}

char *reader_where(const struct reader *reader, char *out, size_t size)
{
	*out = '\0';
	if (!reader->lesson)
		return out;
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
