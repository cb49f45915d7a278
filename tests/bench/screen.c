/* SPDX-License-Identifier: GPL-3.0-or-later */
/* screen.c - the program itself in a terminal: how soon it is there, how little it takes then. */
#include "bench.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define STARTS 11
#define KEYS 300
#define PATIENCE 10000 /* ms */
#define IDLE 3000      /* ms for which nothing shall happen */
#define HUNDRED 100

struct screen {
	pid_t pid;
	int master;
	char tail[32]; /* the end of what came before: a word may come in two reads */
};

/* With a word and its file, or NULL and NULL. */
static int screen_open_word(struct screen *screen, const char *word, const char *file)
{
	struct winsize size = {.ws_row = 24, .ws_col = 80};

	memset(screen, 0, sizeof(*screen));
	screen->pid = forkpty(&screen->master, NULL, NULL, &size);
	if (screen->pid)
		return screen->pid < 0 ? -1 : 0;
	setenv("TERM", "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	/* No history of a person's own. */
	setenv("XDG_STATE_HOME", "/proc/nonexistent", 1);
	execl(TEST_BUILD "/bothends", "bothends", word, file, (char *)NULL);
	_exit(127);
}

/* On a lesson, or NULL. */
static int screen_open(struct screen *screen, const char *lesson)
{
	return screen_open_word(screen, lesson ? "lesson" : NULL, lesson);
}

static void screen_close(struct screen *screen)
{
	char rest[4096];

	kill(screen->pid, SIGTERM);
	while (read(screen->master, rest, sizeof(rest)) > 0 || errno == EINTR)
		;
	while (waitpid(screen->pid, NULL, 0) < 0 && errno == EINTR)
		;
	close(screen->master);
}

/* Read until this has come, or until nothing has come for `ms` where it is NULL. */
static bool screen_wait(struct screen *screen, const char *word, int ms)
{
	struct pollfd readable = {.fd = screen->master, .events = POLLIN};
	size_t have = strlen(screen->tail);
	char text[sizeof(screen->tail) + 65536];

	memcpy(text, screen->tail, have);
	while (poll(&readable, 1, ms) > 0) {
		ssize_t got = read(screen->master, text + have, 65535);
		size_t keep = sizeof(screen->tail) - 1;

		if (got <= 0)
			return false;
		have += (size_t)got;
		text[have] = '\0';
		/* The terminal's control bytes are no end of a string. */
		for (size_t i = 0; i < have; i++)
			if (!text[i])
				text[i] = ' ';
		if (word && strstr(text, word)) {
			screen->tail[0] = '\0';
			return true;
		}
		keep = have < keep ? have : keep;
		memmove(text, text + have - keep, keep);
		have = keep;
		text[have] = '\0';
		memcpy(screen->tail, text, have + 1);
	}
	return !word;
}

static bool screen_type(struct screen *screen, const char *text)
{
	return write(screen->master, text, strlen(text)) == (ssize_t)strlen(text);
}

/* ------------------------------------------------------------------ its processes */
static pid_t parent_of(pid_t pid)
{
	char path[64], text[512], *at;
	int fd, parent = 0;
	ssize_t got;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	got = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[got > 0 ? got : 0] = '\0';
	at = strrchr(text, ')');
	return at && sscanf(at + 1, " %*c %d", &parent) == 1 ? parent : 0;
}

#define FAMILY 64

/* A process and all below it; how many. */
static size_t family_of(pid_t root, pid_t *pids)
{
	struct dirent *entry;
	size_t count = 0;
	DIR *proc;

	pids[count++] = root;
	/* A child has a higher number than its parent, but for the rare turn of the numbers. */
	for (size_t before = 0; before != count;) {
		before = count;
		proc = opendir("/proc");
		while (proc && (entry = readdir(proc))) {
			const pid_t pid = atoi(entry->d_name), parent = pid ? parent_of(pid) : 0;
			bool in = false, known = false;

			for (size_t i = 0; i < count; i++) {
				in = in || pids[i] == parent;
				known = known || pids[i] == pid;
			}
			if (in && !known && count < FAMILY)
				pids[count++] = pid;
		}
		if (proc)
			closedir(proc);
	}
	return count;
}

/* The sum of the numbers after this word, over a family's files of this name. */
static double family_sum(const pid_t *pids, size_t count, const char *name, const char *word)
{
	double sum = 0;

	for (size_t i = 0; i < count; i++) {
		char path[64], line[256];
		FILE *file;

		snprintf(path, sizeof(path), "/proc/%d/%s", pids[i], name);
		file = fopen(path, "re");
		while (file && fgets(line, sizeof(line), file))
			if (!strncmp(line, word, strlen(word)))
				sum += strtod(line + strlen(word), NULL);
		if (file)
			fclose(file);
	}
	return sum;
}

static double family_wakes(const pid_t *pids, size_t count)
{
	return family_sum(pids, count, "status", "voluntary_ctxt_switches:") +
	       family_sum(pids, count, "status", "nonvoluntary_ctxt_switches:");
}

/* Nanoseconds of processor a family has had. */
static double family_cpu(const pid_t *pids, size_t count)
{
	return family_sum(pids, count, "schedstat", "");
}

/* ------------------------------------------------------------------------ benches */
/* A lesson that does nothing but have a link. */
static bool lesson_write(const char *file, const char *link)
{
	FILE *out = fopen(file, "we");

	if (!out)
		return false;
	fprintf(out,
		"# Idle\n\n```lesson\nlink: %s\nminutes: 1\nlevel: none\nsource: none\n```\n\n"
		"## A connection\n\n```lab\nopen\n```\n",
		link);
	return !fclose(out);
}

static void start_measure(const char *link, const char *lesson, double budget)
{
	double times[STARTS];
	struct screen screen;
	char row[64];

	for (int i = 0; i < STARTS; i++) {
		const int64_t begun = bench_now();

		/* The key bar is the last line drawn. */
		if (screen_open(&screen, lesson) || !screen_wait(&screen, "quit", PATIENCE)) {
			bench_fail("start, %s: no frame came", link);
			return;
		}
		times[i] = (double)(bench_now() - begun) / NS_PER_MS;
		screen_close(&screen);
	}
	snprintf(row, sizeof(row), "start to the first frame, %s", link);
	bench_row(row, bench_median(times, STARTS), AT_MOST, budget, "ms");
}

/* The 99th percentile of two keys in turn, of which each must be painted. */
static void pair_measure(struct screen *screen, const char *link, const char *one,
			 const char *other)
{
	double times[KEYS];
	char row[64];

	for (int i = 0; i < KEYS; i++) {
		const char *key = i % 2 ? other : one;
		const int64_t begun = bench_now();
		struct pollfd readable = {.fd = screen->master, .events = POLLIN};

		if (!screen_type(screen, key) || poll(&readable, 1, PATIENCE) <= 0) {
			bench_fail("key to painted frame, %s: nothing was painted", link);
			return;
		}
		times[i] = (double)(bench_now() - begun) / NS_PER_MS;
		screen_wait(screen, NULL, 2);
	}
	bench_median(times, KEYS); /* sorts */
	snprintf(row, sizeof(row), "key to painted frame, %s, 99th", link);
	bench_row(row, times[KEYS * 99 / 100], AT_MOST, 5, "ms");
}

/* A letter is typed and taken away. */
static void keys_measure(struct screen *screen, const char *link)
{
	pair_measure(screen, link, "q", "\177");
}

/* A million events, of these kinds in turn. */
static bool session_write(const char *file, const char *const *kinds, size_t count)
{
	FILE *out = fopen(file, "we");

	if (!out)
		return false;
	fprintf(out, "{\"n\":1,\"t\":0,\"kind\":\"link\",\"text\":\"loopback\"}\n");
	for (unsigned n = 2; n <= 1000000; n++) {
		fprintf(out, "{\"n\":%u,\"t\":%u.%03u,", n, n / 1000, n % 1000);
		if (!strcmp(kinds[n % count], "segment"))
			fprintf(out,
				"\"kind\":\"segment\",\"id\":%u,\"conn\":1,\"from\":\"client\","
				"\"to\":\"server\",\"flags\":\"P.\",\"seq\":%u,\"ack\":1,"
				"\"len\":1,\"win\":64,\"fate\":\"delivered\",\"sent\":1}\n",
				n, n);
		else
			fprintf(out, "\"kind\":\"command\",\"text\":\"%s\",\"line\":0}\n",
				kinds[n % count]);
	}
	return !fclose(out);
}

/* Through the past of a million events: at its beginning and its end, and from one to the other. */
static void past_measure(const char *what, const char *const *kinds, size_t count)
{
	char file[] = "/tmp/bothends-bench.XXXXXX", name[64];
	const int fd = mkstemp(file);
	struct screen screen;

	if (fd < 0 || !session_write(file, kinds, count) ||
	    screen_open_word(&screen, "replay", file) ||
	    !screen_wait(&screen, "quit", 6 * PATIENCE)) {
		bench_fail("a session of a million events did not open");
	} else {
		screen_wait(&screen, NULL, 500);
		screen_type(&screen, "\033OF");
		screen_wait(&screen, NULL, 500);
		snprintf(name, sizeof(name), "Home and End, %s", what);
		pair_measure(&screen, name, "\033OH", "\033OF");
		snprintf(name, sizeof(name), "PgUp, %s", what);
		pair_measure(&screen, name, "\033[5~", "\033[5~");
		snprintf(name, sizeof(name), "a click and End, %s", what);
		pair_measure(&screen, name, "\033[<0;20;12M\033[<0;20;12m", "\033OF");
		screen_close(&screen);
	}
	close(fd);
	unlink(file);
}

static void idle_measure(const char *link, const char *lesson)
{
	struct screen screen;
	pid_t pids[FAMILY];
	size_t count;
	double wakes, cpu, pss;
	char row[64];

	if (screen_open(&screen, lesson) || !screen_wait(&screen, "quit", PATIENCE) ||
	    !screen_type(&screen, "open\r") || !screen_wait(&screen, "ESTABLISHED", PATIENCE)) {
		bench_fail("idle, %s: no connection came about", link);
		return;
	}
	/* Until all has settled: nothing is painted for a second. */
	screen_wait(&screen, NULL, 1000);
	count = family_of(screen.pid, pids);
	wakes = family_wakes(pids, count);
	cpu = family_cpu(pids, count);
	screen_wait(&screen, NULL, IDLE);
	wakes = family_wakes(pids, count) - wakes;
	cpu = family_cpu(pids, count) - cpu;
	pss = family_sum(pids, count, "smaps_rollup", "Pss:") / 1024;
	snprintf(row, sizeof(row), "idle, %s: wake-ups in 3 s, %zu processes", link, count);
	bench_row(row, wakes, AT_MOST, 0, "");
	snprintf(row, sizeof(row), "idle, %s: processor", link);
	bench_row(row, cpu / (IDLE * 1e4), AT_MOST, 0.2, "%");
	snprintf(row, sizeof(row), "idle, %s: memory of all processes", link);
	bench_row(row, pss, AT_MOST, 8, "MB");
	keys_measure(&screen, link);
	screen_close(&screen);
}

/* A gigabyte through the wire is nearly a million segments: painting still takes no longer. */
static void full_measure(const char *lesson)
{
	struct screen screen;
	pid_t pids[FAMILY];

	if (screen_open(&screen, lesson) || !screen_wait(&screen, "quit", PATIENCE) ||
	    !screen_type(&screen, "open\r") || !screen_wait(&screen, "ESTABLISHED", PATIENCE) ||
	    !screen_wait(&screen, NULL, 200) || !screen_type(&screen, "server drain 1024M\r") ||
	    !screen_wait(&screen, "blocked", PATIENCE) || !screen_wait(&screen, NULL, 200) ||
	    !screen_type(&screen, "client write 1024M\r") ||
	    !screen_wait(&screen, " reads", 6 * PATIENCE)) {
		bench_fail("a gigabyte on the screen did not get through");
		return;
	}
	screen_wait(&screen, NULL, 1000);
	bench_row("a gigabyte on the screen: memory",
		  family_sum(pids, family_of(screen.pid, pids), "smaps_rollup", "Pss:") / 1024,
		  AT_MOST, 200, "MB");
	keys_measure(&screen, "a gigabyte later");
	screen_close(&screen);
}

static void screen_measure(const char *link, double budget)
{
	char file[] = "/tmp/bothends-bench.XXXXXX";
	char name[64];
	const int fd = mkstemp(file);

	snprintf(name, sizeof(name), "%s.md", file);
	if (fd >= 0 && lesson_write(name, link)) {
		start_measure(link, name, budget);
		idle_measure(link, name);
		if (!strcmp(link, "wire"))
			full_measure(name);
	}
	close(fd);
	unlink(file);
	unlink(name);
}

void bench_past(void)
{
	static const char *const segments[] = {"segment"}, *const commands[] = {"client close"},
				 *const waits[] = {"wait 1s"},
				 *const turns[] = {"segment", "client close"};

	past_measure("segments", segments, 1);
	past_measure("commands", commands, 1);
	past_measure("waits", waits, 1);
	past_measure("both in turn", turns, 2);
}

void bench_screen(void)
{
	screen_measure("loopback", 30);
	if (access("/dev/net/tun", R_OK | W_OK))
		bench_skip("start, idle, keys, wire", "no /dev/net/tun to open");
	else
		screen_measure("wire", 60);
}

void bench_hundred(void)
{
	static struct screen screens[HUNDRED];
	static pid_t pids[HUNDRED][FAMILY];
	static size_t counts[HUNDRED];
	double cpu = 0, pss = 0;
	int count = 0;

	for (; count < HUNDRED; count++)
		if (screen_open(&screens[count], NULL) ||
		    !screen_wait(&screens[count], "quit", PATIENCE) ||
		    !screen_type(&screens[count], "open\r") ||
		    !screen_wait(&screens[count], "ESTABLISHED", PATIENCE))
			break;
	for (int i = 0; i < count; i++)
		screen_wait(&screens[i], NULL, 20);
	if (count)
		screen_wait(&screens[0], NULL, 1000);
	for (int i = 0; i < count; i++) {
		counts[i] = family_of(screens[i].pid, pids[i]);
		cpu -= family_cpu(pids[i], counts[i]);
	}
	if (count)
		screen_wait(&screens[0], NULL, IDLE);
	for (int i = 0; i < count; i++) {
		cpu += family_cpu(pids[i], counts[i]);
		pss += family_sum(pids[i], counts[i], "smaps_rollup", "Pss:") / 1024;
	}
	for (int i = 0; i < count; i++)
		screen_close(&screens[i]);
	if (count < HUNDRED) {
		bench_fail("a hundred labs: %d came about", count);
		return;
	}
	bench_row("a hundred idle labs: memory", pss, AT_MOST, 800, "MB");
	bench_row("a hundred idle labs: processor", cpu / (IDLE * 1e4), AT_MOST, 5, "%");
}
