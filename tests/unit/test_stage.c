/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_stage.c - events of one turn stand in the journal by their time, and wait for their call. */
#include "core.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct lab *lab;

static int begin(void **state)
{
	(void)state;
	lab = calloc(1, sizeof(*lab));
	lab->journal = journal_new(0);
	lab->start = lab_clock();
	return 0;
}

static int finish(void **state)
{
	(void)state;
	arena_free(&lab->staged_arena);
	free(lab->staged);
	journal_free(lab->journal);
	free(lab);
	return 0;
}

static void note(int64_t t, const char *text)
{
	struct event event = {.kind = EVENT_HOST, .side = SIDE_NONE, .t = t};

	event.note.text = text;
	stage_add(lab, &event);
}

static const char *text_at(uint64_t n)
{
	return journal_at(lab->journal, n)->note.text;
}

static void test_sorted(void **unused)
{
	char text[] = "third";

	(void)unused;
	note(30, text);
	note(10, "first");
	note(20, "second a");
	note(20, "second b");		     /* equal times keep their order */
	memset(text, 'x', sizeof(text) - 1); /* it was copied */
	stage_flush(lab, false);
	assert_int_equal(journal_last(lab->journal), 4);
	assert_string_equal(text_at(1), "first");
	assert_string_equal(text_at(2), "second a");
	assert_string_equal(text_at(3), "second b");
	assert_string_equal(text_at(4), "third");
	/* What comes too late stands where it came, not before what was told. */
	note(5, "late");
	stage_flush(lab, false);
	assert_string_equal(text_at(5), "late");
	assert_int_equal(journal_at(lab->journal, 5)->t, 30);
}

static void test_waits_for_the_call(void **unused)
{
	struct flight *flight = &lab->actors[SIDE_SERVER].flight;

	(void)unused;
	flight->active = true;
	flight->call = CALL_WRITE;
	flight->sent = lab_now(lab);
	note(10, "its segment");
	stage_flush(lab, false);
	assert_int_equal(journal_last(lab->journal), 0);
	note(5, "its own line");
	flight->active = false;
	stage_flush(lab, false);
	assert_string_equal(text_at(1), "its own line");
	/* One that was journalled as blocked holds nothing back. */
	flight->active = flight->journalled = true;
	note(20, "more");
	stage_flush(lab, false);
	assert_int_equal(journal_last(lab->journal), 3);
	/* Nor does a report, which is no call; and who forces it waits for nothing. */
	flight->journalled = false;
	flight->call = CALL_COUNT;
	note(30, "and more");
	stage_flush(lab, false);
	assert_int_equal(journal_last(lab->journal), 4);
	flight->call = CALL_WRITE;
	note(40, "forced");
	stage_flush(lab, true);
	assert_int_equal(journal_last(lab->journal), 5);
}

static void test_many(void **unused)
{
	unsigned seed = 7;

	(void)unused;
	for (int i = 0; i < 3000; i++)
		note(rand_r(&seed) % 1000, "x");
	stage_flush(lab, false);
	assert_int_equal(journal_last(lab->journal), 3000);
	for (uint64_t n = 2; n <= 3000; n++)
		assert_true(journal_at(lab->journal, n - 1)->t <= journal_at(lab->journal, n)->t);
	stage_note(lab, EVENT_LINK, SIDE_CLIENT, "%s %d", "number", 5);
	stage_flush(lab, false);
	assert_string_equal(text_at(3001), "number 5");
	stage_flush(lab, true); /* nothing is staged: nothing happens */
	assert_int_equal(journal_last(lab->journal), 3001);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_sorted, begin, finish),
		cmocka_unit_test_setup_teardown(test_waits_for_the_call, begin, finish),
		cmocka_unit_test_setup_teardown(test_many, begin, finish),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
