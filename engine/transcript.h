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

/* transcript_words.c */
/* First what errno means goes, then the middle of the arguments: never what came of a call. */
void call_words(const struct event *event, int columns, struct text *text);
void segment_label(const struct event *event, char *out, size_t size); /* "P. 1:4 ack 2" */
void bytes_words(uint64_t bytes, char *out, size_t size);

/* transcript_arrow.c */
/* How far an arrow gets, and what is said at its end. */
enum reach { REACH_ALL, REACH_HALF, REACH_SECOND_HALF, REACH_LOST };
enum reach fate_reach(enum fate fate);
/* "──── label ────▶" in just so many columns, from the left or from the right. */
void arrow_add(struct text *row, int columns, bool right, enum reach reach, const char *label,
	       const char *fate);

/* transcript_ladder.c */
/* The events from `first` to `last` as a fenced ladder; nothing where there is nothing to see. */
void ladder_write(const struct journal *journal, uint64_t first, uint64_t last, FILE *out);

#endif
