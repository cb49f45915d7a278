/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_tracepoint.c - the journal's states are the kernel's own, as the tracepoint
 * sock:inet_sock_set_state tells them. Needs root and tracefs.
 *
 * The tracepoint's blind spots: it does not see what minisocks do (TIME_WAIT, an orphan's
 * FIN_WAIT2: it says CLOSE), a socket half-open only when it is no longer, and SYN_SENT is told
 * before the socket has a port.
 */
#include "play.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define STATUS_SKIP 77
#define TRACES "/sys/kernel/tracing"

static char instance[96];

static bool put(const char *name, const char *text)
{
	char path[160];
	int fd;
	bool done;

	snprintf(path, sizeof(path), "%s/%s", instance, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	done = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	if (fd >= 0)
		close(fd);
	return done;
}

/* An instance of our own, in a mount of our own; returns its pipe, -1. */
static int trace_begin(void)
{
	char path[160];

	snprintf(instance, sizeof(instance), TRACES "/instances/bothends-%d", getpid());
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("tracefs", TRACES, "tracefs", 0, NULL) || mkdir(instance, 0700))
		return -1;
	if (!put("buffer_size_kb", "256") || !put("events/sock/inet_sock_set_state/enable", "1"))
		return -1;
	snprintf(path, sizeof(path), "%s/trace_pipe", instance);
	return open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

/* The states of the socket with these ports, from what the tracepoint has printed. */
static char *states_traced(const char *trace, unsigned port, unsigned peer, char *out, size_t size)
{
	char want[64];

	snprintf(want, sizeof(want), " sport=%u dport=%u ", port, peer);
	out[0] = '\0';
	for (const char *at = trace; (at = strstr(at, want)); at++) {
		const char *new = strstr(at, "newstate=TCP_");

		if (!new)
			break;
		new += strlen("newstate=TCP_");
		snprintf(out + strlen(out), size - strlen(out), "%.*s ", (int)strcspn(new, " \n"),
			 new);
	}
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

static void compare(struct play *p, const char *trace, unsigned conn, enum side side)
{
	const struct journal *journal = lab_journal(p->lab);
	const struct event *event = journal_latest(journal, EVENT_SNAPSHOT, side, UINT64_MAX);
	char traced[1024], kernels[1024], ours[1024];

	/* A refused client has lost its ports, but one snapshot or segment had them. */
	while (event && (event->conn != conn || !event->snapshot->port))
		event = journal_before(journal, EVENT_SNAPSHOT, side, event->n);
	if (!event)
		return;
	states_traced(trace, event->snapshot->port, event->snapshot->peer_port, traced,
		      sizeof(traced));
	states_bare(traced, kernels, sizeof(kernels));
	states_bare(journal_states(p, side, conn), ours, sizeof(ours));
	if (strcmp(kernels, ours) != 0)
		print_message("# connection %u, %s: the tracepoint says \"%s\"\n", conn,
			      side_name(side), traced);
	play_assert_text(p, ours, kernels);
	play_assert(p, side != SIDE_CLIENT || traced[0]); /* it did see something */
}

static void trace_and_compare(void)
{
	static char trace[1 << 20];
	int pipe = trace_begin();
	size_t len = 0;
	struct play *p;
	ssize_t got;

	if (pipe < 0) {
		print_message("# %s: %s\n", TRACES, strerror(errno));
		_exit(STATUS_SKIP);
	}
	p = play_new();
	play_needs_apart(p, FEATURE_CAPTURE, STATUS_SKIP);
	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
		play(p, i ? "link loopback\n" : "");
		play(p, scripts[i]);
	}
	play_turns(p, 100 * NS_PER_MS);
	while (len + 1 < sizeof(trace) &&
	       (got = read(pipe, trace + len, sizeof(trace) - 1 - len)) > 0)
		len += (size_t)got;
	trace[len] = '\0';
	for (unsigned conn = 1; conn <= sizeof(scripts) / sizeof(scripts[0]); conn++) {
		compare(p, trace, conn, SIDE_CLIENT);
		compare(p, trace, conn, SIDE_SERVER);
	}
	play_free(p);
}

static void test_states_are_the_kernels(void **unused)
{
	char path[96];
	int status;
	pid_t pid;

	(void)unused;
	if (geteuid() != 0) {
		print_message("# only root may read tracepoints\n");
		skip();
	}
	fflush(stdout);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		trace_and_compare();
		fflush(stdout);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	/* An instance is the machine's, not the mount's. */
	snprintf(path, sizeof(path), TRACES "/instances/bothends-%d", pid);
	if (unshare(CLONE_NEWNS) == 0 && !mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) &&
	    !mount("tracefs", TRACES, "tracefs", 0, NULL))
		rmdir(path);
	if (WIFEXITED(status) && WEXITSTATUS(status) == STATUS_SKIP)
		skip();
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_states_are_the_kernels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
