/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_random_keys.c - thousands of keys, clicks, lines and sizes that nobody chose, everywhere:
 * the program goes on, takes its input, and what is on the terminal is what it would draw afresh.
 *
 * KEYS=N in the environment: so many for each place; SEED=N: the first one's.
 */
#include "course.h"

#include <ctype.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define CLEARS "\033[H\033[2J" /* what begins a fresh drawing */
#define KEYS 200

struct place {
	const char *args[6];
	bool line; /* no screen */
	bool live; /* something may count on while it is looked at */
};

static const char *const keys[] = {
	"\033OA",
	"\033OB",
	"\033OC",
	"\033OD",
	"\033OH",
	"\033OF",
	"\033[5~",
	"\033[6~",
	"\033[2~",
	"\033[3~",
	"\033OP",
	"\033OQ",
	"\033OR",
	"\033OS",
	"\033[15~",
	"\033[17~",
	"\033[18~",
	"\033[19~",
	"\033[20~",
	"\033[23~",
	"\033[24~",
	"\033[1;2A",
	"\033[1;2B",
	"\033[1;3A",
	"\033[1;5C",
	"\033[Z",
	"\033",
	"\r",
	"\n",
	"\t",
	" ",
	"\177",
	"\b",
	"?",
	"/",
	":",
	"p",
	"n",
	"N",
	"1",
	"2",
	"3",
	"9",
	"0",
	"q",
	"d",
	"o",
	"r",
	"\006",
	"\013",
	"\022",
	"\025",
	"\031",
	"\003",
	"\007",
	"\030\005",
	"\033x",
	"\033?",
	"\0332",
	"\360\237\230\200",
	"\346\274\242",
	"\303\251",
	"\377",
	"\302",
	"\033[",

	"\033[200~",
	"\033[201~",
};

static const char *const lines[] = {
	"open",
	"reset",
	"client write \"hello\"",
	"server read",
	"client close",
	"server close",
	"server write \"123\"",
	"client read",
	"server send \"A\" nosignal",
	"client drain 5",
	"client exit 3",
	"server kill",
	"client kill KILL",
	"client stop",
	"client cont",
	"server fork",
	"child close",
	"client poll in 50ms",
	"link wire",
	"link loopback",
	"wire hold",
	"wire release all",
	"wire drop",
	"wire cut",
	"wire mend",
	"server crash",
	"server reboot",
	"client set linger 0",
	"client set rcvtimeo 20ms",
	"client write 200k",
	"wait 30ms",
	"expect client state TIME_WAIT within 30ms",
	"help",
	"help write",
	"explain recvq",
	"explain",
	"explain EPIPE",
	"explain xyzzy",
	"lesson",
	"lesson 1",
	"lesson A",
	"lesson 3",
	"again",
	"again 2",
	"leave",
	"hint",
	"next",
	"back",
	"end",
	"play 100ms",
	"pause",
	"focus child",
	"focus client",
	"save /proc/nonexistent/x",
	"save! /dev/null/x",
	"# a comment",
	"write \"\346\274\242\345\255\227 \360\237\230\200\"",
	"nonsense",
	"client interrupt",
	"server shutdown wr",
	"server listen 9000",
	"server accept",
};

static uint64_t seed;

static unsigned any(unsigned below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)((seed >> 20) % below);
}

/* Of a file of the process's in /proc. */
static char *place_proc(struct console *console, const char *name, char *out, int size)
{
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)console->pid, name);
	file = fopen(path, "r");
	if (!file || !fgets(out, size, file))
		*out = '\0';
	if (file)
		fclose(file);
	return out;
}

/* Whether the program has taken all of its input, told all of it, and waits for what is to come:
 * not for the rest of a key. */
static bool place_rests(struct console *console)
{
	char text[512], *name;
	int left = 0;

	if (console_pump(console, 20))
		return false;
	name = strrchr(place_proc(console, "stat", text, sizeof(text)), ')');
	if (name && name[2] != 'S' && name[2] != 'Z')
		return false;
	if (atoi(place_proc(console, "syscall", text, sizeof(text))) == SYS_read && *text)
		return false;
	ioctl(console->slave, FIONREAD, &left);
	return !left;
}

/* True: it still runs. Whoever left in good order may have been asked to. */
static bool place_settle(struct console *console, bool line)
{
	long long until = now_ms() + PATIENCE_MS;
	int rests = 0;

	while (rests < 3) {
		rests = place_rests(console) ? rests + 1 : 0;
		if (!console->ended && waitpid(console->pid, &console->status, WNOHANG)) {
			console->ended = true;
			/* Two Ctrl-C in a row leave the lines. */
			if (console->status && !(line && WIFEXITED(console->status) &&
						 WEXITSTATUS(console->status) == 128 + SIGINT))
				fail_console(console, "it ended with %x", console->status);
			return false;
		}
		if (now_ms() > until)
			fail_console(console, "it does not come to rest");
	}
	return true;
}

/* The screen; of what counts on the digits do not matter, nor how many they are. */
static char *place_text(struct console *console, bool live)
{
	size_t size = (size_t)console->rows * ((size_t)console->columns * 8 + 2) + 1, len = 0;
	char *text = malloc(size);

	assert_non_null(text);
	for (int y = 0; y < console->rows; y++) {
		const char *row = console_row(console, y);

		for (bool number = false; *row && len + 2 < size; row++) {
			bool digit = live && (isdigit((unsigned char)*row) || *row == '.');

			if (live && *row == ' ')
				continue;
			if (!digit || !number)
				text[len++] = digit ? '#' : *row;
			number = digit;
		}
		text[len++] = '\n';
	}
	text[len] = '\0';
	return text;
}

/* False: it is not what the program draws afresh. */
static bool place_fresh(struct console *console, bool live)
{
	char *before = place_text(console, live), *after;
	long long until = now_ms() + PATIENCE_MS;
	bool same;

	console_watch(console, CLEARS);
	kill(console->pid, SIGWINCH); /* Ctrl-L would take the message away */
	while (!console->found && now_ms() < until)
		console_pump(console, 20);
	if (!console->found)
		fail_console(console, "it does not draw afresh");
	place_settle(console, false);
	after = place_text(console, live);
	same = !strcmp(before, after);
	if (!same && !live)
		print_message("# before\n%s\n# afresh\n%s\n", before, after);
	free(before);
	free(after);
	return same;
}

static void place_click(struct console *console, char *out, size_t size)
{
	static const int buttons[] = {0, 0, 0, 64, 65, 2, 1};
	int button = buttons[any(COUNT(buttons))], x, y;

	/* Not on the last row: there is the key that leaves. */
	y = 1 + (int)any((unsigned)(console->rows > 1 ? console->rows - 1 : 1));
	x = 1 + (int)any((unsigned)console->columns);
	snprintf(out, size, "\033[<%d;%d;%dM\033[<%d;%d;%dm", button, x, y, button, x, y);
}

static void place_resize(struct console *console, bool line)
{
	static const int sizes[][2] = {{24, 80},   {16, 60},  {15, 60},	 {16, 59}, {1, 1},
				       {200, 500}, {43, 132}, {60, 200}, {17, 61}, {2, 300}};
	unsigned which = any(COUNT(sizes) + 4);
	int rows = 1 + (int)any(70), columns = 1 + (int)any(200);

	if (line) { /* libvterm 0.1.4 reads beyond a very narrow one when text runs on */
		rows += 4;
		columns += 9;
	} else if (which < COUNT(sizes)) {
		rows = sizes[which][0];
		columns = sizes[which][1];
	}
	if (rows != console->rows || columns != console->columns) /* else nobody is told */
		console_resize(console, rows, columns);
}

static void place_act(struct console *console, const struct place *place)
{
	unsigned what = any(100);
	char text[160];

	if (what < 48) {
		console_type(console, keys[any(COUNT(keys))]);
	} else if (what < 68) {
		place_click(console, text, sizeof(text));
		if (!place->line)
			console_type(console, text);
	} else if (what < 90) {
		const char *begin = any(3) ? "" : "\025";

		/* With Esc and Ctrl-U in front it is a line, otherwise it is what it is. */
		snprintf(text, sizeof(text), "%s%s\r", begin, lines[any(COUNT(lines))]);
		console_type(console, text);
	} else if (what < 96) {
		text[0] = (char)(' ' + any(95));
		text[1] = '\0';
		console_type(console, text);
	} else {
		place_resize(console, place->line);
	}
}

static void place_enter(void)
{
	if (chdir(course_dir))
		_exit(125);
}

static void place_open(struct console *console, const struct place *place)
{
	const char *env[] = {course_state, NULL};

	console_open(console, &(struct start){.args = place->args,
					      .env = env,
					      .child = place_enter,
					      .program = course_program});
	place_settle(console, place->line);
}

static void place_play(const struct place *place)
{
	const char *many = getenv("KEYS"), *first = getenv("SEED");
	int count = many ? atoi(many) : KEYS, looks = 0, stale = 0;
	struct console console;

	seed = (first ? strtoull(first, NULL, 10) : 7) * 0x9e3779b97f4a7c15ULL + 1;
	place_open(&console, place);
	for (int i = 0; i < count; i++) {
		place_act(&console, place);
		if (any(12))
			continue;
		if (!place_settle(&console, place->line)) {
			console_close(&console);
			place_open(&console, place);
		} else if (!place->line) {
			looks++;
			stale += !place_fresh(&console, place->live);
		}
	}
	/* Where something goes on meanwhile, what is drawn afresh may tell of it. */
	if (stale > (place->live ? looks / 4 : 0))
		fail_console(&console, "%d of %d screens were stale", stale, looks);
	console_close(&console);
}

static void test_lab(void **state)
{
	(void)state;
	place_play(&(struct place){.args = {NULL}, .live = true});
}

static void test_lesson(void **state)
{
	(void)state;
	place_play(&(struct place){.args = {"lesson", "1"}, .live = true});
}

static void test_stage(void **state)
{
	(void)state;
	place_play(&(struct place){.args = {"--stage", "lesson", "1"}, .live = true});
}

static void test_replay(void **state)
{
	char line[256];
	int status;

	(void)state;
	snprintf(line, sizeof(line),
		 "cd %s && printf 'open\\nclient write \"hello\"\\nserver read\\nclient close\\n"
		 "server write \"123\"\\n' | ./bothends run --save talk - >/dev/null 2>&1",
		 course_dir);
	status = system(line);
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		skip();
	place_play(&(struct place){.args = {"replay", "talk.jsonl"}});
	place_play(&(struct place){.args = {"replay", "--stage", "talk.jsonl"}});
}

static void test_line(void **state)
{
	(void)state;
	place_play(&(struct place){.args = {"lesson", "--plain", "1"}, .line = true});
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {COURSE_TEST(test_lab), COURSE_TEST(test_lesson),
					   COURSE_TEST(test_stage), COURSE_TEST(test_replay),
					   COURSE_TEST(test_line)};

	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
