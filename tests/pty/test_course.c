/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_course.c - the list of lessons, and what the reader has done. */
#include "course.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* How many lines of the plain list have this in them. */
static void list_has(const char *text)
{
	char line[512], command[256];
	bool found = false;
	FILE *list;

	snprintf(command, sizeof(command), "%s %s lesson </dev/null 2>&1", course_state,
		 course_program);
	list = popen(command, "r");
	assert_non_null(list);
	while (fgets(line, sizeof(line), list))
		found |= strstr(line, text) != NULL;
	pclose(list);
	if (!found)
		fail_msg("the list has no \"%s\"", text);
}

static void test_list(void **state)
{
	struct console console;

	(void)state;
	course_open(&console, NULL, 0, 0, NULL);
	console_expect(&console, "┏ lessons");
	console_expect_row(&console, 2, "A  Part A: Beginnings");
	console_expect_row(&console, 2, "○ 0 of 2 done");
	console_expect_row(&console, 3, "▶1  The first write");
	console_expect_row(&console, 3, " 2 min  loopback  ○ not begun");
	console_expect_row(&console, 4, "2  The second lesson");
	console_expect_row(&console, 4, "13 min");
	console_expect_row(&console, 5, "03-broken.md  line 4: ");
	console_type(&console, "3");
	console_expect(&console, "03-broken.md:4: ");
	course_lesson("12-twelfth.md", course_second);
	course_lesson("03-broken.md", course_second); /* mended meanwhile */
	console_type(&console, F2);
	console_expect_row(&console, 5, "3  The second lesson");
	console_expect_row(&console, 6, "12 The second lesson");
	console_expect_row(&console, 2, "○ 0 of 4 done");
	course_lesson("03-broken.md", "# Broken\n\n```lesson\nlink: pigeon\n```\n");
	console_type(&console, "\033");
	console_expect_gone(&console, "┏ lessons");
	console_type(&console, F2);
	console_expect_row(&console, 6, "03-broken.md  line 4: ");
	console_expect_row(&console, 2, "○ 0 of 3 done");
	console_type(&console, "1"); /* which may become 12 */
	console_expect(&console, "1_  one more digit, or Enter");
	console_type(&console, "\177");
	console_expect_gone(&console, "one more digit");
	console_type(&console, "12");
	console_expect(&console, "Only one");
	console_type(&console, F2 "a"); /* a page is for reading */
	console_expect_row(&console, 0, "Part A: Beginnings");
	console_expect(&console, "What the part is about.");
	console_expect(&console, "• RFC 9293");
	console_expect(&console, "What to read");
	console_type(&console, PAGE_DOWN);
	console_expect_row(&console, 0, "The first write");
	console_expect(&console, "Words to begin with, 漢字も少し。");
	console_close(&console);
	list_has("A                     0 of 3 done           Part A: Beginnings");
	list_has("01   2 min  loopback  not begun             The first write");
	list_has("03  broken: 03-broken.md: line 4: ");
}

static void test_progress(void **state)
{
	struct console console;

	(void)state;
	course_to_question(&console);
	console_type(&console, "3"); /* there is no third answer */
	console_expect_row(&console, -3, "the answers are 1 to 2");
	console_type(&console, PAGE_UP "1");
	console_expect_row(&console, -3, "this is the past: End returns to now");
	console_type(&console, END F2);
	console_expect(&console, "▶ 1/2 steps");
	console_type(&console, "x");
	console_expect_row(&console, -3, "no x in this list; / searches, Esc leaves");
	console_type(&console, "\033");
	console_expect_gone(&console, "┏ lessons");
	console_type(&console, "2\r");
	console_expect(&console, "✗ 2) EPIPE at once");
	console_close(&console); /* killed: what was done is kept all the same */
	list_has("done, 0/1 right");
	course_open(&console, NULL, 0, 0, NULL);
	console_expect_row(&console, 2, "▶ 1 of 2 done");
	console_expect_row(&console, 3, "✓ done, 0/1 right");
	console_expect_row(&console, 4, "▶2  The second lesson"); /* the next to do */
	console_type(&console, "\r");
	console_expect_row(&console, 0, "The second lesson");
	/* The newest prediction counts. */
	console_type(&console, "lesson a\r");
	console_expect(&console, "What the part is about.");
	console_type(&console, "lesson First\r");
	console_expect(&console, "Words to begin with");
	console_type(&console, "again 2\r");
	console_expect(&console, "What does write return?");
	console_type(&console, "1\r");
	console_expect(&console, "as you said");
	console_close(&console);
	list_has("done, 1/1 right");
	/* A file from elsewhere is not of the course, whatever its name. */
	course_lesson("../01-first.md", course_second);
	{
		char elsewhere[64];

		snprintf(elsewhere, sizeof(elsewhere), "%s/01-first.md", course_dir);
		course_open(&console, elsewhere, 0, 0, NULL);
		console_expect(&console, "Only one");
		console_type(&console, PAGE_DOWN);
		console_expect_row(&console, -3, "the end");
		console_close(&console);
	}
	list_has("done, 1/1 right");
}

static void test_damaged(void **state)
{
	struct console console;
	char aside[128];

	(void)state;
	course_progress_put("{\"version\": 1, \"lessons\": {\"01-first");
	course_to_question(&console);
	console_close(&console);
	snprintf(aside, sizeof(aside), "%s.damaged", course_progress);
	assert_int_equal(access(aside, R_OK), 0);
	list_has("1/2 steps");
	course_progress_put("not JSON");
	course_open(&console, NULL, 0, 0, NULL);
	console_expect(&console, "progress: the file was damaged, and is now");
	console_type(&console, "1");
	console_expect(&console, "Words to begin with");
	console_close(&console);
	snprintf(aside, sizeof(aside), "%s.damaged.1", course_progress);
	assert_int_equal(access(aside, R_OK), 0);
}

static void test_left_alone(void **state)
{
	static const char newer[] = "{\"version\": 7}";
	struct console console;
	char found[32] = "", path[128];
	FILE *file;

	(void)state;
	course_progress_put(newer);
	course_open(&console, NULL, 0, 0, NULL);
	console_expect(&console, "of a newer bothends");
	console_close(&console);
	course_to_question(&console);
	console_close(&console);
	file = fopen(course_progress, "r");
	assert_non_null(file);
	assert_non_null(fgets(found, sizeof(found), file));
	fclose(file);
	assert_string_equal(found, newer);
	/* The directory cannot be made. */
	unlink(course_progress);
	snprintf(path, sizeof(path), "%s/state/bothends", course_dir);
	rmdir(path);
	course_file(path, "");
	course_open(&console, "2", 0, 0, NULL);
	console_expect(&console, "progress is not kept:");
	console_expect(&console, "Only one");
	console_type(&console, PAGE_DOWN);
	console_expect(&console, "accept(3…) = 4");
	console_expect_row(&console, -3, "PgDn or Space: the end");
	console_close(&console);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		COURSE_TEST(test_list),
		COURSE_TEST(test_progress),
		COURSE_TEST(test_damaged),
		COURSE_TEST(test_left_alone),
	};

	cmocka_set_test_filter(getenv("TEST_ONLY"));
	return cmocka_run_group_tests_name("course", tests, NULL, NULL);
}
