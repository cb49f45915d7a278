/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_format.c - the line of every kind of event, with and without UTF-8, and hostile bytes. */
#include "lab.h"
#include "text.h"

#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_line(const struct event *event, const char *utf8, const char *ascii)
{
	char line[256];

	assert_string_equal(event_format(event, true, line, sizeof(line)), utf8);
	assert_string_equal(event_format(event, false, line, sizeof(line)), ascii ? ascii : utf8);
}

static void test_calls(void **unused)
{
	struct event event = {.kind = EVENT_CALL, .side = SIDE_SERVER};

	(void)unused;
	event.call.call = CALL_WRITE;
	event.call.args = "4, \"123\", 3";
	event.call.ret = 3;
	assert_line(&event, "server  write(4, \"123\", 3) = 3", NULL);
	event.call.args = "4, \"A\", 1";
	event.call.ret = -1;
	event.call.err = EPIPE;
	assert_line(&event, "server  write(4, \"A\", 1) = -1 EPIPE (Broken pipe)", NULL);
	event.call.err = 0;
	event.call.killed = true;
	assert_line(&event, "server  write(4, \"A\", 1) = ?", NULL);
	event.call.killed = false;
	event.call.call = CALL_READ;
	event.call.args = "4, \"\", 4096";
	event.call.ret = 0;
	event.call.was_blocked = true;
	event.call.us = 62000;
	assert_line(&event, "server  read(4, \"\", 4096) = 0   after 62 ms", NULL);
	event.call.us = 12345678;
	assert_line(&event, "server  read(4, \"\", 4096) = 0   after 12.3 s", NULL);
	event.kind = EVENT_BLOCKED;
	event.call.args = "4, ..., 4096";
	event.side = SIDE_CHILD;
	assert_line(&event, "child   read(4, ..., 4096)   blocked", NULL);
}

static void test_segments(void **unused)
{
	struct event event = {.kind = EVENT_SEGMENT, .side = SIDE_SERVER};

	(void)unused;
	event.segment.to = SIDE_CLIENT;
	event.segment.flags = TH_P | TH_A;
	event.segment.seq = 1;
	event.segment.ack = 2;
	event.segment.len = 3;
	event.segment.win = 512;
	event.segment.sent = 1;
	assert_line(&event, "        ◀── P. 1:4 ack 2 len 3", "        <-- P. 1:4 ack 2 len 3");
	event.side = SIDE_CHILD;
	assert_line(&event, "        ◀── P. 1:4 ack 2 len 3", "        <-- P. 1:4 ack 2 len 3");
	event.segment.sent = 4;
	event.segment.fate = FATE_HELD;
	assert_line(&event, "        ◀── P. 1:4 ack 2 len 3  held, sent 4 times",
		    "        <-- P. 1:4 ack 2 len 3  held, sent 4 times");
	event.segment.fate = FATE_CUT;
	event.segment.sent = 1;
	assert_line(&event, "        ✗── P. 1:4 ack 2 len 3  cut",
		    "        x-- P. 1:4 ack 2 len 3  cut");
	event.segment.fate = FATE_DELIVERED;
	event.side = SIDE_CLIENT;
	event.segment.len = 0;
	event.segment.flags = TH_R;
	event.segment.seq = 2;
	event.segment.win = 0;
	assert_line(&event, "        ──▶ R 2", "        --> R 2");
	event.segment.flags = TH_A;
	assert_line(&event, "        ──▶ . ack 2 win 0", "        --> . ack 2 win 0");
	event.segment.win = 1;
	event.segment.flags = TH_S;
	event.segment.seq = 0;
	assert_line(&event, "        ──▶ S 0", "        --> S 0");
	event.segment.flags = TH_F | TH_A;
	event.segment.seq = 1;
	event.segment.ack = 1;
	assert_line(&event, "        ──▶ F. 1 ack 1", "        --> F. 1 ack 1");
}

static void test_states(void **unused)
{
	struct event event = {.kind = EVENT_STATE, .side = SIDE_SERVER};

	(void)unused;
	event.state.old = STATE_CLOSE_WAIT;
	event.state.new = STATE_CLOSE;
	assert_line(&event, "server  CLOSE_WAIT → CLOSE", "server  CLOSE_WAIT -> CLOSE");
	event.state.inferred = true;
	event.state.old = STATE_NONE;
	assert_line(&event, "server  → CLOSE (inferred)", "server  -> CLOSE (inferred)");
}

static void test_processes(void **unused)
{
	struct event event = {.kind = EVENT_PROCESS, .side = SIDE_SERVER};

	(void)unused;
	event.process.pid = 4243;
	assert_line(&event, "server  pid 4243 started", NULL);
	event.process.what = PROCESS_KILLED;
	event.process.status = SIGPIPE;
	assert_line(&event, "server  pid 4243 killed by SIGPIPE", NULL);
	event.process.what = PROCESS_CAUGHT;
	assert_line(&event, "server  pid 4243 caught SIGPIPE", NULL);
	event.process.what = PROCESS_EXITED;
	event.process.status = 1;
	assert_line(&event, "server  pid 4243 exited with status 1", NULL);
}

static void test_expectations(void **unused)
{
	struct event event = {.kind = EVENT_EXPECT, .side = SIDE_NONE};

	(void)unused;
	event.expect.text = "client gone";
	event.expect.held = 1;
	assert_line(&event, "✔ expect client gone", "+ expect client gone");
	event.expect.text = "expect client gone within 3s";
	assert_line(&event, "✔ expect client gone within 3s", "+ expect client gone within 3s");
	event.expect.held = 0;
	event.expect.saw = "TIME_WAIT";
	assert_line(&event, "✘ expect client gone within 3s: saw TIME_WAIT",
		    "x expect client gone within 3s: saw TIME_WAIT");
	event.expect.held = -1;
	event.expect.saw = "no capture";
	assert_line(&event, "– expect client gone within 3s: unavailable (no capture)",
		    "- expect client gone within 3s: unavailable (no capture)");
	event.expect.saw = NULL;
	assert_line(&event, "– expect client gone within 3s: unavailable",
		    "- expect client gone within 3s: unavailable");
}

static void test_notes(void **unused)
{
	struct snapshot snapshot = {.state = STATE_CLOSE_WAIT,
				    .queues_known = true,
				    .recvq = 1,
				    .poll_known = true,
				    .poll = POLLIN | POLLOUT};
	struct event event = {.kind = EVENT_COMMAND, .side = SIDE_NONE};

	(void)unused;
	event.command.text = "server close";
	assert_line(&event, "> server close", NULL);
	event.kind = EVENT_LINK;
	event.note.text = "cut";
	assert_line(&event, "link    cut", NULL);
	event.kind = EVENT_HOST;
	event.side = SIDE_SERVER;
	event.note.text = "crash";
	assert_line(&event, "server  crash", NULL);
	event.kind = EVENT_ICMP;
	event.icmp.to = SIDE_CLIENT;
	event.icmp.type = "host-unreachable";
	assert_line(&event, "        ◀── ICMP host-unreachable",
		    "        <-- ICMP host-unreachable");
	event.kind = EVENT_SNAPSHOT;
	event.snapshot = &snapshot;
	assert_line(&event, "server  CLOSE_WAIT  Recv-Q 1 Send-Q 0  IN OUT", NULL);
}

/* Nothing but whole printable characters comes out, however short the room. */
static void test_hostile_bytes(void **unused)
{
	char text[128], line[96];
	unsigned seed = 1;

	(void)unused;
	for (int round = 0; round < 20000; round++) {
		struct event event = {.kind = EVENT_CALL, .side = SIDE_CLIENT};
		size_t len = (size_t)(rand_r(&seed) % 120), size = (size_t)(rand_r(&seed) % 90) + 1;
		bool utf8 = round % 2;

		for (size_t i = 0; i < len; i++)
			text[i] = (char)(round % 3 ? rand_r(&seed) % 255 + 1 : "é漢\x1b"[i % 6]);
		text[len] = '\0';
		event.call.args = text;
		event_format(&event, utf8, line, size);
		len = strlen(line);
		assert_true(len < size);
		for (size_t i = 0, n; i < len; i += n) {
			n = text_utf8((unsigned char *)line + i, len - i);
			assert_true(n == 1 || (n && utf8));
		}
	}
}

static void test_shorten(void **state)
{
	static const char *const cases[][2] = {
		{"bind(3, {sa_family=AF_INET, sin_port=htons(7001), "
		 "sin_addr=inet_addr(\"127.0.0.1\")}, 16) = 0",
		 "bind(3, 127.0.0.1:7001, 16) = 0"},
		{"write(3, \"{sa_family=AF_INET, sin_port=htons(\", 35) = 35",
		 "write(3, \"{sa_family=AF_INET, sin_port=htons(\", 35) = 35"},
		{"{sa_family=AF_INET, sin_port=htons(x), sin_addr=inet_addr(\"1\")}",
		 "{sa_family=AF_INET, sin_port=htons(x), sin_addr=inet_addr(\"1\")}"},
		{"{sa_family=AF_INET, sin_port=htons(1), sin_addr=inet_addr(\"1\")}", "1:1"},
		{"", ""},
	};
	char text[160];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(text, sizeof(text), "%s", cases[i][0]);
		assert_string_equal(event_shorten(text), cases[i][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_calls),	      cmocka_unit_test(test_segments),
		cmocka_unit_test(test_states),	      cmocka_unit_test(test_processes),
		cmocka_unit_test(test_expectations),  cmocka_unit_test(test_notes),
		cmocka_unit_test(test_hostile_bytes), cmocka_unit_test(test_shorten),
	};

	return cmocka_run_group_tests_name("format", tests, NULL, NULL);
}
