/* SPDX-License-Identifier: GPL-3.0-or-later */
/* talk.c - the small course on the screen for a talk, and one press after another. */
#include "talk.h"

#include <string.h>

void stage_open(struct console *console, const char *const *args)
{
	const char *env[] = {course_state, NULL};

	console_open(console, &(struct start){.args = args, .env = env, .program = course_program});
}

void stage_first(struct console *console, const char *option, const char *value)
{
	const char *args[] = {"--stage", "lesson", "1", option, value, NULL};

	stage_open(console, args);
	console_expect(console, "Words to begin with");
}

#define BETWEEN_MS 270 /* two presses closer than this are one */

void press_for(struct console *console, const char *key, int ms)
{
	size_t bytes = console->bytes;
	long long until = now_ms() + PATIENCE_MS;

	console_type(console, key);
	while (console->bytes == bytes && now_ms() < until)
		console_pump(console, 50);
	do
		while (console_pump(console, ms))
			;
	while (strstr(console_row(console, console->rows - 1), "playing") && now_ms() < until);
}

void press(struct console *console, const char *key)
{
	press_for(console, key, BETWEEN_MS);
}
