/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_progress.c - the file that progress is kept in: good, damaged, newer, in the way. */
#include "progress.h"

#include "../scratch.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define LESSON "/some/where/01-first.md"

static char home[64], path[128];

static int home_make(void **state)
{
	(void)state;
	snprintf(home, sizeof(home), "/tmp/bothends-progress.XXXXXX");
	if (!mkdtemp(home))
		return -1;
	snprintf(path, sizeof(path), "%s/bothends/progress.json", home);
	return setenv("XDG_STATE_HOME", home, 1);
}

static int home_remove(void **state)
{
	(void)state;
	return scratch_remove(home);
}

static int files(void)
{
	char directory[128];
	struct dirent *entry;
	int count = 0;
	DIR *list;

	snprintf(directory, sizeof(directory), "%s/bothends", home);
	list = opendir(directory);
	while (list && (entry = readdir(list)))
		count += entry->d_name[0] != '.';
	if (list)
		closedir(list);
	return count;
}

static void file_put(const char *text)
{
	char directory[128];
	FILE *file;

	snprintf(directory, sizeof(directory), "%s/bothends", home);
	mkdir(directory, 0700);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static void file_is(const char *name, const char *text)
{
	char whole[256], found[4096] = "";
	FILE *file;

	snprintf(whole, sizeof(whole), "%s/bothends/%s", home, name);
	file = fopen(whole, "r");
	assert_non_null(file);
	found[fread(found, 1, sizeof(found) - 1, file)] = '\0';
	fclose(file);
	assert_string_equal(found, text);
}

static struct progress *open_quiet(void)
{
	struct progress *progress;
	struct err err;

	progress = progress_open(&err);
	assert_string_equal(err.text, "");
	return progress;
}

static void note(struct progress *progress, size_t step, enum progress_mark mark)
{
	struct err err;

	assert_int_equal(progress_note(progress, LESSON, 4, step, mark, &err), 0);
}

static void tally_is(struct progress *progress, size_t played, size_t right, size_t asked,
		     const char *words)
{
	struct tally tally;
	char out[64];

	progress_tally(progress, LESSON, 4, &tally);
	assert_int_equal(tally.played, played);
	assert_int_equal(tally.right, right);
	assert_int_equal(tally.asked, asked);
	assert_string_equal(tally_words(&tally, out, sizeof(out)), words);
}

static void test_kept(void **state)
{
	struct progress *progress = open_quiet();

	(void)state;
	tally_is(progress, 0, 0, 0, "not begun");
	progress_close(progress);
	assert_int_equal(files(), 0); /* nothing was done, nothing is written */
	progress = open_quiet();
	note(progress, 0, PROGRESS_PLAYED);
	note(progress, 1, PROGRESS_RIGHT);
	note(progress, 2, PROGRESS_WRONG);
	note(progress, 99, PROGRESS_RIGHT); /* no step of the lesson */
	tally_is(progress, 3, 1, 2, "3/4 steps, 1/2 right");
	progress_close(progress);
	progress = open_quiet();
	tally_is(progress, 3, 1, 2, "3/4 steps, 1/2 right");
	/* The newest prediction counts; playing without one takes nothing away. */
	note(progress, 2, PROGRESS_RIGHT);
	note(progress, 1, PROGRESS_PLAYED);
	note(progress, 3, PROGRESS_PLAYED);
	tally_is(progress, 4, 2, 2, "done, 2/2 right");
	progress_close(progress);
	assert_int_equal(files(), 1);
}

/* Two labs: neither loses what the other wrote. */
static void test_merged(void **state)
{
	struct progress *one = open_quiet(), *other = open_quiet();
	struct err err;

	(void)state;
	note(one, 0, PROGRESS_PLAYED);
	note(other, 1, PROGRESS_RIGHT);
	assert_int_equal(progress_note(other, "02-x.md", 1, 0, PROGRESS_PLAYED, &err), 0);
	note(one, 2, PROGRESS_WRONG);
	tally_is(one, 3, 1, 2, "3/4 steps, 1/2 right");
	tally_is(other, 2, 1, 1, "2/4 steps, 1/1 right"); /* as it wrote last */
	progress_refresh(other);
	tally_is(other, 3, 1, 2, "3/4 steps, 1/2 right");
	progress_close(one);
	progress_close(other);
	file_is("progress.json", "{\n \"lessons\": {\n  \"01-first.md\": {\n   \"steps\": [\n"
				 "    \"played\",\n    \"right\",\n    \"wrong\"\n   ]\n  },\n"
				 "  \"02-x.md\": {\n   \"steps\": [\n    \"played\"\n   ]\n  }\n"
				 " },\n \"version\": 1\n}\n");
}

/* Another lab that was stopped while it wrote: what could not be kept is, later. */
static void test_locked(void **state)
{
	struct progress *progress = open_quiet();
	char directory[128];
	int fd;

	(void)state;
	snprintf(directory, sizeof(directory), "%s/bothends", home);
	mkdir(directory, 0700);
	fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	note(progress, 0, PROGRESS_PLAYED);
	assert_int_equal(files(), 0);
	tally_is(progress, 1, 0, 0, "1/4 steps");
	close(fd);
	progress_close(progress);
	assert_int_equal(files(), 1);
}

static void test_damaged(void **state)
{
	static const char *const damaged[] = {
		"",
		"{",
		"[]",
		"{}",
		"{\"version\": 0, \"lessons\": {}}",
		"{\"version\": \"1\", \"lessons\": {}}",
		"{\"version\": 1}",
		"{\"version\": 1, \"lessons\": [1]}",
		"{\"version\": 1, \"lessons\": {\"01-first.md\": 7}}",
		"{\"version\": 1, \"lessons\": {\"01-first.md\": {\"steps\": {}}}}",
		"{\"version\": 1, \"lessons\": {\"01-first.md\": {\"steps\": [\"rihgt\"]}}}",
		"{\"version\": 1, \"lessons\": {\"a\": {\"steps\": []}, \"a\": {\"steps\": []}}}",
	};
	struct progress *progress;
	struct err err;
	char name[64];

	(void)state;
	for (size_t i = 0; i < sizeof(damaged) / sizeof(damaged[0]); i++) {
		file_put(damaged[i]);
		progress = progress_open(&err);
		if (i)
			snprintf(name, sizeof(name), "progress.json.damaged.%zu", i);
		else
			snprintf(name, sizeof(name), "progress.json.damaged");
		assert_non_null(strstr(err.text, name));
		file_is(name, damaged[i]);
		assert_int_not_equal(access(path, F_OK), 0);
		tally_is(progress, 0, 0, 0, "not begun");
		progress_close(progress);
	}
	/* The session goes on, and is kept. */
	progress = open_quiet();
	note(progress, 0, PROGRESS_PLAYED);
	/* Damaged meanwhile: told at the next step, and nothing of this lab's is lost. */
	file_put("{\"version\": 1, \"less");
	assert_int_equal(progress_note(progress, LESSON, 4, 1, PROGRESS_RIGHT, &err), -1);
	assert_non_null(strstr(err.text, "damaged"));
	progress_close(progress);
	progress = open_quiet();
	tally_is(progress, 2, 1, 1, "2/4 steps, 1/1 right");
	progress_close(progress);
}

static void test_too_long(void **state)
{
	struct progress *progress;
	struct err err;

	(void)state;
	file_put("");
	assert_int_equal(truncate(path, 3 << 20), 0);
	progress = progress_open(&err);
	assert_non_null(strstr(err.text, "damaged"));
	progress_close(progress);
}

static void expect_left_alone(const char *why)
{
	struct progress *progress;
	struct err err;

	progress = progress_open(&err);
	assert_non_null(strstr(err.text, why));
	assert_null(strchr(err.text, '\n'));
	note(progress, 0, PROGRESS_RIGHT); /* not said again */
	tally_is(progress, 1, 1, 1, "1/4 steps, 1/1 right");
	progress_close(progress);
}

static void test_newer(void **state)
{
	const char *newer = "{\"version\": 2, \"pages\": [[1]]}";

	(void)state;
	file_put(newer);
	expect_left_alone("newer");
	file_is("progress.json", newer);
	assert_int_equal(files(), 1);
}

static void test_in_the_way(void **state)
{
	(void)state;
	file_put("");
	unlink(path);
	assert_int_equal(mkdir(path, 0700), 0);
	expect_left_alone("not a file");
	rmdir(path);
	assert_int_equal(mkfifo(path, 0600), 0); /* which nobody writes to */
	expect_left_alone("not a file");
}

/* The directory cannot be made: a file has its name. That shows at the first step, and once. */
static void test_unwritable(void **state)
{
	char blocked[128];
	struct progress *progress;
	struct err err;

	(void)state;
	snprintf(blocked, sizeof(blocked), "%s/file", home);
	close(open(blocked, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	setenv("XDG_STATE_HOME", blocked, 1);
	expect_left_alone("Not a directory");
	unlink(blocked);
	assert_int_equal(symlink("/proc/self/nowhere", blocked), 0);
	progress = open_quiet();
	assert_int_equal(progress_note(progress, LESSON, 4, 0, PROGRESS_RIGHT, &err), -1);
	assert_non_null(strstr(err.text, "progress is not kept: "));
	note(progress, 1, PROGRESS_RIGHT);
	progress_close(progress);
	unlink(blocked);
	/* Why it could not be made is told, not that it is not there. */
	if (!access("/sys/kernel", F_OK)) {
		setenv("XDG_STATE_HOME", "/sys/kernel", 1);
		progress = open_quiet();
		assert_int_equal(progress_note(progress, LESSON, 4, 0, PROGRESS_RIGHT, &err), -1);
		assert_null(strstr(err.text, "No such file"));
		progress_close(progress);
	}
	setenv("XDG_STATE_HOME", home, 1);
}

static void test_no_home(void **state)
{
	char *old = getenv("HOME") ? strdup(getenv("HOME")) : NULL;

	(void)state;
	setenv("XDG_STATE_HOME", "relative/does/not/count", 1);
	unsetenv("HOME");
	expect_left_alone("no HOME");
	setenv("XDG_STATE_HOME", home, 1);
	if (old)
		setenv("HOME", old, 1);
	free(old);
}

/* A link to a file elsewhere stays one. */
static void test_link(void **state)
{
	char elsewhere[128];
	struct progress *progress;
	struct stat status;

	(void)state;
	snprintf(elsewhere, sizeof(elsewhere), "%s/bothends/elsewhere.json", home);
	file_put("{\"version\": 1, \"lessons\": {}}");
	assert_int_equal(rename(path, elsewhere), 0);
	assert_int_equal(symlink(elsewhere, path), 0);
	progress = open_quiet();
	note(progress, 0, PROGRESS_PLAYED);
	progress_close(progress);
	assert_int_equal(lstat(path, &status), 0);
	assert_true(S_ISLNK(status.st_mode));
	progress = open_quiet();
	tally_is(progress, 1, 0, 0, "1/4 steps");
	progress_close(progress);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, home_make, home_remove)
	const struct CMUnitTest tests[] = {
		TEST(test_kept),       TEST(test_merged),     TEST(test_locked),
		TEST(test_damaged),    TEST(test_too_long),   TEST(test_newer),
		TEST(test_in_the_way), TEST(test_unwritable), TEST(test_no_home),
		TEST(test_link),
	};
#undef TEST

	cmocka_set_test_filter(getenv("TEST_ONLY"));
	return cmocka_run_group_tests_name("progress", tests, NULL, NULL);
}
