/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * transcript_arrow.c - how far a segment gets, as an arrow between two columns.
 *
 *   ──────── F. 1 ack 1 ────────▶      delivered
 *   ──────── P. 1:4 ──────┤ held       stopped on its way
 *   released ├───── P. 1:4 ─────▶      ... and gone on
 *   ──────── P. 1:4 ───✗ dropped       lost
 */
#include "transcript.h"

#include <string.h>

enum reach fate_reach(enum fate fate)
{
	switch (fate) {
	case FATE_HELD:
	case FATE_DELAYED:
		return REACH_HALF;
	case FATE_RELEASED:
		return REACH_SECOND_HALF;
	case FATE_DROPPED:
	case FATE_CUT:
	case FATE_LOST:
	case FATE_UNREACHABLE:
	case FATE_SILENCED:
		return REACH_LOST;
	case FATE_DELIVERED:
	case FATE_DUPLICATED:
	case FATE_COUNT:
		break;
	}
	return REACH_ALL;
}

void arrow_add(struct text *row, int columns, bool right, enum reach reach, const char *label,
	       const char *fate)
{
	static const char *const tips[][2] = {
		[REACH_ALL] = {"◀", "▶"},
		[REACH_HALF] = {"├", "┤"},
		[REACH_SECOND_HALF] = {"◀", "▶"},
		[REACH_LOST] = {"✗", "✗"},
	};
	const int begin = row->columns, end = begin + columns;
	int length = columns, room = (int)strlen(fate) + 1, from, to, at;
	struct text text = {0};

	if (reach != REACH_ALL) {
		length = columns - columns / 4;
		if (length > columns - room)
			length = columns - room;
	}
	/* The second half of the way: the arrow begins where it was held. */
	from = (reach == REACH_SECOND_HALF) == right ? end - length : begin;
	to = from + length;
	text_add(&text, length - 5, label);
	if (from > begin && *fate)
		text_fill(row, from - room, " ");
	if (from > begin && *fate)
		text_add(row, from, fate);
	text_fill(row, from, " ");
	if (!right)
		text_add(row, to, tips[reach][0]);
	else if (reach == REACH_SECOND_HALF)
		text_add(row, to, "├");
	at = from + (length - text.columns) / 2;
	text_fill(row, at - 1, "─");
	text_add(row, to, " ");
	text_add(row, to, text.bytes);
	text_add(row, to, " ");
	text_fill(row, to - 1, "─");
	text_add(row, to, right ? tips[reach][1] : reach == REACH_SECOND_HALF ? "┤" : "─");
	if (from == begin && length < columns && *fate)
		text_addf(row, end, " %s", fate);
	text_fill(row, end, " ");
}
