/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * line.h - the lab without a screen: lines in, lines out. For a terminal that cannot place its
 * cursor, for who has a screen read aloud, for a pipe. The same words, lessons and journal.
 */
#ifndef LINE_H
#define LINE_H

#include "view.h"

/* As screen_run, but on any standard input and output; nothing of the terminal is changed but what
 * readline needs to edit a line. Ends with `quit` or the end of the input. */
int line_run(const struct screen_options *options, struct err *err);

struct line {
	struct screen screen; /* nothing is drawn on it: its state, its words and what it says */
	uint64_t told;	      /* of the journal */
	int width;	      /* columns of the terminal */
	bool echo;	      /* commands are not seen as they are typed */
	/* What was printed last of the lesson, and of the past. */
	const struct lesson *lesson;
	enum reader_phase phase;
	size_t step;
	int choice;
	bool hinted, away, plays;
	uint64_t cursor;
};

/* line_print.c: everything printed goes through here: nothing that a terminal would obey. */
void line_put(const struct line *line, const char *text);
void line_printf(const struct line *line, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* What is new: the journal's events, what was said, what was opened, where the reader is. */
void line_tell(struct line *line);
/* Whether that would print something. */
bool line_news(const struct line *line);
/* Both ends, at the time that is shown. */
void line_ends(const struct line *line);
void line_page(const struct line *line, const struct page *page);

/* line_lesson.c: where the reader is, if that is not printed yet. */
void line_reader(struct line *line);
bool line_reader_moved(const struct line *line);

/* line_input.c: readline where a person types, otherwise plain lines. */
void input_start(bool edited, bool utf8);
void input_stop(void);
/* Be ready for a line: show the prompt, where there is one. */
void input_show(void);
/* Before something is printed while the prompt is shown; and after it. */
void input_hide(void);
void input_back(void);
/* Standard input has something, or its end. */
void input_read(void);
/* Whether a line is there; and take it, malloc'd. */
bool input_whole(void);
char *input_take(void);
bool input_ended(void); /* and nothing of it is left */
/* True once after a line that was too long, or no text. */
bool input_was_bad(void);
/* Ctrl-C: what was typed is forgotten. */
void input_interrupt(void);
/* We were stopped, and go on. */
void input_resume(void);

#endif
