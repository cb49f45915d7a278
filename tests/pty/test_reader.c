/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_reader.c - hints, leaving and coming back, trying again, the end of a lesson. */
#include "course.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cmocka.h>

static void test_hint(void **state)
{
	struct console console;

	(void)state;
	course_to_question(&console);
	console_expect(&console, "programs/first.c");
	console_expect(&console, "▶ write(fd, \"123\", 3);");
	console_expect_row(&console, -3, "?: a hint");
	console_type(&console, "x?"); /* behind a letter it is a letter */
	console_expect_row(&console, -2, "x?");
	assert_false(console_shows(&console, "Who could have told"));
	console_type(&console, "\025?"); /* Ctrl-U clears */
	console_expect(&console, "Who could have told the kernel?");
	console_expect(&console, "1) 3, as before");
	console_expect_row(&console, -3, "What do you think?"); /* and no more of a hint */
	console_type(&console, "?"); /* shown already: what can be done, then */
	console_expect(&console, "what the server can do now");
	console_type(&console, "\033");
	console_expect_gone(&console, "what the server can do now");
	console_type(&console, "1\r");
	console_expect(&console, "as you said");
	console_expect_gone(&console, "Who could have told");
	console_type(&console, "hint\r");
	console_expect_row(&console, -3, "there is no hint here");
	console_type(&console, "again 2\r");
	console_expect_row(&console, -3, "?: a hint");
	console_type(&console, "hint\r");
	console_expect(&console, "Who could have told the kernel?");
	console_close(&console);
}

/* Nothing was done meanwhile: it goes on where it was. */
static void test_leave(void **state)
{
	struct console console;
	pid_t server;

	(void)state;
	course_to_question(&console);
	console_type(&console, "2");
	console_expect(&console, "▶ 2) EPIPE at once");
	server = console_pid(&console, "server");
	console_type(&console, "leave\r");
	console_expect_row(&console, 0, "the free lab");
	console_expect_row(&console, 0, "left at step 2 of 2");
	console_expect_row(&console, -3, "PgDn: back to lesson 1, step 2, as you left it");
	console_expect_row(&console, 2, "● CLOSE_WAIT");
	console_type(&console, "leave\r");
	console_expect_row(&console, -3, "this is the free lab");
	console_type(&console, PAGE_DOWN);
	console_expect_row(&console, 0, "The first write");
	console_expect(&console, "▶ 2) EPIPE at once");
	/* From the list, and by it. */
	console_type(&console, F2 "f");
	console_expect_row(&console, 0, "the free lab");
	console_type(&console, F2);
	console_expect_row(&console, 2, "▶b  back to lesson 1, step 2");
	console_expect_row(&console, 2, "as you left it");
	console_type(&console, "\r");
	console_expect_row(&console, 0, "step 2 of 2");
	assert_int_equal(console_pid(&console, "server"), server);
	console_type(&console, "\r");
	console_expect(&console, "✗ 2) EPIPE at once");
	console_close(&console);
}

/* Something was: the steps before are played again. */
static void test_leave_and_change(void **state)
{
	struct console console;
	pid_t server;

	(void)state;
	course_to_question(&console);
	console_type(&console, "1");
	server = console_pid(&console, "server");
	console_type(&console, "leave\r");
	console_expect_row(&console, 0, "the free lab");
	console_type(&console, "server read\r");
	console_expect(&console, "read(4…) = 0");
	console_expect_row(&console, -3,
			   "PgDn: back to lesson 1, step 2, replayed on a fresh pair");
	console_type(&console, PAGE_DOWN);
	console_expect_row(&console, 0, "step 2 of 2");
	console_expect_row(&console, -3, "a fresh pair, and the steps before played again on it");
	console_expect(&console, "▶ 1) 3, as before");
	assert_int_not_equal(console_pid(&console, "server"), server);
	console_expect(&console, "● CLOSE_WAIT");
	console_type(&console, "\r");
	console_expect(&console, "as you said");
	/* Behind a played step: that one is played again, too. */
	console_type(&console, "leave\r");
	console_expect_row(&console, 0, "left at step 2 of 2");
	server = console_pid(&console, "server");
	console_type(&console, "reset\r");
	console_expect_row(&console, -3, "replayed on a fresh pair");
	console_type(&console, " ");
	console_expect_row(&console, 0, "step 2 of 2");
	console_expect(&console, "✓ 1) 3, as before - as you said");
	assert_int_not_equal(console_pid(&console, "server"), server);
	console_type(&console, "leave\ragain 1\r");
	console_expect(&console, "Words to begin with");
	console_close(&console);
}

/* Commands typed without leaving. */
static void test_changed(void **state)
{
	struct console console;
	pid_t server;

	(void)state;
	course_open(&console, "1", 0, 0, NULL);
	console_expect(&console, "Words to begin with");
	console_type(&console, PAGE_DOWN PAGE_DOWN);
	console_expect(&console, "✔ expect server state CLOSE_WAIT");
	console_type(&console, "expect server state CLOSE_WAIT\r"); /* changes nothing */
	console_expect_row(&console, -3, "PgDn or Space: the next step");
	server = console_pid(&console, "server");
	console_type(&console, "server close\r");
	console_expect_row(&console, -3,
			   "You changed the lab; PgDn: the next step, on a fresh pair");
	console_type(&console, PAGE_DOWN);
	console_expect(&console, "What does write return?");
	console_expect(&console, "● CLOSE_WAIT");
	assert_int_not_equal(console_pid(&console, "server"), server);
	server = console_pid(&console, "server");
	console_type(&console, "client kill\r");
	console_expect_row(&console, -3, "You changed the lab; PgDn: replay to here");
	console_expect_row(&console, -1, "PgDn replay");
	console_type(&console, PAGE_DOWN);
	console_expect_row(&console, -3, "a fresh pair, and the steps before");
	assert_int_not_equal(console_pid(&console, "server"), server);
	/* One that still waits is given up, and nothing is told of it later. */
	console_type(&console, "client read\rwait 1000s\r");
	console_expect_row(&console, -3, "wait 1000s ...   Ctrl-C gives up");
	console_type(&console, "again 2\r");
	console_expect_row(&console, -3, "A digit or the arrows");
	console_type(&console, "1" PAGE_DOWN);
	console_expect(&console, "as you said");
	console_close(&console);
}

/* A step that is given up, or that goes wrong, is tried again from a fresh pair. */
static void test_given_up(void **state)
{
	struct console console;

	(void)state;
	course_lesson("02-second.md", "# The second lesson\n\n```lesson\npart: A\nlink: loopback\n"
				      "minutes: 13\nlevel: beginner\nsource: a test\n```\n\n"
				      "## One\n\nText.\n\n```lab\nopen\n```\n\n"
				      "## Two\n\nText.\n\n```predict What holds? \n"
				      "the client is :: client state ESTABLISHED\n"
				      "the server has five bytes :: server recvq 5\n```\n\n"
				      "```lab\nclient write \"hello\"\n"
				      "expect server recvq 9 within 60s\n```\n");
	course_open(&console, "2", 0, 0, NULL);
	console_type(&console, PAGE_DOWN);
	console_expect_row(&console, -3, "the next step");
	console_type(&console, PAGE_DOWN PAGE_DOWN);
	console_expect_row(&console, -3, "expect server recvq 9 within 60s ...   Ctrl-C gives up");
	console_type(&console, "\003");
	console_expect(&console, "The lesson cannot go on:");
	console_expect_row(&console, -3, "given up: the lesson's step");
	console_type(&console, "\033OC"); /* a key that does nothing */
	console_expect_row(&console, -3, "PgDn: replay to step 2 on a fresh pair");
	console_type(&console, PAGE_DOWN);
	console_expect(&console, "What holds?");
	console_expect_row(&console, -3, "a fresh pair, and the steps before");
	console_close(&console);
}

static void test_summary(void **state)
{
	struct utsname kernel;
	struct console console;
	char heading[160];

	(void)state;
	course_to_question(&console);
	console_type(&console, "2\r");
	console_expect(&console, "✗ 2) EPIPE at once");
	course_to_end(&console);
	console_expect(&console, "0 of 1 prediction right");
	console_expect(&console, "predicted                 measured");
	console_expect(&console, "  1   The client closes    not asked");
	console_expect(&console,
		       "✗ 2   The server writes    EPIPE at once, although   3, as before");
	console_expect(&console, "nobody has told it");
	console_expect(&console, "anything at all");
	uname(&kernel);
	snprintf(heading, sizeof(heading), "measured on Linux %.*s",
		 (int)strcspn(kernel.release, "-+"), kernel.release);
	*strrchr(heading, '.') = '\0'; /* "6.18" of "6.18.1" */
	console_expect(&console, heading);
	console_expect(&console, ": 1 the same, 1 differs");
	console_expect(&console, "✗ differs  \"the write fails\" - hearsay");
	console_expect(&console, "measured: write = 3; TCP has to ask first");
	console_expect(&console, "✓ the same \"a reset comes back\" - RFC 9293");
	console_type(&console, DOWN DOWN);
	console_expect(&console, "▶ 2   The server writes");
	console_expect_row(&console, -3, "Enter: once more from step 2");
	console_type(&console, "\r");
	console_expect_row(&console, 0, "step 2 of 2");
	console_expect(&console, "What does write return?");
	console_type(&console, "1\r");
	console_expect(&console, "as you said");
	course_to_end(&console);
	console_expect(&console, "1 of 1 prediction right");
	console_expect(&console, "✓ 2   The server writes    3, as before              the same");
	/* Steps from a list at any time. */
	console_type(&console, F6);
	console_expect(&console, "┏ play again, up to a step");
	console_expect(&console, "✓ as predicted");
	console_type(&console, "1");
	console_expect(&console, "Words to begin with");
	console_close(&console);
}

/* A click on a step in the summary chooses it. */
static void test_summary_click(void **state)
{
	struct console console;
	char click[32];
	int y = 0;

	(void)state;
	course_to_question(&console);
	console_type(&console, PAGE_DOWN);
	console_expect(&console, "- measured");
	course_to_end(&console);
	console_expect(&console, "no prediction");
	while (y < 24 && !strstr(console_row(&console, y), "The client closes"))
		y++;
	snprintf(click, sizeof(click), "\033[<0;20;%dM\033[<0;20;%dm", y + 1, y + 1);
	console_type(&console, click);
	console_expect(&console, "▶ 1   The client closes");
	console_type(&console, click); /* and once more plays it */
	console_expect(&console, "Words to begin with");
	console_close(&console);
}

/* Every screen of a lesson at other sizes, and without what a terminal may lack. */
static void test_sizes(void **state)
{
	static const struct {
		int rows, columns;
		const char *option;
	} sizes[] = {
		{16, 60, NULL},
		{60, 200, NULL},
		{24, 80, "--ascii"},
		{43, 132, "--theme=mono"},
	};
	struct console console;

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		unlink(course_progress);
		course_open(&console, "1", sizes[i].rows, sizes[i].columns, sizes[i].option);
		console_expect(&console, "Words to begin with");
		if (i != 2)
			console_expect(&console, "漢字も少し。");
		console_type(&console, PAGE_DOWN PAGE_DOWN);
		console_expect_row(&console, -3, "the next step");
		console_type(&console, PAGE_DOWN);
		console_expect_row(&console, 0, "step 2 of 2");
		console_expect_row(&console, -3, "?: a hint");
		console_type(&console, "?");
		console_expect(&console, "Who could have told the kernel?");
		console_type(&console, "2");
		console_expect(&console, i == 2 ? "> 2) EPIPE" : "▶ 2) EPIPE");
		console_type(&console, "\r");
		console_expect(&console, i == 2 ? "+ 1) 3, as before" : "✓ 1) 3, as before");
		course_to_end(&console);
		console_expect(&console, i == 2 ? "x 2   The server" : "✗ 2   The server");
		console_type(&console, F2);
		console_expect(&console, " lessons ");
		console_expect(&console, i == 2 ? "+ done, 0/1 right" : "✓ done, 0/1 right");
		console_expect(&console, "f  the free lab, with the connection as it is");
		console_expect_row(&console, -1, "PgDn down"); /* in the list */
		console_type(&console, "f");
		console_expect_row(&console, 0, "the free lab");
		console_expect_row(&console, -1, "PgDn lesson");
		if (i == 2)
			assert_false(console.high);
		console_close(&console);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		COURSE_TEST(test_hint),
		COURSE_TEST(test_leave),
		COURSE_TEST(test_leave_and_change),
		COURSE_TEST(test_changed),
		COURSE_TEST(test_given_up),
		COURSE_TEST(test_summary),
		COURSE_TEST(test_summary_click),
		COURSE_TEST(test_sizes),
	};

	cmocka_set_test_filter(getenv("TEST_ONLY"));
	return cmocka_run_group_tests_name("reader", tests, NULL, NULL);
}
