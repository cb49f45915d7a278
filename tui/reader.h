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
	size_t step;	  /* from 0 */
	int choice;	  /* of the prediction, or at the end of a step; -1: none made */
	bool hinted;	  /* the step's hint is shown */
	bool last;	  /* no lesson comes after this one */
	bool away;	  /* the reader has left for the free lab */
	uint64_t settled; /* the journal's last n when the lesson had last done something */
	enum reader_phase
		then;  /* AGAIN: what comes after it; DONE: the step itself is played, too */
	bool replayed; /* ... because the reader had changed the lab */
	int top;       /* rows of the text scrolled out above */
	bool more;     /* rows hidden below: the next press shows them */
	bool follow;   /* the choice is to be scrolled to */
	int shown;     /* rows that fit */
	int ahead;     /* rows that the next press goes on by, where there are more */
};

/* Begin a lesson (owned from here on) on this lab. */
void reader_start(struct reader *reader, struct lab *lab, struct lesson *lesson);
void reader_end(struct reader *reader);
/* Whether a lesson is on the screen: there is one, and the reader has not left it. */
bool reader_reads(const struct reader *reader);
/* Go on: scroll, play, or turn the page. */
void reader_next(struct reader *reader, struct lab *lab);
/* Play again up to this step (from 0). */
void reader_again(struct reader *reader, size_t step);
/* To the beginning of the step, where it was played, otherwise of the one before, on a fresh pair.
 * False: there is none. */
bool reader_step_back(struct reader *reader);
/* After each turn of the lab. True when the phase changed. */
bool reader_turn(struct reader *reader, const struct lab *lab);
/* Whether commands of the reader's own have changed the lab since the lesson last did something:
 * then going on plays the steps before once more. */
bool reader_disturbed(const struct reader *reader, const struct lab *lab);
/* For the free lab, with the connection as it is; and back. False: not while the lesson plays. */
bool reader_leave(struct reader *reader);
void reader_back(struct reader *reader, const struct lab *lab);
/* Whether the step has a hint that is not shown yet, and may be. */
bool reader_hints(const struct reader *reader);
bool reader_hint_show(struct reader *reader);
/* Whether something can be chosen: an answer to the step's question, a step at the end. */
bool reader_asks(const struct reader *reader);
/* How many of them; 0: nothing can be. */
size_t reader_choices(const struct reader *reader);
/* Choose the i-th, from 0; false: there is none. */
bool reader_guess(struct reader *reader, int i);
/* Whether the lab is busy with the lesson. */
bool reader_busy(const struct reader *reader);
/* The event that decided the prediction (the true choice), or the first claim; 0: none. */
uint64_t reader_decider(const struct reader *reader);
/* The step that was played last began after this event; UINT64_MAX: none was. */
uint64_t reader_since(const struct reader *reader);

/* reader_words.c: what PgDn does now, in a word ("play", "replay", "read on", "next"), and in a
 * line with what else can be done, "" for none. Each returns what it has written. */
const char *reader_word(const struct reader *reader, const struct lab *lab);
char *reader_hint(const struct reader *reader, const struct lab *lab, char *out, size_t size);
/* "step 2 of 4"; "" outside a lesson. */
char *reader_where(const struct reader *reader, char *out, size_t size);
/* "lesson 3, step 2", where there is one to come back to. */
char *reader_place(const struct reader *reader, char *out, size_t size);

/* A row's tag: it is the i-th of what can be chosen. */
#define TAG_CHOICE 1000

/* summary.c: the end of a lesson, predicted beside measured. */
struct page;
void summary_fill(struct page *page, const struct reader *reader);
/* "6.18" of "6.18.44-arch1", the running kernel. Returns `out`. */
char *summary_kernel(char *out, size_t size);

/* What is to be read now, as rows of this width; dense where it would not fit into `room`. */
struct page;
void lesson_view_page(const struct canvas *canvas, const struct reader *reader, int width, int room,
		      struct page *page);
/* Rows that the text would take at this width, where there are at most so many. */
int lesson_view_rows(const struct canvas *canvas, const struct reader *reader, int width, int room);
void lesson_view_draw(const struct canvas *canvas, struct rect at, struct reader *reader);
/* What can be chosen and is drawn at row y, from 0; -1: nothing. */
int lesson_view_at(const struct canvas *canvas, struct rect at, const struct reader *reader, int y);
/* Its parts, for the stage too. A style in a text that is otherwise plain; text, each block behind
 * an empty row; a listing, or the `one` line being played; claims beside what was measured; why
 * the lesson cannot go on. */
enum style lesson_view_span(enum span_style style, enum style plain);
void lesson_view_blocks(struct page *page, const struct block *blocks, size_t from, size_t upto);
void lesson_view_listing(struct page *page, const struct block *block, bool one);
void lesson_view_claims(struct page *page, const struct reader *reader, const struct step *step);
void lesson_view_failed(struct page *page, const struct reader *reader);
/* What a claim says, and where it is said. */
void lesson_view_claim(struct page *page, enum style style, const char *marker,
		       const struct claim *claim);

#endif
