/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_program.c - a journal as a C program: what is written for each event, that no text of a
 * journal's leaves its literal or comment, and that whatever a journal says, the program compiles.
 */
#include "core.h"

#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define ADDRESS(port) \
	"{sa_family=AF_INET, sin_port=htons(" port "), sin_addr=inet_addr(\"127.0.0.1\")}"

/* ----------------------------------------------------------------- journals */
static struct journal *journal;
static int64_t now;

static int setup(void **unused)
{
	(void)unused;
	journal = journal_new(0);
	now = 0;
	return 0;
}

static int teardown(void **unused)
{
	(void)unused;
	journal_free(journal);
	return 0;
}

static pid_t pid_of(enum side side)
{
	return 4242 + (pid_t)side;
}

static void add(struct event *event)
{
	event->t = now += NS_PER_MS;
	journal_append(journal, event);
}

static void command(enum side side, const char *text)
{
	struct event event = {.kind = EVENT_COMMAND, .side = side};

	event.command.text = text;
	event.command.acts = true;
	add(&event);
}

static void process(enum side side, enum process_change what, int status)
{
	struct event event = {.kind = EVENT_PROCESS, .side = side};

	event.process.what = what;
	event.process.pid = pid_of(side);
	event.process.status = status;
	add(&event);
}

static struct event call_event(enum side side, enum call call, const char *args, int64_t ret,
			       int err)
{
	struct event event = {.kind = EVENT_CALL, .side = side};

	event.call.call = call;
	event.call.pid = pid_of(side);
	event.call.args = args;
	event.call.ret = ret;
	event.call.err = err;
	return event;
}

static void call(enum side side, enum call which, const char *args, int64_t ret, int err)
{
	struct event event = call_event(side, which, args, ret, err);

	add(&event);
}

static void pair(void)
{
	process(SIDE_CLIENT, PROCESS_STARTED, 0);
	process(SIDE_SERVER, PROCESS_STARTED, 0);
	command(SIDE_NONE, "open");
	call(SIDE_SERVER, CALL_SOCKET, "AF_INET, SOCK_STREAM, 0", 3, 0);
	call(SIDE_SERVER, CALL_BIND, "3, " ADDRESS("7001") ", 16", 0, 0);
	call(SIDE_SERVER, CALL_LISTEN, "3, 128", 0, 0);
	call(SIDE_CLIENT, CALL_SOCKET, "AF_INET, SOCK_STREAM, 0", 3, 0);
	call(SIDE_CLIENT, CALL_CONNECT, "3, " ADDRESS("7001") ", 16", 0, 0);
	call(SIDE_SERVER, CALL_ACCEPT, "3, " ADDRESS("40000") ", [16]", 4, 0);
}

/* ----------------------------------------------------------------- programs */
static char *written(const char *title)
{
	struct session_about about = {
		.epoch = 1763800000 * NS_PER_S, .title = title, .kernel = "Linux 6.*/ x86_64"};
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	program_write(journal, &about, out);
	assert_int_equal(fclose(out), 0);
	return text;
}

/* Through the compiler, with all its warnings as errors. */
static bool compiles(const char *compiler, const char *text)
{
	char line[256];
	FILE *to;
	bool whole;

	snprintf(line, sizeof(line),
		 "%s -xc -std=gnu11 -Wall -Wextra -Wpedantic -Wshadow -Werror -c -o /dev/null - "
		 ">&2",
		 compiler);
	fflush(NULL);
	signal(SIGPIPE, SIG_IGN);
	to = popen(line, "w");
	assert_non_null(to);
	whole = fputs(text, to) >= 0;
	return pclose(to) == 0 && whole;
}

static bool there_is(const char *compiler)
{
	char line[64];

	snprintf(line, sizeof(line), "command -v %s >/dev/null", compiler);
	return system(line) == 0;
}

static void assert_compiles(const char *text)
{
	static const char *const compilers[] = {"cc", "clang"};

	for (size_t i = 0; i < COUNT(compilers); i++)
		if (there_is(compilers[i]) && !compiles(compilers[i], text)) {
			fputs(text, stderr);
			fail_msg("%s does not take it", compilers[i]);
		}
}

/* What stands in the turns may be these calls and no others. */
static void assert_known_calls(const char *text)
{
	static const char *const known[] = {
		"socket(",     "bind(",	      "connect(",     "accept(",    "getsockname(",
		"listen(",     "write(",      "send(",	      "read(",	    "recv(",
		"drain(",      "poll(&one",   "close(",	      "dup(",	    "shutdown(",
		"setsockopt(", "getsockopt(", "fcntl(",	      "sigaction(", "pipe(pair",
		"socketpair(", "fork_to(",    "signal_to(",   "start(",	    "nap(",
		"interrupt(",  "_exit(",      "hand(pair[0]", "take()"};
	static const char *const macros[] = {"\tCALL(", "\tBLOCKS(", "\tDIES(", "\tACT(",
					     "\tLAST("};

	for (size_t m = 0; m < COUNT(macros); m++)
		for (const char *at = text; (at = strstr(at, macros[m]));) {
			bool found = false;

			at = strchr(at, ',');
			assert_non_null(at);
			at += 2;
			for (size_t i = 0; i < COUNT(known) && !found; i++)
				found = !strncmp(at, known[i], strlen(known[i]));
			if (!found)
				fail_msg("an unknown call: %.60s", at);
		}
}

static void assert_has(const char *text, const char *part)
{
	if (!strstr(text, part)) {
		fputs(text, stderr);
		fail_msg("it has no: %s", part);
	}
}

/* ------------------------------------------------------------------- tests */
static void test_calls(void **unused)
{
	struct event read = call_event(SIDE_CLIENT, CALL_READ, "3, ..., 4096", 0, 0);
	char *text;

	(void)unused;
	pair();
	command(SIDE_CLIENT, "client set linger 0");
	call(SIDE_CLIENT, CALL_SETSOCKOPT, "3, SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=0}, 8",
	     0, 0);
	command(SIDE_SERVER, "server write \"123\"");
	call(SIDE_SERVER, CALL_WRITE, "4, \"123\", 3", 3, 0);
	command(SIDE_CLIENT, "client recv dontwait");
	call(SIDE_CLIENT, CALL_RECV, "3, \"123\", 4096, MSG_DONTWAIT", 3, 0);
	command(SIDE_CLIENT, "client read");
	read.kind = EVENT_BLOCKED;
	add(&read);
	command(SIDE_SERVER, "server send \"A\" nosignal");
	call(SIDE_SERVER, CALL_SEND, "4, \"A\", 1, MSG_DONTWAIT|MSG_NOSIGNAL", -1, EPIPE);
	command(SIDE_CLIENT, "client interrupt");
	read.kind = EVENT_CALL;
	read.call.ret = -1;
	read.call.err = EINTR;
	read.call.was_blocked = true;
	add(&read);
	command(SIDE_SERVER, "server get error");
	call(SIDE_SERVER, CALL_GETSOCKOPT, "4, SOL_SOCKET, SO_ERROR, [EPIPE], [4]", 0, 0);
	command(SIDE_SERVER, "server poll in rdhup 1s");
	call(SIDE_SERVER, CALL_POLL,
	     "[{fd=4, events=POLLIN|POLLRDHUP, revents=POLLIN|POLLHUP}], 1, 1000", 1, 0);
	text = written("The write");
	assert_has(text, "/*\n * The write\n");
	assert_has(text, "recorded on 2025-11-22 08:26:40 UTC,\n * on Linux 6.* / x86_64.\n");
	assert_has(text, "enum port { PORT_7001, PORTS };");
	assert_has(text, "\t/* open */\n\tCALL(1, socket(AF_INET, SOCK_STREAM, 0)); ");
	assert_has(text, "CALL(2, bind(3, address(PORT_7001), sizeof(at))); ");
	assert_has(text, "CALL(6, accept(3, (struct sockaddr *)&at, room(sizeof(at)))); ");
	assert_has(text, ".call = \"accept(3, \" ADDRESS(40000) \", [16])\", .ret = 4}");
	assert_has(text, "&(struct linger){.l_onoff = 1, .l_linger = 0}, sizeof(struct linger)));");
	assert_has(text, "\t/* server write \"123\" */\n\tCALL(8, write(4, \"123\", 3)); ");
	assert_has(text, "CALL(9, recv(3, data, 4096, MSG_DONTWAIT));");
	assert_has(text, ".data = \"123\", .len = 3}");
	assert_has(text, "BLOCKS(10, read(3, data, 4096), 13);");
	assert_has(text, "CALL(11, send(4, \"A\", 1, MSG_DONTWAIT | MSG_NOSIGNAL));");
	assert_has(text, "ACT(12, interrupt(CLIENT));");
	assert_has(text, ".ret = -1, .err = EINTR}");
	assert_has(text,
		   "CALL(14, getsockopt(4, SOL_SOCKET, SO_ERROR, &value, room(sizeof(value))))");
	assert_has(text, ".ret = 0, .value = EPIPE}");
	assert_has(text, "one = (struct pollfd){.fd = 4, .events = POLLIN | POLLRDHUP};");
	assert_has(text, ".value = POLLIN | POLLHUP}");
	assert_compiles(text);
	free(text);
}

static void test_processes(void **unused)
{
	struct event write = call_event(SIDE_SERVER, CALL_WRITE, "4, \"A\", 1", 0, 0);
	char *text;

	(void)unused;
	pair();
	command(SIDE_SERVER, "server fork");
	call(SIDE_SERVER, CALL_FORK, "", pid_of(SIDE_CHILD), 0);
	process(SIDE_CHILD, PROCESS_STARTED, 0);
	command(SIDE_CHILD, "child exit 3");
	process(SIDE_CHILD, PROCESS_EXITED, 3);
	command(SIDE_SERVER, "server write \"A\"");
	write.call.killed = true;
	add(&write);
	process(SIDE_SERVER, PROCESS_KILLED, SIGPIPE);
	command(SIDE_CLIENT, "client kill INT");
	process(SIDE_CLIENT, PROCESS_KILLED, SIGINT);
	text = written(NULL);
	assert_has(text, "CALL(7, fork_to(CHILD, child));");
	assert_has(text, "LAST(8, _exit(3));");
	assert_has(text, "until(9, CHILD, \"ZX\");");
	assert_has(text, "DIES(10, write(4, \"A\", 1));");
	assert_has(text, "until(11, SERVER, \"ZX\");");
	assert_has(text, "ACT(12, signal_to(CLIENT, SIGINT));");
	assert_null(strstr(strstr(text, "signal_to(CLIENT") + 1, "signal_to(CLIENT"));
	assert_null(strstr(text, "signal_to(SERVER"));
	assert_compiles(text);
	free(text);
}

/* A call that a death ends may be told of before the death is. */
static void test_told_before(void **unused)
{
	struct event read = call_event(SIDE_CLIENT, CALL_READ, "3, ..., 4096", 0, 0);
	char *text;

	(void)unused;
	pair();
	command(SIDE_CLIENT, "client read");
	read.kind = EVENT_BLOCKED;
	add(&read);
	command(SIDE_NONE, "reset");
	read.kind = EVENT_CALL;
	read.call.was_blocked = true;
	add(&read);
	process(SIDE_SERVER, PROCESS_KILLED, SIGKILL);
	process(SIDE_CLIENT, PROCESS_KILLED, SIGKILL);
	text = written(NULL);
	assert_has(text, "BLOCKS(7, read(3, data, 4096), 9);");
	assert_has(text, "ACT(8, signal_to(SERVER, SIGKILL));");
	assert_has(text, "until(10, SERVER, \"ZX\");");
	assert_has(text, "ACT(11, signal_to(CLIENT, SIGKILL));");
	assert_compiles(text);
	free(text);
}

/* Who waits in vain is neither woken nor made to exit; a wait lasts as long as it did. */
static void test_waiting(void **unused)
{
	struct event read = call_event(SIDE_CLIENT, CALL_READ, "3, ..., 4096", 0, 0);
	char *text;

	(void)unused;
	pair();
	command(SIDE_CLIENT, "client interrupt");
	command(SIDE_NONE, "wait 10s");
	now += 41 * NS_PER_MS;
	command(SIDE_CLIENT, "client read");
	read.kind = EVENT_BLOCKED;
	add(&read);
	process(SIDE_CLIENT, PROCESS_EXITED, 0);
	text = written(NULL);
	assert_null(strstr(text, "ACT(7, interrupt"));
	assert_has(text, "ACT(7, nap(42));");
	assert_has(text, "BLOCKS(8, read(3, data, 4096), 0);");
	assert_null(strstr(text, "LAST("));
	assert_null(strstr(text, "until("));
	assert_compiles(text);
	free(text);
}

/* In how many reads a drain gets its bytes is not what it was told; who waited long is waited for.
 */
static void test_drained(void **unused)
{
	struct event drain = call_event(SIDE_CLIENT, CALL_DRAIN, "3, to the end", 0, 0);
	char *text;

	(void)unused;
	pair();
	drain.kind = EVENT_BLOCKED;
	add(&drain);
	drain.kind = EVENT_CALL;
	drain.call.args = "3: 2 reads, 5 bytes";
	drain.call.ret = 5;
	drain.call.was_blocked = true;
	drain.call.us = 5000000;
	process(SIDE_CHILD, PROCESS_STARTED, 0);
	command(SIDE_SERVER, "server write \"abcde\"");
	add(&drain);
	text = written(NULL);
	assert_has(text, "BLOCKS(7, drain(3, 0), 9);");
	assert_has(text, "PATIENCE = 8,");
	assert_null(strstr(text, "not understood"));
	assert_compiles(text);
	free(text);
}

/* On the wire nothing has to be as it was, not even how much of a write fits. */
static void test_open(void **unused)
{
	struct event link = {.kind = EVENT_LINK, .side = SIDE_NONE};
	char *text;

	(void)unused;
	link.note.text = "wire";
	link.note.wire.on = true;
	add(&link);
	pair();
	call(SIDE_CLIENT, CALL_WRITE, "3, \"abcdefghijklmnopqrstuvwxyzabcdef\"..., 1000000", 5000,
	     0);
	text = written(NULL);
	assert_has(text, "1000000)\", .ret = 5000, .how = OPEN}");
	assert_null(strstr(text, ".how = SOME}"));
	assert_compiles(text);
	free(text);
}

/* A session has as many ports as it likes, a program has not. */
static void test_ports(void **unused)
{
	char *text, args[128];

	(void)unused;
	for (int i = 0; i < 100; i++) {
		snprintf(args, sizeof(args),
			 "3, {sa_family=AF_INET, sin_port=htons(%d), "
			 "sin_addr=inet_addr(\"127.0.0.1\")}, 16",
			 7001 + i);
		call(SIDE_CLIENT, CALL_CONNECT, args, 0, 0);
	}
	text = written(NULL);
	assert_has(text, "PORT_7064, PORTS };");
	assert_has(text, " * 36 calls could not be understood");
	assert_compiles(text);
	free(text);
}

/* Long data is only hinted at in a call's line: its command, or the lab's pattern, tell the rest.
 */
static void test_long_data(void **unused)
{
	char *text;

	(void)unused;
	pair();
	command(SIDE_CLIENT, "client write \"0123456789012345678901234567890123456789\"");
	call(SIDE_CLIENT, CALL_WRITE, "3, \"01234567890123456789012345678901\"..., 40", 40, 0);
	command(SIDE_CLIENT, "client write 64k");
	call(SIDE_CLIENT, CALL_WRITE, "3, \"abcdefghijklmnopqrstuvwxyzabcdef\"..., 65536", 4000, 0);
	command(SIDE_SERVER, "server drain 1k");
	call(SIDE_SERVER, CALL_DRAIN, "4: 1 read, 1024 bytes", 1024, 0);
	text = written(NULL);
	assert_has(text, "write(3, \"0123456789012345678901234567890123456789\", 40)");
	assert_has(text, "write(3, text(65536), 65536)");
	assert_has(text, ".ret = 4000, .how = SOME}");
	assert_has(text, "drain(4, 1024)");
	assert_compiles(text);
	free(text);
}

static void test_escapes(void **unused)
{
	char *text;

	(void)unused;
	pair();
	command(SIDE_CLIENT, "client write \"a?\?/b*/ /* \\\\ \\n\" ?\?/ \xe2\x80\xae \x1b[2J");
	call(SIDE_CLIENT, CALL_WRITE, "3, \"a?\?/b*/\\n\\001\\0001\\377\\\"\\\\\", 14", 14, 0);
	command(SIDE_CLIENT, "client write \", .data = \"");
	call(SIDE_CLIENT, CALL_WRITE, "3, \", .data = \\\", .ret = \", 19", 19, 0);
	call(SIDE_SERVER, CALL_READ, "4, \", .data = \\\", .ret = \", 4096", 19, 0);
	text = written("*/ int main(void) { } /* ?\?/\n#error \x1b[2J \xe2\x80\xae");
	assert_has(text, "write(3, \"a?\\?/b*/\\n\\001\\0001\\377\\\"\\\\\", 14)");
	assert_null(strstr(text, "\n#error"));
	assert_null(strchr(text, '\x1b'));
	assert_null(strstr(text, "\xe2\x80\xae"));
	assert_null(strstr(text, "?\?/"));
	assert_compiles(text);
	free(text);
}

static const struct {
	enum call call;
	const char *args;
} lines[] = {
	{CALL_SOCKET, "AF_INET, SOCK_STREAM, 0"},
	{CALL_BIND, "3, " ADDRESS("7001") ", 16"},
	{CALL_CONNECT, "3, " ADDRESS("9") ", 16"},
	{CALL_ACCEPT, "3, " ADDRESS("7001") ", [16]"},
	{CALL_ACCEPT, "3, ..."},
	{CALL_GETSOCKNAME, "3, " ADDRESS("7001") ", [16]"},
	{CALL_LISTEN, "3, 128"},
	{CALL_WRITE, "4, \"a\\001\", 2"},
	{CALL_SEND, "4, \"abcdefghijklmnopqrstuvwxyzabcdef\"..., 99, MSG_OOB|MSG_NOSIGNAL"},
	{CALL_READ, "4, \"abc\", 4096"},
	{CALL_RECV, "4, ..., 10, MSG_PEEK"},
	{CALL_DRAIN, "4: 5 reads, 20000 bytes"},
	{CALL_DRAIN, "4, to the end"},
	{CALL_POLL, "[{fd=4, events=POLLIN|POLLOUT, revents=POLLIN}], 1, -1"},
	{CALL_CLOSE, "4"},
	{CALL_DUP, "4"},
	{CALL_SHUTDOWN, "4, SHUT_RDWR"},
	{CALL_SETSOCKOPT, "3, SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=0}, 8"},
	{CALL_SETSOCKOPT, "3, SOL_SOCKET, SO_RCVTIMEO, {tv_sec=1, tv_usec=500000}, 16"},
	{CALL_SETSOCKOPT, "3, IPPROTO_TCP, TCP_NODELAY, [1], 4"},
	{CALL_GETSOCKOPT, "3, SOL_SOCKET, SO_ERROR, [EPIPE], [4]"},
	{CALL_GETSOCKOPT, "3, SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=0}, [8]"},
	{CALL_GETSOCKOPT, "3, SOL_SOCKET, SO_RCVTIMEO, {tv_sec=1, tv_usec=0}, [16]"},
	{CALL_GETSOCKOPT, "3, IPPROTO_TCP, TCP_INFO, {tcpi_state=CLOSE_WAIT, ...}, [104]"},
	{CALL_FCNTL, "3, F_SETFL, O_RDWR|O_NONBLOCK"},
	{CALL_SIGACTION, "SIGPIPE, {sa_handler=SIG_IGN, sa_mask=[], sa_flags=0}, NULL"},
	{CALL_SIGACTION, "SIG40, {sa_handler=handler, sa_mask=[], sa_flags=SA_RESTART}, NULL"},
	{CALL_SOCKETPAIR, "AF_UNIX, SOCK_STREAM, 0, [5, 6]"},
	{CALL_PIPE, "[5, 6]"},
	{CALL_FORK, ""},
};

/* Each line alone is understood, and the parts of the run-time it needs are there. */
static void test_lines(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < COUNT(lines); i++) {
		char *text;

		call(SIDE_SERVER, lines[i].call, lines[i].args, lines[i].call == CALL_FORK ? 99 : 1,
		     0);
		text = written(NULL);
		assert_null(strstr(text, "not understood"));
		assert_known_calls(text);
		assert_true(compiles("cc", text));
		free(text);
		journal_free(journal);
		journal = journal_new(0);
	}
}

/* What is not exactly such a line becomes a comment. */
static void test_not_understood(void **unused)
{
	static const struct {
		enum call call;
		const char *args;
	} bad[] = {
		{CALL_CLOSE, "4); system(\"true\""},
		{CALL_CLOSE, "4 "},
		{CALL_CLOSE, "100"},
		{CALL_CLOSE, "1"},
		{CALL_CLOSE, "2"},
		{CALL_CLOSE, ""},
		{CALL_CLOSE, "99999999999999999999"},
		{CALL_WRITE, "4, \"abc\", 4"},
		{CALL_WRITE, "4, \"abc\"..., 2"},
		{CALL_WRITE, "4, \"abc, 3"},
		{CALL_WRITE, "4, \"ab\\q\", 3"},
		{CALL_WRITE, "4, \"012345678901234567890123456789012\", 33"},
		{CALL_WRITE, "4, \"\xc3\xa4\", 2"},
		{CALL_READ, "4, ..., 99999999999"},
		{CALL_READ, "4, ..., -1"},
		{CALL_SEND, "4, \"a\", 1, MSG_MORE"},
		{CALL_SEND, "4, \"a\", 1, MSG_OOB|"},
		{CALL_SOCKET, "AF_INET6, SOCK_STREAM, 0"},
		{CALL_SETSOCKOPT, "3, SOL_SOCKET, SO_LINGERX, [1], 4"},
		{CALL_SETSOCKOPT, "3, SOL_SOCKET, SO_LINGER, [1], 400"},
		{CALL_SIGACTION, "SIGFOO, {sa_handler=SIG_IGN, sa_mask=[], sa_flags=0}, NULL"},
		{CALL_SIGACTION, "SIGPIPE, {sa_handler=system, sa_mask=[], sa_flags=0}, NULL"},
		{CALL_SHUTDOWN, "4, SHUT_RDX"},
		{CALL_FORK, "x"},
		{CALL_PIPE, "[100, 101]"},
	};
	char *text;

	(void)unused;
	for (size_t i = 0; i < COUNT(bad); i++)
		call(SIDE_CLIENT, bad[i].call, bad[i].args, 0, 0);
	text = written(NULL);
	assert_has(text, "25 calls could not be understood and became comments.");
	assert_null(strstr(text, "\tCALL("));
	assert_compiles(text);
	free(text);
}

/* ------------------------------------------------------------------- random */
static uint32_t seed;

static unsigned chance(unsigned most)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % most;
}

static void random_args(char *out, size_t size, const char *from)
{
	static const char *const bits[] = {"*/", "\"", "\\", "?\?/", "\n",  ");", ", ",	  "4096",
					   "-1", "{",  "}",  "[",    "...", "0x", "%s%n", "\xff"};
	size_t len;

	snprintf(out, size, "%s", from);
	if (chance(3))
		return;
	len = strlen(out);
	switch (chance(3)) {
	case 0:
		out[len ? chance((unsigned)len) : 0] = (char)chance(256);
		break;
	case 1:
		out[chance((unsigned)len + 1)] = '\0';
		break;
	default:
		len = chance((unsigned)len + 1);
		snprintf(out + len, size - len, "%s%.*s", bits[chance(COUNT(bits))], 60,
			 from + len);
		break;
	}
}

static void random_event(void)
{
	static const char *const commands[] = {"server kill KILL",
					       "client stop",
					       "client interrupt",
					       "wait 1s",
					       "reset",
					       "wire hold */",
					       "sysctl tcp_fin_timeout 1",
					       "?\?/\n*/\"",
					       "client write \"abc\"",
					       "link wire"};
	struct event event = {.side = (enum side)chance(SIDE_COUNT)};
	char args[256];
	unsigned which = chance(COUNT(lines));

	switch (chance(8)) {
	case 0:
		command(event.side, commands[chance(COUNT(commands))]);
		return;
	case 1:
		process(event.side, (enum process_change)chance(PROCESS_COUNT),
			(int)chance(80) - 5);
		return;
	case 2:
		event.kind = EVENT_LINK;
		event.note.wire.on = chance(2);
		add(&event);
		return;
	case 3:
		event.kind = EVENT_SEGMENT;
		now += chance(3) * NS_PER_S;
		add(&event);
		return;
	default:
		random_args(args, sizeof(args), lines[which].args);
		event = call_event(event.side, lines[which].call, args, (int64_t)chance(9) - 1, 0);
		event.call.err = event.call.ret < 0 ? (int)chance(140) : 0;
		event.call.pid += (pid_t)chance(20) / 19;
		event.kind = chance(4) ? EVENT_CALL : EVENT_BLOCKED;
		event.call.killed = !chance(9);
		event.call.was_blocked = !chance(3);
		event.call.us = chance(1000000);
		add(&event);
	}
}

static void test_random(void **unused)
{
	(void)unused;
	for (seed = 1; seed < 400000000;) {
		uint32_t began = seed;
		char *text;

		journal_free(journal);
		journal = journal_new(0);
		for (unsigned i = 2 + chance(150); i; i--)
			random_event();
		text = written("random");
		assert_known_calls(text);
		if (!compiles("cc", text)) {
			fputs(text, stderr);
			fail_msg("seed %u", began);
		}
		free(text);
		seed = began + 20000000;
	}
}

/* A fork that made no child there, or one too many, would make one here: a second caller. */
static void test_forks(void **unused)
{
	char *text;

	(void)unused;
	pair();
	call(SIDE_SERVER, CALL_FORK, "", -1, EAGAIN);
	call(SIDE_SERVER, CALL_FORK, "", 0, 0);
	for (int i = 0; i < 100; i++)
		call(SIDE_SERVER, CALL_FORK, "", 100 + i, 0);
	text = written(NULL);
	assert_has(text, "/* not understood, left out: fork() */");
	assert_has(text, "fork_to(CHILD_57, child_57));");
	assert_null(strstr(text, ", fork())"));
	assert_true(compiles("cc", text));
	free(text);
}

/* However long the session was. */
static void test_bounds(void **unused)
{
	struct event write = call_event(SIDE_CLIENT, CALL_WRITE, "3, \"a\", 1", 1, 0);
	char *text;

	(void)unused;
	pair();
	for (int i = 0; i < 100000; i++)
		add(&write);
	text = written(NULL);
	assert_has(text, "more calls of the session were left out");
	assert_null(strstr(text, "\t[2002] ="));
	assert_true(strlen(text) < 500000);
	assert_true(compiles("cc", text));
	free(text);
	/* Nor what becomes a comment. */
	for (int strange = 0; strange < 2; strange++) {
		journal_free(journal);
		journal = journal_new(0);
		pair();
		for (int i = 0; i < 10000; i++) {
			if (strange)
				call(SIDE_CLIENT, CALL_WRITE, "3, what", 1, 0);
			else
				command(SIDE_NONE, "wire hold client");
		}
		text = written(NULL);
		assert_true(strlen(text) < 500000);
		assert_has(text,
			   strange ? "left out: write(3, what)" : "the lab: wire hold client");
		free(text);
	}
}

static void test_empty(void **unused)
{
	char *text = written(NULL);

	(void)unused;
	assert_compiles(text);
	free(text);
}

/* The journal has let go of its oldest events. */
static void test_middle(void **unused)
{
	struct event write = call_event(SIDE_CLIENT, CALL_WRITE, "3, \"a\", 1", 1, 0);
	char *text;

	(void)unused;
	journal_free(journal);
	journal = journal_new(1);
	pair();
	for (int i = 0; i < 20000; i++)
		add(&write);
	assert_true(journal_first(journal) > 1);
	text = written(NULL);
	assert_has(text, "The session's beginning was not kept");
	assert_has(text, ".how = OPEN}");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_calls, setup, teardown),
		cmocka_unit_test_setup_teardown(test_processes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_told_before, setup, teardown),
		cmocka_unit_test_setup_teardown(test_waiting, setup, teardown),
		cmocka_unit_test_setup_teardown(test_drained, setup, teardown),
		cmocka_unit_test_setup_teardown(test_open, setup, teardown),
		cmocka_unit_test_setup_teardown(test_ports, setup, teardown),
		cmocka_unit_test_setup_teardown(test_long_data, setup, teardown),
		cmocka_unit_test_setup_teardown(test_escapes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_lines, setup, teardown),
		cmocka_unit_test_setup_teardown(test_not_understood, setup, teardown),
		cmocka_unit_test_setup_teardown(test_random, setup, teardown),
		cmocka_unit_test_setup_teardown(test_forks, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bounds, setup, teardown),
		cmocka_unit_test_setup_teardown(test_empty, setup, teardown),
		cmocka_unit_test_setup_teardown(test_middle, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
