/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lesson_words.c - the screen's own words about lessons: lesson, again, leave, hint. */
#include "catalog.h"
#include "view.h"

#include <stdio.h>
#include <stdlib.h>

struct progress *screen_progress(struct screen *screen)
{
	struct err err;

	if (!screen->progress) {
		screen->progress = progress_open(&err);
		if (err.text[0])
			screen_say(screen, STYLE_MESSAGE, "%s", err.text);
	}
	return screen->progress;
}

/* Keep what became of the step just played. */
static void lesson_note(struct screen *screen)
{
	const struct reader *reader = &screen->reader;
	const struct study_result *result = study_result(reader->study, reader->step);
	enum progress_mark mark = PROGRESS_PLAYED;
	struct err err;

	if (!screen->counted || !result)
		return;
	if (result->predicted >= 0 && result->measured >= 0)
		mark = result->predicted == result->measured ? PROGRESS_RIGHT : PROGRESS_WRONG;
	if (progress_note(screen_progress(screen), reader->lesson->file, reader->lesson->nsteps,
			  reader->step, mark, &err))
		screen_say(screen, STYLE_MESSAGE, "%s", err.text);
}

void lesson_turn(struct screen *screen)
{
	struct reader *reader = &screen->reader;
	bool replaying = reader->phase == READER_AGAIN && reader->replayed;

	if (reader_busy(reader))
		screen->running = false; /* what the reader had begun was given up for it */
	if (!reader_turn(reader, screen->lab))
		return;
	stage_arrive(screen);
	if (reader->phase == READER_DONE)
		lesson_note(screen);
	if (replaying && reader->phase != READER_FAILED)
		screen_say(screen, STYLE_HINT,
			   reader->step ? "a fresh pair, and the steps before played again on it"
					: "a fresh pair");
}

void screen_open_lesson(struct screen *screen, const char *file)
{
	struct lesson *lesson = NULL;
	struct err err = {0};
	char text[1024], *next;

	if (lesson_read(file, &lesson, &err)) {
		screen_fail(screen, err_format(&err, text, sizeof(text)));
		return;
	}
	screen->cursor = 0;
	explain_leave(screen); /* its card would hide the text */
	screen->counted = !lesson->page && catalog_has(file);
	if (screen->counted)
		screen_progress(screen);
	reader_start(&screen->reader, screen->lab, lesson);
	next = course_next(file);
	screen->reader.last = !next;
	free(next);
}

static void do_lesson(struct screen *screen, const struct command *command)
{
	const struct arg *name = command_arg(command, "NAME");
	struct err err = {0};
	char *file;

	if (!name) {
		if (screen->overlay == OVERLAY_LESSONS)
			overlay_close(screen);
		else
			course_open(screen);
		return;
	}
	file = course_find(name->text, &err);
	if (file)
		screen_open_lesson(screen, file);
	else
		screen_fail(screen, err.text);
	free(file);
}

static void do_again(struct screen *screen, const struct command *command)
{
	struct reader *reader = &screen->reader;
	int64_t step = command_num(command, "STEP", 1);

	if (!reader->study) {
		screen_fail(screen, "no lesson is being played: `lesson` lists them");
	} else if (step < 1 || (uint64_t)step > reader->lesson->nsteps) {
		char text[80];

		snprintf(text, sizeof(text), "the lesson has steps 1 to %zu",
			 reader->lesson->nsteps);
		screen_fail(screen, text);
	} else {
		screen->cursor = 0;
		reader_again(reader, (size_t)step - 1);
	}
}

static void do_leave(struct screen *screen)
{
	const struct reader *reader = &screen->reader;

	screen->cursor = 0;
	overlay_close(screen);
	if (!reader_leave(&screen->reader))
		screen_fail(screen, reader->lesson && !reader->away
					    ? "the step is still being played; Ctrl-C gives it up"
					    : "this is the free lab");
}

static void do_hint(struct screen *screen)
{
	const struct reader *reader = &screen->reader;
	bool shown = reader->phase == READER_STEP && reader->hinted && !reader->away;

	if (!reader_hint_show(&screen->reader))
		screen_say(screen, STYLE_HINT,
			   shown ? "it is shown already" : "there is no hint here");
}

void lesson_back(struct screen *screen)
{
	screen->cursor = 0;
	overlay_close(screen);
	reader_back(&screen->reader, screen->lab);
}

void lesson_ask(struct screen *screen)
{
	if (!screen->cursor && reader_hint_show(&screen->reader))
		return;
	actions_open(screen);
}

void lesson_command(struct screen *screen, const struct command *command)
{
	switch (command->op) {
	case OP_LESSON:
		do_lesson(screen, command);
		break;
	case OP_AGAIN:
		do_again(screen, command);
		break;
	case OP_LEAVE:
		do_leave(screen);
		break;
	case OP_HINT:
		do_hint(screen);
		break;
	default:
		break;
	}
}
