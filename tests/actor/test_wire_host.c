/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_wire_host.c - a host crashes, is shut down, comes up again; the lab starts afresh. */
#include "cable.h"

#include <fcntl.h>
#include <stdio.h>

static bool down(struct play *p, enum side side)
{
	struct scene scene;

	scene_at(lab_journal(p->lab), journal_last_n(p), &scene);
	return scene.side[side].down;
}

/* Nothing comes from it, its process is gone, and its peer goes on sending into silence. */
static void test_crash(void **state)
{
	struct play *p = cable(state);
	pid_t pid;

	play(p, "open\n"
		"client write \"abc\"\n"
		"expect server recvq 3\n");
	pid = play_pid(p, SIDE_SERVER);
	play_assert(p, proc_letter(pid) != 0);
	play(p, "server crash\n"
		"expect server gone\n"
		"expect server killed SIGKILL\n"
		"expect client state ESTABLISHED\n");
	play_assert_text(p, crossings(p, SIDE_NONE), "");
	play_assert(p, down(p, SIDE_SERVER) && !down(p, SIDE_CLIENT));
	play_assert(p, proc_letter(pid) == 0);
	play(p, "client write \"def\"\n"
		"expect client write = 3\n");
	crossing_await(p, SIDE_CLIENT, -1, 3, 3, 5 * NS_PER_S);
	play_assert_text(p, crossings(p, SIDE_NONE),
			 ">P.3 silenced, >P.3 silenced x2, >P.3 silenced x3");
	play(p, "expect client timer on\n"
		"expect client state ESTABLISHED\n"
		"expect client sendq 3\n");
}

/* Not even what was in the kernel's own queue: a close by the death of the process says nothing. */
static void test_crash_of_client(void **state)
{
	struct play *p = cable(state);

	play(p, "open\n"
		"server write \"unread\"\n"
		"expect client recvq 6\n"
		"expect server sendq 0\n");
	play(p, "client crash\n"
		"expect not server state CLOSE for 300ms\n"
		"expect server state ESTABLISHED\n");
	play_assert_text(p, crossings(p, SIDE_NONE), "");
	play_refused(p, "client crash", "is down already");
	play_refused(p, "client poweroff", "is down already");
}

/* What was in mid-wire before the crash still crosses, but not to a dead host. */
static void test_crash_held(void **state)
{
	struct play *p = cable(state);

	play(p, "open\n"
		"wire hold\n"
		"client write \"abc\"\n"
		"server write \"12\"\n"
		"client crash\n"
		"wire release client\n"
		"expect server recvq 3\n"
		"wire release server 2\n");
	play_assert(p, strstr(crossings(p, SIDE_SERVER), "<P.2 silenced"));
	play_assert(p, strstr(crossings(p, SIDE_SERVER), "<. silenced"));
}

static void test_reboot(void **state)
{
	struct play *p = cable(state);

	play(p, "open\n"
		"server crash\n"
		"server reboot\n"
		"expect client state ESTABLISHED\n");
	play_assert(p, !down(p, SIDE_SERVER));
	/* The new kernel knows no such connection. */
	play(p, "client read\n"
		"expect client blocked in read\n"
		"client interrupt\n"
		"client write \"abc\"\n"
		"expect segment from server R\n"
		"client read\n"
		"expect client read fails ECONNRESET\n"
		"expect client state CLOSE\n");
	play_assert_text(p, crossings(p, SIDE_NONE), ">P.3 delivered, <R delivered");
	/* Its processes start on request. */
	play(p, "server listen\n"
		"client connect\n"
		"server accept\n"
		"expect server state ESTABLISHED\n"
		"expect client state ESTABLISHED\n");
}

/* A reader that is in the call already hears of it too; without a crash before, it is one. */
static void test_reboot_alone(void **state)
{
	struct play *p = cable(state);

	play(p, "open\n"
		"server set keepalive idle 1s interval 1s count 3\n"
		"client set keepalive idle 1s interval 1s count 3\n"
		"client read\n"
		"server reboot\n"
		"expect server gone\n"
		"expect client read fails ECONNRESET within 4s\n");
	play_assert(p, journal_has_process(p, SIDE_SERVER, PROCESS_KILLED, SIGKILL));
}

/* A child dies with the host, and comes back with nobody. */
static void test_crash_with_child(void **state)
{
	struct play *p = cable(state);
	pid_t child;

	play(p, "open\n"
		"server fork\n");
	child = play_pid(p, SIDE_CHILD);
	play_assert(p, down(p, SIDE_CHILD) == false && proc_letter(child));
	play(p, "server crash\n"
		"expect child killed SIGKILL\n"
		"expect server killed SIGKILL\n");
	play_assert(p, down(p, SIDE_CHILD));
	play_assert(p, proc_letter(child) == 0);
	play_refused(p, "child write \"a\"", "host is down");
	play(p, "server reboot\n"
		"server listen\n"
		"client connect\n"
		"server accept\n"
		"server fork\n"
		"child write \"a\"\n"
		"expect client recvq 1\n");
}

static void test_refused_while_down(void **state)
{
	static const char *const lines[] = {"server listen",
					    "server accept",
					    "server write \"a\"",
					    "server close",
					    "open",
					    "server fork",
					    "server drain",
					    "server set nodelay on",
					    "server signal INT ignore"};
	struct play *p = cable(state);

	play(p, "open\n"
		"server crash\n");
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		play_refused(p, lines[i], "`server reboot` starts it again");
	/* The other side is as it was. */
	play(p, "client write \"abc\"\n"
		"expect client write = 3\n"
		"client close\n"
		"client connect\n"
		"expect client state SYN_SENT\n");
}

static void test_poweroff(void **state)
{
	struct play *p = cable(state);

	/* SIGTERM ends it, its kernel says goodbye: a FIN that gets out, and is answered. */
	play(p, "open\n"
		"server poweroff 2s\n"
		"expect client state CLOSE_WAIT\n"
		"expect server killed SIGTERM\n");
	play_assert(p, took(p) < 2 * NS_PER_S);
	play_assert(p, strstr(crossings(p, SIDE_NONE), "<F. delivered, >. delivered"));
	play_assert(p, down(p, SIDE_SERVER));
	play(p, "client write \"abc\"\n");
	assert_crossings(p, SIDE_CLIENT, ">P.3 silenced");
}

/* Who ignores SIGTERM has the grace time. */
static void test_poweroff_ignored(void **state)
{
	struct play *p = cable(state);

	play(p, "open\n"
		"server signal TERM ignore\n");
	play(p, "server poweroff 700ms\n"
		"expect server killed SIGKILL\n"
		"expect client state CLOSE_WAIT\n");
	play_assert(p, took(p) >= 700 * NS_PER_MS && took(p) < 2 * NS_PER_S);
	/* Nor does one that is stopped, or in a call, hold it up for longer. */
	play(p, "server reboot\n"
		"client close\n"
		"open\n"
		"server stop\n"
		"server poweroff 200ms\n"
		"expect server killed SIGKILL\n");
	play(p, "server reboot\n"
		"client close\n"
		"open\n"
		"server read\n"
		"server poweroff 5s\n"
		"expect server killed SIGTERM\n");
	play_assert(p, took(p) < 3 * NS_PER_S);
}

/* Ctrl-C in the grace time: the host stays up, and the journal says so. */
static void test_poweroff_given_up(void **state)
{
	struct play *p = cable(state);
	struct command command;
	struct err err = {0};

	play(p, "open\n"
		"server signal TERM ignore\n");
	assert_int_equal(command_parse("server poweroff 60s", 19, SIDE_NONE, &command, &err), 0);
	assert_int_equal(lab_submit(p->lab, &command, PATIENCE, &err), 0);
	command_clear(&command);
	play_assert(p, lab_busy(p->lab));
	lab_cancel(p->lab);
	play_assert(p, !lab_busy(p->lab));
	play(p, "server write \"x\"\n"
		"expect client recvq 1\n");
	assert_string_equal(
		journal_latest(lab_journal(p->lab), EVENT_HOST, SIDE_SERVER, UINT64_MAX)->note.text,
		"poweroff given up: the host stays up");
}

/* This port and no other for the client's connections. */
static void port_fix(struct play *p, const char *range)
{
	int home = cable_enter(p, SIDE_CLIENT), fd;

	fd = open("/proc/sys/net/ipv4/ip_local_port_range", O_WRONLY | O_CLOEXEC);
	play_assert(p, write(fd, range, strlen(range)) > 0);
	close(fd);
	cable_leave(p, home);
}

/* RFC 9293, 3.5.1: the server has half of a connection, the client that has come up again asks for
 * a new one on the same ports. The old half answers with what it expects, and hears that it is
 * dead.
 */
static void test_half_open(void **state)
{
	struct play *p = cable(state);

	port_fix(p, "40001 40001");
	play(p, "open\n"
		"client crash\n"
		"client reboot\n");
	port_fix(p, "40001 40001");
	play(p, "client connect\n"
		"server accept\n"
		"expect client connect = 0 within 3s\n"
		"expect client state ESTABLISHED\n"
		"expect server state ESTABLISHED\n");
	/* The challenge and its answer are the old connection's. */
	play_assert_text(p, journal_segments(p, 1), ">S <S. >. <. >R");
	play_assert_text(p, journal_segments(p, 2), ">S >S <S. >.");
	play_assert_text(p, journal_states(p, SIDE_SERVER, 1), "LISTEN SYN_RECV ESTABLISHED CLOSE");
	play_assert_text(p, journal_states(p, SIDE_CLIENT, 2), "CLOSE SYN_SENT ESTABLISHED");
	play_assert_text(p, journal_states(p, SIDE_SERVER, 2), "LISTEN SYN_RECV ESTABLISHED");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CABLE_TEST(test_crash),
		CABLE_TEST(test_crash_of_client),
		CABLE_TEST(test_crash_held),
		CABLE_TEST(test_reboot),
		CABLE_TEST(test_reboot_alone),
		CABLE_TEST(test_crash_with_child),
		CABLE_TEST(test_refused_while_down),
		CABLE_TEST(test_poweroff),
		CABLE_TEST(test_poweroff_ignored),
		CABLE_TEST(test_poweroff_given_up),
		CABLE_TEST(test_half_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
