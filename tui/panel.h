/* SPDX-License-Identifier: GPL-3.0-or-later */
/* panel.h - one end of the connection: its process, its socket, its descriptors. */
#ifndef PANEL_H
#define PANEL_H

#include "draw.h"
#include "lab.h"
#include "limit.h"
#include "piece.h"

struct panel {
	enum side side;
	const struct scene_side *end;	 /* as it is at the cursor */
	const struct scene_side *before; /* as it was before the last step; NULL: no marks */
	int64_t at;			 /* ns: the time shown, for ages and countdowns */
	const struct limits *limits;	 /* NULL: not known */
	bool focused, past;
	bool stage;		   /* to be read from the back row: few facts, large */
	struct spots *spots;	   /* where its numbers are is noted here; NULL: nowhere */
	const struct spot *cursor; /* the number that is explained; NULL: none */
};

void panel_draw(const struct canvas *canvas, struct rect at, const struct panel *panel);
enum style panel_style(enum side side);

#endif
