/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reading.h - a lesson while it is being read: what lesson.c, fence.c and metadata.c share. */
#ifndef READING_H
#define READING_H
#include "lab.h"
#include "prose.h"

#define LESSON_LINE 4096 /* bytes */

struct reading {
	struct lesson *lesson;
	struct step *step;  /* NULL: before the first */
	struct prose prose; /* of the step, or of the intro */
	size_t commands;    /* of all steps so far */
	bool described;	    /* the `lesson` block was there */
	bool homeless;	    /* a block stood before the first step, and that was said */
	bool lab;	    /* the step has a lab block, though perhaps a wrong one */
	bool disorder;	    /* a claim came before it, and that was said */
	bool over;	    /* past a bound: nothing more is read */
	struct mistakes *mistakes;
};

/* Keep a mistake, and go on. */
void reading_fail(struct reading *reading, int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* The same with another's message. */
void reading_take(struct reading *reading, int line, const struct err *err);
/* The same, and nothing more is read. */
void reading_stop(struct reading *reading, int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Read a top-level fenced block that runs (prose_runs). What is wrong in it is kept. */
void reading_fence(struct reading *reading, cmark_node *node);
/* The block that says what the lesson is; `line` is its fence's. */
void reading_metadata(struct reading *reading, int line, const char *text);

/* The next line of `*at`, without outer blanks; false at the end. */
bool reading_line(const char **at, const char **line, size_t *len);
/* If the line begins with `key:`, the value behind it; NULL: it does not. */
const char *reading_value(const char *line, size_t len, const char *key, size_t *value_len);

#endif
