/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_program.c - a journal as a C program: what is written for each event. */
#include "record.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_calls(void **unused)
{
	struct event read = record_event(SIDE_CLIENT, CALL_READ, "3, ..., 4096", 0, 0);
	char *text;

	(void)unused;
	record_pair();
	record_command(SIDE_CLIENT, "client set linger 0");
	record_call(SIDE_CLIENT, CALL_SETSOCKOPT,
		    "3, SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=0}, 8", 0, 0);
	record_command(SIDE_SERVER, "server write \"123\"");
	record_call(SIDE_SERVER, CALL_WRITE, "4, \"123\", 3", 3, 0);
	record_command(SIDE_CLIENT, "client recv dontwait");
	record_call(SIDE_CLIENT, CALL_RECV, "3, \"123\", 4096, MSG_DONTWAIT", 3, 0);
	record_command(SIDE_CLIENT, "client read");
	read.kind = EVENT_BLOCKED;
	record_add(&read);
	record_command(SIDE_SERVER, "server send \"A\" nosignal");
	record_call(SIDE_SERVER, CALL_SEND, "4, \"A\", 1, MSG_DONTWAIT|MSG_NOSIGNAL", -1, EPIPE);
	record_command(SIDE_CLIENT, "client interrupt");
	read.kind = EVENT_CALL;
	read.call.ret = -1;
	read.call.err = EINTR;
	read.call.was_blocked = true;
	record_add(&read);
	record_command(SIDE_SERVER, "server get error");
	record_call(SIDE_SERVER, CALL_GETSOCKOPT, "4, SOL_SOCKET, SO_ERROR, [EPIPE], [4]", 0, 0);
	record_command(SIDE_SERVER, "server poll in rdhup 1s");
	record_call(SIDE_SERVER, CALL_POLL,
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
	struct event write = record_event(SIDE_SERVER, CALL_WRITE, "4, \"A\", 1", 0, 0);
	char *text;

	(void)unused;
	record_pair();
	record_command(SIDE_SERVER, "server fork");
	record_call(SIDE_SERVER, CALL_FORK, "", record_pid(SIDE_CHILD), 0);
	record_process(SIDE_CHILD, PROCESS_STARTED, 0);
	record_command(SIDE_CHILD, "child exit 3");
	record_process(SIDE_CHILD, PROCESS_EXITED, 3);
	record_command(SIDE_SERVER, "server write \"A\"");
	write.call.killed = true;
	record_add(&write);
	record_process(SIDE_SERVER, PROCESS_KILLED, SIGPIPE);
	record_command(SIDE_CLIENT, "client kill INT");
	record_process(SIDE_CLIENT, PROCESS_KILLED, SIGINT);
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
	struct event read = record_event(SIDE_CLIENT, CALL_READ, "3, ..., 4096", 0, 0);
	char *text;

	(void)unused;
	record_pair();
	record_command(SIDE_CLIENT, "client read");
	read.kind = EVENT_BLOCKED;
	record_add(&read);
	record_command(SIDE_NONE, "reset");
	read.kind = EVENT_CALL;
	read.call.was_blocked = true;
	record_add(&read);
	record_process(SIDE_SERVER, PROCESS_KILLED, SIGKILL);
	record_process(SIDE_CLIENT, PROCESS_KILLED, SIGKILL);
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
	struct event read = record_event(SIDE_CLIENT, CALL_READ, "3, ..., 4096", 0, 0);
	char *text;

	(void)unused;
	record_pair();
	record_command(SIDE_CLIENT, "client interrupt");
	record_command(SIDE_NONE, "wait 10s");
	record_now += 41 * NS_PER_MS;
	record_command(SIDE_CLIENT, "client read");
	read.kind = EVENT_BLOCKED;
	record_add(&read);
	record_process(SIDE_CLIENT, PROCESS_EXITED, 0);
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
	struct event drain = record_event(SIDE_CLIENT, CALL_DRAIN, "3, to the end", 0, 0);
	char *text;

	(void)unused;
	record_pair();
	drain.kind = EVENT_BLOCKED;
	record_add(&drain);
	drain.kind = EVENT_CALL;
	drain.call.args = "3: 2 reads, 5 bytes";
	drain.call.ret = 5;
	drain.call.was_blocked = true;
	drain.call.us = 5000000;
	record_process(SIDE_CHILD, PROCESS_STARTED, 0);
	record_command(SIDE_SERVER, "server write \"abcde\"");
	record_add(&drain);
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
	record_add(&link);
	record_pair();
	record_call(SIDE_CLIENT, CALL_WRITE, "3, \"abcdefghijklmnopqrstuvwxyzabcdef\"..., 1000000",
		    5000, 0);
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
		record_call(SIDE_CLIENT, CALL_CONNECT, args, 0, 0);
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
	record_pair();
	record_command(SIDE_CLIENT, "client write \"0123456789012345678901234567890123456789\"");
	record_call(SIDE_CLIENT, CALL_WRITE, "3, \"01234567890123456789012345678901\"..., 40", 40,
		    0);
	record_command(SIDE_CLIENT, "client write 64k");
	record_call(SIDE_CLIENT, CALL_WRITE, "3, \"abcdefghijklmnopqrstuvwxyzabcdef\"..., 65536",
		    4000, 0);
	record_command(SIDE_SERVER, "server drain 1k");
	record_call(SIDE_SERVER, CALL_DRAIN, "4: 1 read, 1024 bytes", 1024, 0);
	text = written(NULL);
	assert_has(text, "write(3, \"0123456789012345678901234567890123456789\", 40)");
	assert_has(text, "write(3, text(65536), 65536)");
	assert_has(text, ".ret = 4000, .how = SOME}");
	assert_has(text, "drain(4, 1024)");
	assert_compiles(text);
	free(text);
}

/* A fork that made no child there, or one too many, would make one here: a second caller. */
static void test_forks(void **unused)
{
	char *text;

	(void)unused;
	record_pair();
	record_call(SIDE_SERVER, CALL_FORK, "", -1, EAGAIN);
	record_call(SIDE_SERVER, CALL_FORK, "", 0, 0);
	for (int i = 0; i < 100; i++)
		record_call(SIDE_SERVER, CALL_FORK, "", 100 + i, 0);
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
	struct event write = record_event(SIDE_CLIENT, CALL_WRITE, "3, \"a\", 1", 1, 0);
	char *text;

	(void)unused;
	record_pair();
	for (int i = 0; i < 100000; i++)
		record_add(&write);
	text = written(NULL);
	assert_has(text, "more calls of the session were left out");
	assert_null(strstr(text, "\t[2002] ="));
	assert_true(strlen(text) < 500000);
	assert_true(compiles("cc", text));
	free(text);
	/* Nor what becomes a comment. */
	for (int strange = 0; strange < 2; strange++) {
		journal_free(record_journal);
		record_journal = journal_new(0);
		record_pair();
		for (int i = 0; i < 10000; i++) {
			if (strange)
				record_call(SIDE_CLIENT, CALL_WRITE, "3, what", 1, 0);
			else
				record_command(SIDE_NONE, "wire hold client");
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
	struct event write = record_event(SIDE_CLIENT, CALL_WRITE, "3, \"a\", 1", 1, 0);
	char *text;

	(void)unused;
	journal_free(record_journal);
	record_journal = journal_new(1);
	record_pair();
	for (int i = 0; i < 20000; i++)
		record_add(&write);
	assert_true(journal_first(record_journal) > 1);
	text = written(NULL);
	assert_has(text, "The session's beginning was not kept");
	assert_has(text, ".how = OPEN}");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RECORD_TEST(test_calls),       RECORD_TEST(test_processes),
		RECORD_TEST(test_told_before), RECORD_TEST(test_waiting),
		RECORD_TEST(test_drained),     RECORD_TEST(test_open),
		RECORD_TEST(test_ports),       RECORD_TEST(test_long_data),
		RECORD_TEST(test_forks),       RECORD_TEST(test_bounds),
		RECORD_TEST(test_empty),       RECORD_TEST(test_middle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
