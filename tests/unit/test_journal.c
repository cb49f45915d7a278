/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_journal.c - what was appended stays as it was, is found, and is let go at the bound. */
#include "language.h"

#include <stdio.h>

static const struct event *note(struct journal *journal, enum event_kind kind, enum side side,
				int64_t t, const char *text)
{
	struct event event = {.kind = kind, .side = side, .t = t};

	if (kind == EVENT_LINK || kind == EVENT_HOST)
		event.note.text = text;
	return journal_append(journal, &event);
}

static void empty(void **state)
{
	struct journal *journal = journal_new(0);

	(void)state;
	assert_int_equal(journal_first(journal), 1);
	assert_int_equal(journal_last(journal), 0);
	assert_null(journal_at(journal, 0));
	assert_null(journal_at(journal, 1));
	assert_null(journal_latest(journal, EVENT_CALL, SIDE_NONE, UINT64_MAX));
	assert_null(journal_before(journal, EVENT_CALL, SIDE_SERVER, 1));
	assert_null(journal_after(journal, EVENT_CALL, SIDE_SERVER, 0));
	journal_free(journal);
	journal_free(NULL);
}

/* Nothing of the caller's is kept: strings, bytes and snapshots are copied in. */
static void copies(void **state)
{
	struct journal *journal = journal_new(0);
	char args[] = "4, 3", bytes[] = "a\0b", text[] = "server recvq 1", saw[] = "Recv-Q 1";
	uint8_t raw[] = {0x45, 0, 0, 40};
	struct snapshot shot = {.recvq = 7};
	struct event event = {.kind = EVENT_CALL, .side = SIDE_SERVER};
	const struct event *call, *segment, *snapshot, *expect, *command;

	(void)state;
	event.call.args = args;
	event.call.data = bytes;
	event.call.len = 3;
	call = journal_append(journal, &event);
	event = (struct event){.kind = EVENT_SEGMENT, .side = SIDE_CLIENT};
	event.segment.raw = raw;
	event.segment.raw_len = sizeof(raw);
	segment = journal_append(journal, &event);
	event = (struct event){.kind = EVENT_SNAPSHOT, .side = SIDE_CLIENT, .snapshot = &shot};
	snapshot = journal_append(journal, &event);
	event = (struct event){.kind = EVENT_EXPECT, .side = SIDE_NONE};
	event.expect.text = text;
	event.expect.saw = saw;
	expect = journal_append(journal, &event);
	event = (struct event){.kind = EVENT_COMMAND, .side = SIDE_NONE};
	event.command.text = text;
	command = journal_append(journal, &event);
	memset(args, 'x', 4);
	memset(bytes, 'x', 3);
	memset(text, 'x', 3);
	memset(saw, 'x', 3);
	memset(raw, 'x', 4);
	shot.recvq = 0;
	assert_string_equal(call->call.args, "4, 3");
	assert_memory_equal(call->call.data, "a\0b", 3);
	assert_int_equal(segment->segment.raw[0], 0x45);
	assert_int_equal(snapshot->snapshot->recvq, 7);
	assert_string_equal(expect->expect.text, "server recvq 1");
	assert_string_equal(expect->expect.saw, "Recv-Q 1");
	assert_string_equal(command->command.text, "server recvq 1");
	assert_ptr_equal(journal_at(journal, 1), call);
	assert_ptr_equal(journal_at(journal, 5), command);
	journal_free(journal);
}

static void finds(void **state)
{
	struct journal *journal = journal_new(0);

	(void)state;
	note(journal, EVENT_STATE, SIDE_CLIENT, 1, NULL);  /* 1 */
	note(journal, EVENT_STATE, SIDE_SERVER, 2, NULL);  /* 2 */
	note(journal, EVENT_LINK, SIDE_NONE, 3, "cut");	   /* 3 */
	note(journal, EVENT_STATE, SIDE_CLIENT, 4, NULL);  /* 4 */
	note(journal, EVENT_HOST, SIDE_SERVER, 5, "down"); /* 5 */
	assert_int_equal(journal_latest(journal, EVENT_STATE, SIDE_CLIENT, 5)->n, 4);
	assert_int_equal(journal_latest(journal, EVENT_STATE, SIDE_CLIENT, 3)->n, 1);
	assert_int_equal(journal_latest(journal, EVENT_STATE, SIDE_SERVER, 99)->n, 2);
	assert_int_equal(journal_latest(journal, EVENT_STATE, SIDE_NONE, 3)->n, 2);
	assert_null(journal_latest(journal, EVENT_STATE, SIDE_CHILD, 5));
	assert_null(journal_latest(journal, EVENT_STATE, SIDE_CLIENT, 0));
	assert_int_equal(journal_before(journal, EVENT_STATE, SIDE_NONE, 4)->n, 2);
	assert_int_equal(journal_before(journal, EVENT_STATE, SIDE_CLIENT, 4)->n, 1);
	assert_null(journal_before(journal, EVENT_STATE, SIDE_CLIENT, 1));
	assert_int_equal(journal_after(journal, EVENT_STATE, SIDE_NONE, 0)->n, 1);
	assert_int_equal(journal_after(journal, EVENT_STATE, SIDE_CLIENT, 1)->n, 4);
	assert_null(journal_after(journal, EVENT_STATE, SIDE_NONE, 4));
	/* An event without a side is found as one of any side. */
	assert_int_equal(journal_latest(journal, EVENT_LINK, SIDE_NONE, 5)->n, 3);
	assert_null(journal_latest(journal, EVENT_LINK, SIDE_CLIENT, 5));
	journal_free(journal);
}

/* One clock that never goes back. */
static void times_rise(void **state)
{
	struct journal *journal = journal_new(0);

	(void)state;
	note(journal, EVENT_STATE, SIDE_CLIENT, 50, NULL);
	assert_int_equal(note(journal, EVENT_STATE, SIDE_CLIENT, 20, NULL)->t, 50);
	assert_int_equal(note(journal, EVENT_STATE, SIDE_CLIENT, 60, NULL)->t, 60);
	journal_free(journal);
}

/* Past the bound the oldest go, whole chunks at a time; what is left is whole and is found. */
static void lets_go(void **state)
{
	const uint64_t bound = 4096, count = 50000;
	struct journal *journal = journal_new(bound);
	char text[64];

	(void)state;
	for (uint64_t i = 1; i <= count; i++) {
		const struct event *kept;
		uint64_t first;

		snprintf(text, sizeof(text), "note %llu", (unsigned long long)i);
		kept = note(journal, i % 3 ? EVENT_LINK : EVENT_HOST,
			    i % 2 ? SIDE_SERVER : SIDE_CLIENT, (int64_t)i, text);
		assert_int_equal(kept->n, i);
		first = journal_first(journal);
		assert_int_equal(journal_last(journal), i);
		assert_true(i - first + 1 <= bound);
		assert_true(i < bound || i - first + 1 >= bound / 2);
	}
	assert_true(journal_first(journal) > 1);
	assert_null(journal_at(journal, journal_first(journal) - 1));
	assert_null(journal_at(journal, 1));
	assert_null(journal_at(journal, count + 1));
	for (uint64_t n = journal_first(journal); n <= count; n++) {
		const struct event *event = journal_at(journal, n);

		snprintf(text, sizeof(text), "note %llu", (unsigned long long)n);
		assert_int_equal(event->n, n);
		assert_string_equal(event->note.text, text);
	}
	/* The index has let go too. */
	assert_true(journal_after(journal, EVENT_HOST, SIDE_NONE, 0)->n >= journal_first(journal));
	assert_null(journal_latest(journal, EVENT_HOST, SIDE_NONE, journal_first(journal) - 1));
	assert_int_equal(journal_latest(journal, EVENT_HOST, SIDE_NONE, count)->n, 49998);
	assert_int_equal(journal_latest(journal, EVENT_HOST, SIDE_SERVER, count)->n, 49995);
	assert_int_equal(journal_list_count(journal, LIST_LINES, SIDE_NONE, count),
			 count + 1 - journal_first(journal));
	assert_int_equal(journal_list_after(journal, LIST_LINES, SIDE_NONE, 0)->n,
			 journal_first(journal));
	journal_free(journal);
}

/* Events that are kept do not move, however many come after them. */
static void stays(void **state)
{
	struct journal *journal = journal_new(0);
	const struct event *first = note(journal, EVENT_LINK, SIDE_NONE, 1, "first");
	char *big = malloc(200000);

	(void)state;
	memset(big, 'a', 199999);
	big[199999] = '\0';
	for (int i = 0; i < 5000; i++)
		note(journal, EVENT_LINK, SIDE_NONE, i, i % 1000 ? "x" : big);
	assert_ptr_equal(journal_at(journal, 1), first);
	assert_string_equal(first->note.text, "first");
	assert_string_equal(journal_at(journal, 1002)->note.text, big);
	assert_string_equal(journal_at(journal, 1003)->note.text, "x");
	free(big);
	journal_free(journal);
}

/* Few events can be large: what many reads have brought is let go as well. */
static void large(void **state)
{
	static char bytes[65536];
	struct journal *journal = journal_new(0);
	struct event event = {.kind = EVENT_CALL, .side = SIDE_SERVER};
	uint64_t most = 0;

	(void)state;
	event.call.args = "4, 65536";
	event.call.data = bytes;
	event.call.len = sizeof(bytes);
	for (int i = 0; i < 12000; i++) {
		uint64_t kept;

		journal_append(journal, &event);
		kept = journal_last(journal) + 1 - journal_first(journal);
		most = kept > most ? kept : most;
	}
	assert_in_range(most * sizeof(bytes), 256U << 20, 400U << 20);
	assert_int_equal(journal_last(journal), 12000);
	assert_ptr_equal(journal_latest(journal, EVENT_CALL, SIDE_SERVER, UINT64_MAX),
			 journal_at(journal, 12000));
	assert_null(journal_at(journal, journal_first(journal) - 1));
	journal_free(journal);
}

/* What is on a list is found as if every event had been looked at. */
static void lists(void **state)
{
	struct journal *journal = journal_new(0);
	static const struct {
		const char *text;
		bool acts;
	} commands[] = {
		{"open", true}, {"expect client gone", false}, {"wait 1s", false}, {"reset", true}};
	unsigned lines = 0;
	uint64_t begun = 0, acted = 0;

	(void)state;
	for (unsigned i = 0; i < 5000; i++) {
		struct event event = {.kind = EVENT_COMMAND, .side = SIDE_NONE};
		struct snapshot snapshot = {0};
		unsigned row = i * 7 / 3 % 4;

		if (i % 3 == 0) {
			event.kind = EVENT_SNAPSHOT;
			event.side = SIDE_SERVER;
			event.snapshot = &snapshot;
		} else {
			event.command.text = commands[row].text;
			event.command.acts = commands[row].acts;
			lines += row != 1;
		}
		journal_append(journal, &event);
		if (event.kind == EVENT_COMMAND && commands[row].acts)
			acted = journal_last(journal);
		if (event.kind == EVENT_COMMAND && row == 3)
			begun = journal_last(journal);
		assert_int_equal(
			journal_list_count(journal, LIST_LINES, SIDE_NONE, journal_last(journal)),
			lines);
	}
	assert_int_equal(journal_list_latest(journal, LIST_BEGINS, SIDE_NONE, UINT64_MAX)->n,
			 begun);
	assert_int_equal(journal_list_latest(journal, LIST_ACTS, SIDE_NONE, UINT64_MAX)->n, acted);
	assert_null(journal_list_after(journal, LIST_ACTS, SIDE_NONE, acted));
	assert_int_equal(journal_list_after(journal, LIST_ACTS, SIDE_NONE, acted - 1)->n, acted);
	journal_free(journal);
}

/* A lab begins where the journal says which link it has, a fresh pair with `reset`. */
static void begins(void **state)
{
	static const struct {
		enum event_kind kind;
		const char *text;
		bool begins;
	} cases[] = {
		{EVENT_LINK, "wire", true},
		{EVENT_LINK, "loopback, on the machine's own network", true},
		{EVENT_LINK, "wire cut", false},
		{EVENT_LINK, "loopbacks", false},
		{EVENT_HOST, "wire", false},
		{EVENT_COMMAND, "reset", true},
		{EVENT_COMMAND, "reset 2", false},
		{EVENT_COMMAND, "open", false},
	};
	struct journal *journal = journal_new(0);
	uint64_t count = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (cases[i].kind == EVENT_COMMAND) {
			struct event event = {.kind = EVENT_COMMAND, .side = SIDE_NONE};

			event.command.text = cases[i].text;
			event.command.acts = true;
			journal_append(journal, &event);
		} else {
			note(journal, cases[i].kind, SIDE_NONE, 0, cases[i].text);
		}
		count += cases[i].begins;
		assert_int_equal(journal_list_count(journal, LIST_BEGINS, SIDE_NONE, UINT64_MAX),
				 count);
	}
	for (enum side side = SIDE_CLIENT; side < SIDE_COUNT; side++) {
		struct event event = {.kind = EVENT_PROCESS, .side = side};

		event.process.what = PROCESS_STARTED;
		journal_append(journal, &event);
		assert_int_equal(journal_list_latest(journal, LIST_STARTS, side, UINT64_MAX)->n,
				 journal_last(journal));
	}
	journal_free(journal);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty),      cmocka_unit_test(copies),	 cmocka_unit_test(finds),
		cmocka_unit_test(times_rise), cmocka_unit_test(lets_go), cmocka_unit_test(stays),
		cmocka_unit_test(large),      cmocka_unit_test(lists),	 cmocka_unit_test(begins),
	};

	return cmocka_run_group_tests_name("journal", tests, NULL, NULL);
}
