/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_fuzz_language.c - valid lines, damaged: never a crash, always one printable line.
 *
 * Seeded, so that a run repeats; FUZZ_ROUNDS=N for more. The same check under libFuzzer:
 *   clang -g -D_GNU_SOURCE -DLIBFUZZER -fsanitize=fuzzer,address,undefined -Iengine \
 *       tests/unit/test_fuzz_language.c engine/{arg,command,complete,condition,err,expected}.c \
 *       engine/{grammar,mem,names,script,tcpinfo,text,token,value}.c -o fuzz_language
 */
#include "language.h"
#include "text.h"

#include <stdio.h>

#define ROUNDS 150000
#define LINE 512

static const char *const seeds[] = {
	"link wire",
	"open socketpair",
	"reset",
	"server listen 8080 backlog 5",
	"client connect 8080 nonblock",
	"s accept",
	"server write \"a\\x41\\0\\n\\\"b\" # comment",
	"c send \"123\" nosignal dontwait oob",
	"client read 4096",
	"ch recv 10 peek dontwait",
	"server drain 1M",
	"client poll in out rdhup 200ms",
	"server close listen",
	"client shutdown rdwr",
	"server fork",
	"client set linger off",
	"client set keepalive idle 1s interval 2s count 3",
	"client set rcvbuf 64k",
	"server get user-timeout",
	"server signal SIGPIPE catch restart",
	"child kill SIGKILL",
	"wire hold client",
	"wire release server all",
	"wire loss 10%",
	"wire unreachable host",
	"server poweroff 5s",
	"sysctl net.ipv4.tcp_rmem \"4096 131072 6291456\"",
	"wait 1.5s",
	"wait until server blocked in read within 3s",
	"expect server state CLOSE_WAIT within 2s already",
	"expect client recvq >= 10",
	"expect server write = -1",
	"expect server read = \"gr\xc3\xbc\xc3\x9f\" already",
	"expect server write fails EPIPE",
	"expect client poll IN OUT RDHUP ERR HUP",
	"expect client timer timewait over 50s",
	"expect client info rto > 200000",
	"expect segment from client F. len 0 win 512",
	"expect 3 segments from s P.",
	"expect icmp to client host-unreachable",
	"expect not server killed SIGPIPE for 1s",
	"again 3",
	"help wire",
};
#define SEEDS (sizeof(seeds) / sizeof(seeds[0]))

/* One line, whatever was typed: something in it, nothing in it that a terminal would obey. */
static void check_message(const char *text)
{
	size_t len = strlen(text);

	if (!len || len >= 511)
		abort();
	for (size_t i = 0, n; i < len; i += n) {
		n = text_utf8((const unsigned char *)text + i, len - i);
		if (!n)
			abort();
	}
}

/* What was understood says the same when it is said again. */
static void check_command(const struct command *command, enum side focus)
{
	struct command again, copy;
	struct err err;

	if (command_parse(command->text, strlen(command->text), focus, &again, &err) < 0)
		abort();
	if (again.op != command->op || again.side != command->side ||
	    again.nargs != command->nargs || again.cond.row != command->cond.row ||
	    again.cond.side != command->cond.side || again.within != command->within)
		abort();
	command_copy(&copy, &again);
	command_clear(&again);
	for (unsigned i = 0; i < copy.nargs; i++)
		if (copy.args[i].num != command->args[i].num ||
		    copy.args[i].len != command->args[i].len ||
		    strcmp(copy.args[i].name, command->args[i].name) != 0 ||
		    memcmp(copy.args[i].text, command->args[i].text, copy.args[i].len) != 0)
			abort();
	command_clear(&copy);
}

static void check_line(const char *line, size_t len, enum side focus)
{
	struct command command;
	struct err err = {{0}, 0, {0}};

	if (command_parse(line, len, focus, &command, &err) == 0)
		check_command(&command, focus);
	else
		check_message(err.text);
	command_clear(&command);
}

static void check_condition(const char *line, size_t len)
{
	struct condition condition;
	struct err err = {{0}, 0, {0}};

	if (condition_parse(line, len, &condition, &err) < 0)
		check_message(err.text);
	else if (condition.row < 0 || !condition.text)
		abort();
	condition_clear(&condition);
}

/* Offered words begin as the line ends, and the start lies in the line. */
static void check_completion(const char *line, size_t len, enum side focus)
{
	char hint[80];
	size_t start;
	char **words = command_complete(line, len, focus, &start, hint, sizeof(hint));

	if (start > len || memchr(hint, 0, sizeof(hint)) == NULL)
		abort();
	for (size_t i = 0; words[i]; i++)
		if (strlen(words[i]) < len - start)
			abort();
	completion_free(words);
}

static void check_script(const char *text, size_t len)
{
	struct script script;
	struct err err;

	if (script_parse("x.lab", text, len, &script, &err) < 0) {
		check_message(err.text);
		if (script.count || script.commands)
			abort();
	}
	script_clear(&script);
}

static void check(const char *line, size_t len, enum side focus, unsigned which)
{
	check_line(line, len, focus);
	if (which % 4 == 0)
		check_condition(line, len);
	if (which % 4 == 1)
		check_completion(line, len, focus);
	if (which % 4 == 2)
		check_script(line, len);
}

#ifdef LIBFUZZER
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	for (unsigned which = 0; which < 4; which++)
		check((const char *)data, size, (enum side)((int)which - 1), which);
	return 0;
}
#else

static uint64_t seed = 0x9e3779b97f4a7c15;

static unsigned chance(unsigned below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed >> 33) % below;
}

static size_t put(char *line, size_t len, size_t at, const char *text, size_t n)
{
	if (len + n > LINE)
		return len;
	memmove(line + at + n, line + at, len - at);
	memcpy(line + at, text, n);
	return len + n;
}

static size_t damage(char *line, size_t len)
{
	static const char *const pieces[] = {
		"\"",
		"\\",
		"#",
		" ",
		"=",
		"<",
		">",
		"-1",
		"\n",
		"\t",
		"\xff",
		"\xc2\x9b",
		"[",
		"]",
		"|",
		"...",
		"99999999999999999999",
		"\\x",
		"\\777",
		"expect ",
		" not ",
		"c ",
		"server ",
		"0",
		"1",
		"k",
		"ms",
		"\x1b",
		"CONDITION",
		"SIDE",
		"%s%n",
	};
	const char *other = seeds[chance(SEEDS)], *piece;
	size_t at = chance((unsigned)len + 1), n;

	switch (chance(6)) {
	case 0: /* another byte */
		if (at < len)
			line[at] = (char)chance(256);
		return len;
	case 1: /* a piece more */
		piece = pieces[chance(sizeof(pieces) / sizeof(pieces[0]))];
		return put(line, len, at, piece, strlen(piece));
	case 2: /* a few bytes less */
		n = chance((unsigned)(len - at) + 1);
		memmove(line + at, line + at + n, len - at - n);
		return len - n;
	case 3: /* a part of another line */
		n = chance((unsigned)strlen(other) + 1);
		return put(line, len, at, other, n);
	case 4: /* the tail again */
		n = len - at;
		return len + n > LINE ? len : put(line, len, len, line + at, n);
	default: /* the case of a letter, or a bit */
		if (at < len)
			line[at] ^= chance(2) ? 0x20 : (char)(1 << chance(8));
		return len;
	}
}

static void damaged_lines(void **state)
{
	const char *more = getenv("FUZZ_ROUNDS");
	unsigned rounds = more ? (unsigned)strtoul(more, NULL, 10) : ROUNDS;

	(void)state;
	for (unsigned i = 0; i < rounds; i++) {
		const char *valid = seeds[i % SEEDS];
		char line[LINE];
		size_t len = strlen(valid);

		memcpy(line, valid, len);
		for (unsigned n = chance(5); n; n--)
			len = damage(line, len);
		check(line, len, (enum side)((int)chance(4) - 1), i);
	}
}

static void noise(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 20000; i++) {
		char line[LINE];
		size_t len = chance(64);

		for (size_t k = 0; k < len; k++)
			line[k] = (char)chance(i % 2 ? 256 : 96);
		check(line, len, SIDE_SERVER, i);
	}
}

/* The seeds themselves are right: otherwise nothing above would reach far. */
static void valid(void **state)
{
	(void)state;
	for (size_t i = 0; i < SEEDS; i++)
		assert_string_equal(mistake(seeds[i], SIDE_NONE), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(valid),
		cmocka_unit_test(damaged_lines),
		cmocka_unit_test(noise),
	};

	return cmocka_run_group_tests_name("fuzz_language", tests, NULL, NULL);
}
#endif
