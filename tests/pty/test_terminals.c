/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_terminals.c - each kind of terminal gets what it understands and no more, at any size, and
 * whatever is pasted into it.
 */
#include "console.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define F1 "\033OP"
#define F2 "\033OQ"
#define F9 "\033[20~"

static const struct start plain;

/* Whether the machine's terminfo knows this terminal: where curses looks for it. */
static bool terminal_known(const char *term)
{
	static const char *const places[] = {"/etc/terminfo", "/lib/terminfo",
					     "/usr/share/terminfo"};
	char path[256];

	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s/%c/%s", places[i], term[0], term);
		if (!access(path, R_OK))
			return true;
	}
	return false;
}

/* The colours that were asked for, of all there are in what came: 0, 8 or 256. */
static int colours_used(const struct console *console)
{
	const char *at = console->raw, *end = at + console->raw_len;
	int most = 0;

	while ((at = memchr(at, '\033', (size_t)(end - at)))) {
		char params[64];
		size_t len = 0;

		for (at += 2; at < end && ((*at >= '0' && *at <= '9') || *at == ';'); at++)
			if (len < sizeof(params) - 1)
				params[len++] = *at;
		params[len] = '\0';
		if (at >= end) /* it is not all there yet */
			break;
		if (*at != 'm')
			continue;
		for (char *one = strtok(params, ";"); one; one = strtok(NULL, ";")) {
			int number = atoi(one);

			if (number == 38 || number == 48 || (number >= 90 && number <= 107))
				most = 256;
			else if (number >= 30 && number <= 49 && number != 39 && number != 49)
				most = most > 8 ? most : 8;
			if (number == 38 || number == 48)
				break;
		}
	}
	return most;
}

static bool raw_has(const struct console *console, const char *bytes)
{
	return memmem(console->raw, console->raw_len, bytes, strlen(bytes)) != NULL;
}

static void test_kinds(void **state)
{
	static const struct {
		const char *term;
		int colours; /* at most */
		bool mouse;
	} kinds[] = {
		{"xterm", 8, true},  {"xterm-256color", 256, true},
		{"tmux", 8, true},   {"tmux-256color", 256, true},
		{"screen", 8, true}, {"screen-256color", 256, true},
		{"linux", 8, true},  {"vt100", 0, false},
		{"vt220", 0, false}, {"rxvt-unicode", 256, true},
		{"ansi", 8, false},  {"rxvt", 8, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct console console;
		char variable[64];
		const char *env[] = {variable, NULL};

		if (!terminal_known(kinds[i].term)) {
			print_message("# no %s in this machine's terminfo\n", kinds[i].term);
			continue;
		}
		snprintf(variable, sizeof(variable), "TERM=%s", kinds[i].term);
		console_open(&console, &(struct start){.env = env});
		console_expect_row(&console, -2, "server>");
		console_type(&console, "open\r");
		console_expect(&console, "ESTABLISHED");
		console_type(&console, "c close\r");
		console_expect(&console, "CLOSE_WAIT");
		console_type(&console, "help\r");
		console_expect(&console, "help WORD");
		console_type(&console, "\033");
		console_expect_gone(&console, "help WORD");
		console_type(&console, "quit\r");
		assert_int_equal(console_wait(&console, PATIENCE_MS), 0);
		console_expect_restored(&console);
		assert_string_equal(console_row(&console, 23), ""); /* the shell's prompt's */
		if (colours_used(&console) > kinds[i].colours)
			fail_console(&console, "%s: %d colours", kinds[i].term,
				     colours_used(&console));
		if (!kinds[i].mouse && raw_has(&console, "1000h"))
			fail_console(&console, "%s has no mouse", kinds[i].term);
		console_close(&console);
	}
}

/* The Linux console has few shapes. */
static void test_linux(void **state)
{
	static const char *const env[] = {"TERM=linux", NULL};
	struct console console;

	(void)state;
	console_open(&console, &(struct start){.env = env});
	console_expect_row(&console, -2, "server>");
	console_type(&console, "open\r");
	console_expect(&console, "• ESTABLISHED");
	console_expect(&console, "╔");
	assert_false(raw_has(&console, "●"));
	assert_false(raw_has(&console, "┏"));
	console_close(&console);
}

static void test_themes(void **state)
{
	static const char *const themes[] = {"dark", "light", "contrast", "contrast-light", "mono"};
	static const char *const eight[] = {"TERM=xterm-color", NULL};
	static const char *const many[] = {"TERM=xterm-256color", "NO_COLOR=", NULL};

	(void)state;
	for (size_t i = 0; i < 2 * sizeof(themes) / sizeof(themes[0]); i++) {
		const char *theme = themes[i / 2];
		const char *args[] = {"--theme", theme, NULL};
		bool mono = !strcmp(theme, "mono");
		struct console console;
		int used;

		console_open(&console, &(struct start){.env = i % 2 ? eight : many, .args = args});
		console_expect_row(&console, -2, "server>");
		used = colours_used(&console);
		if (used != (mono ? 0 : i % 2 ? 8 : 256))
			fail_console(&console, "%s, %s: %d colours", theme,
				     (i % 2 ? eight : many)[0], used);
		console_close(&console);
	}
}

/* NO_COLOR counts when it is not empty: no-color.org. */
static void test_no_color(void **state)
{
	static const char *const env[][2] = {{"NO_COLOR=", NULL}, {"NO_COLOR=0", NULL}};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct console console;

		console_open(&console, &(struct start){.env = env[i]});
		console_expect_row(&console, -2, "server>");
		assert_int_equal(colours_used(&console), i ? 0 : 256);
		console_close(&console);
	}
}

static void test_mouse_left(void **state)
{
	static const char *const args[] = {"--no-mouse", NULL};
	struct console console;

	(void)state;
	console_open(&console, &(struct start){.args = args});
	console_expect_row(&console, -2, "server>");
	assert_false(raw_has(&console, "1000h"));
	console_type(&console, F9);
	console_expect(&console, "clicks here again");
	assert_true(raw_has(&console, "1000h"));
	console_type(&console, F9);
	console_expect(&console, "selects text");
	console_type(&console, "\004");
	assert_int_equal(console_wait(&console, PATIENCE_MS), 0);
	console_expect_restored(&console);
	console_close(&console);
}

/* Characters of two columns, of none, and joined ones: what stands at the right stays there. */
static void test_wide(void **state)
{
	struct console console;

	(void)state;
	console_open(&console, &plain);
	console_expect_row(&console, -2, "server>");
	console_type(&console, "open\r");
	console_expect(&console, "accept(3…) = 4");
	console_type(&console, "write \"漢字👩\u200d👧e\u0301❤\ufe0f가\" # 漢字");
	console_expect_row(&console, -2, "漢字👩?👧e\u0301❤가");
	console_type(&console, "\r");
	console_expect(&console, "> server write \"漢字👩?👧e\u0301❤가\"");
	console_expect(&console, " = 29");
	for (int y = 2; y < 8; y++)
		if (console_cell(&console, y, 79).chars[0] != 0x2503) /* ┃ */
			fail_console(&console, "row %d is not straight", y);
	console_close(&console);
}

/* 100 kB of lines, of one line, of any bytes: said once what is refused, nothing after it lost. */
static void test_paste(void **state)
{
	enum { SIZE = 100000 };
	char *paste = malloc(SIZE);
	struct console console;

	(void)state;
	assert_non_null(paste);
	for (int kind = 0; kind < 3; kind++) {
		unsigned seed = 1;
		long long start;

		for (int i = 0; i < SIZE; i++) {
			seed = seed * 1103515245 + 12345;
			paste[i] = kind == 0   ? "get error\r"[i % 10]
				   : kind == 1 ? 'x'
					       : (char)(0x80 | seed >> 16);
		}
		console_open(&console, &plain);
		console_expect_row(&console, -2, "server>");
		console_type(&console, "open\r");
		console_expect(&console, "accept(3…) = 4");
		start = now_ms();
		console_send(&console, paste, SIZE);
		if (kind != 2)
			console_expect(&console, kind ? "at most 4000 bytes" : "getsockopt");
		console_type(&console, "\003\003");
		console_pump(&console, 0);
		console_type(&console, "write \"behind\"\r");
		console_expect(&console, "\"behind\", 6) = 6");
		print_message("# paste %d: %lld ms\n", kind, now_ms() - start);
		console_close(&console);
	}
	free(paste);
}

/* The same into menu, help and question: they may take it as keys, and must live. */
static void test_paste_elsewhere(void **state)
{
	static const char *const places[] = {F1,       F2,	   "\033OS",
					     "\033OT", "\033[18~", "lesson 1\r   "};
	enum { SIZE = 20000 };
	char *paste = malloc(SIZE);

	(void)state;
	assert_non_null(paste);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct console console;

		for (int j = 0; j < SIZE; j++)
			paste[j] = "Zz%&~|@ \303\244\r"[j % 11];
		console_open(&console, &plain);
		console_expect_row(&console, -2, "server>");
		console_type(&console, places[i]);
		console_pump(&console, 100);
		console_send(&console, paste, SIZE);
		console_pump(&console, 100);
		kill(console.pid, SIGTERM);
		assert_int_equal(WEXITSTATUS(console_wait(&console, PATIENCE_MS)), 128 + SIGTERM);
		console_expect_restored(&console);
		console_close(&console);
	}
	free(paste);
}

/* Until nothing has come for a while. */
static void rest(struct console *console)
{
	long long until = now_ms() + PATIENCE_MS;

	while (console_pump(console, 300))
		if (now_ms() > until)
			fail_console(console, "the screen never rests");
}

/* Sizes from nothing to nonsense while keys are typed; in the end the screen is what it would have
 * been at this size from the start. */
static void test_sizes(void **state)
{
	static const struct {
		int rows, columns;
	} odd[] = {{1, 1}, {1, 500}, {200, 500}, {2, 80}, {80, 2}, {500, 1}, {16, 60}, {15, 60}};
	static const char *const keys[] = {"write \"x", F1,	"\033",	  "\033[5~", "\033[6~",
					   F2,		"\033", "\033OR", "\003",    "\033OS",
					   "\033",	"read", "\003",	  "\t"};
	char *last = NULL;
	unsigned seed = 7;
	struct console console;

	(void)state;
	console_open(&console, &plain);
	console_expect_row(&console, -2, "server>");
	console_type(&console, "open\r");
	console_expect(&console, "accept(3…) = 4");
	for (int i = 0; i < 300; i++) {
		seed = seed * 1103515245 + 12345;
		if (i % 5 == 0)
			console_resize(&console, odd[seed >> 16 & 7].rows,
				       odd[seed >> 16 & 7].columns);
		else
			console_resize(&console, 1 + (int)(seed >> 8) % 60,
				       1 + (int)(seed >> 16) % 200);
		console_type(&console, keys[i % (int)(sizeof(keys) / sizeof(keys[0]))]);
		console_pump(&console, 0);
	}
	console_resize(&console, 24, 80);
	console_type(&console, "\033");
	console_pump(&console, 200);
	console_type(&console, "\003");
	console_type(&console, "end\r");
	console_type(&console, "focus server\r");
	console_expect_row(&console, -2, "server>");
	console_expect_row(&console, 2, "ESTABLISHED");
	/* Drawn anew, it is the same. */
	rest(&console);
	for (int y = 0; y < 24; y++) {
		char *more = NULL;

		assert_true(asprintf(&more, "%s%s\n", last ? last : "", console_row(&console, y)) >
			    0);
		free(last);
		last = more;
	}
	console_resize(&console, 24, 80); /* an empty terminal of the same size */
	console_type(&console, "\f");
	rest(&console);
	for (int y = 0, at = 0; y < 24; y++) {
		const char *row = console_row(&console, y);

		if (strncmp(last + at, row, strlen(row)) || last[at + (int)strlen(row)] != '\n')
			fail_console(&console, "row %d was otherwise:\n%s", y, last);
		at += (int)strlen(row) + 1;
	}
	free(last);
	console_close(&console);
}

static long memory_kb(pid_t pid)
{
	char path[64], line[128];
	long kb = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	file = fopen(path, "r");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		sscanf(line, "VmHWM: %ld", &kb);
	fclose(file);
	return kb;
}

/* A terminal that lies about its size, a LINES that does: memory stays bounded, the screen lives.
 */
static void test_liars(void **state)
{
	static const char *const env[] = {"LINES=7", "COLUMNS=4000", NULL};
	static const struct winsize sizes[] = {
		{2000, 2000, 0, 0}, {65535, 65535, 0, 0}, {0, 0, 0, 0}};
	struct console console;

	(void)state;
	console_open(&console, &(struct start){.env = env});
	console_expect_row(&console, -2, "server>"); /* the terminal's own size counts */
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		assert_int_equal(ioctl(console.master, TIOCSWINSZ, &sizes[i]), 0);
		for (int turn = 0; turn < 20; turn++)
			console_pump(&console, 20);
	}
	console_resize(&console, 24, 80);
	console_type(&console, "open\r");
	console_expect(&console, "accept(3…) = 4");
	assert_in_range(memory_kb(console.pid), 1, 400000);
	print_message("# at most %ld kB\n", memory_kb(console.pid));
	console_close(&console);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),	   cmocka_unit_test(test_linux),
		cmocka_unit_test(test_themes),	   cmocka_unit_test(test_no_color),
		cmocka_unit_test(test_mouse_left), cmocka_unit_test(test_wide),
		cmocka_unit_test(test_paste),	   cmocka_unit_test(test_paste_elsewhere),
		cmocka_unit_test(test_sizes),	   cmocka_unit_test(test_liars),
	};

	cmocka_set_test_filter(getenv("TEST_ONLY"));
	return cmocka_run_group_tests_name("terminals", tests, NULL, NULL);
}
