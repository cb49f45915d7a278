/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_course.c - a reader and the course: what was done, hints, leaving and coming back, the end.
 *
 * The program is copied beside a small course of our own, with a state directory of its own. */
#include "console.h"

#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cmocka.h>

#define PAGE_UP "\033[5~"
#define PAGE_DOWN "\033[6~"
#define END "\033OF"
#define DOWN "\033OB"
#define F2 "\033OQ"
#define F6 "\033[17~"

static char dir[] = "/tmp/bothends-course.XXXXXX", program[64], state_home[64], progress[96];

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
static const char second[] = "# The second lesson\n\n"
			     "```lesson\npart: A\nlink: loopback\nminutes: 13\nlevel: beginner\n"
			     "source: a test\n```\n\n"
			     "## Only one\n\nNothing is asked.\n\n```lab\nopen\n```\n";

static void file_put(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static void lesson_put(const char *name, const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/lessons/%s", dir, name);
	file_put(path, text);
}

static void program_copy(const char *name)
{
	char from[512], to[128], bytes[65536];
	ssize_t n;
	int in, out;

	snprintf(from, sizeof(from), "%s/%s", TEST_BUILD, name);
	snprintf(to, sizeof(to), "%s/%s", dir, name);
	in = open(from, O_RDONLY | O_CLOEXEC);
	out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0700);
	assert_true(in >= 0 && out >= 0);
	while ((n = read(in, bytes, sizeof(bytes))) > 0)
		assert_int_equal(write(out, bytes, (size_t)n), n);
	close(in);
	assert_int_equal(close(out), 0);
}

static int course_make(void **state)
{
	char path[128];

	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/bothends-course.XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/lessons", dir);
	mkdir(path, 0700);
	snprintf(program, sizeof(program), "%s/bothends", dir);
	snprintf(state_home, sizeof(state_home), "XDG_STATE_HOME=%s/state", dir);
	snprintf(progress, sizeof(progress), "%s/state/bothends/progress.json", dir);
	program_copy("bothends");
	program_copy("bothends-actor");
	lesson_put("A-beginnings.md", page);
	lesson_put("01-first.md", first);
	lesson_put("02-second.md", second);
	lesson_put("03-broken.md", "# Broken\n\n```lesson\nlink: pigeon\n```\n");
	return 0;
}

static int entry_remove(const char *path, const struct stat *status, int flag, struct FTW *walk)
{
	(void)status;
	(void)flag;
	(void)walk;
	return remove(path);
}

static int course_remove(void **state)
{
	(void)state;
	return nftw(dir, entry_remove, 8, FTW_DEPTH | FTW_PHYS);
}

static void state_put(const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/state", dir);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/state/bothends", dir);
	mkdir(path, 0700);
	file_put(progress, text);
}

static void course_open(struct console *console, const char *lesson, int rows, int columns,
			const char *option)
{
	const char *args[] = {"lesson", option ? option : lesson, option ? lesson : NULL, NULL};
	const char *env[] = {state_home, NULL};

	console_open(console, &(struct start){.rows = rows,
					      .columns = columns,
					      .args = args,
					      .env = env,
					      .program = program});
}

/* Up to the question of the second step. */
static void to_question(struct console *console)
{
	course_open(console, "1", 0, 0, NULL);
	console_expect(console, "Words to begin with");
	console_type(console, PAGE_DOWN PAGE_DOWN);
	console_expect(console, "PgDn or Space: the next step");
	console_type(console, PAGE_DOWN);
	console_expect(console, "What does write return?");
}

/* To the end of the lesson, from the answer on. */
static void to_end(struct console *console)
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

/* How many lines of the plain list have this in them. */
static void list_has(const char *text)
{
	char line[512], command[256];
	bool found = false;
	FILE *list;

	snprintf(command, sizeof(command), "%s %s lesson </dev/null 2>&1", state_home, program);
	list = popen(command, "r");
	assert_non_null(list);
	while (fgets(line, sizeof(line), list))
		found |= strstr(line, text) != NULL;
	pclose(list);
	if (!found)
		fail_msg("the list has no \"%s\"", text);
}

static void test_list(void **state)
{
	struct console console;

	(void)state;
	course_open(&console, NULL, 0, 0, NULL);
	console_expect(&console, "┏ lessons");
	console_expect_row(&console, 2, "A  Part A: Beginnings");
	console_expect_row(&console, 2, "○ 0 of 2 done");
	console_expect_row(&console, 3, "▶1  The first write");
	console_expect_row(&console, 3, " 2 min  loopback  ○ not begun");
	console_expect_row(&console, 4, "2  The second lesson");
	console_expect_row(&console, 4, "13 min");
	console_expect_row(&console, 5, "03-broken.md  line 4: ");
	console_type(&console, "3");
	console_expect(&console, "03-broken.md:4: ");
	lesson_put("12-twelfth.md", second);
	lesson_put("03-broken.md", second); /* mended meanwhile */
	console_type(&console, F2);
	console_expect_row(&console, 5, "3  The second lesson");
	console_expect_row(&console, 6, "12 The second lesson");
	console_expect_row(&console, 2, "○ 0 of 4 done");
	lesson_put("03-broken.md", "# Broken\n\n```lesson\nlink: pigeon\n```\n");
	console_type(&console, "\033");
	console_expect_gone(&console, "┏ lessons");
	console_type(&console, F2);
	console_expect_row(&console, 6, "03-broken.md  line 4: ");
	console_expect_row(&console, 2, "○ 0 of 3 done");
	console_type(&console, "1"); /* which may become 12 */
	console_expect(&console, "1_  one more digit, or Enter");
	console_type(&console, "\177");
	console_expect_gone(&console, "one more digit");
	console_type(&console, "12");
	console_expect(&console, "Only one");
	console_type(&console, F2 "a"); /* a page is for reading */
	console_expect_row(&console, 0, "Part A: Beginnings");
	console_expect(&console, "What the part is about.");
	console_expect(&console, "• RFC 9293");
	console_expect(&console, "What to read");
	console_type(&console, PAGE_DOWN);
	console_expect_row(&console, 0, "The first write");
	console_expect(&console, "Words to begin with, 漢字も少し。");
	console_close(&console);
	list_has("A                     0 of 3 done           Part A: Beginnings");
	list_has("01   2 min  loopback  not begun             The first write");
	list_has("03  broken: 03-broken.md: line 4: ");
}

static void test_progress(void **state)
{
	struct console console;

	(void)state;
	to_question(&console);
	console_type(&console, "3"); /* there is no third answer */
	console_expect_row(&console, -3, "the answers are 1 to 2");
	console_type(&console, PAGE_UP "1");
	console_expect_row(&console, -3, "this is the past: End returns to now");
	console_type(&console, END F2);
	console_expect(&console, "▶ 1/2 steps");
	console_type(&console, "x");
	console_expect_row(&console, -3, "no x in this list; Esc leaves it");
	console_type(&console, "\033");
	console_expect_gone(&console, "┏ lessons");
	console_type(&console, "2\r");
	console_expect(&console, "✗ 2) EPIPE at once");
	console_close(&console); /* killed: what was done is kept all the same */
	list_has("done, 0/1 right");
	course_open(&console, NULL, 0, 0, NULL);
	console_expect_row(&console, 2, "▶ 1 of 2 done");
	console_expect_row(&console, 3, "✓ done, 0/1 right");
	console_expect_row(&console, 4, "▶2  The second lesson"); /* the next to do */
	console_type(&console, "\r");
	console_expect_row(&console, 0, "The second lesson");
	/* The newest prediction counts. */
	console_type(&console, "lesson a\r");
	console_expect(&console, "What the part is about.");
	console_type(&console, "lesson First\r");
	console_expect(&console, "Words to begin with");
	console_type(&console, "again 2\r");
	console_expect(&console, "What does write return?");
	console_type(&console, "1\r");
	console_expect(&console, "as you said");
	console_close(&console);
	list_has("done, 1/1 right");
	/* A file from elsewhere is not of the course, whatever its name. */
	lesson_put("../01-first.md", second);
	{
		char elsewhere[64];

		snprintf(elsewhere, sizeof(elsewhere), "%s/01-first.md", dir);
		course_open(&console, elsewhere, 0, 0, NULL);
		console_expect(&console, "Only one");
		console_type(&console, PAGE_DOWN);
		console_expect_row(&console, -3, "the end");
		console_close(&console);
	}
	list_has("done, 1/1 right");
}

static void test_damaged(void **state)
{
	struct console console;
	char aside[128];

	(void)state;
	state_put("{\"version\": 1, \"lessons\": {\"01-first");
	to_question(&console);
	console_close(&console);
	snprintf(aside, sizeof(aside), "%s.damaged", progress);
	assert_int_equal(access(aside, R_OK), 0);
	list_has("1/2 steps");
	state_put("not JSON");
	course_open(&console, NULL, 0, 0, NULL);
	console_expect(&console, "progress: the file was damaged, and is now");
	console_type(&console, "1");
	console_expect(&console, "Words to begin with");
	console_close(&console);
	snprintf(aside, sizeof(aside), "%s.damaged.1", progress);
	assert_int_equal(access(aside, R_OK), 0);
}

static void test_left_alone(void **state)
{
	static const char newer[] = "{\"version\": 7}";
	struct console console;
	char found[32] = "", path[128];
	FILE *file;

	(void)state;
	state_put(newer);
	course_open(&console, NULL, 0, 0, NULL);
	console_expect(&console, "of a newer bothends");
	console_close(&console);
	to_question(&console);
	console_close(&console);
	file = fopen(progress, "r");
	assert_non_null(file);
	assert_non_null(fgets(found, sizeof(found), file));
	fclose(file);
	assert_string_equal(found, newer);
	/* The directory cannot be made. */
	unlink(progress);
	snprintf(path, sizeof(path), "%s/state/bothends", dir);
	rmdir(path);
	file_put(path, "");
	course_open(&console, "2", 0, 0, NULL);
	console_expect(&console, "progress is not kept:");
	console_expect(&console, "Only one");
	console_type(&console, PAGE_DOWN);
	console_expect(&console, "accept(3…) = 4");
	console_expect_row(&console, -3, "PgDn or Space: the end");
	console_close(&console);
}

static void test_hint(void **state)
{
	struct console console;

	(void)state;
	to_question(&console);
	console_expect(&console, "programs/first.c");
	console_expect(&console, "▶ write(fd, \"123\", 3);");
	console_expect_row(&console, -3, "?: a hint");
	console_type(&console, "x?\025"); /* behind a letter it is a letter; Ctrl-U clears */
	assert_false(console_shows(&console, "Who could have told"));
	console_type(&console, "?");
	console_expect(&console, "Who could have told the kernel?");
	console_expect(&console, "1) 3, as before");
	console_expect_row(&console, -3, "What do you think?"); /* and no more of a hint */
	console_type(&console, "?"); /* shown already: what can be done, then */
	console_expect(&console, "what the server can do now");
	console_type(&console, "\033");
	console_expect_gone(&console, "what the server can do now");
	console_type(&console, "1\r");
	console_expect(&console, "as you said");
	assert_false(console_shows(&console, "Who could have told"));
	console_type(&console, "hint\r");
	console_expect_row(&console, -3, "there is no hint here");
	console_type(&console, "again 2\r");
	console_expect_row(&console, -3, "?: a hint");
	console_type(&console, "hint\r");
	console_expect(&console, "Who could have told the kernel?");
	console_close(&console);
}

/* Nothing was done meanwhile: it goes on where it was. */
static void test_leave(void **state)
{
	struct console console;
	pid_t server;

	(void)state;
	to_question(&console);
	console_type(&console, "2");
	console_expect(&console, "▶ 2) EPIPE at once");
	server = console_pid(&console, "server");
	console_type(&console, "leave\r");
	console_expect_row(&console, 0, "the free lab");
	console_expect_row(&console, 0, "left at step 2 of 2");
	console_expect_row(&console, -3, "PgDn: back to lesson 1, step 2, as you left it");
	console_expect_row(&console, 2, "● CLOSE_WAIT");
	console_type(&console, "leave\r");
	console_expect_row(&console, -3, "this is the free lab");
	console_type(&console, PAGE_DOWN);
	console_expect_row(&console, 0, "The first write");
	console_expect(&console, "▶ 2) EPIPE at once");
	/* From the list, and by it. */
	console_type(&console, F2 "f");
	console_expect_row(&console, 0, "the free lab");
	console_type(&console, F2);
	console_expect_row(&console, 2, "▶b  back to lesson 1, step 2");
	console_expect_row(&console, 2, "as you left it");
	console_type(&console, "\r");
	console_expect_row(&console, 0, "step 2 of 2");
	assert_int_equal(console_pid(&console, "server"), server);
	console_type(&console, "\r");
	console_expect(&console, "✗ 2) EPIPE at once");
	console_close(&console);
}

/* Something was: the steps before are played again. */
static void test_leave_and_change(void **state)
{
	struct console console;
	pid_t server;

	(void)state;
	to_question(&console);
	console_type(&console, "1");
	server = console_pid(&console, "server");
	console_type(&console, "leave\r");
	console_expect_row(&console, 0, "the free lab");
	console_type(&console, "server read\r");
	console_expect(&console, "read(4…) = 0");
	console_expect_row(&console, -3,
			   "PgDn: back to lesson 1, step 2, replayed on a fresh pair");
	console_type(&console, PAGE_DOWN);
	console_expect_row(&console, 0, "step 2 of 2");
	console_expect_row(&console, -3, "a fresh pair, and the steps before played again on it");
	console_expect(&console, "▶ 1) 3, as before");
	assert_int_not_equal(console_pid(&console, "server"), server);
	console_expect(&console, "● CLOSE_WAIT");
	console_type(&console, "\r");
	console_expect(&console, "as you said");
	/* Behind a played step: that one is played again, too. */
	console_type(&console, "leave\r");
	console_expect_row(&console, 0, "left at step 2 of 2");
	server = console_pid(&console, "server");
	console_type(&console, "reset\r");
	console_expect_row(&console, -3, "replayed on a fresh pair");
	console_type(&console, " ");
	console_expect_row(&console, 0, "step 2 of 2");
	console_expect(&console, "✓ 1) 3, as before - as you said");
	assert_int_not_equal(console_pid(&console, "server"), server);
	console_type(&console, "leave\ragain 1\r");
	console_expect(&console, "Words to begin with");
	console_close(&console);
}

/* Commands typed without leaving. */
static void test_changed(void **state)
{
	struct console console;
	pid_t server;

	(void)state;
	course_open(&console, "1", 0, 0, NULL);
	console_expect(&console, "Words to begin with");
	console_type(&console, PAGE_DOWN PAGE_DOWN);
	console_expect(&console, "✔ expect server state CLOSE_WAIT");
	console_type(&console, "expect server state CLOSE_WAIT\r"); /* changes nothing */
	console_expect_row(&console, -3, "PgDn or Space: the next step");
	server = console_pid(&console, "server");
	console_type(&console, "server close\r");
	console_expect_row(&console, -3,
			   "You changed the lab; PgDn: the next step, on a fresh pair");
	console_type(&console, PAGE_DOWN);
	console_expect(&console, "What does write return?");
	console_expect(&console, "● CLOSE_WAIT");
	assert_int_not_equal(console_pid(&console, "server"), server);
	server = console_pid(&console, "server");
	console_type(&console, "client kill\r");
	console_expect_row(&console, -3, "You changed the lab; PgDn: replay to here");
	console_expect_row(&console, -1, "PgDn replay");
	console_type(&console, PAGE_DOWN);
	console_expect_row(&console, -3, "a fresh pair, and the steps before");
	assert_int_not_equal(console_pid(&console, "server"), server);
	/* One that still waits is given up, and nothing is told of it later. */
	console_type(&console, "client read\rwait 1000s\r");
	console_expect_row(&console, -3, "wait 1000s ...   Ctrl-C gives up");
	console_type(&console, "again 2\r");
	console_expect_row(&console, -3, "A digit or the arrows");
	console_type(&console, "1" PAGE_DOWN);
	console_expect(&console, "as you said");
	console_close(&console);
}

/* A step that is given up, or that goes wrong, is tried again from a fresh pair. */
static void test_given_up(void **state)
{
	struct console console;

	(void)state;
	lesson_put("02-second.md", "# The second lesson\n\n```lesson\npart: A\nlink: loopback\n"
				   "minutes: 13\nlevel: beginner\nsource: a test\n```\n\n"
				   "## One\n\nText.\n\n```lab\nopen\n```\n\n"
				   "## Two\n\nText.\n\n```predict What holds? \n"
				   "the client is :: client state ESTABLISHED\n"
				   "the server has five bytes :: server recvq 5\n```\n\n"
				   "```lab\nclient write \"hello\"\n"
				   "expect server recvq 9 within 60s\n```\n");
	course_open(&console, "2", 0, 0, NULL);
	console_type(&console, PAGE_DOWN);
	console_expect_row(&console, -3, "the next step");
	console_type(&console, PAGE_DOWN PAGE_DOWN);
	console_expect_row(&console, -3, "expect server recvq 9 within 60s ...   Ctrl-C gives up");
	console_type(&console, "\003");
	console_expect(&console, "The lesson cannot go on:");
	console_expect_row(&console, -3, "given up: the lesson's step");
	console_type(&console, "\033OC"); /* a key that does nothing */
	console_expect_row(&console, -3, "PgDn: replay to step 2 on a fresh pair");
	console_type(&console, PAGE_DOWN);
	console_expect(&console, "What holds?");
	console_expect_row(&console, -3, "a fresh pair, and the steps before");
	console_close(&console);
}

static void test_summary(void **state)
{
	struct utsname kernel;
	struct console console;
	char heading[160];

	(void)state;
	to_question(&console);
	console_type(&console, "2\r");
	console_expect(&console, "✗ 2) EPIPE at once");
	to_end(&console);
	console_expect(&console, "0 of 1 prediction right");
	console_expect(&console, "predicted                 measured");
	console_expect(&console, "  1   The client closes    not asked");
	console_expect(&console,
		       "✗ 2   The server writes    EPIPE at once, although   3, as before");
	console_expect(&console, "nobody has told it");
	console_expect(&console, "anything at all");
	uname(&kernel);
	snprintf(heading, sizeof(heading), "measured on Linux %.*s",
		 (int)strcspn(kernel.release, "-+"), kernel.release);
	*strrchr(heading, '.') = '\0'; /* "6.18" of "6.18.1" */
	console_expect(&console, heading);
	console_expect(&console, ": 1 the same, 1 differs");
	console_expect(&console, "✗ differs  \"the write fails\" - hearsay");
	console_expect(&console, "measured: write = 3; TCP has to ask first");
	console_expect(&console, "✓ the same \"a reset comes back\" - RFC 9293");
	console_type(&console, DOWN DOWN);
	console_expect(&console, "▶ 2   The server writes");
	console_expect_row(&console, -3, "Enter: once more from step 2");
	console_type(&console, "\r");
	console_expect_row(&console, 0, "step 2 of 2");
	console_expect(&console, "What does write return?");
	console_type(&console, "1\r");
	console_expect(&console, "as you said");
	to_end(&console);
	console_expect(&console, "1 of 1 prediction right");
	console_expect(&console, "✓ 2   The server writes    3, as before");
	console_expect(&console, "the same");
	/* Steps from a list at any time. */
	console_type(&console, F6);
	console_expect(&console, "┏ play again, up to a step");
	console_expect(&console, "✓ as predicted");
	console_type(&console, "1");
	console_expect(&console, "Words to begin with");
	console_close(&console);
}

/* A click on a step in the summary chooses it. */
static void test_summary_click(void **state)
{
	struct console console;
	char click[32];
	int y = 0;

	(void)state;
	to_question(&console);
	console_type(&console, PAGE_DOWN);
	console_expect(&console, "- measured");
	to_end(&console);
	console_expect(&console, "no prediction");
	while (y < 24 && !strstr(console_row(&console, y), "The client closes"))
		y++;
	snprintf(click, sizeof(click), "\033[<0;20;%dM\033[<0;20;%dm", y + 1, y + 1);
	console_type(&console, click);
	console_expect(&console, "▶ 1   The client closes");
	console_type(&console, click); /* and once more plays it */
	console_expect(&console, "Words to begin with");
	console_close(&console);
}

/* Every screen of a lesson at other sizes, and without what a terminal may lack. */
static void test_sizes(void **state)
{
	static const struct {
		int rows, columns;
		const char *option;
	} sizes[] = {
		{16, 60, NULL},
		{60, 200, NULL},
		{24, 80, "--ascii"},
		{43, 132, "--theme=mono"},
	};
	struct console console;

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		unlink(progress);
		course_open(&console, "1", sizes[i].rows, sizes[i].columns, sizes[i].option);
		console_expect(&console, "Words to begin with");
		if (i != 2)
			console_expect(&console, "漢字も少し。");
		console_type(&console, PAGE_DOWN PAGE_DOWN);
		console_expect_row(&console, -3, "the next step");
		console_type(&console, PAGE_DOWN);
		console_expect_row(&console, 0, "step 2 of 2");
		console_expect_row(&console, -3, "?: a hint");
		console_type(&console, "?");
		console_expect(&console, "Who could have told the kernel?");
		console_type(&console, "2");
		console_expect(&console, i == 2 ? "> 2) EPIPE" : "▶ 2) EPIPE");
		console_type(&console, "\r");
		console_expect(&console, i == 2 ? "+ 1) 3, as before" : "✓ 1) 3, as before");
		to_end(&console);
		console_expect(&console, i == 2 ? "x 2   The server" : "✗ 2   The server");
		console_type(&console, F2);
		console_expect(&console, " lessons ");
		console_expect(&console, i == 2 ? "+ done, 0/1 right" : "✓ done, 0/1 right");
		console_expect(&console, "f  the free lab, with the connection as it is");
		console_expect_row(&console, -1, "PgDn down"); /* in the list */
		console_type(&console, "f");
		console_expect_row(&console, 0, "the free lab");
		console_expect_row(&console, -1, "PgDn lesson");
		if (i == 2)
			assert_false(console.high);
		console_close(&console);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, course_make, course_remove)
	const struct CMUnitTest tests[] = {
		TEST(test_list),
		TEST(test_progress),
		TEST(test_damaged),
		TEST(test_left_alone),
		TEST(test_hint),
		TEST(test_leave),
		TEST(test_leave_and_change),
		TEST(test_changed),
		TEST(test_given_up),
		TEST(test_summary),
		TEST(test_summary_click),
		TEST(test_sizes),
	};
#undef TEST

	cmocka_set_test_filter(getenv("TEST_ONLY"));
	return cmocka_run_group_tests_name("course", tests, NULL, NULL);
}
