/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_json.c - the fields of every kind of event, their nulls, and hostile bytes. */
#include "lab.h"

#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

static void assert_json(const struct event *event, const char *expected)
{
	char *json = event_json(event);

	assert_string_equal(json, expected);
	free(json);
}

static struct event event_new(enum event_kind kind, enum side side)
{
	return (struct event){.n = 7, .t = 1000015000, .kind = kind, .side = side, .conn = 1};
}

static void test_command(void **unused)
{
	struct event event = event_new(EVENT_COMMAND, SIDE_NONE);

	(void)unused;
	event.command.text = "server write \"123\"";
	event.command.line = 4;
	event.command.acts = true;
	assert_json(&event, "{\"n\":7,\"t\":1.000015000,\"kind\":\"command\","
			    "\"text\":\"server write \\\"123\\\"\",\"line\":4}");
	event.command.line = 0;
	event.command.acts = false;
	assert_json(&event, "{\"n\":7,\"t\":1.000015000,\"kind\":\"command\","
			    "\"text\":\"server write \\\"123\\\"\",\"line\":null,\"acts\":false}");
}

static void test_call(void **unused)
{
	struct event event = event_new(EVENT_CALL, SIDE_SERVER);

	(void)unused;
	event.call.call = CALL_WRITE;
	event.call.pid = 42;
	event.call.args = "4, \"A\", 1";
	event.call.ret = -1;
	event.call.err = EPIPE;
	event.call.us = 12;
	assert_json(&event, "{\"n\":7,\"t\":1.000015000,\"kind\":\"call\",\"side\":\"server\","
			    "\"conn\":1,\"pid\":42,\"call\":\"write\",\"args\":\"4, \\\"A\\\", 1\","
			    "\"ret\":-1,\"errno\":\"EPIPE\",\"us\":12}");
	event.conn = 0;
	event.call.err = 0;
	event.call.killed = true;
	assert_json(&event, "{\"n\":7,\"t\":1.000015000,\"kind\":\"call\",\"side\":\"server\","
			    "\"conn\":null,\"pid\":42,\"call\":\"write\","
			    "\"args\":\"4, \\\"A\\\", 1\",\"ret\":null,\"errno\":null,\"us\":12}");
}

static void test_data(void **unused)
{
	struct event event = event_new(EVENT_CALL, SIDE_CLIENT);

	(void)unused;
	event.call.call = CALL_READ;
	event.call.args = "3, 4096";
	event.call.ret = 5;
	event.call.data = "a\n\"\0\xff";
	event.call.len = 5;
	assert_json(&event,
		    "{\"n\":7,\"t\":1.000015000,\"kind\":\"call\",\"side\":\"client\",\"conn\":1,"
		    "\"pid\":0,\"call\":\"read\",\"args\":\"3, 4096\",\"ret\":5,\"errno\":null,"
		    "\"us\":0,\"data\":\"a\\\\n\\\\\\\"\\\\000\\\\377\"}");
}

static void test_blocked(void **unused)
{
	struct event event = event_new(EVENT_BLOCKED, SIDE_CHILD);

	(void)unused;
	event.call.call = CALL_READ;
	event.call.pid = 9;
	event.call.args = "4";
	assert_json(&event, "{\"n\":7,\"t\":1.000015000,\"kind\":\"blocked\",\"side\":\"child\","
			    "\"conn\":1,\"pid\":9,\"call\":\"read\",\"args\":\"4\"}");
}

static void test_segment(void **unused)
{
	struct event event = event_new(EVENT_SEGMENT, SIDE_SERVER);

	(void)unused;
	event.segment.id = 6;
	event.segment.to = SIDE_CLIENT;
	event.segment.flags = TH_P | TH_A;
	event.segment.seq = 1;
	event.segment.ack = 2;
	event.segment.len = 3;
	event.segment.win = 512;
	event.segment.sent = 1;
	assert_json(&event,
		    "{\"n\":7,\"t\":1.000015000,\"kind\":\"segment\",\"id\":6,\"conn\":1,"
		    "\"from\":\"server\",\"to\":\"client\",\"flags\":\"P.\",\"seq\":1,\"ack\":2,"
		    "\"len\":3,\"win\":512,\"fate\":\"delivered\",\"sent\":1}");
}

static void test_small_kinds(void **unused)
{
	struct event event = event_new(EVENT_ICMP, SIDE_NONE);

	(void)unused;
	event.icmp.to = SIDE_CLIENT;
	event.icmp.type = "host-unreachable";
	assert_json(&event, "{\"n\":7,\"t\":1.000015000,\"kind\":\"icmp\",\"from\":\"router\","
			    "\"to\":\"client\",\"type\":\"host-unreachable\",\"conn\":1}");
	event = event_new(EVENT_STATE, SIDE_SERVER);
	event.state.old = STATE_CLOSE_WAIT;
	event.state.new = STATE_CLOSE;
	event.state.inferred = true;
	assert_json(&event, "{\"n\":7,\"t\":1.000015000,\"kind\":\"state\",\"side\":\"server\","
			    "\"conn\":1,\"old\":\"CLOSE_WAIT\",\"new\":\"CLOSE\","
			    "\"inferred\":true}");
	event = event_new(EVENT_LINK, SIDE_NONE);
	event.note.text = "cut";
	assert_json(&event, "{\"n\":7,\"t\":1.000015000,\"kind\":\"link\",\"text\":\"cut\"}");
	event = event_new(EVENT_HOST, SIDE_SERVER);
	event.note.text = "crash";
	assert_json(&event, "{\"n\":7,\"t\":1.000015000,\"kind\":\"host\",\"text\":\"crash\","
			    "\"side\":\"server\"}");
}

static void test_process(void **unused)
{
	struct event event = event_new(EVENT_PROCESS, SIDE_SERVER);

	(void)unused;
	event.process.pid = 42;
	event.process.what = PROCESS_STARTED;
	assert_json(&event, "{\"n\":7,\"t\":1.000015000,\"kind\":\"process\",\"side\":\"server\","
			    "\"pid\":42,\"what\":\"started\"}");
	event.process.what = PROCESS_KILLED;
	event.process.status = SIGPIPE;
	assert_json(&event, "{\"n\":7,\"t\":1.000015000,\"kind\":\"process\",\"side\":\"server\","
			    "\"pid\":42,\"what\":\"killed\",\"signal\":\"SIGPIPE\"}");
	event.process.what = PROCESS_EXITED;
	event.process.status = 3;
	assert_json(&event, "{\"n\":7,\"t\":1.000015000,\"kind\":\"process\",\"side\":\"server\","
			    "\"pid\":42,\"what\":\"exited\",\"status\":3}");
}

static void test_expect(void **unused)
{
	static const char *const held[] = {"null", "false", "true"};

	(void)unused;
	for (int i = 0; i < 3; i++) {
		struct event event = event_new(EVENT_EXPECT, SIDE_NONE);
		char expected[200];

		event.expect.text = "client gone";
		event.expect.line = 3;
		event.expect.held = i - 1;
		event.expect.saw = i == 2 ? NULL : "CLOSE";
		snprintf(expected, sizeof(expected),
			 "{\"n\":7,\"t\":1.000015000,\"kind\":\"expect\","
			 "\"text\":\"client gone\",\"line\":3,\"held\":%s,\"saw\":%s}",
			 held[i], i == 2 ? "null" : "\"CLOSE\"");
		assert_json(&event, expected);
	}
}

/* Nothing known: no field is missing, and none tells a zero that was not seen. */
static void test_snapshot_empty(void **unused)
{
	struct snapshot snapshot = {.last_fd = -1};
	struct event event = event_new(EVENT_SNAPSHOT, SIDE_CLIENT);

	(void)unused;
	event.conn = 0;
	event.snapshot = &snapshot;
	assert_json(&event,
		    "{\"n\":7,\"t\":1.000015000,\"kind\":\"snapshot\",\"side\":\"client\","
		    "\"conn\":null,\"state\":null,\"gone\":false,\"recvq\":null,\"sendq\":null,"
		    "\"timer\":null,\"tcp_info\":null,\"skmem\":null,\"poll\":null,\"fds\":[],"
		    "\"options\":null,\"signals\":{\"SIGPIPE\":\"default\"}}");
}

static void test_snapshot_full(void **unused)
{
	static const char *const fields[] = {"\"state\":\"FIN_WAIT2\"",
					     "\"gone\":false",
					     "\"recvq\":1,\"sendq\":2",
					     "\"timer\":{\"kind\":\"timewait\",\"ms\":59000,"
					     "\"retransmits\":4}",
					     "\"rto\":204000",
					     "\"max_pacing_rate\":1.84467440737096e19",
					     "\"snd_wscale\":7,\"rcv_wscale\":10",
					     "\"skmem\":{\"rmem_alloc\":1,\"rcvbuf\":2,"
					     "\"wmem_alloc\":3,\"sndbuf\":4,\"fwd_alloc\":5,"
					     "\"wmem_queued\":6,\"optmem\":7,\"backlog\":8,"
					     "\"drops\":9}",
					     "\"poll\":[\"IN\",\"OUT\",\"RDHUP\"]",
					     "\"fds\":[{\"fd\":4,\"channel\":\"tcp\","
					     "\"state\":\"CLOSE\",\"conn\":1},{\"fd\":3,"
					     "\"channel\":\"listener\",\"state\":\"LISTEN\","
					     "\"conn\":null}]",
					     "\"SO_LINGER\":{\"l_onoff\":true,\"l_linger\":0}",
					     "\"SO_RCVTIMEO\":1.5,\"SO_SNDTIMEO\":0.0",
					     "\"TCP_USER_TIMEOUT\":1500",
					     "\"signals\":{\"SIGPIPE\":\"ignore\","
					     "\"SIGTERM\":\"catch restart\"}"};
	struct snapshot snapshot = {
		.channel = CHANNEL_TCP,
		.state = STATE_FIN_WAIT2,
		.observed = true,
		.queues_known = true,
		.recvq = 1,
		.sendq = 2,
		.timer = TIMER_TIMEWAIT,
		.timer_ns = 59 * NS_PER_S,
		.retransmits = 4,
		.info_len = SNAPSHOT_INFO,
		.skmem_known = true,
		.skmem = {1, 2, 3, 4, 5, 6, 7, 8, 9},
		.poll_known = true,
		.poll = POLLIN | POLLOUT | POLLRDHUP,
		.nfds = 2,
		.fds = {{4, CHANNEL_TCP, STATE_CLOSE, 1}, {3, CHANNEL_LISTENER, STATE_LISTEN, 0}},
		.options = {.known = true,
			    .linger_on = true,
			    .rcvtimeo = 1500 * NS_PER_MS,
			    .user_timeout = 1500 * NS_PER_MS},
	};
	struct event event = event_new(EVENT_SNAPSHOT, SIDE_SERVER);
	uint32_t rto = 204000;
	uint64_t none = ~0ULL;
	json_t *parsed;
	char *json;

	(void)unused;
	memcpy(snapshot.info + info_field_find("rto")->offset, &rto, sizeof(rto));
	memcpy(snapshot.info + info_field_find("max_pacing_rate")->offset, &none, sizeof(none));
	snapshot.info[info_field_find("snd_wscale")->offset] = 7 | 10 << 4;
	snapshot.signals[SIGPIPE] = DISP_IGNORE;
	snapshot.signals[SIGTERM] = DISP_CATCH_RESTART;
	event.snapshot = &snapshot;
	json = event_json(&event);
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (!strstr(json, fields[i]))
			fail_msg("no %s in %s", fields[i], json);
	parsed = json_loads(json, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(parsed);
	json_decref(parsed);
	free(json);

	/* An older kernel reports less: a field it lacks is not there, rather than zero. */
	snapshot.info_len = 104;
	json = event_json(&event);
	assert_non_null(strstr(json, "\"rto\":204000"));
	assert_null(strstr(json, "max_pacing_rate"));
	free(json);
}

/* Any bytes in any text: one line of valid JSON, and the text comes back but for what is no UTF-8.
 */
static void test_hostile_text(void **unused)
{
	char text[256];
	unsigned seed = 1;

	(void)unused;
	for (int round = 0; round < 2000; round++) {
		struct event event = event_new(EVENT_EXPECT, SIDE_NONE);
		size_t len = (size_t)(rand_r(&seed) % 200);
		json_t *parsed;
		char *json;

		for (size_t i = 0; i < len; i++)
			text[i] = (char)(rand_r(&seed) % 255 + 1);
		text[len] = '\0';
		event.expect.text = event.expect.saw = text;
		json = event_json(&event);
		assert_null(strpbrk(json, "\n\r\x1b"));
		parsed = json_loads(json, 0, NULL);
		assert_non_null(parsed);
		assert_true(json_is_string(json_object_get(parsed, "saw")));
		json_decref(parsed);
		event = event_new(EVENT_CALL, SIDE_CLIENT);
		event.call.args = text;
		event.call.data = text;
		event.call.len = len;
		free(json);
		json = event_json(&event);
		parsed = json_loads(json, 0, NULL);
		assert_non_null(parsed);
		json_decref(parsed);
		free(json);
	}
}

static void test_utf8_text(void **unused)
{
	struct event event = event_new(EVENT_LINK, SIDE_NONE);

	(void)unused;
	event.note.text = "gr\xc3\xbc\xc3\x9f \xff dich \xe2\x82";
	assert_json(&event, "{\"n\":7,\"t\":1.000015000,\"kind\":\"link\",\"text\":\"gr\xc3\xbc"
			    "\xc3\x9f \xef\xbf\xbd dich \xef\xbf\xbd\xef\xbf\xbd\"}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_command),	       cmocka_unit_test(test_call),
		cmocka_unit_test(test_data),	       cmocka_unit_test(test_blocked),
		cmocka_unit_test(test_segment),	       cmocka_unit_test(test_small_kinds),
		cmocka_unit_test(test_process),	       cmocka_unit_test(test_expect),
		cmocka_unit_test(test_snapshot_empty), cmocka_unit_test(test_snapshot_full),
		cmocka_unit_test(test_hostile_text),   cmocka_unit_test(test_utf8_text),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
