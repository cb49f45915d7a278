/* SPDX-License-Identifier: GPL-3.0-or-later */
/* page.h - styled, wrapped text: rows that are made once and drawn a window at a time. */
#ifndef PAGE_H
#define PAGE_H

#include "draw.h"

struct run {
	enum style style;
	char *text; /* owned */
};

struct row {
	int indent; /* columns */
	struct run *runs;
	size_t count;
	int tag; /* what a click on it or a scroll to it means; 0: nothing */
};

struct page {
	int width; /* columns */
	bool utf8;
	bool dense; /* set after page_start: no empty rows */
	struct row *rows;
	size_t count, room;
	/* The paragraph being filled. */
	struct run *word; /* pieces of the word that is not finished */
	size_t pieces;
	int word_columns, column, indent, tag;
	bool space; /* a blank is due before the next word */
};

/* Zero the page before the first start; starting again empties it. */
void page_start(struct page *page, int width, bool utf8);
void page_free(struct page *page);
/* A row as it is, not wrapped; an empty one where text is NULL. */
void page_line(struct page *page, enum style style, const char *text);
void page_blank(struct page *page); /* an empty row, unless the last one is empty already */
/* A paragraph: begin with a marker (NULL: none) that hangs left of the text, let text flow in,
 * end. Words are kept whole where they fit; CJK breaks anywhere. */
void page_begin(struct page *page, int indent, enum style style, const char *marker);
void page_flow(struct page *page, enum style style, const char *text);
void page_end(struct page *page);
/* Texts side by side, each wrapped in a column of so many. */
struct cell {
	int width;
	enum style style;
	const char *text;
};
void page_cells(struct page *page, const struct cell *cells, size_t count);
/* A whole paragraph of one style. */
void page_text(struct page *page, int indent, enum style style, const char *text);
/* The first row with this tag; -1. */
int page_find(const struct page *page, int tag);
/* Draw rows from `top` on; `at` beyond the last row is left as it is. */
void page_draw(const struct canvas *canvas, const struct page *page, struct rect at, int top);

#endif
