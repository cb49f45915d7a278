/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_wire_pace.c - a person's pace changes nothing.
 *
 * The same steps without a pause and with 0.3, 0.7 and 2.5 s between them: the kernels send again
 * what is held, and yet each end passes through the same states and the segments arrive in the same
 * order. Every script at every pace has a process of its own, all at the same time.
 */
#include "cable.h"

#include <poll.h>
#include <stdio.h>
#include <sys/wait.h>

#define STEPS 24
#define RESULT 2048

static const int64_t paces[] = {0, 300 * NS_PER_MS, 700 * NS_PER_MS, 2500 * NS_PER_MS};
#define PACES (sizeof(paces) / sizeof(paces[0]))

struct walk {
	const char *begin; /* without a pause */
	const char *steps[STEPS];
	const char *client, *server; /* the states */
	const char *arrivals;	     /* after `begin` */
};

static const struct walk handshake = {
	.begin = "server listen\n"
		 "wire hold\n",
	.steps = {"client connect", "wire release client", "wire release server",
		  "wire release client", "server accept", "client write \"abc\"",
		  "wire release client", "wire release server", "server read",
		  "expect server read = 3"},
	.client = "CLOSE SYN_SENT ESTABLISHED",
	.server = "LISTEN SYN_RECV ESTABLISHED",
	.arrivals = ">S <S. >. >P.3 <.",
};

static const struct walk orderly = {
	.begin = "open\n"
		 "wire hold\n",
	.steps = {"client close", "wire release client", "wire release server", "server read",
		  "server close", "wire release server", "wire release client"},
	.client = "CLOSE SYN_SENT ESTABLISHED FIN_WAIT1 FIN_WAIT2 TIME_WAIT",
	.server = "LISTEN SYN_RECV ESTABLISHED CLOSE_WAIT LAST_ACK CLOSE",
	.arrivals = ">F. <. <F. >.",
};

static const struct walk both = {
	.begin = "open\n"
		 "wire hold\n",
	.steps = {"client close", "server close", "wire release client", "wire release server",
		  "expect client state CLOSING", "expect server state CLOSING",
		  "wire release client", "wire release server"},
	.client = "CLOSE SYN_SENT ESTABLISHED FIN_WAIT1 CLOSING TIME_WAIT",
	.server = "LISTEN SYN_RECV ESTABLISHED FIN_WAIT1 CLOSING TIME_WAIT",
	.arrivals = ">F. <F. >. <.",
};

/* Data in both directions, and one that is lost. */
static const struct walk transfer = {
	.begin = "open\n"
		 "wire hold\n",
	.steps = {"client write \"a\"", "wire release client", "wire release server",
		  "server write \"bc\"", "wire drop server", "wire release server",
		  "wire release client", "client shutdown wr", "wire release client",
		  "expect server state CLOSE_WAIT", "wire release server",
		  "expect client state FIN_WAIT2"},
	.client = "CLOSE SYN_SENT ESTABLISHED FIN_WAIT1 FIN_WAIT2",
	.server = "LISTEN SYN_RECV ESTABLISHED CLOSE_WAIT",
	.arrivals = ">P.1 <. <P.2 >. >F. <.",
};

static bool arrives(const struct event *event)
{
	return event->segment.fate == FATE_DELIVERED || event->segment.fate == FATE_RELEASED;
}

static bool same(const struct event *a, const struct event *b)
{
	return a->segment.flags == b->segment.flags && a->segment.seq == b->segment.seq &&
	       a->segment.ack == b->segment.ack && a->segment.len == b->segment.len;
}

/* What arrived after event n, each once. */
static void arrivals(struct play *p, uint64_t n, char *out, size_t size)
{
	const struct journal *journal = lab_journal(p->lab);
	const struct event *event = journal_after(journal, EVENT_SEGMENT, SIDE_NONE, n), *before;
	size_t len = 0;
	char flags[16];

	out[0] = '\0';
	for (; event; event = journal_after(journal, EVENT_SEGMENT, SIDE_NONE, event->n)) {
		before = journal_before(journal, EVENT_SEGMENT, event->side, event->n);
		while (before && !(arrives(before) && same(before, event)))
			before = journal_before(journal, EVENT_SEGMENT, event->side, before->n);
		if (before || !arrives(event) || len + 32 > size)
			continue;
		len += (size_t)sprintf(out + len, "%s%s%s", len ? " " : "",
				       event->side == SIDE_CLIENT ? ">" : "<",
				       flags_format(event->segment.flags, flags, sizeof(flags)));
		if (event->segment.len)
			len += (size_t)sprintf(out + len, "%u", event->segment.len);
	}
}

static void walk_play(const struct walk *walk, int64_t pace)
{
	char line[64], got[RESULT];
	struct play *p = cable_new(0);
	uint64_t n;

	snprintf(line, sizeof(line), "wait %lldms", (long long)(pace / NS_PER_MS));
	play(p, walk->begin);
	n = journal_last_n(p);
	for (int i = 0; i < STEPS && walk->steps[i]; i++) {
		if (pace)
			play(p, line);
		play(p, walk->steps[i]);
	}
	play_assert_text(p, journal_states(p, SIDE_CLIENT, 1), walk->client);
	play_assert_text(p, journal_states(p, SIDE_SERVER, 1), walk->server);
	arrivals(p, n, got, sizeof(got));
	play_assert_text(p, got, walk->arrivals);
	/* None of them was only guessed. */
	for (const struct event *event =
		     journal_after(lab_journal(p->lab), EVENT_STATE, SIDE_NONE, 0);
	     event; event = journal_after(lab_journal(p->lab), EVENT_STATE, SIDE_NONE, event->n))
		play_assert(p, !event->state.inferred);
	play_free(p);
}

/* In a process of its own; where something does not hold it says so and ends badly. */
static pid_t walk_start(const struct walk *walk, int64_t pace)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		walk_play(walk, pace);
		fflush(stdout);
		_exit(0);
	}
	return pid;
}

static void test_paces(void **state)
{
	static const struct walk *const walks[] = {&handshake, &orderly, &both, &transfer};
	pid_t pids[sizeof(walks) / sizeof(walks[0])][PACES];
	unsigned bad = 0;

	cable(state);
	for (size_t w = 0; w < sizeof(walks) / sizeof(walks[0]); w++)
		for (size_t i = 0; i < PACES; i++)
			pids[w][i] = walk_start(walks[w], paces[i]);
	for (size_t w = 0; w < sizeof(walks) / sizeof(walks[0]); w++)
		for (size_t i = 0; i < PACES; i++) {
			int status = -1;

			waitpid(pids[w][i], &status, 0);
			if (!status)
				continue;
			bad++;
			print_message("# walk %zu at %lld ms\n", w,
				      (long long)(paces[i] / NS_PER_MS));
		}
	assert_int_equal(bad, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CABLE_TEST(test_paces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
