/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_fallback.c - as an ordinary user, and where the machine refuses a network of one's own.
 *
 * The refusing machine is staged: a user namespace whose limit of further ones is 0, no capability
 * left. Its network stands for the machine's own, and this process for the strangers on it.
 */
#include "play.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define STATUS_SKIP 77
#define NOBODY 65534

/* Run it in a process of its own; what it asserts it says itself. */
static void apart(void (*run)(void))
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		run();
		fflush(stdout);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == STATUS_SKIP)
		skip();
	assert_int_equal(status, 0);
}

static bool put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool done = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return done;
}

static void capabilities_drop(void)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[2] = {0};

	for (int i = 0; i < 64; i++)
		prctl(PR_CAPBSET_DROP, i, 0, 0, 0);
	syscall(SYS_capset, &head, none);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

/* Into a machine that refuses. */
static void refusing(void)
{
	struct ifreq ifr = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
	char map[64];
	uid_t uid = getuid();
	gid_t gid = getgid();
	int fd;

	if (unshare(CLONE_NEWUSER | CLONE_NEWNET)) {
		print_message("# user namespaces are refused already: %s\n", strerror(errno));
		_exit(STATUS_SKIP);
	}
	put("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "%u %u 1", uid, uid);
	put("/proc/self/uid_map", map);
	snprintf(map, sizeof(map), "%u %u 1", gid, gid);
	put("/proc/self/gid_map", map);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &ifr) ||
	    !put("/proc/sys/user/max_user_namespaces", "0")) {
		print_message("# the stage cannot be set: %s\n", strerror(errno));
		_exit(STATUS_SKIP);
	}
	close(fd);
	capabilities_drop();
}

static void in_refusing_machine(void)
{
	const struct feature_state *network, *capture, *sysctl;
	struct play *p;
	struct err err = {0};

	refusing();
	p = play_new();
	network = lab_feature(p->lab, FEATURE_NETWORK);
	capture = lab_feature(p->lab, FEATURE_CAPTURE);
	sysctl = lab_feature(p->lab, FEATURE_SYSCTL);
	play_assert(p, !network->ok && !capture->ok && !sysctl->ok);
	play_assert(p, lab_feature(p->lab, FEATURE_DIAG)->ok);
	play_assert(p, strstr(network->reason, "ENOSPC"));
	play_assert(p, strstr(network->cure, "max_user_namespaces"));
	play_assert(p, capture->reason[0] && capture->cure[0]);
	/* The first two lessons, as far as they can be seen without segments. */
	play(p, "open\n"
		"expect client state ESTABLISHED\n"
		"expect server state ESTABLISHED\n");
	play_assert_int(p, play_call(p, SIDE_CLIENT, CALL_CONNECT)->conn, 1);
	play_assert_int(p, play_call(p, SIDE_SERVER, CALL_ACCEPT)->conn, 1);
	play(p, "client close\n"
		"expect client state FIN_WAIT2\n"
		"expect server state CLOSE_WAIT\n"
		"expect server recvq 1\n"
		"server write \"123\"\n"
		"expect server write = 3\n"
		"expect client gone\n"
		"expect server gone\n"
		"server write \"x\"\n"
		"expect server killed SIGPIPE\n");
	play_assert_text(p, journal_states(p, SIDE_SERVER, 1),
			 "LISTEN ESTABLISHED CLOSE_WAIT CLOSE");
	/* What cannot be seen is neither held nor failed. */
	play(p, "reset\n");
	assert_int_equal(play_line(p, "expect segment from client S", 28, &err), 0);
	play_assert_int(p, lab_held(p->lab), -1);
	assert_int_equal(play_line(p, "expect 3 segments from client .", 31, &err), 0);
	play_assert_int(p, lab_held(p->lab), -1);
	/* Its settings are the machine's: read, never set. */
	play(p, "sysctl tcp_fin_timeout\n");
	play_refused(p, "sysctl tcp_fin_timeout 5", "the machine's own network");
	/* The same ports again without a SYN to tell: another connection. */
	play(p, "server read\n"
		"client write \"abc\"\n"
		"expect server read = \"abc\"\n"
		"server listen backlog 0\n"
		"client connect\n"
		"client connect\n"
		"expect client blocked in connect\n"
		"expect client state SYN_SENT\n");
	play_free(p);
}

static int stranger_connect(unsigned port)
{
	struct sockaddr_in addr = {.sin_family = AF_INET,
				   .sin_port = htons((uint16_t)port),
				   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	return fd;
}

static void strangers(void)
{
	struct play *p;
	struct pollfd end;
	int fd, second;
	char byte;

	refusing();
	p = play_new();
	play(p, "server listen\n"
		"server accept\n"
		"expect server blocked in accept\n");
	fd = stranger_connect(play_snapshot(p, SIDE_SERVER)->port);
	play_turns(p, 100 * NS_PER_MS);
	end = (struct pollfd){.fd = fd, .events = POLLIN};
	play_assert_int(p, poll(&end, 1, 2000), 1);
	play_assert(p, read(fd, &byte, 1) <= 0); /* turned away */
	play_assert(p, play_newest(p, EVENT_HOST, SIDE_SERVER) &&
			       strstr(play_newest(p, EVENT_HOST, SIDE_SERVER)->note.text,
				      "not the client's"));
	/* Another one in the queue before the client comes. */
	second = stranger_connect(play_snapshot(p, SIDE_SERVER)->port);
	play(p, "client connect\n"
		"expect client connect = 0\n"
		"expect client state ESTABLISHED\n"
		"expect server state ESTABLISHED\n"
		"client write \"me\"\n"
		"server read\n"
		"expect server read = \"me\"\n");
	close(fd);
	close(second);
	/* The client is no stranger for having closed before it was accepted. */
	play(p, "server listen\n"
		"client connect\n"
		"client close\n"
		"server accept\n"
		"server read\n"
		"expect server read = 0\n");
	play_free(p);
}

static int stranger_listen(int family, const char *address, uint16_t *port)
{
	struct sockaddr_in four = {.sin_family = AF_INET};
	struct sockaddr_in6 six = {.sin6_family = AF_INET6};
	struct sockaddr *addr =
		family == AF_INET ? (struct sockaddr *)&four : (struct sockaddr *)&six;
	socklen_t len = family == AF_INET ? sizeof(four) : sizeof(six);
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	inet_pton(family, address,
		  family == AF_INET ? (void *)&four.sin_addr : (void *)&six.sin6_addr);
	if (fd < 0 || bind(fd, addr, len) || listen(fd, 1) || getsockname(fd, addr, &len))
		return -1;
	*port = ntohs(family == AF_INET ? four.sin_port : six.sin6_port);
	return fd;
}

/* The machine's own services are out of reach; the lab's server, and nobody, are not. */
static void services(void)
{
	static const struct {
		int family;
		const char *address;
	} rows[] = {{AF_INET, "127.0.0.1"},
		    {AF_INET, "0.0.0.0"},
		    {AF_INET6, "::"},
		    {AF_INET6, "::ffff:127.0.0.1"}};
	struct play *p;
	uint16_t port = 0;

	refusing();
	p = play_new();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int fd = stranger_listen(rows[i].family, rows[i].address, &port);
		char line[64];

		if (fd < 0 && rows[i].family == AF_INET6)
			continue; /* a machine without IPv6 */
		assert_true(fd >= 0);
		snprintf(line, sizeof(line), "client connect %u", port);
		play_refused(p, line, "somebody listens on port");
		fcntl(fd, F_SETFL, O_NONBLOCK);
		play_assert(p, accept(fd, NULL, NULL) < 0);
		snprintf(line, sizeof(line), "server listen %u\n", port);
		play(p, line);
		play(p, "expect server bind fails EADDRINUSE\n"
			"server close\n");
		close(fd);
		snprintf(line, sizeof(line), "client connect %u\n", port);
		play(p, line);
		play(p, "expect client connect fails ECONNREFUSED\n");
	}
	play(p, "server listen 7001\n"
		"client connect 7001\n"
		"expect client connect = 0\n"
		"server fork\n"
		"server close listen\n"
		"client connect 7001\n"
		"expect client connect = 0\n"
		"child kill\n"
		"expect child killed TERM\n"
		"client connect\n"
		"expect client connect fails ECONNREFUSED\n");
	play_free(p);
}

/* Strangers are known without sock_diag, too. */
static void strangers_undiagnosed(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_NETLINK, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {sizeof(filter) / sizeof(filter[0]), filter};
	struct play *p;
	int fd;

	refusing();
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) {
		print_message("# no seccomp filter: %s\n", strerror(errno));
		_exit(STATUS_SKIP);
	}
	p = play_new();
	play_assert(p, !lab_feature(p->lab, FEATURE_DIAG)->ok);
	play(p, "server listen 7001\n");
	fd = stranger_connect(7001);
	play(p, "client connect\n"
		"expect client connect = 0\n"
		"server accept\n"
		"client write \"me\"\n"
		"server read\n"
		"expect server read = \"me\"\n");
	play_assert(p,
		    strstr(play_newest(p, EVENT_HOST, SIDE_SERVER)->note.text, "not the client's"));
	close(fd);
	play_free(p);
}

/* Without a capture nothing wakes the lab, so it looks for a second (the ACK of a FIN comes after
 * 40 ms); then it sleeps. */
static void idle(void)
{
	struct play *p;
	struct pollfd one;

	refusing();
	p = play_new();
	play(p, "open\n"
		"client write \"x\"\n"
		"server read\n");
	play_turns(p, 2500 * NS_PER_MS);
	one = (struct pollfd){.fd = lab_fd(p->lab), .events = POLLIN};
	play_assert_int(p, timer_armed(), 0);
	play_assert_int(p, poll(&one, 1, 200), 0);
	play(p, "client close\n");
	play_turns(p, 150 * NS_PER_MS);
	play_assert_int(p, play_snapshot(p, SIDE_CLIENT)->state, STATE_FIN_WAIT2);
	play_free(p);
}

/* An ordinary user has all of it, in a user namespace. */
static void as_nobody(void)
{
	struct play *p;
	char text[64];

	if (getuid() == 0 &&
	    (setresgid(NOBODY, NOBODY, NOBODY) || setresuid(NOBODY, NOBODY, NOBODY)))
		_exit(STATUS_SKIP);
	if (access(TEST_BUILD "/bothends-actor", X_OK)) {
		print_message("# uid %u does not reach %s\n", getuid(), TEST_BUILD);
		_exit(STATUS_SKIP);
	}
	/* As after a login: /proc/self is one's own. */
	prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
	p = play_new();
	play_needs_apart(p, FEATURE_NETWORK, STATUS_SKIP);
	play_needs_apart(p, FEATURE_CAPTURE, STATUS_SKIP);
	play(p, "open\n"
		"client close\n"
		"expect client state FIN_WAIT2\n"
		"expect server state CLOSE_WAIT\n"
		"expect segment from client F.\n"
		"server write \"123\"\n"
		"expect segment from client R\n"
		"expect server gone\n"
		"server signal SIGPIPE ignore\n"
		"server write \"A\"\n"
		"expect server write fails EPIPE\n"
		"sysctl tcp_fin_timeout 7\n"
		"server fork\n"
		"child exit 3\n"
		"expect child exited 3\n");
	play_assert_text(p, proc_status(play_pid(p, SIDE_SERVER), "CapBnd", text, sizeof(text)),
			 "0000000000000000");
	/* The user is still the user. */
	assert_int_equal(getuid(), geteuid());
	assert_int_not_equal(getuid(), 0);
	play_free(p);
}

static void test_refusing_machine(void **state)
{
	(void)state;
	apart(in_refusing_machine);
}

static void test_strangers(void **state)
{
	(void)state;
	apart(strangers);
}

static void test_services(void **state)
{
	(void)state;
	apart(services);
}

static void test_strangers_undiagnosed(void **state)
{
	(void)state;
	apart(strangers_undiagnosed);
}

static void test_idle(void **state)
{
	(void)state;
	apart(idle);
}

static void test_as_nobody(void **state)
{
	(void)state;
	apart(as_nobody);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refusing_machine),
		cmocka_unit_test(test_strangers),
		cmocka_unit_test(test_services),
		cmocka_unit_test(test_strangers_undiagnosed),
		cmocka_unit_test(test_idle),
		cmocka_unit_test(test_as_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
