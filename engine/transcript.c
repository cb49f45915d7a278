/* SPDX-License-Identifier: GPL-3.0-or-later */
/* transcript.c - a session for a reader: Markdown that looks right as it is, and rendered.
 *
 *   # title            when, where, which kernel
 *   ## `command`       for each that acts: a ladder (transcript_ladder.c), then what was expected
 *   ## In the end      both ends, side by side */
#include "transcript.h"

#include <string.h>
#include <time.h>

#define HEADING 68 /* columns of a command in a heading */

static void head_write(const struct journal *journal, const struct session_about *about, FILE *out)
{
	const time_t seconds = (time_t)(about->epoch / NS_PER_S);
	const struct event *link = journal_latest(journal, EVENT_LINK, SIDE_NONE, UINT64_MAX);
	char when[64] = "Of an unknown day, ", name[200];
	const char *kernel = kernel_name(about, name, sizeof(name));
	struct tm at;

	fputs("# ", out);
	markdown_text(out,
		      about->title && *about->title ? about->title : "A session in the free lab");
	fputs("\n\n", out);
	if (about->epoch && gmtime_r(&seconds, &at))
		strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S UTC, ", &at);
	fputs(when, out);
	if (kernel)
		markdown_text(out, kernel);
	fprintf(out, "%s%s; bothends %s.\n\n", kernel ? ", " : "",
		link && link->note.wire.on ? "two hosts and a wire" : "loopback", LAB_VERSION);
	fputs("A real connection between two processes: their calls stand at their edge, the "
	      "segments between\nthem, and under an end's name the states it goes through. One in "
	      "parentheses was not seen but\nfollows from the segments.\n\n",
	      out);
	if (journal_first(journal) > 1)
		fprintf(out, "The journal is bounded: its first %llu events were let go.\n\n",
			(unsigned long long)journal_first(journal) - 1);
}

/* The next command that acts behind event n: a part of the transcript begins there. */
static const struct event *part_next(const struct journal *journal, uint64_t n)
{
	const struct event *event = journal_after(journal, EVENT_COMMAND, SIDE_NONE, n);

	while (event && !event->command.acts)
		event = journal_after(journal, EVENT_COMMAND, SIDE_NONE, event->n);
	return event;
}

static void expect_write(const struct event *event, FILE *out)
{
	const int held = event->expect.held;
	const char *saw = event->expect.saw;

	fprintf(out, "- %s ", held > 0 ? "✔" : held < 0 ? "–" : "✘");
	markdown_code(out, event->expect.text ? event->expect.text : "", 200);
	if (held < 0)
		fputs(" is unavailable", out);
	if (held <= 0 && saw && *saw) {
		fputs(held < 0 ? ": " : " does not hold: saw ", out);
		markdown_text(out, saw);
	} else if (!held) {
		fputs(" does not hold", out);
	}
	fputc('\n', out);
}

static void expects_write(const struct journal *journal, uint64_t first, uint64_t last, FILE *out)
{
	const struct event *event = journal_after(journal, EVENT_EXPECT, SIDE_NONE, first - 1);
	bool any = false;

	for (; event && event->n <= last && !ferror(out);
	     event = journal_after(journal, EVENT_EXPECT, SIDE_NONE, event->n)) {
		expect_write(event, out);
		any = true;
	}
	if (any)
		fputc('\n', out);
}

static void parts_write(const struct journal *journal, FILE *out)
{
	const uint64_t last = journal_last(journal);
	const struct event *part = part_next(journal, 0);
	uint64_t first = journal_first(journal);

	/* What comes before the first command: how the lab began. */
	if (first <= last && (!part || part->n > first)) {
		const uint64_t end = part ? part->n - 1 : last;

		ladder_write(journal, first, end, out);
		expects_write(journal, first, end, out);
	}
	while (part && !ferror(out)) {
		const struct event *next = part_next(journal, part->n);
		const uint64_t end = next ? next->n - 1 : last;

		fputs("## ", out);
		markdown_code(out, part->command.text ? part->command.text : "", HEADING);
		fputs("\n\n", out);
		ladder_write(journal, part->n + 1, end, out);
		expects_write(journal, part->n, end, out);
		part = next;
	}
}

/* ------------------------------------------------------------------- the end */
struct ends {
	struct scene scene;
	bool child;
	uint64_t segments[SIDE_COUNT], bytes[SIDE_COUNT]; /* by sender, each once */
};

static void cell_state(const struct ends *ends, enum side side, struct text *cell)
{
	const struct event *event = ends->scene.side[side].snapshot;
	const struct snapshot *snapshot = event ? event->snapshot : NULL;

	if (!snapshot || snapshot->state == STATE_NONE)
		return;
	text_addf(cell, 60, "%s%s%s", state_name(snapshot->state), snapshot->gone ? ", gone" : "",
		  snapshot->orphan ? ", an orphan" : "");
}

static void cell_process(const struct ends *ends, enum side side, struct text *cell)
{
	const struct scene_side *end = &ends->scene.side[side];
	char line[200];

	if (!end->started)
		return;
	if (end->alive || !end->process) {
		text_addf(cell, 60, "pid %d, %s", (int)end->pid,
			  !end->alive	 ? "ended"
			  : end->stopped ? "stopped"
			  : end->blocked ? "blocked"
					 : "alive");
		return;
	}
	event_format(end->process, true, line, sizeof(line));
	text_add(cell, 60, strlen(line) > 8 ? line + 8 : line);
}

static void cell_queues(const struct ends *ends, enum side side, struct text *cell)
{
	const struct event *event = ends->scene.side[side].snapshot;

	if (event && event->snapshot->queues_known)
		text_addf(cell, 60, "%u, %u", event->snapshot->recvq, event->snapshot->sendq);
}

static void cell_poll(const struct ends *ends, enum side side, struct text *cell)
{
	const struct event *event = ends->scene.side[side].snapshot;
	char poll[64];

	if (event && event->snapshot->poll_known)
		text_add(cell, 60, poll_format(event->snapshot->poll, poll, sizeof(poll)));
}

static void cell_sent(const struct ends *ends, enum side side, struct text *cell)
{
	if (ends->segments[side])
		text_addf(cell, 60, "%llu, with %llu bytes",
			  (unsigned long long)ends->segments[side],
			  (unsigned long long)ends->bytes[side]);
}

static void cell_info(const struct ends *ends, enum side side, const char *name, struct text *cell)
{
	const struct event *event = ends->scene.side[side].snapshot;
	const struct info_field *field = info_field_find(name);
	int64_t value;

	if (event && snapshot_info(event->snapshot, field, &value))
		text_addf(cell, 60, "%lld %s", (long long)value, field->unit);
}

static void cell_rtt(const struct ends *ends, enum side side, struct text *cell)
{
	cell_info(ends, side, "rtt", cell);
}

static void cell_cwnd(const struct ends *ends, enum side side, struct text *cell)
{
	cell_info(ends, side, "snd_cwnd", cell);
}

static void cell_retrans(const struct ends *ends, enum side side, struct text *cell)
{
	cell_info(ends, side, "total_retrans", cell);
}

static const struct {
	const char *name;
	void (*fill)(const struct ends *ends, enum side side, struct text *cell);
} end_rows[] = {
	{"state", cell_state},		 {"process", cell_process},
	{"Recv-Q, Send-Q", cell_queues}, {"poll", cell_poll},
	{"segments sent", cell_sent},	 {"retransmitted in all", cell_retrans},
	{"round trip", cell_rtt},	 {"congestion window", cell_cwnd},
};

static void end_row_write(const struct ends *ends, size_t i, FILE *out)
{
	const enum side most = ends->child ? SIDE_CHILD : SIDE_SERVER;
	struct text cells[SIDE_COUNT] = {0};
	bool any = false;

	for (enum side side = SIDE_CLIENT; side <= most; side++) {
		end_rows[i].fill(ends, side, &cells[side]);
		any = any || cells[side].columns;
	}
	if (!any)
		return;
	fprintf(out, "| %s |", end_rows[i].name);
	for (enum side side = SIDE_CLIENT; side <= most; side++)
		fprintf(out, " %s%s|", cells[side].bytes, cells[side].columns ? " " : "");
	fputc('\n', out);
}

/* Each segment once, at the first of its fates: ids rise. */
static void ends_count(const struct journal *journal, struct ends *ends)
{
	const struct event *event = journal_after(journal, EVENT_SEGMENT, SIDE_NONE, 0);
	uint32_t newest = 0;

	for (; event; event = journal_after(journal, EVENT_SEGMENT, SIDE_NONE, event->n)) {
		if (event->segment.id <= newest || event->side == SIDE_NONE)
			continue;
		newest = event->segment.id;
		ends->segments[event->side]++;
		ends->bytes[event->side] += event->segment.len;
	}
}

static void end_write(const struct journal *journal, FILE *out)
{
	struct ends ends = {0};

	scene_at(journal, journal_last(journal), &ends.scene);
	ends.child = ends.scene.side[SIDE_CHILD].started;
	ends_count(journal, &ends);
	fprintf(out, "## In the end\n\n| | client | server |%s\n| --- | --- | --- |%s\n",
		ends.child ? " child |" : "", ends.child ? " --- |" : "");
	for (size_t i = 0; i < sizeof(end_rows) / sizeof(end_rows[0]); i++)
		end_row_write(&ends, i, out);
}

static void expects_count(const struct journal *journal, FILE *out)
{
	const struct event *event = journal_after(journal, EVENT_EXPECT, SIDE_NONE, 0);
	unsigned long counts[3] = {0};

	if (!event)
		return;
	for (; event; event = journal_after(journal, EVENT_EXPECT, SIDE_NONE, event->n))
		counts[event->expect.held + 1]++;
	fprintf(out, "\nOf what was expected %lu held, %lu did not, %lu could not be told here.\n",
		counts[2], counts[1], counts[0]);
}

void transcript_write(const struct journal *journal, const struct session_about *about, FILE *out)
{
	head_write(journal, about, out);
	parts_write(journal, out);
	end_write(journal, out);
	expects_count(journal, out);
}
