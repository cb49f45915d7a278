/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pace.h - a lesson, a script or the past that goes on by itself. */
#ifndef PACE_H
#define PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PACE (5000 * 1000000LL) /* ns; where nothing else was said */

struct screen;
struct pace {
	bool plays;
	int64_t every; /* ns; 0: never set */
	int64_t due;   /* ns on the monotonic clock; 0: what goes on is not done yet */
};

/* ns on the monotonic clock. */
int64_t pace_now(void);
/* Go on every so many ns, 0: as before; a step counts from when it was done. */
void pace_play(struct screen *screen, int64_t every);
/* Stop, and say so; nothing where it does not play. */
void pace_pause(struct screen *screen);
/* The reader went on by hand: count anew. */
void pace_again(struct screen *screen);
/* After each turn of the lab: go on where it is time; stops at the end. */
void pace_turn(struct screen *screen);
/* ns until it is time, or `due`, where that is sooner or nothing plays; -1: never. */
int64_t pace_due(const struct screen *screen, int64_t due);
/* "▶ every 5 s"; "" where nothing plays. Returns `out`. */
char *pace_words(const struct screen *screen, char *out, size_t size);

#endif
