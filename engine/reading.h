/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reading.h - a lesson while it is being read: what lesson.c and fence.c share. */
#ifndef READING_H
#define READING_H
#include "lab.h"
#include "prose.h"

#define LESSON_LINE 4096 /* bytes */

struct reading {
	struct lesson *lesson;
	struct step *step;  /* NULL: before the first */
	struct prose prose; /* of the step, or of the intro */
	bool described;	    /* the `lesson` block was there */
	bool linked;	    /* ... and its link */
	struct err *err;
};

/* Set the message and the line. Always returns -1. */
int reading_fail(struct reading *reading, int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Read a top-level fenced block that runs (prose_runs). */
int reading_fence(struct reading *reading, cmark_node *node);

#endif
