/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_complete.c - what can stand at a place of a line. */
#include "language.h"

#include <stdio.h>

/* "start|words" at the line's end. */
static const char *completed(const char *line, enum side focus)
{
	static char out[8192];
	size_t start, len;
	char **words = command_complete(line, strlen(line), focus, &start, NULL, 0);

	len = (size_t)snprintf(out, sizeof(out), "%zu|", start);
	for (size_t i = 0; words[i]; i++)
		len += (size_t)snprintf(out + len, sizeof(out) - len, "%s%s", i ? " " : "",
					words[i]);
	completion_free(words);
	return out;
}

static const char *hinted(const char *line, enum side focus)
{
	static char hint[256];
	size_t start;

	completion_free(command_complete(line, strlen(line), focus, &start, hint, sizeof(hint)));
	return hint;
}

static void assert_offers(const char *line, enum side focus, const char *word, bool offered)
{
	char all[8194], one[80];

	snprintf(all, sizeof(all), "%s ", strchr(completed(line, focus), '|') + 1);
	memmove(all + 1, all, strlen(all) + 1);
	all[0] = ' ';
	snprintf(one, sizeof(one), " %s ", word);
	if ((strstr(all, one) != NULL) != offered)
		fail_msg("`%s` offers%s %s:%s", line, offered ? " not" : "", word, all);
}

static void heads(void **state)
{
	(void)state;
	assert_offers("", SIDE_NONE, "open", true);
	assert_offers("", SIDE_NONE, "client", true);
	assert_offers("", SIDE_NONE, "child", true);
	assert_offers("", SIDE_NONE, "write", false); /* a side must be written */
	assert_offers("", SIDE_SERVER, "write", true);
	assert_offers("", SIDE_CLIENT, "listen", true); /* it can only be the server's */
	assert_string_equal(completed("op", SIDE_NONE), "0|open");
	assert_string_equal(completed("  op", SIDE_NONE), "2|open");
	assert_string_equal(completed("server wr", SIDE_NONE), "7|write");
	assert_string_equal(completed("s wr", SIDE_NONE), "2|write");
	assert_offers("server ", SIDE_NONE, "listen", true);
	assert_offers("client ", SIDE_NONE, "listen", false);
	assert_offers("client ", SIDE_NONE, "open", false);
	assert_offers("child ", SIDE_NONE, "crash", false);
}

static void patterns(void **state)
{
	(void)state;
	assert_string_equal(completed("open ", SIDE_NONE), "5|tcp socketpair pipe");
	assert_string_equal(completed("wire ", SIDE_NONE),
			    "5|cut mend hold release drop duplicate reorder delay loss "
			    "unreachable");
	assert_string_equal(completed("s send \"a\" ", SIDE_NONE), "11|nosignal dontwait oob");
	assert_string_equal(completed("s send \"a\" oob ", SIDE_NONE), "15|nosignal dontwait");
	assert_string_equal(completed("s set linger", SIDE_NONE), "6|linger linger2");
	assert_string_equal(completed("s set linger ", SIDE_NONE), "13|off");
	assert_string_equal(completed("wire hold ", SIDE_NONE), "10|client server");
	assert_string_equal(completed("wire release ", SIDE_NONE), "13|client server all segment");
	assert_string_equal(completed("wire release all ", SIDE_NONE), "17|client server segment");
	assert_string_equal(completed("s signal SIGPIPE catch ", SIDE_NONE), "23|restart");
}

static void names(void **state)
{
	(void)state;
	assert_string_equal(completed("s signal SIGPI", SIDE_NONE), "9|SIGPIPE");
	assert_string_equal(completed("s get l", SIDE_NONE), "6|linger linger2");
	assert_string_equal(completed("expect s state CLOSE", SIDE_NONE), "15|CLOSE CLOSE_WAIT");
	assert_string_equal(completed("expect s write fails ECONNR", SIDE_NONE),
			    "21|ECONNRESET ECONNREFUSED");
	assert_string_equal(completed("expect s blocked in re", SIDE_NONE), "20|read recv");
	assert_string_equal(completed("expect s poll R", SIDE_NONE), "14|RDHUP");
	assert_string_equal(completed("expect s timer t", SIDE_NONE), "15|timewait");
	assert_string_equal(completed("expect s info snd_w", SIDE_NONE), "14|snd_wscale snd_wnd");
	assert_string_equal(completed("expect segment from s F", SIDE_NONE), "22|F. FP.");
	assert_string_equal(completed("expect icmp to c h", SIDE_NONE), "17|host-unreachable");
	assert_string_equal(completed("sysctl net.ipv4.tcp_fin", SIDE_NONE),
			    "7|net.ipv4.tcp_fin_timeout");
	/* In the wrong case when nothing fits in the right one. */
	assert_string_equal(completed("expect s state est", SIDE_NONE), "15|ESTABLISHED");
	assert_string_equal(completed("OP", SIDE_NONE), "0|open");
}

static void conditions(void **state)
{
	(void)state;
	assert_offers("expect ", SIDE_NONE, "not", true);
	assert_offers("expect ", SIDE_NONE, "segment", true);
	assert_offers("expect not ", SIDE_NONE, "not", false);
	assert_offers("expect s ", SIDE_NONE, "recvq", true);
	assert_offers("expect s ", SIDE_NONE, "read", true);
	assert_offers("expect s ", SIDE_NONE, "segment", false);
	assert_string_equal(completed("expect s recvq 1 ", SIDE_NONE), "17|within already");
	assert_string_equal(completed("expect not s gone ", SIDE_NONE), "18|for");
	assert_string_equal(completed("wait until s gone ", SIDE_NONE), "18|within");
	assert_string_equal(completed("expect s recvq >", SIDE_NONE), "15|> >=");
}

static void nowhere(void **state)
{
	(void)state;
	assert_string_equal(completed("foo ", SIDE_NONE), "4|");
	assert_string_equal(completed("s write \"op", SIDE_NONE), "11|");
	assert_string_equal(completed("s write \"op\"", SIDE_NONE), "12|");
	assert_string_equal(completed("open # ", SIDE_NONE), "7|");
	assert_string_equal(completed("next ", SIDE_NONE), "5|");
	assert_string_equal(completed("\xff", SIDE_NONE), "1|");
}

/* Only what stands before the point counts. */
static void point(void **state)
{
	size_t start;
	char **words = command_complete("server write \"a\"", 9, SIDE_NONE, &start, NULL, 0);

	(void)state;
	assert_int_equal(start, 7);
	assert_string_equal(words[0], "write");
	assert_null(words[1]);
	completion_free(words);
}

static void hints(void **state)
{
	(void)state;
	assert_string_equal(hinted("", SIDE_NONE), "a command");
	assert_string_equal(hinted("expect ", SIDE_NONE), "a condition, not");
	assert_string_equal(hinted("s write ", SIDE_NONE),
			    "DATA: data in double quotes, SIZE: a size (1, 64k, 1M; 1 to 1024M)");
	assert_string_equal(hinted("s listen ", SIDE_NONE),
			    "PORT: a port number (1 to 65535), backlog, or Enter");
	assert_string_equal(hinted("next ", SIDE_NONE), "Enter");
	assert_string_equal(hinted("s write \"ab", SIDE_NONE), "text, up to the closing quote");
	assert_string_equal(hinted("opne ", SIDE_NONE),
			    "unknown command `opne`; did you mean `open`?");
}

/* Whatever is offered is taken there by the parser: it never complains about that word. */
static void offers_fit(void **state)
{
	static const char *const lines[] = {
		"",
		"server ",
		"expect ",
		"expect server ",
		"s set ",
		"s get ",
		"expect s state ",
		"expect s write fails ",
		"s kill ",
		"expect s poll IN ",
		"expect s info ",
		"expect segment from s ",
		"wire ",
		"sysctl ",
		"expect s info rto ",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		size_t start;
		char **words =
			command_complete(lines[i], strlen(lines[i]), SIDE_SERVER, &start, NULL, 0);

		assert_non_null(words[0]);
		for (size_t k = 0; words[k]; k++) {
			char line[128], found[80];

			snprintf(line, sizeof(line), "%s%s", lines[i], words[k]);
			snprintf(found, sizeof(found), "not `%s`", words[k]);
			assert_null(strstr(mistake(line, SIDE_SERVER), found));
			assert_null(strstr(mistake(line, SIDE_SERVER), "unknown"));
		}
		completion_free(words);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(heads),      cmocka_unit_test(patterns),   cmocka_unit_test(names),
		cmocka_unit_test(conditions), cmocka_unit_test(nowhere),    cmocka_unit_test(point),
		cmocka_unit_test(hints),      cmocka_unit_test(offers_fit),
	};

	return cmocka_run_group_tests_name("complete", tests, NULL, NULL);
}
