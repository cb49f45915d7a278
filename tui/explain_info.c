/* SPDX-License-Identifier: GPL-3.0-or-later */
/* explain_info.c - what the value of a field of tcp_info, of an option or a signal means now. */
#include "explain.h"

#include "facts.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

static int64_t info_of(const struct snapshot *snapshot, const char *name)
{
	int64_t n;

	return snapshot_info(snapshot, info_field_find(name), &n) ? n : 0;
}

/* Where the number alone says less than could be said: for 0, and for others. */
static const struct {
	const char *name, *none, *some; /* `some` has one %s, for the number with its unit */
} words[] = {
	{"rto", "", "if no ACK comes within %s, what was sent is sent again"},
	{"rtt", "", "an ACK takes %s to come"},
	{"min_rtt", "", "the fastest ACK took %s"},
	{"snd_wnd", "the peer's window is closed: nothing may be sent, only probed",
	 "%s may be sent without an ACK"},
	{"unacked", "nothing is under way", "%s sent and not acknowledged"},
	{"lost", "nothing is thought lost", "%s thought lost"},
	{"total_retrans", "nothing was ever sent again", "%s sent again by now"},
	{"retrans", "nothing that was sent again is under way", "%s sent again and under way"},
	{"retransmits", "no timeout is open", "%s timeouts in a row without an answer"},
	{"backoff", "the timer is not doubled", "the timer was doubled %s times"},
	{"bytes_acked", "the peer has acknowledged nothing yet", "the peer has acknowledged %s"},
	{"bytes_received", "nothing has come yet", "%s have come in order"},
	{"notsent_bytes", "all that was written is sent", "%s are written and not sent yet"},
	{"rcv_ooopack", "all has come in order", "%s came too early"},
	{"snd_mss", "", "a segment carries at most %s"},
};

void explain_info(const struct snapshot *snapshot, const struct info_field *field, char *out,
		  size_t size)
{
	static const char *const states[] = {
		"Open: nothing unusual", "Disorder: something came out of order",
		"CWR: the window is being reduced", "Recovery: a lost segment is being repaired",
		"Loss: a timeout, the window begins at 1 again"};
	size_t len = strlen(field->unit);
	char number[64], time[32];
	int64_t n;

	if (!snapshot_info(snapshot, field, &n)) {
		snprintf(out, size, "this kernel does not tell, or not in this state");
		return;
	}
	if (!strcmp(field->unit, "µs"))
		snprintf(number, sizeof(number), "%s",
			 fact_time((int64_t)((uint64_t)n * 1000), time, sizeof(time)));
	else
		snprintf(number, sizeof(number), "%lld%s%.*s", (long long)n, len ? " " : "",
			 (int)(n == 1 && len && field->unit[len - 1] == 's' ? len - 1 : len),
			 field->unit);
	snprintf(out, size, "%s", number);
	if (!strcmp(field->name, "snd_cwnd"))
		snprintf(out, size, "%s of %lld bytes: %lld bytes may be under way", number,
			 (long long)info_of(snapshot, "snd_mss"),
			 (long long)(n * info_of(snapshot, "snd_mss")));
	else if (!strcmp(field->name, "snd_ssthresh") && n == 0x7fffffff)
		snprintf(out, size, "none: nothing was lost yet");
	else if (!strcmp(field->name, "ca_state") && n >= 0 && n < 5)
		snprintf(out, size, "%s", states[n]);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(words[i].name, field->name)) {
			if (!n && *words[i].none)
				snprintf(out, size, "0: %s", words[i].none);
			else
				snprintf(out, size, words[i].some, number);
		}
}

static const char *signal_says(unsigned disposition, bool pipe)
{
	static const char *const says[][2] = {
		[DISP_DEFAULT] = {"default: what the system does by itself",
				  "default: a write where nobody reads kills the process"},
		[DISP_IGNORE] = {"ignored: it does nothing",
				 "ignored: such a write fails with EPIPE, and the process lives"},
		[DISP_CATCH] = {"caught: a handler runs, and a call that blocks returns EINTR",
				"caught: a handler runs, then the write fails with EPIPE"},
		[DISP_CATCH_RESTART] =
			{"caught: a handler runs, then the call goes on (SA_RESTART)",
			 "caught: a handler runs, then the write fails with EPIPE"},
	};

	return says[disposition & 3][pipe];
}

bool explain_option(const struct snapshot *snapshot, const char *word, char *out, size_t size)
{
	const struct socket_options *options = &snapshot->options;
	int number = strncmp(word, "SIG", 3) ? -1 : signal_from_name(word);
	char time[32];

	if (number > 0 && number < 32)
		snprintf(out, size, "%s",
			 signal_says(snapshot->signals[number], number == SIGPIPE));
	else if (!strcmp(word, "linger") && options->linger_on && !options->linger)
		snprintf(out, size,
			 "0 s: close sends RST at once and throws away what is not sent");
	else if (!strcmp(word, "linger") && options->linger_on)
		snprintf(out, size, "close waits up to %d s until all is acknowledged",
			 options->linger);
	else if (!strcmp(word, "keepalive") && options->keepalive)
		snprintf(out, size, "after %d s without a segment a probe is sent",
			 options->keepidle);
	else if (!strcmp(word, "keepintvl"))
		snprintf(out, size, "%d s from an unanswered probe to the next",
			 options->keepintvl);
	else if (!strcmp(word, "keepcnt"))
		snprintf(out, size, "after %d unanswered probes the connection ends: ETIMEDOUT",
			 options->keepcnt);
	else if (!strcmp(word, "rcvtimeo") && options->rcvtimeo)
		snprintf(out, size, "a read waits at most %s, then EAGAIN",
			 fact_time(options->rcvtimeo, time, sizeof(time)));
	else if (!strcmp(word, "sndtimeo") && options->sndtimeo)
		snprintf(out, size, "a write waits at most %s, then EAGAIN",
			 fact_time(options->sndtimeo, time, sizeof(time)));
	else if (!strcmp(word, "user-timeout") && options->user_timeout)
		snprintf(out, size, "unacknowledged for %s, the connection ends: ETIMEDOUT",
			 fact_time(options->user_timeout, time, sizeof(time)));
	else
		return false;
	return true;
}
