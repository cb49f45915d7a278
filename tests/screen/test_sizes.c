/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_sizes.c - the whole screen of real labs, from 60 x 16 to 250 x 80, in UTF-8 and ASCII:
 * nothing overlaps, frames stay whole, both ends and the prompt are in sight.
 */
#include "stage.h"

#include "prompt.h"
#include "view.h"

#include <locale.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BOUND (10 * NS_PER_S)

static struct screen *screen;
static const char *scene;

static int setup(void **state)
{
	struct lab_options options = {.actor = TEST_BUILD "/bothends-actor"};
	struct err err;

	(void)state;
	screen = calloc(1, sizeof(*screen));
	assert_non_null(screen);
	screen->focus = SIDE_SERVER;
	screen->lab = lab_new(&options, &err);
	assert_non_null(screen->lab);
	stage_open(&screen->canvas, 24, 80, true);
	prompt_start(SIDE_SERVER, true);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	overlay_close(screen);
	reader_end(&screen->reader);
	welcome_free(&screen->welcome);
	catalog_free(&screen->catalog);
	progress_close(screen->progress);
	prompt_stop();
	stage_close();
	lab_free(screen->lab);
	free(screen);
	return 0;
}

static void turn(bool (*busy)(void))
{
	int64_t end = lab_now(screen->lab) + BOUND;

	while (busy()) {
		struct pollfd wait = {.fd = lab_fd(screen->lab), .events = POLLIN};

		assert_true(lab_now(screen->lab) < end);
		poll(&wait, 1, 100);
		screen_turn(screen);
	}
}

static bool lab_works(void)
{
	return lab_busy(screen->lab);
}

static void type(const char *line)
{
	screen_command(screen, line);
	turn(lab_works);
	assert_string_equal(screen->message, "");
}

static void fail_at(const char *what)
{
	char *text = stage_text(&screen->canvas);

	print_message("%s", text);
	free(text);
	fail_msg("%s at %d x %d: %s", scene, screen->layout.columns, screen->layout.rows, what);
}

static bool overlap(struct rect a, struct rect b)
{
	return a.y < b.y + b.h && b.y < a.y + a.h && a.x < b.x + b.w && b.x < a.x + a.w;
}

static void expect_layout(void)
{
	const struct layout *at = &screen->layout;
	const struct rect all[] = {at->title,	at->end[0], at->end[1], at->end[2],
				   at->ladder,	at->lesson, at->rule,	at->journal,
				   at->message, at->prompt, at->keys};
	size_t count = sizeof(all) / sizeof(all[0]);

	for (size_t i = 0; i < count; i++) {
		const struct rect *one = &all[i];

		if (one->h < 0 || one->w < 0 || one->y < 0 || one->x < 0 ||
		    one->y + one->h > at->rows || one->x + one->w > at->columns)
			fail_at("outside");
		for (size_t j = 0; j < i; j++)
			if (one->h && one->w && all[j].h && all[j].w && overlap(*one, all[j]))
				fail_at("overlap");
	}
	if (at->overlay.y + at->overlay.h > at->message.y || at->overlay.w > at->columns)
		fail_at("the overlay");
}

static bool cell_is(int y, int x, const enum glyph *glyphs, size_t count)
{
	wchar_t wide[CCHARW_MAX + 1] = {0};
	char text[64] = "";
	attr_t attrs;
	short pair;
	cchar_t cell;

	mvwin_wch(screen->canvas.win, y, x, &cell);
	getcchar(&cell, wide, &attrs, &pair, NULL);
	wcstombs(text, wide, sizeof(text) - 1);
	for (size_t i = 0; i < count; i++)
		if (!strcmp(text, glyph_text(glyphs[i], screen->canvas.utf8)))
			return true;
	return false;
}

/* What stands beside a panel, and in it, leaves its sides alone. */
static void expect_frame(struct rect at)
{
	static const enum glyph sides[] = {GLYPH_VLINE, GLYPH_HEAVY_VLINE, GLYPH_DASH_VLINE};

	for (int y = at.y + 1; y < at.y + at.h - 1; y++)
		if (!cell_is(y, at.x, sides, 3) || !cell_is(y, at.x + at.w - 1, sides, 3))
			fail_at("a panel's side");
}

static void expect_text(const char *const *wanted)
{
	char *text = stage_text(&screen->canvas);

	for (; *wanted; wanted++)
		if (!strstr(text, *wanted)) {
			free(text);
			fail_at(*wanted);
		}
	free(text);
}

/* Draw it at every size; `wanted` is in sight at each. */
static void every_size(const char *name, const char *const *wanted)
{
	scene = name;
	for (int rows = 16; rows <= 80; rows += rows < 28 ? 2 : 6)
		for (int columns = 60; columns <= 250; columns += columns < 84 ? 4 : 12) {
			screen->canvas.utf8 = (rows / 2 + columns / 4) % 2;
			assert_int_equal(resizeterm(rows, columns), OK);
			screen_draw(screen);
			expect_layout();
			for (int i = 0; i < SIDE_COUNT && screen->overlay == OVERLAY_NONE; i++)
				if (screen->layout.end[i].h)
					expect_frame(screen->layout.end[i]);
			expect_text((const char *const[]){"server>", columns < 80 ? "F1" : "quit",
							  NULL});
			expect_text(wanted);
		}
}

#define EVERY_SIZE(name, ...) every_size(name, (const char *const[]){__VA_ARGS__, NULL})

static void test_free_lab(void **state)
{
	(void)state;
	if (!screen_feature(screen, FEATURE_CAPTURE)->ok)
		skip();
	EVERY_SIZE("first", "client", "no socket yet", "The free lab", "The lessons", "Help");
	type("open");
	type("write \"hello\"");
	EVERY_SIZE("connected", "ESTABLISHED", "Recv-Q", "P. ");
	type("client read");
	screen_command(screen, "client read");
	turn(lab_works);
	EVERY_SIZE("blocked", "ESTABLISHED", "blocked in read");
	type("server fork");
	EVERY_SIZE("child", "ESTABLISHED", "child");
	type("server kill");
	EVERY_SIZE("dead", "killed");
	screen_command(screen, "back");
	EVERY_SIZE("past", "THE PAST", "client", "server");
	screen_command(screen, "end");
}

static void test_lists(void **state)
{
	(void)state;
	type("open");
	screen_command(screen, ":actions");
	EVERY_SIZE("actions", "what the server can do now", "write \"hello\"", "1 of ");
	screen_command(screen, "help");
	EVERY_SIZE("help", "help");
}

static bool lesson_works(void)
{
	return screen->reader.phase == READER_AGAIN || screen->reader.phase == READER_PLAYING;
}

/* The question and all its answers, or a mark that there is more. */
static void test_lesson(void **state)
{
	(void)state;
	screen_open_lesson(screen, TEST_SOURCE "/lessons/01-the-write-that-should-have-failed.md");
	turn(lesson_works);
	EVERY_SIZE("intro", "client", "server", "The write that should");
	while (screen->reader.phase != READER_STEP || !reader_asks(&screen->reader)) {
		screen_next(screen);
		turn(lesson_works);
	}
	assert_int_equal(resizeterm(24, 80), OK);
	screen->canvas.utf8 = true;
	screen_draw(screen);
	scene = "question";
	expect_text((const char *const[]){"ESTABLISHED", "1) ", "2) ", "3) ", NULL});
	EVERY_SIZE("question", "ESTABLISHED");
	reader_guess(&screen->reader, 0);
	screen_next(screen);
	turn(lesson_works);
	EVERY_SIZE("answer", "client", "server");
}

static void test_wire(void **state)
{
	(void)state;
	if (!screen_feature(screen, FEATURE_TUN)->ok)
		skip();
	type("link wire");
	type("open");
	type("wire hold");
	type("client close");
	EVERY_SIZE("closing", "FIN_WAIT1", "ESTABLISHED", "F.", "wire: hold");
	type("server crash");
	EVERY_SIZE("host down", "FIN_WAIT1", "HOST DOWN");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_free_lab, setup, teardown),
		cmocka_unit_test_setup_teardown(test_lists, setup, teardown),
		cmocka_unit_test_setup_teardown(test_lesson, setup, teardown),
		cmocka_unit_test_setup_teardown(test_wire, setup, teardown),
	};

	setlocale(LC_ALL, "C.UTF-8");
	cmocka_set_test_filter(getenv("TEST_ONLY"));
	return cmocka_run_group_tests_name("sizes", tests, NULL, NULL);
}
