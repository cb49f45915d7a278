/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_wire_lab.c - the lab around the wire: sysctl of both hosts, reset, link. */
#include "cable.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

/* A sysctl in the network of the side's process; "" when it cannot be read. */
static const char *sysctl_of(struct play *p, enum side side, const char *name)
{
	static char text[64];
	char path[80];
	int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), there;

	snprintf(path, sizeof(path), "/proc/%d/ns/net", play_pid(p, side));
	there = open(path, O_RDONLY | O_CLOEXEC);
	play_assert(p, home >= 0 && there >= 0 && !setns(there, CLONE_NEWNET));
	snprintf(path, sizeof(path), "/proc/sys/net/ipv4/%s", name);
	slurp(path, text, sizeof(text));
	play_assert(p, !setns(home, CLONE_NEWNET));
	close(home);
	close(there);
	text[strcspn(text, "\n")] = '\0';
	return text;
}

static const char *note(struct play *p, enum event_kind kind)
{
	return play_newest(p, kind, SIDE_NONE)->note.text;
}

static void test_sysctl(void **state)
{
	struct play *p = cable(state);
	char before[64], own[64];

	slurp("/proc/sys/net/ipv4/tcp_retries2", own, sizeof(own));
	snprintf(before, sizeof(before), "%s", sysctl_of(p, SIDE_CLIENT, "tcp_retries2"));
	play(p, "sysctl tcp_retries2 7\n");
	play_assert_text(p, note(p, EVENT_HOST), "net.ipv4.tcp_retries2 = 7");
	play_assert_text(p, sysctl_of(p, SIDE_CLIENT, "tcp_retries2"), "7");
	play_assert_text(p, sysctl_of(p, SIDE_SERVER, "tcp_retries2"), "7");
	/* Neither the lab's own network nor, behind it, the machine's. */
	slurp("/proc/sys/net/ipv4/tcp_retries2", p->text, sizeof(p->text));
	play_assert_text(p, p->text, own);
	play(p, "sysctl net.ipv4.tcp_retries2\n");
	play_assert_text(p, note(p, EVENT_HOST), "net.ipv4.tcp_retries2 = 7");
	/* It outlives a reboot and a reset, and ends with the lab's next beginning. */
	play(p, "server reboot\n"
		"server listen\n");
	play_assert_text(p, sysctl_of(p, SIDE_SERVER, "tcp_retries2"), "7");
	play(p, "reset\n");
	play_assert_text(p, sysctl_of(p, SIDE_CLIENT, "tcp_retries2"), "7");
	play_assert_text(p, sysctl_of(p, SIDE_SERVER, "tcp_retries2"), "7");
	play(p, "link wire\n");
	play_assert_text(p, sysctl_of(p, SIDE_CLIENT, "tcp_retries2"), before);
	play_assert_text(p, sysctl_of(p, SIDE_SERVER, "tcp_retries2"), before);
}

/* What is set while a host is down holds for it when it comes up. */
static void test_sysctl_down(void **state)
{
	struct play *p = cable(state);

	play(p, "server crash\n"
		"sysctl tcp_fin_timeout 9\n");
	play_assert_text(p, sysctl_of(p, SIDE_CLIENT, "tcp_fin_timeout"), "9");
	play(p, "server reboot\n"
		"server listen\n");
	play_assert_text(p, sysctl_of(p, SIDE_SERVER, "tcp_fin_timeout"), "9");
	play(p, "client crash\n"
		"server crash\n");
	play_refused(p, "sysctl tcp_fin_timeout", "both hosts are down");
	play_refused(p, "sysctl tcp_fin_timeout 5", "both hosts are down");
}

static void test_sysctl_refused(void **state)
{
	static const char *const lines[] = {
		"sysctl net.ipv4.ip_forward 1",
		"sysctl net.core.somaxconn 1",
		"sysctl kernel.hostname x",
		"sysctl net.ipv4.tcp_/../ip_forward 1",
		"sysctl net.ipv4.conf.all.forwarding 1",
		"sysctl ip_forward",
	};
	struct play *p = cable(state);
	struct command command;
	struct err err = {0};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		play_assert(p, command_parse(lines[i], strlen(lines[i]), SIDE_NONE, &command,
					     &err) < 0);
	play_refused(p, "sysctl tcp_no_such_thing 1", "tcp_no_such_thing");
	play_refused(p, "sysctl tcp_retries2 nonsense", "the kernel refuses");
	play_refused(p, "sysctl tcp_congestion_control nonsense", "at hand");
	play(p, "sysctl tcp_congestion_control\n");
	play_assert_text(p, note(p, EVENT_HOST), "net.ipv4.tcp_congestion_control = reno");
}

/* New processes, a mended wire, hosts that are up; and nothing of the old is heard. */
static void test_reset(void **state)
{
	struct play *p = cable(state);
	struct scene scene;
	pid_t old;

	play(p, "open\n"
		"wire drop 5\n"
		"wire hold\n"
		"wire delay 1s\n"
		"wire loss 100\n"
		"client write \"abc\"\n"
		"server crash\n");
	old = play_pid(p, SIDE_CLIENT);
	play(p, "reset\n"
		"expect server state ESTABLISHED\n"
		"expect client state ESTABLISHED\n"
		"client write \"de\"\n"
		"expect server recvq 2\n"
		"expect not server recvq > 2\n");
	play_assert(p, proc_letter(old) == 0);
	scene_at(lab_journal(p->lab), journal_last_n(p), &scene);
	play_assert(p, !scene.side[SIDE_SERVER].down && !scene.wire->hold[0] &&
			       !scene.wire->delay && !scene.wire->loss);
	play_assert_text(p, crossings(p, SIDE_CLIENT),
			 ">P.3 dropped, >S delivered, >. delivered, >P.2 delivered");
}

static void test_link(void **state)
{
	struct play *p = cable(state);
	char line[80];

	play(p, "open\n"
		"wire hold\n"
		"client write \"abc\"\n"
		"link loopback\n");
	play_assert_int(p, lab_link(p->lab), LINK_LOOPBACK);
	play_assert_text(p, note(p, EVENT_LINK), "loopback");
	play(p, "open\n"
		"client write \"abc\"\n"
		"expect server recvq 3\n"
		"expect segment from client P. len 3\n");
	play_assert(p, strstr(play_call(p, SIDE_CLIENT, CALL_CONNECT)->call.args, "127.0.0.1"));
	play(p, "link wire\n");
	play_assert_int(p, lab_link(p->lab), LINK_WIRE);
	play(p, "open\n"
		"client write \"abc\"\n"
		"expect server recvq 3\n");
	play_assert(p, strstr(play_call(p, SIDE_CLIENT, CALL_CONNECT)->call.args, "192.0.2.2"));
	/* The old ones have left nothing behind. */
	for (int i = 0; i < 6; i++) {
		snprintf(line, sizeof(line), "link %s\nopen\n", i % 2 ? "wire" : "loopback");
		play(p, line);
	}
	play_assert(p, proc_count_fds(getpid()) < 40);
	play_assert_int(p, proc_children(getpid()), 4); /* two actors, two wardens */
}

/* Descriptors and pids of the two hosts differ; each sees only itself. */
static void test_apart(void **state)
{
	struct play *p = cable(state);
	char path[80], one[64] = "", two[64] = "";

	snprintf(path, sizeof(path), "/proc/%d/ns/net", play_pid(p, SIDE_CLIENT));
	play_assert(p, readlink(path, one, sizeof(one) - 1) > 0);
	snprintf(path, sizeof(path), "/proc/%d/ns/net", play_pid(p, SIDE_SERVER));
	play_assert(p, readlink(path, two, sizeof(two) - 1) > 0);
	play_assert(p, strcmp(one, two) != 0);
	play_assert(p, readlink("/proc/self/ns/net", two, sizeof(two) - 1) > 0);
	play_assert(p, strcmp(one, two) != 0);
}

/* Keep a process from running, unseen by its parent, until `go` can be read. */
static pid_t holder_start(pid_t pid, int ready, int go)
{
	pid_t holder = fork();
	bool held;
	char c = 0;

	if (holder)
		return holder;
	held = !ptrace(PTRACE_SEIZE, pid, NULL, NULL) &&
	       !ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) && waitpid(pid, NULL, __WALL) == pid;
	if (write(ready, held ? "1" : "0", 1) == 1 && read(go, &c, 1) == 1)
		ptrace(PTRACE_DETACH, pid, NULL, NULL);
	_exit(0);
}

/* On a busy machine a process may not run for long: `open` goes on all the same. */
static void test_slow(void **state)
{
	struct play *p = cable(state);
	int ready[2], go[2], status;
	struct command command;
	struct err err = {0};
	int64_t until;
	pid_t holder;
	char c = 0;

	assert_int_equal(pipe(ready) | pipe(go), 0);
	play_turns(p, 20 * NS_PER_MS);
	holder = holder_start(play_pid(p, SIDE_SERVER), ready[1], go[0]);
	assert_int_equal(read(ready[0], &c, 1), 1);
	if (c != '1')
		print_message("# ptrace is refused\n");
	assert_int_equal(command_parse("open", 4, SIDE_NONE, &command, &err), 0);
	assert_int_equal(lab_submit(p->lab, &command, PATIENCE, &err), 0);
	until = clock_ns() + NS_PER_S;
	while (c == '1' && !play_newest(p, EVENT_BLOCKED, SIDE_SERVER) && clock_ns() < until)
		play_turns(p, NS_PER_MS);
	assert_int_equal(write(go[1], "1", 1), 1);
	for (until = clock_ns() + COMMAND_BOUND; lab_busy(p->lab) && clock_ns() < until;)
		play_turns(p, NS_PER_MS);
	assert_int_equal(waitpid(holder, &status, 0), holder);
	command_clear(&command);
	for (int i = 0; i < 2; i++) {
		close(ready[i]);
		close(go[i]);
	}
	if (c != '1')
		skip();
	play_assert(p, play_newest(p, EVENT_BLOCKED, SIDE_SERVER));
	play(p, "expect server state ESTABLISHED\n"
		"expect client state ESTABLISHED\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CABLE_TEST(test_sysctl),	 CABLE_TEST(test_sysctl_down),
		CABLE_TEST(test_sysctl_refused), CABLE_TEST(test_reset),
		CABLE_TEST(test_link),		 CABLE_TEST(test_apart),
		CABLE_TEST(test_slow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
