/* SPDX-License-Identifier: GPL-3.0-or-later */
/* drive.c - a lab without a screen: commands in, the journal out. */
#include "bench.h"

#include <poll.h>
#include <string.h>

#define PATIENCE (10 * NS_PER_S)

static int64_t longest; /* turn of the lab */

int64_t drive_longest(void)
{
	return longest;
}

struct lab *drive_new(enum link_kind link, struct err *err)
{
	const struct lab_options options = {
		.link = link, .seed = 1, .actor = TEST_BUILD "/bothends-actor"};
	struct lab *lab = lab_new(&options, err);

	if (lab && lab_link(lab) != link) {
		err_set(err, "%s", lab_feature(lab, FEATURE_TUN)->reason);
		lab_free(lab);
		return NULL;
	}
	return lab;
}

/* One turn, once something is due, for at most the rest of the time; false: it is over. */
static bool drive_turn(struct lab *lab, int64_t end)
{
	struct pollfd due = {.fd = lab_fd(lab), .events = POLLIN};
	int64_t left = end - bench_now(), begun;

	if (left <= 0)
		return false;
	poll(&due, 1, (int)(left / NS_PER_MS) + 1);
	begun = bench_now();
	lab_turn(lab);
	if (bench_now() - begun > longest)
		longest = bench_now() - begun;
	return true;
}

int drive_do(struct lab *lab, const char *line, struct err *err)
{
	const int64_t end = bench_now() + PATIENCE;
	struct command command;
	int bad;

	if (command_parse(line, strlen(line), SIDE_NONE, &command, err))
		return -1;
	bad = lab_submit(lab, &command, PATIENCE, err);
	command_clear(&command);
	if (bad)
		return -1;
	while (lab_busy(lab))
		if (!drive_turn(lab, end))
			return err_set(err, "not done in time: %s", line);
	return lab_outcome(lab, err);
}

const struct event *drive_call(struct lab *lab, enum side side, enum call call, uint64_t since,
			       int seconds)
{
	const struct journal *journal = lab_journal(lab);
	const int64_t end = bench_now() + seconds * NS_PER_S;

	do {
		const struct event *event = journal_after(journal, EVENT_CALL, side, since);

		for (; event; event = journal_after(journal, EVENT_CALL, side, event->n)) {
			if (event->call.call == call)
				return event;
			since = event->n;
		}
	} while (drive_turn(lab, end));
	return NULL;
}
