/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pictures.h - the table of pictures (screenshots/pictures), and what of a screen is the same in
 * every run. */
#ifndef PICTURES_H
#define PICTURES_H

#include <stdbool.h>
#include <stddef.h>

#define PICTURE_STEPS 64
#define PICTURE_WORDS 12

struct picture_step {
	enum {
		PICTURE_WAIT,
		PICTURE_GONE,
		PICTURE_TYPE,
		PICTURE_KEY,
		PICTURE_UNTIL,
		PICTURE_TAKE
	} what;
	const char *text; /* what stands behind the word */
};
struct picture {
	const char *name;
	int rows, columns;
	bool loose; /* its rows depend on the pace: only their words are compared */
	const char *args[PICTURE_WORDS];  /* NULL-terminated */
	const char *first[PICTURE_WORDS]; /* of the run before; empty: none */
	struct picture_step steps[PICTURE_STEPS];
	size_t count;
};

/* Read the table; the pictures are static, `count` gets how many. NULL: `why` has the line. */
struct picture *pictures_read(const char *file, size_t *count, char *why, size_t size);

/* What a terminal sends for a key of the table ("PgDn", "F4", "x"); NULL: there is none. */
const char *picture_key(const char *name);

/* A row of the screen without what changes from run to run: pids, times, ports, counters; and
 * without how wide the filling beside them is. Malloc'd. */
char *picture_plain(const char *row);

/* The first word of `text` that `other` does not have, in a static buffer; NULL: it has all. */
const char *picture_stray(const char *text, const char *other);

#endif
