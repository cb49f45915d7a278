/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_lesson.c - what a lesson is made of, and the line of every mistake in one. */
#include "lab.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define HEAD                              \
	"# The title\n"                   \
	"```lesson\n"                     \
	"link: loopback\n"                \
	"minutes: 5\n"                    \
	"level: beginner\n"               \
	"source: RFC 9293, section 3.6\n" \
	"```\n"
#define STEP "## A step\n```lab\nopen\n```\n" /* lines 8 to 11 */

static struct lesson *parse(const char *text)
{
	struct lesson *lesson;
	struct err err = {0};

	if (lesson_parse("x.md", text, strlen(text), &lesson, &err))
		fail_msg("line %d: %s", err.line, err.text);
	return lesson;
}

static void test_parts(void **unused)
{
	static const char text[] = "# The *write* that `should` have failed\n"
				   "\n"
				   "Intro with a [link](https://example.org/ \"title\").\n"
				   "\n"
				   "```lesson\n"
				   "link: wire\n"
				   "minutes: 5\n"
				   "\n"
				   "level: beginner\n"
				   "source: RFC 9293, section 3.6: \"Closing\"\n"
				   "source: send(2)\n"
				   "part: B\n"
				   "```\n"
				   "\n"
				   "## First & foremost\n"
				   "\n"
				   "Look at *Recv-Q*: it **counts** the `FIN`,\nas one.\n"
				   "\n"
				   "```c programs/echo.c and more\n"
				   "\twrite(fd, \"123\", 3); // ▶\n"
				   "\n"
				   "```\n"
				   "\n"
				   "~~~predict What :: does it return?\n"
				   "3, as a :: b, fine :: server write = 3\n"
				   "\n"
				   "-1 with EPIPE :: server write fails EPIPE already\n"
				   "~~~\n"
				   "```hint\n"
				   "Look at `Recv-Q`.\n"
				   "\n"
				   "It is *one*.\n"
				   "```\n"
				   "```lab\n"
				   "open  # both ends\n"
				   "\n"
				   "client close\n"
				   "```\n"
				   "And then:\n"
				   "```lab\n"
				   "expect client state FIN_WAIT2\n"
				   "```\n"
				   "Why.\n"
				   "```claim \"it returns \"ok\", always\" — UNP vol. 1 — 5.12\n"
				   "client read fails ECONNRESET\n"
				   "differs: Linux remembers\n"
				   "  the FIN\n"
				   "```\n"
				   "```claim \"plain\" -- send(2)\n"
				   "client gone\n"
				   "```\n";
	struct lesson *lesson = parse(text);
	const struct step *step = &lesson->steps[0];

	(void)unused;
	assert_string_equal(lesson->title, "The write that should have failed");
	assert_int_equal(lesson->link, LINK_WIRE);
	assert_int_equal(lesson->minutes, 5);
	assert_string_equal(lesson->level, "beginner");
	assert_int_equal(lesson->part, 'B');
	assert_int_equal(lesson->nsources, 2);
	assert_string_equal(lesson->sources[0], "RFC 9293, section 3.6: \"Closing\"");
	assert_int_equal(lesson->nintro, 1);
	assert_string_equal(lesson->intro[0].spans[0].text, "Intro with a link.");
	assert_int_equal(lesson->nsteps, 1);

	assert_string_equal(step->heading, "First & foremost");
	assert_int_equal(step->line, 15);
	assert_int_equal(step->nblocks, 4);
	assert_int_equal(step->nbefore, 2);
	assert_int_equal(step->blocks[0].count, 7);
	assert_int_equal(step->blocks[0].spans[1].style, SPAN_EMPH);
	assert_string_equal(step->blocks[0].spans[1].text, "Recv-Q");
	assert_int_equal(step->blocks[0].spans[3].style, SPAN_STRONG);
	assert_int_equal(step->blocks[0].spans[5].style, SPAN_CODE);
	assert_string_equal(step->blocks[0].spans[6].text, ", as one.");
	assert_int_equal(step->blocks[1].kind, BLOCK_CODE);
	assert_string_equal(step->blocks[1].marker, "c");
	assert_string_equal(step->blocks[1].file, "programs/echo.c");
	assert_string_equal(step->blocks[0].file, "");
	assert_int_equal(step->nhint, 2);
	assert_string_equal(step->hint[0].spans[1].text, "Recv-Q");
	assert_string_equal(step->hint[1].spans[1].text, "one");
	assert_int_equal(step->blocks[1].count, 2);
	assert_string_equal(step->blocks[1].spans[0].text, "        write(fd, \"123\", 3); // ▶");
	assert_string_equal(step->blocks[3].spans[0].text, "Why.");

	assert_string_equal(step->question, "What :: does it return?");
	assert_int_equal(step->nchoices, 2);
	assert_string_equal(step->choices[0].text, "3, as a :: b, fine");
	assert_string_equal(step->choices[0].condition.text, "server write = 3");
	assert_false(step->choices[0].already);
	assert_int_equal(step->choices[0].line, 26);
	assert_true(step->choices[1].already);
	assert_string_equal(step->choices[1].condition.text, "server write fails EPIPE");

	assert_int_equal(step->script.count, 3);
	assert_int_equal(step->script.commands[0].line, 36);
	assert_int_equal(step->script.commands[2].line, 42);
	assert_int_equal(step->nclaims, 2);
	assert_string_equal(step->claims[0].text, "it returns \"ok\", always");
	assert_string_equal(step->claims[0].source, "UNP vol. 1 — 5.12");
	assert_true(step->claims[0].differs);
	assert_string_equal(step->claims[0].why, "Linux remembers the FIN");
	assert_false(step->claims[1].differs);
	assert_string_equal(step->claims[1].source, "send(2)");
	lesson_free(lesson);
}

static void test_lists(void **unused)
{
	struct lesson *lesson = parse(HEAD "- one\n\n  goes on\n- two\n\n  3. three\n  4. four\n"
					   "> quoted\n\n### Small\n\n***\n" STEP);
	static const struct {
		enum block_kind kind;
		int depth;
		const char *marker, *text;
	} expected[] = {
		{BLOCK_ITEM, 0, "•", "one"},	   {BLOCK_ITEM, 0, "", "goes on"},
		{BLOCK_ITEM, 0, "•", "two"},	   {BLOCK_ITEM, 1, "3.", "three"},
		{BLOCK_ITEM, 1, "4.", "four"},	   {BLOCK_QUOTE, 0, "", "quoted"},
		{BLOCK_PARAGRAPH, 0, "", "Small"},
	};

	(void)unused;
	assert_int_equal(lesson->nintro, 7);
	for (size_t i = 0; i < 7; i++) {
		assert_int_equal(lesson->intro[i].kind, expected[i].kind);
		assert_int_equal(lesson->intro[i].depth, expected[i].depth);
		assert_string_equal(lesson->intro[i].marker, expected[i].marker);
		assert_string_equal(lesson->intro[i].spans[0].text, expected[i].text);
	}
	assert_int_equal(lesson->intro[6].spans[0].style, SPAN_STRONG);
	lesson_free(lesson);
}

/* What is not text does not get through: HTML, addresses, control characters by entity. */
static void test_safety(void **unused)
{
	struct lesson *lesson =
		parse(HEAD "a<b onclick='x'>b</b> &#27;[31m &#7;`&#27;` ![alt](http://x/y.png) "
			   "<http://auto.example/>\n\n<script>alert(1)</script>\n\n<br>\n\n" STEP);

	(void)unused;
	assert_int_equal(lesson->nintro, 1);
	assert_int_equal(lesson->intro[0].count, 3);
	assert_string_equal(lesson->intro[0].spans[0].text, "ab  [31m  ");
	assert_string_equal(lesson->intro[0].spans[1].text, "&#27;");
	assert_string_equal(lesson->intro[0].spans[2].text, " alt http://auto.example/");
	lesson_free(lesson);
}

static void test_pages(void **unused)
{
	static const char text[] = "# Part A\n\nAbout it.\n\n## Read\n\n```sh\nopen\n```\n";
	static const char lab[] = "# Part A\n\n```lab\nopen\n```\n";
	struct lesson *lesson;
	struct err err = {0};

	(void)unused;
	assert_int_equal(lesson_parse("d/A-the-write.md", text, strlen(text), &lesson, &err), 0);
	assert_true(lesson->page);
	assert_int_equal(lesson->nsteps, 0);
	assert_int_equal(lesson->nintro, 3);
	assert_string_equal(lesson->title, "Part A");
	lesson_free(lesson);
	assert_int_equal(lesson_parse("A-x.md", lab, strlen(lab), &lesson, &err), -1);
	assert_int_equal(err.line, 3);
	assert_null(lesson);
}

/* What only looks a little like them is text. */
static void test_other_fences(void **unused)
{
	struct lesson *lesson = parse(HEAD "## S\n```less\nx\n```\n```lua\nx\n```\n```la\nx\n```\n"
					   "```c\nx\n```\n```html\nx\n```\n```lab\nopen\n```\n");

	(void)unused;
	assert_int_equal(lesson->steps[0].nblocks, 5);
	lesson_free(lesson);
}

static void test_windows_lines(void **unused)
{
	struct lesson *lesson = parse("\xef\xbb\xbf# T\r\n```lesson\r\nlink: loopback\r\n"
				      "minutes: 5\r\nlevel: x\r\nsource: y\r\n```\r\n## S\r\n"
				      "```lab\r\nserver write \"1\"\r\n```\r\n");

	(void)unused;
	assert_string_equal(lesson->steps[0].script.commands[0].text, "server write \"1\"");
	lesson_free(lesson);
}

#define PREDICT(body) HEAD "## S\n```predict Q\n" body "```\n```lab\nopen\n```\n"
#define CLAIM(head, body) HEAD STEP "```claim " head "\n" body "```\n" /* its fence is line 12 */
static const struct mistake {
	const char *text;
	int line;
	const char *says;
} rows[] = {
	{"", 1, "# TITLE"},
	{"text only\n", 1, "# TITLE"},
	{"# T\n" STEP, 1, "no lesson block"},
	{HEAD, 1, "at least one step"},
	{HEAD "# Another\n" STEP, 8, "second `# title`"},
	{HEAD STEP HEAD, 12, "second `# title`"},
	{HEAD STEP "```lesson\nlink: wire\n```\n", 12, "second lesson block"},
	{"# T\n```lesson\nlink: carrier\n```\n", 3, "loopback"},
	{"# T\n```lesson\nlink: loopback\nminutes: 0\n```\n", 4, "minutes"},
	{"# T\n```lesson\nlink: loopback\nminutes: 5x\n```\n", 4, "minutes"},
	{"# T\n```lesson\nlink: loopback\nminutes: 99999999999\n```\n", 4, "minutes"},
	{"# T\n```lesson\ncolour: red\n```\n", 3, "`source:`"},
	{"# T\n```lesson\nlink: loopback\nlevel: x\nsource: y\n```\n", 2, "minutes"},
	{"# T\n```lesson\nlink: loopback\nminutes: 5\nsource: y\n```\n", 2, "level"},
	{"# T\n```lesson\nlink: loopback\nminutes: 5\nlevel: x\n```\n", 2, "source"},
	{"# T\n```lesson\nminutes: 5\nlevel: x\nsource: y\n```\n", 2, "link"},
	{HEAD "```lab\nopen\n```\n", 8, "## heading"},
	{HEAD "##\n```lab\nopen\n```\n", 8, "needs a heading"},
	{HEAD "## S\ntext\n", 8, "no lab block"},
	{HEAD "## S\ntext\n" STEP, 8, "no lab block"},
	{HEAD "## S\n```lab\n# nothing\n```\n", 9, "empty lab block"},
	{HEAD "## S\n```lab\nopen\nserver wrote\n```\n", 11, ""},
	{HEAD "## S\n```lab\nnext\n```\n", 10, ""},
	{HEAD "## S\n```lab now\nopen\n```\n", 9, "behind `lab`"},
	{HEAD "## S\n- x\n\n  ```lab\n  open\n  ```\n" STEP, 11, "inside a list or quote"},
	{HEAD STEP "> ```predict Q\n> a :: b\n> ```\n", 12, "inside a list or quote"},
	{PREDICT("a :: client gone\n"), 9, "at least two choices"},
	{PREDICT("a client gone\nb :: client gone\n"), 10, "TEXT :: CONDITION"},
	{PREDICT(" :: client gone\nb :: client gone\n"), 10, "TEXT :: CONDITION"},
	{PREDICT("a :: client gone\nb :: client went\n"), 11, ""},
	{PREDICT("a :: \nb :: client gone\n"), 10, ""},
	{HEAD "## S\n```predict\na :: client gone\nb :: server gone\n```\n", 9, "QUESTION"},
	{PREDICT("a :: client gone\nb :: server gone\n") "```predict Q\n```\n", 16,
	 "second predict"},
	{HEAD STEP "```predict Q\na :: client gone\nb :: server gone\n```\n", 12,
	 "before the step's lab"},
	{HEAD "## S\n```claim \"x\" — y\nclient gone\n```\n", 9, "after the step's lab"},
	{CLAIM("\"x\" — y", "client gone\n") "```lab\nopen\n```\n", 15, "before the step's claims"},
	{CLAIM("x — y", "client gone\n"), 12, "SOURCE"},
	{CLAIM("\"x\"", "client gone\n"), 12, "SOURCE"},
	{CLAIM("\"x\" — ", "client gone\n"), 12, "SOURCE"},
	{CLAIM("\"\" — y", "client gone\n"), 12, "SOURCE"},
	{CLAIM("\"x\" — y", ""), 12, "condition"},
	{CLAIM("\"x\" — y", "client went\n"), 13, ""},
	{CLAIM("\"x\" — y", "client gone\nmore\n"), 14, "differs"},
	{CLAIM("\"x\" — y", "client gone\ndiffers:\n"), 14, "differs"},
	{"# T\n```lesson\npart: AB\n```\n", 3, "part"},
	{"# T\n```lesson\npart: a\n```\n", 3, "part"},
	{HEAD STEP "```hint\nx\n```\n", 12, "before the step's lab"},
	{HEAD "## S\n```hint\n```\n", 9, "empty hint"},
	{HEAD "## S\n````hint\n- x\n\n  ```lab\n  open\n  ```\n````\n", 9, "few lines of text"},
	{HEAD "## S\n```hint x\ny\n```\n", 9, "behind `hint`"},
	{HEAD "## S\n```hint\ny\n```\n```hint\nz\n```\n", 12, "second hint"},
	{HEAD "```hint\ny\n```\n" STEP, 8, "## heading"},
	{HEAD "## S\n```predcit Q\na :: client gone\nb :: server gone\n```\n```lab\nopen\n```\n", 9,
	 "`predict`"},
	{HEAD "## S\n```la&#27;b\nopen\n```\n```lab\nopen\n```\n", 9, "`la b`"},
	{HEAD STEP "```claims \"x\" — y\nclient gone\n```\n", 12, "`claim`"},
	{HEAD "## S\n```lob\nopen\n```\n```lab\nopen\n```\n", 9, "`lab`"},
	{HEAD "bell \x07\n" STEP, 8, "0x07"},
	{HEAD "latin \xe9 one\n" STEP, 8, "0xe9"},
	{HEAD "turned \xe2\x80\xae round\n" STEP, 8, "0xe2"},
};

static void test_mistakes(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct mistake *mistake = &rows[i];
		struct lesson *lesson = (struct lesson *)1;
		struct err err = {0};

		if (!lesson_parse("x.md", mistake->text, strlen(mistake->text), &lesson, &err))
			fail_msg("no mistake seen in %s", mistake->text);
		assert_null(lesson);
		if (strcmp(err.file, "x.md") || err.line != mistake->line ||
		    !strstr(err.text, mistake->says))
			fail_msg("%s line %d, not %d: %s\n%s", err.file, err.line, mistake->line,
				 err.text, mistake->text);
		assert_null(strchr(err.text, '\n'));
	}
}

/* All of them, by line, and nothing that only follows from another. */
static void test_whole(void **unused)
{
	static const char text[] = "# T\n"
				   "```lesson\n"
				   "link: carrier\n" /* 3 */
				   "minutes: many\n" /* 4 */
				   "source:\n"	     /* 5 */
				   "```\n"
				   "```lab\n" /* 7: no step yet, said once */
				   "open\n"
				   "```\n"
				   "```lab\n"
				   "open\n"
				   "```\n"
				   "##\n"		/* 13 */
				   "```predict\n"	/* 14 */
				   "a client gone\n"	/* 15 */
				   "b :: client went\n" /* 16 */
				   "```\n"
				   "```lab\n"
				   "open sesame\n" /* 19 */
				   "\n"
				   "client close\n"
				   "quit\n" /* 22 */
				   "```\n"
				   "```claim x\n"  /* 24 */
				   "client went\n" /* 25 */
				   "more\n"	   /* 26 */
				   "```\n"
				   "## S\n" /* 28: no lab block */
				   "# U\n"  /* 29 */
				   "- x\n\n"
				   "  ```lab\n" /* 32 */
				   "  open\n"
				   "  ```\n";
	static const int lines[] = {2, 3, 4, 5, 7, 13, 14, 15, 16, 19, 22, 24, 25, 26, 28, 29, 32};
	struct mistakes all;
	struct lesson *lesson = (struct lesson *)1;

	(void)unused;
	assert_int_equal(lesson_parse_whole("x.md", text, strlen(text), &lesson, &all), -1);
	assert_null(lesson);
	for (size_t i = 0; i < all.count; i++)
		if (i >= sizeof(lines) / sizeof(lines[0]) || all.at[i].line != lines[i])
			fail_msg("line %d: %s", all.at[i].line, all.at[i].text);
	assert_int_equal(all.count, sizeof(lines) / sizeof(lines[0]));
	assert_string_equal(all.at[0].text, "the lesson block lacks `level:`");
	assert_string_equal(all.at[16].file, "x.md");
	assert_int_equal(lesson_parse_whole("x.md", HEAD STEP, strlen(HEAD STEP), &lesson, &all),
			 0);
	assert_int_equal(all.count, 0);
	lesson_free(lesson);
}

static void test_whole_is_bounded(void **unused)
{
	static char text[200000];
	char *at = stpcpy(text, HEAD "## S\n```lab\n");
	struct mistakes all;
	struct lesson *lesson;

	(void)unused;
	for (int i = 0; i < 100; i++)
		at = stpcpy(at, "bogus\n");
	lesson_parse_whole("x.md", text, strlen(text), &lesson, &all);
	assert_int_equal(all.count, MISTAKES);
	assert_int_equal(all.at[MISTAKES - 1].line, 9 + MISTAKES);
	at = stpcpy(text, "# T\n\x01\x01\n\n\x01\n");
	lesson_parse_whole("x.md", text, strlen(text), &lesson, &all);
	assert_int_equal(all.count, 2);
	assert_int_equal(all.at[1].line, 4);
}

static void assert_refused(const char *text, size_t len, const char *says)
{
	struct lesson *lesson;
	struct err err = {0};

	if (!lesson_parse("x.md", text, len, &lesson, &err))
		fail_msg("a file with %s was taken", says);
	if (!strstr(err.text, says))
		fail_msg("%s: %s", says, err.text);
}

static void append(char **at, const char *text)
{
	*at = stpcpy(*at, text);
}

static void test_bounds(void **unused)
{
	char *text = malloc(3 << 20), *at = text;
	struct mistakes all;
	struct lesson *lesson;

	(void)unused;
	memset(text, 'x', 3 << 20);
	assert_refused(text, (1 << 20) + 1, "too large");
	assert_refused(text, 5000, "line too long");
	for (int i = 0; i < 1 << 20; i += 100)
		text[i] = '\n';
	assert_refused(text, 20000, "without an empty line");
	assert_refused("# T\n\0\n", 6, "0x00");
	append(&at, HEAD);
	for (int i = 0; i < 65; i++)
		append(&at, STEP);
	assert_refused(text, (size_t)(at - text), "too many steps");
	at = text;
	append(&at, HEAD "## S\n```predict Q\n");
	for (int i = 0; i < 17; i++)
		append(&at, "a :: client gone\n");
	append(&at, "```\n");
	assert_refused(text, (size_t)(at - text), "too many choices");
	at = text;
	append(&at, HEAD STEP);
	for (int i = 0; i < 17; i++)
		append(&at, "```claim \"x\" — y\nclient gone\n```\n");
	assert_refused(text, (size_t)(at - text), "too many claims");
	at = text;
	append(&at, "# T\n```lesson\n");
	for (int i = 0; i < 17; i++)
		append(&at, "source: y\n");
	append(&at, "```\n");
	assert_refused(text, (size_t)(at - text), "too many sources");
	at = text;
	append(&at, HEAD);
	for (int i = 0; i < 600; i++)
		append(&at, "text\n\n");
	assert_refused(text, (size_t)(at - text), "too much text");
	append(&at, STEP);
	assert_int_equal(lesson_parse_whole("x.md", text, (size_t)(at - text), &lesson, &all), -1);
	assert_int_equal(all.count, 1);
	at = text;
	append(&at, HEAD);
	for (int i = 0; i < 21; i++) {
		append(&at, "## S\n```lab\n");
		for (int j = 0; j < 100; j++)
			append(&at, "open\n");
		append(&at, "```\n");
	}
	assert_refused(text, (size_t)(at - text), "too many commands");
	free(text);
}

/* Files made to be slow or deep. The alarm is the check: without the bounds some of these take
 * minutes, or the stack. */
static void test_slow_files(void **unused)
{
	static const char *const patterns[] = {
		">",   "> ",	 "- ",	  "[",	   "![",      "*",    "_ ",	 "**a ",
		"`",   "<",	 "&#27;", "](",	   "<!--",    "\\",   "[a]:b\n", "* *\n",
		"\n",  "```\n",	 "*a_ ",  "#\n",   "<a ",     "<?",   "x\n",	 "\t",
		"1) ", "~~~\n>", "|",	  "[[]()", "*a**a_a", "[a](", "![[]()",	 "[a]["};
	const size_t room = 1 << 20;
	char *text = malloc(room + 1);

	(void)unused;
	alarm(120);
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		struct lesson *lesson;
		struct err err = {0};
		char *at = stpcpy(text, HEAD);
		size_t line = 0, lines = 0;

		while ((size_t)(at - text) + 64 < room) {
			at = stpcpy(at, patterns[i]);
			line += strlen(patterns[i]);
			if (line < 4000)
				continue;
			*at++ = '\n';
			line = 0;
			if (++lines % 4 == 0)
				*at++ = '\n';
		}
		if (!lesson_parse("x.md", text, (size_t)(at - text), &lesson, &err))
			lesson_free(lesson);
		assert_null(strstr(err.text, "empty line"));
	}
	alarm(0);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_safety),
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_whole_is_bounded),
		cmocka_unit_test(test_windows_lines),
		cmocka_unit_test(test_other_fences),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_slow_files),
	};

	return cmocka_run_group_tests_name("lesson", tests, NULL, NULL);
}
