/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trace.c - the kernel's own word on the states of its sockets. */
#include "trace.h"

#include "play.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define TRACES "/sys/kernel/tracing"
#define EVENT "events/sock/inet_sock_set_state/enable"

static char instance[96];
static int trace_pipe = -1;
static char tail[1024]; /* a line that was not read to its end */

static bool put(const char *name, const char *text)
{
	char path[160];
	int fd;
	bool done;

	snprintf(path, sizeof(path), "%s/%s", instance, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	done = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	if (fd >= 0)
		close(fd);
	return done;
}

static void instance_name(pid_t pid)
{
	snprintf(instance, sizeof(instance), TRACES "/instances/bothends-%d", pid);
}

static int traces_mount(void)
{
	return unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	       mount("tracefs", TRACES, "tracefs", 0, NULL);
}

/* From now on, in this process's own mount namespace. -1 with errno. */
static int trace_begin(void)
{
	char path[160];

	instance_name(getpid());
	if (traces_mount() || mkdir(instance, 0700))
		return -1;
	if (!put("buffer_size_kb", "512") || !put("trace_clock", "mono") || !put(EVENT, "1"))
		return -1;
	snprintf(path, sizeof(path), "%s/trace_pipe", instance);
	trace_pipe = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	return trace_pipe < 0 ? -1 : 0;
}

static int state_traced(const char *line, const char *field)
{
	const char *at = strstr(line, field);
	char name[32];

	if (!at)
		return -1;
	at += strlen(field);
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(at, " "), at);
	return strcmp(name, "NEW_SYN_RECV") != 0 ? state_from_name(name) : STATE_SYN_RECV;
}

/* "  comm-123 [000] ..... 12.345678: inet_sock_set_state: family=AF_INET ... sport=7001 dport=0
 * saddr=192.0.2.2 ... oldstate=TCP_CLOSE newstate=TCP_LISTEN" */
static bool line_parse(const char *line, struct trace_change *change)
{
	const char *at = strstr(line, ": inet_sock_set_state: family=AF_INET ");
	int old = state_traced(line, "oldstate=TCP_"), new = state_traced(line, "newstate=TCP_");
	const char *ports = strstr(line, " sport="), *addr = strstr(line, " saddr=");
	unsigned port, peer_port;
	char text[32];

	if (!at || old < 0 || new < 0 || !ports || !addr ||
	    sscanf(ports, " sport=%u dport=%u", &port, &peer_port) != 2 ||
	    sscanf(addr, " saddr=%31s", text) != 1 || inet_pton(AF_INET, text, &change->addr) != 1)
		return false;
	while (at > line && at[-1] != ' ')
		at--;
	change->t = (int64_t)(strtod(at, NULL) * 1e6 + 0.5) * 1000;
	change->port = (uint16_t)port;
	change->peer_port = (uint16_t)peer_port;
	change->old = (enum tcp_state)old;
	change->new = (enum tcp_state) new;
	return true;
}

void trace_read(struct trace_change **changes, size_t *count)
{
	static char text[1 << 16];
	ssize_t got;

	do {
		size_t len = strlen(tail);
		char *line, *end;

		memcpy(text, tail, len);
		got = read(trace_pipe, text + len, sizeof(text) - 1 - len);
		if (got <= 0)
			break;
		text[len + (size_t)got] = '\0';
		for (line = text; (end = strchr(line, '\n')); line = end + 1) {
			*end = '\0';
			*changes = realloc(*changes, (*count + 1) * sizeof(**changes));
			assert_non_null(*changes);
			if (strstr(line, "LOST"))
				fail_msg("the trace is not whole: %s", line);
			if (line_parse(line, &(*changes)[*count]))
				++*count;
		}
		snprintf(tail, sizeof(tail), "%.1000s", line);
	} while (got > 0);
}

pid_t trace_fork(void (*run)(const void *), const void *with)
{
	pid_t pid;

	if (geteuid() != 0) {
		print_message("# only root may read tracepoints\n");
		skip();
	}
	fflush(stdout);
	pid = fork();
	assert_true(pid >= 0);
	if (pid)
		return pid;
	/* A failure ends this process, not only the test it was forked from. */
	setenv("CMOCKA_TEST_ABORT", "1", 1);
	setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
	if (trace_begin()) {
		print_message("# tracefs: %s\n", strerror(errno));
		fflush(stdout);
		_exit(TRACE_SKIP);
	}
	run(with);
	fflush(stdout);
	_exit(0);
}

int trace_wait(pid_t pid)
{
	pid_t sweeper;
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	/* An instance is the machine's, not the mount's. */
	instance_name(pid);
	sweeper = fork();
	if (sweeper == 0)
		_exit(traces_mount() || rmdir(instance));
	if (sweeper > 0)
		waitpid(sweeper, NULL, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void trace_apart(void (*run)(const void *))
{
	int status = trace_wait(trace_fork(run, NULL));

	if (status == TRACE_SKIP)
		skip();
	assert_int_equal(status, 0);
}
