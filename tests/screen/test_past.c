/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_past.c - the past is shown as it was: a real session, gone through forward and backward,
 * each frame beside the one that was drawn when its event was the newest. */
#include "stage.h"

#include "journal_view.h"
#include "prompt.h"
#include "view.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char directory[] = "/tmp/bothends-past.XXXXXX";

static void setup_screen(struct screen *screen, struct session *session,
			 const struct canvas *canvas)
{
	memset(screen, 0, sizeof(*screen));
	screen->options.session = session;
	screen->options.file = "past.jsonl";
	screen->canvas = *canvas;
	screen->focus = SIDE_SERVER;
}

/* Both ends and the ladder, without the frames' corners that other views may share. */
static char *screen_ends(struct screen *screen)
{
	const struct layout *at = &screen->layout;
	char *text, *end;

	screen_draw(screen);
	text = stage_text(&screen->canvas);
	end = text;
	for (int row = 0; row < at->ladder.y + at->ladder.h; row++)
		end = strchr(end, '\n') + 1;
	*end = '\0';
	memmove(text, strchr(text, '\n') + 1, strlen(strchr(text, '\n') + 1) + 1); /* the title */
	return text;
}

/* A journal that ends with event `upto`. */
static struct journal *journal_until(const struct journal *journal, uint64_t upto)
{
	struct journal *before = journal_new(0);

	for (uint64_t n = 1; n <= upto; n++)
		journal_append(before, journal_at(journal, n));
	return before;
}

static void expect_as_it_was(struct screen *past, const struct canvas *canvas)
{
	const struct journal *journal = past->options.session->journal;
	const uint64_t upto = screen_upto(past);
	struct session session = {.journal = journal_until(journal, upto)};
	char *then, *now = screen_ends(past);
	struct screen screen;

	setup_screen(&screen, &session, canvas);
	then = screen_ends(&screen);
	if (strcmp(now, then)) {
		print_message("# event %llu, when it was now:\n", (unsigned long long)past->cursor);
		fputs(then, stdout);
		print_message("# and in the past:\n");
		fputs(now, stdout);
		fail_msg("the past is not as it was");
	}
	journal_free(session.journal);
	free(then);
	free(now);
}

/* False: this machine does not play it. */
static bool session_make(const char *lesson, struct session **session)
{
	char line[1024], file[256];
	struct err err = {0};
	int status;

	snprintf(file, sizeof(file), "%s/%s.jsonl", directory, lesson);
	snprintf(line, sizeof(line),
		 "%s/bothends run --save %s/%s %s/lessons/%s.md >/dev/null 2>&1", TEST_BUILD,
		 directory, lesson, TEST_SOURCE, lesson);
	status = system(line);
	if (status < 0 || !WIFEXITED(status) || WEXITSTATUS(status) == 3)
		return false;
	if (session_read(file, session, &err))
		fail_msg("%s: %s", file, err.text);
	return true;
}

static void session_walk(const char *lesson, int rows, int columns)
{
	struct session *session;
	struct canvas canvas;
	struct screen screen;
	unsigned forward = 0, backward = 0;

	if (!session_make(lesson, &session))
		skip();
	stage_open(&canvas, rows, columns, true);
	setup_screen(&screen, session, &canvas);
	rewind_first(&screen);
	for (; screen.cursor; rewind_forward(&screen), forward++)
		expect_as_it_was(&screen, &canvas);
	expect_as_it_was(&screen, &canvas);
	assert_int_equal(forward + 1, journal_list_count(session->journal, LIST_LINES, SIDE_NONE,
							 journal_last(session->journal)));
	for (uint64_t before = 1; before != screen.cursor; backward++) {
		before = screen.cursor;
		rewind_back(&screen);
		expect_as_it_was(&screen, &canvas);
	}
	assert_int_equal(backward, forward + 1); /* the last one has nothing before it */
	/* From command to command it stops at the same places both ways. */
	for (screen.cursor = 1; screen.cursor;) {
		uint64_t from = screen.cursor;

		rewind_later(&screen);
		if (screen.cursor && from > 1) {
			uint64_t to = screen.cursor;

			rewind_earlier(&screen);
			assert_int_equal(screen.cursor, from);
			rewind_to(&screen, to);
		}
	}
	stage_close();
	session_free(session);
}

static void test_loopback(void **state)
{
	(void)state;
	session_walk("01-the-write-that-should-have-failed", 24, 80);
}

static void test_wire(void **state)
{
	(void)state;
	session_walk("36-both-close-at-once", 43, 132);
}

/* New events move no row of what is shown. */
static void test_stands_still(void **state)
{
	struct journal *journal = journal_new(0);
	struct session session = {.journal = journal};
	struct canvas canvas;
	struct screen screen;
	char *before, *after;

	(void)state;
	put_process(journal, 0, SIDE_CLIENT, PROCESS_STARTED, 0);
	put_process(journal, 0, SIDE_SERVER, PROCESS_STARTED, 0);
	for (int i = 0; i < 30; i++)
		put_call(journal, i, SIDE_SERVER, CALL_WRITE, "4, \"A\", 1", 1, 0);
	stage_open(&canvas, 24, 80, true);
	setup_screen(&screen, &session, &canvas);
	rewind_back(&screen);
	rewind_back(&screen);
	screen_draw(&screen);
	before = stage_text(&canvas);
	for (int i = 30; i < 90; i++)
		put_call(journal, i, SIDE_SERVER, CALL_READ, "4, \"B\", 1", 1, 0);
	assert_int_equal(rewind_since(&screen), 60);
	screen_draw(&screen);
	after = stage_text(&canvas);
	assert_string_equal(strchr(before, '\n'), strchr(after, '\n'));
	assert_string_not_equal(before, after); /* the title counts them */
	free(before);
	free(after);
	rewind_forward(&screen);
	screen_draw(&screen);
	after = stage_text(&canvas);
	assert_non_null(strstr(after, "read(4, \"B\", 1)"));
	free(after);
	stage_close();
	journal_free(journal);
}

static int setup(void **state)
{
	(void)state;
	setlocale(LC_ALL, "C.UTF-8");
	return mkdtemp(directory) ? 0 : -1;
}

static int teardown(void **state)
{
	char line[128];

	(void)state;
	snprintf(line, sizeof(line), "rm -rf %s", directory);
	return system(line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_loopback),
		cmocka_unit_test(test_wire),
		cmocka_unit_test(test_stands_still),
	};

	cmocka_set_test_filter(getenv("TEST_ONLY"));
	return cmocka_run_group_tests_name("past", tests, setup, teardown);
}
