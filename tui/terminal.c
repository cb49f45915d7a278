/* SPDX-License-Identifier: GPL-3.0-or-later */
/* terminal.c - take the terminal, give it back as it was. rescue.c does it when this cannot. */
#include "terminal.h"

#include "rescue.h"

#include <curses.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

/* A terminal that claims more than any has lies, and would have all memory for its cells. */
#define ROWS_MOST 600
#define COLUMNS_MOST 1200

static bool curses_up;
static int signal_fd = -1;
static FILE *input; /* curses' own, of the same terminal */

/* A string of this terminal's, NULL: it cannot do that. */
static const char *terminal_string(const char *name)
{
	const char *string = tigetstr(name);

	return string && string != (char *)-1 ? string : NULL;
}

bool terminal_dumb(void)
{
	const char *term = getenv("TERM");
	int found = 0;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || !term || !*term ||
	    setupterm(NULL, STDOUT_FILENO, &found) != OK)
		return false;
	return !terminal_string("cup");
}

int terminal_prepare(struct err *err)
{
	const char *term = getenv("TERM");
	int found = 0;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return err_set(err, "the screen needs a terminal on standard input and output; "
				    "`bothends --plain` needs none, `bothends run FILE` plays a "
				    "script");
	if (!term || !*term)
		return err_set(err, "TERM is not set: which terminal is this? Try TERM=xterm, or "
				    "`bothends --plain`, which needs none");
	if (setupterm(NULL, STDOUT_FILENO, &found) != OK || found != 1)
		return err_set(err,
			       "TERM is \"%s\", a terminal that this machine does not know; "
			       "try TERM=xterm, or `bothends --plain`",
			       term);
	if (!terminal_string("cup"))
		return err_set(err,
			       "TERM is \"%s\", a terminal that cannot place its cursor; "
			       "`bothends --plain` needs no such thing",
			       term);
	return rescue_prepare(err);
}

/* Blocked, so that they come one at a time, through poll. */
static void signals_take(void)
{
	static const int watched[] = {SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGTSTP, SIGCONT, SIGQUIT};
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(watched) / sizeof(watched[0]); i++)
		sigaddset(&set, watched[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	rescue_crashes(true);
}

void terminal_mouse(bool on)
{
	/* Behind what is not asked for curses waits for more: so for the releases, too, but for no
	 * clicks, which it would put together from both. */
	mmask_t all = 0;

	for (int button = 1; button <= 5; button++)
		all |= NCURSES_MOUSE_MASK(button, NCURSES_BUTTON_PRESSED | NCURSES_BUTTON_RELEASED);
	mousemask(on ? all : 0, NULL);
}

/* The terminal's size, as far as it is to be believed. False: it does not say. */
static bool size_ask(int *high, int *wide)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_row || !size.ws_col)
		return false;
	*high = size.ws_row < ROWS_MOST ? size.ws_row : ROWS_MOST;
	*wide = size.ws_col < COLUMNS_MOST ? size.ws_col : COLUMNS_MOST;
	return true;
}

/* LINES and COLUMNS may be stale, and curses goes by them when it begins. */
static void size_tell(void)
{
	int high, wide;
	char text[16];

	if (!size_ask(&high, &wide))
		return;
	snprintf(text, sizeof(text), "%d", high);
	setenv("LINES", text, 1);
	snprintf(text, sizeof(text), "%d", wide);
	setenv("COLUMNS", text, 1);
}

/* With nodelay, too, curses reads on behind a click that it was not asked for (a release, another
 * button) and behind half of one, until a read fails: a terminal opened anew can be set not to
 * wait without the shell's reads and our writes being set so, too. NULL: it may not be opened, as
 * that of another user; then reads_bound() is all there is. */
static FILE *input_open(void)
{
	int fd = open("/proc/self/fd/0", O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	FILE *file = fd >= 0 ? fdopen(fd, "r") : NULL;

	if (!file && fd >= 0)
		close(fd);
	return file;
}

/* A read returns after a while in any case. */
static void reads_bound(void)
{
	struct termios modes;

	if (tcgetattr(STDIN_FILENO, &modes))
		return;
	modes.c_cc[VMIN] = 0;
	modes.c_cc[VTIME] = 1; /* tenths of a second */
	tcsetattr(STDIN_FILENO, TCSANOW, &modes);
	def_prog_mode();
}

int terminal_start(bool mouse, struct err *err)
{
	signals_take();
	size_tell();
	del_curterm(cur_term); /* newterm makes its own */
	input = input_open();
	if (!newterm(NULL, stdout, input ? input : stdin)) {
		terminal_stop(2);
		return err_set(err, "curses cannot use this terminal");
	}
	curses_up = true;
	raw();
	noecho();
	nonl();
	meta(stdscr, TRUE);
	set_escdelay(25);
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	intrflush(stdscr, FALSE);
	leaveok(stdscr, FALSE);
	reads_bound();
	mouseinterval(0);
	terminal_mouse(mouse);
	terminal_resize();
	rescue_up(true);
	rescue_stderr(true);
	return 0;
}

static void terminal_give(void)
{
	/* Where there is no other screen to go back to, the shell's prompt comes on the last row.
	 */
	wmove(stdscr, LINES - 1, 0);
	wclrtoeol(stdscr);
	wrefresh(stdscr);
	endwin();
	rescue_up(false);
	rescue_modes();
}

void terminal_stop(int status)
{
	if (curses_up) {
		rescue_hurry(status);
		terminal_give();
		alarm(0);
		curses_up = false;
	}
	if (input)
		fclose(input);
	input = NULL;
	rescue_stderr(false);
	if (signal_fd >= 0) {
		rescue_crashes(false);
		close(signal_fd);
		signal_fd = -1;
	}
	rescue_done();
}

int terminal_update(void)
{
	rescue_watch();
	doupdate();
	return rescue_watch_end();
}

int terminal_signal_fd(void)
{
	return signal_fd;
}

int terminal_signal(void)
{
	struct signalfd_siginfo info;

	return read(signal_fd, &info, sizeof(info)) == sizeof(info) ? (int)info.ssi_signo : 0;
}

void terminal_resume(void)
{
	reset_prog_mode();
	rescue_up(true);
	terminal_resize();
}

void terminal_suspend(void)
{
	struct sigaction action = {.sa_handler = SIG_DFL}, before;
	sigset_t set;

	terminal_give();
	sigaction(SIGTSTP, &action, &before);
	sigemptyset(&set);
	sigaddset(&set, SIGTSTP);
	/* The whole group: a `make` or `sudo` before us must stop too, or the shell waits on it. */
	kill(0, SIGTSTP);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	/* Here it stands still until SIGCONT. */
	sigprocmask(SIG_BLOCK, &set, NULL);
	sigaction(SIGTSTP, &before, NULL);
	terminal_resume();
}

void terminal_resize(void)
{
	int high, wide;

	if (size_ask(&high, &wide))
		resizeterm(high, wide);
	clearok(curscr, TRUE); /* terminals differ in what they keep of the old screen */
}

bool terminal_alive(void)
{
	int bytes = 0;

	return !ioctl(STDIN_FILENO, FIONREAD, &bytes) && bytes > 0;
}
