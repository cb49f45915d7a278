/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_scene.c - both ends as they were at an event. */
#include "language.h"

#include <signal.h>

static struct journal *journal;

static int begin(void **state)
{
	(void)state;
	journal = journal_new(0);
	return 0;
}

static int finish(void **state)
{
	(void)state;
	journal_free(journal);
	return 0;
}

static uint64_t process(enum side side, enum process_change what, pid_t pid, int status)
{
	struct event event = {.kind = EVENT_PROCESS, .side = side, .process = {what, pid, status}};

	return journal_append(journal, &event)->n;
}

static uint64_t call(enum event_kind kind, enum side side, enum call call_made)
{
	struct event event = {.kind = kind, .side = side};

	event.call.call = call_made;
	event.call.args = "";
	event.call.pid = 42;
	return journal_append(journal, &event)->n;
}

static uint64_t seen(enum side side)
{
	struct snapshot shot = {.recvq = 1};
	struct event event = {.kind = EVENT_SNAPSHOT, .side = side, .snapshot = &shot};

	return journal_append(journal, &event)->n;
}

static struct scene_side end_at(uint64_t n, enum side side)
{
	struct scene scene;

	scene_at(journal, n, &scene);
	assert_int_equal(scene.n, n);
	return scene.side[side];
}

static void nothing(void **state)
{
	struct scene_side end = end_at(0, SIDE_SERVER);

	(void)state;
	assert_false(end.started || end.alive || end.stopped);
	assert_null(end.process);
	assert_null(end.snapshot);
	assert_null(end.call);
	assert_null(end.blocked);
	assert_null(end.state);
}

static void life(void **state)
{
	uint64_t started = process(SIDE_SERVER, PROCESS_STARTED, 42, 0);
	uint64_t stopped = process(SIDE_SERVER, PROCESS_STOPPED, 42, SIGSTOP);
	uint64_t continued = process(SIDE_SERVER, PROCESS_CONTINUED, 42, 0);
	uint64_t caught = process(SIDE_SERVER, PROCESS_CAUGHT, 42, SIGPIPE);
	uint64_t killed = process(SIDE_SERVER, PROCESS_KILLED, 42, SIGKILL);
	struct scene_side end;

	(void)state;
	end = end_at(started, SIDE_SERVER);
	assert_true(end.started && end.alive && !end.stopped);
	assert_int_equal(end.pid, 42);
	assert_true(end_at(stopped, SIDE_SERVER).stopped);
	assert_true(end_at(stopped, SIDE_SERVER).alive);
	assert_false(end_at(continued, SIDE_SERVER).stopped);
	assert_int_equal(end_at(caught, SIDE_SERVER).process->n, started);
	assert_true(end_at(caught, SIDE_SERVER).alive);
	end = end_at(killed, SIDE_SERVER);
	assert_true(end.started && !end.alive);
	assert_int_equal(end.process->n, killed);
	assert_false(end_at(killed, SIDE_CLIENT).started);
}

/* A stopped process that is killed is not stopped any more. */
static void killed_while_stopped(void **state)
{
	uint64_t killed;

	(void)state;
	process(SIDE_SERVER, PROCESS_STARTED, 42, 0);
	process(SIDE_SERVER, PROCESS_STOPPED, 42, SIGSTOP);
	killed = process(SIDE_SERVER, PROCESS_KILLED, 42, SIGKILL);
	assert_false(end_at(killed, SIDE_SERVER).stopped);
	process(SIDE_SERVER, PROCESS_STARTED, 43, 0);
	assert_false(end_at(killed + 1, SIDE_SERVER).stopped);
	assert_true(end_at(killed + 1, SIDE_SERVER).alive);
}

static void blocked(void **state)
{
	uint64_t in, out;

	(void)state;
	process(SIDE_SERVER, PROCESS_STARTED, 42, 0);
	in = call(EVENT_BLOCKED, SIDE_SERVER, CALL_READ);
	assert_int_equal(end_at(in, SIDE_SERVER).blocked->n, in);
	assert_null(end_at(in, SIDE_CLIENT).blocked);
	out = call(EVENT_CALL, SIDE_SERVER, CALL_READ);
	assert_null(end_at(out, SIDE_SERVER).blocked);
	assert_int_equal(end_at(out, SIDE_SERVER).call->n, out);
	/* The past is as it was. */
	assert_int_equal(end_at(in, SIDE_SERVER).blocked->n, in);
	in = call(EVENT_BLOCKED, SIDE_SERVER, CALL_WRITE);
	out = process(SIDE_SERVER, PROCESS_KILLED, 42, SIGKILL);
	assert_null(end_at(out, SIDE_SERVER).blocked);
	assert_int_equal(end_at(in, SIDE_SERVER).blocked->n, in);
}

/* A new process has none of what the old one had. */
static void fresh(void **state)
{
	struct event event = {.kind = EVENT_STATE, .side = SIDE_SERVER};
	struct scene_side end;
	uint64_t last;

	(void)state;
	process(SIDE_SERVER, PROCESS_STARTED, 42, 0);
	call(EVENT_CALL, SIDE_SERVER, CALL_READ);
	seen(SIDE_SERVER);
	last = journal_append(journal, &event)->n;
	end = end_at(last, SIDE_SERVER);
	assert_non_null(end.call);
	assert_non_null(end.snapshot);
	assert_non_null(end.state);
	last = process(SIDE_SERVER, PROCESS_STARTED, 43, 0);
	end = end_at(last, SIDE_SERVER);
	assert_int_equal(end.pid, 43);
	assert_null(end.call);
	assert_null(end.snapshot);
	assert_null(end.state);
	/* What it leaves behind stays in sight while no new one is there. */
	last = seen(SIDE_SERVER);
	process(SIDE_SERVER, PROCESS_KILLED, 43, SIGKILL);
	assert_int_equal(end_at(last + 1, SIDE_SERVER).snapshot->n, last);
}

/* In a long lab the start itself was let go: who makes calls is alive. */
static void start_let_go(void **state)
{
	struct scene_side end;

	(void)state;
	journal_free(journal);
	journal = journal_new(2048);
	process(SIDE_SERVER, PROCESS_STARTED, 42, 0);
	for (int i = 0; i < 5000; i++)
		call(EVENT_CALL, SIDE_SERVER, CALL_WRITE);
	assert_null(journal_at(journal, 1));
	end = end_at(journal_last(journal), SIDE_SERVER);
	assert_true(end.started && end.alive);
	assert_int_equal(end.pid, 42);
	assert_non_null(end.call);
}

#define test(name) cmocka_unit_test_setup_teardown(name, begin, finish)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(nothing), test(life),  test(killed_while_stopped),
		test(blocked), test(fresh), test(start_let_go),
	};

	return cmocka_run_group_tests_name("scene", tests, NULL, NULL);
}
