/* SPDX-License-Identifier: GPL-3.0-or-later */
/* keys.h - keys to command lines: the one table that dispatch, key bar and help are made from. */
#ifndef KEYS_H
#define KEYS_H

#include "view.h"

struct key {
	int key;
	bool empty;	  /* only while nothing is typed */
	const char *name; /* "PgDn" */
	const char
		*command; /* a line of the command language, or a request of the screen's: ":..." */
	const char *bar;  /* in the key bar; NULL: not there */
	const char *help;
};
const struct key *key_at(size_t i); /* NULL past the end */

/* One key from curses: a character's byte, or KEY_...; `more` says that another byte came with it.
 */
void keys_take(struct screen *screen, WINDOW *input);
/* What one key does, as it was pressed or clicked on. */
void key_do(struct screen *screen, int key);
/* key_bar.c: the bottom row, and the key that it has in column `x`; 0: none. */
void keys_draw(struct screen *screen, struct rect at);
int keys_under(const struct screen *screen, struct rect at, int x);

#endif
