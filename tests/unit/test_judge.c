/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_judge.c - conditions over journals made by hand. */
#include "language.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>

static struct journal *journal;
static struct judge judge;
static uint64_t decider;
static int64_t clock_ns;

static int begin(void **state)
{
	(void)state;
	journal = journal_new(0);
	judge = (struct judge){.journal = journal, .capture = true};
	clock_ns = 0;
	return 0;
}

static int finish(void **state)
{
	(void)state;
	journal_free(journal);
	return 0;
}

static uint64_t add(struct event event)
{
	clock_ns += NS_PER_MS;
	if (!event.t)
		event.t = clock_ns;
	return journal_append(journal, &event)->n;
}

static uint64_t process(enum side side, enum process_change what, int status)
{
	return add((struct event){.kind = EVENT_PROCESS,
				  .side = side,
				  .process = {.what = what, .pid = 100 + side, .status = status}});
}

static uint64_t called(enum side side, enum call call, int64_t ret, int err)
{
	return add((struct event){.kind = EVENT_CALL,
				  .side = side,
				  .conn = 1,
				  .call = {.call = call, .args = "", .ret = ret, .err = err}});
}

static uint64_t called_data(enum side side, enum call call, const char *data, size_t len)
{
	return add((struct event){
		.kind = EVENT_CALL,
		.side = side,
		.conn = 1,
		.call = {.call = call, .args = "", .ret = (int64_t)len, .data = data, .len = len}});
}

static uint64_t blocked(enum side side, enum call call)
{
	return add((struct event){.kind = EVENT_BLOCKED,
				  .side = side,
				  .conn = 1,
				  .call = {.call = call, .args = ""}});
}

static uint64_t changed(enum side side, unsigned conn, enum tcp_state old, enum tcp_state new)
{
	return add((struct event){
		.kind = EVENT_STATE, .side = side, .conn = conn, .state = {old, new, false}});
}

static uint64_t segment(enum side side, uint32_t id, unsigned flags, uint32_t len, enum fate fate)
{
	return add((struct event){
		.kind = EVENT_SEGMENT,
		.side = side,
		.conn = 1,
		.segment = {.id = id, .flags = flags, .len = len, .win = 512, .fate = fate}});
}

static struct snapshot shot_of(enum tcp_state state)
{
	return (struct snapshot){.channel = CHANNEL_TCP,
				 .state = state,
				 .observed = true,
				 .queues_known = true,
				 .poll_known = true,
				 .last_fd = 4};
}

static uint64_t seen(enum side side, unsigned conn, const struct snapshot *shot)
{
	return add((struct event){
		.kind = EVENT_SNAPSHOT, .side = side, .conn = conn, .snapshot = shot});
}

/* "verdict: saw" of a condition over the whole journal. */
static const char *says(const char *text)
{
	static const char *const verdicts[] = {"false", "true", "undecided", "unavailable"};
	static char line[256];
	char saw[200];
	struct condition condition;
	struct err err = {{0}, 0, {0}};
	enum verdict verdict;

	if (condition_parse(text, strlen(text), &condition, &err) < 0)
		fail_msg("%s: %s", text, err.text);
	judge.upto = journal_last(journal);
	decider = 99999;
	verdict = condition_judge(&condition, &judge, &decider, saw, sizeof(saw));
	/* Without asking for the rest, the same. */
	assert_int_equal(condition_judge(&condition, &judge, NULL, NULL, 0), verdict);
	snprintf(line, sizeof(line), "%s: %s", verdicts[verdict], saw);
	condition_clear(&condition);
	return line;
}

#define assert_says(text, want) assert_string_equal(says(text), want)

/* ---------------------------------------------------------------------------- states */
static void states(void **state)
{
	struct snapshot shot = shot_of(STATE_ESTABLISHED);
	uint64_t n;

	(void)state;
	assert_says("server state ESTABLISHED", "undecided: nothing seen of the server yet");
	assert_int_equal(decider, 0);
	process(SIDE_SERVER, PROCESS_STARTED, 0);
	n = seen(SIDE_SERVER, 1, &shot);
	assert_says("server state ESTABLISHED", "true: ESTABLISHED");
	assert_int_equal(decider, n);
	assert_says("client state ESTABLISHED", "undecided: nothing seen of the client yet");
	/* A later change overrides the snapshot. */
	n = changed(SIDE_SERVER, 1, STATE_ESTABLISHED, STATE_CLOSE_WAIT);
	assert_says("server state ESTABLISHED", "false: CLOSE_WAIT");
	assert_says("server state CLOSE_WAIT", "true: CLOSE_WAIT");
	assert_int_equal(decider, n);
	/* A snapshot that confirms it does not take the decision from the change. */
	shot.state = STATE_CLOSE_WAIT;
	seen(SIDE_SERVER, 1, &shot);
	assert_says("server state CLOSE_WAIT", "true: CLOSE_WAIT");
	assert_int_equal(decider, n);
	/* A later snapshot overrides the change. */
	shot.state = STATE_CLOSE;
	n = seen(SIDE_SERVER, 1, &shot);
	assert_says("server state CLOSE_WAIT", "false: CLOSE");
	assert_int_equal(decider, n);
}

static void state_of_the_newest(void **state)
{
	struct snapshot shot = shot_of(STATE_ESTABLISHED);

	(void)state;
	process(SIDE_SERVER, PROCESS_STARTED, 0);
	changed(SIDE_SERVER, 1, STATE_NONE, STATE_ESTABLISHED);
	seen(SIDE_SERVER, 2, &shot);
	/* An older connection goes its own way. */
	changed(SIDE_SERVER, 1, STATE_ESTABLISHED, STATE_CLOSE_WAIT);
	assert_says("server state ESTABLISHED", "true: ESTABLISHED");
	changed(SIDE_SERVER, 3, STATE_NONE, STATE_SYN_RECV);
	assert_says("server state SYN_RECV", "true: SYN_RECV");
	shot = shot_of(STATE_LISTEN);
	shot.channel = CHANNEL_LISTENER;
	process(SIDE_SERVER, PROCESS_STARTED, 0);
	assert_says("server state LISTEN", "undecided: nothing seen of the server yet");
	seen(SIDE_SERVER, 0, &shot);
	assert_says("server state LISTEN", "true: LISTEN");
}

static void gone(void **state)
{
	struct snapshot shot = shot_of(STATE_ESTABLISHED);

	(void)state;
	assert_says("client gone", "undecided: nothing seen of the client yet");
	process(SIDE_CLIENT, PROCESS_STARTED, 0);
	seen(SIDE_CLIENT, 1, &shot);
	assert_says("client gone", "false: ESTABLISHED");
	shot.state = STATE_CLOSE;
	shot.gone = true;
	shot.queues_known = false;
	seen(SIDE_CLIENT, 1, &shot);
	assert_says("client gone", "true: gone");
	assert_says("client state CLOSE", "true: CLOSE, gone");
	assert_says("client recvq 0", "undecided: the kernel reports no Recv-Q: gone");
	shot = (struct snapshot){.last_fd = -1, .observed = true};
	seen(SIDE_CLIENT, 0, &shot);
	assert_says("client gone", "false: no TCP socket");
	assert_says("client state CLOSE", "false: no TCP socket");
	assert_says("client recvq 0", "undecided: no socket");
}

/* Where sock_diag cannot be asked, that is not a failure. */
static void unseen(void **state)
{
	struct snapshot shot = {.channel = CHANNEL_TCP, .last_fd = 4};

	(void)state;
	process(SIDE_CLIENT, PROCESS_STARTED, 0);
	seen(SIDE_CLIENT, 1, &shot);
	assert_says("client state CLOSE", "unavailable: the state cannot be seen here");
	assert_says("client gone", "unavailable: sock_diag cannot be asked here");
	assert_says("client recvq 0", "unavailable: Recv-Q cannot be seen here");
	assert_says("client timer off", "unavailable: timer cannot be seen here");
	assert_says("client poll IN", "unavailable: poll events cannot be seen here");
	assert_says("client info rto 1", "unavailable: tcp_info cannot be seen here");
	/* TCP_INFO on the descriptor still tells the state. */
	shot.state = STATE_ESTABLISHED;
	seen(SIDE_CLIENT, 1, &shot);
	assert_says("client state ESTABLISHED", "true: ESTABLISHED");
}

/* ------------------------------------------------------------------------- snapshots */
static void queues(void **state)
{
	struct snapshot shot = shot_of(STATE_CLOSE_WAIT);

	(void)state;
	process(SIDE_SERVER, PROCESS_STARTED, 0);
	shot.recvq = 4;
	shot.sendq = 70000;
	seen(SIDE_SERVER, 1, &shot);
	assert_says("server recvq 4", "true: Recv-Q 4");
	assert_says("server recvq = 4", "true: Recv-Q 4");
	assert_says("server recvq 1", "false: Recv-Q 4");
	assert_says("server recvq > 3", "true: Recv-Q 4");
	assert_says("server recvq > 4", "false: Recv-Q 4");
	assert_says("server recvq >= 4", "true: Recv-Q 4");
	assert_says("server recvq >= 5", "false: Recv-Q 4");
	assert_says("server recvq < 5", "true: Recv-Q 4");
	assert_says("server recvq < 4", "false: Recv-Q 4");
	assert_says("server recvq <= 4", "true: Recv-Q 4");
	assert_says("server recvq <= 3", "false: Recv-Q 4");
	assert_says("server sendq > 64k", "true: Send-Q 70000");
}

static void polls(void **state)
{
	struct snapshot shot = shot_of(STATE_CLOSE_WAIT);

	(void)state;
	process(SIDE_SERVER, PROCESS_STARTED, 0);
	shot.poll = POLLIN | POLLOUT | POLLRDHUP | POLLRDNORM;
	seen(SIDE_SERVER, 1, &shot);
	assert_says("server poll RDHUP IN OUT", "true: poll IN OUT RDHUP");
	assert_says("server poll IN OUT", "false: poll IN OUT RDHUP");
	assert_says("server poll IN OUT RDHUP ERR", "false: poll IN OUT RDHUP");
	assert_says("server poll none", "false: poll IN OUT RDHUP");
	shot.poll = 0;
	seen(SIDE_SERVER, 1, &shot);
	assert_says("server poll none", "true: poll none");
}

static void timers(void **state)
{
	struct snapshot shot = shot_of(STATE_TIME_WAIT);

	(void)state;
	process(SIDE_SERVER, PROCESS_STARTED, 0);
	shot.timer = TIMER_TIMEWAIT;
	shot.timer_ns = 60 * NS_PER_S;
	seen(SIDE_SERVER, 1, &shot);
	assert_says("server timer timewait", "true: timer timewait, 60.000s left");
	assert_says("server timer timewait over 50s", "true: timer timewait, 60.000s left");
	assert_says("server timer timewait over 60s", "false: timer timewait, 60.000s left");
	assert_says("server timer timewait under 61s", "true: timer timewait, 60.000s left");
	assert_says("server timer keepalive", "false: timer timewait, 60.000s left");
	/* It runs on although nobody looks. */
	clock_ns += 20 * NS_PER_S;
	called(SIDE_CLIENT, CALL_READ, 0, 0);
	assert_says("server timer timewait over 50s", "false: timer timewait, 39.999s left");
	assert_says("server timer timewait under 50s", "true: timer timewait, 39.999s left");
	assert_says("server timer timewait under 39s", "false: timer timewait, 39.999s left");
	shot.timer = TIMER_OFF;
	seen(SIDE_SERVER, 1, &shot);
	assert_says("server timer off", "true: timer off");
}

static void infos(void **state)
{
	const struct info_field *rto = info_field_find("rto");
	struct snapshot shot = shot_of(STATE_ESTABLISHED);
	uint32_t value = 204000;

	(void)state;
	process(SIDE_SERVER, PROCESS_STARTED, 0);
	shot.info_len = rto->offset + rto->size;
	memcpy(shot.info + rto->offset, &value, sizeof(value));
	seen(SIDE_SERVER, 1, &shot);
	assert_says("server info rto 204000", "true: rto 204000");
	assert_says("server info tcpi_rto > 204000", "false: rto 204000");
	assert_says("server info snd_wnd > 0",
		    "unavailable: this kernel's tcp_info has no snd_wnd");
	shot = shot_of(STATE_TIME_WAIT);
	seen(SIDE_SERVER, 1, &shot);
	assert_says("server info rto > 0", "undecided: the kernel reports no tcp_info: TIME_WAIT");
}

/* ----------------------------------------------------------------------------- calls */
static void calls(void **state)
{
	uint64_t n;

	(void)state;
	process(SIDE_SERVER, PROCESS_STARTED, 0);
	assert_says("server write = 3", "undecided: no write yet");
	n = called(SIDE_SERVER, CALL_WRITE, 3, 0);
	called(SIDE_SERVER, CALL_CLOSE, 0, 0);
	called(SIDE_CLIENT, CALL_WRITE, 7, 0);
	assert_says("server write = 3", "true: write = 3");
	assert_int_equal(decider, n);
	assert_says("server write = 4", "false: write = 3");
	assert_says("server write fails EPIPE", "false: write = 3");
	n = called(SIDE_SERVER, CALL_WRITE, -1, EPIPE);
	assert_says("server write = 3", "false: write = -1 EPIPE");
	assert_says("server write = -1", "true: write = -1 EPIPE");
	assert_says("server write fails EPIPE", "true: write = -1 EPIPE");
	assert_int_equal(decider, n);
	assert_says("server write fails ECONNRESET", "false: write = -1 EPIPE");
	/* A restarted side has made no call yet; a dead one keeps its calls. */
	process(SIDE_SERVER, PROCESS_KILLED, SIGPIPE);
	assert_says("server write fails EPIPE", "true: write = -1 EPIPE");
	process(SIDE_SERVER, PROCESS_STARTED, 0);
	assert_says("server write fails EPIPE", "undecided: no write yet");
}

static void data(void **state)
{
	(void)state;
	process(SIDE_SERVER, PROCESS_STARTED, 0);
	called_data(SIDE_SERVER, CALL_READ, "a\0b", 3);
	assert_says("server read = \"a\\0b\"", "true: read = 3 \"a\\000b\"");
	assert_says("server read = \"a\"", "false: read = 3 \"a\\000b\"");
	assert_says("server read = 3", "true: read = 3 \"a\\000b\"");
	called(SIDE_SERVER, CALL_READ, 0, 0);
	assert_says("server read = \"\"", "true: read = 0");
	assert_says("server read = \"a\"", "false: read = 0");
	called(SIDE_SERVER, CALL_READ, -1, ECONNRESET);
	assert_says("server read = \"\"", "false: read = -1 ECONNRESET");
}

/* Calls count from where the judge says, blocked ones too. */
static void calls_since(void **state)
{
	(void)state;
	process(SIDE_SERVER, PROCESS_STARTED, 0);
	judge.calls_since = called(SIDE_SERVER, CALL_WRITE, 3, 0);
	assert_says("server write = 3", "undecided: no write yet");
	called(SIDE_SERVER, CALL_WRITE, 4, 0);
	assert_says("server write = 4", "true: write = 4");
	judge.calls_since = blocked(SIDE_SERVER, CALL_WRITE);
	assert_says("server write = 3", "undecided: no write yet");
}

static void blocking(void **state)
{
	uint64_t n;

	(void)state;
	assert_says("server blocked", "undecided: no process");
	process(SIDE_SERVER, PROCESS_STARTED, 0);
	assert_says("server blocked", "false: not blocked");
	called(SIDE_SERVER, CALL_READ, 3, 0);
	assert_says("server blocked", "false: read = 3");
	n = blocked(SIDE_SERVER, CALL_READ);
	assert_says("server blocked", "true: blocked in read");
	assert_int_equal(decider, n);
	assert_says("server blocked in read", "true: blocked in read");
	assert_says("server blocked in write", "false: blocked in read");
	/* The newest read is the one it is in: the old answer does not count. */
	assert_says("server read = 3", "undecided: read still blocked");
	assert_int_equal(decider, n);
	called(SIDE_SERVER, CALL_READ, -1, EINTR);
	assert_says("server read fails EINTR", "true: read = -1 EINTR");
	assert_says("server blocked", "false: read = -1 EINTR");
}

static void killed_inside(void **state)
{
	struct event event = {.kind = EVENT_CALL, .side = SIDE_SERVER};

	(void)state;
	process(SIDE_SERVER, PROCESS_STARTED, 0);
	blocked(SIDE_SERVER, CALL_READ);
	process(SIDE_SERVER, PROCESS_KILLED, SIGKILL);
	assert_says("server blocked", "false: not blocked");
	assert_says("server read = 0", "false: read never returned: the process is dead");
	event.call.call = CALL_READ;
	event.call.killed = true;
	add(event);
	assert_says("server read = 0", "false: read: killed inside");
	assert_says("server read fails EINTR", "false: read: killed inside");
}

static void processes(void **state)
{
	uint64_t n;

	(void)state;
	assert_says("child exited 0", "undecided: no process");
	process(SIDE_CHILD, PROCESS_STARTED, 0);
	assert_says("child exited 0", "false: still running");
	process(SIDE_CHILD, PROCESS_STOPPED, SIGSTOP);
	assert_says("child killed SIGKILL", "false: stopped");
	process(SIDE_CHILD, PROCESS_CONTINUED, 0);
	process(SIDE_CHILD, PROCESS_CAUGHT, SIGPIPE);
	assert_says("child killed SIGPIPE", "false: still running");
	n = process(SIDE_CHILD, PROCESS_KILLED, SIGPIPE);
	assert_says("child killed SIGPIPE", "true: killed SIGPIPE");
	assert_int_equal(decider, n);
	assert_says("child killed SIGKILL", "false: killed SIGPIPE");
	assert_says("child exited 13", "false: killed SIGPIPE");
	process(SIDE_CHILD, PROCESS_STARTED, 0);
	process(SIDE_CHILD, PROCESS_EXITED, 7);
	assert_says("child exited 7", "true: exited 7");
	assert_says("child exited 0", "false: exited 7");
	assert_says("child killed SIGURG", "false: exited 7");
}

/* -------------------------------------------------------------------------- segments */
static void segments(void **state)
{
	uint64_t n;

	(void)state;
	assert_says("segment from client F.", "false: no segment F. from client");
	segment(SIDE_CLIENT, 1, TH_S, 0, FATE_DELIVERED);
	segment(SIDE_SERVER, 2, TH_S | TH_A, 0, FATE_DELIVERED);
	segment(SIDE_CLIENT, 3, TH_A, 0, FATE_DELIVERED);
	segment(SIDE_CLIENT, 4, TH_P | TH_A, 3, FATE_DELIVERED);
	assert_says("segment from client F.",
		    "false: no segment F. from client, only S . P. len 3");
	n = segment(SIDE_CLIENT, 5, TH_F | TH_A, 0, FATE_DELIVERED);
	assert_says("segment from client F.", "true: F. from client, delivered");
	assert_int_equal(decider, n);
	assert_says("segment from server F.", "false: no segment F. from server, only S.");
	/* Compared exactly. */
	assert_says("segment from client F", "false: no segment F from client, only S . P. len 3 "
					     "F.");
	assert_says("segment from client P. len 3", "true: P. from client, delivered");
	assert_says("segment from client P. len 4", "false: no segment P. from client, only S . P. "
						    "len 3 F.");
	assert_says("segment from client P. win 512 len 3", "true: P. from client, delivered");
	assert_says("segment from client P. win 0", "false: no segment P. from client, only S . P. "
						    "len 3 F.");
	/* Only what came since. */
	judge.segments_since = n;
	assert_says("segment from client F.", "false: no segment F. from client");
	segment(SIDE_CLIENT, 6, TH_R, 0, FATE_DROPPED);
	assert_says("segment from client R", "true: R from client, dropped");
}

/* Each counts once, whatever became of it. */
static void counted_segments(void **state)
{
	uint64_t n;

	(void)state;
	segment(SIDE_CLIENT, 1, TH_P | TH_A, 1, FATE_HELD);
	segment(SIDE_CLIENT, 2, TH_P | TH_A, 1, FATE_HELD);
	segment(SIDE_CLIENT, 1, TH_P | TH_A, 1, FATE_HELD);
	segment(SIDE_CLIENT, 1, TH_P | TH_A, 1, FATE_RELEASED);
	segment(SIDE_CLIENT, 2, TH_P | TH_A, 1, FATE_RELEASED);
	assert_says("3 segments from client P.", "false: only 2 segments P. from client");
	n = segment(SIDE_CLIENT, 9, TH_P | TH_A, 1, FATE_DELIVERED);
	assert_says("3 segments from client P.", "true: P. from client, delivered");
	assert_int_equal(decider, n);
	/* At least. */
	assert_says("2 segments from client P.", "true: P. from client, held");
	assert_says("1 segments from client S", "false: no segment S from client, only P. len 1");
}

static void without_capture(void **state)
{
	(void)state;
	segment(SIDE_CLIENT, 1, TH_S, 0, FATE_DELIVERED);
	judge.capture = false;
	assert_says("segment from client S", "unavailable: segments cannot be seen here");
	assert_says("2 segments from client S", "unavailable: segments cannot be seen here");
	assert_says("icmp to client net-unreachable", "unavailable: ICMP cannot be seen here");
}

static void icmps(void **state)
{
	struct event event = {.kind = EVENT_ICMP,
			      .side = SIDE_NONE,
			      .icmp = {.to = SIDE_CLIENT, .type = "host-unreachable"}};
	uint64_t n;

	(void)state;
	assert_says("icmp to client host-unreachable", "false: no such ICMP to client");
	n = add(event);
	assert_says("icmp to client host-unreachable", "true: icmp host-unreachable");
	assert_int_equal(decider, n);
	assert_says("icmp to client net-unreachable", "false: icmp host-unreachable");
	assert_says("icmp to server host-unreachable", "false: no such ICMP to server");
	judge.segments_since = n;
	assert_says("icmp to client host-unreachable", "false: no such ICMP to client");
}

/* What comes after the judged moment does not count: the view may stand in the past. */
static void past(void **state)
{
	struct condition condition;
	struct err err;
	char saw[80];
	uint64_t then;

	(void)state;
	process(SIDE_SERVER, PROCESS_STARTED, 0);
	then = called(SIDE_SERVER, CALL_WRITE, 3, 0);
	called(SIDE_SERVER, CALL_WRITE, -1, EPIPE);
	judge.upto = then;
	assert_int_equal(condition_parse("server write = 3", 16, &condition, &err), 0);
	assert_int_equal(condition_judge(&condition, &judge, NULL, saw, sizeof(saw)), VERDICT_TRUE);
	condition_clear(&condition);
}

/* However small the buffer, `saw` is terminated inside it. */
static void small_saw(void **state)
{
	struct condition condition;
	struct err err;
	char saw[64];

	(void)state;
	for (uint32_t i = 0; i < 40; i++)
		segment(SIDE_CLIENT, i, i % 2 ? TH_A : TH_P | TH_A, i * 1000, FATE_DELIVERED);
	assert_int_equal(condition_parse("segment from c F.", 17, &condition, &err), 0);
	judge.upto = journal_last(journal);
	for (size_t size = 1; size < sizeof(saw); size++) {
		memset(saw, '?', sizeof(saw));
		condition_judge(&condition, &judge, NULL, saw, size);
		assert_non_null(memchr(saw, 0, size));
		assert_int_equal(saw[size], '?');
	}
	condition_clear(&condition);
}

#define test(name) cmocka_unit_test_setup_teardown(name, begin, finish)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(states),
		test(state_of_the_newest),
		test(gone),
		test(unseen),
		test(queues),
		test(polls),
		test(timers),
		test(infos),
		test(calls),
		test(data),
		test(calls_since),
		test(blocking),
		test(killed_inside),
		test(processes),
		test(segments),
		test(counted_segments),
		test(without_capture),
		test(icmps),
		test(past),
		test(small_saw),
	};

	return cmocka_run_group_tests_name("judge", tests, NULL, NULL);
}
