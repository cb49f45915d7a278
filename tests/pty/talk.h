/* SPDX-License-Identifier: GPL-3.0-or-later */
/* talk.h - the small course on the screen for a talk, and one press after another. */
#ifndef TALK_H
#define TALK_H

#include "course.h"

/* The course's program, with these arguments. */
void stage_open(struct console *console, const char *const *args);
/* Its first lesson on the stage, with an option; both may be NULL. */
void stage_first(struct console *console, const char *option, const char *value);

/* A key, and all of the drawing that it leads to, until the next is taken for one of its own. */
void press(struct console *console, const char *key);
/* The same, where nothing comes for so long: of a key that may follow sooner. */
void press_for(struct console *console, const char *key, int ms);

#endif
