/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_process.c - processes are born, stopped, killed; signals reach them or do not. */
#include "play.h"

static void test_fork(void **state)
{
	struct play *p = *state;
	const struct snapshot *child;
	char text[32];

	play(p, "open\n"
		"server signal SIGCHLD catch\n"
		"server fork\n"
		"child write \"from the child\"\n"
		"client read\n"
		"expect client read = \"from the child\"\n"
		"client write \"to whom\"\n"
		"child read\n"
		"expect child read = \"to whom\"\n"
		"expect child state ESTABLISHED\n"
		"expect child poll OUT\n"
		"expect server poll OUT\n");
	/* Their parent is the server, the descriptors are the same. */
	play_assert_int(p, atoi(proc_status(play_pid(p, SIDE_CHILD), "PPid", text, sizeof(text))),
			play_pid(p, SIDE_SERVER));
	child = play_snapshot(p, SIDE_CHILD);
	play_assert_int(p, child->nfds, play_snapshot(p, SIDE_SERVER)->nfds);
	play_assert(p, child->fds[0].channel == CHANNEL_LISTENER && child->fds[1].conn == 1);
	play_assert_int(p, child->signals[SIGCHLD], DISP_CATCH);
	play_refused(p, "server fork", "has a child already");
	/* The same socket: what is set in one is set in the other. */
	play(p, "child set nodelay on\n"
		"server get nodelay\n"
		"expect server getsockopt = \"1\"\n");
	play_assert(p, play_snapshot(p, SIDE_CHILD)->options.nodelay);
	play_assert(p, play_snapshot(p, SIDE_SERVER)->options.nodelay);
	play(p, "child exit 7\n"
		"expect child exited 7\n"
		"expect server state ESTABLISHED\n");
	play_until(p, "server state ESTABLISHED", NS_PER_S);
	play_turns(p, 20 * NS_PER_MS);
	play_assert(p, journal_has_process(p, SIDE_SERVER, PROCESS_CAUGHT, SIGCHLD));
	/* Nobody has waited for it: a zombie. */
	play_assert_int(p, proc_letter(play_pid(p, SIDE_CHILD)), 'Z');
	play_refused(p, "child write \"x\"", "the child has exited");
	/* A second child takes its place. */
	play(p, "server fork\n"
		"child close\n"
		"server close\n"
		"expect client state CLOSE_WAIT\n");
}

/* A number that is used again is another descriptor, although the child still has the old one. */
static void test_number_used_again(void **state)
{
	struct play *p = *state;

	play(p, "open\n"
		"server fork\n"
		"server close\n"
		"client write \"for the child\"\n"
		"expect child poll IN OUT\n"
		"client connect\n"
		"server accept\n"
		"expect server accept = 4\n"
		"expect server poll OUT\n"
		"expect child poll IN OUT\n"
		"child read\n"
		"expect child read = \"for the child\"\n");
}

static void test_child_killed(void **state)
{
	struct play *p = *state;

	play(p, "open\n"
		"server fork\n"
		"child kill\n"
		"expect child killed SIGTERM\n"
		"server fork\n"
		"child kill KILL\n"
		"expect child killed SIGKILL\n"
		"server write \"alive\"\n"
		"expect server write = 5\n");
}

/* Where the server ignores SIGCHLD nobody can wait for the child: its end is known all the same,
 * and its status where the kernel tells it through the pidfd (Linux 6.15). */
static void test_child_of_who_ignores(void **state)
{
	struct play *p = *state;
	const struct event *end;

	play(p, "open\n"
		"server signal SIGCHLD ignore\n"
		"server fork\n"
		"child exit 9\n");
	end = play_newest(p, EVENT_PROCESS, SIDE_CHILD);
	play_assert(p, end->process.what == PROCESS_EXITED);
	play_assert(p, end->process.status == 9 || end->process.status == -1);
	play_assert_int(p, proc_letter(end->process.pid), 0);
}

/* Killing the server does not kill its child, which goes on with the connection. */
static void test_child_outlives_server(void **state)
{
	struct play *p = *state;
	pid_t child;
	char text[32];

	play(p, "open\n"
		"server fork\n"
		"server kill\n"
		"expect server killed SIGTERM\n"
		"expect not client state CLOSE_WAIT for 60ms\n"
		"child write \"still here\"\n"
		"client read\n"
		"expect client read = \"still here\"\n");
	child = play_pid(p, SIDE_CHILD);
	play_assert_int(p, atoi(proc_status(child, "PPid", text, sizeof(text))), getpid());
	play(p, "child exit 5\n"
		"expect child exited 5\n"
		"expect client state CLOSE_WAIT\n");
	/* Adopted and waited for. */
	play_assert_int(p, proc_letter(child), 0);
}

/* The same where the child ended first, and the server then. */
static void test_zombie_is_waited_for(void **state)
{
	struct play *p = *state;
	pid_t child;

	play(p, "open\n"
		"server fork\n"
		"child exit 5\n");
	child = play_pid(p, SIDE_CHILD);
	play_assert_int(p, proc_letter(child), 'Z');
	play(p, "server kill\n"
		"expect server killed TERM\n");
	play_turns(p, 20 * NS_PER_MS);
	play_assert_int(p, proc_letter(child), 0);
}

static void test_sigpipe(void **state)
{
	struct play *p = *state;

	play(p, "open\n"
		"client close\n"
		"expect server state CLOSE_WAIT\n"
		"server write \"123\"\n"
		"expect server gone\n"
		"server write \"A\"\n"
		"expect server killed SIGPIPE\n");
	play_assert(p, play_call(p, SIDE_SERVER, CALL_WRITE)->call.killed);
	play_refused(p, "server write \"B\"",
		     "the server is dead, killed by SIGPIPE: `server listen` starts another");
	play_refused(p, "server kill", "has already ended");
	/* A new process starts with the default again. */
	play(p, "reset\n"
		"expect client state ESTABLISHED\n"
		"server signal SIGPIPE catch\n"
		"client close\n"
		"expect server state CLOSE_WAIT\n"
		"server write \"123\"\n"
		"expect server gone\n"
		"server send \"x\" nosignal\n"
		"expect server send fails EPIPE\n");
	play_assert(p, !journal_has_process(p, SIDE_SERVER, PROCESS_CAUGHT, SIGPIPE));
	play(p, "server write \"A\"\n"
		"expect server write fails EPIPE\n");
	play_assert(p, journal_has_process(p, SIDE_SERVER, PROCESS_CAUGHT, SIGPIPE));
	play(p, "server signal SIGPIPE ignore\n"
		"server write \"A\"\n"
		"expect server write fails EPIPE\n"
		"server signal SIGPIPE default\n"
		"server write \"A\"\n"
		"expect server killed SIGPIPE\n");
}

static void test_caught_signals(void **state)
{
	struct play *p = *state;

	play(p, "open\n"
		"client signal USR1 catch\n"
		"client kill USR1\n");
	play_turns(p, 20 * NS_PER_MS);
	play_assert(p, journal_has_process(p, SIDE_CLIENT, PROCESS_CAUGHT, SIGUSR1));
	/* In a blocked read: without SA_RESTART it returns, with SA_RESTART it goes on. */
	play(p, "client read\n"
		"expect client blocked in read\n"
		"client kill USR1\n"
		"expect client read fails EINTR\n"
		"client signal USR1 catch restart\n"
		"client read\n"
		"client kill USR1\n"
		"expect not client read fails EINTR for 60ms\n"
		"expect client blocked in read\n"
		"server write \"x\"\n"
		"expect client read = \"x\"\n"
		"client signal USR1 ignore\n"
		"client kill USR1\n"
		"client signal USR1 default\n"
		"client kill USR1\n"
		"expect client killed SIGUSR1\n");
	/* What no process can change. */
	play(p, "server signal KILL ignore\n"
		"expect server sigaction fails EINVAL\n");
	play_assert_int(p, play_snapshot(p, SIDE_SERVER)->signals[SIGKILL], DISP_DEFAULT);
}

static void test_stop(void **state)
{
	struct play *p = *state;
	uint64_t calls;

	play(p, "open\n"
		"server stop\n");
	play_assert(p, journal_has_process(p, SIDE_SERVER, PROCESS_STOPPED, SIGSTOP));
	calls = journal_count(p, EVENT_CALL, 0);
	play_refused(p, "server read", "the server is stopped: `server cont`");
	play_refused(p, "server interrupt", "not blocked");
	play_assert_int(p, journal_count(p, EVENT_CALL, 0), (long long)calls);
	/* A stopped process is no crash: its kernel goes on acknowledging. */
	play(p, "client write \"to a stopped one\"\n"
		"expect server recvq 16\n"
		"expect client sendq 0\n"
		"server cont\n"
		"server read\n"
		"expect server read = \"to a stopped one\"\n");
	play_assert(p, journal_has_process(p, SIDE_SERVER, PROCESS_CONTINUED, SIGCONT));
	/* Stopped inside a call, and killed while stopped. */
	play(p, "server read\n"
		"server stop\n"
		"client write \"x\"\n");
	play_refused(p, "server interrupt", "stopped");
	play(p, "expect server blocked in read\n"
		"server cont\n"
		"expect server read = \"x\"\n"
		"server stop\n"
		"server kill TERM\n"
		"server kill KILL\n"
		"expect server killed SIGKILL\n");
	/* The child's stop is told to the server, not to us. */
	play(p, "reset\n"
		"server fork\n"
		"child stop\n");
	play_refused(p, "child read", "the child is stopped");
	play(p, "child cont\n"
		"child write \"y\"\n"
		"expect child write = 1\n");
}

/* The same from another terminal. */
static void test_stopped_by_somebody_else(void **state)
{
	struct play *p = *state;
	int64_t until = clock_ns() + 2 * NS_PER_S;

	play(p, "open\n");
	kill(play_pid(p, SIDE_CLIENT), SIGSTOP);
	while (!journal_has_process(p, SIDE_CLIENT, PROCESS_STOPPED, SIGSTOP)) {
		play_assert(p, clock_ns() < until);
		play_turns(p, 5 * NS_PER_MS);
	}
	play_refused(p, "client read", "the client is stopped");
	kill(play_pid(p, SIDE_CLIENT), SIGKILL);
	play_until(p, "client killed KILL", 2 * NS_PER_S);
	play(p, "server read\n"
		"expect server read = 0\n");
	/* A child that was stopped before its call does not keep the lab waiting. */
	play(p, "reset\n"
		"server fork\n");
	kill(play_pid(p, SIDE_CHILD), SIGSTOP);
	play(p, "child read\n"
		"client write \"x\"\n");
	play_refused(p, "child read", "the child is stopped");
	play(p, "child cont\n"
		"expect child read = \"x\"\n");
}

static void test_exit(void **state)
{
	struct play *p = *state;

	play(p, "open\n"
		"server exit 3\n"
		"expect server exited 3\n"
		"expect client state CLOSE_WAIT\n"
		"client exit\n"
		"expect client exited 0\n");
	play_refused(p, "client read", "the client has exited: `client connect` starts another");
	play_refused(p, "client stop", "already ended");
	play_refused(p, "child read", "there is no child yet: `server fork`");
	play_refused(p, "child kill", "there is no child yet");
	/* `set` makes a socket where there is none, and a process to have it. */
	play(p, "server set reuseaddr on\n"
		"server listen 7777\n"
		"expect server listen = 0\n"
		"server kill\n"
		"expect server killed TERM\n");
	/* `open` starts the dead anew. */
	play(p, "open\n"
		"expect client state ESTABLISHED\n"
		"expect server state ESTABLISHED\n");
}

/* A refusal leaves everything as it was. */
static void test_refused_means_nothing_done(void **state)
{
	struct play *p = *state;
	uint64_t n;

	play(p, "server listen\n");
	play_refused(p, "client read", "no descriptor yet");
	play_refused(p, "client interrupt", "not blocked");
	play(p, "client connect\n");
	play(p, "server accept\n"
		"server read\n"
		"expect server blocked in read\n");
	n = journal_count(p, EVENT_CALL, 0) + journal_count(p, EVENT_BLOCKED, 0);
	play_refused(p, "server write \"x\"", "the server is blocked in read for ");
	play_refused(p, "server close", "`server interrupt`");
	play_refused(p, "server fork", "blocked in read");
	play_refused(p, "server exit", "blocked in read");
	play_refused(p, "server listen", "blocked in read");
	play_refused(p, "server set nodelay on", "blocked in read");
	play_assert_int(p, journal_count(p, EVENT_CALL, 0) + journal_count(p, EVENT_BLOCKED, 0),
			(long long)n);
	play(p, "client write \"still\"\n"
		"expect server read = \"still\"\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLAY_TEST(test_fork),
		PLAY_TEST(test_number_used_again),
		PLAY_TEST(test_child_killed),
		PLAY_TEST(test_child_of_who_ignores),
		PLAY_TEST(test_child_outlives_server),
		PLAY_TEST(test_zombie_is_waited_for),
		PLAY_TEST(test_sigpipe),
		PLAY_TEST(test_caught_signals),
		PLAY_TEST(test_stop),
		PLAY_TEST(test_stopped_by_somebody_else),
		PLAY_TEST(test_exit),
		PLAY_TEST(test_refused_means_nothing_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
