/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCRIPT_LESSON_H
#define SCRIPT_LESSON_H
#include "lab.h"

/* Whether the file's name is a script's: FILE.lab. */
bool script_lesson_is(const char *file);
/* A script's whole text (hostile, any bytes) as a lesson without questions, named for the file. -1
 * with file and line of the first mistake, or where there is no command in it. */
int script_lesson_parse(const char *file, const char *text, size_t len, struct lesson **lesson,
			struct err *err);

#endif
