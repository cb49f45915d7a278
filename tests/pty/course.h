/* SPDX-License-Identifier: GPL-3.0-or-later */
/* course.h - a small course of our own, the program copied beside it, a state directory of its own.
 */
#ifndef COURSE_H
#define COURSE_H

#include "console.h"

#define PAGE_UP "\033[5~"
#define PAGE_DOWN "\033[6~"
#define END "\033OF"
#define DOWN "\033OB"
#define F2 "\033OQ"
#define F6 "\033[17~"

/* The directory; the program in it; XDG_STATE_HOME=...; the file of progress. */
extern char course_dir[], course_program[64], course_state[64], course_progress[96];

extern const char course_second[]; /* the text of 02-second.md */

/* cmocka's setup and teardown: the course of a page, two lessons and a broken file. */
int course_make(void **state);
int course_remove(void **state);
#define COURSE_TEST(name) cmocka_unit_test_setup_teardown(name, course_make, course_remove)

void course_file(const char *path, const char *text);
void course_lesson(const char *name, const char *text);
void course_progress_put(const char *text);
/* `bothends lesson [OPTION] [LESSON]`; rows and columns 0: 24 and 80. */
void course_open(struct console *console, const char *lesson, int rows, int columns,
		 const char *option);
/* Up to the question of the first lesson's second step. */
void course_to_question(struct console *console);
/* To the end of the lesson, from the answer on. */
void course_to_end(struct console *console);

#endif
