/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * piece.c - parts of a fact that stay on one line, drawn.
 *
 *   Recv-Q 3 (was 0)  Send-Q▸0      ▸ the cursor that explains; what changed has a style of its own
 */
#include "piece.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

bool spot_same(const struct spot *one, const struct spot *other)
{
	return one->side == other->side && one->nth == other->nth &&
	       !strcmp(one->about, other->about);
}

const struct spot *spots_add(struct spots *spots, enum side side, const char *about, int y, int x,
			     int w)
{
	struct spot *spot;

	if (spots->count == SPOTS)
		return NULL;
	spot = &spots->at[spots->count];
	*spot = (struct spot){.y = y, .x = x, .w = w, .side = side};
	snprintf(spot->about, sizeof(spot->about), "%s", about);
	for (unsigned i = 0; i < spots->count; i++)
		spot->nth += spots->at[i].side == side && !strcmp(spots->at[i].about, about);
	spots->count++;
	return spot;
}

/* What sets a part off from the one before it has no place at a line's beginning, what pads it none
 * at its end. */
static char *part_text(const struct part *part, bool begins, bool ends, bool brief, char *out,
		       size_t size)
{
	const char *text = brief && *part->brief ? part->brief : part->text;
	size_t len;

	if (begins)
		text += strspn(text, ", ");
	len = strlen(text);
	while (ends && len && text[len - 1] == ' ')
		len--;
	snprintf(out, size, "%.*s", (int)len, text);
	return out;
}

static int part_columns(const struct canvas *canvas, const struct part *part, bool begins,
			bool ends)
{
	char text[sizeof(part->text)];

	return draw_columns(canvas, part_text(part, begins, ends, false, text, sizeof(text)));
}

int piece_columns(const struct canvas *canvas, const struct piece *piece)
{
	int columns = piece->indent;

	for (unsigned i = 0; i < piece->count; i++)
		columns += part_columns(canvas, &piece->fact->parts[piece->first + i], !i,
					i + 1 == piece->count);
	return columns;
}

/* ... where nothing pads a value. */
static int piece_tight(const struct canvas *canvas, const struct piece *piece)
{
	int columns = piece->indent;

	for (unsigned i = 0; i < piece->count; i++) {
		const struct part *part = &piece->fact->parts[piece->first + i];

		columns += part_columns(canvas, part, !i,
					part->style == STYLE_VALUE || i + 1 == piece->count);
	}
	return columns;
}

unsigned piece_split(const struct canvas *canvas, const struct fact *fact, int width, bool apart,
		     struct piece *pieces, unsigned max)
{
	unsigned count = 0;

	for (unsigned i = 0, more; i < fact->count; i += more) {
		struct piece *last = count ? &pieces[count - 1] : NULL;
		bool label = fact->parts[i].style == STYLE_LABEL;

		/* A label stays with its value. */
		more = label && i + 1 < fact->count ? 2 : 1;
		if (last && !(apart && label && fact->pairs)) {
			last->count += more;
			if (fact->bar != STYLE_COUNT || piece_tight(canvas, last) <= width)
				continue;
			last->count -= more;
		}
		if (count == max)
			break;
		pieces[count] = (struct piece){.fact = fact, .first = i, .count = more};
		if (last && !(label && fact->pairs))
			pieces[count].indent = 2;
		count++;
	}
	return count;
}

/* The part before that this one has taken the place of. */
static const struct part *part_before(const struct fact *fact, unsigned i, const struct facts *all)
{
	const struct fact *old = facts_find(all, fact->id);
	const char *about = fact->parts[i].about;
	unsigned nth = 0;

	if (fact->id == FACT_STATE && !i && old)
		return &old->parts[0];
	for (unsigned j = 0; j < i; j++)
		nth += !strcmp(fact->parts[j].about, about);
	for (unsigned j = 0; old && j < old->count; j++)
		if (!strcmp(old->parts[j].about, about) && !nth--)
			return &old->parts[j];
	return NULL;
}

static bool part_changed(const struct fact *fact, unsigned i, const struct pen *pen)
{
	const struct part *part = &fact->parts[i], *old;
	const struct fact *was;

	if (!pen->before || part->counts || !*part->about)
		return false;
	was = facts_find(pen->before, fact->id);
	old = part_before(fact, i, pen->before);
	return !old || was->n != fact->n ||
	       strcmp(old->text + strspn(old->text, ", "), part->text + strspn(part->text, ", ")) !=
		       0;
}

/* Whether an event that poll would have told of is none any more: no part is left to say so. */
static bool poll_lost(const struct piece *piece, const struct pen *pen)
{
	const struct fact *fact = piece->fact, *old;

	if (!pen->before || piece->first || fact->id != FACT_POLL)
		return false;
	old = facts_find(pen->before, FACT_POLL);
	return old && old->count > fact->count;
}

bool piece_changed(const struct piece *piece, const struct pen *pen)
{
	if (poll_lost(piece, pen))
		return true;
	for (unsigned i = 0; i < piece->count; i++)
		if (part_changed(piece->fact, piece->first + i, pen))
			return true;
	return false;
}

/* " (was 3)", " (was CLOSE)"; "" where that says nothing. */
static char *part_was(const struct fact *fact, unsigned i, const struct pen *pen, char *out,
		      size_t size)
{
	const struct part *old =
		part_changed(fact, i, pen) ? part_before(fact, i, pen->before) : NULL;
	char text[sizeof(old->text)];

	*out = '\0';
	if (!old)
		return out;
	if (fact->id == FACT_STATE && state_from_name(old->about) >= 0 &&
	    strcmp(old->about, fact->parts[i].about) != 0)
		snprintf(out, size, " (was %s)", old->about);
	else if (fact_measures(fact->id) && isdigit((unsigned char)old->text[0]))
		snprintf(out, size, " (was %s)",
			 part_text(old, true, true, false, text, sizeof(text)));
	return out;
}

/* A part's own style, the cursor's, or that of what changed; what it begins with to be set off from
 * the part before keeps its own. Returns the columns used. */
static int part_draw(const struct canvas *canvas, int y, int x, int width, const struct part *part,
		     const char *text, bool changed, const struct pen *pen)
{
	size_t lead = strspn(text, ", ");
	const struct spot *spot = NULL;
	int used = (int)lead, columns;
	char before[8];

	snprintf(before, sizeof(before), "%.*s", (int)lead, text);
	draw_text(canvas, y, x, width, part->style, before);
	columns = draw_columns(canvas, text + lead);
	if (*part->about && pen->spots && used < width)
		spot = spots_add(pen->spots, pen->side, part->about, y, x + used,
				 columns < width - used ? columns : width - used);
	if (spot && pen->cursor && spot_same(spot, pen->cursor)) {
		draw_clip(canvas, y, x + used, width - used, STYLE_CHOICE, text + lead);
		if (x + used > 0)
			draw_glyph(canvas, y, x + used - 1, STYLE_CHANGED, GLYPH_PICK);
	} else {
		draw_clip(canvas, y, x + used, width - used,
			  changed && part->style == STYLE_VALUE ? STYLE_CHANGED : part->style,
			  text + lead);
	}
	return used + columns;
}

int piece_draw(const struct canvas *canvas, int y, int x, int width, int label, int *spare,
	       const struct piece *piece, const struct pen *pen)
{
	const struct fact *fact = piece->fact;
	int used = piece->indent && label ? label : piece->indent;
	bool brief = piece_tight(canvas, piece) > width;

	for (unsigned i = 0; i < piece->count; i++) {
		unsigned at = piece->first + i;
		const struct part *part = &fact->parts[at];
		bool ends = i + 1 == piece->count;
		char text[sizeof(part->text)], was[48];
		int extra;

		part_was(fact, at, pen, was, sizeof(was));
		/* What a number was takes the place of what pads it. */
		extra = draw_columns(canvas, was) - part_columns(canvas, part, !i, false) +
			part_columns(canvas, part, !i, true);
		if (extra > *spare)
			*was = '\0';
		if (*was && extra > 0)
			*spare -= extra;
		part_text(part, !i, ends || *was || (*spare < 0 && part->style == STYLE_VALUE),
			  brief, text, sizeof(text));
		used += part_draw(canvas, y, x + used, width - used, part, text,
				  part_changed(fact, at, pen), pen);
		if (*was)
			used += draw_text(canvas, y, x + used, width - used,
					  fact->bar == STYLE_COUNT ? STYLE_LABEL : fact->bar, was);
		if (!i && label && part->style == STYLE_LABEL && used < label)
			used = label;
	}
	return used < width ? used : width;
}
