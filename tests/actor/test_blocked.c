/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_blocked.c - calls that do not return: seen, aged, interrupted, timed out, set going. */
#include "play.h"

/* The newest BLOCKED of a side has the call's own line's arguments and time. */
static const struct event *blocked(struct play *p, enum side side, enum call call)
{
	const struct event *event = play_newest(p, EVENT_BLOCKED, side);
	struct scene scene;

	play_assert(p, event && event->call.call == call);
	scene_at(lab_journal(p->lab), journal_last_n(p), &scene);
	play_assert(p, scene.side[side].blocked == event);
	return event;
}

static void test_read(void **state)
{
	struct play *p = *state;
	const struct event *event;
	int64_t begun, since;

	play(p, "open\n");
	begun = lab_now(p->lab);
	play(p, "server read\n");
	since = lab_now(p->lab);
	play_assert(p, since - begun >= 50 * NS_PER_MS && since - begun < NS_PER_S);
	event = blocked(p, SIDE_SERVER, CALL_READ);
	play_assert_text(p, event->call.args, "4, ..., 4096");
	/* Its time is the call's, not that of the finding out: the age is right. */
	play_assert(p, event->t >= begun && event->t - begun < 40 * NS_PER_MS);
	play(p, "expect server poll OUT\n" /* seen live, although the process sleeps */
		"client write \"now\"\n"
		"expect server read = \"now\"\n");
	event = play_call(p, SIDE_SERVER, CALL_READ);
	play_assert(p, event->call.was_blocked && event->call.us >= 10000);
	play_assert_text(p, event->call.args, "4, \"now\", 4096");
	/* One that returns at once never was. */
	play(p, "client write \"again\"\n"
		"expect server recvq 5\n"
		"server read\n");
	play_assert(p, !play_call(p, SIDE_SERVER, CALL_READ)->call.was_blocked);
}

static void test_interrupt(void **state)
{
	struct play *p = *state;

	play(p, "server listen\n"
		"server accept\n"
		"expect server blocked in accept\n"
		"server interrupt\n"
		"expect server accept fails EINTR\n"
		"client connect\n"
		"server accept\n"
		"client read\n"
		"client interrupt\n"
		"expect client read fails EINTR\n"
		"client poll in\n"
		"expect client blocked in poll\n"
		"client interrupt\n"
		"expect client poll fails EINTR\n"
		"client drain\n"
		"expect client blocked in drain\n"
		"server write \"abc\"\n"
		"expect client recvq 0\n"
		"client interrupt\n"
		"expect client drain fails EINTR\n");
	play_refused(p, "client interrupt", "is not blocked in a call");
	/* What came in before is told. */
	play_assert_text(p, play_call(p, SIDE_CLIENT, CALL_DRAIN)->call.args, "3: 1 read, 3 bytes");
	/* An interrupted read loses nothing, and the next call is not interrupted too. */
	for (int i = 0; i < 20; i++)
		play(p, "client read\n"
			"client interrupt\n"
			"expect client read fails EINTR\n"
			"server write \"x\"\n"
			"client read\n"
			"expect client read = \"x\"\n");
}

/* A writer is blocked when the peer does not read, and the window is closed. */
static void test_write_full(void **state)
{
	struct play *p = *state;

	play(p, "open\n"
		"client write 64M\n"
		"expect client blocked in write\n"
		"expect client sendq > 0\n"
		"expect server recvq > 0\n"
		"expect client poll none\n"
		"expect client timer persist within 3s\n"
		"expect client info snd_wnd 0\n");
	play_refused(p, "client write \"x\"", "blocked in write for ");
	play(p, "server drain 64M\n"
		"expect server drain = 67108864 within 30s\n"
		"expect client write = 67108864\n"
		"expect server recvq 0\n"
		"expect client sendq 0\n"
		"expect client timer off\n");
	play(p, "client write 64M\n"
		"wait until client timer persist within 5s\n"
		"client interrupt\n");
	/* Interrupted after some of it was taken: the count, not EINTR. */
	play_assert(p, play_call(p, SIDE_CLIENT, CALL_WRITE)->call.ret > 0);
	play(p, "client set nonblock on\n"
		"client write 64M\n" /* what the window's own growth still lets in */
		"client write 1M\n"
		"expect client write fails EAGAIN\n");
}

static void test_connect_full(void **state)
{
	struct play *p = *state;

	play(p, "server listen backlog 0\n"
		"client connect\n"
		"client connect\n"
		"expect client blocked in connect\n"
		"expect client state SYN_SENT\n"
		"expect client poll none\n"
		"client interrupt\n"
		"expect client connect fails EINTR\n");
	play_assert_int(p, play_call(p, SIDE_CLIENT, CALL_CONNECT)->conn, 2);
}

static void test_timeouts(void **state)
{
	struct play *p = *state;
	const struct event *event;

	play(p, "open\n"
		"server set rcvtimeo 80ms\n"
		"server read\n"
		"expect server read fails EAGAIN\n");
	event = play_call(p, SIDE_SERVER, CALL_READ);
	play_assert(p, event->call.was_blocked && event->call.us >= 79000);
	play(p, "server set rcvtimeo 20ms\n"
		"server read\n"
		"expect server read fails EAGAIN\n");
	play_assert(p, !play_call(p, SIDE_SERVER, CALL_READ)->call.was_blocked);
	play(p, "client poll in 30ms\n"
		"expect client poll = 0\n"
		"client poll in 70ms\n"
		"expect client poll = 0\n"
		"client set sndtimeo 60ms\n"
		"client write 64M\n");
	event = play_returned(p, SIDE_CLIENT, CALL_WRITE);
	play_assert(p, event->call.ret > 0 && event->call.us >= 59000);
}

static void test_poll(void **state)
{
	struct play *p = *state;

	play(p, "open\n"
		"client poll in rdhup\n"
		"expect client blocked in poll\n"
		"server write \"x\"\n"
		"expect client poll = 1\n");
	play_assert(p, strstr(play_call(p, SIDE_CLIENT, CALL_POLL)->call.args,
			      "events=POLLIN|POLLRDHUP, revents=POLLIN}"));
	play(p, "client poll out\n"
		"expect client poll = 1\n"
		"expect client poll IN OUT\n"
		"client read\n"
		"expect client poll OUT\n"
		"client poll in rdhup\n"
		"server close\n"
		"expect client poll = 1\n"
		"expect client poll IN OUT RDHUP\n");
	play_assert(p, strstr(play_call(p, SIDE_CLIENT, CALL_POLL)->call.args,
			      "revents=POLLIN|POLLRDHUP}"));
}

/* The age of a blocked call belongs to the call: a process that dies in it says so. */
static void test_killed_inside(void **state)
{
	struct play *p = *state;
	const struct event *event;

	play(p, "open\n"
		"server read\n"
		"expect server blocked in read\n"
		"server kill\n"
		"expect server killed TERM\n");
	event = play_call(p, SIDE_SERVER, CALL_READ);
	play_assert(p, event->call.killed && event->call.was_blocked && event->call.us >= 10000);
	play(p, "client read\n"
		"expect client read = 0\n");
}

/* Both sides may be blocked, and a file that waits for one of them is told so. */
static void test_both_blocked(void **state)
{
	struct play *p = *state;

	play(p, "open\n"
		"server read\n"
		"client read\n"
		"expect server blocked in read\n"
		"expect client blocked in read\n");
	play_refused(p, "client write \"x\"", "the client is blocked in read for ");
	play_refused(p, "open", "blocked in read");
	play(p, "client kill\n"
		"expect server read = 0\n");
}

/* A command waits for its side to come back, as long as its patience. */
static void test_patience(void **state)
{
	struct play *p = *state;
	struct command command;
	struct err err = {0};
	int64_t begun;

	play(p, "open\n"
		"client set rcvtimeo 150ms\n"
		"client read\n"
		"expect client blocked in read\n");
	begun = clock_ns();
	assert_int_equal(command_parse("client write \"x\"", 16, SIDE_NONE, &command, &err), 0);
	assert_int_equal(lab_submit(p->lab, &command, 5 * NS_PER_S, &err), 0);
	while (lab_busy(p->lab))
		play_turns(p, 5 * NS_PER_MS);
	assert_int_equal(lab_outcome(p->lab, &err), 0);
	play_assert(p, clock_ns() - begun < NS_PER_S);
	play_assert(p, journal_has_call(p, SIDE_CLIENT, CALL_READ, -1, EAGAIN));
	play_assert(p, journal_has_call(p, SIDE_CLIENT, CALL_WRITE, 1, 0));
	command_clear(&command);
	/* Ctrl-C: the waiting ends, the call goes on. */
	play(p, "server set nodelay on\n"
		"client set rcvtimeo 10s\n"
		"client read\n");
	assert_int_equal(command_parse("wait 60s", 8, SIDE_NONE, &command, &err), 0);
	assert_int_equal(lab_submit(p->lab, &command, PATIENCE, &err), 0);
	assert_true(lab_busy(p->lab));
	assert_int_equal(lab_submit(p->lab, &command, PATIENCE, &err), -1);
	assert_non_null(strstr(err.text, "still under way"));
	lab_cancel(p->lab);
	assert_false(lab_busy(p->lab));
	command_clear(&command);
	play(p, "expect client blocked in read\n"
		"server write \"done\"\n"
		"expect client read = \"done\"\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLAY_TEST(test_read),	       PLAY_TEST(test_interrupt),
		PLAY_TEST(test_write_full),    PLAY_TEST(test_connect_full),
		PLAY_TEST(test_timeouts),      PLAY_TEST(test_poll),
		PLAY_TEST(test_killed_inside), PLAY_TEST(test_both_blocked),
		PLAY_TEST(test_patience),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
