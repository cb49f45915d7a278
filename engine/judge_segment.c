/* SPDX-License-Identifier: GPL-3.0-or-later */
/* judge_segment.c - conditions on what crossed the link since the last command that acts. */
#include "judge.h"

#include <stdlib.h>
#include <string.h>

/* Ids already counted, rising. Nearly always a new one is the greatest. */
struct ids {
	uint32_t *id;
	size_t count, room;
};

static bool ids_add(struct ids *ids, uint32_t id)
{
	size_t at = ids->count;

	while (at && ids->id[at - 1] > id)
		at--;
	if (at && ids->id[at - 1] == id)
		return false;
	if (ids->count == ids->room) {
		ids->room = ids->room ? ids->room * 2 : 16;
		ids->id = xrealloc(ids->id, ids->room * sizeof(*ids->id));
	}
	memmove(ids->id + at + 1, ids->id + at, (ids->count - at) * sizeof(*ids->id));
	ids->id[at] = id;
	ids->count++;
	return true;
}

/* "no segment F. from client, only S . P. len 3": it follows the word "saw". */
static void saw_segments(struct bench *bench, size_t found)
{
	const struct judge *judge = bench->judge;
	enum side side = bench->condition->side;
	const char *flags = condition_arg(bench->condition, "FLAGS")->text;
	const struct event *event =
		journal_after(judge->journal, EVENT_SEGMENT, side, judge->segments_since);
	const char *last = ", only";
	size_t len;
	char one[32], before[32] = "";

	if (found)
		bench_saw(bench, "only %zu segments %s from %s", found, flags, side_name(side));
	else
		bench_saw(bench, "no segment %s from %s", flags, side_name(side));
	len = strlen(bench->saw);
	for (; !found && event && event->n <= judge->upto && len + 40 < bench->size;
	     event = journal_after(judge->journal, EVENT_SEGMENT, side, event->n)) {
		char name[16];

		flags_format(event->segment.flags, name, sizeof(name));
		if (event->segment.len)
			snprintf(one, sizeof(one), "%s len %u", name, event->segment.len);
		else
			snprintf(one, sizeof(one), "%s", name);
		if (!strcmp(one, before))
			continue;
		len += (size_t)snprintf(bench->saw + len, bench->size - len, "%s %s", last, one);
		last = "";
		memcpy(before, one, sizeof(before));
	}
}

enum verdict judge_segments(struct bench *bench, int64_t need)
{
	const struct judge *judge = bench->judge;
	enum side side = bench->condition->side;
	const struct arg *len = condition_arg(bench->condition, "len");
	const struct arg *win = condition_arg(bench->condition, "win");
	const struct event *event;
	struct ids ids = {0};

	if (!judge->capture) {
		bench_saw(bench, "segments cannot be seen here");
		return VERDICT_UNAVAILABLE;
	}
	for (event = journal_after(judge->journal, EVENT_SEGMENT, side, judge->segments_since);
	     event && event->n <= judge->upto && (int64_t)ids.count < need;
	     event = journal_after(judge->journal, EVENT_SEGMENT, side, event->n))
		if ((int64_t)event->segment.flags == bench_wanted(bench, "FLAGS", 0) &&
		    (!len || event->segment.len == len->num) &&
		    (!win || event->segment.win == win->num) && ids_add(&ids, event->segment.id))
			bench->decider = event->n;
	free(ids.id);
	if ((int64_t)ids.count >= need) {
		event = journal_at(judge->journal, bench->decider);
		bench_saw(bench, "%s from %s, %s", condition_arg(bench->condition, "FLAGS")->text,
			  side_name(side), fate_name(event->segment.fate));
		return VERDICT_TRUE;
	}
	saw_segments(bench, ids.count);
	return VERDICT_FALSE;
}

enum verdict judge_icmp(struct bench *bench)
{
	const struct judge *judge = bench->judge;
	const struct event *event;

	if (!judge->capture) {
		bench_saw(bench, "ICMP cannot be seen here");
		return VERDICT_UNAVAILABLE;
	}
	bench_saw(bench, "no such ICMP to %s", side_name(bench->condition->side));
	for (event = journal_after(judge->journal, EVENT_ICMP, SIDE_NONE, judge->segments_since);
	     event && event->n <= judge->upto;
	     event = journal_after(judge->journal, EVENT_ICMP, SIDE_NONE, event->n)) {
		if (event->icmp.to != bench->condition->side)
			continue;
		bench->decider = event->n;
		bench_saw(bench, "icmp %s", event->icmp.type);
		if (condition_arg(bench->condition, event->icmp.type))
			return VERDICT_TRUE;
	}
	return VERDICT_FALSE;
}
