/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_program_text.c - that no text of a journal's leaves its literal or comment, and that
 * whatever a journal says, the program compiles.
 */
#include "record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

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

static void test_escapes(void **unused)
{
	char *text;

	(void)unused;
	record_pair();
	record_command(SIDE_CLIENT,
		       "client write \"a?\?/b*/ /* \\\\ \\n\" ?\?/ \xe2\x80\xae \x1b[2J");
	record_call(SIDE_CLIENT, CALL_WRITE, "3, \"a?\?/b*/\\n\\001\\0001\\377\\\"\\\\\", 14", 14,
		    0);
	record_command(SIDE_CLIENT, "client write \", .data = \"");
	record_call(SIDE_CLIENT, CALL_WRITE, "3, \", .data = \\\", .ret = \", 19", 19, 0);
	record_call(SIDE_SERVER, CALL_READ, "4, \", .data = \\\", .ret = \", 4096", 19, 0);
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

		record_call(SIDE_SERVER, lines[i].call, lines[i].args,
			    lines[i].call == CALL_FORK ? 99 : 1, 0);
		text = written(NULL);
		assert_null(strstr(text, "not understood"));
		assert_known_calls(text);
		assert_true(compiles("cc", text));
		free(text);
		journal_free(record_journal);
		record_journal = journal_new(0);
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
		record_call(SIDE_CLIENT, bad[i].call, bad[i].args, 0, 0);
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
		record_command(event.side, commands[chance(COUNT(commands))]);
		return;
	case 1:
		record_process(event.side, (enum process_change)chance(PROCESS_COUNT),
			       (int)chance(80) - 5);
		return;
	case 2:
		event.kind = EVENT_LINK;
		event.note.wire.on = chance(2);
		record_add(&event);
		return;
	case 3:
		event.kind = EVENT_SEGMENT;
		record_now += chance(3) * NS_PER_S;
		record_add(&event);
		return;
	default:
		random_args(args, sizeof(args), lines[which].args);
		event = record_event(event.side, lines[which].call, args, (int64_t)chance(9) - 1,
				     0);
		event.call.err = event.call.ret < 0 ? (int)chance(140) : 0;
		event.call.pid += (pid_t)chance(20) / 19;
		event.kind = chance(4) ? EVENT_CALL : EVENT_BLOCKED;
		event.call.killed = !chance(9);
		event.call.was_blocked = !chance(3);
		event.call.us = chance(1000000);
		record_add(&event);
	}
}

static void test_random(void **unused)
{
	(void)unused;
	for (seed = 1; seed < 400000000;) {
		uint32_t began = seed;
		char *text;

		journal_free(record_journal);
		record_journal = journal_new(0);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		RECORD_TEST(test_escapes),
		RECORD_TEST(test_lines),
		RECORD_TEST(test_not_understood),
		RECORD_TEST(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
