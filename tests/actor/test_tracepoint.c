/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_tracepoint.c - the journal's states are the kernel's own, as the tracepoint
 * sock:inet_sock_set_state tells them. Needs root and tracefs.
 *
 * The tracepoint's blind spots: it does not see what minisocks do (TIME_WAIT, an orphan's
 * FIN_WAIT2: it says CLOSE), a socket half-open only when it is no longer, and SYN_SENT is told
 * before the socket has a port.
 */
#include "trace.h"

#include "play.h"

#include <stdio.h>

static struct trace_change *changes;
static size_t nchanges;

/* The states of the socket with these ports, as the tracepoint has told them. */
static char *states_traced(unsigned port, unsigned peer, char *out, size_t size)
{
	out[0] = '\0';
	for (size_t i = 0; i < nchanges; i++)
		if (changes[i].port == port && changes[i].peer_port == peer)
			snprintf(out + strlen(out), size - strlen(out), "%s ",
				 state_name(changes[i].new));
	return out;
}

/* Without what the tracepoint cannot see, and the last CLOSE, which comes at different times. */
static char *states_bare(const char *states, char *out, size_t size)
{
	char copy[1024], *save, *word;
	size_t len;

	snprintf(copy, sizeof(copy), "%s", states);
	out[0] = '\0';
	for (word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save))
		if (strcmp(word, "TIME_WAIT") != 0 && strcmp(word, "LISTEN") != 0 &&
		    strcmp(word, "SYN_RECV") != 0 && strcmp(word, "SYN_SENT") != 0 &&
		    (*out || strcmp(word, "CLOSE") != 0))
			snprintf(out + strlen(out), size - strlen(out), "%s ", word);
	len = strlen(out);
	if (len >= 6 && !strcmp(out + len - 6, "CLOSE "))
		out[len - 6] = '\0';
	return out;
}

static const char *const scripts[] = {
	"open\nclient close\nexpect client state FIN_WAIT2\nserver write \"x\"\n"
	"expect server gone",
	"open\nserver shutdown wr\nexpect server state FIN_WAIT2\nclient close\n"
	"expect server state TIME_WAIT",
	"open\nclient close\nexpect server state CLOSE_WAIT\nserver close\nexpect server gone",
	"open\nclient set linger 0\nclient close\nexpect server gone",
	"open\nclient write \"unread\"\nexpect server recvq 6\nserver close\nexpect client gone",
	"open\nserver kill\nexpect client state CLOSE_WAIT\nclient kill\nexpect server state "
	"TIME_WAIT",
	"client connect 1",
	"open\nserver fork\nclient write \"abc\"\nchild read\nchild exit\nserver exit\n"
	"expect client state CLOSE_WAIT\nclient exit\nexpect client gone",
	"server listen\nclient connect nonblock\nexpect client state ESTABLISHED\n"
	"client shutdown wr\nexpect server state CLOSE_WAIT\nserver accept\nserver close\n"
	"expect server gone",
	"open\nclient shutdown rdwr\nserver shutdown rdwr\nexpect client state TIME_WAIT\n"
	"expect server gone",
};

static void compare(struct play *p, unsigned conn, enum side side)
{
	const struct journal *journal = lab_journal(p->lab);
	const struct event *event = journal_latest(journal, EVENT_SNAPSHOT, side, UINT64_MAX);
	char traced[1024], kernels[1024], ours[1024];

	/* A refused client has lost its ports, but one snapshot or segment had them. */
	while (event && (event->conn != conn || !event->snapshot->port))
		event = journal_before(journal, EVENT_SNAPSHOT, side, event->n);
	if (!event)
		return;
	states_traced(event->snapshot->port, event->snapshot->peer_port, traced, sizeof(traced));
	states_bare(traced, kernels, sizeof(kernels));
	states_bare(journal_states(p, side, conn), ours, sizeof(ours));
	if (strcmp(kernels, ours) != 0)
		print_message("# connection %u, %s: the tracepoint says \"%s\"\n", conn,
			      side_name(side), traced);
	play_assert_text(p, ours, kernels);
	play_assert(p, side != SIDE_CLIENT || traced[0]); /* it did see something */
}

static void trace_and_compare(const void *unused)
{
	struct play *p = play_new();

	(void)unused;
	play_needs_apart(p, FEATURE_CAPTURE, TRACE_SKIP);
	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
		play(p, i ? "link loopback\n" : "");
		play(p, scripts[i]);
	}
	play_turns(p, 100 * NS_PER_MS);
	trace_read(&changes, &nchanges);
	for (unsigned conn = 1; conn <= sizeof(scripts) / sizeof(scripts[0]); conn++) {
		compare(p, conn, SIDE_CLIENT);
		compare(p, conn, SIDE_SERVER);
	}
	play_free(p);
}

static void test_states_are_the_kernels(void **unused)
{
	(void)unused;
	trace_apart(trace_and_compare);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_states_are_the_kernels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
