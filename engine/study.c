/* SPDX-License-Identifier: GPL-3.0-or-later */
/* study.c - a reader's way through a lesson on a lab: predict, act, observe, why.
 *
 * The screen, `run` and `check` all use it, so they cannot disagree on who was right. */
#include "study.h"

#include "mem.h"

#include <stdlib.h>
#include <string.h>

#define SETTLE_MOST (500 * NS_PER_MS) /* no look leaves anything open for so long */
#define PATIENCE (2 * NS_PER_S)	      /* a command's for a blocked side, in a file */

const struct step *study_at(const struct study *study)
{
	return &study->lesson->steps[study->step];
}

struct study *study_new(struct lab *lab, const struct lesson *lesson)
{
	struct study *study = xcalloc(1, sizeof(*study));

	study->lab = lab;
	study->lesson = lesson;
	study->predicted = xcalloc(lesson->nsteps, sizeof(*study->predicted));
	study->results = xcalloc(lesson->nsteps, sizeof(*study->results));
	study->played = xcalloc(lesson->nsteps, sizeof(*study->played));
	for (size_t i = 0; i < lesson->nsteps; i++)
		study->predicted[i] = -1;
	return study;
}

static void study_clear(struct study *study)
{
	player_free(study->player);
	free(study->choices);
	free(study->claims);
	free(study->already);
	study->player = NULL;
	study->choices = study->claims = NULL;
	study->already = NULL;
}

void study_free(struct study *study)
{
	if (!study)
		return;
	study_clear(study);
	for (size_t i = 0; i < study->lesson->nsteps; i++)
		free((void *)study->results[i].claims);
	free(study->results);
	free(study->played);
	free(study->predicted);
	free(study);
}

/* Whether this command makes the call that a condition is about. */
static bool command_calls(const struct command *command, enum side side, const char *call)
{
	if (command->op == OP_OPEN || command->op == OP_RESET || command->op == OP_LINK)
		return true;
	return command->side == side && !strncmp(command->verb, call, strlen(call));
}

/* Before its step, does an expect hold already? A call's result counts only if the step itself
 * does not make that call before the expect looks: then it is another call that will be judged. */
static bool study_holds(struct study *study, size_t i)
{
	const struct script *script = &study_at(study)->script;
	const struct command *expect = &script->commands[i];
	const struct arg *call = condition_arg(&expect->cond, "CALL");
	uint64_t since = journal_last(lab_journal(study->lab));

	if (call) {
		bool made = false;

		for (size_t j = 0; j < i && !made; j++)
			made = command_calls(&script->commands[j], expect->cond.side, call->text);
		if (!made)
			since = 0;
	}
	return lab_judge(study->lab, &expect->cond, since, NULL, NULL, 0) == VERDICT_TRUE;
}

static void study_judge(struct study *study, const struct condition *condition, uint64_t since,
			struct study_verdict *verdict)
{
	verdict->verdict = lab_judge(study->lab, condition, since, &verdict->decider, verdict->saw,
				     sizeof(verdict->saw));
}

void study_begin(struct study *study, size_t index)
{
	const uint64_t now = journal_last(lab_journal(study->lab));
	const struct step *step;

	if (index >= study->lesson->nsteps)
		return;
	study_clear(study);
	study->step = index;
	study->state = STUDY_READY;
	step = study_at(study);
	study->choices = xcalloc(step->nchoices, sizeof(*study->choices));
	study->claims = xcalloc(step->nclaims, sizeof(*study->claims));
	study->already = xcalloc(step->script.count, sizeof(*study->already));
	for (size_t i = 0; i < step->nchoices; i++) {
		struct study_verdict *choice = &study->choices[i];

		study_judge(study, &step->choices[i].condition, now, choice);
		choice->already = choice->verdict == VERDICT_TRUE && !step->choices[i].already;
		choice->verdict = VERDICT_UNDECIDED;
	}
	for (size_t i = 0; i < step->nclaims; i++)
		study->claims[i].verdict = VERDICT_UNDECIDED;
	for (size_t i = 0; i < step->script.count; i++) {
		const struct command *command = &step->script.commands[i];

		if (command->op == OP_EXPECT && !command->already)
			study->already[i] = study_holds(study, i);
	}
}

void study_play(struct study *study)
{
	if (study->state != STUDY_READY)
		return;
	study->player = player_new(study->lab, &study_at(study)->script);
	study->state = STUDY_PLAYING;
	study->done = 0;
	player_start(study->player);
}

void study_again(struct study *study, size_t step)
{
	char line[32];
	struct command link;
	int bad;

	study_clear(study);
	if (lab_busy(study->lab))
		lab_cancel(study->lab);
	snprintf(line, sizeof(line), "link %s", link_name(study->lesson->link));
	bad = command_parse(line, strlen(line), SIDE_NONE, &link, &study->err);
	if (!bad) {
		bad = lab_submit(study->lab, &link, PATIENCE, &study->err);
		command_clear(&link);
	}
	study->state = bad ? STUDY_FAILED : STUDY_PLAYING;
	study->afresh = study->again = !bad;
	study->stop = step < study->lesson->nsteps ? step : study->lesson->nsteps - 1;
}

/* Keep what became of the step, for when the lesson is over. */
static void study_keep(struct study *study)
{
	const struct step *step = study_at(study);
	struct study_result *result = &study->results[study->step];
	struct study_verdict *claims = xcalloc(step->nclaims, sizeof(*claims));
	unsigned right = 0;

	free((void *)result->claims);
	if (step->nclaims)
		memcpy(claims, study->claims, step->nclaims * sizeof(*claims));
	*result = (struct study_result){
		.predicted = study->predicted[study->step], .measured = -1, .claims = claims};
	for (size_t i = 0; i < step->nchoices; i++) {
		result->unavailable |= study->choices[i].verdict == VERDICT_UNAVAILABLE;
		if (study->choices[i].verdict == VERDICT_TRUE && !right++)
			result->measured = (int)i;
	}
	if (right)
		result->unavailable = false;
	if (right > 1)
		result->measured = -1;
	player_counts(study->player, &result->held, &result->failed, &result->unknown);
	study->played[study->step] = true;
}

/* The step's last command is done: what the kernel decided, over all that the step did. */
static void study_decide(struct study *study)
{
	const uint64_t since = player_since(study->player);
	const struct step *step = study_at(study);

	for (size_t i = 0; i < step->nchoices; i++)
		study_judge(study, &step->choices[i].condition, since, &study->choices[i]);
	for (size_t i = 0; i < step->nclaims; i++)
		study_judge(study, &step->claims[i].condition, since, &study->claims[i]);
	study_keep(study);
	study->state = STUDY_DONE;
}

/* Where the lab may not set a sysctl most lessons play as well without. */
static bool study_skips(struct study *study)
{
	const struct command *command =
		&study_at(study)->script.commands[player_line(study->player)];
	struct event note = {.t = lab_now(study->lab), .kind = EVENT_HOST, .side = SIDE_NONE};
	char text[200];

	if (command->op != OP_SYSCTL || lab_feature(study->lab, FEATURE_SYSCTL)->ok)
		return false;
	snprintf(text, sizeof(text),
		 "%s stays as it is: the lab leaves the machine's settings alone",
		 command_arg(command, "NAME")->text);
	note.note.text = text;
	journal_append(lab_journal(study->lab), &note);
	study->lacks = true;
	player_skip(study->player);
	return true;
}

/* study_again: go on by itself until the step that was asked for. */
static void study_go_on(struct study *study, size_t next)
{
	study_begin(study, next);
	if (next == study->stop)
		study->again = false;
	else
		study_play(study);
}

enum study_state study_turn(struct study *study)
{
	if (study->state != STUDY_PLAYING)
		return study->state;
	if (study->afresh) {
		if (lab_busy(study->lab))
			return study->state;
		study->afresh = false;
		if (lab_outcome(study->lab, &study->err))
			return study->state = STUDY_FAILED;
		study_go_on(study, 0);
		return study->state;
	}
	while (player_turn(study->player) == PLAYER_FAILED && study_skips(study))
		;
	switch (player_status(study->player)) {
	case PLAYER_DONE:
		/* Nobody reads so fast that the next step could begin in between. */
		if (!study->done)
			study->done = lab_now(study->lab);
		if (!lab_settled(study->lab) && lab_now(study->lab) - study->done < SETTLE_MOST)
			break;
		study_decide(study);
		if (study->again)
			study_go_on(study, study->step + 1);
		break;
	case PLAYER_FAILED:
		study->err = *player_err(study->player);
		study->state = STUDY_FAILED;
		study->again = false;
		break;
	case PLAYER_READY:
	case PLAYER_RUNNING:
		break;
	}
	return study->state;
}

enum study_state study_status(const struct study *study)
{
	return study->state;
}

size_t study_step(const struct study *study)
{
	return study->step;
}

const struct err *study_err(const struct study *study)
{
	return &study->err;
}

const struct player *study_player(const struct study *study)
{
	return study->player;
}

void study_predict(struct study *study, int choice)
{
	if (study->state == STUDY_READY && choice < (int)study_at(study)->nchoices)
		study->predicted[study->step] = choice;
}

int study_predicted(const struct study *study, size_t step)
{
	return step < study->lesson->nsteps ? study->predicted[step] : -1;
}

const struct study_result *study_result(const struct study *study, size_t step)
{
	return step < study->lesson->nsteps && study->played[step] ? &study->results[step] : NULL;
}

const struct study_verdict *study_choice(const struct study *study, size_t i)
{
	return study->choices && i < study_at(study)->nchoices ? &study->choices[i] : NULL;
}

const struct study_verdict *study_claim(const struct study *study, size_t i)
{
	return study->claims && i < study_at(study)->nclaims ? &study->claims[i] : NULL;
}

bool study_already(const struct study *study, size_t i)
{
	return study->already && i < study_at(study)->script.count && study->already[i];
}

bool study_lacks(const struct study *study)
{
	return study->lacks;
}
