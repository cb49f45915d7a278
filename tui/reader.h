/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reader.h - where the reader is in a lesson. */
#ifndef READER_H
#define READER_H

#include "draw.h"
#include "lab.h"

/*
 *   INTRO ─▶ STEP (text, question) ─▶ PLAYING ─▶ DONE (verdict, why, claims) ─▶ STEP ... ─▶ END
 */
enum reader_phase {
	READER_NONE, /* the free lab */
	READER_INTRO,
	READER_AGAIN, /* the steps before are being replayed */
	READER_STEP,
	READER_PLAYING,
	READER_DONE,
	READER_FAILED,
	READER_END
};

struct reader {
	enum reader_phase phase;
	struct lesson *lesson;
	struct study *study;
	size_t step; /* from 0 */
	int choice;  /* of the prediction; -1: none made */
	int top;     /* rows of the text scrolled out above */
	bool more;   /* rows hidden below: the next press shows them */
	int shown;   /* rows that fit */
};

/* Begin a lesson (owned from here on) on this lab. */
void reader_start(struct reader *reader, struct lab *lab, struct lesson *lesson);
void reader_end(struct reader *reader);
/* Go on: scroll, play, or turn the page. */
void reader_next(struct reader *reader, struct lab *lab);
/* Play again up to this step (from 0). */
void reader_again(struct reader *reader, size_t step);
/* After each turn of the lab. True when the phase changed. */
bool reader_turn(struct reader *reader);
/* Whether the step asks, and may still be answered. */
bool reader_asks(const struct reader *reader);
/* Guess the i-th choice, from 0; false: there is none. */
bool reader_guess(struct reader *reader, int i);
/* Whether the lab is busy with the lesson. */
bool reader_busy(const struct reader *reader);
/* The event that decided the prediction (the true choice), or the first claim; 0: none. */
uint64_t reader_decider(const struct reader *reader);
/* The step that was played last began after this event; UINT64_MAX: none was. */
uint64_t reader_since(const struct reader *reader);
/* What PgDn does now, in a word: "play", "read on", "next"; and in a line, "" for none. */
const char *reader_word(const struct reader *reader);
const char *reader_hint(const struct reader *reader);
/* "step 2 of 4"; "" outside a lesson. */
char *reader_where(const struct reader *reader, char *out, size_t size);

/* Rows that the text would take at this width, where there are at most so many. */
int lesson_view_rows(const struct canvas *canvas, const struct reader *reader, int width, int room);
void lesson_view_draw(const struct canvas *canvas, struct rect at, struct reader *reader);
/* The choice drawn at row y, from 0; -1: none. */
int lesson_view_at(const struct canvas *canvas, struct rect at, const struct reader *reader, int y);

#endif
