/* SPDX-License-Identifier: GPL-3.0-or-later */
/* title.h - the bar at the top. */
#ifndef TITLE_H
#define TITLE_H

#include "draw.h"
#include "lab.h"

struct title {
	const char *saved; /* the file of a saved session; NULL: the lab is live */
	const char *name;  /* of the lesson; NULL: none */
	enum link_kind link;
	const char *where; /* "step 2 of 4" */
	const char *pace;  /* at which it goes on by itself, "": it does not */
	const struct wire_state *wire;
	bool blind;	      /* no segment is seen */
	bool past;	      /* what is shown is over */
	uint64_t line, lines; /* of the journal, the one shown and how many there are */
	uint64_t since;	      /* lines that came since the past was entered */
};

void title_draw(const struct canvas *canvas, struct rect at, const struct title *title);
/* What the cable does to segments: "wire: hold client · delay 200 ms"; "" when it does nothing but
 * carry them, or there is none. Returns `out`. */
char *title_wire(const struct wire_state *wire, char *out, size_t size);

#endif
