/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * journal.c - the one record of what happened.
 *
 *   chunks   [1..1024] [1025..2048] ... each: events, and the strings they point to
 *   index    per kind and side: the numbers of its events, rising
 *   lists    the same for what has no kind of its own
 *
 * Stored events never move, so readers keep pointers until the chunk is let go.
 */
#include "arena.h"
#include "lab.h"
#include "mem.h"

#include <stdlib.h>
#include <string.h>

#define CHUNK_EVENTS 1024
#define JOURNAL_BOUND 1000000
#define JOURNAL_BYTES (256U << 20) /* a million events of the usual size need less */

struct chunk {
	struct event events[CHUNK_EVENTS];
	struct arena arena;
};

/* Numbers of events, rising; those below journal->first are dead and cut off now and then. */
struct numbers {
	uint64_t *n;
	size_t count, room;
};

#define SIDES_AND_ANY (SIDE_COUNT + 1) /* SIDE_NONE, of any side, has index 0 */

struct journal {
	struct chunk **chunks; /* chunks[0] holds event `first` */
	size_t nchunks, room;
	uint64_t first, last, bound;
	size_t bytes; /* of all chunks */
	struct numbers index[EVENT_KINDS][SIDES_AND_ANY];
	struct numbers lists[LIST_COUNT][SIDES_AND_ANY];
};

struct journal *journal_new(uint64_t bound)
{
	struct journal *journal = xcalloc(1, sizeof(*journal));

	journal->first = 1;
	journal->bound = bound ? bound : JOURNAL_BOUND;
	if (journal->bound < 2 * (uint64_t)CHUNK_EVENTS)
		journal->bound = 2 * (uint64_t)CHUNK_EVENTS;
	return journal;
}

void journal_number(struct journal *journal, uint64_t first)
{
	if (journal->nchunks)
		return;
	journal->first = first;
	journal->last = first - 1;
}

static size_t chunk_bytes(const struct chunk *chunk)
{
	return sizeof(*chunk) + chunk->arena.bytes;
}

static void chunk_free(struct chunk *chunk)
{
	arena_free(&chunk->arena);
	free(chunk);
}

void journal_free(struct journal *journal)
{
	if (!journal)
		return;
	for (size_t i = 0; i < journal->nchunks; i++)
		chunk_free(journal->chunks[i]);
	free(journal->chunks);
	for (int kind = 0; kind < EVENT_KINDS; kind++)
		for (int side = 0; side < SIDES_AND_ANY; side++)
			free(journal->index[kind][side].n);
	for (int list = 0; list < LIST_COUNT; list++)
		for (int side = 0; side < SIDES_AND_ANY; side++)
			free(journal->lists[list][side].n);
	free(journal);
}

static size_t numbers_above(const struct numbers *numbers, uint64_t n)
{
	size_t low = 0, high = numbers->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (numbers->n[middle] > n)
			high = middle;
		else
			low = middle + 1;
	}
	return low; /* the first entry greater than n */
}

static void numbers_cut(struct numbers *numbers, uint64_t first)
{
	size_t dead = numbers_above(numbers, first - 1);

	if (dead)
		memmove(numbers->n, numbers->n + dead,
			(numbers->count - dead) * sizeof(*numbers->n));
	numbers->count -= dead;
}

static void numbers_add(struct numbers *numbers, uint64_t n)
{
	if (numbers->count == numbers->room) {
		numbers->room = numbers->room ? numbers->room * 2 : 64;
		numbers->n = xrealloc(numbers->n, numbers->room * sizeof(*numbers->n));
	}
	numbers->n[numbers->count++] = n;
}

/* Let go of an eighth of the oldest at a time, so that cutting the index stays cheap. */
static void journal_let_go(struct journal *journal)
{
	size_t go = journal->nchunks / 8 ? journal->nchunks / 8 : 1;

	for (size_t i = 0; i < go; i++) {
		journal->bytes -= chunk_bytes(journal->chunks[i]);
		chunk_free(journal->chunks[i]);
	}
	journal->nchunks -= go;
	memmove(journal->chunks, journal->chunks + go, journal->nchunks * sizeof(*journal->chunks));
	journal->first += go * CHUNK_EVENTS;
	for (int kind = 0; kind < EVENT_KINDS; kind++)
		for (int side = 0; side < SIDES_AND_ANY; side++)
			numbers_cut(&journal->index[kind][side], journal->first);
	for (int list = 0; list < LIST_COUNT; list++)
		for (int side = 0; side < SIDES_AND_ANY; side++)
			numbers_cut(&journal->lists[list][side], journal->first);
}

/* Is there no room for another chunk? What is newest is kept, whatever its size. */
static bool journal_full(const struct journal *journal)
{
	return journal->last + 1 - journal->first >= journal->bound ||
	       (journal->bytes > JOURNAL_BYTES && journal->nchunks > 1);
}

static struct chunk *chunk_new(struct journal *journal)
{
	struct chunk *chunk = xmalloc(sizeof(*chunk));

	while (journal_full(journal))
		journal_let_go(journal);
	if (journal->nchunks == journal->room) {
		journal->room = journal->room ? journal->room * 2 : 64;
		journal->chunks =
			xrealloc(journal->chunks, journal->room * sizeof(*journal->chunks));
	}
	chunk->arena = (struct arena){0};
	journal->bytes += chunk_bytes(chunk);
	journal->chunks[journal->nchunks++] = chunk;
	return chunk;
}

/* "wire", or "loopback, on the machine's own network": a lab begins. */
static bool note_begins(const char *text)
{
	for (enum link_kind link = 0; text && link < LINK_COUNT; link++) {
		size_t len = strlen(link_name(link));

		if (!strncmp(text, link_name(link), len) && (!text[len] || text[len] == ','))
			return true;
	}
	return false;
}

/* On which lists an event is: a bit each. */
static unsigned event_lists(const struct event *event)
{
	unsigned lists = event->kind == EVENT_SNAPSHOT ? 0 : 1U << LIST_LINES;

	switch (event->kind) {
	case EVENT_COMMAND:
		if (!event->command.text)
			break;
		if (event->command.acts)
			lists |= 1U << LIST_ACTS;
		else if (!strncmp(event->command.text, "expect", 6))
			lists = 0;
		if (!strcmp(event->command.text, "reset"))
			lists |= 1U << LIST_BEGINS;
		break;
	case EVENT_PROCESS:
		if (event->process.what == PROCESS_STARTED)
			lists |= 1U << LIST_STARTS | 1U << LIST_LIVES;
		else if (event->process.what == PROCESS_STOPPED ||
			 event->process.what == PROCESS_CONTINUED)
			lists |= 1U << LIST_STOPS;
		else if (event->process.what != PROCESS_CAUGHT)
			lists |= 1U << LIST_LIVES;
		break;
	case EVENT_LINK:
		if (note_begins(event->note.text))
			lists |= 1U << LIST_BEGINS;
		break;
	case EVENT_HOST:
		if (event->note.change != HOST_SAID)
			lists |= 1U << LIST_POWER;
		break;
	default:
		break;
	}
	return lists;
}

static void numbers_add_sides(struct numbers *numbers, const struct event *event, bool sides)
{
	numbers_add(&numbers[0], event->n);
	if (sides && event->side != SIDE_NONE)
		numbers_add(&numbers[event->side + 1], event->n);
}

const struct event *journal_append(struct journal *journal, const struct event *event)
{
	size_t slot = (journal->last + 1 - journal->first) % CHUNK_EVENTS;
	const struct event *before = journal_at(journal, journal->last);
	struct chunk *chunk = slot ? journal->chunks[journal->nchunks - 1] : chunk_new(journal);
	struct event *stored;
	size_t was = chunk_bytes(chunk);
	unsigned lists;

	stored = &chunk->events[slot];
	*stored = *event;
	stored->n = ++journal->last;
	if (before && stored->t < before->t)
		stored->t = before->t;
	event_own(stored, &chunk->arena);
	journal->bytes += chunk_bytes(chunk) - was;
	numbers_add_sides(journal->index[stored->kind], stored, true);
	lists = event_lists(stored);
	for (int list = 0; list < LIST_COUNT; list++)
		if (lists & 1U << list)
			numbers_add_sides(journal->lists[list], stored, list != LIST_LINES);
	return stored;
}

const struct event *journal_at(const struct journal *journal, uint64_t n)
{
	if (n < journal->first || n > journal->last)
		return NULL;
	n -= journal->first;
	return &journal->chunks[n / CHUNK_EVENTS]->events[n % CHUNK_EVENTS];
}

uint64_t journal_first(const struct journal *journal)
{
	return journal->first;
}

uint64_t journal_last(const struct journal *journal)
{
	return journal->last;
}

static const struct event *numbers_latest(const struct journal *journal,
					  const struct numbers *numbers, uint64_t upto)
{
	size_t above = numbers_above(numbers, upto);

	return above ? journal_at(journal, numbers->n[above - 1]) : NULL;
}

static const struct event *numbers_after(const struct journal *journal,
					 const struct numbers *numbers, uint64_t n)
{
	size_t above = numbers_above(numbers, n);

	return above < numbers->count ? journal_at(journal, numbers->n[above]) : NULL;
}

const struct event *journal_latest(const struct journal *journal, enum event_kind kind,
				   enum side side, uint64_t upto)
{
	return numbers_latest(journal, &journal->index[kind][side + 1], upto);
}

const struct event *journal_before(const struct journal *journal, enum event_kind kind,
				   enum side side, uint64_t n)
{
	return n > 1 ? journal_latest(journal, kind, side, n - 1) : NULL;
}

const struct event *journal_after(const struct journal *journal, enum event_kind kind,
				  enum side side, uint64_t n)
{
	return numbers_after(journal, &journal->index[kind][side + 1], n);
}

const struct event *journal_list_latest(const struct journal *journal, enum journal_list list,
					enum side side, uint64_t upto)
{
	return numbers_latest(journal, &journal->lists[list][side + 1], upto);
}

const struct event *journal_list_after(const struct journal *journal, enum journal_list list,
				       enum side side, uint64_t n)
{
	return numbers_after(journal, &journal->lists[list][side + 1], n);
}

uint64_t journal_list_count(const struct journal *journal, enum journal_list list, enum side side,
			    uint64_t upto)
{
	return numbers_above(&journal->lists[list][side + 1], upto);
}
