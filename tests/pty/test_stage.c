/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_stage.c - the screen for a talk: one key through it, the mouse, the prompt, colours. */
#include "lab.h"
#include "talk.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#define F5 "\033[15~"
#define RIGHT "\033OC"

/* The one key, whatever sends it: from the first screen to the end, never a prompt. */
static void test_one_key(void **state)
{
	static const char *const keys[] = {PAGE_DOWN, " ", "\r", RIGHT, DOWN};
	struct console console;

	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		stage_first(&console, NULL, NULL);
		console_expect_row(&console, -1, "2 steps    PgDn  begin");
		press(&console, keys[i]);
		console_expect(&console, "1 · The client closes");
		console_expect_row(&console, -1, "step 1 of 2    PgDn  play");
		press(&console, keys[i]);
		console_expect_row(&console, -1, "PgDn  step 2");
		press(&console, keys[i]);
		console_expect(&console, "What does write return?");
		console_expect_row(&console, -1, "PgDn  play   1 to 2  predict first");
		press(&console, keys[i]);
		console_expect(&console, "✓ 3, as before - measured");
		console_expect(&console, "The kernel only took the bytes.");
		for (int turns = 0; turns < 6 && !console_shows(&console, "the end"); turns++)
			press(&console, keys[i]);
		assert_false(console_shows(&console, "server>"));
		press(&console, keys[i]);
		console_expect(&console, "That was the lesson");
		console_close(&console);
	}
}

static void test_click(void **state)
{
	static const char text[] = "\033[<0;20;15M\033[<0;20;15m";
	struct console console;
	char click[40];
	int y = 0;

	(void)state;
	stage_first(&console, NULL, NULL);
	press(&console, text);
	console_expect_row(&console, -1, "step 1 of 2    PgDn  play");
	press(&console, text);
	press(&console, text);
	console_expect(&console, "What does write return?");
	while (y < 24 && !strstr(console_row(&console, y), "EPIPE at once"))
		y++;
	snprintf(click, sizeof(click), "\033[<0;20;%dM\033[<0;20;%dm", y + 1, y + 1);
	press(&console, click);
	console_expect(&console, "▶ 2) EPIPE at once");
	console_expect_row(&console, -1, "PgDn  play, and see");
	press(&console, click); /* once more: on */
	console_expect(&console, "✗ EPIPE at once");
	console_expect(&console, "- predicted");
	console_close(&console);
}

/* A key that is held down, or pressed twice by a nervous hand: nobody has seen what it would skip.
 */
static void test_held(void **state)
{
	struct console console;
	char held[20 * sizeof(PAGE_DOWN)] = "", back[sizeof(held)] = "";

	(void)state;
	for (int i = 0; i < 20; i++) {
		strcat(held, PAGE_DOWN);
		strcat(back, PAGE_UP);
	}
	stage_first(&console, NULL, NULL);
	press(&console, held);
	console_expect_row(&console, -1, "step 1 of 2    PgDn  play");
	press(&console, held);
	console_expect_row(&console, -1, "PgDn  step 2");
	press(&console, held);
	console_expect(&console, "What does write return?");
	press(&console, back);
	console_expect_row(&console, -1, "step 1 of 2    PgDn  play");
	console_close(&console);
	/* At a desk, from the past: up to now. */
	course_to_question(&console);
	console_type(&console, PAGE_UP PAGE_UP PAGE_UP);
	console_expect_row(&console, 0, "THE PAST");
	press(&console, held);
	console_expect_gone(&console, "THE PAST");
	console_expect(&console, "A digit or the arrows");
	press(&console, PAGE_DOWN);
	console_expect(&console, "write(4, \"123\", 3) = 3");
	console_close(&console);
}

/* What remotes send besides: they blank a slide, begin or leave a show. */
static void test_harmless(void **state)
{
	struct console console;
	char row[256];

	(void)state;
	stage_first(&console, NULL, NULL);
	press(&console, " ");
	snprintf(row, sizeof(row), "%s", console_row(&console, 12));
	console_type(&console, F5 "b.\033");
	console_expect_quiet(&console, 150);
	assert_string_equal(console_row(&console, 12), row);
	console_expect_row(&console, -1, "step 1 of 2    PgDn  play");
	console_type(&console, "x");
	console_expect_row(&console, -2, "`:` asks for the prompt");
	console_close(&console);
}

static void test_prompt(void **state)
{
	struct console console;

	(void)state;
	stage_first(&console, NULL, NULL);
	press(&console, " ");
	press(&console, " ");
	assert_false(console_shows(&console, "server>"));
	console_type(&console, ":");
	console_expect_row(&console, -2, "server>");
	console_type(&console, "client write \"b.p\"\r");
	console_expect(&console, "client  write(3, \"b.p\", 3) =");
	console_expect_row(&console, -2, "server>");
	console_type(&console, "\r");
	console_expect_gone(&console, "server>");
	console_expect_row(&console, -1, "PgDn  the next step, on a fresh pair");
	console_type(&console, ":nonsense");
	console_expect_row(&console, -2, "server> nonsense");
	console_type(&console, "\033");
	console_expect_gone(&console, "server>");
	console_type(&console, ":");
	console_expect_row(&console, -2, "server>");
	assert_false(console_shows(&console, "nonsense"));
	console_close(&console);
}

/* PgUp: the step once more, on processes that are new; then the one before. */
static void test_back(void **state)
{
	struct console console;
	pid_t server;

	(void)state;
	stage_first(&console, NULL, NULL);
	press(&console, " ");
	press(&console, " ");
	press(&console, " ");
	console_type(&console, "2");
	console_expect(&console, "▶ 2) EPIPE at once");
	press(&console, " ");
	console_expect(&console, "✗ EPIPE at once");
	server = console_pid(&console, "server");
	press(&console, PAGE_UP);
	console_expect(&console, "What does write return?");
	console_expect_row(&console, -2, "a fresh pair, and the steps before played again on it");
	console_expect_row(&console, -1, "step 2 of 2");
	console_expect(&console, "● CLOSE_WAIT");
	assert_int_not_equal(console_pid(&console, "server"), server);
	server = console_pid(&console, "server");
	press(&console, PAGE_UP);
	console_expect(&console, "1 · The client closes");
	console_expect_row(&console, -1, "step 1 of 2    PgDn  play");
	assert_int_not_equal(console_pid(&console, "server"), server);
	press(&console, PAGE_UP);
	console_expect(&console, "Words to begin with");
	press(&console, PAGE_UP);
	console_expect_row(&console, -2, "this is the beginning");
	console_close(&console);
}

/* The first words of a text: of its first sentence, and on its first row. */
static const char *first_words(const struct block *blocks, size_t from, size_t upto)
{
	static char words[40];
	size_t used = 0;

	*words = '\0';
	while (from < upto && blocks[from].kind != BLOCK_PARAGRAPH)
		from++;
	for (size_t i = 0; from < upto && i < blocks[from].count && used + 1 < sizeof(words); i++)
		used += (size_t)snprintf(words + used, sizeof(words) - used, "%s",
					 blocks[from].spans[i].text);
	for (char *at = words; (at = strpbrk(at, ".:?")); at++)
		if (at[1] == ' ')
			at[1] = '\0';
	return words;
}

static void step_through(struct console *console, const struct step *step, size_t number)
{
	char heading[160];

	snprintf(heading, sizeof(heading), "%zu · %.60s", number, step->heading);
	console_expect(console, heading);
	console_expect(console, first_words(step->blocks, 0, step->nblocks));
	for (size_t i = 0; step->question && i < step->nchoices; i++) {
		char choice[64];

		snprintf(choice, sizeof(choice), "%zu) %.30s", i + 1, step->choices[i].text);
		console_expect(console, choice);
	}
	press(console, PAGE_DOWN);
	console_expect_row(console, -1, "PgDn");
	console_expect(console, heading);
	if (step->question)
		console_expect(console, "- measured");
	console_expect(console, step->nbefore < step->nblocks
					? first_words(step->blocks, step->nbefore, step->nblocks)
					: first_words(step->blocks, 0, step->nblocks));
	for (int i = 0; i < 9 && strstr(console_row(console, console->rows - 1), "read on"); i++) {
		press_for(console, i % 2 ? PAGE_DOWN : " ", 60);
		console_expect(console, heading);
	}
	press(console, RIGHT);
}

/* At 80x24, in each of the first lessons: where the talk is can always be read. */
static void test_sentence(void **state)
{
	(void)state;
	for (int i = 1; i <= 5; i++) {
		struct lesson *lesson;
		struct console console;
		struct err err = {0};
		char number[8], pattern[256];
		const char *args[] = {"lesson", number, "--stage", NULL};
		glob_t found;

		snprintf(number, sizeof(number), "%d", i);
		snprintf(pattern, sizeof(pattern), "%s/lessons/0%d-*.md", TEST_SOURCE, i);
		assert_int_equal(glob(pattern, 0, NULL, &found), 0);
		if (lesson_read(found.gl_pathv[0], &lesson, &err))
			fail_msg("lesson %d: %s", i, err.text);
		globfree(&found);
		console_open(&console, &(struct start){.args = args});
		console_expect(&console, first_words(lesson->intro, 0, lesson->nintro));
		console_expect_row(&console, -1, "PgDn");
		while (strstr(console_row(&console, console.rows - 1), "read on"))
			press(&console, PAGE_DOWN);
		press(&console, PAGE_DOWN);
		for (size_t j = 0; j < lesson->nsteps; j++)
			step_through(&console, &lesson->steps[j], j + 1);
		console_expect(&console, "That was the lesson");
		console_close(&console);
		lesson_free(lesson);
	}
}

static void rgb(struct console *console, int y, int x, bool ground, int out[3])
{
	VTermScreenCell cell = console_cell(console, y, x);
	VTermColor color = ground ? cell.bg : cell.fg;

	vterm_screen_convert_color_to_rgb(console->screen, &color);
	out[0] = color.rgb.red;
	out[1] = color.rgb.green;
	out[2] = color.rgb.blue;
}

/* High contrast, dark and light; NO_COLOR has the last word. */
static void test_contrast(void **state)
{
	struct console console;
	int paper[3], ink[3];

	(void)state;
	for (int light = 0; light < 2; light++) {
		stage_first(&console, light ? "--theme=light" : NULL, NULL);
		while (console_pump(&console, 60))
			;
		for (int y = 0; y < 24; y++)
			if (strstr(console_row(&console, y), "Words to begin")) {
				rgb(&console, y, 3, true, paper);
				rgb(&console, y, 3, false, ink);
			}
		for (int i = 0; i < 3; i++) {
			assert_in_range(paper[i], light ? 230 : 0, light ? 255 : 20);
			assert_in_range(ink[i], light ? 0 : 220, light ? 40 : 255);
		}
		console_close(&console);
	}
}

static void test_script(void **state)
{
	struct console console;
	char path[96], bad[96];
	const char *args[] = {"lesson", path, "--stage", NULL}, *wrong[] = {"lesson", bad, NULL};
	pid_t server;

	(void)state;
	snprintf(path, sizeof(path), "%s/talk.lab", course_dir);
	course_file(path,
		    "# What this is about.\n\n# The client closes.\n# Its kernel sends a FIN.\n"
		    "open\nclient close\n\n# And then\nserver write \"123\"\n"
		    "# The kernel only took the bytes.\n");
	stage_open(&console, args);
	console_expect_row(&console, 0, "talk.lab");
	console_expect(&console, "What this is about.");
	press(&console, " ");
	console_expect(&console, "1 · The client closes");
	console_expect(&console, "Its kernel sends a FIN.");
	console_expect(&console, "client close");
	press(&console, " ");
	console_expect(&console, "● CLOSE_WAIT");
	press(&console, " ");
	console_expect(&console, "2 · And then");
	server = console_pid(&console, "server");
	press(&console, " ");
	console_expect(&console, "The kernel only took the bytes.");
	console_type(&console, F6);
	console_expect(&console, "play again, up to a step");
	press(&console, "1");
	console_expect(&console, "What this is about.");
	assert_int_not_equal(console_pid(&console, "server"), server);
	console_close(&console);
	snprintf(bad, sizeof(bad), "%s/bad.lab", course_dir);
	course_file(bad, "open\n\nopne\n");
	stage_open(&console, wrong);
	console_expect(&console, "bad.lab:3: unknown command `opne`");
	assert_int_equal(WEXITSTATUS(console_wait(&console, PATIENCE_MS)), 2);
	console_close(&console);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		COURSE_TEST(test_one_key),	 COURSE_TEST(test_click),
		COURSE_TEST(test_held),		 COURSE_TEST(test_harmless),
		COURSE_TEST(test_prompt),	 COURSE_TEST(test_back),
		cmocka_unit_test(test_sentence), COURSE_TEST(test_contrast),
		COURSE_TEST(test_script),
	};

	cmocka_set_test_filter(getenv("TEST_ONLY"));
	return cmocka_run_group_tests_name("stage", tests, NULL, NULL);
}
