/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ladder.h - the segments between the two ends, newest at the bottom. */
#ifndef LADDER_H
#define LADDER_H

#include "crossing.h"
#include "draw.h"

struct ladder {
	const struct journal *journal;
	uint64_t from;	    /* segments after this event ... */
	uint64_t upto;	    /* ... up to this one */
	uint64_t since;	    /* segments after this event are what the last step brought */
	uint64_t mark;	    /* the event that decided; 0: none */
	bool capture;	    /* segments can be seen at all */
	bool wire;	    /* some may wait in mid-wire */
	const char *reason; /* why not */
	bool spaced;	    /* to be read from the back row: no times, an empty row behind each */
	bool walked;	    /* the keys are on it: it scrolls to the one picked */
	struct pick pick;
};

void ladder_draw(const struct canvas *canvas, struct rect at, const struct ladder *ladder);
/* What is drawn at row y of the ladder. */
struct pick ladder_at(struct rect at, const struct ladder *ladder, int y);
/* What the keys are on: the one picked, if it is there, otherwise the oldest held, otherwise the
 * newest. `by` moves from there, down where positive. Kind EVENT_NONE: the ladder is empty. */
struct pick ladder_walk(const struct ladder *ladder, int by);

#endif
