/* SPDX-License-Identifier: GPL-3.0-or-later */
/* title.h - the bar at the top. */
#ifndef TITLE_H
#define TITLE_H

#include "draw.h"
#include "lab.h"

struct title {
	const char *name; /* of the lesson */
	enum link_kind link;
	const char *where; /* "step 2 of 4" */
	const struct wire_state *wire;
	bool blind;	       /* no segment is seen */
	uint64_t cursor, last; /* the past's event and the newest; 0: it is now */
};

void title_draw(const struct canvas *canvas, struct rect at, const struct title *title);
/* What the cable does to segments: "wire: hold client · delay 200 ms"; "" when it does nothing but
 * carry them, or there is none. Returns `out`. */
char *title_wire(const struct wire_state *wire, char *out, size_t size);

#endif
