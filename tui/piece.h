/* SPDX-License-Identifier: GPL-3.0-or-later */
/* piece.h - parts of a fact that stay on one line, drawn; and where each number then is. */
#ifndef PIECE_H
#define PIECE_H

#include "facts.h"

/* A number or word of a panel that explains itself. */
struct spot {
	int y, x, w;
	enum side side;
	char about[20];
	unsigned nth; /* among those of the side with the same word, from 0 */
};
#define SPOTS 256
struct spots {
	struct spot at[SPOTS];
	unsigned count;
};
/* Note that there is one; returns it, NULL when there are too many. */
const struct spot *spots_add(struct spots *spots, enum side side, const char *about, int y, int x,
			     int w);
bool spot_same(const struct spot *one, const struct spot *other); /* wherever they are */

struct piece {
	const struct fact *fact;
	unsigned first, count; /* of its parts */
	int indent;	       /* columns; where it goes on from the line before */
};
#define PIECES 96
/* The fact in pieces of at most `width` columns where its parts allow it; `apart`: each label has a
 * line of its own. Returns how many, at most `max`. */
unsigned piece_split(const struct canvas *canvas, const struct fact *fact, int width, bool apart,
		     struct piece *pieces, unsigned max);
int piece_columns(const struct canvas *canvas, const struct piece *piece);

struct pen {
	enum side side;
	const struct facts *before; /* NULL: nothing to compare with */
	struct spots *spots;	    /* NULL: not noted */
	const struct spot *cursor;  /* NULL: on none */
};
/* Draw it, labels `label` columns wide (0: as they are), in `width` columns; of these `spare` may
 * go to what the numbers were before. Returns the columns used. */
int piece_draw(const struct canvas *canvas, int y, int x, int width, int label, int *spare,
	       const struct piece *piece, const struct pen *pen);
/* Whether one of its parts says something else than before. */
bool piece_changed(const struct piece *piece, const struct pen *pen);

#endif
