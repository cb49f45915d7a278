/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli_check.c - `bothends check [-j N] [FILE...]`: lessons as tests, TAP on standard output.
 *
 *   1..3
 *   ok 1 - 01-the-write-that-should-have-failed
 *   not ok 2 - 02-the-second-write
 *   # lessons/02-the-second-write.md:40: expect server killed SIGPIPE: saw running
 *   ok 3 - 31-reboot # SKIP no /dev/net/tun
 *
 * Each lesson has a process of its own, which makes its own lab; what they report is told in the
 * order of the files, so the output is the same whoever finishes first. */
#include "check.h"
#include "cli.h"
#include "cli_loop.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define JOBS 64
#define GRACE 3 /* seconds, after CHECK_TIME and SIGTERM; then SIGKILL */
#define REPORT (1 << 20)

struct job {
	const char *file;
	pid_t pid; /* 0: not started */
	int fd;	   /* its report; -1: at its end */
	struct strbuf report;
	int64_t deadline; /* ns, CLOCK_MONOTONIC */
	bool late;
	bool done;
	int status; /* of wait(2) */
};

struct check {
	struct job *jobs;
	size_t count, started, told;
	unsigned running, limit;
	struct loop loop;
	int worst; /* exit status so far */
};

static int64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * NS_PER_S + ts.tv_nsec;
}

static void job_run(const struct job *job, int out, pid_t parent)
{
	sigset_t set;

	/* Whatever ends the parent ends this, and with it the lab. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_MACHINE);
	sigemptyset(&set);
	sigprocmask(SIG_SETMASK, &set, NULL);
	_exit(check_lesson(job->file, out));
}

static int job_start(struct check *check, struct job *job, struct err *err)
{
	const pid_t parent = getpid();
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return err_set(err, "pipe: %s", strerror(errno));
	job->pid = fork();
	if (job->pid == 0) {
		close(check->loop.signals);
		job_run(job, ends[1], parent);
	}
	close(ends[1]);
	if (job->pid < 0) {
		close(ends[0]);
		return err_set(err, "fork: %s", strerror(errno));
	}
	job->fd = ends[0];
	job->deadline = now() + CHECK_TIME * NS_PER_S;
	check->running++;
	return 0;
}

/* The report's end is the process's end, or nearly so. */
static void job_read(struct check *check, struct job *job)
{
	char text[4096];
	ssize_t n = read(job->fd, text, sizeof(text));

	if (n > 0) {
		if (job->report.len < REPORT)
			strbuf_add(&job->report, text, (size_t)n);
		return;
	}
	if (n < 0 && errno == EINTR)
		return;
	close(job->fd);
	job->fd = -1;
	while (waitpid(job->pid, &job->status, 0) < 0 && errno == EINTR)
		;
	job->done = true;
	check->running--;
}

static void job_remind(struct job *job)
{
	if (now() < job->deadline)
		return;
	kill(job->pid, job->late ? SIGKILL : SIGTERM);
	job->deadline = now() + GRACE * NS_PER_S;
	job->late = true;
}

static void check_worse(struct check *check, int status)
{
	/* A mistake in a file tells more than a failure, a failure more than what is lacking. */
	static const int rank[] = {
		[EXIT_HELD] = 0, [EXIT_MACHINE] = 1, [EXIT_FAILED] = 2, [EXIT_MISTAKE] = 3};

	if (rank[status] > rank[check->worst])
		check->worst = status;
}

/* The lesson's name as TAP has it: a `#` in it would begin a directive. */
static char *job_name(const struct job *job)
{
	const char *slash = strrchr(job->file, '/'), *at = slash ? slash + 1 : job->file;
	const size_t len = strlen(at), rest = len > 3 && !strcmp(at + len - 3, ".md") ? 3 : 0;
	struct strbuf name = {0};

	strbuf_puts(&name, "");
	for (size_t i = 0; i + rest < len; i++)
		strbuf_printf(&name, "%s%c", at[i] == '#' || at[i] == '\\' ? "\\" : "",
			      at[i] == '\n' ? '?' : at[i]);
	return strbuf_take(&name);
}

static void job_tell(struct check *check, struct job *job, size_t number)
{
	const char *report = job->report.text ? job->report.text : "";
	const size_t reason = strcspn(report, "\n");
	const bool ended = WIFEXITED(job->status) && WEXITSTATUS(job->status) <= EXIT_MACHINE;
	const int status = ended ? WEXITSTATUS(job->status) : EXIT_FAILED;
	char *name = job_name(job), *line, *plain;
	struct strbuf told = {0};

	strbuf_printf(&told, "%s %zu - %s%s%.*s\n",
		      status == EXIT_HELD || status == EXIT_MACHINE ? "ok" : "not ok", number, name,
		      status == EXIT_MACHINE ? " # SKIP " : "",
		      status == EXIT_MACHINE ? (int)reason : 0, report);
	if (report[reason])
		strbuf_puts(&told, report + reason + 1);
	if (job->late)
		strbuf_printf(&told, "# %s: not done after %d s\n", name, CHECK_TIME);
	else if (!ended)
		strbuf_printf(&told, "# %s: the process that played it died\n", name);
	line = strbuf_take(&told);
	plain = cli_plain(line);
	loop_add(&check->loop, plain);
	free(plain);
	free(line);
	free(name);
	check_worse(check, status);
	strbuf_free(&job->report);
}

/* Wait for reports, signals and deadlines. 0, or what loop_wait returns. */
static int check_wait(struct check *check)
{
	struct pollfd fds[JOBS + 1];
	struct job *jobs[JOBS + 1];
	struct signalfd_siginfo info;
	nfds_t count = 1;

	fds[0] = (struct pollfd){.fd = check->loop.signals, .events = POLLIN};
	for (size_t i = check->told; i < check->started; i++) {
		if (check->jobs[i].fd < 0)
			continue;
		jobs[count] = &check->jobs[i];
		fds[count++] = (struct pollfd){.fd = check->jobs[i].fd, .events = POLLIN};
	}
	if (poll(fds, count, 1000) < 0)
		return 0;
	if (fds[0].revents && read(fds[0].fd, &info, sizeof(info)) == sizeof(info))
		return (int)info.ssi_signo;
	for (nfds_t i = 1; i < count; i++) {
		if (fds[i].revents)
			job_read(check, jobs[i]);
		else
			job_remind(jobs[i]);
	}
	return 0;
}

static int check_all(struct check *check, struct err *err)
{
	char plan[32];
	int got;

	snprintf(plan, sizeof(plan), "1..%zu\n", check->count);
	loop_add(&check->loop, plan);
	got = loop_drain(&check->loop);
	while (!got && check->told < check->count) {
		while (check->started < check->count && check->running < check->limit) {
			if (job_start(check, &check->jobs[check->started], err)) {
				cli_say(err);
				return EXIT_MACHINE;
			}
			check->started++;
		}
		got = check_wait(check);
		for (; !got && check->told < check->started && check->jobs[check->told].done;
		     got = loop_drain(&check->loop)) {
			job_tell(check, &check->jobs[check->told], check->told + 1);
			check->told++;
		}
	}
	if (got > 0)
		return 128 + got;
	if (got < 0)
		return check->loop.broken == EPIPE ? 128 + SIGPIPE : EXIT_MACHINE;
	return check->worst;
}

/* Each in order, and all in the time that the slowest needs. */
static void check_end(struct check *check)
{
	for (size_t i = check->told; i < check->started; i++)
		if (!check->jobs[i].done)
			kill(check->jobs[i].pid, SIGTERM);
	for (size_t i = check->told; i < check->started; i++) {
		struct job *job = &check->jobs[i];

		job->deadline = now() + NS_PER_S / 2;
		job->late = true;
		while (!job->done) {
			struct pollfd fd = {.fd = job->fd, .events = POLLIN};

			if (poll(&fd, 1, 500) > 0)
				job_read(check, job);
			else
				job_remind(job);
		}
		strbuf_free(&job->report);
	}
}

static int check_options(int argc, char **argv, unsigned *limit)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	int c;

	*limit = cores > 1 ? (unsigned)(cores < 8 ? cores : 8) : 1;
	while ((c = getopt(argc, argv, "j:")) != -1) {
		if (c != 'j') {
			fprintf(stderr, "usage: bothends check [-j N] [FILE...]\n");
			return -1;
		}
		if (cli_number("-j", optarg, 1, JOBS, limit))
			return -1;
	}
	return 0;
}

int cli_check(int argc, char **argv)
{
	struct check check = {.loop.signals = -1};
	char **course = NULL, *const * files;
	struct err err = {0};
	int status;

	if (check_options(argc, argv, &check.limit))
		return EXIT_MISTAKE;
	files = argv + optind;
	if (optind == argc)
		files = course = course_list();
	while (files[check.count])
		check.count++;
	if (!check.count) {
		fprintf(stderr, "bothends: no lessons found beside the program\n");
		course_free(course);
		return EXIT_MISTAKE;
	}
	check.jobs = xcalloc(check.count, sizeof(*check.jobs));
	for (size_t i = 0; i < check.count; i++)
		check.jobs[i] = (struct job){.file = files[i], .fd = -1};
	status = loop_open(&check.loop, STDOUT_FILENO, &err);
	if (status)
		cli_say(&err);
	status = status ? EXIT_MACHINE : check_all(&check, &err);
	check_end(&check);
	loop_close(&check.loop);
	free(check.jobs);
	course_free(course);
	return status;
}
