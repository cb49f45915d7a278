/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_lesson.c - one lesson, played without a reader: does it say what the kernel does? */
#include "check.h"
#include "cli.h"
#include "cli_loop.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct checking {
	struct lesson *lesson;
	struct lab *lab;
	struct study *study;
	struct loop loop; /* its pending text is the report */
	uint64_t told;
	unsigned failed, unavailable;
	char reason[512]; /* of the first thing that was unavailable */
};

static void __attribute__((format(printf, 2, 3)))
check_note(struct checking *checking, const char *fmt, ...)
{
	char text[1200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	/* One line: the file's name may have several. */
	for (char *at = text; (at = strchr(at, '\n'));)
		*at = '?';
	loop_add(&checking->loop, "# ");
	loop_add(&checking->loop, text);
	loop_add(&checking->loop, "\n");
}

static void check_lacks(struct checking *checking, const char *reason)
{
	if (!checking->unavailable++)
		snprintf(checking->reason, sizeof(checking->reason), "%s", reason);
}

/* What fails where a sysctl of the lesson could not be set is no fault of the lesson's. */
static void check_fails(struct checking *checking)
{
	if (checking->study && study_lacks(checking->study))
		check_lacks(checking, lab_feature(checking->lab, FEATURE_SYSCTL)->reason);
	else
		checking->failed++;
}

static void check_err(struct checking *checking, const struct err *err)
{
	char text[1024];

	check_note(checking, "%s", err_format(err, text, sizeof(text)));
	check_fails(checking);
}

/* What the expectations of the step gave. */
static void check_expectations(struct checking *checking)
{
	const struct journal *journal = lab_journal(checking->lab);
	const struct event *event;

	for (; (event = journal_after(journal, EVENT_EXPECT, SIDE_NONE, checking->told));
	     checking->told = event->n) {
		const char *saw = event->expect.saw ? event->expect.saw : "";

		if (event->expect.held < 0)
			check_lacks(checking, *saw ? saw : event->expect.text);
		if (event->expect.held)
			continue;
		check_note(checking, "%s:%d: %s: saw %s", checking->lesson->file,
			   event->expect.line, event->expect.text, *saw ? saw : "nothing");
		check_fails(checking);
	}
}

static void check_step(struct checking *checking)
{
	const struct study_verdict *verdict;
	struct err fault;

	check_expectations(checking);
	for (size_t i = 0; study_fault(checking->study, true, i, &fault); i++)
		check_err(checking, &fault);
	if (!study_unavailable(checking->study))
		return;
	for (size_t i = 0; (verdict = study_choice(checking->study, i)); i++)
		if (verdict->verdict == VERDICT_UNAVAILABLE)
			check_lacks(checking, verdict->saw);
	for (size_t i = 0; (verdict = study_claim(checking->study, i)); i++)
		if (verdict->verdict == VERDICT_UNAVAILABLE)
			check_lacks(checking, verdict->saw);
}

static bool check_excused(struct checking *checking)
{
	const struct step *step = &checking->lesson->steps[study_step(checking->study)];
	const struct feature_state *lacks =
		cli_excuse(checking->lab, &step->script, study_player(checking->study));

	if (lacks)
		check_lacks(checking, lacks->reason);
	return lacks != NULL;
}

/* false: at the end. */
static bool check_turn(struct checking *checking)
{
	const size_t step = study_step(checking->study);

	lab_turn(checking->lab);
	switch (study_turn(checking->study)) {
	case STUDY_FAILED:
		check_expectations(checking);
		if (!check_excused(checking))
			check_err(checking, study_err(checking->study));
		return false;
	case STUDY_DONE:
		check_step(checking);
		if (step + 1 == checking->lesson->nsteps)
			return false;
		study_begin(checking->study, step + 1);
		study_play(checking->study);
		break;
	case STUDY_IDLE:
	case STUDY_READY:
	case STUDY_PLAYING:
		break;
	}
	return true;
}

static void check_play(struct checking *checking)
{
	const struct journal *journal = lab_journal(checking->lab);
	int got = 0;

	checking->study = study_new(checking->lab, checking->lesson);
	checking->told = journal_last(journal);
	study_begin(checking->study, 0);
	study_play(checking->study);
	while (!got) {
		const uint64_t before = journal_last(journal);

		if (!check_turn(checking))
			return;
		journal = lab_journal(checking->lab);
		got = loop_wait(&checking->loop, checking->lab, journal_last(journal) != before);
	}
	check_note(checking, "%s:%d: ended by a signal in this step", checking->lesson->file,
		   checking->lesson->steps[study_step(checking->study)].line);
	checking->failed++;
}

static bool check_wants_wire(const struct lesson *lesson)
{
	bool wire = lesson->link == LINK_WIRE;

	for (size_t i = 0; i < lesson->nsteps; i++)
		wire = wire || cli_script_link(&lesson->steps[i].script, true);
	return wire;
}

static void check_lab(struct checking *checking)
{
	const struct lab_options options = {.link = checking->lesson->link, .seed = 1};
	const struct feature_state *lacks;
	struct err err = {0};

	checking->lab = lab_new(&options, &err);
	if (!checking->lab) {
		check_lacks(checking, err.text);
		return;
	}
	lacks = cli_wire_lacks(checking->lab);
	if (!lacks && options.link == LINK_WIRE && lab_link(checking->lab) != LINK_WIRE)
		lacks = lab_feature(checking->lab, FEATURE_TUN);
	if (lacks && check_wants_wire(checking->lesson))
		check_lacks(checking, lacks->reason);
	else
		check_play(checking);
	study_free(checking->study);
	lab_free(checking->lab);
}

static void check_read(struct checking *checking, const char *file)
{
	struct mistakes mistakes;

	lesson_read_whole(file, &checking->lesson, &mistakes);
	for (size_t i = 0; i < mistakes.count; i++)
		check_err(checking, &mistakes.at[i]);
	if (mistakes.count == MISTAKES)
		check_note(checking, "%s: no more than %d mistakes are told", file, MISTAKES);
}

int check_lesson(const char *file, int out)
{
	struct checking checking = {0};
	struct err err = {0};
	int status;

	if (loop_open(&checking.loop, -1, &err)) {
		check_lacks(&checking, err.text);
	} else {
		check_read(&checking, file);
	}
	if (checking.lesson && !checking.lesson->page)
		check_lab(&checking);
	status = checking.failed	? (checking.lesson ? EXIT_FAILED : EXIT_MISTAKE)
		 : checking.unavailable ? EXIT_MACHINE
					: EXIT_HELD;
	/* The reason goes first, on a line of its own, empty where there is none. */
	dprintf(out, "%s\n%s", checking.reason,
		checking.loop.pending.len ? checking.loop.pending.text : "");
	lesson_free(checking.lesson);
	loop_close(&checking.loop);
	return status;
}
