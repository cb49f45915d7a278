/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * progress.h - what the reader has done in the lessons of the course, kept between runs.
 *
 *   { "version": 1,
 *     "lessons": { "01-....md": { "steps": ["played", "right", "wrong", null] } } }
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include "lab.h"

enum progress_mark {
	PROGRESS_NONE,	 /* not played yet */
	PROGRESS_PLAYED, /* without a prediction */
	PROGRESS_RIGHT,	 /* predicted, the last time right or wrong */
	PROGRESS_WRONG,
};

struct tally { /* of one lesson, or of several */
	size_t steps, played;
	size_t right, asked; /* predictions that were made */
};

struct progress;
/* Read what is kept. Never NULL; where there is something to say (a damaged file was set aside, or
 * it is not kept, and why), `err->text` is that one line, otherwise "". */
struct progress *progress_open(struct err *err);
/* Take in what other labs wrote meanwhile. */
void progress_refresh(struct progress *progress);
/* A step (from 0) of so many was played: keep it at once, merged with what others wrote meanwhile.
 * `file` is the lesson's, of which the name counts. -1: there is something to say; each is said
 * once, and the session goes on. */
int progress_note(struct progress *progress, const char *file, size_t steps, size_t step,
		  enum progress_mark mark, struct err *err);
void progress_tally(const struct progress *progress, const char *file, size_t steps,
		    struct tally *tally);
/* The same in words: "not begun", "3/5 steps", "done", and ", 2/3 right". Returns `out`. */
char *tally_words(const struct tally *tally, char *out, size_t size);
/* Keep what could not be kept so far. NULL is fine. */
void progress_close(struct progress *progress);

#endif
