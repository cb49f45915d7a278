/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * rescue.c - the terminal given back when the program cannot do it in good order.
 *
 *   SIGSEGV, SIGABRT ... ─▶ rescue_fatal: write(2) and tcsetattr(3) only, then the signal again
 *   SIGKILL              ─▶ the keeper, told by its parent-death signal, does the same
 *   SIGTERM while a terminal takes no output ─▶ rescue_late, a second later
 */
#include "rescue.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

#define STDERR_BYTES 65536
#define STDERR_SHOWN 4096
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

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
static volatile sig_atomic_t ending; /* the signal that asked for the end */
static volatile sig_atomic_t status_late;
static pid_t keeper;
static struct sigaction crashes_before[NSIG], ends_before[NSIG], alarm_before;

static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS};
static const int ends[] = {SIGTERM, SIGHUP, SIGQUIT};

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
static void restore(void)
{
	restoring->up = 0;
	tcsetattr(STDIN_FILENO, TCSANOW, &restoring->saved);
	write_all(STDOUT_FILENO, restoring->reset, restoring->len);
}

/* The newest of what standard error got. */
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

static void rescue_fatal(int number)
{
	if (restoring && restoring->up) {
		signal(SIGALRM, SIG_DFL); /* a terminal that takes nothing must not hold us */
		alarm(1);
		restore();
		stderr_print();
		alarm(0);
	}
	raise(number); /* SA_RESETHAND: the default now, so that the wait status is the truth */
}

/* The terminal has taken nothing for a second, and we were told to end. */
static void rescue_late(int number)
{
	int flags = fcntl(STDOUT_FILENO, F_GETFL);

	(void)number;
	fcntl(STDOUT_FILENO, F_SETFL, flags | O_NONBLOCK);
	if (restoring)
		restore();
	fcntl(STDOUT_FILENO, F_SETFL, flags);
	_exit(status_late);
}

static void rescue_ending(int number)
{
	ending = number;
	rescue_hurry(128 + number);
}

void rescue_hurry(int status)
{
	struct sigaction action = {.sa_handler = rescue_late};

	status_late = status;
	sigaction(SIGALRM, &action, NULL);
	alarm(1);
}

void rescue_watch(void)
{
	struct sigaction action = {.sa_handler = rescue_ending, .sa_flags = SA_RESTART};
	sigset_t set;

	ending = 0;
	sigemptyset(&set);
	for (size_t i = 0; i < COUNT(ends); i++) {
		sigaction(ends[i], &action, &ends_before[ends[i]]);
		sigaddset(&set, ends[i]);
	}
	sigaction(SIGALRM, NULL, &alarm_before);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

int rescue_watch_end(void)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < COUNT(ends); i++)
		sigaddset(&set, ends[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	for (size_t i = 0; i < COUNT(ends); i++)
		sigaction(ends[i], &ends_before[ends[i]], NULL);
	if (ending) {
		alarm(0);
		sigaction(SIGALRM, &alarm_before, NULL);
	}
	return ending;
}

/* The keeper: sleeps until its parent is gone. A parent that ends in good order kills it. */
static void keeper_run(pid_t parent)
{
	struct termios now;
	sigset_t set;

	setpgid(0, 0);
	sigfillset(&set); /* SIGTTOU too: a background process may then set the terminal */
	sigdelset(&set, SIGALRM);
	sigprocmask(SIG_SETMASK, &set, NULL);
	signal(SIGALRM, SIG_DFL);
	prctl(PR_SET_NAME, "bothends-keeper");
	prctl(PR_SET_PDEATHSIG, SIGUSR1);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	while (getppid() == parent)
		sigwaitinfo(&set, NULL);
	alarm(1);
	/* The shell may have been quicker: then these modes are its own. */
	if (restoring->up && !tcgetattr(STDIN_FILENO, &now) &&
	    now.c_lflag == restoring->raw.c_lflag && now.c_iflag == restoring->raw.c_iflag &&
	    now.c_oflag == restoring->raw.c_oflag)
		restore();
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

int rescue_prepare(struct err *err)
{
	const char *mouse = tigetstr("kmous");
	pid_t parent = getpid();

	restoring = mmap(NULL, sizeof(*restoring), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (restoring == MAP_FAILED || tcgetattr(STDIN_FILENO, &restoring->saved)) {
		restoring = NULL;
		return err_set(err, "the terminal's modes: %s", strerror(errno));
	}
	if (mouse && mouse != (char *)-1) /* terminfo has no name for "mouse off" */
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

void rescue_up(bool up)
{
	if (!restoring)
		return;
	if (up)
		tcgetattr(STDIN_FILENO, &restoring->raw);
	restoring->up = up;
}

void rescue_modes(void)
{
	if (restoring)
		tcsetattr(STDIN_FILENO, TCSANOW, &restoring->saved);
}

void rescue_crashes(bool take)
{
	static char *spare; /* for a stack that ran out */
	stack_t stack = {.ss_size = 65536};
	struct sigaction action = {.sa_handler = rescue_fatal,
				   .sa_flags = SA_RESETHAND | SA_ONSTACK | SA_NODEFER};
	sigset_t open;

	sigemptyset(&open);
	for (size_t i = 0; i < COUNT(crashes); i++) {
		int number = crashes[i];

		sigaction(number, take ? &action : &crashes_before[number],
			  take ? &crashes_before[number] : NULL);
		sigaddset(&open, number);
	}
	if (!take)
		return;
	if (!spare)
		spare = malloc(stack.ss_size);
	stack.ss_sp = spare;
	if (spare)
		sigaltstack(&stack, NULL);
	sigaddset(&open, SIGALRM);
	sigprocmask(SIG_UNBLOCK, &open, NULL);
}

void rescue_done(void)
{
	if (keeper <= 0)
		return;
	kill(keeper, SIGKILL);
	while (waitpid(keeper, NULL, 0) < 0 && errno == EINTR)
		;
	keeper = 0;
}

static int stderr_take(void)
{
	stderr_file = memfd_create("stderr", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (stderr_file < 0)
		return -1;
	if (ftruncate(stderr_file, STDERR_BYTES) || fcntl(stderr_file, F_ADD_SEALS, F_SEAL_GROW))
		return -1;
	stderr_saved = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 10);
	return stderr_saved < 0 ? -1 : dup2(stderr_file, STDERR_FILENO);
}

void rescue_stderr(bool take)
{
	if (take && isatty(STDERR_FILENO) && stderr_take() >= 0)
		return;
	if (!take && stderr_saved >= 0) {
		dup2(stderr_saved, STDERR_FILENO);
		stderr_print();
		close(stderr_saved);
	}
	if (stderr_file >= 0)
		close(stderr_file);
	stderr_file = stderr_saved = -1;
}
