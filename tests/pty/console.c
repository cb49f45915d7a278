/* SPDX-License-Identifier: GPL-3.0-or-later */
/* console.c - the real program in a terminal made of a pty and libvterm. */
#include "console.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <utmp.h>

#include <cmocka.h>

long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static int on_property(VTermProp prop, VTermValue *value, void *user)
{
	struct console *console = user;

	if (prop == VTERM_PROP_ALTSCREEN)
		console->alternate = value->boolean;
	if (prop == VTERM_PROP_CURSORVISIBLE)
		console->cursor = value->boolean;
	if (prop == VTERM_PROP_TITLE)
		snprintf(console->title, sizeof(console->title), "set");
	return 1;
}

static const VTermScreenCallbacks callbacks = {.settermprop = on_property};

static void screen_new(struct console *console)
{
	console->vt = vterm_new(console->rows, console->columns);
	vterm_set_utf8(console->vt, 1);
	console->screen = vterm_obtain_screen(console->vt);
	vterm_screen_enable_altscreen(console->screen, 1);
	vterm_screen_set_callbacks(console->screen, &callbacks, console);
	vterm_screen_reset(console->screen, 1);
}

static void child_run(const struct start *start)
{
	const char *args[16] = {start->program ? start->program : TEST_BUILD "/bothends"};

	for (size_t i = 0; start->args && start->args[i] && i < 14; i++)
		args[i + 1] = start->args[i];
	setenv("TERM", "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	unsetenv("NO_COLOR");
	unsetenv("LINES");
	unsetenv("COLUMNS");
	unsetenv("INPUTRC");
	for (const char *const *env = start->env; env && *env; env++) {
		if (strchr(*env, '='))
			putenv((char *)*env);
		else
			unsetenv(*env);
	}
	if (start->child)
		start->child();
	execv(args[0], (char *const *)args);
	_exit(126);
}

void console_open(struct console *console, const struct start *start)
{
	struct winsize size = {.ws_row = (unsigned short)(start->rows ? start->rows : 24),
			       .ws_col = (unsigned short)(start->columns ? start->columns : 80)};

	memset(console, 0, sizeof(*console));
	console->rows = size.ws_row;
	console->columns = size.ws_col;
	console->cursor = true;
	screen_new(console);
	assert_int_equal(openpty(&console->master, &console->slave, NULL, NULL, &size), 0);
	fcntl(console->master, F_SETFD, FD_CLOEXEC);
	assert_int_equal(tcgetattr(console->slave, &console->before), 0);
	console->pid = fork();
	assert_true(console->pid >= 0);
	if (!console->pid) {
		login_tty(console->slave);
		child_run(start);
	}
	fcntl(console->slave, F_SETFD, FD_CLOEXEC);
}

void console_close(struct console *console)
{
	if (!console->ended) {
		kill(console->pid, SIGKILL);
		while (waitpid(console->pid, &console->status, 0) < 0 && errno == EINTR)
			;
	}
	if (console->master >= 0)
		close(console->master);
	if (console->slave >= 0)
		close(console->slave);
	vterm_free(console->vt);
	free(console->needle);
	free(console->raw);
	memset(console, 0, sizeof(*console));
}

/* The watched bytes may come in two pieces. */
static void console_search(struct console *console, const char *bytes, size_t len)
{
	size_t old = strlen(console->tail), want = console->needle ? strlen(console->needle) : 0;
	char *all;

	for (size_t i = 0; i < len; i++)
		console->high |= (unsigned char)bytes[i] > 0x7f;
	if (!want)
		return;
	all = malloc(old + len + 1);
	assert_non_null(all);
	memcpy(all, console->tail, old);
	memcpy(all + old, bytes, len);
	console->found |= memmem(all, old + len, console->needle, want) != NULL;
	old += len;
	len = old < sizeof(console->tail) - 1 ? old : sizeof(console->tail) - 1;
	memcpy(console->tail, all + old - len, len);
	console->tail[len] = '\0';
	free(all);
}

static void console_keep(struct console *console, const char *bytes, size_t len)
{
	if (!console->raw)
		console->raw = malloc(2 * RAW_BYTES);
	assert_non_null(console->raw);
	if (console->raw_len + len > 2 * RAW_BYTES) {
		memmove(console->raw, console->raw + console->raw_len - RAW_BYTES, RAW_BYTES);
		console->raw_len = RAW_BYTES;
	}
	memcpy(console->raw + console->raw_len, bytes, len);
	console->raw_len += len;
}

/* DEC private modes that a full screen program may set: cursor keys, the cursor, the mouse, the
 * alternate screen, bracketed paste. */
static const struct {
	int mode;
	bool usual;
} modes[] = {{1, false},    {25, true},	   {47, false},	  {1000, false}, {1002, false},
	     {1003, false}, {1006, false}, {1047, false}, {1049, false}, {2004, false}};
#define MODES (sizeof(modes) / sizeof(modes[0]))

static void mode_set(bool now[MODES], int mode, bool on)
{
	for (size_t i = 0; i < MODES; i++)
		if (modes[i].mode == mode)
			now[i] = on;
}

/* One sequence behind ESC [; returns what is behind it. */
static const char *mode_take(const char *at, const char *end, bool now[MODES], bool *plain)
{
	const char *params = at;
	bool private = at < end && *at == '?';
	char text[64];
	size_t len;

	while (at < end && (unsigned char)*at < 0x40)
		at++;
	len = (size_t)(at - params);
	if (at == end || len >= sizeof(text))
		return at;
	memcpy(text, params, len);
	text[len] = '\0';
	if (private && (*at == 'h' || *at == 'l'))
		for (char *one = strtok(text + 1, ";"); one; one = strtok(NULL, ";"))
			mode_set(now, atoi(one), *at == 'h');
	if (*at == 'm')
		*plain = !*text || !strcmp(text, "0") || !strcmp(text, "0;10"); /* ansi */
	return at + 1;
}

const char *console_mode_left(const struct console *console)
{
	static char left[64];
	const char *at = console->raw, *end = at + console->raw_len;
	bool now[MODES], plain = true, keypad = false, graphics = false;

	for (size_t i = 0; i < MODES; i++)
		now[i] = modes[i].usual;
	while (at < end) {
		char c = *at++;

		if (c == '\016' || c == '\017')
			graphics = c == '\016';
		if (c != '\033' || at == end)
			continue;
		if (*at == '[')
			at = mode_take(at + 1, end, now, &plain);
		else if (*at == '=' || *at == '>')
			keypad = *at == '=';
		else if (*at == '(' && at + 1 < end)
			graphics = at[1] == '0';
	}
	for (size_t i = 0; i < MODES; i++)
		if (now[i] != modes[i].usual) {
			snprintf(left, sizeof(left), "?%d", modes[i].mode);
			return left;
		}
	return !plain ? "colours" : keypad ? "keypad" : graphics ? "line drawing" : NULL;
}

bool console_pump(struct console *console, int ms)
{
	struct pollfd fd = {.fd = console->master, .events = POLLIN};
	char bytes[16384];
	ssize_t n;

	if (poll(&fd, 1, ms) <= 0 || !(fd.revents & (POLLIN | POLLHUP)))
		return false;
	n = read(console->master, bytes, sizeof(bytes));
	if (n <= 0)
		return false;
	console->bytes += (size_t)n;
	console_search(console, bytes, (size_t)n);
	console_keep(console, bytes, (size_t)n);
	vterm_input_write(console->vt, bytes, (size_t)n);
	vterm_screen_flush_damage(console->screen);
	return true;
}

void console_watch(struct console *console, const char *needle)
{
	free(console->needle);
	console->needle = strdup(needle);
	console->found = false;
	console->tail[0] = '\0';
}

void console_send(struct console *console, const char *bytes, size_t len)
{
	long long until = now_ms() + PATIENCE_MS;

	fcntl(console->master, F_SETFL, fcntl(console->master, F_GETFL) | O_NONBLOCK);
	while (len) {
		ssize_t n = write(console->master, bytes, len);

		if (n > 0) {
			bytes += n;
			len -= (size_t)n;
		}
		if (now_ms() > until)
			fail_console(console, "the program does not take its input");
		if (n < 0) /* it may be waiting for us to read */
			console_pump(console, 10);
	}
	fcntl(console->master, F_SETFL, fcntl(console->master, F_GETFL) & ~O_NONBLOCK);
}

void console_type(struct console *console, const char *bytes)
{
	console_send(console, bytes, strlen(bytes));
}

void console_resize(struct console *console, int rows, int columns)
{
	struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};

	console->rows = rows;
	console->columns = columns;
	/* A new one: libvterm 0.1.4 writes beyond its rows when it is resized amid output, and the
	 * program must draw all of the new screen anyway. */
	vterm_free(console->vt);
	screen_new(console);
	assert_int_equal(ioctl(console->master, TIOCSWINSZ, &size), 0);
}

static size_t put_utf8(char *out, uint32_t c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

VTermScreenCell console_cell(struct console *console, int y, int x)
{
	VTermScreenCell cell;

	memset(&cell, 0, sizeof(cell));
	vterm_screen_get_cell(console->screen, (VTermPos){.row = y, .col = x}, &cell);
	return cell;
}

const char *console_row(struct console *console, int y)
{
	static char row[4096];
	size_t len = 0;

	if (y < 0)
		y += console->rows;
	for (int x = 0; x < console->columns && len < sizeof(row) - 32; x++) {
		VTermScreenCell cell = console_cell(console, y, x);

		if (!cell.chars[0])
			row[len++] = ' ';
		for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++)
			len += put_utf8(row + len, cell.chars[i]);
		if (cell.width == 2)
			x++;
	}
	while (len && row[len - 1] == ' ')
		len--;
	row[len] = '\0';
	return row;
}

bool console_shows(struct console *console, const char *text)
{
	for (int y = 0; y < console->rows; y++)
		if (strstr(console_row(console, y), text))
			return true;
	return false;
}

void console_print(struct console *console)
{
	print_message("# the screen, %d x %d, %s:\n", console->columns, console->rows,
		      console->ended ? "ended" : "running");
	for (int y = 0; y < console->rows; y++)
		print_message("#|%s\n", console_row(console, y));
}

static bool row_shows(struct console *console, int y, const char *text)
{
	return strstr(console_row(console, y), text) != NULL;
}

void console_expect(struct console *console, const char *text)
{
	long long until = now_ms() + PATIENCE_MS;

	while (!console_shows(console, text)) {
		if (now_ms() > until)
			fail_console(console, "\"%s\" does not come", text);
		console_pump(console, 50);
	}
}

void console_expect_gone(struct console *console, const char *text)
{
	long long until = now_ms() + PATIENCE_MS;

	while (console_shows(console, text)) {
		if (now_ms() > until)
			fail_console(console, "\"%s\" does not go", text);
		console_pump(console, 50);
	}
}

void console_expect_row(struct console *console, int y, const char *text)
{
	long long until = now_ms() + PATIENCE_MS;

	while (!row_shows(console, y, text)) {
		if (now_ms() > until)
			fail_console(console, "\"%s\" does not come in row %d", text, y);
		console_pump(console, 50);
	}
}

int console_wait(struct console *console, int ms)
{
	long long until = now_ms() + ms;

	while (!console->ended) {
		pid_t pid = waitpid(console->pid, &console->status, WNOHANG);

		console->ended = pid == console->pid;
		if (!console->ended && now_ms() > until)
			fail_console(console, "the program does not end within %d ms", ms);
		if (!console->ended)
			console_pump(console, 5);
	}
	while (console_pump(console, 0))
		;
	return console->status;
}

void console_expect_quiet(struct console *console, int ms)
{
	long long until = now_ms() + ms, left;
	size_t bytes = console->bytes;

	while ((left = until - now_ms()) > 0)
		console_pump(console, (int)left);
	if (console->bytes != bytes)
		fail_console(console, "%zu bytes came in a quiet time", console->bytes - bytes);
}

void console_expect_restored(struct console *console)
{
	struct termios now;
	long long until = now_ms() + PATIENCE_MS;

	for (;;) {
		assert_int_equal(tcgetattr(console->slave, &now), 0);
		while (console_pump(console, 0))
			;
		if (now.c_iflag == console->before.c_iflag &&
		    now.c_oflag == console->before.c_oflag &&
		    now.c_lflag == console->before.c_lflag &&
		    !memcmp(now.c_cc, console->before.c_cc, sizeof(now.c_cc)) &&
		    !console->alternate && console->cursor && !console_mode_left(console))
			return;
		if (now_ms() > until)
			fail_console(console,
				     "terminal not restored: lflag %#x, was %#x; alternate %d, "
				     "cursor %d; left: %s",
				     now.c_lflag, console->before.c_lflag, console->alternate,
				     console->cursor, console_mode_left(console));
		console_pump(console, 5);
	}
}

pid_t console_pid(struct console *console, const char *side)
{
	char pattern[32];

	snprintf(pattern, sizeof(pattern), "%s · pid ", side);
	console_expect(console, pattern);
	for (int y = 0; y < console->rows; y++) {
		const char *at = strstr(console_row(console, y), pattern);

		if (at)
			return (pid_t)atoi(at + strlen(pattern));
	}
	return 0;
}

long long console_wakeups(const struct console *console)
{
	char path[64], line[128];
	long long count = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)console->pid);
	file = fopen(path, "r");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		sscanf(line, "voluntary_ctxt_switches: %lld", &count);
	fclose(file);
	assert_true(count >= 0);
	return count;
}
