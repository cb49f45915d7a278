/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_actions.c - the list of actions on real labs: none that it offers is refused, none that it
 * calls impossible would do anything.
 *
 * Each situation is a process of its own, which makes it anew for every action. They mostly wait:
 * some run at the same time.
 */
#include "view.h"

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define PATIENCE (50 * NS_PER_MS)
#define BOUND (8 * NS_PER_S) /* a poweroff takes 5 s where the process is stopped */
#define SKIPPED 77
#define AT_ONCE 8

static const struct situation_made {
	const char *name, *link;
	enum side focus;
	const char *lines[6];
} situations[] = {
	/* The longest first. */
	{"hold, nothing held", "link wire", SIDE_CLIENT, {"open", "wire hold"}},
	{"held", "link wire", SIDE_SERVER, {"open", "wire hold", "server write \"x\""}},
	{"host down", "link wire", SIDE_CLIENT, {"open", "client crash"}},
	{"blocked", "link loopback", SIDE_SERVER, {"open", "server read"}},
	{"fresh", "link loopback", SIDE_SERVER, {NULL}},
	{"connected", "link loopback", SIDE_CLIENT, {"open"}},
	{"stopped", "link loopback", SIDE_SERVER, {"open", "server stop"}},
	{"dead", "link loopback", SIDE_SERVER, {"open", "server kill"}},
	{"half closed", "link loopback", SIDE_SERVER, {"open", "client shutdown wr"}},
	{"listener only", "link loopback", SIDE_SERVER, {"server listen"}},
	{"closed", "link loopback", SIDE_SERVER, {"open", "server close"}},
	{"after a RST",
	 "link loopback",
	 SIDE_SERVER,
	 {"open", "client close", "server write \"x\"", "wait 20ms"}},
	{"child", "link loopback", SIDE_CHILD, {"open", "server fork"}},
	{"socket only", "link loopback", SIDE_CLIENT, {"client set nodelay on"}},
	{"pipe", "link loopback", SIDE_CLIENT, {"open pipe"}},
};
#define SITUATIONS (sizeof(situations) / sizeof(situations[0]))

/* -1: refused, with the message. */
static int lab_do(struct lab *lab, const char *line, enum side focus, struct err *err)
{
	int64_t end = lab_now(lab) + BOUND;
	struct command command;
	int status;

	if (command_parse(line, strlen(line), focus, &command, err))
		return -1;
	status = lab_submit(lab, &command, PATIENCE, err);
	command_clear(&command);
	if (status)
		return -1;
	while (lab_busy(lab) && lab_now(lab) < end) {
		struct pollfd wait = {.fd = lab_fd(lab), .events = POLLIN};

		poll(&wait, 1, 1000);
		lab_turn(lab);
	}
	if (lab_busy(lab)) {
		lab_cancel(lab);
		return err_set(err, "not done within 8 s");
	}
	return lab_outcome(lab, err);
}

/* Whether anything came of what was done since event n. */
static bool lab_changed(const struct lab *lab, uint64_t n)
{
	const struct journal *journal = lab_journal((struct lab *)lab);
	const struct event *link = journal_latest(journal, EVENT_LINK, SIDE_NONE, n), *event;

	while ((event = journal_at(journal, ++n))) {
		switch (event->kind) {
		case EVENT_CALL:
			if (!event->call.err && !event->call.killed)
				return true;
			break;
		case EVENT_BLOCKED:
		case EVENT_PROCESS:
			return event->kind == EVENT_BLOCKED ||
			       event->process.what != PROCESS_KILLED;
		case EVENT_HOST:
			return true;
		case EVENT_LINK:
			if (!link ||
			    memcmp(&link->note.wire, &event->note.wire, sizeof(link->note.wire)))
				return true;
			break;
		default:
			break;
		}
	}
	return false;
}

static void make(struct lab *lab, const struct situation_made *made)
{
	struct err err = {0};

	if (lab_do(lab, made->link, made->focus, &err)) {
		printf("# %s: %s: %s\n", made->name, made->link, err.text);
		_exit(SKIPPED);
	}
	for (int i = 0; i < 6 && made->lines[i]; i++)
		if (lab_do(lab, made->lines[i], made->focus, &err)) {
			printf("# %s: %s: %s\n", made->name, made->lines[i], err.text);
			_exit(1);
		}
}

/* In a process of its own: its status is the number of faults. */
static int try_all(const struct situation_made *made)
{
	struct lab_options options = {.actor = TEST_BUILD "/bothends-actor"};
	struct screen screen = {.focus = made->focus};
	struct err err = {0};
	size_t count = 1;
	int faults = 0, offered = 0;

	screen.lab = lab_new(&options, &err);
	if (!screen.lab || !lab_feature(screen.lab, FEATURE_NETWORK)->ok)
		return SKIPPED;
	for (size_t i = 0; i < count; i++) {
		char line[256];
		const char *why;
		uint64_t before;
		bool off;
		int status;

		make(screen.lab, made);
		actions_open(&screen);
		count = screen.menu.count;
		off = screen.menu.items[i].off;
		snprintf(line, sizeof(line), "%s", screen.menu.items[i].value);
		overlay_close(&screen);
		if (!*line)
			continue; /* a heading */
		offered += !off;
		before = journal_last(lab_journal(screen.lab));
		status = lab_do(screen.lab, line, made->focus, &err);
		why = !off && status					  ? err.text
		      : off && !status && lab_changed(screen.lab, before) ? "it does something"
									  : NULL;
		if (why) {
			printf("# %s: %s is called %s: %s\n", made->name, line,
			       off ? "impossible" : "possible", why);
			faults++;
		}
	}
	if (count < 40 || offered < 3) {
		printf("# %s: %zu rows, %d actions offered\n", made->name, count, offered);
		faults++;
	}
	lab_free(screen.lab);
	return faults > 70 ? 70 : faults;
}

static pid_t pids[SITUATIONS];

static void start(size_t n)
{
	int status;

	fflush(stdout);
	pids[n] = fork();
	assert_true(pids[n] >= 0);
	if (!pids[n]) {
		status = try_all(&situations[n]);
		fflush(stdout);
		_exit(status);
	}
}

static void test_actions(void **state)
{
	const size_t n = (const struct situation_made *)*state - situations;
	int status;

	for (size_t i = n; i < SITUATIONS && i < n + AT_ONCE; i++)
		if (!pids[i])
			start(i);
	assert_int_equal(waitpid(pids[n], &status, 0), pids[n]);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == SKIPPED)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* Those that TEST_ONLY did not ask for. */
static int end_others(void **state)
{
	(void)state;
	for (size_t i = 0; i < SITUATIONS; i++)
		if (pids[i] > 0 && !waitpid(pids[i], NULL, WNOHANG)) {
			kill(pids[i], SIGKILL);
			waitpid(pids[i], NULL, 0);
		}
	return 0;
}

int main(void)
{
	struct CMUnitTest tests[SITUATIONS];

	for (size_t i = 0; i < SITUATIONS; i++)
		tests[i] = (struct CMUnitTest){situations[i].name, test_actions, NULL, NULL,
					       (void *)&situations[i]};
	cmocka_set_test_filter(getenv("TEST_ONLY"));
	return cmocka_run_group_tests_name("actions", tests, NULL, end_others);
}
