/* SPDX-License-Identifier: GPL-3.0-or-later */
/* screen.h - the laboratory on a terminal. */
#ifndef SCREEN_H
#define SCREEN_H

#include "lab.h"

struct screen_options {
	const struct session *session; /* a saved one to show instead of a lab; NULL: the lab */
	const char *file;	       /* ... which was read from here */
	const char *lesson;	       /* the file of a lesson to open on; NULL: the free lab */
	bool list;		       /* open on the list of lessons */
	enum link_kind link;	       /* of the free lab; a lesson names its own */
	unsigned seed;
	const char *theme; /* "dark", "light", "contrast", "mono"; NULL: by terminal, NO_COLOR */
	bool stage;	   /* for a talk: see stage.c */
	int64_t pace;	   /* ns: a lesson goes on by itself, so often; 0: it does not */
	bool ascii;	   /* lines of - | + whatever the locale says */
	bool plain;	   /* no screen: line.h */
	bool no_mouse;	   /* it stays the terminal's */
};

/* Run the lab on the terminal of standard input and output until the user leaves or the terminal
 * goes away. Calls setlocale(); starts and ends a lab of its own. When this returns the terminal
 * is as it was found and nothing of the lab is left. Returns the exit status: 0; 2: not a
 * terminal, or one that cannot be used; 3: the lab could not start; 128 + N: ended by signal N.
 * Where there is something to say, `err->text` is one line for standard error, else it is "". */
int screen_run(const struct screen_options *options, struct err *err);

#endif
