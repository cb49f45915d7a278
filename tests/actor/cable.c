/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cable.c - a lab on the wire, and what became of each segment. */
#include "cable.h"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>

struct play *cable_new(unsigned seed)
{
	struct lab_options options = {
		.link = LINK_WIRE, .seed = seed, .actor = TEST_BUILD "/bothends-actor"};
	struct play *p = calloc(1, sizeof(*p));
	struct err err = {0};

	p->lab = lab_new(&options, &err);
	if (!p->lab)
		fail_msg("lab_new: %s", err.text);
	return p;
}

int cable_setup(void **state)
{
	*state = cable_new(0);
	return 0;
}

struct play *cable(void **state)
{
	struct play *p = *state;

	play_needs(p, FEATURE_TUN);
	play_assert_int(p, lab_link(p->lab), LINK_WIRE);
	return p;
}

static const char *crossings_list(struct play *p, enum side side, bool once)
{
	const struct journal *journal = lab_journal(p->lab);
	const struct event *event = journal_after(journal, EVENT_SEGMENT, side, p->since);
	size_t len = 0;
	char flags[16];

	p->text[0] = '\0';
	for (; event && len + 64 < sizeof(p->text);
	     event = journal_after(journal, EVENT_SEGMENT, side, event->n)) {
		if (once && event->segment.sent > 1 &&
		    (event->segment.fate == FATE_HELD || event->segment.fate == FATE_DELAYED))
			continue;
		len += (size_t)sprintf(p->text + len, "%s%s%s", len ? ", " : "",
				       event->side == SIDE_CLIENT ? ">" : "<",
				       flags_format(event->segment.flags, flags, sizeof(flags)));
		if (event->segment.len)
			len += (size_t)sprintf(p->text + len, "%u", event->segment.len);
		len += (size_t)sprintf(p->text + len, " %s", fate_name(event->segment.fate));
		if (!once && event->segment.sent > 1)
			len += (size_t)sprintf(p->text + len, " x%u", event->segment.sent);
	}
	return p->text;
}

const char *crossings(struct play *p, enum side side)
{
	return crossings_list(p, side, false);
}

const char *crossings_once(struct play *p, enum side side)
{
	return crossings_list(p, side, true);
}

void assert_crossings_at(struct play *p, enum side side, const char *want, const char *file,
			 int line)
{
	const char *is = crossings(p, side);

	if (strncmp(is, want, strlen(want)) != 0)
		play_assert_text_at(p, is, want, file, line);
}

const struct event *crossing_newest(struct play *p, enum side side, int flags, int len)
{
	const struct journal *journal = lab_journal(p->lab);
	const struct event *event = journal_latest(journal, EVENT_SEGMENT, side, UINT64_MAX);

	while (event && ((flags >= 0 && event->segment.flags != (unsigned)flags) ||
			 (len >= 0 && event->segment.len != (unsigned)len)))
		event = journal_before(journal, EVENT_SEGMENT, side, event->n);
	return event;
}

uint64_t crossing_first(struct play *p, enum side side, unsigned len, enum fate fate)
{
	const struct journal *journal = lab_journal(p->lab);
	const struct event *event = journal_after(journal, EVENT_SEGMENT, side, p->since);

	while (event && (event->segment.len != len || event->segment.fate != fate))
		event = journal_after(journal, EVENT_SEGMENT, side, event->n);
	return event ? event->n : 0;
}

const struct event *crossing_await(struct play *p, enum side side, int flags, int len,
				   unsigned sent, int64_t ns)
{
	int64_t until = clock_ns() + ns;
	const struct event *event;

	for (;;) {
		event = crossing_newest(p, side, flags, len);
		if (event && event->segment.sent >= sent)
			return event;
		play_assert(p, clock_ns() < until);
		play_turns(p, NS_PER_MS);
	}
}

const char *state_now(struct play *p, enum side side)
{
	struct scene scene;

	scene_at(lab_journal(p->lab), journal_last_n(p), &scene);
	return scene.side[side].state ? state_name(scene.side[side].state->state.new) : "none";
}

int64_t took(struct play *p)
{
	const struct event *event = journal_at(lab_journal(p->lab), p->since + 1);

	return lab_now(p->lab) - event->t;
}

/* By the host's warden: there need be no other process. -1: it is not there, or has no name yet. */
static int host_network(enum side side)
{
	const char *warden = side == SIDE_CLIENT ? "client-host\n" : "server-host\n";
	char path[64], text[32];
	struct dirent *entry;
	DIR *dir = opendir("/proc");
	int ns = -1;

	while (dir && ns < 0 && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "/proc/%.20s/comm", entry->d_name);
		if (strcmp(slurp(path, text, sizeof(text)), warden) != 0)
			continue;
		proc_status(atoi(entry->d_name), "PPid", text, sizeof(text));
		snprintf(path, sizeof(path), "/proc/%.20s/ns/net", entry->d_name);
		if (atoi(text) == getpid())
			ns = open(path, O_RDONLY | O_CLOEXEC);
	}
	if (dir)
		closedir(dir);
	return ns;
}

int cable_enter(struct play *p, enum side side)
{
	int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), there;
	int64_t until = clock_ns() + NS_PER_S;

	while ((there = host_network(side)) < 0) {
		play_assert(p, clock_ns() < until);
		play_turns(p, NS_PER_MS);
	}
	play_assert(p, home >= 0 && !setns(there, CLONE_NEWNET));
	close(there);
	return home;
}

void cable_leave(struct play *p, int home)
{
	play_assert(p, !setns(home, CLONE_NEWNET));
	close(home);
}
