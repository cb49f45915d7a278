/* SPDX-License-Identifier: GPL-3.0-or-later */
/* language.h - what the tests of the command language share. */
#ifndef LANGUAGE_H
#define LANGUAGE_H
#include "lab.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The one line for a mistake; "" when there is none. */
static inline const char *mistake(const char *line, enum side focus)
{
	static struct err err;
	struct command command;

	memset(&err, 0, sizeof(err));
	if (command_parse(line, strlen(line), focus, &command, &err) == 0)
		err.text[0] = '\0';
	command_clear(&command);
	return err.text;
}

#define assert_mistake(line, text) assert_string_equal(mistake(line, SIDE_NONE), text)

/* Parse what must be right. */
static inline struct command parsed(const char *line, enum side focus)
{
	struct command command;
	struct err err = {{0}, 0, {0}};

	if (command_parse(line, strlen(line), focus, &command, &err) < 0)
		fail_msg("%s: %s", line, err.text);
	return command;
}

#endif
