/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_session.c - a session that is read back is the one that was: every event, field by field. */
#include "cable.h"

#include <stdio.h>

static bool text_same(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static bool bytes_same(const void *a, size_t a_len, const void *b, size_t b_len)
{
	return !a == !b && a_len == b_len && (!a || !memcmp(a, b, a_len));
}

/* All but what has no name here: a newer kernel's tcp_info, and options that are not known. */
static bool snapshot_same(const struct snapshot *a, const struct snapshot *b)
{
	const struct info_field *field;
	struct snapshot x, y;

	for (size_t i = 0; (field = info_field_at(i)); i++) {
		int64_t left = 0, right = 0;

		if (snapshot_info(a, field, &left) != snapshot_info(b, field, &right) ||
		    left != right)
			return false;
	}
	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	memset(x.info, 0, sizeof(x.info));
	memset(y.info, 0, sizeof(y.info));
	x.info_len = y.info_len = 0;
	if (!x.options.known)
		memset(&x.options, 0, sizeof(x.options));
	return !memcmp(&x, &y, sizeof(x));
}

static bool event_same(const struct event *a, const struct event *b)
{
	if (a->n != b->n || a->t != b->t || a->kind != b->kind || a->side != b->side ||
	    a->conn != b->conn)
		return false;
	switch (a->kind) {
	case EVENT_COMMAND:
		return text_same(a->command.text, b->command.text) &&
		       a->command.line == b->command.line && a->command.acts == b->command.acts;
	case EVENT_CALL:
	case EVENT_BLOCKED:
		return a->call.call == b->call.call && a->call.pid == b->call.pid &&
		       text_same(a->call.args, b->call.args) && a->call.ret == b->call.ret &&
		       a->call.err == b->call.err && a->call.killed == b->call.killed &&
		       a->call.was_blocked == b->call.was_blocked && a->call.us == b->call.us &&
		       bytes_same(a->call.data, a->call.len, b->call.data, b->call.len);
	case EVENT_SEGMENT:
		return a->segment.id == b->segment.id && a->segment.to == b->segment.to &&
		       a->segment.flags == b->segment.flags && a->segment.seq == b->segment.seq &&
		       a->segment.ack == b->segment.ack && a->segment.len == b->segment.len &&
		       a->segment.win == b->segment.win && a->segment.fate == b->segment.fate &&
		       a->segment.sent == b->segment.sent &&
		       a->segment.raw_full == b->segment.raw_full &&
		       bytes_same(a->segment.raw, a->segment.raw_len, b->segment.raw,
				  b->segment.raw_len);
	case EVENT_ICMP:
		return a->icmp.to == b->icmp.to && text_same(a->icmp.type, b->icmp.type) &&
		       bytes_same(a->icmp.raw, a->icmp.raw_len, b->icmp.raw, b->icmp.raw_len);
	case EVENT_STATE:
		return a->state.old == b->state.old && a->state.new == b->state.new &&
		       a->state.inferred == b->state.inferred;
	case EVENT_SNAPSHOT:
		return snapshot_same(a->snapshot, b->snapshot);
	case EVENT_PROCESS:
		return a->process.what == b->process.what && a->process.pid == b->process.pid &&
		       (a->process.what == PROCESS_CONTINUED ||
			a->process.status == b->process.status);
	case EVENT_LINK:
	case EVENT_HOST:
		return text_same(a->note.text, b->note.text) && a->note.change == b->note.change &&
		       !memcmp(&a->note.wire, &b->note.wire, sizeof(a->note.wire)) &&
		       a->note.raw_full == b->note.raw_full &&
		       bytes_same(a->note.raw, a->note.raw_len, b->note.raw, b->note.raw_len);
	case EVENT_EXPECT:
		return text_same(a->expect.text, b->expect.text) &&
		       a->expect.line == b->expect.line && a->expect.held == b->expect.held &&
		       text_same(a->expect.saw, b->expect.saw);
	case EVENT_NONE:
	case EVENT_KINDS:
		break;
	}
	return false;
}

static void session_check(struct play *p)
{
	const struct journal *journal = lab_journal(p->lab);
	const struct session_about about = {
		.epoch = lab_epoch(p->lab),
		.title = "A title, \"quoted\" \u7532",
	};
	char file[] = "/tmp/bothends-session-XXXXXX";
	struct session *session;
	FILE *out = fdopen(mkstemp(file), "w");
	struct err err;
	int result;

	for (uint64_t n = 1; n <= journal_last(journal); n++) {
		char *line = n == 1 ? session_json(journal_at(journal, n), &about)
				    : event_json(journal_at(journal, n));

		fprintf(out, "%s\n", line);
		free(line);
	}
	assert_int_equal(fclose(out), 0);
	result = session_read(file, &session, &err);
	unlink(file);
	if (result)
		fail_msg("line %d: %s", err.line, err.text);
	assert_false(session->cut);
	assert_string_equal(session->version, LAB_VERSION);
	assert_string_equal(session->about.title, about.title);
	assert_true(session->about.epoch == about.epoch);
	assert_true(journal_last(session->journal) == journal_last(journal));
	for (uint64_t n = 1; n <= journal_last(journal); n++) {
		const struct event *was = journal_at(journal, n);
		const struct event *is = journal_at(session->journal, n);
		char *before = event_json(was), *after = event_json(is);

		if (strcmp(before, after) != 0 || !event_same(was, is))
			fail_msg("was %s\nis  %s", before, after);
		free(before);
		free(after);
	}
	session_free(session);
}

/* Play these lines, whatever becomes of each. */
static void session_play(struct play *p, const char *text)
{
	for (const char *end; *text; text = end + 1) {
		struct err err = {0};

		end = strchr(text, '\n');
		play_line(p, text, (size_t)(end - text), &err);
	}
}

static void test_loopback(void **state)
{
	struct play *p = *state;

	session_play(p, "open\n"
			"client write \"a\\n\\\"\\377\u7532\"\n"
			"server read\n"
			"server fork\n"
			"child signal PIPE catch restart\n"
			"server close\n"
			"child set linger 0\n"
			"child set rcvtimeo 1.5s\n"
			"child set user-timeout 1500ms\n"
			"child dup\n"
			"client poll in out 10ms\n"
			"client recv peek dontwait\n"
			"child write 20k\n"
			"client read 100\n"
			"client set keepalive idle 5s interval 1s count 3\n"
			"client signal USR1 catch\n"
			"client kill USR1\n"
			"child kill\n"
			"client drain\n"
			"client write \"x\"\n"
			"client read\n"
			"expect client state LISTEN within 10ms\n");
	session_check(p);
	session_play(p, "reset\n"
			"server stop\n"
			"server cont\n"
			"server read\n"
			"server interrupt\n"
			"server read\n"
			"server kill\n"
			"client close\n"
			"reset\n"
			"open pipe\n"
			"client write 4k\n"
			"server read\n"
			"open socketpair\n"
			"server exit 3\n");
	session_check(p);
}

static void test_wire(void **state)
{
	struct play *p = cable(state);

	session_play(p, "open\n"
			"wire hold client\n"
			"client write \"abc\"\n"
			"wait until client timer on\n"
			"wire duplicate client\n"
			"wire release client all\n"
			"wire mend\n"
			"wire loss 30\n"
			"wire delay 1.0005ms\n"
			"client write 30k\n"
			"server drain 30000\n"
			"wire mend\n"
			"wire drop 1\n"
			"server write \"x\"\n"
			"wire unreachable host\n"
			"client write \"y\"\n"
			"wait 300ms\n"
			"wire unreachable off\n"
			"wire reorder\n"
			"wire cut\n"
			"client write \"z\"\n"
			"wire mend\n"
			"server crash\n"
			"client write \"w\"\n"
			"server reboot\n"
			"wait until client gone\n"
			"client read\n"
			"client poweroff 100ms\n");
	session_check(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {PLAY_TEST(test_loopback), CABLE_TEST(test_wire)};

	cmocka_set_test_filter(getenv("TEST_ONLY"));
	return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
