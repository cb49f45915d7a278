/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * transcript_ladder.c - what happened after a command, as text: the client on the left, the server
 * on the right, the segments between them.
 *
 *             client  ESTABLISHED                                ESTABLISHED  server
 *      1.103  close(3) = 0
 *      1.103  FIN_WAIT1     ──────────── F. 1 ack 1 ────────────▶         CLOSE_WAIT
 *      1.144  FIN_WAIT2     ◀──────────── . ack 2 ───────────────
 *      2.410                                                 write(4, "123", 3) = 3
 *
 * What the server does stands at the right edge, what the client does at the left. With a child the
 * server's edge moves inwards and the right one is the child's. A state that was not seen but
 * follows from the segments stands in parentheses.
 */
#include "transcript.h"

#include <string.h>

#define LEFT 11	 /* behind the time */
#define STATE 13 /* "(ESTABLISHED)" */
#define CHILD_ROOM 14
#define FOLD_MOST 10 /* more plain segments in a row are told in one line */
#define FOLD_ENDS 3

struct ladder {
	const struct journal *journal;
	FILE *out;
	bool begun; /* the fence is open */
	int edge;   /* where the server's text ends */
	bool child;
	uint64_t first;
};

/* ------------------------------------------------------------------- rows */
static void ladder_line(struct ladder *ladder, const struct text *text)
{
	size_t len = strlen(text->bytes);

	while (len && text->bytes[len - 1] == ' ')
		len--;
	fprintf(ladder->out, "%.*s\n", (int)len, text->bytes);
}

/* A listener that is closed: of a connection it tells nothing. */
static bool listener_closes(const struct event *event)
{
	return event->kind == EVENT_STATE && !event->conn && event->state.old == STATE_LISTEN &&
	       event->state.new == STATE_CLOSE;
}

/* The state of an end at the command itself; "": it has none, or only had a listener. */
static const char *ladder_state(const struct ladder *ladder, const struct scene *scene,
				enum side side)
{
	const struct event *state = scene->side[side].state;
	const bool listened = state && listener_closes(state);

	while (state && listener_closes(state))
		state = journal_latest(ladder->journal, EVENT_STATE, side, state->n - 1);
	if (!state || (listened && !state->conn))
		return "";
	return state_name(state->state.new);
}

static void ladder_begin(struct ladder *ladder)
{
	struct text text = {0}, right = {0};
	const char *client, *server;
	struct scene scene;

	if (ladder->begun)
		return;
	ladder->begun = true;
	scene_at(ladder->journal, ladder->first - 1, &scene);
	client = ladder_state(ladder, &scene, SIDE_CLIENT);
	server = ladder_state(ladder, &scene, SIDE_SERVER);
	fputs("```text\n", ladder->out);
	text_fill(&text, LEFT, " ");
	text_addf(&text, TRANSCRIPT_WIDTH, "client  %s", client);
	text_addf(&right, TRANSCRIPT_WIDTH, "%s%sserver", server, *server ? "  " : "");
	text_fill(&text, ladder->edge - right.columns, " ");
	text_add(&text, TRANSCRIPT_WIDTH, right.bytes);
	if (ladder->child) {
		text_fill(&text, TRANSCRIPT_WIDTH - (int)strlen("child"), " ");
		text_add(&text, TRANSCRIPT_WIDTH, "child");
	}
	ladder_line(ladder, &text);
}

static void row_time(struct text *row, int64_t t)
{
	const double seconds = (double)t / (double)NS_PER_S;

	text_addf(row, LEFT, "%9.*f", seconds < 99999 ? 3 : 0, seconds);
	text_fill(row, LEFT, " ");
}

/* Text of one end: at its own edge, whole as long as there is room for it. */
static void row_end(struct ladder *ladder, const struct event *event, const struct text *what)
{
	const int edge = event->side == SIDE_CHILD ? TRANSCRIPT_WIDTH : ladder->edge;
	struct text row = {0};

	ladder_begin(ladder);
	row_time(&row, event->t);
	if (event->side != SIDE_CLIENT)
		text_fill(&row, edge - what->columns, " ");
	text_add(&row, TRANSCRIPT_WIDTH, what->bytes);
	ladder_line(ladder, &row);
}

static void row_middle(struct ladder *ladder, const struct event *event, const char *what)
{
	struct text row = {0}, text = {0};

	ladder_begin(ladder);
	text_add(&text, ladder->edge - LEFT, what);
	row_time(&row, event->t);
	text_fill(&row, LEFT + (ladder->edge - LEFT - text.columns) / 2, " ");
	text_add(&row, TRANSCRIPT_WIDTH, text.bytes);
	ladder_line(ladder, &row);
}

/* --------------------------------------------------------- calls and processes */
static void ladder_call(struct ladder *ladder, const struct event *event)
{
	const int edge = event->side == SIDE_SERVER ? ladder->edge : TRANSCRIPT_WIDTH;
	struct text text = {0};

	call_words(event, edge - LEFT, &text);
	row_end(ladder, event, &text);
}

/* As event_format has it, without the side: its place tells. */
static void ladder_process(struct ladder *ladder, const struct event *event)
{
	struct text text = {0};
	char line[200];

	event_format(event, true, line, sizeof(line));
	text_add(&text, ladder->edge - LEFT, strlen(line) > 8 ? line + 8 : line);
	row_end(ladder, event, &text);
}

static void ladder_note(struct ladder *ladder, const struct event *event)
{
	const char *said = event->note.text ? event->note.text : "";
	struct text text = {0};

	if (event->side == SIDE_NONE) {
		text_addf(&text, ladder->edge - LEFT, "%s%s", event->note.wire.on ? "wire: " : "",
			  strcmp(said, "wire") != 0 ? said : "begun");
		row_middle(ladder, event, text.bytes);
	} else {
		text_addf(&text, ladder->edge - LEFT, "host: %s", said);
		row_end(ladder, event, &text);
	}
}

/* --------------------------------------------------------------- segments, states */
static void state_words(const struct event *event, struct text *text)
{
	text_addf(text, STATE, event->state.inferred ? "(%s)" : "%s", state_name(event->state.new));
}

/* What a segment (or the time) has made of the ends, on its own row: the state events right behind
 * event n, one of each end. Returns the number of the last one taken. */
static uint64_t states_take(const struct ladder *ladder, uint64_t n, uint64_t last,
			    struct text *left, struct text *right)
{
	uint64_t taken = n;

	while (++n <= last) {
		const struct event *event = journal_at(ladder->journal, n);
		struct text *to;

		if (event->kind == EVENT_SNAPSHOT)
			continue;
		if (event->kind != EVENT_STATE || listener_closes(event))
			break;
		to = event->side == SIDE_CLIENT ? left : right;
		if (to->columns)
			break;
		state_words(event, to);
		taken = n;
	}
	return taken;
}

static void ladder_row(struct ladder *ladder, int64_t t, const struct text *left, bool arrow,
		       bool to_right, enum reach reach, const char *label, const char *fate,
		       const struct text *right)
{
	const int from = LEFT + STATE + 1, to = ladder->edge - STATE - 1;
	struct text row = {0};

	ladder_begin(ladder);
	row_time(&row, t);
	text_add(&row, TRANSCRIPT_WIDTH, left->bytes);
	if (arrow) {
		text_fill(&row, from, " ");
		arrow_add(&row, to - from, to_right, reach, label, fate);
	}
	if (right->columns) {
		text_fill(&row, ladder->edge - right->columns, " ");
		text_add(&row, TRANSCRIPT_WIDTH, right->bytes);
	}
	ladder_line(ladder, &row);
}

/* What the ends were seen to be right before stands in `left` and `right` already. */
static uint64_t segment_row(struct ladder *ladder, const struct event *event, uint64_t last,
			    struct text *left, struct text *right)
{
	const enum fate fate = event->segment.fate;
	const uint64_t taken = states_take(ladder, event->n, last, left, right);
	char label[120];

	segment_label(event, label, sizeof(label));
	ladder_row(ladder, event->t, left, true, event->side == SIDE_CLIENT, fate_reach(fate),
		   label, fate_reach(fate) == REACH_ALL ? "" : fate_name(fate), right);
	return taken;
}

static uint64_t ladder_segment(struct ladder *ladder, const struct event *event, uint64_t last)
{
	struct text left = {0}, right = {0};

	return segment_row(ladder, event, last, &left, &right);
}

static uint64_t ladder_icmp(struct ladder *ladder, const struct event *event, uint64_t last)
{
	struct text left = {0}, right = {0};
	uint64_t taken = states_take(ladder, event->n, last, &left, &right);
	char label[120];

	snprintf(label, sizeof(label), "ICMP %s", event->icmp.type ? event->icmp.type : "?");
	ladder_row(ladder, event->t, &left, true, event->icmp.to != SIDE_CLIENT,
		   event->side == SIDE_NONE ? REACH_SECOND_HALF : REACH_ALL, label,
		   event->side == SIDE_NONE ? "router" : "", &right);
	return taken;
}

/* One of a transfer. */
static bool segment_plain(const struct event *event)
{
	return event->kind == EVENT_SEGMENT && !(event->segment.flags & (TH_S | TH_F | TH_R));
}

/* The segment that went with these states: the very next thing, and its sender is among them. */
static const struct event *states_segment(const struct ladder *ladder, uint64_t n, uint64_t last,
					  const struct text *left, const struct text *right)
{
	const struct event *event = NULL;

	while (++n <= last) {
		event = journal_at(ladder->journal, n);
		if (event->kind != EVENT_SNAPSHOT)
			break;
	}
	if (n > last || event->kind != EVENT_SEGMENT || segment_plain(event))
		return NULL;
	return (event->side == SIDE_CLIENT ? left : right)->columns ? event : NULL;
}

static uint64_t ladder_states(struct ladder *ladder, const struct event *event, uint64_t last)
{
	struct text left = {0}, right = {0}, alone = {0};
	const struct event *segment;
	uint64_t taken;

	if (listener_closes(event)) {
		text_add(&alone, ladder->edge - LEFT, "LISTEN → CLOSE");
		row_end(ladder, event, &alone);
		return event->n;
	}
	taken = states_take(ladder, event->n - 1, last, &left, &right);
	segment = states_segment(ladder, taken, last, &left, &right);
	if (segment)
		return segment_row(ladder, segment, last, &left, &right);
	ladder_row(ladder, event->t, &left, false, false, REACH_ALL, "", "", &right);
	return taken;
}

/* ------------------------------------------------------------------- folding */
struct run {
	uint64_t count, end; /* segments; the event behind the last one */
	uint64_t from[2];    /* by sender: the client, the server */
	uint64_t bytes[2];
};

/* Plain segments in a row, from event n on; snapshots between them do not count. */
static void run_measure(const struct journal *journal, uint64_t n, uint64_t last, uint64_t most,
			struct run *run)
{
	*run = (struct run){.end = n};
	for (; n <= last && run->count < most; n++) {
		const struct event *event = journal_at(journal, n);

		if (event->kind == EVENT_SNAPSHOT)
			continue;
		if (!segment_plain(event))
			return;
		run->count++;
		run->end = n + 1;
		run->from[event->side != SIDE_CLIENT]++;
		run->bytes[event->side != SIDE_CLIENT] += event->segment.len;
	}
}

/* The middle of a long run, in one line. Returns the last event of it. */
static uint64_t ladder_fold(struct ladder *ladder, const struct event *event, uint64_t last,
			    uint64_t count)
{
	char right[32], left[32], words[160];
	struct run run;

	run_measure(ladder->journal, event->n, last, count, &run);
	bytes_words(run.bytes[0], right, sizeof(right));
	bytes_words(run.bytes[1], left, sizeof(left));
	snprintf(words, sizeof(words), "… %llu segments: %llu ──▶ %s, %llu ◀── %s …",
		 (unsigned long long)run.count, (unsigned long long)run.from[0], right,
		 (unsigned long long)run.from[1], left);
	row_middle(ladder, event, words);
	return run.end - 1;
}

/* Segments of a transfer: all of a short run, both ends of a long one. */
static uint64_t ladder_run(struct ladder *ladder, const struct event *event, uint64_t last)
{
	struct run run;
	uint64_t n = event->n, seen = 0;

	run_measure(ladder->journal, n, last, UINT64_MAX, &run);
	for (; n < run.end; n++) {
		const struct event *one = journal_at(ladder->journal, n);

		if (one->kind == EVENT_SNAPSHOT)
			continue;
		if (run.count > FOLD_MOST && seen == FOLD_ENDS) {
			n = ladder_fold(ladder, one, last, run.count - 2 * FOLD_ENDS);
			seen = run.count - FOLD_ENDS;
			continue;
		}
		seen++;
		n = ladder_segment(ladder, one, last);
	}
	return n - 1;
}

/* ------------------------------------------------------------------- the whole */
static uint64_t ladder_event(struct ladder *ladder, const struct event *event, uint64_t last)
{
	switch (event->kind) {
	case EVENT_COMMAND:
		if (event->command.text && strncmp(event->command.text, "expect", 6) != 0)
			row_middle(ladder, event, event->command.text);
		break;
	case EVENT_CALL:
	case EVENT_BLOCKED:
		ladder_call(ladder, event);
		break;
	case EVENT_SEGMENT:
		return segment_plain(event) ? ladder_run(ladder, event, last)
					    : ladder_segment(ladder, event, last);
	case EVENT_ICMP:
		return ladder_icmp(ladder, event, last);
	case EVENT_STATE:
		return ladder_states(ladder, event, last);
	case EVENT_PROCESS:
		ladder_process(ladder, event);
		break;
	case EVENT_LINK:
	case EVENT_HOST:
		ladder_note(ladder, event);
		break;
	case EVENT_SNAPSHOT:
	case EVENT_EXPECT:
	case EVENT_NONE:
	case EVENT_KINDS:
		break;
	}
	return event->n;
}

static bool ladder_has_child(const struct journal *journal, uint64_t first, uint64_t last)
{
	const struct event *event = journal_after(journal, EVENT_PROCESS, SIDE_CHILD, first - 1);
	struct scene scene;

	scene_at(journal, first, &scene);
	return scene.side[SIDE_CHILD].alive || (event && event->n <= last);
}

void ladder_write(const struct journal *journal, uint64_t first, uint64_t last, FILE *out)
{
	struct ladder ladder = {.journal = journal, .out = out, .first = first};

	ladder.child = ladder_has_child(journal, first, last);
	ladder.edge = TRANSCRIPT_WIDTH - (ladder.child ? CHILD_ROOM : 0);
	for (uint64_t n = first; n <= last && !ferror(out); n++)
		n = ladder_event(&ladder, journal_at(journal, n), last);
	if (ladder.begun)
		fputs("```\n\n", out);
}
