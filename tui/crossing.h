/* SPDX-License-Identifier: GPL-3.0-or-later */
/* crossing.h - each segment once, as its newest fate leaves it: what the ladder is drawn from. */
#ifndef CROSSING_H
#define CROSSING_H

#include "lab.h"

/* What names a segment for as long as the lab lives, or an ICMP message. */
struct pick {
	enum event_kind kind; /* EVENT_SEGMENT, EVENT_ICMP; EVENT_NONE: nothing */
	uint64_t id;	      /* the segment's; of ICMP the event's n */
};

struct crossing {
	const struct event *event; /* the newest fate, or the ICMP message */
	const struct event *first; /* the oldest fate seen: its sending */
};

#define CROSSINGS_DONE 512
#define CROSSINGS_WAIT 256
struct crossings {
	struct crossing done[CROSSINGS_DONE]; /* newest first, by the newest fate */
	struct crossing wait[CROSSINGS_WAIT]; /* held or delayed; newest first, by their sending */
	int ndone, nwait;
};

/* The segments and ICMP messages with from < n <= upto: at most `room` of those whose fate is
 * sealed, and, where `wire`, all that are still under way among the newest thousands of fates. */
void crossings_take(const struct journal *journal, uint64_t from, uint64_t upto, int room,
		    bool wire, struct crossings *crossings);
/* How many of them are held. */
int crossings_held(const struct crossings *crossings);
struct pick crossing_pick(const struct crossing *crossing);
bool pick_same(struct pick one, struct pick other);
/* The fates of a segment in (from, upto], newest first, at most `room`; returns how many. */
int crossing_fates(const struct journal *journal, uint64_t from, uint64_t upto, struct pick pick,
		   const struct event **fates, int room);
bool fate_waits(enum fate fate); /* held or delayed: more is to come */
bool fate_ends(enum fate fate);	 /* it will not arrive */

#endif
