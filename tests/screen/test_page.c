/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_page.c - wrapped text, measured by column. */
#include "stage.h"

#include "page.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_wrapping(void **state)
{
	struct page page = {0};
	struct canvas canvas;

	(void)state;
	stage_open(&canvas, 24, 30, true);
	page_start(&page, 30, true);
	page_text(&page, 0, STYLE_PLAIN, "Words are kept whole, whatever  blanks stand between.");
	page_blank(&page);
	page_blank(&page); /* one is enough */
	page_begin(&page, 2, STYLE_STRONG, "•");
	page_flow(&page, STYLE_PLAIN, "an item hangs, its `");
	page_flow(&page, STYLE_CODE, "code");
	page_flow(&page, STYLE_PLAIN, "`, (too), stays with its marks");
	page_end(&page);
	page_text(&page, 0, STYLE_PLAIN, "漢字はどこでも折り返すことができます、単語がないから。");
	page_text(&page, 0, STYLE_PLAIN, "averyveryverylongwordthatfitsnowhere,andmore end");
	page_line(&page, STYLE_CODE, "a line of code is not wrapped, it is cut");
	page_text(&page, 28, STYLE_PLAIN, "an indent too deep");
	page_draw(&canvas, &page, (struct rect){0, 0, 24, 30}, 0);
	stage_expect(&canvas, "page");
	/* A window further down. */
	stage_clear(&canvas);
	page_draw(&canvas, &page, (struct rect){1, 0, 4, 30}, 3);
	stage_expect(&canvas, "page-scrolled");
	page_free(&page);
	stage_close();
}

/* Columns side by side, each wrapped in its own. */
static void test_cells(void **state)
{
	struct cell cells[] = {{3, STYLE_DIM, "1"},
			       {12, STYLE_STRONG, "A heading of several words"},
			       {2, STYLE_PLAIN, ""},
			       {9, STYLE_GOOD, "漢字はどこでも"}};
	struct page page = {0};
	struct canvas canvas;

	(void)state;
	stage_open(&canvas, 6, 30, true);
	page_start(&page, 30, true);
	page.tag = 7;
	page_cells(&page, cells, 4);
	page.tag = 0;
	page_cells(&page, cells, 1);
	assert_int_equal(page_find(&page, 7), 0);
	assert_int_equal(page.count, 4);
	page_draw(&canvas, &page, (struct rect){0, 0, 4, 30}, 0);
	page_start(&page, 30, true);
	cells[1].text = "A heading";
	cells[3].text = "漢字はE"; /* it just fits */
	page_cells(&page, cells, 4);
	assert_int_equal(page.count, 1);
	page_draw(&canvas, &page, (struct rect){5, 0, 1, 30}, 0);
	stage_expect(&canvas, "cells");
	page_free(&page);
	stage_close();
}

static void test_ascii(void **state)
{
	struct page page = {0};
	struct canvas canvas;

	(void)state;
	stage_open(&canvas, 4, 40, false);
	page_start(&page, 40, false);
	page_text(&page, 0, STYLE_PLAIN, "“A peer’s FIN” — 5 µs → done… é 漢");
	page_draw(&canvas, &page, (struct rect){0, 0, 4, 40}, 0);
	stage_expect(&canvas, "page-ascii");
	page_free(&page);
	stage_close();
}

static void test_columns(void **state)
{
	struct canvas canvas;
	char *text;

	(void)state;
	stage_open(&canvas, 4, 10, true);
	assert_int_equal(draw_columns(&canvas, "aé漢e\u0301"), 5);
	/* A wide character that does not fit is left out, not halved. */
	assert_int_equal(draw_text(&canvas, 0, 0, 4, STYLE_PLAIN, "abc漢"), 3);
	assert_int_equal(draw_clip(&canvas, 1, 0, 6, STYLE_PLAIN, "漢字漢字"), 5);
	/* Nothing is drawn outside the window. */
	assert_int_equal(draw_text(&canvas, 9, 0, 4, STYLE_PLAIN, "abc"), 0);
	assert_int_equal(draw_text(&canvas, 2, 8, 40, STYLE_PLAIN, "abc"), 2);
	text = stage_text(&canvas);
	assert_string_equal(text, "abc\n漢字…\n        ab\n");
	free(text);
	stage_close();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wrapping),
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_ascii),
		cmocka_unit_test(test_columns),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests_name("page", tests, NULL, NULL);
}
