/* SPDX-License-Identifier: GPL-3.0-or-later */
/* help_search.h - a word looked for in a page: which rows have it, and marked where it stands. */
#ifndef HELP_SEARCH_H
#define HELP_SEARCH_H

#include "page.h"

struct search {
	char word[48]; /* "": none */
	bool asking;   /* it is being typed */
	int row;       /* the one that was gone to; -1: none has it */
};
/* The next row with the word from `from` on (that one too), by 1 or -1, around the ends; -1. */
int search_row(const struct search *search, const struct page *page, int from, int by);
unsigned search_count(const struct search *search, const struct page *page); /* rows with it */
/* Mark the word in the rows that page_draw() has drawn there. */
void search_draw(const struct canvas *canvas, const struct search *search, const struct page *page,
		 struct rect at, int top);
/* A key while the word is asked for: true when it was one of it, `word` may be another now. */
bool search_type(struct search *search, int key);

#endif
