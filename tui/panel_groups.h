/* SPDX-License-Identifier: GPL-3.0-or-later */
/* panel_groups.h - a panel with room: its numbers in columns, under headings. */
#ifndef PANEL_GROUPS_H
#define PANEL_GROUPS_H

#include "piece.h"

/* Whether a panel of this size (its frame with it) has the room. */
bool panel_groups_fit(struct rect at, const struct facts *facts);
/* Inside the frame. */
void panel_groups_draw(const struct canvas *canvas, struct rect at, const struct facts *facts,
		       const struct pen *pen);

#endif
