/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_days.c - bad days: what surrounds the program is broken. One clear line, and it goes on. */
#include "console.h"

#include "../scratch.h"

#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char dir[64]; /* of one test, deleted behind it */

static int setup(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/bothends-days.XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	return scratch_remove(dir);
}

/* A file below `dir`, with these bytes; its path in a static buffer. */
static const char *file_put(const char *name, const char *bytes, size_t len)
{
	static char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), (ssize_t)len);
	close(fd);
	return path;
}

/* It starts, says this (NULL: nothing is asked of it), works, and ends well. */
static void expect_session(const char *const *env, void (*child)(void), const char *said)
{
	struct console console;

	console_open(&console, &(struct start){.env = env, .child = child, .columns = 120});
	console_expect_row(&console, -2, "server>");
	if (said)
		console_expect(&console, said);
	console_type(&console, "open\r");
	console_expect(&console, "ESTABLISHED");
	console_type(&console, "c close\r");
	console_expect(&console, "CLOSE_WAIT");
	console_type(&console, "\004");
	assert_int_equal(console_wait(&console, PATIENCE_MS), 0);
	console_expect_restored(&console);
	console_close(&console);
}

static void test_locales(void **state)
{
	static const struct {
		const char *env[4], *said;
	} days[] = {
		{{"LC_ALL=xx_YY.UTF-8", NULL}, "no locale \"xx_YY.UTF-8\": C.UTF-8 stands in"},
		{{"LC_ALL=xx_YY", NULL}, "no locale \"xx_YY\": ASCII only"},
		{{"LC_ALL=", "LANG=", "LC_CTYPE=", NULL}, NULL},
		{{"LC_ALL=", "LANG=yy_ZZ.utf8", "LC_CTYPE=", NULL}, "\"yy_ZZ.utf8\""},
		{{"LC_ALL=POSIX", NULL}, NULL},
		{{"LC_ALL=\033[31mred", NULL}, "no locale"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++)
		expect_session(days[i].env, NULL, days[i].said);
}

static void test_history(void **state)
{
	enum { DIRECTORY, PIPE, DEVICE, DANGLING, HUGE_ONE, BINARY, LONG_LINE, UNREADABLE, DAYS };
	static char bytes[2000000];
	char variable[256], path[128];
	const char *env[] = {variable, NULL};

	(void)state;
	for (int day = 0; day < DAYS; day++) {
		bool bad = day != DANGLING && day != BINARY && day != LONG_LINE;

		snprintf(path, sizeof(path), "%s/%d", dir, day);
		snprintf(variable, sizeof(variable), "XDG_STATE_HOME=%s", path);
		assert_int_equal(mkdir(path, 0700), 0);
		strcat(path, "/bothends");
		assert_int_equal(mkdir(path, 0700), 0);
		strcat(path, "/history");
		for (size_t i = 0; i < sizeof(bytes); i++)
			bytes[i] = day == BINARY ? (char)(i * 7919 >> 5) : 'x';
		if (day == DIRECTORY)
			assert_int_equal(mkdir(path, 0700), 0);
		else if (day == PIPE)
			assert_int_equal(mkfifo(path, 0600), 0);
		else if (day == DEVICE)
			assert_int_equal(symlink("/dev/zero", path), 0);
		else if (day == DANGLING)
			assert_int_equal(symlink("/nowhere/at/all", path), 0);
		else if (day == UNREADABLE)
			assert_int_equal(symlink(path, path), 0); /* ELOOP, for root too */
		else
			file_put(path + strlen(dir) + 1, bytes,
				 day == HUGE_ONE ? sizeof(bytes) : 500000);
		expect_session(env, NULL, bad ? "history: " : NULL);
	}
}

static void test_state_directory(void **state)
{
	static const struct {
		const char *env[3], *said;
	} days[] = {
		{{"XDG_STATE_HOME", "HOME", NULL}, NULL},
		{{"XDG_STATE_HOME=", "HOME=", NULL}, NULL},
		{{"XDG_STATE_HOME=relative/place", "HOME=/proc/nonexistent", NULL}, NULL},
		{{"XDG_STATE_HOME=/dev/null/place", NULL}, "history: /dev/null/place"},
		{{"XDG_STATE_HOME=/proc/place", NULL}, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++)
		expect_session(days[i].env, NULL, days[i].said);
}

/* In a mount namespace of its own: a tmpfs with room for one page, which is taken; the directory
 * that is saved into. */
static void disk_full(void)
{
	char path[128], page[4096] = "";
	int fd;

	snprintf(path, sizeof(path), "%s/full", dir);
	mkdir(path, 0700);
	if (unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("none", path, "tmpfs", 0, "size=4k"))
		return;
	strcat(path, "/taken");
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	while (write(fd, page, sizeof(page)) > 0)
		;
	close(fd);
	*strrchr(path, '/') = '\0';
	if (chdir(path))
		_exit(1);
}

/* The same, and nothing may be written at all. */
static void disk_read_only(void)
{
	disk_full();
	mount(NULL, ".", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL);
}

static void test_full(void **state)
{
	static void (*const days[])(void) = {disk_full, disk_read_only};
	static const char *const why[] = {"No space left on device", "Read-only file system"};
	char variable[128];
	const char *env[] = {variable, NULL};

	(void)state;
	if (geteuid())
		skip();
	snprintf(variable, sizeof(variable), "XDG_STATE_HOME=%s/full", dir);
	for (size_t i = 0; i < 2; i++) {
		struct console console;

		expect_session(env, days[i], NULL);
		console_open(&console,
			     &(struct start){.env = env, .child = days[i], .columns = 120});
		console_expect_row(&console, -2, "server>");
		console_type(&console, "open\r");
		console_expect(&console, "ESTABLISHED");
		console_type(&console, "save demo\r");
		console_expect(&console, why[i]);
		console_type(&console, "c close\r");
		console_expect(&console, "CLOSE_WAIT");
		console_type(&console, "\004");
		assert_int_equal(console_wait(&console, PATIENCE_MS), 0);
		if (days[i] == disk_read_only)
			console_expect(&console, "/full/bothends/history: Read-only");
		console_expect_restored(&console);
		console_close(&console);
	}
}

/* Readline hangs on these, or crashes. */
static void test_inputrc(void **state)
{
	static char bytes[20000];
	char variable[300], text[300];
	const char *env[] = {variable, NULL}, *path;

	(void)state;
	snprintf(variable, sizeof(variable), "INPUTRC=%s",
		 file_put("vi", "set editing-mode vi\n", 20));
	expect_session(env, NULL, NULL);
	snprintf(text, sizeof(text), "$include %s/self\n", dir);
	snprintf(variable, sizeof(variable), "INPUTRC=%s", file_put("self", text, strlen(text)));
	expect_session(env, NULL, "include each other");
	snprintf(variable, sizeof(variable), "INPUTRC=%s",
		 file_put("zero", " $include /dev/zero\n", 20));
	expect_session(env, NULL, "/dev/zero is not a file");
	for (size_t i = 0; i < sizeof(bytes); i++) /* nothing that binds a letter */
		bytes[i] = (char)(0x80 | i * 7919 >> 5);
	snprintf(variable, sizeof(variable), "INPUTRC=%s",
		 file_put("binary", bytes, sizeof(bytes)));
	expect_session(env, NULL, NULL);
	path = file_put("pipe", "", 0);
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	snprintf(variable, sizeof(variable), "INPUTRC=%s", path);
	expect_session(env, NULL, "left out");
	expect_session((const char *[]){"INPUTRC=/nowhere", NULL}, NULL, NULL);
}

static void test_progress(void **state)
{
	static const char *const args[] = {"lesson", "1", NULL};
	char variable[128], path[256];
	const char *env[] = {variable, NULL};
	struct console console;

	(void)state;
	snprintf(variable, sizeof(variable), "XDG_STATE_HOME=%s", dir);
	snprintf(path, sizeof(path), "%s/bothends", dir);
	assert_int_equal(mkdir(path, 0700), 0);
	file_put("bothends/progress.json", "{ \"version\": 1, \"lessons\": \377", 31);
	console_open(&console, &(struct start){.env = env, .args = args, .columns = 120});
	console_expect_row(&console, -2, "server>");
	console_expect(&console, "progress");
	console_type(&console, "\033[6~");
	console_expect(&console, "A connection");
	console_close(&console);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_locales),
		cmocka_unit_test_setup_teardown(test_history, setup, teardown),
		cmocka_unit_test(test_state_directory),
		cmocka_unit_test_setup_teardown(test_full, setup, teardown),
		cmocka_unit_test_setup_teardown(test_inputrc, setup, teardown),
		cmocka_unit_test_setup_teardown(test_progress, setup, teardown),
	};

	cmocka_set_test_filter(getenv("TEST_ONLY"));
	return cmocka_run_group_tests_name("days", tests, NULL, NULL);
}
