/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stage.h - the screen for a talk: one key goes on, no prompt until it is asked for, few and large
 * things, to be read from the back row. */
#ifndef STAGE_H
#define STAGE_H

#include "draw.h"

#include <stdbool.h>
#include <stdint.h>

struct screen;
struct reader;
struct journal_view;

#define PRESS_APART (250 * NS_PER_MS) /* ns between two presses that are meant as two */

struct press {
	int key;
	bool past;	 /* it has moved in the past */
	int64_t at;	 /* ns on the monotonic clock */
	int64_t arrived; /* when what is shown had come without a key */
};

/* stage.c. The theme for it, where the user has said this one; NULL: by the terminal. */
const char *stage_theme(const char *theme);
void stage_layout(struct screen *screen, bool child);
void stage_draw_middle(struct screen *screen, const struct journal_view *view);
/* Message, prompt where it was asked for, and the line on where we are. */
void stage_draw_bottom(const struct screen *screen);

/* stage_view.c: a step, large. Rows that it takes, at most `room`. */
int stage_view_rows(const struct canvas *canvas, const struct reader *reader, int width, int room);
void stage_view_draw(const struct canvas *canvas, struct rect at, struct reader *reader);
/* What can be chosen and is drawn at row y, from 0; -1: nothing. */
int stage_view_at(const struct canvas *canvas, struct rect at, const struct reader *reader, int y);

/* stage_journal.c: the newest of what the programs did, after event `from`. */
void stage_journal_draw(const struct canvas *canvas, struct rect at,
			const struct journal_view *view, uint64_t from);

/* stage_keys.c: true when the key, or the click, was for the stage. */
bool stage_key(struct screen *screen, int key, bool empty);
bool stage_click(struct screen *screen, int y, int x);
/* What is shown has come without a key: the next press was not meant for it yet. */
void stage_arrive(struct screen *screen);
/* Esc: the prompt goes; false: it was not there. */
bool stage_escape(struct screen *screen);
/* To the beginning of the step, or of the one before; false: in the past, or no lesson. */
bool stage_back(struct screen *screen);

#endif
