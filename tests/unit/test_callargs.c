/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_callargs.c - a call's arguments as strace writes them, returned and not. */
#include "core.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cmocka.h>

static struct flight flight(int op, int fd, int a, int b)
{
	struct flight made = {.call = (enum call)op};

	made.request.op = op;
	made.request.fd = fd;
	made.request.a = a;
	made.request.b = b;
	return made;
}

static void assert_args(const struct flight *made, const struct actor_reply *reply,
			const void *data, const char *want)
{
	char out[ARGS_MAX];

	assert_string_equal(call_args(made, reply, data, out, sizeof(out)), want);
}

static void test_addresses(void **unused)
{
	struct flight made = flight(CALL_CONNECT, 3, 7001, (int)htonl(INADDR_LOOPBACK));
	struct actor_reply reply = {.ret = 4, .peer_port = 40000, .port = 7001};

	(void)unused;
	reply.b = (int)htonl(INADDR_LOOPBACK);
	assert_args(&made, NULL, NULL,
		    "3, {sa_family=AF_INET, sin_port=htons(7001), "
		    "sin_addr=inet_addr(\"127.0.0.1\")}, 16");
	made = flight(CALL_ACCEPT, 3, 0, 0);
	assert_args(&made, NULL, NULL, "3, ...");
	assert_args(&made, &reply, NULL,
		    "3, {sa_family=AF_INET, sin_port=htons(40000), "
		    "sin_addr=inet_addr(\"127.0.0.1\")}, [16]");
	reply.ret = -1;
	assert_args(&made, &reply, NULL, "3, ...");
	made = flight(CALL_SOCKET, -1, 0, 0);
	assert_args(&made, NULL, NULL, "AF_INET, SOCK_STREAM, 0");
	made = flight(CALL_LISTEN, 3, 128, 0);
	assert_args(&made, NULL, NULL, "3, 128");
}

static void test_transfers(void **unused)
{
	struct flight made = flight(CALL_WRITE, 4, 0, 0);
	struct actor_reply reply = {.ret = 5, .len = 5};
	char long_data[100];

	(void)unused;
	memcpy(made.data, "a\n\"\x01z", 5);
	made.request.len = 5;
	assert_args(&made, NULL, NULL, "4, \"a\\n\\\"\\001z\", 5");
	/* strace shows 32 bytes. */
	memset(made.data, 'q', sizeof(made.data));
	made.request.len = 100;
	assert_args(&made, NULL, NULL, "4, \"qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq\"..., 100");
	made.request.len = 0;
	made.request.size = 1 << 20;
	assert_args(&made, NULL, NULL, "4, \"qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq\"..., 1048576");
	made = flight(CALL_SEND, 4, MSG_NOSIGNAL | MSG_DONTWAIT, 0);
	made.request.len = 1;
	made.data[0] = 'x';
	assert_args(&made, NULL, NULL, "4, \"x\", 1, MSG_DONTWAIT|MSG_NOSIGNAL");
	made = flight(CALL_READ, 4, 0, 0);
	made.request.size = 4096;
	assert_args(&made, NULL, NULL, "4, ..., 4096");
	assert_args(&made, &reply, "hello", "4, \"hello\", 4096");
	reply.ret = reply.len = 0;
	assert_args(&made, &reply, NULL, "4, \"\", 4096");
	reply.ret = -1;
	assert_args(&made, &reply, NULL, "4, ..., 4096");
	memset(long_data, 'r', sizeof(long_data));
	reply = (struct actor_reply){.ret = 100000, .len = 100};
	made = flight(CALL_RECV, 4, MSG_PEEK, 0);
	made.request.size = 200000;
	assert_args(&made, &reply, long_data,
		    "4, \"rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr\"..., 200000, MSG_PEEK");
}

static void test_options(void **unused)
{
	struct flight made = flight(CALL_SETSOCKOPT, 3, SOL_SOCKET, SO_LINGER);
	struct actor_reply reply = {.ret = 0, .a = sizeof(int)};
	struct linger linger = {1, 0};
	struct timeval time = {1, 500000};
	int number = ECONNRESET;

	(void)unused;
	made.request.len = sizeof(linger);
	memcpy(made.data, &linger, sizeof(linger));
	assert_args(&made, &reply, NULL, "3, SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=0}, 8");
	made = flight(CALL_SETSOCKOPT, 3, SOL_SOCKET, SO_RCVTIMEO);
	made.request.len = sizeof(time);
	memcpy(made.data, &time, sizeof(time));
	assert_args(&made, NULL, NULL,
		    "3, SOL_SOCKET, SO_RCVTIMEO, {tv_sec=1, tv_usec=500000}, 16");
	made = flight(CALL_GETSOCKOPT, 3, SOL_SOCKET, SO_ERROR);
	assert_args(&made, NULL, NULL, "3, SOL_SOCKET, SO_ERROR, ...");
	memcpy(&reply.status, &number, sizeof(number));
	assert_args(&made, &reply, NULL, "3, SOL_SOCKET, SO_ERROR, [ECONNRESET], [4]");
	number = 0;
	memcpy(&reply.status, &number, sizeof(number));
	assert_args(&made, &reply, NULL, "3, SOL_SOCKET, SO_ERROR, [0], [4]");
	reply.ret = -1;
	assert_args(&made, &reply, NULL, "3, SOL_SOCKET, SO_ERROR, ...");
	made = flight(CALL_GETSOCKOPT, 3, 999, 999); /* nobody's option */
	assert_args(&made, NULL, NULL, "3, ?, ?, ...");
	made = flight(CALL_FCNTL, 3, 1, 0);
	assert_args(&made, NULL, NULL, "3, F_SETFL, O_RDWR|O_NONBLOCK");
	made = flight(CALL_FCNTL, 3, -1, 0);
	assert_args(&made, NULL, NULL, "3, F_GETFL");
}

static void test_others(void **unused)
{
	struct flight made = flight(CALL_POLL, 3, POLLIN | POLLRDHUP, -1);
	struct actor_reply reply = {.ret = 1, .a = POLLIN | POLLHUP, .b = 4};

	(void)unused;
	assert_args(&made, NULL, NULL, "[{fd=3, events=POLLIN|POLLRDHUP}], 1, -1");
	assert_args(&made, &reply, NULL,
		    "[{fd=3, events=POLLIN|POLLRDHUP, revents=POLLIN|POLLHUP}], 1, -1");
	made = flight(CALL_SHUTDOWN, 3, SHUT_WR, 0);
	assert_args(&made, NULL, NULL, "3, SHUT_WR");
	made = flight(CALL_SIGACTION, -1, SIGPIPE, DISP_IGNORE);
	assert_args(&made, NULL, NULL,
		    "SIGPIPE, {sa_handler=SIG_IGN, sa_mask=[], sa_flags=0}, NULL");
	made = flight(CALL_SIGACTION, -1, SIGUSR1, DISP_CATCH_RESTART);
	assert_args(&made, NULL, NULL,
		    "SIGUSR1, {sa_handler=handler, sa_mask=[], sa_flags=SA_RESTART}, NULL");
	made = flight(CALL_FORK, -1, 0, 0);
	assert_args(&made, NULL, NULL, "");
	made = flight(CALL_PIPE, -1, 0, 0);
	assert_args(&made, NULL, NULL, "...");
	reply = (struct actor_reply){.a = 3, .b = 4};
	assert_args(&made, &reply, NULL, "[3, 4]");
	made = flight(CALL_SOCKETPAIR, -1, 0, 0);
	assert_args(&made, &reply, NULL, "AF_UNIX, SOCK_STREAM, 0, [3, 4]");
	made = flight(CALL_DRAIN, 4, 0, 0);
	assert_args(&made, NULL, NULL, "4, to the end");
	made.request.size = 3;
	assert_args(&made, NULL, NULL, "4, 3 bytes");
	reply = (struct actor_reply){.a = 1, .total = 3};
	assert_args(&made, &reply, NULL, "4: 1 read, 3 bytes");
	made = flight(CALL_CLOSE, 4, 0, 0);
	assert_args(&made, NULL, NULL, "4");
}

/* However little room there is, it is kept to. */
static void test_little_room(void **unused)
{
	struct flight made = flight(CALL_CONNECT, 3, 7001, (int)htonl(INADDR_LOOPBACK));
	struct flight poll = flight(CALL_POLL, 3, POLLIN | POLLRDHUP, -1);
	struct actor_reply reply = {.ret = 1, .a = POLLIN};

	(void)unused;
	for (size_t size = 1; size < 80; size++) {
		char *out = malloc(size);

		call_args(&made, NULL, NULL, out, size);
		assert_true(strlen(out) < size);
		call_args(&poll, &reply, NULL, out, size);
		assert_true(strlen(out) < size);
		free(out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),   cmocka_unit_test(test_transfers),
		cmocka_unit_test(test_options),	    cmocka_unit_test(test_others),
		cmocka_unit_test(test_little_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
