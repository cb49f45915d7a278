/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_progress_shared.c - the file that progress is kept in, while others write it, end, or have
 * filled it: no step is lost, and whoever reads it finds one whole file. */
#include "progress.h"

#include "../scratch.h"
#include "progress_file.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define LABS 6
#define ROUNDS 3000 /* of the generator of files */

static char home[64], path[128];

static int home_make(void **state)
{
	(void)state;
	snprintf(home, sizeof(home), "/tmp/bothends-progress.XXXXXX");
	if (!mkdtemp(home))
		return -1;
	snprintf(path, sizeof(path), "%s/bothends", home);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/bothends/progress.json", home);
	return setenv("XDG_STATE_HOME", home, 1);
}

static int home_remove(void **state)
{
	(void)state;
	return scratch_remove(home);
}

static void file_put(const char *text, size_t len)
{
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

static struct progress *open_quiet(void)
{
	struct err err;
	struct progress *progress = progress_open(&err);

	assert_string_equal(err.text, "");
	return progress;
}

static size_t played(const struct progress *progress, const char *file)
{
	struct tally tally;

	progress_tally(progress, file, PROGRESS_STEPS, &tally);
	return tally.played;
}

/* A reader's lab: its own steps of a lesson that all play, and a lesson of its own. */
static void lab_run(unsigned lab)
{
	struct err err;
	struct progress *progress = progress_open(&err);
	char own[32];

	snprintf(own, sizeof(own), "%02u-own.md", lab);
	for (size_t step = lab; step < PROGRESS_STEPS; step += LABS) {
		if (progress_note(progress, "x/99-all.md", PROGRESS_STEPS, step, PROGRESS_PLAYED,
				  &err) ||
		    progress_note(progress, own, PROGRESS_STEPS, step, PROGRESS_WRONG, &err))
			_exit(1);
	}
	progress_close(progress);
	_exit(0);
}

static void test_at_once(void **state)
{
	struct progress *progress;
	pid_t labs[LABS];

	(void)state;
	for (unsigned i = 0; i < LABS; i++)
		if ((labs[i] = fork()) == 0)
			lab_run(i);
	for (unsigned i = 0; i < LABS; i++) {
		int status;

		assert_int_equal(waitpid(labs[i], &status, 0), labs[i]);
		assert_int_equal(status, 0);
	}
	progress = open_quiet();
	assert_int_equal(played(progress, "99-all.md"), PROGRESS_STEPS);
	for (unsigned i = 0; i < LABS; i++) {
		char own[32];

		snprintf(own, sizeof(own), "%02u-own.md", i);
		assert_int_equal(played(progress, own), (PROGRESS_STEPS - i + LABS - 1) / LABS);
	}
	progress_close(progress);
}

/* Killed at any moment: what is there is whole, and nobody waits for the dead. */
static void test_killed(void **state)
{
	(void)state;
	for (int i = 0; i < 40; i++) {
		struct progress *progress;
		struct err err;
		pid_t pid = fork();

		if (pid == 0)
			for (;;) {
				progress = progress_open(&err);
				for (size_t step = 0; step < 8; step++)
					progress_note(progress, "1-x.md", 8, step, PROGRESS_RIGHT,
						      &err);
				progress_close(progress);
			}
		assert_true(pid > 0);
		poll(NULL, 0, i % 7); /* the moment is another one each time */
		kill(pid, SIGKILL);
		assert_int_equal(waitpid(pid, NULL, 0), pid);
		progress = open_quiet();
		assert_int_equal(
			progress_note(progress, "2-y.md", 64, (size_t)i, PROGRESS_PLAYED, &err), 0);
		progress_close(progress);
	}
	{
		struct progress *progress = open_quiet();

		assert_int_equal(played(progress, "2-y.md"), 40);
		progress_close(progress);
	}
}

/* Whoever has the old file open reads it to its end: the new one is another file. */
static void test_replaced(void **state)
{
	struct progress *progress = open_quiet();
	struct stat before, after;
	struct err err;
	char text[256] = "";
	int fd;

	(void)state;
	assert_int_equal(progress_note(progress, "1-x.md", 2, 0, PROGRESS_PLAYED, &err), 0);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_int_equal(fstat(fd, &before), 0);
	assert_int_equal(before.st_mode & 0777, 0600);
	assert_int_equal(progress_note(progress, "1-x.md", 2, 1, PROGRESS_RIGHT, &err), 0);
	assert_int_equal(stat(path, &after), 0);
	assert_true(before.st_ino != after.st_ino);
	assert_true(read(fd, text, sizeof(text) - 1) > 0);
	assert_non_null(strstr(text, "played"));
	assert_null(strstr(text, "right"));
	close(fd);
	progress_close(progress);
}

/* A newer program has written it since: it is left alone, and that is said once. */
static void test_newer_meanwhile(void **state)
{
	static const char newer[] = "{\"version\": 2, \"pages\": []}";
	struct progress *progress = open_quiet();
	char text[64] = "";
	struct err err;
	FILE *file;

	(void)state;
	file_put(newer, strlen(newer));
	progress_refresh(progress);
	assert_int_equal(progress_note(progress, "1-x.md", 2, 0, PROGRESS_PLAYED, &err), -1);
	assert_non_null(strstr(err.text, "newer"));
	assert_int_equal(progress_note(progress, "1-x.md", 2, 1, PROGRESS_PLAYED, &err), 0);
	assert_int_equal(played(progress, "1-x.md"), 2);
	progress_close(progress);
	file = fopen(path, "re");
	assert_non_null(file);
	assert_int_equal(fread(text, 1, sizeof(text), file), strlen(newer));
	fclose(file);
	assert_string_equal(text, newer);
}

/* What could not be written yet is not forgotten when others' steps are taken in. */
static void test_refreshed(void **state)
{
	struct progress *one = open_quiet(), *other = open_quiet();
	struct err err;
	char lock[128];
	bool busy;
	int fd;

	(void)state;
	assert_int_equal(progress_note(other, "1-x.md", 4, 0, PROGRESS_PLAYED, &err), 0);
	snprintf(lock, sizeof(lock), "%s", path);
	fd = progress_file_lock(lock, 0, &busy);
	assert_true(fd >= 0 && !busy);
	assert_int_equal(progress_note(one, "1-x.md", 4, 1, PROGRESS_PLAYED, &err), 0);
	progress_refresh(one);
	assert_int_equal(played(one, "1-x.md"), 2);
	progress_refresh(other);
	assert_int_equal(played(other, "1-x.md"), 1);
	close(fd);
	progress_close(one);
	progress_refresh(other);
	assert_int_equal(played(other, "1-x.md"), 2);
	progress_close(other);
}

static int held;

static void let_go(int number)
{
	(void)number;
	close(held);
}

/* The lab that ends waits for one that is slow, and loses nothing. */
static void test_last(void **state)
{
	const struct itimerval soon = {.it_value.tv_usec = 60000};
	struct progress *progress = open_quiet();
	struct err err;
	char lock[128];
	bool busy;

	(void)state;
	snprintf(lock, sizeof(lock), "%s", path);
	held = progress_file_lock(lock, 0, &busy);
	assert_true(held >= 0 && !busy);
	assert_int_equal(progress_file_lock(lock, 0, &busy), -1);
	assert_true(busy);
	assert_int_equal(progress_note(progress, "1-x.md", 4, 1, PROGRESS_PLAYED, &err), 0);
	signal(SIGALRM, let_go);
	setitimer(ITIMER_REAL, &soon, NULL);
	progress_close(progress);
	signal(SIGALRM, SIG_DFL);
	progress = open_quiet();
	assert_int_equal(played(progress, "1-x.md"), 1);
	progress_close(progress);
}

/* Full, the file stays one that is read. */
static void test_bounds(void **state)
{
	json_t *lessons = json_object(), *list = json_array();
	struct progress *progress;
	char name[32];
	struct err err;

	(void)state;
	for (int i = 0; i < PROGRESS_LESSONS; i++) {
		snprintf(name, sizeof(name), "%04d-x.md", i);
		json_object_set_new(lessons, name, json_pack("{s:[s]}", "steps", "right"));
	}
	assert_int_equal(progress_file_write(path, lessons, &err), 0);
	progress = open_quiet();
	assert_int_equal(played(progress, "1999-x.md"), 1);
	assert_int_equal(progress_note(progress, "more.md", 99, 0, PROGRESS_PLAYED, &err), 0);
	assert_int_equal(
		progress_note(progress, "0000-x.md", 99, PROGRESS_STEPS, PROGRESS_PLAYED, &err), 0);
	assert_int_equal(
		progress_note(progress, "0000-x.md", 99, PROGRESS_STEPS - 1, PROGRESS_PLAYED, &err),
		0);
	progress_close(progress);
	progress = open_quiet();
	assert_int_equal(played(progress, "0000-x.md"), 2);
	assert_int_equal(played(progress, "more.md"), 0);
	progress_close(progress);

	json_object_set_new(lessons, "more.md", json_pack("{s:[]}", "steps"));
	assert_int_equal(progress_file_write(path, lessons, &err), 0);
	progress = progress_open(&err);
	assert_non_null(strstr(err.text, "damaged"));
	progress_close(progress);
	json_object_clear(lessons);
	for (int i = 0; i <= PROGRESS_STEPS; i++)
		json_array_append_new(list, json_null());
	json_object_set_new(lessons, "1-x.md", json_pack("{s:o}", "steps", list));
	assert_int_equal(progress_file_write(path, lessons, &err), 0);
	progress = progress_open(&err);
	assert_non_null(strstr(err.text, "damaged"));
	progress_close(progress);
	json_decref(lessons);
}

static const char whole[] =
	"{\"version\": 1, \"lessons\": {\"01-first.md\": {\"steps\": [\"played\", \"right\", "
	"null]}, \"02-\\u00e9.md\": {\"steps\": []}}}";
static const char *const words[] = {"{",
				    "}",
				    "[",
				    "]",
				    "\"",
				    ":",
				    ",",
				    "null",
				    "\"steps\"",
				    "\"wrong\"",
				    "1e999",
				    "-1",
				    "\\ud800",
				    "\xff",
				    "9999999999999999999999",
				    "\"version\"",
				    "[[[[[[[[[[[[[[[[",
				    "\x1b[2J",
				    "\n"};

static size_t mutate(char *text, size_t len, unsigned *seed)
{
	for (int i = rand_r(seed) % 4; i >= 0 && len; i--) {
		const size_t at = (size_t)rand_r(seed) % len;
		const char *word = words[(size_t)rand_r(seed) % (sizeof(words) / sizeof(words[0]))];

		switch (rand_r(seed) % 4) {
		case 0:
			text[at] = (char)rand_r(seed);
			break;
		case 1:
			len = at;
			break;
		case 2:
			memmove(text + at, text + at + 1, --len - at);
			break;
		default:
			memmove(text + at + strlen(word), text + at, len - at);
			memcpy(text + at, word, strlen(word));
			len += strlen(word);
			break;
		}
	}
	return len;
}

/* Whatever the file says: it is read, set aside or left alone, with one clean line at most; and
 * where it may be written it is whole afterwards. */
static void test_any_bytes(void **state)
{
	const char *rounds = getenv("FUZZ_ROUNDS");
	unsigned seed = 1, found = 0, aside = 0;
	char text[1024], damaged[256];

	(void)state;
	snprintf(damaged, sizeof(damaged), "%s.damaged", path);
	for (int i = 0; i < (rounds ? atoi(rounds) : ROUNDS); i++) {
		struct progress *progress;
		struct err err;

		memcpy(text, whole, sizeof(whole) - 1);
		file_put(text, mutate(text, sizeof(whole) - 1, &seed));
		progress = progress_open(&err);
		for (const char *at = err.text; *at; at++)
			assert_true((unsigned char)*at >= ' ');
		if (strstr(err.text, "newer")) {
			progress_close(progress);
			continue;
		}
		*(err.text[0] ? &aside : &found) += 1;
		assert_true(!err.text[0] == !!access(damaged, F_OK));
		unlink(damaged);
		assert_int_equal(progress_note(progress, "01-first.md", 9, 8, PROGRESS_RIGHT, &err),
				 0);
		progress_close(progress);
		progress = open_quiet();
		assert_true(played(progress, "01-first.md") >= 1);
		progress_close(progress);
	}
	assert_true(found && aside);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, home_make, home_remove)
	const struct CMUnitTest tests[] = {
		TEST(test_at_once),   TEST(test_killed),
		TEST(test_replaced),  TEST(test_newer_meanwhile),
		TEST(test_refreshed), TEST(test_bounds),
		TEST(test_last),      TEST(test_any_bytes),
	};
#undef TEST

	return cmocka_run_group_tests_name("progress_shared", tests, NULL, NULL);
}
