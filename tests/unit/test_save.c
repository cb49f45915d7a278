/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_save.c - a session is saved whole or not at all, and never over another. */
#include "lab.h"
#include "mem.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

/* A file system that knows no flags, and one where the so-many-th file cannot be put in place. */
static bool flagless;
static int refuse_at;
static bool refuse_rename;
/* Somebody takes this name just before it is put in place; NULL: nobody does. */
static const char *snatched;

int renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
	if (refuse_at && !--refuse_at) {
		errno = EACCES;
		return -1;
	}
	if (snatched && !strcmp(to, snatched)) {
		FILE *out = fopen(snatched, "wx");

		assert_non_null(out);
		fputs("mine", out);
		fclose(out);
		snatched = NULL;
	}
	if (flagless) {
		errno = EINVAL;
		return -1;
	}
	return (int)syscall(SYS_renameat2, from_dir, from, to_dir, to, flags);
}

int rename(const char *from, const char *to)
{
	if (refuse_rename) {
		errno = EACCES;
		return -1;
	}
	return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

struct place {
	char dir[64], name[96], lines[112], packets[112];
	struct journal *journal;
};

static int place_new(void **state)
{
	/* The least IPv4 and TCP headers: a SYN. */
	static const uint8_t syn[40] = {0x45, 0, 0, 40, [9] = 6, [12] = 127, 0, 0,	     1, 127,
					0,    0, 1, 0,	7,	 0,	     9, [32] = 0x50, 2};
	struct place *place = xcalloc(1, sizeof(*place));
	struct event event = {.kind = EVENT_COMMAND, .side = SIDE_NONE, .t = 5};

	snprintf(place->dir, sizeof(place->dir), "/tmp/bothends-save-XXXXXX");
	assert_non_null(mkdtemp(place->dir));
	snprintf(place->name, sizeof(place->name), "%s/one", place->dir);
	snprintf(place->lines, sizeof(place->lines), "%s.jsonl", place->name);
	snprintf(place->packets, sizeof(place->packets), "%s.pcap", place->name);
	place->journal = journal_new(0);
	event.command.text = "client close";
	journal_append(place->journal, &event);
	event = (struct event){.kind = EVENT_SEGMENT, .side = SIDE_CLIENT, .conn = 1, .t = 7};
	event.segment.to = SIDE_SERVER;
	event.segment.flags = TH_S;
	event.segment.raw = syn;
	event.segment.raw_len = event.segment.raw_full = sizeof(syn);
	journal_append(place->journal, &event);
	*state = place;
	return 0;
}

static int place_free(void **state)
{
	struct place *place = *state;

	for (size_t i = 0; session_part(i); i++) {
		char file[160];

		snprintf(file, sizeof(file), "%s.%s", place->name, session_part(i));
		unlink(file);
	}
	assert_int_equal(rmdir(place->dir), 0); /* nothing else was left there */
	journal_free(place->journal);
	free(place);
	return 0;
}

static const struct session_about about;

static long file_size(const char *file)
{
	FILE *in = fopen(file, "r");
	long size;

	if (!in)
		return -1;
	fseek(in, 0, SEEK_END);
	size = ftell(in);
	fclose(in);
	return size;
}

static void test_both_files(void **state)
{
	struct place *place = *state;
	struct err err = {0};
	char *text;
	size_t len;

	assert_int_equal(session_save(place->journal, &about, place->name, false, &err), 0);
	text = file_read(place->lines, &len, &err);
	assert_non_null(text);
	assert_non_null(strstr(text, "\"text\":\"client close\""));
	assert_non_null(strstr(text, "\"kind\":\"segment\""));
	assert_int_equal(text[len - 1], '\n');
	free(text);
	/* File header, packet header, the SYN: pcap-savefile(5). */
	assert_int_equal(file_size(place->packets), 24 + 16 + 40);
}

static void test_never_over(void **state)
{
	struct place *place = *state;
	struct err err = {0};
	FILE *mine = fopen(place->packets, "w");

	fputs("mine", mine);
	fclose(mine);
	assert_int_equal(session_save(place->journal, &about, place->name, false, &err),
			 SAVE_EXISTS);
	assert_non_null(strstr(err.text, place->packets));
	assert_non_null(strstr(err.text, "exists"));
	assert_int_equal(file_size(place->packets), 4);
	assert_int_equal(file_size(place->lines), -1);
	unlink(place->packets);
	assert_int_equal(session_save(place->journal, &about, place->name, false, &err), 0);
	assert_int_equal(session_save(place->journal, &about, place->name, false, &err),
			 SAVE_EXISTS);
	assert_non_null(strstr(err.text, place->lines));
	assert_true(file_size(place->lines) > 0);
}

static void test_no_directory(void **state)
{
	struct place *place = *state;
	struct err err = {0};
	char name[160];

	snprintf(name, sizeof(name), "%s/none/one", place->dir);
	assert_int_equal(session_save(place->journal, &about, name, false, &err), -1);
	assert_non_null(strstr(err.text, "No such file or directory"));
}

/* A full disk, as a process may stage it: no file may grow beyond 64 bytes. */
static void test_disk_full(void **state)
{
	struct place *place = *state;
	struct rlimit was, small;
	struct err err = {0};
	int result;

	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &was);
	small = was;
	small.rlim_cur = 64;
	setrlimit(RLIMIT_FSIZE, &small);
	result = session_save(place->journal, &about, place->name, false, &err);
	setrlimit(RLIMIT_FSIZE, &was);
	signal(SIGXFSZ, SIG_DFL);
	assert_int_equal(result, -1);
	assert_non_null(strstr(err.text, "cannot write"));
	assert_int_equal(file_size(place->lines), -1);
	assert_int_equal(file_size(place->packets), -1);
}

static void part_name(const struct place *place, size_t i, char *out, size_t size)
{
	snprintf(out, size, "%s.%s", place->name, session_part(i));
}

/* Files of four bytes under the session's names; then, whether they are there still. */
static void mine_put(const struct place *place)
{
	char file[160];

	for (size_t i = 0; session_part(i); i++) {
		FILE *out;

		part_name(place, i, file, sizeof(file));
		out = fopen(file, "w");
		assert_non_null(out);
		fputs("mine", out);
		fclose(out);
	}
}

static void assert_sizes(const struct place *place, bool mine)
{
	char file[160];

	for (size_t i = 0; session_part(i); i++) {
		part_name(place, i, file, sizeof(file));
		if (mine)
			assert_int_equal(file_size(file), 4);
		else
			assert_true(file_size(file) > 4);
	}
}

static void test_over(void **state)
{
	struct place *place = *state;
	struct err err = {0};

	for (int old = 0; old < 2; old++) {
		flagless = old;
		mine_put(place);
		assert_int_equal(session_save(place->journal, &about, place->name, false, &err),
				 SAVE_EXISTS);
		assert_sizes(place, true);
		assert_int_equal(session_save(place->journal, &about, place->name, true, &err), 0);
		assert_sizes(place, false);
		flagless = false;
	}
}

/* On a file system without flags the names are claimed instead. */
static void test_flagless(void **state)
{
	struct place *place = *state;
	struct err err = {0};

	flagless = true;
	assert_int_equal(session_save(place->journal, &about, place->name, false, &err), 0);
	assert_sizes(place, false);
	for (size_t i = 0; session_part(i); i++) {
		char file[160];

		part_name(place, i, file, sizeof(file));
		unlink(file);
	}
	/* A name that was claimed in vain is given back. */
	refuse_rename = true;
	assert_int_equal(session_save(place->journal, &about, place->name, false, &err), -1);
	assert_non_null(strstr(err.text, "Permission denied"));
	assert_int_equal(file_size(place->lines), -1);
	flagless = refuse_rename = false;
}

/* What comes while the session is saved is no more written over than what was there. */
static void test_snatched(void **state)
{
	struct place *place = *state;
	struct err err = {0};

	for (int old = 0; old < 2; old++) {
		flagless = old;
		snatched = place->packets;
		assert_int_equal(session_save(place->journal, &about, place->name, false, &err),
				 -1);
		flagless = false;
		assert_null(snatched);
		assert_non_null(strstr(err.text, "File exists"));
		assert_int_equal(file_size(place->packets), 4);
		assert_int_equal(file_size(place->lines), -1);
		unlink(place->packets);
	}
}

/* Whoever can write beside it can guess at the name before the name: it is not taken. */
static void test_planted(void **state)
{
	struct place *place = *state;
	char plant[160], target[160];
	struct err err = {0};

	snprintf(plant, sizeof(plant), "%s/.bothends-%d-0.jsonl", place->dir, (int)getpid());
	snprintf(target, sizeof(target), "%s/target", place->dir);
	assert_int_equal(symlink(target, plant), 0);
	assert_int_equal(session_save(place->journal, &about, place->name, false, &err), 0);
	assert_sizes(place, false);
	assert_int_equal(file_size(target), -1);
	assert_int_equal(unlink(plant), 0);
}

/* The last of them cannot be put in place: the others are taken back. */
static void test_undone(void **state)
{
	struct place *place = *state;
	struct err err = {0};
	char file[160];

	for (int at = 1; session_part((size_t)at - 1); at++) {
		refuse_at = at;
		assert_int_equal(session_save(place->journal, &about, place->name, false, &err),
				 -1);
		assert_non_null(strstr(err.text, "Permission denied"));
		for (size_t i = 0; session_part(i); i++) {
			part_name(place, i, file, sizeof(file));
			assert_int_equal(file_size(file), -1);
		}
	}
	mine_put(place);
	for (int at = 1; session_part((size_t)at - 1); at++) {
		refuse_at = at;
		assert_int_equal(session_save(place->journal, &about, place->name, true, &err), -1);
		assert_sizes(place, true);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_both_files, place_new, place_free),
		cmocka_unit_test_setup_teardown(test_never_over, place_new, place_free),
		cmocka_unit_test_setup_teardown(test_no_directory, place_new, place_free),
		cmocka_unit_test_setup_teardown(test_disk_full, place_new, place_free),
		cmocka_unit_test_setup_teardown(test_over, place_new, place_free),
		cmocka_unit_test_setup_teardown(test_flagless, place_new, place_free),
		cmocka_unit_test_setup_teardown(test_snatched, place_new, place_free),
		cmocka_unit_test_setup_teardown(test_planted, place_new, place_free),
		cmocka_unit_test_setup_teardown(test_undone, place_new, place_free),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
