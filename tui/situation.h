/* SPDX-License-Identifier: GPL-3.0-or-later */
/* situation.h - what the side that is spoken to can do now, why not, and what would come of it. */
#ifndef SITUATION_H
#define SITUATION_H

#include "lab.h"

struct screen;

enum need {
	NEED_UP = 1 << 0,      /* the side's host */
	NEED_ALIVE = 1 << 1,   /* the process */
	NEED_RUNNING = 1 << 2, /* it is not stopped */
	NEED_IDLE = 1 << 3,    /* nor blocked in a call */
	NEED_FD = 1 << 4,      /* an open descriptor of a connection */
	NEED_ANY_FD = 1 << 5,  /* ... or of a listener, where there never was a connection */
	NEED_SET_FD = 1 << 6,  /* ... or none yet: `set` makes one */
	NEED_LISTENER = 1 << 7,
	NEED_STOPPED = 1 << 8,
	NEED_BLOCKED = 1 << 9,
	NEED_NO_CHILD = 1 << 10,
	NEED_PAIR = 1 << 11, /* both sides can make calls, or be started */
	NEED_LOOPBACK = 1 << 12,
	NEED_WIRE = 1 << 13,
	NEED_TUN = 1 << 14,	 /* the machine can have a wire */
	NEED_SYSCTL = 1 << 15,	 /* the lab has a network of its own */
	NEED_HELD = 1 << 16,	 /* a segment is held */
	NEED_TAKES = 1 << 17,	 /* ... or nothing is on hold: then it is the next one's */
	NEED_REORDERS = 1 << 18, /* two of one sender are held, or nothing is on hold */
	NEED_TROUBLE = 1 << 19,	 /* the cable does more than carry */
	NEED_WHOLE = 1 << 20,	 /* it is not cut */
	NEED_FLOWING = 1 << 21,	 /* not everything is on hold */
	NEED_NUMBER = 1 << 22,	 /* a descriptor, open or closed: poll tells of both */
};
#define NEED_FREE (NEED_UP | NEED_ALIVE | NEED_RUNNING | NEED_IDLE)

struct situation {
	enum side side;
	struct scene scene;
	const struct scene_side *end, *peer;
	const struct snapshot *own, *other; /* of the living processes; NULL: none */
	unsigned met;
	int held; /* segments in mid-wire */
	bool hold, cut;
};

void situation_of(const struct screen *screen, struct situation *situation);
/* Why this cannot be done: the first of the needs that are not met, in words. Returns `out`. */
char *situation_why(const struct situation *situation, unsigned needs, char *out, size_t size);
/* In the free lab: what stands in the way of the side that is spoken to and the cure, or the keys
 * that lead on. `columns` is the room. Returns `out`. */
char *situation_hint(const struct screen *screen, int columns, char *out, size_t size);
/* forecast.c: what an action is certain to bring about, in a line; "" where nothing is. Returns
 * `out`. */
char *forecast(const struct situation *situation, const char *command, char *out, size_t size);

#endif
