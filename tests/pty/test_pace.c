/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_pace.c - the screen for a talk goes on by itself, through a lesson and through a past. */
#include "talk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <cmocka.h>

/* It goes on by itself to the end, where it stops. */
static void test_pace(void **state)
{
	struct console console;
	const char *args[] = {"--pace", "200ms", "lesson", "1", NULL};

	(void)state;
	stage_first(&console, "--pace", "200ms");
	console_expect(&console, "▶ every 0.2 s");
	console_expect(&console, "What does write return?");
	console_expect(&console, "✓ 3, as before - measured");
	console_expect(&console, "That was the lesson");
	console_expect_gone(&console, "▶ every");
	console_close(&console);
	/* Without the stage, too. */
	stage_open(&console, args);
	console_expect_row(&console, 0, "▶ every 0.2 s");
	console_expect_row(&console, 0, "the end");
	console_close(&console);
}

static void test_pause(void **state)
{
	struct console console;

	(void)state;
	stage_first(&console, "--pace=3600s", NULL);
	console_expect_row(&console, -1, "▶ every 3600 s");
	console_type(&console, "p");
	console_expect_row(&console, -2, "paused: p goes on by itself again");
	console_expect_gone(&console, "▶ every");
	console_type(&console, ":play 200ms\r\r");
	console_expect(&console, "What does write return?");
	console_type(&console, PAGE_UP); /* back: paused */
	console_expect(&console, "1 · The client closes");
	console_expect_gone(&console, "▶ every");
	console_expect_quiet(&console, 500);
	console_expect_row(&console, -1, "step 1 of 2");
	console_close(&console);
	/* An answer pauses it, and typing does. */
	course_to_question(&console);
	console_type(&console, "play 3600s\r");
	console_expect_row(&console, 0, "▶ every 3600 s");
	console_type(&console, "1");
	console_expect(&console, "▶ 1) 3, as before");
	console_expect_gone(&console, "▶ every");
	console_type(&console, "play\r");
	console_expect_row(&console, 0, "▶ every 3600 s");
	console_type(&console, "x");
	console_expect_row(&console, 0, "step 2 of 2");
	console_expect_gone(&console, "▶ every");
	console_type(&console, "\025play 100ms\r");
	console_expect_row(&console, -3, "200ms to 3600s");
	console_close(&console);
}

/* Neither while it waits nor while it is paused does anything wake it. */
static void test_idle(void **state)
{
	const char *args[] = {"--stage", "--pace=3600s", "lesson", "2", NULL};
	struct console console;
	long long before;

	(void)state;
	stage_open(&console, args);
	console_expect_row(&console, -1, "step 1 of 1    PgDn  play");
	press(&console, " ");
	console_expect_row(&console, -1, "PgDn  the end");
	console_expect_row(&console, -1, "▶ every 3600 s");
	for (int i = 0; i < 2; i++) {
		console_expect_quiet(&console, 300); /* what the kernel has still to say */
		before = console_wakeups(&console);
		console_expect_quiet(&console, 700);
		assert_int_equal(console_wakeups(&console) - before, 0);
		press(&console, "p");
	}
	console_close(&console);
}

/* The past of the free lab, from command to command, back to now. */
static void test_past(void **state)
{
	struct console console;
	const char *args[] = {NULL};

	(void)state;
	stage_open(&console, args);
	console_expect(&console, "server>");
	console_type(&console, "open\rclient close\rserver write \"123\"\r");
	console_expect(&console, "write(4…) = 3");
	console_type(&console, "play\r");
	console_expect(&console, "there is nothing to play here");
	for (int i = 0; i < 6; i++)
		press(&console, PAGE_UP);
	console_expect(&console, "THE PAST");
	console_type(&console, "play 200ms\r");
	console_expect_gone(&console, "THE PAST");
	console_close(&console);
}

/* A saved session: a press a command, and by itself to the end. */
static void test_replay(void **state)
{
	struct console console;
	char name[96], file[104], script[96];
	const char *save[] = {"run", "--save", name, script, NULL};
	const char *args[] = {"--stage", "replay", file, NULL};

	(void)state;
	snprintf(script, sizeof(script), "%s/talk.lab", course_dir);
	snprintf(name, sizeof(name), "%s/talk", course_dir);
	snprintf(file, sizeof(file), "%s.jsonl", name);
	course_file(script, "open\nclient close\nexpect server state CLOSE_WAIT\n"
			    "server write \"123\"\nexpect client gone\n");
	stage_open(&console, save);
	assert_int_equal(WEXITSTATUS(console_wait(&console, PATIENCE_MS)), 0);
	console_close(&console);
	stage_open(&console, args);
	console_expect_row(&console, 0, "SAVED SESSION");
	console_expect_row(&console, -1, "PgDn  forward");
	press(&console, PAGE_DOWN);
	console_expect(&console, "accept(3…) = 4");
	console_expect(&console, "server  accept(3, 127.0.0.1:");
	press(&console, " ");
	console_expect(&console, "● CLOSE_WAIT");
	press(&console, PAGE_UP);
	console_expect_gone(&console, "● CLOSE_WAIT");
	console_type(&console, ":play 200ms\r\r");
	console_expect(&console, "write(4, \"123\", 3) = 3");
	console_expect_gone(&console, "▶ every");
	console_expect_row(&console, -1, "saved session");
	console_close(&console);
}

/* Options before the word and behind it; what is wrong with one is one line. */
static void test_options(void **state)
{
	static const struct {
		const char *args[6], *says;
	} cases[] = {
		{{"--theme", "blue", "lesson", "1"}, "bothends: --theme dark, light, contrast"},
		{{"lesson", "1", "--pace", "1ms"}, "bothends: --pace: a time from 200ms to 3600s "},
		{{"--pace=5h", "lesson"}, "bothends: --pace: a time from 200ms to 3600s expected"},
		{{"--stage", "lessen"}, "doctor or help expected, not"},
	};
	struct console console;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		stage_open(&console, cases[i].args);
		console_expect(&console, cases[i].says);
		assert_int_equal(WEXITSTATUS(console_wait(&console, PATIENCE_MS)), 2);
		assert_false(console.alternate);
		console_close(&console);
	}
	stage_open(&console, (const char *[]){"--ascii", "--theme", "mono", "lesson", "--stage",
					      "1", "--pace", "1s", NULL});
	console_expect(&console, "> every 1 s");
	console_close(&console);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		COURSE_TEST(test_pace), COURSE_TEST(test_pause),  COURSE_TEST(test_idle),
		COURSE_TEST(test_past), COURSE_TEST(test_replay), COURSE_TEST(test_options),
	};

	cmocka_set_test_filter(getenv("TEST_ONLY"));
	return cmocka_run_group_tests_name("pace", tests, NULL, NULL);
}
