/* SPDX-License-Identifier: GPL-3.0-or-later */
/* condition.c - the table of conditions, and one of them from text. What they say: judge.c. */
#include "grammar.h"

#include <stdlib.h>
#include <string.h>

#define ANY(id, verb, rest, help, more, man)                                                    \
	{                                                                                       \
		COND_##id, WHO_ANY, verb, {"SIDE " verb rest, help, "Conditions", more, man}, 0 \
	}
#define NONE(id, verb, usage, help, more, man)                                       \
	{                                                                            \
		COND_##id, WHO_NONE, verb, {usage, help, "Conditions", more, man}, 0 \
	}

static const struct row rows[] = {
	ANY(STATE, "state", " STATE", "the newest connection's TCP state",
	    "The listener's while there is no connection. After a RST a descriptor can outlive its "
	    "connection: the state is then CLOSE, and `gone` holds too.",
	    "tcp(7)"),
	ANY(RECVQ, "recvq", " [OP] N", "bytes received and not yet read",
	    "As ss(8) has it: a FIN counts as 1. Without an operator: exactly N.", "ss(8)"),
	ANY(SENDQ, "sendq", " [OP] N", "bytes sent and not yet acknowledged",
	    "As ss(8) has it: a FIN counts as 1. Without an operator: exactly N.", "ss(8)"),
	ANY(CALL_RETURNS, "", "CALL = RETURN", "what the newest such call returned",
	    "-1 for a call that failed. Undecided while the call blocks.", ""),
	ANY(CALL_DATA, "", "CALL = TEXT", "the bytes the newest such call brought in",
	    "For read, recv and drain. Undecided while the call blocks.", ""),
	ANY(CALL_FAILS, "", "CALL fails ERRNO", "the error of the newest such call",
	    "Undecided while the call blocks.", "errno(3)"),
	ANY(BLOCKED, "blocked", " [in CALL]", "the side is inside a call that does not return",
	    "A call counts as blocked once it has not returned for 50 ms.", ""),
	ANY(POLL, "poll", " EVENT...", "the live poll events are exactly these",
	    "`none` is the empty set. The command `SIDE poll` makes a call; how many events that "
	    "returned is `SIDE poll = N`.",
	    "poll(2)"),
	ANY(TIMER, "timer", " KIND [over|under TIME]", "the connection's timer",
	    "Named as ss(8) names them: on (retransmission), keepalive, timewait, persist (window "
	    "probe), off.",
	    "ss(8)"),
	ANY(INFO, "info", " FIELD [OP] N", "a field of the kernel's tcp_info",
	    "Undecided where the kernel reports none: half-open, an orphan's FIN_WAIT2, TIME_WAIT.",
	    "tcp(7)"),
	ANY(GONE, "gone", "", "the kernel no longer knows the connection",
	    "sock_diag has no such socket any more. A descriptor can outlive that.",
	    "sock_diag(7)"),
	ANY(EXITED, "exited", " N", "the process has exited with this status", "", "wait(2)"),
	ANY(KILLED, "killed", " SIGNAL", "the process was ended by this signal", "", "signal(7)"),
	NONE(SEGMENT, "segment", "segment from SIDE FLAGS [len N] [win N]",
	     "such a segment was sent since the last command that acts",
	     "FLAGS as tcpdump writes them, compared exactly: S S. . P. F. R R. - win is the "
	     "header's field, unscaled. A segment counts whatever became of it.",
	     "tcpdump(8)"),
	NONE(SEGMENTS, "segments", "N segments from SIDE FLAGS",
	     "at least N such segments were sent since the last command that acts",
	     "Each counts once, however often it was sent again and whatever became of it.",
	     "tcpdump(8)"),
	NONE(ICMP, "icmp", "icmp to SIDE net-unreachable|host-unreachable|port-unreachable",
	     "such a message came since the last command that acts", "", "icmp(7)"),
};

const struct row *condition_row(size_t i)
{
	return i < sizeof(rows) / sizeof(rows[0]) ? &rows[i] : NULL;
}

void condition_take(struct condition *condition, const struct bindings *bindings,
		    const struct tokens *tokens, const char *line)
{
	/* The words it took stand side by side: from its first to its last. */
	const struct token *first = &tokens->at[bindings->from];
	const struct token *last = &tokens->at[bindings->upto - 1];

	condition->row = (int)(bindings->row - rows);
	condition->side = bindings->side;
	condition->nargs = args_take(condition->args, bindings, tokens);
	condition->text = xstrndup(line + first->start, last->end - first->start);
}

int condition_parse(const char *text, size_t len, struct condition *condition, struct err *err)
{
	struct tokens tokens;
	struct match match;
	int result = 0;

	memset(condition, 0, sizeof(*condition));
	condition->row = -1;
	condition->side = SIDE_NONE;
	if (tokens_split(&tokens, text, len, err) < 0)
		result = -1;
	else if (!grammar_match(&match, &tokens, SIDE_NONE, true))
		result = grammar_explain(&match, err);
	else
		condition_take(condition, &match.condition, &tokens, text);
	tokens_clear(&tokens);
	return result;
}

void condition_copy(struct condition *to, const struct condition *from)
{
	*to = *from;
	args_copy(to->args, from->args, from->nargs);
	to->text = from->text ? xstrdup(from->text) : NULL;
}

void condition_clear(struct condition *condition)
{
	args_free(condition->args, &condition->nargs);
	free(condition->text);
	condition->text = NULL;
	condition->row = -1;
}

const struct arg *condition_arg(const struct condition *condition, const char *name)
{
	return args_find(condition->args, condition->nargs, name);
}
