/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ladder.h - the segments between the two ends, newest at the bottom. */
#ifndef LADDER_H
#define LADDER_H

#include "draw.h"
#include "lab.h"

struct ladder {
	const struct journal *journal;
	uint64_t from;	    /* segments after this event ... */
	uint64_t upto;	    /* ... up to this one */
	uint64_t since;	    /* segments after this event are what the last step brought */
	uint64_t mark;	    /* the event under the cursor or the deciding one; 0: none */
	bool capture;	    /* segments can be seen at all */
	const char *reason; /* why not */
};

void ladder_draw(const struct canvas *canvas, struct rect at, const struct ladder *ladder);
/* The event drawn at row y of the ladder; 0: none. */
uint64_t ladder_at(struct rect at, const struct ladder *ladder, int y);
enum style ladder_style(const struct event *event);

#endif
