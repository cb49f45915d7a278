/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_command.c - every row of the tables, what its words become, and each kind of mistake. */
#include "language.h"

#include <ctype.h>
#include <signal.h>

/* ------------------------------------------- lines generated out of the rows' own patterns */
static const char *example_of(const char *name, const char *usage)
{
	static const char *const examples[][2] = {
		{"SIDE", "server"},
		{"PORT", "8080"},
		{"N", "3"},
		{"RETURN", "-1"},
		{"SIZE", "64k"},
		{"DATA", "\"a\\x00b\""},
		{"TEXT", "\"123\""},
		{"TIME", "500ms"},
		{"TIMEOUT", "1.5s"},
		{"GRACE", "5s"},
		{"SECONDS", "1"},
		{"PERCENT", "10"},
		{"SIGNAL", "SIGPIPE"},
		{"STATUS", "7"},
		{"OPTION", "error"},
		{"VALUE", "\"4096 1\""},
		{"STEP", "2"},
		{"WORD", "send"},
		{"STATE", "CLOSE_WAIT"},
		{"CALL", "read"},
		{"ERRNO", "EPIPE"},
		{"EVENT", "IN"},
		{"KIND", "timewait"},
		{"FIELD", "rto"},
		{"FLAGS", "F."},
		{"ID", "12"},
		{"OP", "<="},
		{"CONDITION", "server recvq 1"},
	};

	if (!strcmp(name, "NAME"))
		return strstr(usage, "sysctl") ? "net.ipv4.tcp_retries2" : "01-the-write";
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++)
		if (!strcmp(examples[i][0], name))
			return examples[i][1];
	fail_msg("no example for %s", name);
	return "";
}

/* The groups in brackets as they come, none of them, or the last one first. */
enum options { OPTIONS_ALL, OPTIONS_NONE, OPTIONS_REVERSED, OPTIONS_COUNT };

static void example_items(char *out, const char *pattern, size_t len, unsigned choice,
			  const char *usage)
{
	for (size_t i = 0; i < len;) {
		char item[128], *word, *rest = item;
		size_t n = 0;
		unsigned count = 1;

		while (i + n < len && pattern[i + n] != ' ')
			n++;
		snprintf(item, sizeof(item), "%.*s", (int)n, pattern + i);
		i += n;
		while (i < len && pattern[i] == ' ')
			i++;
		if (!n)
			continue;
		if (n > 3 && !strcmp(item + n - 3, "..."))
			item[n - 3] = '\0';
		for (const char *c = item; *c; c++)
			count += *c == '|';
		for (unsigned k = choice % count; (word = strsep(&rest, "|")) && k; k--)
			;
		strcat(out, isupper((unsigned char)*word) ? example_of(word, usage) : word);
		strcat(out, " ");
	}
}

static void example_line(char *out, const char *usage, unsigned choice, enum options options)
{
	const char *groups[16], *ends[16], *at = usage;
	size_t count = 0, fixed = strcspn(usage, "[");

	*out = '\0';
	example_items(out, usage, fixed, choice, usage);
	for (at += fixed; *at && (at = strchr(at, '[')); count++) {
		groups[count] = at + 1;
		ends[count] = strchr(at, ']');
		at = ends[count] + 1;
		/* Fixed words behind a group end the run of groups: only the neighbours move. */
		if (at[0] == ' ' && at[1] != '[')
			break;
	}
	if (options == OPTIONS_ALL)
		for (size_t i = 0; i < (at && *at == ' ' ? count + 1 : count); i++)
			example_items(out, groups[i], (size_t)(ends[i] - groups[i]), choice, usage);
	else if (options == OPTIONS_REVERSED)
		for (size_t i = at && *at == ' ' ? count + 1 : count; i--;)
			example_items(out, groups[i], (size_t)(ends[i] - groups[i]), choice, usage);
	if (at && *at == ' ')
		example_items(out, at, strlen(at), choice, usage);
}

static void every_row(void **state)
{
	const struct usage *usage;
	char line[512], expect[600];
	bool seen[OP_COUNT] = {false};

	(void)state;
	for (size_t i = 0; (usage = usage_at(i)); i++) {
		bool condition = !strcmp(usage->group, "Conditions");

		for (unsigned choice = 0; choice < 4; choice++)
			for (unsigned options = 0; options < OPTIONS_COUNT; options++) {
				struct command command;

				example_line(line, usage->usage, choice, options);
				snprintf(expect, sizeof(expect), "%s%s", condition ? "expect " : "",
					 line);
				command = parsed(expect, SIDE_NONE);
				seen[command.op] = true;
				if (condition) {
					assert_int_equal(command.op, OP_EXPECT);
					assert_ptr_equal(usage_at(i), usage);
					assert_true(command.cond.row >= 0);
				} else {
					assert_non_null(strstr(usage->usage, command.verb));
				}
				command_clear(&command);
				/* Nothing may follow. */
				strcat(expect, " <");
				assert_string_not_equal(mistake(expect, SIDE_NONE), "");
			}
		assert_true(*usage->help && *usage->group);
	}
	for (int op = OP_NONE + 1; op < OP_COUNT; op++)
		assert_true(seen[op]);
}

/* ------------------------------------------------------------------- what words become */
static void values(void **state)
{
	struct command command = parsed("server listen backlog 5 80", SIDE_NONE);

	(void)state;
	assert_int_equal(command.op, OP_LISTEN);
	assert_string_equal(command.verb, "listen");
	assert_int_equal(command.side, SIDE_SERVER);
	assert_true(command.acts);
	assert_false(command.screen);
	assert_int_equal(command_num(&command, "PORT", -1), 80);
	assert_int_equal(command_num(&command, "backlog", -1), 5);
	assert_int_equal(command_num(&command, "nonblock", -1), -1);
	command_clear(&command);

	command = parsed("ch set keepalive idle 1s count 3 interval 1.5s", SIDE_NONE);
	assert_string_equal(command.verb, "set keepalive");
	assert_int_equal(command.side, SIDE_CHILD);
	assert_int_equal(command_num(&command, "idle", 0), NS_PER_S);
	assert_int_equal(command_num(&command, "interval", 0), 1500 * NS_PER_MS);
	assert_int_equal(command_num(&command, "count", 0), 3);
	command_clear(&command);

	command = parsed("c signal pipe catch restart", SIDE_NONE);
	assert_int_equal(command_num(&command, "SIGNAL", 0), SIGPIPE);
	assert_true(command_has(&command, "catch") && command_has(&command, "restart"));
	assert_false(command_has(&command, "signal"));
	command_clear(&command);

	command = parsed("s write 1M", SIDE_NONE);
	assert_int_equal(command_num(&command, "SIZE", 0), 1 << 20);
	assert_false(command_has(&command, "DATA"));
	command_clear(&command);

	command = parsed("wire release 3 s", SIDE_NONE);
	assert_int_equal(command.side, SIDE_SERVER);
	assert_int_equal(command_num(&command, "N", 0), 3);
	command_clear(&command);

	command = parsed("wire loss 10%", SIDE_NONE);
	assert_int_equal(command.side, SIDE_NONE);
	assert_int_equal(command_num(&command, "PERCENT", 0), 10);
	command_clear(&command);

	command = parsed("sysctl tcp_rmem \"1 2 3\"", SIDE_NONE);
	assert_string_equal(command_arg(&command, "NAME")->text, "net.ipv4.tcp_rmem");
	assert_string_equal(command_arg(&command, "VALUE")->text, "1 2 3");
	command_clear(&command);

	command = parsed("s get user-timeout", SIDE_NONE);
	assert_string_equal(sockopt_at((size_t)command_num(&command, "OPTION", 0))->name,
			    "user-timeout");
	command_clear(&command);

	command = parsed("s poll rdhup in 0", SIDE_NONE);
	assert_int_equal(command_num(&command, "TIMEOUT", -1), 0);
	assert_false(command_has(&command, "out"));
	command_clear(&command);

	command = parsed("focus ch", SIDE_NONE);
	assert_true(command.screen);
	assert_false(command.acts);
	assert_int_equal(command.side, SIDE_CHILD);
	command_clear(&command);
}

static void checks(void **state)
{
	struct command command =
		parsed("expect server read = \"a b\" already within 500ms  # x", SIDE_NONE);

	(void)state;
	assert_int_equal(command.op, OP_EXPECT);
	assert_false(command.acts);
	assert_true(command.already);
	assert_int_equal(command.within, 500 * NS_PER_MS);
	assert_string_equal(command.cond.text, "server read = \"a b\"");
	assert_int_equal(command.cond.side, SIDE_SERVER);
	assert_int_equal(condition_arg(&command.cond, "CALL")->num, CALL_READ);
	assert_int_equal(condition_arg(&command.cond, "TEXT")->len, 3);
	command_clear(&command);

	command = parsed("expect segment from c F. len 0 win 512", SIDE_NONE);
	assert_int_equal(command.within, 2 * NS_PER_S);
	assert_false(command.already);
	assert_int_equal(command.cond.side, SIDE_CLIENT);
	assert_int_equal(condition_arg(&command.cond, "FLAGS")->num, TH_F | TH_A);
	assert_int_equal(condition_arg(&command.cond, "len")->num, 0);
	assert_int_equal(condition_arg(&command.cond, "win")->num, 512);
	command_clear(&command);

	command = parsed("expect not client killed SIGPIPE", SIDE_NONE);
	assert_int_equal(command.op, OP_EXPECT_NOT);
	assert_int_equal(command.within, 200 * NS_PER_MS);
	command_clear(&command);

	command = parsed("expect not client killed SIGPIPE for 1s", SIDE_NONE);
	assert_int_equal(command.within, NS_PER_S);
	command_clear(&command);

	command = parsed("wait until client poll IN OUT RDHUP within 3s", SIDE_NONE);
	assert_int_equal(command.op, OP_WAIT_UNTIL);
	assert_int_equal(command.within, 3 * NS_PER_S);
	assert_int_equal(command.cond.nargs, 3);
	assert_string_equal(command.cond.text, "client poll IN OUT RDHUP");
	command_clear(&command);

	/* `SIDE poll EVENT...` and `SIDE CALL = N` with the call poll. */
	command = parsed("expect client poll = 1", SIDE_NONE);
	assert_int_equal(condition_arg(&command.cond, "CALL")->num, CALL_POLL);
	assert_int_equal(condition_arg(&command.cond, "RETURN")->num, 1);
	command_clear(&command);
}

static void copies(void **state)
{
	struct command one = parsed("expect not s read = \"a\\0b\" for 1s", SIDE_NONE), two;

	(void)state;
	command_copy(&two, &one);
	command_clear(&one);
	assert_int_equal(two.op, OP_EXPECT_NOT);
	assert_string_equal(two.text, "expect not s read = \"a\\0b\" for 1s");
	assert_int_equal(condition_arg(&two.cond, "TEXT")->len, 3);
	assert_true(command_has(&two, "for"));
	command_clear(&two);
	command_clear(&two);
}

/* A condition alone, as predictions and claims have it: nothing of the command around it. */
static void conditions_alone(void **state)
{
	static const char *const wrong[][2] = {
		{"", "expected a condition"},
		{"server recvq 1 within 2s",
		 "expected the end of the line after `1`, not `within`"},
		{"not server gone", "unknown condition `not`"},
		{"expect server gone", "unknown condition `expect`"},
		{"gone", "which side? client, server or child: `SIDE gone`"},
	};
	struct condition condition;
	struct err err = {{0}, 0, {0}};

	(void)state;
	assert_int_equal(condition_parse("  s write = -1 # x", 18, &condition, &err), 0);
	assert_string_equal(condition.text, "s write = -1");
	assert_int_equal(condition.side, SIDE_SERVER);
	condition_clear(&condition);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(
			condition_parse(wrong[i][0], strlen(wrong[i][0]), &condition, &err), -1);
		assert_string_equal(err.text, wrong[i][1]);
		assert_int_equal(condition.row, -1);
		condition_clear(&condition);
	}
}

/* ------------------------------------------------------------------------------- sides */
static void focus(void **state)
{
	struct command command = parsed("write \"a\"", SIDE_CHILD);

	(void)state;
	assert_int_equal(command.side, SIDE_CHILD);
	command_clear(&command);
	command = parsed("client write \"a\"", SIDE_SERVER);
	assert_int_equal(command.side, SIDE_CLIENT);
	command_clear(&command);
	/* Rows for one side have only that one. */
	command = parsed("listen", SIDE_CLIENT);
	assert_int_equal(command.side, SIDE_SERVER);
	command_clear(&command);
	command = parsed("connect", SIDE_CHILD);
	assert_int_equal(command.side, SIDE_CLIENT);
	command_clear(&command);
	/* The child lives on the server's host. */
	command = parsed("crash", SIDE_CHILD);
	assert_int_equal(command.side, SIDE_SERVER);
	command_clear(&command);
	command = parsed("expect state LISTEN", SIDE_SERVER);
	assert_int_equal(command.cond.side, SIDE_SERVER);
	command_clear(&command);
	/* A side that may be left out is not taken from the focus. */
	command = parsed("wire hold", SIDE_SERVER);
	assert_int_equal(command.side, SIDE_NONE);
	command_clear(&command);
}

static void sides(void **state)
{
	(void)state;
	assert_mistake("write \"a\"",
		       "which side? client, server or child: `SIDE write DATA|SIZE`");
	assert_mistake("listen", "which side? `listen` is the server's: `server listen [PORT] "
				 "[backlog N]`");
	assert_mistake("crash", "which side? client or server: `SIDE crash`");
	assert_mistake("expect state CLOSE",
		       "which side? client, server or child: `SIDE state STATE`");
	assert_mistake("client listen", "`listen` is the server's: `server listen [PORT] [backlog "
					"N]`");
	assert_mistake("child connect",
		       "`connect` is the client's: `client connect [PORT] [nonblock]`");
	assert_mistake("child crash", "`crash` is for a host, client or server: the child lives on "
				      "the server's");
	assert_mistake("wire hold child", "expected the sender, client or server, not `child`");
}

/* ---------------------------------------------------------------------------- mistakes */
static void unknown(void **state)
{
	(void)state;
	assert_mistake("opne", "unknown command `opne`; did you mean `open`?");
	assert_mistake("OPEN", "unknown command `OPEN`; did you mean `open`?");
	assert_mistake("server wriite \"a\"", "unknown command `wriite`; did you mean `write`?");
	assert_mistake("wriite \"a\"", "unknown command `wriite`; did you mean `write`?");
	assert_mistake("Server close", "unknown command `Server`; did you mean `server`?");
	assert_mistake("xyzzy", "unknown command `xyzzy`; `help` lists them");
	assert_mistake("\"open\"", "expected a command, not \"open\"");
	assert_mistake("server", "expected a command after `server`");
	assert_mistake("expect server stat CLOSE",
		       "unknown condition `stat`; did you mean `state`?");
	assert_mistake("expect server CLOSE_WAIT", "unknown condition `CLOSE_WAIT`; did you mean "
						   "`state CLOSE_WAIT`?");
	assert_mistake("server state CLOSE",
		       "unknown command `state`: it is a condition, as in `expect server state "
		       "CLOSE_WAIT`");
	assert_mistake("expect", "expected a condition or `not` after `expect`");
}

static void expected(void **state)
{
	(void)state;
	assert_mistake("server listen blacklog",
		       "expected a port number or `backlog`, not `blacklog`; did you mean "
		       "`backlog`?");
	assert_mistake("server listen 80 blacklog",
		       "expected `backlog`, not `blacklog`; did you mean `backlog`?");
	assert_mistake("server listen 80 backlog",
		       "expected a number (0 to 65535) after `backlog`");
	assert_mistake("server write A",
		       "expected data in double quotes or a size, not `A`; did you mean \"A\"?");
	assert_mistake("server write", "expected data in double quotes or a size after `write`");
	assert_mistake("server write \"a\" now", "expected the end of the line after \"a\", not "
						 "`now`");
	assert_mistake("server send \"a\" nosig",
		       "expected `nosignal`, `dontwait` or `oob`, not `nosig`; did you mean "
		       "`nosignal`?");
	assert_mistake("server send \"a\" oob oob", "expected `nosignal` or `dontwait`, not `oob`");
	assert_mistake("open tpc",
		       "expected `tcp`, `socketpair` or `pipe`, not `tpc`; did you mean "
		       "`tcp`?");
	assert_mistake("next next", "expected the end of the line after `next`, not `next`");
	assert_mistake("wait", "expected a time or `until` after `wait`");
	assert_mistake("wire", "expected `cut`, `mend`, `hold`, `release`, `drop`, `duplicate`, "
			       "`reorder`, `delay`, `loss` or `unreachable` after `wire`");
	assert_mistake("server set keepalive idle 1s idle 2s",
		       "expected `interval` or `count`, not `idle`");
	assert_mistake("expect server recvq => 1", "expected a number (not negative), not `>`");
	assert_mistake("expect server recvq == 1", "expected an operator or a number, not `==`");
}

static void ranges(void **state)
{
	(void)state;
	assert_mistake("server listen 99999",
		       "expected a port number (1 to 65535) or `backlog`, not `99999`");
	assert_mistake("server listen 0",
		       "expected a port number (1 to 65535) or `backlog`, not `0`");
	assert_mistake("server exit 256", "expected an exit status (0 to 255), not `256`");
	assert_mistake("server read -1", "expected a number of bytes (at most 1M), not `-1`");
	assert_mistake("server write 2048M",
		       "expected data in double quotes or a size (1, 64k, 1M; 1 to 1024M), not "
		       "`2048M`");
	assert_mistake("server write 99999999999999999999",
		       "expected data in double quotes or a size (1, 64k, 1M; 1 to 1024M), not "
		       "`99999999999999999999`");
	assert_mistake("wire loss 101", "expected a percentage (0 to 100), not `101`");
	assert_mistake("wait 5", "expected a time (such as 50ms or 2s) or `until`, not `5`");
	assert_mistake("server set linger 1.5s",
		       "expected `off` or seconds (0 to 32767), not `1.5s`");
	assert_mistake("sysctl net.ipv4.ip_forward 1",
		       "expected a sysctl net.ipv4.tcp_..., not `net.ipv4.ip_forward`");
	assert_mistake("sysctl net.ipv4.tcp_/../x",
		       "expected a sysctl net.ipv4.tcp_..., not `net.ipv4.tcp_/../x`");
}

static void names(void **state)
{
	(void)state;
	assert_mistake("expect server state close_wait",
		       "expected a state (such as CLOSE_WAIT), not `close_wait`; did you mean "
		       "`CLOSE_WAIT`?");
	assert_mistake("expect server state ESTAB",
		       "expected a state (such as CLOSE_WAIT), not `ESTAB`; did you mean "
		       "`ESTABLISHED`?");
	assert_mistake("expect server write fails EPIP",
		       "expected an errno (such as EPIPE), not `EPIP`; did you mean `EPIPE`?");
	assert_mistake("server signal SIGPIP ignore",
		       "expected a signal (such as SIGPIPE), not `SIGPIP`; did you mean "
		       "`SIGPIPE`?");
	assert_mistake("server get lingr",
		       "expected a socket option, not `lingr`; did you mean `linger`?");
	assert_mistake("expect server info rtt_ > 1",
		       "expected a field of tcp_info (such as rto), not `rtt_`; did you mean "
		       "`rtt`?");
	assert_mistake("expect server timer time_wait",
		       "expected a timer (on, keepalive, timewait, persist or off), not "
		       "`time_wait`; did you mean `timewait`?");
	assert_mistake("expect segment from client f.",
		       "expected TCP flags (as tcpdump writes them: S S. . P. F. R R.), not `f.`; "
		       "did you mean `F.`?");
	assert_mistake("expect server poll in",
		       "expected `=`, `fails` or a poll event, not `in`; did you mean `IN`?");
	assert_mistake("link wired",
		       "expected `loopback` or `wire`, not `wired`; did you mean `wire`?");
}

/* One line, whatever comes: long words and words with quotes are shortened, not cut in UTF-8. */
static void long_words(void **state)
{
	char line[4096];

	(void)state;
	memset(line, 'x', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	assert_true(strlen(mistake(line, SIDE_NONE)) < 100);
	memcpy(line, "server write ", 13);
	assert_true(strlen(mistake(line, SIDE_NONE)) < 140);
	for (size_t i = 13; i + 1 < sizeof(line); i += 2)
		memcpy(line + i, "\xc3\xbc", 2);
	assert_null(strchr(mistake(line, SIDE_NONE), '\n'));
	assert_true(strlen(mistake(line, SIDE_NONE)) < 140);
	strcpy(line, "expect server poll");
	for (int i = 0; i < 60; i++)
		strcat(line, " IN");
	assert_string_not_equal(mistake(line, SIDE_NONE), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row),
		cmocka_unit_test(values),
		cmocka_unit_test(checks),
		cmocka_unit_test(copies),
		cmocka_unit_test(conditions_alone),
		cmocka_unit_test(focus),
		cmocka_unit_test(sides),
		cmocka_unit_test(unknown),
		cmocka_unit_test(expected),
		cmocka_unit_test(ranges),
		cmocka_unit_test(names),
		cmocka_unit_test(long_words),
	};

	return cmocka_run_group_tests_name("command", tests, NULL, NULL);
}
