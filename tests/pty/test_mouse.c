/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_mouse.c - a lesson begun, answered, played, looked back at and left by the mouse alone. */
#include "console.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The middle of `text`, in the row `y` from 0. */
static void click_on(struct console *console, int y, const char *text)
{
	const char *row, *at;
	char click[64];
	int x = 1;

	console_expect_row(console, y, text);
	row = console_row(console, y);
	at = strstr(row, text);
	assert_non_null(at);
	for (const char *c = row; c < at + strlen(text) / 2; c++) /* a column a character */
		x += (*c & 0xc0) != 0x80;
	snprintf(click, sizeof(click), "\033[<0;%d;%dM\033[<0;%d;%dm", x, y + 1, x, y + 1);
	console_type(console, click);
}

/* `bar` is what the bar begins with, up to this key: half drawn, it has keys elsewhere. */
static void click_key(struct console *console, const char *bar, const char *text)
{
	console_expect_row(console, -1, bar);
	click_on(console, console->rows - 1, text);
}

static int row_of(struct console *console, const char *text)
{
	for (int y = 0; y < console->rows; y++)
		if (strstr(console_row(console, y), text))
			return y;
	return -1;
}

static void test_lesson(void **state)
{
	static const char *const args[] = {"lesson", "1", NULL};
	struct start start = {.args = args};
	struct console console;
	int y;

	(void)state;
	console_open(&console, &start);
	console_expect(&console, "PgDn or Space: begin");
	click_on(&console, 21, "begin"); /* the hint */
	console_expect(&console, "step 1 of 4");
	click_key(&console, "PgDn play", "PgDn play"); /* the key bar */
	console_expect(&console, "PgDn or Space: the next step");
	click_key(&console, "PgDn next", "PgDn next");
	console_expect(&console, "3) CLOSE:");
	y = row_of(&console, "2) CLOSE_WAIT");
	assert_true(y > 0);
	click_on(&console, y, "CLOSE_WAIT");
	console_expect(&console, "PgDn or Enter: play this step");
	click_on(&console, 21, "play this step");
	console_expect(&console, "as you said");
	click_key(&console, "PgDn read on PgUp back",
		  "PgUp back"); /* into the past, and out of it by the title */
	console_expect(&console, "THE PAST");
	click_on(&console, 0, "End: now");
	console_expect_gone(&console, "THE PAST");
	click_key(&console, "PgDn read on PgUp back F1 help F2 lessons F3 side F4 actions",
		  "F4 actions"); /* a list opens, and another in its place */
	console_expect(&console, "can do now");
	click_key(&console, "PgDn down PgUp up F1 help F2 lessons", "F2 lessons");
	console_expect(&console, "┏ lessons");
	click_key(&console, "F3 side F4 actions F5 ladder F10 quit", "F10 quit");
	assert_int_equal(console_wait(&console, PATIENCE_MS), 0);
	console_expect_restored(&console);
	console_close(&console);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lesson),
	};

	cmocka_set_test_filter(getenv("TEST_ONLY"));
	return cmocka_run_group_tests_name("mouse", tests, NULL, NULL);
}
