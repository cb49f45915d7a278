/* SPDX-License-Identifier: GPL-3.0-or-later */
/* completion.h - what the completions of three shells have in common. All print to standard output.
 */
#ifndef COMPLETION_H
#define COMPLETION_H

#include "lab.h"
#include "mem.h"
#include "usage.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define TAKES_FILE(option) (!strcmp((option)->value, "FILE") || !strcmp((option)->value, "NAME"))

/* The words of the command line but options, `between` them. */
void complete_words_print(const char *between);
/* All that may stand at an option's value, where that is known: "loopback wire". */
bool complete_choices_known(const struct cli_option *option);
void complete_choices_print(const struct cli_option *option);
/* "--link" or "-j". */
void complete_option_print(const struct cli_option *option);
/* What help knows something about: each once. */
void complete_help_words_print(void);
/* A lesson's file without number and ending, "the-second-write"; and its number or letter, "2".
 * Malloc'd. */
char *complete_lesson_name(const char *path);
char *complete_lesson_number(const char *path);
/* One of the two for each lesson. */
void complete_lessons_print(char *(*what)(const char *), const char *between);
/* A line of help as the inside of single quotes of a shell; zsh also has a use for [ ] and :. */
void complete_quoted(const char *text, bool zsh);

void complete_bash(void);
void complete_zsh(void);
void complete_fish(void);

#endif
