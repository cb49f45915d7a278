/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_prompt.c - readline fed by us: editing, what crashes it when fed carelessly, and noise. */
#include "stage.h"

#include "prompt.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FEED(text) prompt_feed(text, sizeof(text) - 1)

static void lines_drop(void)
{
	char *line;

	while ((line = prompt_take()))
		free(line);
}

static void test_editing(void **state)
{
	char *line;

	(void)state;
	FEED("read\001write \005 \177x\r");
	line = prompt_take();
	assert_string_equal(line, "write readx");
	free(line);
	assert_null(prompt_take());
	assert_true(prompt_empty());
	FEED("\xe6\xbc"); /* half a character is none */
	assert_string_equal(prompt_line(), "");
	FEED("\xa2\xff\xc0\x80");
	assert_string_equal(prompt_line(), "漢");
	assert_true(prompt_key(KEY_LEFT));
	assert_true(prompt_key(KEY_DC));
	assert_string_equal(prompt_line(), "");
	assert_false(prompt_key(KEY_F(5)));
	prompt_set("set linger 0");
	assert_string_equal(prompt_line(), "set linger 0");
	FEED("\r");
	assert_string_equal(prompt_peek(), "set linger 0");
	lines_drop();
	FEED("half");
	assert_true(prompt_key(KEY_UP));
	assert_string_equal(prompt_line(), "set linger 0");
	assert_true(prompt_key(KEY_DOWN));
	assert_string_equal(prompt_line(), "half");
	prompt_interrupt();
	assert_true(prompt_empty());
}

static void test_completion(void **state)
{
	char **matches;

	(void)state;
	FEED("shutd\t");
	assert_string_equal(prompt_line(), "shutdown ");
	FEED("\t");
	matches = prompt_matches();
	assert_non_null(matches);
	assert_string_equal(matches[0], "rd");
	prompt_forget_matches();
	assert_null(prompt_matches());
	FEED("w\t");
	assert_string_equal(prompt_line(), "shutdown wr ");
	prompt_interrupt();
}

static void test_bounds(void **state)
{
	(void)state;
	for (int i = 0; i < 100000; i++)
		FEED("x");
	assert_true(strlen(prompt_line()) <= 4000);
	assert_true(prompt_overflowed());
	assert_false(prompt_overflowed());
	prompt_interrupt();
	for (int i = 0; i < 1000; i++)
		FEED("x\r");
	assert_true(prompt_overflowed());
	prompt_interrupt(); /* and the lines that were not taken */
	assert_null(prompt_take());
}

/* Each of these killed it once: readline 8.2 in the callback style. */
static void test_crashes(void **state)
{
	(void)state;
	FEED("\022\030>"); /* a search ended by the head of a sequence that is bound to nothing */
	prompt_interrupt();
	FEED("\033#O\020\033n\177\016\020"); /* undo lists in the history, then Ctrl-C */
	prompt_interrupt();
	FEED("?\037");
	FEED("\022a");
	prompt_interrupt();
	assert_true(prompt_empty());
	FEED("\033[200~abc\033[201~");
	FEED("\0335\033");
	prompt_interrupt();
	FEED("open");
	assert_string_equal(prompt_line(), "open");
	prompt_interrupt();
	lines_drop();
}

static void test_noise(void **state)
{
	unsigned seed = 1;
	struct canvas canvas;

	(void)state;
	stage_open(&canvas, 3, 40, true);
	for (int round = 0; round < 40; round++) {
		for (int i = 0; i < 1000; i++) {
			char c = (char)((seed = seed * 1103515245 + 12345) >> 16);

			if (c == '\003')
				prompt_interrupt();
			else if (c != '\t' || i % 10 == 0)
				prompt_feed(&c, 1);
		}
		prompt_draw(&canvas, (struct rect){1, 0, 1, 40}, STYLE_PLAIN);
		lines_drop();
	}
	prompt_interrupt();
	FEED("open\r");
	assert_string_equal(prompt_peek(), "open");
	lines_drop();
	stage_close();
}

static int start(void **state)
{
	(void)state;
	setenv("INPUTRC", "/dev/null", 1);
	setenv("TERM", "xterm-256color", 1);
	prompt_start(SIDE_SERVER, true);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	prompt_stop();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_editing), cmocka_unit_test(test_completion),
		cmocka_unit_test(test_bounds),	cmocka_unit_test(test_crashes),
		cmocka_unit_test(test_noise),
	};

	setlocale(LC_ALL, "C.UTF-8");
	cmocka_set_test_filter(getenv("TEST_ONLY"));
	return cmocka_run_group_tests_name("prompt", tests, start, stop);
}
