/* SPDX-License-Identifier: GPL-3.0-or-later */
/* course.c - a small course of our own, the program copied beside it, a state directory of its own.
 */
#include "course.h"

#include "../scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

char course_dir[] = "/tmp/bothends-course.XXXXXX", course_program[64], course_state[64],
     course_progress[96];

static const char page[] = "# Part A: Beginnings\n\nWhat the part is about.\n\n- RFC 9293\n\n"
			   "## What to read\n\n1. a manual page\n";
static const char first[] =
	"# The first write\n\n"
	"```lesson\npart: A\nlink: loopback\nminutes: 2\nlevel: beginner\nsource: a test\n```\n\n"
	"Words to begin with, 漢字も少し。\n\n"
	"## The client closes\n\nIt calls *close*.\n\n"
	"```lab\nopen\nclient close\nexpect server state CLOSE_WAIT\n```\n\n"
	"## The server writes\n\nIt has not read.\n\n"
	"```c programs/first.c\nsleep(1);\nwrite(fd, \"123\", 3); // ▶\n```\n\n"
	"```predict What does write return?\n"
	"3, as before :: server write = 3\n"
	"EPIPE at once, although nobody has told it anything at all :: server write fails EPIPE\n"
	"```\n\n"
	"```hint\nWho could have told the kernel?\n```\n\n"
	"```lab\nserver write \"123\"\nexpect server write = 3\nexpect client gone\n```\n\n"
	"The kernel only took the bytes.\n\n"
	"```claim \"the write fails\" — hearsay\nserver write fails EPIPE\n"
	"differs: TCP has to ask first\n```\n\n"
	"```claim \"a reset comes back\" — RFC 9293\nsegment from client R\n```\n";
const char course_second[] = "# The second lesson\n\n"
			     "```lesson\npart: A\nlink: loopback\nminutes: 13\nlevel: beginner\n"
			     "source: a test\n```\n\n"
			     "## Only one\n\nNothing is asked.\n\n```lab\nopen\n```\n";

void course_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

void course_lesson(const char *name, const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/lessons/%s", course_dir, name);
	course_file(path, text);
}

int course_make(void **state)
{
	char path[128];

	(void)state;
	snprintf(course_dir, sizeof(course_dir), "/tmp/bothends-course.XXXXXX");
	if (!mkdtemp(course_dir))
		return -1;
	snprintf(path, sizeof(path), "%s/lessons", course_dir);
	mkdir(path, 0700);
	snprintf(course_program, sizeof(course_program), "%s/bothends", course_dir);
	snprintf(course_state, sizeof(course_state), "XDG_STATE_HOME=%s/state", course_dir);
	snprintf(course_progress, sizeof(course_progress), "%s/state/bothends/progress.json",
		 course_dir);
	if (scratch_copy(TEST_BUILD "/bothends", course_program))
		return -1;
	snprintf(path, sizeof(path), "%s/bothends-actor", course_dir);
	if (scratch_copy(TEST_BUILD "/bothends-actor", path))
		return -1;
	course_lesson("A-beginnings.md", page);
	course_lesson("01-first.md", first);
	course_lesson("02-second.md", course_second);
	course_lesson("03-broken.md", "# Broken\n\n```lesson\nlink: pigeon\n```\n");
	return 0;
}

int course_remove(void **state)
{
	(void)state;
	return scratch_remove(course_dir);
}

void course_progress_put(const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/state", course_dir);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/state/bothends", course_dir);
	mkdir(path, 0700);
	course_file(course_progress, text);
}

void course_open(struct console *console, const char *lesson, int rows, int columns,
		 const char *option)
{
	const char *args[] = {"lesson", option ? option : lesson, option ? lesson : NULL, NULL};
	const char *env[] = {course_state, NULL};

	console_open(console, &(struct start){.rows = rows,
					      .columns = columns,
					      .args = args,
					      .env = env,
					      .program = course_program});
}

void course_to_question(struct console *console)
{
	course_open(console, "1", 0, 0, NULL);
	console_expect(console, "Words to begin with");
	console_type(console, PAGE_DOWN PAGE_DOWN);
	console_expect(console, "PgDn or Space: the next step");
	console_type(console, PAGE_DOWN);
	console_expect(console, "What does write return?");
}

void course_to_end(struct console *console)
{
	for (int i = 0; i < 10 && !strstr(console_row(console, 0), "the end"); i++) {
		size_t bytes = console->bytes;
		long long until = now_ms() + PATIENCE_MS;

		console_type(console, PAGE_DOWN);
		while (console->bytes == bytes && now_ms() < until)
			console_pump(console, 50);
		while (console_pump(console, 100)) /* all of the drawing */
			;
	}
	console_expect_row(console, 0, "the end");
	console_expect(console, "That was the lesson");
}
