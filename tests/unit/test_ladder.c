/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_ladder.c - a journal as a transcript: each row, and how a long transfer is folded. */
#include "transcript.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ----------------------------------------------------------------- journals */
static struct journal *journal;
static int64_t now;
static uint32_t id;

static int setup(void **unused)
{
	(void)unused;
	journal = journal_new(0);
	now = id = 0;
	return 0;
}

static int teardown(void **unused)
{
	(void)unused;
	journal_free(journal);
	return 0;
}

static void add(struct event event)
{
	event.t = now += NS_PER_MS;
	journal_append(journal, &event);
}

static void process(enum side side, enum process_change what, int status)
{
	struct event event = {.kind = EVENT_PROCESS, .side = side};

	event.process.what = what;
	event.process.pid = 100 + (pid_t)side;
	event.process.status = status;
	add(event);
}

static void state(enum side side, enum tcp_state new, bool inferred)
{
	struct event event = {.kind = EVENT_STATE, .side = side, .conn = 1};

	event.state.new = new;
	event.state.inferred = inferred;
	add(event);
}

static void segment(enum side side, unsigned flags, uint32_t seq, uint32_t len, enum fate fate)
{
	struct event event = {.kind = EVENT_SEGMENT, .side = side, .conn = 1};

	event.segment.id = ++id;
	event.segment.to = side == SIDE_CLIENT ? SIDE_SERVER : SIDE_CLIENT;
	event.segment.flags = flags;
	event.segment.seq = seq;
	event.segment.ack = 1;
	event.segment.len = len;
	event.segment.win = 512;
	event.segment.fate = fate;
	event.segment.sent = 1;
	add(event);
}

static void expect(const char *text, int held, const char *saw)
{
	struct event event = {.kind = EVENT_EXPECT, .side = SIDE_NONE};

	event.expect.text = text;
	event.expect.held = held;
	event.expect.saw = saw;
	add(event);
}

static void call(enum side side, const char *args, int64_t ret, int err)
{
	struct event event = {.kind = EVENT_CALL, .side = side};

	event.call.call = CALL_WRITE;
	event.call.pid = 100 + (pid_t)side;
	event.call.args = args;
	event.call.ret = ret;
	event.call.err = err;
	add(event);
}

/* -------------------------------------------------------------- transcripts */
static char *written(void)
{
	const struct session_about about = {.kernel = "K"};
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	transcript_write(journal, &about, out);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void assert_has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("there is no `%s` in\n%s", part, text);
}

static unsigned rows(const char *text, const char *part)
{
	unsigned count = 0;

	for (const char *at = text; (at = strstr(at, part)); at += strlen(part))
		count++;
	return count;
}

/* Ten segments of a transfer are told one by one; of eleven the middle is one row. */
static void test_fold(void **unused)
{
	char *text;

	(void)unused;
	for (unsigned count = 10; count <= 12; count++) {
		setup(NULL);
		for (unsigned i = 0; i < count; i++)
			segment(i % 2 ? SIDE_SERVER : SIDE_CLIENT, TH_A, 1 + i * 5000, 5000,
				FATE_DELIVERED);
		text = written();
		assert_int_equal(rows(text, " ack 1 "), count == 10 ? 10 : 6);
		if (count == 10)
			assert_null(strstr(text, "…"));
		else if (count == 11)
			assert_has(text, "… 5 segments: 2 ──▶ 10 kB, 3 ◀── 15 kB …");
		else
			assert_has(text, "… 6 segments: 3 ──▶ 15 kB, 3 ◀── 15 kB …");
		/* Each is counted, told or folded. */
		assert_has(text, count == 11   ? "| segments sent | 6, with 30000 bytes | 5, with "
				 : count == 10 ? "| segments sent | 5, with 25000 bytes | 5, "
					       : "| segments sent | 6, with 30000 bytes | 6, ");
		free(text);
		teardown(NULL);
	}
	setup(NULL);
}

/* What a segment has made of both ends stands on its row, a second state of an end on the next. */
static void test_states(void **unused)
{
	char *text;

	(void)unused;
	segment(SIDE_CLIENT, TH_F | TH_A, 1, 0, FATE_DELIVERED);
	state(SIDE_CLIENT, STATE_FIN_WAIT1, false);
	state(SIDE_SERVER, STATE_CLOSE_WAIT, false);
	state(SIDE_CLIENT, STATE_FIN_WAIT2, true);
	text = written();
	assert_has(text, "    0.001  FIN_WAIT1     ────────────── F. 1 ack 1 ──────────────▶    "
			 "CLOSE_WAIT\n");
	assert_has(text, "    0.004  (FIN_WAIT2)\n");
	free(text);
}

/* How far it gets, and what became of it. */
static void test_fates(void **unused)
{
	static const struct {
		enum fate fate;
		const char *row;
	} fates[] = {
		{FATE_HELD, "─── F. 1 ack 1 ─────────┤ held"},
		{FATE_RELEASED, "released ├──"},
		{FATE_DROPPED, "✗ dropped"},
		{FATE_SILENCED, "✗ silenced"},
		{FATE_DUPLICATED, "────▶"},
	};
	char *text;

	(void)unused;
	for (size_t i = 0; i < sizeof(fates) / sizeof(fates[0]); i++) {
		segment(SIDE_CLIENT, TH_F | TH_A, 1, 0, fates[i].fate);
		text = written();
		assert_has(text, fates[i].row);
		free(text);
		teardown(NULL);
		setup(NULL);
	}
}

/* What was expected, as it was said, with what was seen instead. */
static void test_expects(void **unused)
{
	struct event event = {.kind = EVENT_COMMAND, .side = SIDE_NONE};
	char *text;

	(void)unused;
	event.command.text = "client write \"``` $x$\"";
	event.command.acts = true;
	add(event);
	expect("client gone", 1, "what was seen");
	expect("server gone", 0, "a $ and a _b_");
	expect("child `gone`", 0, NULL);
	expect("x", -1, "no capture");
	text = written();
	assert_has(text, "## ```` client write \"``` $x$\" ````\n");
	assert_has(text, "- ✔ `client gone`\n");
	assert_has(text, "- ✘ `server gone` does not hold: saw a \\$ and a \\_b\\_\n");
	assert_has(text, "- ✘ `` child `gone` `` does not hold\n");
	assert_has(text, "- – `x` is unavailable: no capture\n");
	assert_has(text, "Of what was expected 1 held, 2 did not, 1 could not be told here.\n");
	free(text);
}

/* Both ends in the end: alive, stopped, dead, and who never was. */
static void test_end(void **unused)
{
	char *text;

	(void)unused;
	process(SIDE_CLIENT, PROCESS_STARTED, 0);
	process(SIDE_SERVER, PROCESS_STARTED, 0);
	text = written();
	assert_has(text, "| process | pid 100, alive | pid 101, alive |\n");
	free(text);
	process(SIDE_CLIENT, PROCESS_STOPPED, 19);
	process(SIDE_SERVER, PROCESS_KILLED, 13);
	process(SIDE_CHILD, PROCESS_STARTED, 0);
	text = written();
	assert_has(text, "| | client | server | child |\n");
	assert_has(text,
		   "| process | pid 100, stopped | pid 101 killed by SIGPIPE | pid 102, alive |\n");
	free(text);
}

/* Where there is no room for all of a call, what came of it is still there. */
static void test_calls(void **unused)
{
	char args[400] = "4, \"", *text;

	(void)unused;
	memset(args + 4, 'x', 300);
	call(SIDE_SERVER, args, -1, EPIPE);
	call(SIDE_CLIENT, "3, \"a\", 1", 1, 0);
	call(SIDE_CLIENT,
	     "3, {sa_family=AF_INET, sin_port=htons(7001), sin_addr=inet_addr(\"127.0.0.1\")}, 16",
	     0, 0);
	text = written();
	assert_has(text, "x…) = -1 EPIPE\n");
	assert_has(text, "    0.002  write(3, \"a\", 1) = 1\n");
	assert_has(text, "    0.003  write(3, 127.0.0.1:7001, 16) = 0\n");
	free(text);
}

/* Text that takes no columns fills a row's bytes, and nothing else. */
static void test_no_columns(void **unused)
{
	char args[3000] = "", *text;

	(void)unused;
	for (int i = 0; i < 1400; i++)
		strcat(args, "\u0301");
	call(SIDE_SERVER, args, 1, 0);
	call(SIDE_CLIENT, args, 1, 0);
	text = written();
	for (const char *at = text; *at; at += strcspn(at, "\n"), at += *at == '\n')
		assert_true(strcspn(at, "\n") < sizeof(((struct text *)0)->bytes));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fold),
		cmocka_unit_test_setup_teardown(test_states, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fates, setup, teardown),
		cmocka_unit_test_setup_teardown(test_expects, setup, teardown),
		cmocka_unit_test_setup_teardown(test_end, setup, teardown),
		cmocka_unit_test_setup_teardown(test_calls, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_columns, setup, teardown),
	};

	cmocka_set_test_filter(getenv("TEST_ONLY"));
	return cmocka_run_group_tests_name("ladder", tests, NULL, NULL);
}
