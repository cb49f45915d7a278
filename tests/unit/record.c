/* SPDX-License-Identifier: GPL-3.0-or-later */
/* record.c - a journal written by hand, and the program that is written of it. */
#include "record.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct journal *record_journal;
int64_t record_now;

int record_begin(void **unused)
{
	(void)unused;
	record_journal = journal_new(0);
	record_now = 0;
	return 0;
}

int record_end(void **unused)
{
	(void)unused;
	journal_free(record_journal);
	return 0;
}

pid_t record_pid(enum side side)
{
	return 4242 + (pid_t)side;
}

void record_add(struct event *event)
{
	event->t = record_now += NS_PER_MS;
	journal_append(record_journal, event);
}

void record_command(enum side side, const char *text)
{
	struct event event = {.kind = EVENT_COMMAND, .side = side};

	event.command.text = text;
	event.command.acts = true;
	record_add(&event);
}

void record_process(enum side side, enum process_change what, int status)
{
	struct event event = {.kind = EVENT_PROCESS, .side = side};

	event.process.what = what;
	event.process.pid = record_pid(side);
	event.process.status = status;
	record_add(&event);
}

struct event record_event(enum side side, enum call call, const char *args, int64_t ret, int err)
{
	struct event event = {.kind = EVENT_CALL, .side = side};

	event.call.call = call;
	event.call.pid = record_pid(side);
	event.call.args = args;
	event.call.ret = ret;
	event.call.err = err;
	return event;
}

void record_call(enum side side, enum call which, const char *args, int64_t ret, int err)
{
	struct event event = record_event(side, which, args, ret, err);

	record_add(&event);
}

void record_pair(void)
{
	record_process(SIDE_CLIENT, PROCESS_STARTED, 0);
	record_process(SIDE_SERVER, PROCESS_STARTED, 0);
	record_command(SIDE_NONE, "open");
	record_call(SIDE_SERVER, CALL_SOCKET, "AF_INET, SOCK_STREAM, 0", 3, 0);
	record_call(SIDE_SERVER, CALL_BIND, "3, " ADDRESS("7001") ", 16", 0, 0);
	record_call(SIDE_SERVER, CALL_LISTEN, "3, 128", 0, 0);
	record_call(SIDE_CLIENT, CALL_SOCKET, "AF_INET, SOCK_STREAM, 0", 3, 0);
	record_call(SIDE_CLIENT, CALL_CONNECT, "3, " ADDRESS("7001") ", 16", 0, 0);
	record_call(SIDE_SERVER, CALL_ACCEPT, "3, " ADDRESS("40000") ", [16]", 4, 0);
}

/* ----------------------------------------------------------------- programs */
char *written(const char *title)
{
	struct session_about about = {
		.epoch = 1763800000 * NS_PER_S, .title = title, .kernel = "Linux 6.*/ x86_64"};
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	program_write(record_journal, &about, out);
	assert_int_equal(fclose(out), 0);
	return text;
}

bool compiles(const char *compiler, const char *text)
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

void assert_compiles(const char *text)
{
	static const char *const compilers[] = {"cc", "clang"};

	for (size_t i = 0; i < COUNT(compilers); i++)
		if (there_is(compilers[i]) && !compiles(compilers[i], text)) {
			fputs(text, stderr);
			fail_msg("%s does not take it", compilers[i]);
		}
}

void assert_has(const char *text, const char *part)
{
	if (!strstr(text, part)) {
		fputs(text, stderr);
		fail_msg("it has no: %s", part);
	}
}
