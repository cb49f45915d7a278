/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_script_lesson.c - a script as a lesson: a step a paragraph, its comments the text. */
#include "language.h"
#include "script_lesson.h"

static struct lesson *read_text(const char *text)
{
	struct lesson *lesson;
	struct err err;

	if (script_lesson_parse("a/x.lab", text, strlen(text), &lesson, &err))
		fail_msg("line %d: %s", err.line, err.text);
	return lesson;
}

static const char *block_text(const struct block *block)
{
	static char out[1024];
	size_t used = 0;

	*out = '\0';
	for (size_t i = 0; i < block->count && used < sizeof(out); i++)
		used += (size_t)snprintf(out + used, sizeof(out) - used, "%s%s",
					 i && block->kind == BLOCK_CODE ? "|" : "",
					 block->spans[i].text);
	return out;
}

static void paragraphs(void **state)
{
	struct lesson *lesson = read_text(
		"#!/usr/bin/env bothends run\n# SPDX-License-Identifier: MIT\n# ------\n"
		"# What this\n# is about.\n\n"
		"# The handshake: S, S. and the ACK.\nlink wire\nopen # now\r\n\n\n"
		"server read\nclient close\n# It may still send.\n\n"
		"# A comment of its own.\n\n# And one\n# more. With text\n#\n#    drawn -> here\n"
		"client read\n# Then this!\nserver close\nexpect client gone");

	(void)state;
	assert_string_equal(lesson->title, "x.lab");
	assert_int_equal(lesson->link, LINK_WIRE);
	assert_false(lesson->page);
	assert_int_equal(lesson->nintro, 1);
	assert_string_equal(block_text(&lesson->intro[0]), "What this is about.");
	assert_int_equal(lesson->nsteps, 4);
	assert_string_equal(lesson->steps[0].heading, "The handshake");
	assert_string_equal(block_text(&lesson->steps[0].blocks[0]), "S, S. and the ACK.");
	assert_string_equal(block_text(&lesson->steps[0].blocks[1]), "link wire|open # now");
	assert_int_equal(lesson->steps[0].script.count, 1); /* the link is the lesson's */
	assert_int_equal(lesson->steps[0].script.commands[0].line, 9);
	assert_string_equal(lesson->steps[1].heading, "server read");
	assert_int_equal(lesson->steps[1].nbefore, 1);
	assert_int_equal(lesson->steps[1].nblocks, 2);
	assert_string_equal(block_text(&lesson->steps[1].blocks[1]), "It may still send.");
	assert_string_equal(lesson->steps[2].heading, "A comment of its own");
	assert_int_equal(lesson->steps[2].nblocks, 3);
	assert_string_equal(block_text(&lesson->steps[2].blocks[0]), "And one more. With text");
	assert_int_equal(lesson->steps[2].blocks[1].kind, BLOCK_CODE);
	assert_string_equal(lesson->steps[3].heading, "Then this!");
	assert_int_equal(lesson->steps[3].script.count, 2);
	assert_null(lesson->steps[3].question);
	lesson_free(lesson);
}

/* No empty line, no comment, a comment that is too long for a heading. */
static void plain(void **state)
{
	struct lesson *lesson = read_text("expect not client gone\nopen\nclient close");

	(void)state;
	assert_int_equal(lesson->nsteps, 1);
	assert_string_equal(lesson->steps[0].heading, "open");
	assert_int_equal(lesson->nintro, 0);
	lesson_free(lesson);
	lesson = read_text("# A sentence that goes on for so long that nobody would take it for a "
			   "heading at all\nopen\n");
	assert_string_equal(lesson->steps[0].heading, "open");
	assert_int_equal(lesson->steps[0].nblocks, 2);
	lesson_free(lesson);
	lesson = read_text("# A clause that is short, and\n# behind it another that goes on for as "
			   "long as it likes\nlink wire\n");
	assert_string_equal(lesson->steps[0].heading, "A clause that is short");
	lesson_free(lesson);
	lesson = read_text(
		"# A clause that goes on for so long that it will hardly do for a heading, "
		"and more\nopen\n");
	assert_string_equal(lesson->steps[0].heading, "open");
	lesson_free(lesson);
	lesson = read_text("# A clause that is short, and\n# behind it another that goes on for as "
			   "long as it likes\nlink wire\n");
	assert_int_equal(lesson->steps[0].script.count, 0);
	assert_int_equal(lesson->link, LINK_WIRE);
	lesson_free(lesson);
}

static void mistakes(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{"open\n\n# x\nopne\n", "x.lab:4: unknown command `opne`; did you mean `open`?"},
		{"# only\n\n# comments\n", "x.lab: no command in it: there is nothing to play"},
		{"", "x.lab: no command in it: there is nothing to play"},
		{"open\nquit\n", "x.lab:2: `quit` is the screen's own: it cannot stand in a file"},
	};
	struct lesson *lesson;
	struct err err;
	char line[1024];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(script_lesson_parse("x.lab", cases[i].text, strlen(cases[i].text),
						     &lesson, &err),
				 -1);
		assert_null(lesson);
		assert_string_equal(err_format(&err, line, sizeof(line)), cases[i].says);
	}
}

/* What is shown of a long comment, and of many commands, is bounded. */
static void bounded(void **state)
{
	char *long_comment = malloc(1 << 20);
	struct lesson *lesson;
	const struct block *block;
	size_t shown = 0;

	(void)state;
	for (size_t i = 0; i < 1 << 20; i++)
		long_comment[i] = i % 80 ? (i % 80 == 79 ? '\n' : 'x') : '#';
	memcpy(long_comment + (1 << 20) - 6, "\nopen\n", 6);
	long_comment[(1 << 20) - 1] = '\0';
	lesson = read_text(long_comment);
	block = &lesson->steps[0].blocks[0];
	for (size_t i = 0; i < block->count; i++)
		shown += strlen(block->spans[i].text);
	assert_in_range(shown, 7000, 8192);
	assert_string_equal(lesson->steps[0].heading, "open");
	lesson_free(lesson);
	for (int lines = 40; lines <= 41; lines++) {
		*long_comment = '\0';
		for (int i = 0; i < lines; i++)
			strcat(long_comment, "client write \"a\"\n");
		lesson = read_text(long_comment);
		assert_int_equal(lesson->steps[0].script.count, lines);
		block = &lesson->steps[0].blocks[0];
		assert_int_equal(block->count, lines);
		assert_string_equal(block->spans[lines - 1].text,
				    lines > 40 ? "..." : "client write \"a\"");
		lesson_free(lesson);
	}
	free(long_comment);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paragraphs),
		cmocka_unit_test(plain),
		cmocka_unit_test(mistakes),
		cmocka_unit_test(bounded),
	};

	return cmocka_run_group_tests_name("script as a lesson", tests, NULL, NULL);
}
