/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * welcome.c - the free lab's first screen.
 *
 *   Two processes, each with a socket of its own: both ends of a TCP connection, live.
 *     open   connect them, and see every call and every segment
 *     F2     lessons; the first: the write that should have failed
 *     F4     what this side can do now
 *     F1     help
 */
#include "welcome.h"

/* What this machine does not give, and why the first of it. The wire's device is not for here. */
static void welcome_missing(struct page *page, const struct lab *lab)
{
	const struct feature_state *first = NULL;

	for (enum feature i = 0; i < FEATURE_COUNT; i++) {
		const struct feature_state *state = lab_feature(lab, i);

		if (!state || state->ok || i == FEATURE_TUN)
			continue;
		if (!first)
			page_begin(page, 0, STYLE_ERROR, "Missing here:");
		else
			page_flow(page, STYLE_STRONG, ", ");
		page_flow(page, STYLE_STRONG, state->name);
		first = first ? first : state;
	}
	if (!first)
		return;
	page_flow(page, STYLE_PLAIN, " (");
	page_flow(page, STYLE_PLAIN, first->reason);
	page_flow(page, STYLE_PLAIN, "). `bothends doctor` tells what that means, and the cure.");
	page_end(page);
}

void welcome_fill(struct page *page, const struct lab *lab)
{
	static const struct {
		const char *key, *what;
	} ways[] = {
		{"type open", "connect them: every call and every segment is shown"},
		{"link wire", "a host each, and every segment between them in your hand"},
		{"F2       ", "lessons; the first: the write that should have failed"},
		{"F4       ", "what the side you speak to can do now"},
		{"F1       ", "help: keys and commands"},
	};

	page_text(page, 0, STYLE_HEADING, "Both ends of one TCP connection, side by side.");
	page_text(
		page, 0, STYLE_PLAIN,
		"Two real processes, their kernel sockets, every call they make and every segment "
		"between them.");
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		bool here = i == 1 && lab_link(lab) == LINK_WIRE;

		page_begin(page, 2, STYLE_STRONG, here ? "wire hold" : ways[i].key);
		page_flow(page, STYLE_PLAIN,
			  here ? "stop every segment in mid-wire; F5 walks there" : ways[i].what);
		page_end(page);
	}
	welcome_missing(page, lab);
}
