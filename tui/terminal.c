/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * terminal.c - take the terminal, give it back as it was.
 *
 *   quit, TERM, HUP ... ─▶ terminal_stop
 *   SIGSEGV, SIGABRT ... ─▶ terminal_fatal: write(2) and tcsetattr(3) only, then the signal again
 *   SIGKILL ─▶ the keeper, told by its parent-death signal, does what terminal_fatal does
 */
#include "terminal.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

#define STDERR_BYTES 65536
#define STDERR_SHOWN 4096

/* Shared with the keeper, so that it knows how far the start had come. */
struct restoring {
	struct termios saved, raw;
	volatile sig_atomic_t up; /* curses has the terminal */
	size_t len;
	char reset[256]; /* escape sequences that undo what curses set */
};

/* A signal handler has no other way to its data. */
static struct restoring *restoring;
static int stderr_saved = -1, stderr_file = -1;
static pid_t keeper;
static int signal_fd = -1;
static struct sigaction actions_before[NSIG];
static char *signal_stack;

static const int fatal[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS};
static const int watched[] = {SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGTSTP, SIGCONT, SIGQUIT};
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void write_all(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t n = write(fd, text, len);

		if (n <= 0)
			return;
		text += n;
		len -= (size_t)n;
	}
}

/* Async-signal-safe, also in the keeper. */
static void terminal_restore(void)
{
	restoring->up = 0;
	write_all(STDOUT_FILENO, restoring->reset, restoring->len);
	tcsetattr(STDIN_FILENO, TCSANOW, &restoring->saved);
}

/* What standard error got while curses was up; the newest of it. */
static void stderr_print(void)
{
	static char text[STDERR_SHOWN];
	off_t end;
	ssize_t n;

	if (stderr_file < 0)
		return;
	end = lseek(stderr_file, 0, SEEK_CUR);
	n = pread(stderr_file, text, sizeof(text), end > STDERR_SHOWN ? end - STDERR_SHOWN : 0);
	if (n > end)
		n = (ssize_t)end;
	if (n > 0)
		write_all(stderr_saved, text, (size_t)n);
}

static void terminal_fatal(int number)
{
	if (restoring && restoring->up) {
		terminal_restore();
		stderr_print();
	}
	raise(number); /* SA_RESETHAND: the default now, so that the wait status is the truth */
}

/* The keeper: sleeps until its parent is gone. A parent that ends orderly kills it. */
static void keeper_run(pid_t parent)
{
	struct termios now;
	sigset_t set;

	setpgid(0, 0);
	sigfillset(&set); /* SIGTTOU too: a background process may then set the terminal */
	sigprocmask(SIG_SETMASK, &set, NULL);
	prctl(PR_SET_NAME, "bothends-keeper");
	prctl(PR_SET_PDEATHSIG, SIGUSR1);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	while (getppid() == parent)
		sigwaitinfo(&set, NULL);
	/* The shell may have been quicker: then these modes are its own. */
	if (restoring->up && !tcgetattr(STDIN_FILENO, &now) &&
	    now.c_lflag == restoring->raw.c_lflag && now.c_iflag == restoring->raw.c_iflag &&
	    now.c_oflag == restoring->raw.c_oflag)
		terminal_restore();
	_exit(0);
}

static int reset_put(int c)
{
	if (restoring->len < sizeof(restoring->reset))
		restoring->reset[restoring->len++] = (char)c;
	return c;
}

static void reset_add(const char *name)
{
	char *sequence = tigetstr(name);

	if (sequence && sequence != (char *)-1)
		tputs(sequence, 1, reset_put);
}

int terminal_prepare(struct err *err)
{
	const char *term = getenv("TERM");
	pid_t parent = getpid();
	int found = 0;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return err_set(err, "the lab needs a terminal on standard input and output; "
				    "`bothends run FILE` plays a script without one");
	if (!term || !*term || setupterm(NULL, STDOUT_FILENO, &found) != OK || found != 1)
		return err_set(err,
			       "TERM is %s%s%s: no terminal that this machine knows; "
			       "try TERM=xterm",
			       term && *term ? "\"" : "", term && *term ? term : "not set",
			       term && *term ? "\"" : "");
	if (!tigetstr("cup") || tigetstr("cup") == (char *)-1)
		return err_set(err,
			       "TERM is \"%s\", which cannot place its cursor; "
			       "try TERM=xterm",
			       term);
	restoring = mmap(NULL, sizeof(*restoring), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (restoring == MAP_FAILED || tcgetattr(STDIN_FILENO, &restoring->saved)) {
		restoring = NULL;
		return err_set(err, "the terminal's modes: %s", strerror(errno));
	}
	/* Mouse off by hand: terminfo has no name for it. */
	if (tigetstr("kmous") && tigetstr("kmous") != (char *)-1)
		for (const char *c = "\033[?1000l\033[?1006l"; *c; c++)
			reset_put(*c);
	reset_add("rmkx");
	reset_add("sgr0");
	reset_add("cnorm");
	reset_add("rmcup");
	keeper = fork();
	if (!keeper)
		keeper_run(parent);
	return 0; /* without a keeper all is well, but for SIGKILL */
}

/* Whatever writes to standard error writes into memory. One that was directed elsewhere stays. */
static void stderr_take(void)
{
	if (!isatty(STDERR_FILENO))
		return;
	stderr_file = memfd_create("stderr", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (stderr_file < 0)
		return;
	if (ftruncate(stderr_file, STDERR_BYTES) || fcntl(stderr_file, F_ADD_SEALS, F_SEAL_GROW) ||
	    (stderr_saved = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 10)) < 0) {
		close(stderr_file);
		stderr_file = -1;
		return;
	}
	dup2(stderr_file, STDERR_FILENO);
}

static void signals_take(void)
{
	stack_t stack = {.ss_size = 65536};
	struct sigaction action = {.sa_handler = terminal_fatal,
				   .sa_flags = SA_RESETHAND | SA_ONSTACK | SA_NODEFER};
	sigset_t set, open;

	sigemptyset(&set);
	for (size_t i = 0; i < COUNT(watched); i++)
		sigaddset(&set, watched[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	stack.ss_sp = signal_stack = malloc(stack.ss_size); /* for a stack that ran out */
	if (stack.ss_sp)
		sigaltstack(&stack, NULL);
	sigemptyset(&open);
	for (size_t i = 0; i < COUNT(fatal); i++) {
		sigaction(fatal[i], &action, &actions_before[fatal[i]]);
		sigaddset(&open, fatal[i]);
	}
	sigprocmask(SIG_UNBLOCK, &open, NULL);
}

int terminal_start(struct err *err)
{
	signals_take();
	if (!newterm(NULL, stdout, stdin)) {
		terminal_stop();
		return err_set(err, "curses cannot use this terminal");
	}
	restoring->up = 1;
	raw();
	noecho();
	nonl();
	meta(stdscr, TRUE);
	set_escdelay(25);
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	intrflush(stdscr, FALSE);
	leaveok(stdscr, FALSE);
	mouseinterval(0);
	mousemask(BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
	terminal_resize(); /* LINES and COLUMNS may be stale */
	stderr_take();
	tcgetattr(STDIN_FILENO, &restoring->raw);
	return 0;
}

void terminal_stop(void)
{
	if (restoring && restoring->up) {
		restoring->up = 0;
		endwin();
		tcsetattr(STDIN_FILENO, TCSANOW, &restoring->saved);
	}
	if (stderr_file >= 0) {
		dup2(stderr_saved, STDERR_FILENO);
		stderr_print();
		close(stderr_saved);
		close(stderr_file);
		stderr_file = stderr_saved = -1;
	}
	if (signal_fd >= 0) {
		for (size_t i = 0; i < COUNT(fatal); i++)
			sigaction(fatal[i], &actions_before[fatal[i]], NULL);
		close(signal_fd);
		signal_fd = -1;
	}
	if (keeper > 0) {
		kill(keeper, SIGKILL);
		while (waitpid(keeper, NULL, 0) < 0 && errno == EINTR)
			;
		keeper = 0;
	}
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
	restoring->up = 1;
	clearok(curscr, TRUE);
	terminal_resize();
}

void terminal_suspend(void)
{
	struct sigaction action = {.sa_handler = SIG_DFL}, before;
	sigset_t set;

	endwin();
	restoring->up = 0;
	tcsetattr(STDIN_FILENO, TCSANOW, &restoring->saved);
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
	struct winsize size;

	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_row && size.ws_col)
		resizeterm(size.ws_row, size.ws_col);
}

bool terminal_alive(void)
{
	int bytes = 0;

	return !ioctl(STDIN_FILENO, FIONREAD, &bytes) && bytes > 0;
}
