/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scheme.h - the looks of all meanings, before a terminal has its say. */
#ifndef SCHEME_H
#define SCHEME_H

#include "style.h"

struct paint {
	short fg,
		bg; /* numbers of xterm's 256 colours, of 8 in the EIGHT ones; -1: the terminal's */
	attr_t attr;
};
struct paint scheme_paint(enum scheme scheme, enum style style);
/* For a terminal of 8 colours: of a scheme of 256 nothing but black and white is left. */
void scheme_fold(enum scheme scheme, struct paint *paint);

#endif
