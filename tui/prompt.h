/* SPDX-License-Identifier: GPL-3.0-or-later */
/* prompt.h - GNU readline inside curses: it edits, we draw. */
#ifndef PROMPT_H
#define PROMPT_H

#include "draw.h"
#include "lab.h"

/* Starts readline; it has no handle, so there is one prompt a process. Call after initscr(). */
void prompt_start(enum side focus, bool utf8);
void prompt_stop(void);
/* Of that, what has nothing to do with a screen: names, completion. It begins readline. */
void prompt_setup(bool utf8);
/* "server> ". Returns `out`. */
char *prompt_words(char *out, size_t size);
/* The side named before the `>`, and that commands without a side are completed for. */
void prompt_focus(enum side focus);

/* Bytes as a terminal sends them; they may end inside a character. */
void prompt_feed(const char *bytes, size_t len);
/* A curses key (KEY_UP, ...): false when it means nothing to the prompt. */
bool prompt_key(int key);
/* Ctrl-C: forget the line and the lines not taken yet. */
void prompt_interrupt(void);
/* Put this on the line, the cursor behind it. */
void prompt_set(const char *text);

/* The next finished line, malloc'd; NULL: none. prompt_peek leaves it where it is. */
char *prompt_take(void);
const char *prompt_peek(void);
bool prompt_empty(void); /* nothing typed, no search going on */
const char *prompt_line(void);
/* True once after something typed or pasted was thrown away because it was too long. */
bool prompt_overflowed(void);

/* What could be meant, from the last completion; NULL-terminated; NULL: nothing to show. */
char **prompt_matches(void);
void prompt_forget_matches(void);

/* Draw the line into the row `at` and put the terminal's cursor there. */
void prompt_draw(const struct canvas *canvas, struct rect at, enum style style);

#endif
