/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_first.c - the first screen: three ways in, by a key, the arrows, a click; or a command. */
#include "console.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define DOWN "\033OB"
#define UP "\033OA"
#define ESC "\033"

static char home[] = "/tmp/bothends-first.XXXXXX", state_home[64];
static const char *const env[] = {state_home, NULL};

/* A reader with this progress file; NULL: none. */
static void begin(struct console *console, int rows, int columns, const char *progress)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/bothends/progress.json", home);
	unlink(path);
	if (progress) {
		file = fopen(path, "w");
		assert_non_null(file);
		fputs(progress, file);
		assert_int_equal(fclose(file), 0);
	}
	console_open(console, &(struct start){.rows = rows, .columns = columns, .env = env});
	console_expect(console, "Both ends of one TCP connection");
}

static void test_ways(void **state)
{
	struct console console;

	(void)state;
	begin(&console, 24, 80, NULL);
	console_expect(&console, "▶ 1  The free lab");
	console_expect(&console, "2  The first lesson   The write that should have failed");
	console_expect(&console, "3  Help");
	console_expect_row(&console, -3, "or type a command, such as open");
	console_type(&console, "\r");
	console_expect(&console, "ESTABLISHED");
	console_expect_gone(&console, "The free lab  ");
	console_close(&console);

	begin(&console, 24, 80, NULL);
	console_type(&console, "2");
	console_expect_row(&console, 0, "The write that should have failed");
	console_close(&console);

	begin(&console, 24, 80, NULL);
	console_type(&console, DOWN "\033[6~"); /* PgDn: what a presenter has */
	console_expect_row(&console, 0, "The write that should have failed");
	console_close(&console);

	begin(&console, 24, 80, NULL);
	console_type(&console, DOWN DOWN DOWN UP DOWN);
	console_expect(&console, "▶ 3  Help");
	console_type(&console, "\r");
	console_expect(&console, "┏ help");
	console_type(&console, ESC);
	console_expect(&console, "▶ 3  Help");
	/* A digit behind what is typed is text. */
	console_type(&console, "wait 1");
	console_expect_row(&console, -2, "server> wait 1");
	console_type(&console, "ms\r");
	console_expect_gone(&console, "▶ 3  Help");
	console_close(&console);
}

static void test_click(void **state)
{
	struct console console;
	char click[32];
	int row = 0;

	(void)state;
	begin(&console, 24, 80, NULL);
	console_expect_row(&console, -1, "F10 quit");
	while (row < 24 && !strstr(console_row(&console, row), "The first lesson"))
		row++;
	snprintf(click, sizeof(click), "\033[<0;20;%dM", row + 1);
	console_type(&console, click);
	console_expect_row(&console, 0, "The write that should have failed");
	console_close(&console);
}

/* Where there is little room all of it is still there, and where there is much more is said. */
static void test_sizes(void **state)
{
	struct console console;

	(void)state;
	begin(&console, 16, 60, NULL);
	console_expect(&console, "1  The free lab");
	console_expect(&console, "2  The first lesson The write that should have failed");
	console_expect(&console, "3  Help");
	console_resize(&console, 60, 200);
	console_expect(&console, "Lines to begin with");
	console_expect(&console, "RST: over at once");
	console_close(&console);
}

static void test_back(void **state)
{
	struct console console;

	(void)state;
	begin(&console, 24, 80,
	      "{\"version\": 1, \"lessons\": {\"01-the-write-that-should-have-failed.md\": "
	      "{\"steps\": [\"played\", \"right\"]}}}");
	console_expect(&console, "▶ 2  Go on");
	console_expect(&console, "lesson 1: The write that should have failed (2/4 steps)");
	console_close(&console);

	begin(&console, 24, 80,
	      "{\"version\": 1, \"lessons\": {\"01-the-write-that-should-have-failed.md\": "
	      "{\"steps\": [\"played\", \"right\", \"right\", \"wrong\"]}}}");
	console_expect(&console, "lesson 2: The second write");
	console_type(&console, "\r");
	console_expect_row(&console, 0, "The second write");
	console_close(&console);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ways),
		cmocka_unit_test(test_click),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_back),
	};
	char path[128];
	int failed;

	if (!mkdtemp(home))
		return 1;
	snprintf(state_home, sizeof(state_home), "XDG_STATE_HOME=%s", home);
	snprintf(path, sizeof(path), "%s/bothends", home);
	if (mkdir(path, 0700))
		return 1;
	cmocka_set_test_filter(getenv("TEST_ONLY"));
	failed = cmocka_run_group_tests_name("first", tests, NULL, NULL);
	snprintf(path, sizeof(path), "rm -rf %s", home);
	return system(path) ? 1 : failed;
}
