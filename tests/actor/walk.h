/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WALK_H
#define WALK_H

#include "play.h"

/*
 * walk.h - valid commands in a seeded random order.
 */
enum walk_kind {
	WALK_LOOPBACK, /* every command but the wire's */
	WALK_WIRE,     /* every command */
	WALK_STATES,   /* what moves a state, on the wire, and little else */
};

struct walk {
	enum walk_kind kind;
	unsigned seed;
	unsigned port; /* explicit ports begin here; 0: 7001 */
};

/* The next command's line. */
void walk_command(struct walk *walk, char *out, size_t size);
/* Play one line, give it up after `most` ns; returns as play_line does. */
int walk_line(struct play *p, const char *line, int64_t patience, int64_t most, struct err *err);

#endif
