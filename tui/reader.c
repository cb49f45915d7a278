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
	reader->more = reader->follow = reader->hinted = false;
}

static void reader_settle(struct reader *reader, const struct lab *lab)
{
	reader->settled = journal_last(lab_journal(lab));
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
	reader_settle(reader, lab);
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

bool reader_reads(const struct reader *reader)
{
	return reader->lesson && !reader->away;
}

/* Play the steps before this one once more. */
static void reader_replay(struct reader *reader, size_t step, enum reader_phase then)
{
	reader->step = step;
	reader->then = then;
	reader->replayed = true;
	study_again(reader->study, step);
	reader_phase_set(reader, READER_AGAIN);
}

void reader_again(struct reader *reader, size_t step)
{
	if (!reader->study)
		return;
	reader->away = false;
	reader->choice = -1;
	reader_replay(reader, step, step || !reader->lesson->nintro ? READER_STEP : READER_INTRO);
	reader->replayed = false;
}

bool reader_step_back(struct reader *reader)
{
	size_t step = reader->step;

	if (!reader->study || reader->phase == READER_INTRO)
		return false;
	if (reader->phase == READER_STEP || reader->phase == READER_AGAIN) {
		if (!step && !reader->lesson->nintro)
			return false;
		if (!step && reader->phase == READER_STEP) {
			reader_phase_set(reader, READER_INTRO); /* nothing was played yet */
			return true;
		}
		step -= step > 0;
	}
	reader->away = false;
	reader->choice = -1;
	reader_replay(reader, step, READER_STEP);
	return true;
}

bool reader_disturbed(const struct reader *reader, const struct lab *lab)
{
	const struct journal *journal = lab_journal(lab);
	const struct event *event;

	if (!reader->study || reader_busy(reader))
		return false;
	/* A lesson's own commands have a line. */
	for (event = journal_latest(journal, EVENT_COMMAND, SIDE_NONE, journal_last(journal));
	     event && event->n > reader->settled;
	     event = journal_before(journal, EVENT_COMMAND, SIDE_NONE, event->n))
		if (event->command.acts && !event->command.line)
			return true;
	return false;
}

bool reader_leave(struct reader *reader)
{
	if (!reader_reads(reader) || reader_busy(reader))
		return false;
	reader->away = true;
	return true;
}

void reader_back(struct reader *reader, const struct lab *lab)
{
	bool disturbed = reader_disturbed(reader, lab);

	if (!reader->away)
		return;
	reader->away = false;
	if (disturbed && (reader->phase == READER_INTRO || reader->phase == READER_STEP ||
			  reader->phase == READER_DONE))
		reader_replay(reader, reader->step, reader->phase);
}

/* From the end of a step to the next one, or to the end of all. */
static void reader_turn_page(struct reader *reader, struct lab *lab)
{
	size_t next = reader->step + 1;

	if (next >= reader->lesson->nsteps) {
		reader->choice = -1;
		reader_phase_set(reader, READER_END);
	} else if (reader_disturbed(reader, lab)) {
		reader->choice = study_predicted(reader->study, next);
		reader_replay(reader, next, READER_STEP);
	} else {
		reader_begin(reader, next);
	}
}

void reader_next(struct reader *reader, struct lab *lab)
{
	if (reader->more) {
		reader->top += reader->ahead;
		reader->more = false;
		return;
	}
	switch (reader->phase) {
	case READER_INTRO:
		if (reader_disturbed(reader, lab))
			reader_replay(reader, 0, READER_STEP);
		else
			reader_begin(reader, 0);
		break;
	case READER_STEP:
		if (lab_busy(lab))
			break;
		if (reader_disturbed(reader, lab)) {
			reader_replay(reader, reader->step, READER_STEP);
			break;
		}
		study_predict(reader->study, reader->choice);
		study_play(reader->study);
		reader_phase_set(reader, READER_PLAYING);
		break;
	case READER_DONE:
		reader_turn_page(reader, lab);
		break;
	case READER_FAILED:
		reader_replay(reader, reader->step, READER_STEP);
		break;
	case READER_NONE:
	case READER_AGAIN:
	case READER_PLAYING:
	case READER_END:
		break;
	}
}

/* The steps before are played. */
static void reader_arrive(struct reader *reader)
{
	if (reader->then == READER_DONE) {
		study_play(reader->study);
		reader_phase_set(reader, READER_PLAYING);
	} else {
		reader_phase_set(reader, reader->then);
	}
}

bool reader_turn(struct reader *reader, const struct lab *lab)
{
	enum study_state state;

	if (!reader_busy(reader))
		return false;
	state = study_turn(reader->study);
	if (state == STUDY_FAILED)
		reader_phase_set(reader, READER_FAILED);
	else if (state == STUDY_DONE && reader->phase == READER_PLAYING)
		reader_phase_set(reader, READER_DONE);
	else if (state == STUDY_READY && reader->phase == READER_AGAIN)
		reader_arrive(reader);
	else
		return false;
	reader_settle(reader, lab);
	return true;
}

bool reader_hints(const struct reader *reader)
{
	const struct step *step = reader_step(reader);

	return reader_reads(reader) && reader->phase == READER_STEP && step && step->nhint &&
	       !reader->hinted;
}

bool reader_hint_show(struct reader *reader)
{
	if (!reader_hints(reader))
		return false;
	reader->hinted = reader->follow = true;
	return true;
}

size_t reader_choices(const struct reader *reader)
{
	const struct step *step = reader_step(reader);

	if (!reader_reads(reader) || !reader->study)
		return 0;
	if (reader->phase == READER_END)
		return reader->lesson->nsteps;
	return reader->phase == READER_STEP && step && step->question ? step->nchoices : 0;
}

bool reader_asks(const struct reader *reader)
{
	return reader_choices(reader) > 0;
}

bool reader_guess(struct reader *reader, int i)
{
	if (i < 0 || (size_t)i >= reader_choices(reader))
		return false;
	reader->choice = i;
	reader->follow = true;
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

	if (reader->phase != READER_DONE || !reader_reads(reader) || !step)
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

	if ((reader->phase != READER_DONE && reader->phase != READER_PLAYING) || reader->away ||
	    !player)
		return UINT64_MAX;
	return player_since(player);
}
