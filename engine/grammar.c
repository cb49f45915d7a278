/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * grammar.c - the one interpreter of the patterns: backtracking over a line's tokens.
 *
 *   "server listen [PORT] [backlog N]"
 *    ------                             the side's place: match_row
 *           ------                      the verb: matched, not bound
 *                  ------ -----------   neighbours in any order: match_groups
 *
 * What follows an item stands in a chain of frames on the C stack, so that a match that comes to
 * nothing is taken back by returning false.
 */
#include "grammar.h"

#include <ctype.h>
#include <string.h>

#define STEPS 20000 /* no pattern comes near; a bound all the same */
#define GROUPS 16

struct frame {
	const char *at, *end;
	const struct frame *up; /* what follows; NULL: the end of the line */
	struct bindings *to;
	unsigned used; /* of the groups at `at`, those taken */
	bool quiet;    /* the verb: nothing is bound */
	enum expected_place place;
};

static bool match_from(struct match *match, struct frame frame, unsigned pos);

/* ------------------------------------------------------------ what was expected where */
static struct expected *match_expect(struct match *match, unsigned pos)
{
	if (pos < match->furthest)
		return NULL;
	if (pos > match->furthest) {
		match->furthest = pos;
		match->nexpected = 0;
		match->end_expected = false;
	}
	return match->nexpected < EXPECTED ? &match->expected[match->nexpected] : NULL;
}

static void match_expect_word(struct match *match, unsigned pos, const char *word, size_t len,
			      enum expected_place place)
{
	struct expected *new = match_expect(match, pos);

	for (unsigned i = 0; new &&i < match->nexpected; i++) {
		const struct expected *old = &match->expected[i];

		if (old->word && old->len == len && !memcmp(old->word, word, len))
			return;
	}
	if (!new)
		return;
	*new = (struct expected){.word = word, .len = len, .place = place};
	match->nexpected++;
}

static void match_expect_value(struct match *match, unsigned pos, const struct value *value,
			       enum expected_place place)
{
	struct expected *new = match_expect(match, pos);

	for (unsigned i = 0; new &&i < match->nexpected; i++)
		if (match->expected[i].value == value)
			return;
	if (!new)
		return;
	*new = (struct expected){.value = value, .place = place};
	match->nexpected++;
}

static bool match_end(struct match *match, unsigned pos)
{
	match_expect(match, pos);
	if (pos == match->furthest)
		match->end_expected = true;
	return pos == match->tokens->count && !match->explore;
}

/* ---------------------------------------------------------------------------- items */
static bool bind(struct bindings *to, const char *name, size_t len, unsigned token, int64_t num,
		 bool keyword)
{
	struct binding *before = to->count ? &to->at[to->count - 1] : NULL;

	if (to->count == COMMAND_ARGS)
		return false;
	/* `backlog 5`: the keyword has the number too. */
	if (!keyword && before && before->keyword && before->token + 1 == token)
		before->num = num;
	to->at[to->count++] = (struct binding){name, len, token, num, keyword};
	return true;
}

static bool match_keyword(struct match *match, const struct frame *frame, const char *word,
			  size_t len, unsigned pos)
{
	const struct token *token = &match->tokens->at[pos];

	if (pos < match->tokens->count && token->kind != TOKEN_STRING && token->len == len &&
	    !memcmp(token->text, word, len))
		return frame->quiet || bind(frame->to, word, len, pos, 0, true);
	match_expect_word(match, pos, word, len, frame->place);
	return false;
}

static bool match_value(struct match *match, const struct frame *frame, const char *word,
			size_t len, unsigned pos)
{
	const struct value *value = value_find(word, len, frame->to->row->verb);
	int64_t num = 0;

	if (!value)
		return false;
	if (pos < match->tokens->count && value->take(value, &match->tokens->at[pos], &num)) {
		if (!strcmp(value->name, "SIDE"))
			frame->to->side = (enum side)num;
		return bind(frame->to, word, len, pos, num, false);
	}
	match_expect_value(match, pos, value, frame->place);
	return false;
}

static bool match_row(struct match *match, const struct row *row, struct bindings *to,
		      enum expected_place place, const struct frame *up, unsigned pos);

static bool match_condition(struct match *match, const struct frame *up, unsigned pos)
{
	const struct row *row;

	for (size_t i = 0; (row = condition_row(i)); i++)
		if (match_row(match, row, &match->condition, PLACE_CONDITION, up, pos))
			return true;
	return false;
}

/* One item: `a|B|c`, perhaps repeated, and then everything that follows it. */
static bool match_item(struct match *match, struct frame frame, unsigned pos)
{
	size_t len = strcspn(frame.at, " ]"), words;
	struct frame after = frame;
	bool repeat;

	if (len > (size_t)(frame.end - frame.at))
		len = (size_t)(frame.end - frame.at);
	repeat = len > 3 && !memcmp(frame.at + len - 3, "...", 3);
	words = repeat ? len - 3 : len;
	after.at += len;
	after.used = 0;
	after.place = PLACE_ELSEWHERE;
	for (size_t i = 0, n; i < words; i += n + 1) {
		const char *word = frame.at + i, *bar = memchr(word, '|', words - i);
		unsigned count = frame.to->count;
		enum side side = frame.to->side;
		bool taken;

		n = bar ? (size_t)(bar - word) : words - i;
		if (n == 9 && !memcmp(word, "CONDITION", 9)) {
			if (match_condition(match, &after, pos))
				return true;
			continue;
		}
		if (isupper((unsigned char)*word))
			taken = match_value(match, &frame, word, n, pos);
		else
			taken = match_keyword(match, &frame, word, n, pos);
		if (taken && repeat) {
			struct frame again = frame;

			again.place = PLACE_ELSEWHERE;
			if (match_from(match, again, pos + 1))
				return true;
		}
		if (taken && match_from(match, after, pos + 1))
			return true;
		frame.to->count = count;
		frame.to->side = side;
	}
	return false;
}

/* Neighbouring [groups]: any that is left may come next, or none of them. */
static bool match_groups(struct match *match, struct frame frame, unsigned pos)
{
	const char *at = frame.at;

	for (unsigned i = 0; i < GROUPS && at < frame.end && *at == '['; i++) {
		const char *close = memchr(at, ']', (size_t)(frame.end - at));

		if (!close)
			return false;
		if (!(frame.used & 1U << i)) {
			struct frame others = frame, inside = frame;

			others.used |= 1U << i;
			inside.at = at + 1;
			inside.end = close;
			inside.up = &others;
			inside.used = 0;
			if (match_from(match, inside, pos))
				return true;
		}
		for (at = close + 1; at < frame.end && *at == ' ';)
			at++;
	}
	frame.at = at;
	frame.used = 0;
	return match_from(match, frame, pos);
}

static bool match_from(struct match *match, struct frame frame, unsigned pos)
{
	if (++match->steps > STEPS)
		return false;
	for (;;) {
		while (frame.at < frame.end && *frame.at == ' ')
			frame.at++;
		if (frame.at < frame.end)
			break;
		if (!frame.up || frame.up->to != frame.to)
			frame.to->upto = pos;
		if (!frame.up)
			return match_end(match, pos);
		frame = *frame.up;
	}
	return *frame.at == '[' ? match_groups(match, frame, pos) : match_item(match, frame, pos);
}

/* ----------------------------------------------------------------------------- rows */
static bool who_allows(enum who who, enum side side)
{
	return who == WHO_ANY || (who == WHO_HOST && side <= SIDE_SERVER) ||
	       (who == WHO_CLIENT && side == SIDE_CLIENT) ||
	       (who == WHO_SERVER && side == SIDE_SERVER);
}

/* The side of a row that was not given one: the only one it has, or the focused one. */
static enum side who_default(enum who who, enum side focus)
{
	if (who == WHO_CLIENT || who == WHO_SERVER)
		return who == WHO_CLIENT ? SIDE_CLIENT : SIDE_SERVER;
	return who == WHO_HOST && focus == SIDE_CHILD ? SIDE_SERVER : focus;
}

/* Whether the row's first word behind the side stands at pos: enough to tell what was meant. */
static bool row_begins(const struct match *match, const struct row *row, const char *pattern,
		       unsigned pos)
{
	size_t len = strcspn(pattern, " ");
	const struct token *token = &match->tokens->at[pos];
	int64_t num;

	if (pos >= match->tokens->count || token->kind != TOKEN_WORD)
		return false;
	if (isupper((unsigned char)*pattern)) {
		const struct value *value = value_find(pattern, len, row->verb);

		return value && value->take(value, token, &num);
	}
	return token->len == len && !memcmp(token->text, pattern, len);
}

static bool match_side(struct match *match, const struct row *row, const char *pattern,
		       enum side *side, enum expected_place place, unsigned *pos)
{
	const struct token *token = &match->tokens->at[*pos];

	if (*pos < match->tokens->count && token->kind == TOKEN_WORD &&
	    side_from_name(token->text) >= 0) {
		*side = (enum side)side_from_name(token->text);
		++*pos;
		if (who_allows(row->who, *side))
			return true;
		if (!match->misplaced && row_begins(match, row, pattern, *pos)) {
			match->misplaced = row;
			match->misplaced_at = *pos;
		}
		return false;
	}
	for (enum side i = SIDE_CLIENT; i < SIDE_COUNT; i++)
		if (who_allows(row->who, i))
			match_expect_word(match, *pos, side_name(i), strlen(side_name(i)), place);
	*side = who_default(row->who, match->focus);
	if (match->focus != SIDE_NONE)
		return true;
	if (!match->sideless && row_begins(match, row, pattern, *pos)) {
		match->sideless = row;
		match->sideless_at = *pos;
	}
	return false;
}

const char *row_pattern(const struct row *row)
{
	static const unsigned char places[] = {[WHO_NONE] = 0,
					       [WHO_ANY] = sizeof("SIDE"),
					       [WHO_HOST] = sizeof("SIDE"),
					       [WHO_CLIENT] = sizeof("client"),
					       [WHO_SERVER] = sizeof("server")};

	return row->usage.usage + places[row->who];
}

static bool match_row(struct match *match, const struct row *row, struct bindings *to,
		      enum expected_place place, const struct frame *up, unsigned pos)
{
	const char *pattern = row_pattern(row);
	size_t verb = strlen(row->verb);
	struct frame rest = {.at = pattern, .end = pattern + strlen(pattern), .up = up, .to = to};
	struct frame head = rest;

	to->row = row;
	to->side = SIDE_NONE;
	to->from = pos;
	to->count = 0;
	if (row->who != WHO_NONE && !match_side(match, row, pattern, &to->side, place, &pos))
		return false;
	rest.place = head.place = place;
	if (!verb || strncmp(pattern, row->verb, verb) != 0)
		return match_from(match, rest, pos);
	rest.at += verb;
	rest.place = PLACE_ELSEWHERE;
	head.end = rest.at;
	head.up = &rest;
	head.quiet = true;
	return match_from(match, head, pos);
}

static bool match_rows(struct match *match, bool alone)
{
	const struct row *row;

	if (alone)
		return match_condition(match, NULL, 0);
	for (size_t i = 0; (row = command_row(i)); i++)
		if (match_row(match, row, &match->command, PLACE_COMMAND, NULL, 0))
			return true;
	return false;
}

static void match_begin(struct match *match, const struct tokens *tokens, enum side focus)
{
	match->tokens = tokens;
	match->focus = focus;
	match->furthest = match->nexpected = match->steps = 0;
	match->end_expected = match->explore = false;
	match->sideless = match->misplaced = NULL;
	match->command.row = match->condition.row = NULL;
	match->command.count = match->condition.count = 0;
}

bool grammar_match(struct match *match, const struct tokens *tokens, enum side focus, bool alone)
{
	match_begin(match, tokens, focus);
	return match_rows(match, alone);
}

void grammar_explore(struct match *match, const struct tokens *tokens, enum side focus)
{
	match_begin(match, tokens, focus);
	match->explore = true;
	match_rows(match, false);
}
