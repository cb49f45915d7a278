/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_pictures.c - the pictures in screenshots/ are not older than the screens they show.
 *
 *   screenshots/pictures ─▶ make screenshots ─▶ NAME.png, NAME.txt
 *              └──────────▶ this, the same way ─▶ the screen's text ─▶ the same as NAME.txt?
 */
#include "console.h"
#include "pictures.h"

#include "../scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define SCREENSHOTS TEST_SOURCE "/screenshots"
/* The kernel may take its events in another order: a picture that is right comes soon. */
#define TRIES 4
#define REST_MS 3000
#define QUIET_MS 800 /* without a change */
#define PAGES 40
#define APART_MS 270 /* on the stage, presses closer than this are one */

struct shown {
	struct console console;
	FILE *taken;	   /* NAME.txt */
	int takes;	   /* so far */
	char differs[512]; /* the first row that does; "": none */
};

static char directory[] = "/tmp/bothends-pictures.XXXXXX";

static void child_enter(void)
{
	if (chdir(directory) || setenv("XDG_STATE_HOME", directory, 1) ||
	    setenv("HOME", directory, 1))
		_exit(125);
}

/* Where nobody has used the program before. */
static void directory_make(void)
{
	char link[64];

	strcpy(strrchr(directory, '.'), ".XXXXXX");
	assert_non_null(mkdtemp(directory));
	snprintf(link, sizeof(link), "%s/lessons", directory);
	assert_int_equal(symlink(TEST_SOURCE "/lessons", link), 0);
}

static void picture_first(const struct picture *picture)
{
	const char *args[PICTURE_WORDS + 1] = {TEST_BUILD "/bothends"};
	int status = 0;
	pid_t pid;

	if (!picture->first[0])
		return;
	memcpy(args + 1, picture->first, sizeof(picture->first));
	pid = fork();
	if (!pid) {
		child_enter();
		if (!freopen("/dev/null", "w", stdout))
			_exit(125);
		execv(args[0], (char *const *)args);
		_exit(126);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

/* What this machine does not have is no picture's fault. */
static void shown_lacks(struct shown *shown)
{
	static const char *const lacks[] = {"not to be had", "segments not seen"};

	for (size_t i = 0; i < sizeof(lacks) / sizeof(lacks[0]); i++)
		if (console_shows(&shown->console, lacks[i])) {
			print_message("# this machine: %s\n", lacks[i]);
			console_close(&shown->console);
			fclose(shown->taken);
			scratch_remove(directory);
			skip();
		}
}

static void shown_wait(struct shown *shown, const char *text)
{
	long long until = now_ms() + PATIENCE_MS;

	while (!console_shows(&shown->console, text)) {
		shown_lacks(shown);
		if (now_ms() > until)
			fail_console(
				&shown->console,
				"\"%s\" does not come; if it is now said in other words, change "
				"screenshots/pictures and run `make screenshots`",
				text);
		console_pump(&shown->console, 50);
	}
}

static char *screen_text(struct console *console)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	for (int y = 0; y < console->rows; y++) {
		char *plain = picture_plain(console_row(console, y));

		fprintf(out, "%s\n", plain);
		free(plain);
	}
	fclose(out);
	return text;
}

static void shown_until(struct shown *shown, const char *text)
{
	long long until = now_ms() + PATIENCE_MS;

	while (console_pump(&shown->console, APART_MS) && now_ms() < until)
		;
	for (int i = 0; i < PAGES && !console_shows(&shown->console, text); i++) {
		char *before = screen_text(&shown->console), *now = strdup(before);

		until = now_ms() + PATIENCE_MS;
		console_type(&shown->console, picture_key("PgDn"));
		while (!strcmp(before, now) && now_ms() < until) {
			console_pump(&shown->console, 50);
			free(now);
			now = screen_text(&shown->console);
		}
		/* Something else may have changed: to the answer's end. */
		while (console_pump(&shown->console, APART_MS) && now_ms() < until)
			;
		free(before);
		free(now);
	}
	shown_wait(shown, text);
}

/* The next text of the file: rows up to its end or a line "%%"; the screen has as many. */
static char *taken_text(struct shown *shown)
{
	char *text = NULL, line[4096];
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	int rows = 0;

	assert_non_null(out);
	while (fgets(line, sizeof(line), shown->taken) && strcmp(line, "%%\n") != 0) {
		char *plain;

		line[strcspn(line, "\n")] = '\0';
		plain = picture_plain(line);
		fprintf(out, "%s\n", plain);
		free(plain);
		rows++;
	}
	while (rows++ < shown->console.rows)
		fputc('\n', out);
	fclose(out);
	return text;
}

static void text_differs(const char *picture, const char *screen, char *out, size_t size)
{
	for (int row = 1; *picture && *screen; row++) {
		int old = (int)strcspn(picture, "\n"), new = (int)strcspn(screen, "\n");

		if (old != new || strncmp(picture, screen, (size_t)old) != 0) {
			snprintf(out, size, "row %d\n#   picture: %.*s\n#   screen:  %.*s", row,
				 old, picture, new, screen);
			return;
		}
		picture += old + 1;
		screen += new + 1;
	}
}

static bool text_same(const char *picture, const char *screen, bool loose)
{
	return loose ? !picture_stray(picture, screen) && !picture_stray(screen, picture)
		     : !strcmp(picture, screen);
}

static void shown_take(struct shown *shown, bool loose)
{
	long long now = now_ms(), until = now + REST_MS, quiet = now + QUIET_MS;
	char *picture = taken_text(shown), *screen = screen_text(&shown->console), *next;
	const char *stray;

	shown->takes++;
	while (!text_same(picture, screen, loose) && (now = now_ms()) < until && now < quiet) {
		console_pump(&shown->console, 50);
		next = screen_text(&shown->console);
		if (strcmp(next, screen) != 0)
			quiet = now + QUIET_MS;
		free(screen);
		screen = next;
	}
	if (text_same(picture, screen, loose))
		;
	else if (!loose)
		text_differs(picture, screen, shown->differs, sizeof(shown->differs));
	else if ((stray = picture_stray(screen, picture)))
		snprintf(shown->differs, sizeof(shown->differs), "has no '%s'", stray);
	else
		snprintf(shown->differs, sizeof(shown->differs), "only the picture has '%s'",
			 picture_stray(picture, screen));
	free(picture);
	free(screen);
}

static void shown_keys(struct shown *shown, const char *text)
{
	char *names = strdup(text), *save = NULL;

	assert_non_null(names);
	for (char *name = strtok_r(names, " ", &save); name; name = strtok_r(NULL, " ", &save)) {
		if (!picture_key(name))
			fail_msg("screenshots/pictures: no key is named '%s'", name);
		console_type(&shown->console, picture_key(name));
	}
	free(names);
}

static void shown_step(struct shown *shown, const struct picture_step *step, bool loose)
{
	switch (step->what) {
	case PICTURE_WAIT:
		shown_wait(shown, step->text);
		break;
	case PICTURE_GONE:
		console_expect_gone(&shown->console, step->text);
		break;
	case PICTURE_TYPE:
		console_type(&shown->console, step->text);
		console_type(&shown->console, "\r");
		break;
	case PICTURE_KEY:
		shown_keys(shown, step->text);
		break;
	case PICTURE_UNTIL:
		shown_until(shown, step->text);
		break;
	case PICTURE_TAKE:
		shown_take(shown, loose);
		break;
	}
}

static void picture_show(const struct picture *picture, struct shown *shown)
{
	const struct start start = {
		picture->rows, picture->columns, picture->args, NULL, child_enter, NULL,
	};
	char file[512];

	memset(shown, 0, sizeof(*shown));
	snprintf(file, sizeof(file), SCREENSHOTS "/%s.txt", picture->name);
	shown->taken = fopen(file, "re");
	if (!shown->taken)
		fail_msg("%s is not there: run `make screenshots`", file);
	directory_make();
	picture_first(picture);
	console_open(&shown->console, &start);
	for (size_t i = 0; i < picture->count && !shown->differs[0]; i++)
		shown_step(shown, &picture->steps[i], picture->loose);
}

static void test_picture(void **state)
{
	static bool old; /* one was: then it is not the kernel's order */
	const struct picture *picture = *state;
	struct shown shown;

	for (int i = 1; i <= TRIES; i++) {
		picture_show(picture, &shown);
		if (shown.differs[0] && (old || i == TRIES)) {
			old = true;
			fail_console(&shown.console,
				     "screenshots/%s.txt is older than the screen, take %d, %s\n"
				     "# run `make screenshots`, and look at them",
				     picture->name, shown.takes, shown.differs);
		}
		console_close(&shown.console);
		fclose(shown.taken);
		scratch_remove(directory);
		if (!shown.differs[0])
			break;
	}
	assert_true(shown.takes > 0);
}

/* What is to be masked, and what is not. */
static void test_plain(void **state)
{
	static const char *const rows[][2] = {
		{"pid 17 \xe2\x94\x80\xe2\x94\x80\xe2\x94\x80 alive", "pid # \xe2\x94\x80 alive"},
		{"write(4, \"123\", 3) = 3", "write(4, \"#\", 3) = 3"},
		{" 2.41  port 40123   2 min 3 s.", " # port #."},
		{"step 3 of 4, 59 s", "step 3 of 4, #"},
		{"FIN_WAIT2", "FIN_WAIT2"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *plain = picture_plain(rows[i][0]);

		assert_string_equal(plain, rows[i][1]);
		free(plain);
	}
}

int main(void)
{
	struct CMUnitTest tests[33] = {cmocka_unit_test(test_plain)};
	struct picture *pictures;
	char why[512];
	size_t count;

	pictures = pictures_read(SCREENSHOTS "/pictures", &count, why, sizeof(why));
	if (!pictures) {
		printf("1..1\nnot ok 1 - %s\n", why);
		return 1;
	}
	for (size_t i = 0; i < count; i++)
		tests[i + 1] = (struct CMUnitTest){pictures[i].name, test_picture, NULL, NULL,
						   &pictures[i]};
	cmocka_set_test_filter(getenv("TEST_ONLY"));
	return _cmocka_run_group_tests("pictures", tests, count + 1, NULL, NULL);
}
