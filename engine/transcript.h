/* SPDX-License-Identifier: GPL-3.0-or-later */
/* transcript.h - the parts of transcript_write: text by columns, ladders, the document. */
#ifndef TRANSCRIPT_H
#define TRANSCRIPT_H
#include "core.h"

#define TRANSCRIPT_WIDTH 80 /* columns of a ladder */

/* transcript_text.c: text whose columns are counted without a locale */
struct text {
	char bytes[640];
	int columns;
};
/* Put text behind what is there, until `columns` columns are used; what is left out is "…". No
 * control character gets in. */
void text_add(struct text *text, int columns, const char *more);
void text_addf(struct text *text, int columns, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void text_fill(struct text *text, int columns, const char *with); /* one column wide */
int text_columns(const char *text);
/* As running text, and as a code span of at most so many columns: Markdown finds nothing in it. */
void markdown_text(FILE *out, const char *text);
void markdown_code(FILE *out, const char *text, int columns);

/* transcript_ladder.c */
/* The events from `first` to `last` as a fenced ladder; nothing where there is nothing to see. */
void ladder_write(const struct journal *journal, uint64_t first, uint64_t last, FILE *out);

#endif
