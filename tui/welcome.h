/* SPDX-License-Identifier: GPL-3.0-or-later */
/* welcome.h - the free lab's first screen: what this is, and the three ways in. */
#ifndef WELCOME_H
#define WELCOME_H

#include "draw.h"

struct screen;

struct welcome {
	bool read;	/* what follows is known */
	bool back;	/* the reader has played lessons before */
	int chosen;	/* of the ways, from 0 */
	char *path;	/* of the lesson to begin or to go on with; owned; NULL: there is none */
	char *title;	/* what it is called; owned */
	char state[48]; /* "6 min", "3/5 steps" */
	char label[8];	/* its number */
};

/* Whether it is shown: nothing was done in this lab yet, and no lesson is read. */
bool welcome_shows(const struct screen *screen);
/* Find the lesson to offer, once. At most three lesson files are read. */
void welcome_read(struct screen *screen);
/* Rows that it would take at this width, at most `room`. */
int welcome_rows(const struct screen *screen, int width, int room);
void welcome_draw(const struct screen *screen, struct rect at);
/* A key on an empty prompt, or a click on row y: true when it was for a way in. */
bool welcome_key(struct screen *screen, int key);
bool welcome_click(struct screen *screen, int y);
void welcome_free(struct welcome *welcome);

#endif
