/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_save.c - `save` on the screen: one line says what was done or what was in the way, and the
 * session goes on. */
#include "../scratch.h"
#include "console.h"

#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>

#include <cmocka.h>

static char directory[] = "/tmp/bothends-pty-save-XXXXXX";

static void enter(void)
{
	if (chdir(directory))
		_exit(126);
}

/* In a mount namespace of its own, a disk of a few pages. */
static void enter_small(void)
{
	enter();
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("none", "disk", "tmpfs", 0, "size=16k"))
		_exit(77);
}

static bool there(const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	return !access(path, F_OK);
}

static void open_lab(struct console *console, const struct start *start)
{
	console_open(console, start);
	console_expect_row(console, -2, "server>");
	console_type(console, "open\r");
	console_expect_row(console, 2, "ESTABLISHED");
}

/* The lab is alive: the next command does what it says. */
static void goes_on(struct console *console)
{
	console_type(console, "c close\r");
	console_expect(console, "CLOSE_WAIT");
	console_type(console, "quit\r");
	assert_int_equal(console_wait(console, PATIENCE_MS), 0);
	console_close(console);
}

static void test_saved(void **state)
{
	const struct start start = {.child = enter};
	struct console console;

	(void)state;
	open_lab(&console, &start);
	console_type(&console, "save lesson\r");
	console_expect_row(&console, -3, "saved: lesson.jsonl .pcap .md .c");
	assert_true(there("lesson.jsonl") && there("lesson.pcap") && there("lesson.md") &&
		    there("lesson.c"));
	console_type(&console, "save lesson\r");
	console_expect_row(&console, -3, "lesson.jsonl exists: `save! lesson` writes over it");
	console_type(&console, "save! lesson\r");
	console_expect_row(&console, -3, "saved: lesson.jsonl .pcap .md .c");
	goes_on(&console);
}

static void test_refused(void **state)
{
	static const struct {
		const char *line, *says;
	} cases[] = {
		{"save none/here\r", "cannot create none/here.jsonl: No such file or directory"},
		{"save way/\r", "way/ is no name of a file"},
		{"save way/x\r", "way/x.md is a directory"},
		{"save\r", "expected"},
		{"save! way/x\r", "way/x.md is a directory"},
	};
	const struct start start = {.child = enter};
	struct console console;
	char path[256], line[320];

	(void)state;
	snprintf(path, sizeof(path), "%s/way", directory);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/way/x.md", directory);
	assert_int_equal(mkdir(path, 0700), 0);
	open_lab(&console, &start);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		console_type(&console, cases[i].line);
		console_expect_row(&console, -3, cases[i].says);
	}
	/* Of a name that is far too long, what is wrong with it is in sight. */
	memcpy(line, "save ", 5);
	memset(line + 5, 'n', 300);
	memcpy(line + 305, "\r", 2);
	console_type(&console, line);
	console_expect(&console, "File name too long");
	assert_false(there("way/x.jsonl"));
	goes_on(&console);
}

static void test_full_disk(void **state)
{
	const struct start start = {.child = enter_small};
	struct console console;
	char path[256];

	(void)state;
	if (geteuid() != 0) {
		print_message("# a mount namespace needs root\n");
		skip();
	}
	snprintf(path, sizeof(path), "%s/disk", directory);
	assert_int_equal(mkdir(path, 0700), 0);
	open_lab(&console, &start);
	console_type(&console, "save disk/lesson\r");
	console_expect_row(&console, -3, "No space left on device");
	goes_on(&console);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_saved),
					   cmocka_unit_test(test_refused),
					   cmocka_unit_test(test_full_disk)};
	int failed;

	if (!mkdtemp(directory))
		return 1;
	cmocka_set_test_filter(getenv("TEST_ONLY"));
	failed = cmocka_run_group_tests_name("save", tests, NULL, NULL);
	scratch_remove(directory);
	return failed;
}
