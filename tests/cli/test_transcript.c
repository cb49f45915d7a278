/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_transcript.c - NAME.md of every lesson: aligned as it is, and Markdown that means no more
 * than it says; of three lessons, every line.
 *
 * TRANSCRIPTS=DIR writes what the three are now, in the form they are compared in. */
#include "../scratch.h"
#include "core.h"
#include "mem.h"
#include "text.h"

#include <cmark.h>
#include <glob.h>
#include <locale.h>
#include <regex.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <wchar.h>

#include <cmocka.h>

#define AT_ONCE 6
#define TRIES 6

/* Up to where the kernel alone decides what comes first. */
static const struct {
	const char *name, *until;
} compared[] = {
	{"01-the-write-that-should-have-failed", NULL},
	{"18-the-servers-child-is-killed", "\n## `child kill KILL`\n"},
	{"34-the-handshake-in-slow-motion", NULL},
};

static char directory[] = "/tmp/bothends-transcript-XXXXXX";

/* ------------------------------------------------------------ looking at one */
/* Columns by the C library's own table: another than the transcript's. */
static int columns_of(const char *line)
{
	wchar_t wide[1000];
	const size_t n = mbstowcs(wide, line, sizeof(wide) / sizeof(wide[0]) - 1);

	return n == (size_t)-1 ? -1 : wcswidth(wide, n);
}

/* NULL, or what is wrong with this line; `fenced` is kept from line to line. */
static const char *line_fault(const char *line, bool *fenced)
{
	const size_t len = strlen(line);

	for (size_t i = 0, n; i < len; i += n) {
		n = text_utf8((const unsigned char *)line + i, len - i);
		if (!n)
			return "a control character, or no UTF-8";
	}
	if (len && line[len - 1] == ' ')
		return "blanks at its end";
	if (!strncmp(line, "```", 3)) {
		if (strcmp(line, *fenced ? "```" : "```text") != 0)
			return "a fence that is none of ours";
		*fenced = !*fenced;
	} else if (*fenced && (columns_of(line) < 0 || columns_of(line) > 80)) {
		return "a ladder of more than 80 columns";
	}
	return NULL;
}

static void lines_check(const char *name, const char *text)
{
	char *copy = xstrdup(text), *rest = copy, *line;
	bool fenced = false;

	while ((line = strsep(&rest, "\n"))) {
		const char *fault = line_fault(line, &fenced);

		if (fault)
			fail_msg("%s: %s: %s", name, fault, line);
	}
	assert_false(fenced);
	free(copy);
}

struct counts {
	int titles, parts, ladders, items, tables;
};

static bool node_usual(cmark_node *node)
{
	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_CODE_BLOCK:
		return !strcmp(cmark_node_get_fence_info(node), "text");
	case CMARK_NODE_DOCUMENT:
	case CMARK_NODE_HEADING:
	case CMARK_NODE_PARAGRAPH:
	case CMARK_NODE_LIST:
	case CMARK_NODE_ITEM:
	case CMARK_NODE_TEXT:
	case CMARK_NODE_SOFTBREAK:
	case CMARK_NODE_CODE:
		return true;
	default: /* HTML, links, emphasis, rules: data that has become markup */
		return false;
	}
}

static void node_count(cmark_node *node, struct counts *counts)
{
	const cmark_node_type type = cmark_node_get_type(node);

	if (type == CMARK_NODE_HEADING && cmark_node_get_heading_level(node) == 1)
		counts->titles++;
	if (type == CMARK_NODE_HEADING && cmark_node_get_heading_level(node) == 2)
		counts->parts++;
	if (type == CMARK_NODE_CODE_BLOCK)
		counts->ladders++;
	if (type == CMARK_NODE_ITEM)
		counts->items++;
	/* CommonMark has no tables: there it is a paragraph. */
	if (type == CMARK_NODE_TEXT && !strncmp(cmark_node_get_literal(node), "| state |", 9))
		counts->tables++;
}

static int text_count(const char *text, const char *what)
{
	int count = 0;

	for (; (text = strstr(text, what)); text += strlen(what))
		count++;
	return count;
}

static void markdown_check(const char *name, const char *text)
{
	cmark_node *document = cmark_parse_document(text, strlen(text), CMARK_OPT_DEFAULT);
	cmark_iter *iter = cmark_iter_new(document);
	struct counts counts = {0};
	cmark_event_type got;

	while ((got = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(iter);

		if (got != CMARK_EVENT_ENTER)
			continue;
		if (!node_usual(node))
			fail_msg("%s: a %s in line %d", name, cmark_node_get_type_string(node),
				 cmark_node_get_start_line(node));
		node_count(node, &counts);
	}
	cmark_iter_free(iter);
	cmark_node_free(document);
	assert_int_equal(counts.titles, 1);
	assert_int_equal(counts.parts, text_count(text, "\n## "));
	assert_int_equal(counts.ladders, text_count(text, "\n```text\n"));
	assert_int_equal(counts.items, text_count(text, "\n- "));
}

static void transcript_check(const char *name, const char *text)
{
	lines_check(name, text);
	markdown_check(name, text);
	assert_non_null(strstr(text, "\n## In the end\n"));
}

/* -------------------------------------------------------- three of them, line by line */
static const struct {
	const char *find, *put;
} variable[] = {
	{"^ *[0-9]+\\.[0-9]{3}  ", "    -.---  "},
	{"pid [0-9]+", "pid PID"},
	{"(127\\.0\\.0\\.1|192\\.0\\.2\\.[12]):[0-9]+", "ADDRESS:PORT"},
	{"fork\\(\\) = [0-9]+", "fork() = PID"},
	{"after [0-9]+\\.[0-9]{3} s", "after TIME"},
	{"^[0-9-]+ [0-9:]+ UTC, Linux .*, ", "DATE, KERNEL, "},
	{"bothends [0-9.]+", "bothends VERSION"},
	{"^\\| (round trip|congestion window|segments sent|retransmitted in all) \\|.*$",
	 "| TIMING |"},
};

static char *line_replace(const char *line, const char *find, const char *put)
{
	struct strbuf out = {0};
	regmatch_t at;
	regex_t regex;
	bool any = false;

	assert_int_equal(regcomp(&regex, find, REG_EXTENDED), 0);
	while (*line && !regexec(&regex, line, 1, &at, any ? REG_NOTBOL : 0)) {
		strbuf_add(&out, line, (size_t)at.rm_so);
		strbuf_puts(&out, put);
		line += at.rm_eo;
		any = true;
	}
	strbuf_puts(&out, line);
	regfree(&regex);
	return strbuf_take(&out);
}

/* A state that a slow machine had to infer is the same state. */
static void line_infer_nothing(char *line)
{
	char *at = line;

	while ((at = strchr(at, '('))) {
		const size_t len = strspn(at + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_12");

		if (len > 2 && at[len + 1] == ')') {
			const size_t to = at[len + 2] ? 0 : 2;

			memmove(at + to, at + 1, len);
			memset(at + (to ? 0 : len), ' ', 2);
		}
		at++;
	}
}

/* Where a number had more or fewer digits the blanks before it differ too. */
static char *normal(const char *text)
{
	char *copy = xstrdup(text), *rest = copy, *line;
	struct strbuf out = {0};

	while ((line = strsep(&rest, "\n"))) {
		char *now = xstrdup(line);

		line_infer_nothing(now);
		for (size_t i = 0; i < sizeof(variable) / sizeof(variable[0]); i++) {
			char *next = line_replace(now, variable[i].find, variable[i].put);

			if (i && strcmp(next, now) != 0) {
				free(now);
				now = line_replace(next, "  +", "  ");
				free(next);
				continue;
			}
			free(now);
			now = next;
		}
		strbuf_puts(&out, now);
		if (rest)
			strbuf_puts(&out, "\n");
		free(now);
	}
	free(copy);
	return strbuf_take(&out);
}

/* On a machine under load two things that come at once may change places: false, unless it was the
 * last try. */
static bool lesson_compare(const char *name, const char *until, char *text, bool last)
{
	const char *to = getenv("TRANSCRIPTS");
	char *end = until ? strstr(text, until) : NULL, *is, *want, *file;
	struct err err = {0};
	size_t len, at = 0;
	bool same;

	if (end)
		*end = '\0';
	is = normal(text);
	if (to) {
		FILE *out;

		file = xasprintf("%s/%s.md", to, name);
		out = fopen(file, "w");
		assert_non_null(out);
		fputs(is, out);
		fclose(out);
		free(file);
	}
	file = xasprintf("%s/tests/cli/transcripts/%s.md", TEST_SOURCE, name);
	want = file_read(file, &len, &err);
	if (!want)
		fail_msg("%s", err.text);
	while (is[at] && is[at] == want[at])
		at++;
	while (at && is[at - 1] != '\n')
		at--;
	same = !strcmp(is, want);
	if (!same && last)
		fail_msg("%s: is\n%.600s\nand was to be\n%.600s", name, is + at, want + at);
	free(file);
	free(want);
	free(is);
	return same;
}

/* --------------------------------------------------------------------- the tests */
/* Play it; its transcript is NAME.md in our directory then. */
static pid_t lesson_play(const char *lesson, const char *name)
{
	const char *program = getenv("BOTHENDS");
	char *save = xasprintf("%s/%s", directory, name);
	const pid_t pid = fork();

	if (!pid) {
		if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
			_exit(126);
		execl(program ? program : TEST_BUILD "/bothends", "bothends", "run", "--save", save,
		      lesson, NULL);
		_exit(127);
	}
	free(save);
	return pid;
}

static char *lesson_name(const char *lesson)
{
	const char *base = strrchr(lesson, '/') + 1;

	return xstrndup(base, strlen(base) - strlen(".md"));
}

static char *transcript_read(const char *name)
{
	char *file = xasprintf("%s/%s.md", directory, name), *text;
	struct err err = {0};
	size_t len;

	text = file_read(file, &len, &err);
	if (!text)
		fail_msg("%s", err.text);
	assert_int_equal(len, strlen(text));
	free(file);
	return text;
}

static void lesson_check(const char *lesson)
{
	char *name = lesson_name(lesson), *text = transcript_read(name);

	transcript_check(name, text);
	for (size_t i = 0; i < sizeof(compared) / sizeof(compared[0]); i++) {
		if (strcmp(compared[i].name, name) != 0)
			continue;
		for (int try = 1; !lesson_compare(name, compared[i].until, text, try == TRIES);
		     try++) {
			char *again = xasprintf("%s-%d", name, try);

			assert_true(waitpid(lesson_play(lesson, again), NULL, 0) > 0);
			free(text);
			text = transcript_read(again);
			free(again);
		}
	}
	free(text);
	free(name);
}

static void test_lessons(void **unused)
{
	int running = 0, status, worst = 0;
	glob_t lessons;

	(void)unused;
	assert_int_equal(glob(TEST_SOURCE "/lessons/[0-9][0-9]-*.md", 0, NULL, &lessons), 0);
	for (size_t i = 0; i < lessons.gl_pathc || running;) {
		if (i < lessons.gl_pathc && running < AT_ONCE) {
			char *name = lesson_name(lessons.gl_pathv[i]);

			assert_true(lesson_play(lessons.gl_pathv[i++], name) > 0);
			running++;
			free(name);
			continue;
		}
		assert_true(wait(&status) > 0);
		running--;
		if (status > worst)
			worst = status;
	}
	/* The machine allows no lab, or no wire. */
	if (worst == 3 << 8) {
		globfree(&lessons);
		skip();
	}
	for (size_t i = 0; i < lessons.gl_pathc; i++)
		lesson_check(lessons.gl_pathv[i]);
	globfree(&lessons);
}

/* Data and names that would be markup, widths that are not one, arrows that have no room. */
static void test_hostile(void **unused)
{
	static const char *const texts[] = {
		"`x` ``y`` *a* _b_ [l](http://x) <b> & | \\",
		"``` \x1b[2J ~~~",
		"\u7532\u4e59\u4e19 \U0001f600\u200d\U0001f525 e\u0301",
		"\xff\xfe\x80 broken",
		"# - + 1. > ===",
		"",
	};
	struct session_about about = {.kernel = "Linux <b>x_y_z"};
	struct journal *journal = journal_new(0);
	struct event event;
	size_t len;
	char *text = NULL, *longest = xmalloc(3000);
	FILE *out;

	(void)unused;
	for (size_t i = 0; i < 2999; i++)
		longest[i] = "\xe7\x94\xb2"[i % 3];
	longest[2997] = '\0';
	for (size_t i = 0; i <= sizeof(texts) / sizeof(texts[0]); i++) {
		const char *what = i < sizeof(texts) / sizeof(texts[0]) ? texts[i] : longest;

		event = (struct event){.kind = EVENT_COMMAND, .side = SIDE_NONE, .t = (int64_t)i};
		event.command.text = what;
		event.command.acts = true;
		journal_append(journal, &event);
		event = (struct event){.kind = EVENT_CALL, .side = (enum side)(i % SIDE_COUNT)};
		event.call.call = CALL_GETSOCKNAME;
		event.call.args = what;
		event.call.ret = INT64_MIN + 1;
		event.call.err = 22;
		event.call.was_blocked = true;
		event.call.us = INT64_MAX / 2;
		journal_append(journal, &event);
		event = (struct event){
			.kind = EVENT_HOST, .side = SIDE_SERVER, .t = INT64_MAX / 16};
		event.note.text = what;
		journal_append(journal, &event);
		event = (struct event){.kind = EVENT_EXPECT, .side = SIDE_NONE};
		event.expect.text = event.expect.saw = what;
		event.expect.held = (int)(i % 3) - 1;
		journal_append(journal, &event);
		for (int fate = 0; fate < FATE_COUNT; fate++) {
			event = (struct event){.kind = EVENT_SEGMENT, .side = fate % 2};
			event.segment.to = !(fate % 2);
			event.segment.flags = i % 2 ? 255 : TH_A | TH_S;
			event.segment.seq = event.segment.ack = event.segment.len = UINT32_MAX;
			event.segment.fate = (enum fate)fate;
			event.segment.sent = UINT32_MAX;
			journal_append(journal, &event);
		}
		about.title = what;
		/* Of an unknown day it is the kernel that could begin a line. */
		about.epoch = i % 2 ? 1700000000LL * NS_PER_S : 0;
		about.kernel = i % 2 ? "Linux <b>x_y_z" : "    code";
		free(text);
		out = open_memstream(&text, &len);
		transcript_write(journal, &about, out);
		fclose(out);
		transcript_check("hostile", text);
	}
	free(text);
	free(longest);
	journal_free(journal);
}

/* Nothing at all has happened. */
static void test_empty(void **unused)
{
	const struct session_about about = {0};
	struct journal *journal = journal_new(0);
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	(void)unused;
	transcript_write(journal, &about, out);
	fclose(out);
	transcript_check("empty", text);
	assert_memory_equal(text, "# A session in the free lab\n", 28);
	free(text);
	journal_free(journal);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_empty),
					   cmocka_unit_test(test_hostile),
					   cmocka_unit_test(test_lessons)};
	int failed;

	if (!setlocale(LC_CTYPE, "C.UTF-8") || !mkdtemp(directory))
		return 1;
	cmocka_set_test_filter(getenv("TEST_ONLY"));
	failed = cmocka_run_group_tests_name("transcript", tests, NULL, NULL);
	scratch_remove(directory);
	return failed;
}
