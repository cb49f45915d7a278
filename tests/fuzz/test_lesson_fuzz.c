/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_lesson_fuzz.c - a lesson mutated in seeded ways: it is read, or refused with one clean line.
 *
 * Every lesson of the course is a seed too. Run it with SANITIZE=address,undefined. */
#include "lab.h"
#include "text.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define ROUNDS 20000 /* or as many as FUZZ_ROUNDS says */
#define ROOM 65536

static const char seed_text[] =
	"# A *title*\n\n```lesson\npart: B\nlink: loopback\nminutes: 5\nlevel: x\nsource: "
	"y\n```\n\n"
	"Intro, `code`, **strong** and [text](address).\n\n- one\n  1. two\n\n> quoted\n\n"
	"## Step\n\nProse &amp; <b>more</b>.\n\n```c programs/x.c\nwrite(fd, \"1\", 1); // "
	"▶\n```\n\n"
	"```predict What?\nthis :: server write = 1\nthat :: server write fails EPIPE\n```\n\n"
	"```hint\nLook *here*.\n\n- and there\n```\n\n"
	"```lab\nopen\nserver write \"1\\n\"\nexpect client recvq >= 1 within 2s\n```\n\nWhy.\n\n"
	"```claim \"it holds\" — send(2)\nserver write = 1\ndiffers: no\n```\n";

/* What a line of a lesson is likely to be made of. */
static const char *const words[] = {
	"```",	   "~~~",    "lab\n",	 "predict Q\n",	 "claim \"x\" — y\n",
	" :: ",	   "## S\n", "# T\n",	 "differs: x\n", "\n\n",
	"> ",	   "- ",     "1. ",	 "&#27;",	 "\x1b[2J",
	"open\n",  "\xc3",   "expect ",	 "client gone",	 "link: wire\n",
	"hint\n",  "part: ", "&#x202e;", " already",	 "\xe2\x80",
	"source:", "    ",   "\t",	 "![[]()"};

static size_t mutate(char *text, size_t len, unsigned *seed)
{
	for (int i = rand_r(seed) % 6; i >= 0 && len; i--) {
		const size_t at = (size_t)rand_r(seed) % len;
		const size_t span = (size_t)rand_r(seed) % 64 % (len - at) + 1;
		const char *word = words[(size_t)rand_r(seed) % (sizeof(words) / sizeof(words[0]))];
		const size_t more = strlen(word);

		switch (rand_r(seed) % 5) {
		case 0:
			text[at] = (char)rand_r(seed);
			break;
		case 1:
			memmove(text + at, text + at + span, len - at - span);
			len -= span;
			break;
		case 2:
			if (len + span > ROOM)
				break;
			memmove(text + at + span, text + at, len - at);
			len += span;
			break;
		case 3:
			if (len + more > ROOM)
				break;
			memmove(text + at + more, text + at, len - at);
			memcpy(text + at, word, more);
			len += more;
			break;
		default:
			text[at] = '\n';
			break;
		}
	}
	return len;
}

static void assert_clean(const char *text)
{
	const size_t len = strlen(text);

	for (size_t i = 0, n; i < len; i += n) {
		n = text_utf8((const unsigned char *)text + i, len - i);
		if (!n)
			fail_msg("byte %zu of %s", i, text);
	}
}

static void assert_blocks(const struct block *blocks, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		assert_clean(blocks[i].marker);
		assert_clean(blocks[i].file);
		for (size_t j = 0; j < blocks[i].count; j++)
			assert_clean(blocks[i].spans[j].text);
	}
}

static void assert_lesson(const struct lesson *lesson)
{
	assert_clean(lesson->title);
	assert_clean(lesson->level);
	assert_true(!lesson->part || (lesson->part >= 'A' && lesson->part <= 'Z'));
	assert_in_range(lesson->minutes, 1, 600);
	assert_true(lesson->nsources > 0);
	for (size_t i = 0; i < lesson->nsources; i++)
		assert_clean(lesson->sources[i]);
	assert_blocks(lesson->intro, lesson->nintro);
	assert_true(lesson->nsteps > 0);
	for (size_t i = 0; i < lesson->nsteps; i++) {
		const struct step *step = &lesson->steps[i];

		assert_clean(step->heading);
		assert_blocks(step->blocks, step->nblocks);
		assert_blocks(step->blocks, step->nblocks);
		assert_blocks(step->hint, step->nhint);
		assert_true(!step->question == !step->nchoices);
		assert_true(step->script.count > 0);
		assert_true(step->nbefore <= step->nblocks);
		for (size_t j = 0; j < step->nchoices; j++)
			assert_clean(step->choices[j].text);
		for (size_t j = 0; j < step->nclaims; j++) {
			assert_clean(step->claims[j].text);
			assert_clean(step->claims[j].source);
			assert_clean(step->claims[j].why);
		}
	}
}

static void try(const char *text, size_t len, unsigned *read)
{
	struct lesson *lesson;
	struct mistakes mistakes;

	if (!lesson_parse_whole("x.md", text, len, &lesson, &mistakes)) {
		assert_lesson(lesson);
		lesson_free(lesson);
		++*read;
		return;
	}
	assert_null(lesson);
	assert_in_range(mistakes.count, 1, MISTAKES);
	for (size_t i = 0; i < mistakes.count; i++) {
		const struct err *err = &mistakes.at[i];

		assert_string_equal(err->file, "x.md");
		assert_true(err->text[0] != '\0');
		assert_null(strpbrk(err->text, "\n\r\x1b"));
		assert_true(!i || err->line >= err[-1].line);
	}
}

static int rounds(void)
{
	const char *more = getenv("FUZZ_ROUNDS");

	return more ? atoi(more) : ROUNDS;
}

static unsigned fuzz(const char *start, size_t len, unsigned seed, int rounds)
{
	char *text = malloc(ROOM + 64);
	unsigned read = 0;

	assert_true(len < ROOM);
	for (int i = 0; i < rounds; i++) {
		memcpy(text, start, len);
		try(text, mutate(text, len, &seed), &read);
	}
	free(text);
	return read;
}

static void test_seed(void **unused)
{
	unsigned read;

	(void)unused;
	alarm(600);
	read = fuzz(seed_text, sizeof(seed_text) - 1, 1, rounds());
	/* Some mutations do no harm: both ways through were walked. */
	assert_true(read > 10 && read < (unsigned)rounds());
}

static void test_course(void **unused)
{
	glob_t found = {0};
	size_t i;

	(void)unused;
	alarm(600);
	glob(TEST_SOURCE "/lessons/[0-9]*.md", 0, NULL, &found);
	for (i = 0; i < found.gl_pathc; i++) {
		struct err err = {0};
		size_t len;
		char *text = file_read(found.gl_pathv[i], &len, &err);

		assert_non_null(text);
		fuzz(text, len, (unsigned)i + 2, rounds() / 40);
		free(text);
	}
	globfree(&found);
	alarm(0);
	if (!i)
		skip();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_seed),
		cmocka_unit_test(test_course),
	};

	return cmocka_run_group_tests_name("lesson_fuzz", tests, NULL, NULL);
}
