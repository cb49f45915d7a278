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
	click_on(&console, 23, "PgDn play"); /* the key bar */
	console_expect(&console, "PgDn or Space: the next step");
	console_expect_row(&console, -1, "PgDn next");
	click_on(&console, 23, "PgDn next");
	console_expect(&console, "3) CLOSE:");
	y = row_of(&console, "2) CLOSE_WAIT");
	assert_true(y > 0);
	click_on(&console, y, "CLOSE_WAIT");
	console_expect(&console, "PgDn or Enter: play this step");
	click_on(&console, 21, "play this step");
	console_expect(&console, "as you said");
	console_expect_row(&console, -1, "PgUp back");
	click_on(&console, 23, "PgUp back"); /* into the past, and out of it by the title */
	console_expect(&console, "THE PAST");
	click_on(&console, 0, "End: now");
	console_expect_gone(&console, "THE PAST");
	click_on(&console, 23, "F4 actions"); /* a list opens, and another in its place */
	console_expect(&console, "can do now");
	console_expect_row(&console, -1, "PgDn down"); /* all of it is drawn */
	click_on(&console, 23, "F2 lessons");
	console_expect(&console, "┏ lessons");
	console_expect_row(&console, -1, "F10 quit");
	click_on(&console, 23, "F10 quit");
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
