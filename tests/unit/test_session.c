/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_session.c - files that are no session, damaged, cut off, of a newer lab: each has its line.
 */
#include "lab.h"
#include "mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define FIRST "{\"n\":1,\"t\":0.5,\"kind\":\"link\",\"text\":\"loopback\"}\n"
#define HEAD(session) \
	"{\"n\":1,\"t\":0.5,\"kind\":\"link\",\"text\":\"loopback\",\"session\":" session "}\n"
#define CLOSE "{\"n\":2,\"t\":1,\"kind\":\"command\",\"text\":\"client close\"}\n"

static char file[] = "/tmp/bothends-session-XXXXXX";

static void file_put(const char *text, size_t len)
{
	FILE *out = fopen(file, "w");

	assert_non_null(out);
	assert_true(fwrite(text, 1, len, out) == len);
	fclose(out);
}

static struct session *assert_read(const char *text)
{
	struct session *session;
	struct err err;

	file_put(text, strlen(text));
	if (session_read(file, &session, &err))
		fail_msg("%d: %s", err.line, err.text);
	return session;
}

/* The message without the file's name: "2: what is wrong". */
static void assert_refused(const char *text, size_t len, const char *want)
{
	struct session *session;
	struct err err;
	char said[800];

	file_put(text, len);
	assert_int_equal(session_read(file, &session, &err), -1);
	assert_null(session);
	assert_string_equal(err.file, file);
	err_format(&err, said, sizeof(said));
	assert_string_equal(said + strlen(file) + 1, want);
}
#define assert_fault(text, want) assert_refused(text, strlen(text), want)

static void test_plain(void **unused)
{
	/* By hand, or of an older lab: nothing but what is needed, blank lines between. */
	struct session *session = assert_read(FIRST "\n  \r\n" CLOSE);
	const struct event *event = journal_at(session->journal, 2);

	(void)unused;
	assert_true(journal_last(session->journal) == 2);
	assert_string_equal(event->command.text, "client close");
	assert_true(event->t == NS_PER_S && event->side == SIDE_NONE && event->command.acts);
	assert_string_equal(session->version, "");
	assert_null(session->about.title);
	assert_false(session->cut);
	session_free(session);
}

static void test_head(void **unused)
{
	struct session *session = assert_read(
		HEAD("{\"format\":1,\"version\":\"0.9\",\"epoch\":1700000000123456789,"
		     "\"title\":\"A\\u001b[2Jtitle\",\"kernel\":\"Linux 9\",\"later\":[1]}"));

	(void)unused;
	assert_string_equal(session->version, "0.9");
	assert_true(session->about.epoch == 1700000000123456789);
	assert_string_equal(session->about.title, "A\xef\xbf\xbd[2Jtitle");
	assert_string_equal(session->about.kernel, "Linux 9");
	session_free(session);
	assert_fault(HEAD("{\"format\":2}"),
		     " saved by a newer bothends (format 2, this one reads 1)");
	assert_fault(HEAD("{\"format\":2,\"epoch\":{}}") "what a newer one may write\n",
		     " saved by a newer bothends (format 2, this one reads 1)");
	assert_fault(HEAD("{}"), "1: \"format\" is missing");
	assert_fault(HEAD("[]"), "1: \"session\": an object is expected");
}

/* A journal that had let go of its oldest begins where it begins. */
static void test_numbers(void **unused)
{
	struct session *session =
		assert_read("{\"n\":5000,\"t\":0,\"kind\":\"host\",\"text\":\"x\"}\n"
			    "{\"n\":5001,\"t\":0,\"kind\":\"host\",\"text\":\"x\"}\n");

	(void)unused;
	assert_true(journal_first(session->journal) == 5000);
	assert_true(journal_last(session->journal) == 5001);
	assert_null(journal_at(session->journal, 4999));
	assert_true(journal_latest(session->journal, EVENT_HOST, SIDE_NONE, 5000)->n == 5000);
	session_free(session);
	assert_fault(FIRST FIRST, "2: \"n\": 2 is expected here, one more than the line before");
	assert_fault(FIRST "{\"n\":3,\"t\":0,\"kind\":\"host\",\"text\":\"x\"}\n",
		     "2: \"n\": 2 is expected here, one more than the line before");
	assert_fault("{\"t\":0}\n", "1: \"n\" is missing");
	assert_fault("{\"n\":0,\"t\":0}\n",
		     "1: \"n\": a whole number from 1 to 9007199254740992 is expected");
}

static void test_cut(void **unused)
{
	struct session *session = assert_read(FIRST "{\"n\":2,\"t\":1,\"ki");

	(void)unused;
	assert_true(session->cut && journal_last(session->journal) == 1);
	session_free(session);
	/* Only its newline is missing. */
	session = assert_read(FIRST "{\"n\":2,\"t\":1,\"kind\":\"host\",\"text\":\"x\"}");
	assert_true(!session->cut && journal_last(session->journal) == 2);
	session_free(session);
	/* What a crash of the machine may leave behind. */
	file_put(FIRST "\0\0\0\0\0\0", strlen(FIRST) + 6);
	assert_int_equal(session_read(file, &session, &(struct err){0}), 0);
	assert_true(session->cut);
	session_free(session);
	assert_fault("{\"n\":1,\"t\":1,\"ki", "1: cut off in its first line");
	assert_fault(FIRST "{\"n\":2,\n" CLOSE, "2: damaged at byte 7: no JSON object");
}

static void test_not_one(void **unused)
{
	(void)unused;
	assert_fault("", " not a saved session: it is empty");
	assert_fault("\n", " not a saved session: it has no JSON object in its first line");
	assert_fault("open\n", " not a saved session: it has no JSON object in its first line");
	assert_fault("# Title\n", " not a saved session: Markdown or a script");
	assert_fault("/* c */\n", " not a saved session: a C program");
	assert_fault("[1]\n",
		     " not a saved session: one JSON array, where an object a line is expected");
	assert_fault("\x7f"
		     "ELF\2",
		     " not a saved session: a program");
	assert_fault("\x1f\x8b\x08", " not a saved session: compressed; gunzip it first");
	assert_fault("\x4d\x3c\xb2\xa1\2",
		     " not a saved session: a capture, for tcpdump -r or Wireshark");
	assert_fault("\x0a\x0d\x0d\x0a\x1c",
		     " not a saved session: a capture, for tcpdump -r or Wireshark");
	assert_fault("{\"a\":1}\n", "1: \"n\" is missing");
}

static void test_no_file(void **unused)
{
	struct session *session;
	struct err err;

	(void)unused;
	assert_int_equal(session_read("/", &session, &err), -1);
	assert_string_equal(err.text, "not a saved session: a directory");
	assert_int_equal(session_read("/dev/zero", &session, &err), -1);
	assert_string_equal(err.text, "not a saved session: no regular file");
	unlink(file);
	assert_int_equal(session_read(file, &session, &err), -1);
	assert_string_equal(err.text, "No such file or directory");
	/* Nobody writes to it: that is no reason to wait. */
	assert_int_equal(mkfifo(file, 0600), 0);
	assert_int_equal(session_read(file, &session, &err), -1);
	assert_string_equal(err.text, "not a saved session: it is empty");
	unlink(file);
}

#define CALL(fields)                                                                       \
	FIRST "{\"n\":2,\"t\":1,\"kind\":\"call\",\"side\":\"client\",\"pid\":7,\"call\":" \
	      "\"read\","                                                                  \
	      "\"args\":\"3\"," fields "}\n"

#define NOTE(fields) FIRST "{\"n\":2,\"t\":1,\"kind\":\"link\",\"text\":\"x\"," fields "}\n"

static void test_values(void **unused)
{
	struct session *session;

	(void)unused;
	assert_fault(FIRST "{\"n\":2,\"t\":-1,\"kind\":\"host\"}\n",
		     "2: \"t\": seconds from 0 to 1000000000 are expected");
	assert_fault(FIRST "{\"n\":2,\"t\":1,\"kind\":\"x\"}\n",
		     "2: \"kind\" has no name that is known here");
	assert_fault(FIRST "{\"n\":2,\"t\":1,\"kind\":\"state\",\"side\":\"both\"}\n",
		     "2: \"side\" has no name that is known here");
	assert_fault(FIRST "{\"n\":2,\"t\":1,\"kind\":\"state\"}\n", "2: \"side\" is missing");
	assert_fault(FIRST "{\"n\":2,\"t\":1,\"kind\":\"command\",\"text\":[]}\n",
		     "2: \"text\": a string is expected");
	assert_fault(CALL("\"errno\":\"EWHAT\""), "2: \"errno\" has no name that is known here");
	assert_fault(CALL("\"us\":1.5"),
		     "2: \"us\": a whole number from 0 to 1000000000000000 is expected");
	assert_fault(CALL("\"data\":\"\\\\9\""),
		     "2: \"data\": C escapes are expected, as \\n or \\000");
	assert_fault(FIRST "null\n", "2: damaged at byte 4: no JSON object");
	assert_fault(FIRST "[1]\n", "2: a JSON object is expected in each line");
	session = assert_read(CALL("\"ret\":null,\"errno\":\"E999\",\"data\":\"a\\\\n\\\\377\""));
	assert_true(journal_at(session->journal, 2)->call.killed);
	assert_int_equal(journal_at(session->journal, 2)->call.err, 999);
	assert_int_equal(journal_at(session->journal, 2)->call.len, 3);
	assert_memory_equal(journal_at(session->journal, 2)->call.data, "a\n\xff", 3);
	session_free(session);
}

/* Where a number, a name or bytes are just not too large any more. */
static void test_bounds(void **unused)
{
	struct session *session = assert_read(
		CALL("\"us\":1000000000000000,\"errno\":\"E4095\",\"data\":\"\\\\377\""));

	(void)unused;
	assert_true(journal_at(session->journal, 2)->call.us == 1000000000000000);
	assert_int_equal(journal_at(session->journal, 2)->call.err, 4095);
	session_free(session);
	assert_fault(CALL("\"us\":1000000000000001"),
		     "2: \"us\": a whole number from 0 to 1000000000000000 is expected");
	assert_fault(CALL("\"errno\":\"E4096\""), "2: \"errno\" has no name that is known here");
	assert_fault(CALL("\"errno\":\"E0\""), "2: \"errno\" has no name that is known here");
	assert_fault(CALL("\"data\":\"\\\\400\""),
		     "2: \"data\": C escapes are expected, as \\n or \\000");
	assert_fault(NOTE("\"raw\":\"450\""),
		     "2: \"raw\": pairs of hex digits are expected, at most 65535");
	assert_fault(NOTE("\"raw\":\"4G\""), "2: \"raw\": hex digits are expected, 0 to 9, a to f");
	assert_fault(NOTE("\"raw\":\"45\",\"full\":65536"),
		     "2: \"full\": at most 65535 is expected");
	assert_fault(NOTE("\"raw\":\"45\",\"full\":0"),
		     "2: \"full\": a whole number from 1 to 4294967295 is expected");
	session = assert_read(NOTE("\"raw\":\"45\",\"full\":65535"));
	assert_int_equal(journal_at(session->journal, 2)->note.raw_full, 65535);
	session_free(session);
}

/* The longest packet there can be, and one byte more. */
static void test_packet(void **unused)
{
	struct strbuf text = {0};
	struct session *session;

	(void)unused;
	for (size_t len = 65535; len <= 65536; len++) {
		strbuf_puts(&text, FIRST "{\"n\":2,\"t\":1,\"kind\":\"link\",\"text\":\"x\","
					 "\"raw\":\"");
		for (size_t i = 0; i < len; i++)
			strbuf_puts(&text, "00");
		strbuf_puts(&text, "\"}\n");
		if (len > 65535) {
			assert_fault(text.text, "2: \"raw\": pairs of hex digits are expected, at "
						"most 65535");
		} else {
			session = assert_read(text.text);
			assert_int_equal(journal_at(session->journal, 2)->note.raw_len, 65535);
			session_free(session);
		}
		strbuf_free(&text);
	}
}

#define SNAPSHOT FIRST "{\"n\":2,\"t\":1,\"kind\":\"snapshot\",\"side\":\"client\","

/* A snapshot has room for so many descriptors, and for signals 1 to 31. */
static void test_room(void **unused)
{
	struct strbuf text = {0};
	struct session *session;
	const struct snapshot *snapshot;

	(void)unused;
	for (int count = SNAPSHOT_FDS; count <= SNAPSHOT_FDS + 1; count++) {
		strbuf_puts(&text, SNAPSHOT "\"last_fd\":5,\"fds\":[");
		for (int i = 0; i < count; i++)
			strbuf_printf(&text, "%s{\"fd\":%d}", i ? "," : "", i + 3);
		strbuf_puts(&text, "]}\n");
		if (count > SNAPSHOT_FDS) {
			assert_fault(text.text, "2: \"fds\": at most 16 are expected");
		} else {
			session = assert_read(text.text);
			snapshot = journal_at(session->journal, 2)->snapshot;
			assert_int_equal(snapshot->nfds, SNAPSHOT_FDS);
			assert_int_equal(snapshot->fds[SNAPSHOT_FDS - 1].fd, SNAPSHOT_FDS + 2);
			assert_int_equal(snapshot->last_fd, 5);
			session_free(session);
		}
		strbuf_free(&text);
	}
	session = assert_read(SNAPSHOT "\"signals\":{\"SIG31\":\"ignore\"}}\n");
	assert_int_equal(journal_at(session->journal, 2)->snapshot->signals[31], DISP_IGNORE);
	session_free(session);
	assert_fault(SNAPSHOT "\"signals\":{\"SIG32\":\"ignore\"}}\n",
		     "2: \"signals\": each is expected to be \"default\", \"ignore\", \"catch\" or "
		     "\"catch restart\"");
}

/* What a terminal would take for more than text is one U+FFFD each, wherever it stands. */
static void test_text(void **unused)
{
	struct session *session = assert_read(
		"{\"n\":1,\"t\":1,\"kind\":\"expect\",\"text\":\"a\\u202eb\\u001b[2J\\t\u7532\","
		"\"held\":null,\"saw\":\"\\u2066\\u0085c\\u007f\",\"session\":{\"format\":1,"
		"\"title\":\"\\u200f\\nx\"}}\n");
	const struct event *event = journal_at(session->journal, 1);

	(void)unused;
	assert_string_equal(event->expect.text, "a\ufffdb\ufffd[2J\t\u7532");
	assert_string_equal(event->expect.saw, "\ufffd\ufffdc\ufffd");
	assert_int_equal(event->expect.held, -1);
	assert_string_equal(session->about.title, "\u200f\ufffdx");
	session_free(session);
}

/* Long, deep, or many: bounded, and said. */
static void test_sizes(void **unused)
{
	char *text = xmalloc((2 << 20) + 200);
	struct session *session;
	size_t len = 0;

	(void)unused;
	memset(text, '[', 2 << 20);
	memcpy(text, FIRST "{\"a\":", strlen(FIRST) + 5);
	assert_refused(text, 2 << 20, "2: longer than 1 MiB");
	text[strlen(FIRST) + 100000] = '\n';
	assert_refused(text, strlen(FIRST) + 100001, "2: damaged at byte 2053: no JSON object");
	for (int n = 1; n <= 20000; n++)
		len += (size_t)sprintf(text + len,
				       "{\"n\":%d,\"t\":0,\"kind\":\"host\",\"text\":\"x\"}\n", n);
	session = assert_read(text);
	assert_true(journal_last(session->journal) == 20000);
	session_free(session);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),	cmocka_unit_test(test_head),
		cmocka_unit_test(test_numbers), cmocka_unit_test(test_cut),
		cmocka_unit_test(test_not_one), cmocka_unit_test(test_values),
		cmocka_unit_test(test_bounds),	cmocka_unit_test(test_packet),
		cmocka_unit_test(test_room),	cmocka_unit_test(test_text),
		cmocka_unit_test(test_sizes),	cmocka_unit_test(test_no_file),
	};
	const int fd = mkstemp(file);
	int failed;

	if (fd < 0)
		return 1;
	close(fd);
	cmocka_set_test_filter(getenv("TEST_ONLY"));
	failed = cmocka_run_group_tests_name("session", tests, NULL, NULL);
	unlink(file);
	return failed;
}
