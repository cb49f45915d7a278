/* SPDX-License-Identifier: GPL-3.0-or-later */
/* facts_more.c - what is said where there is room: options, ports, the kernel's tcp_info. */
#include "facts.h"

#include <stdio.h>
#include <string.h>

/* A time that stands still: "204 ms", "1.5 s". */
static char *time_still(int64_t ns, char *out, size_t size)
{
	if (ns < NS_PER_MS)
		snprintf(out, size, "%.2f ms", (double)ns / 1e6);
	else if (ns < NS_PER_S)
		snprintf(out, size, "%lld ms", (long long)(ns / NS_PER_MS));
	else if (ns % NS_PER_S)
		snprintf(out, size, "%.1f s", (double)ns / 1e9);
	else
		snprintf(out, size, "%lld s", (long long)(ns / NS_PER_S));
	return out;
}

static void options_add(struct fact *fact, const char *label, const char *value)
{
	fact_add(fact, STYLE_VALUE, "%s%s%s%s", fact->count ? ", " : "", label, *value ? " " : "",
		 value);
}

/* Only what is not as the kernel makes a socket. */
void facts_options(struct facts *facts, const struct socket_options *options)
{
	struct fact *fact;
	char value[48];

	if (!options->known)
		return;
	fact = fact_new(facts, FACT_OPTIONS, 7);
	fact->joins = true;
	if (options->linger_on) {
		snprintf(value, sizeof(value), "%d s", options->linger);
		options_add(fact, "linger", value);
	}
	if (options->keepalive) {
		snprintf(value, sizeof(value), "%d s, every %d s, %d times", options->keepidle,
			 options->keepintvl, options->keepcnt);
		options_add(fact, "keepalive", value);
	}
	if (options->rcvtimeo)
		options_add(fact, "rcvtimeo", time_still(options->rcvtimeo, value, sizeof(value)));
	if (options->sndtimeo)
		options_add(fact, "sndtimeo", time_still(options->sndtimeo, value, sizeof(value)));
	if (options->user_timeout)
		options_add(fact, "user-timeout",
			    time_still(options->user_timeout, value, sizeof(value)));
	if (options->nodelay)
		options_add(fact, "nodelay", "");
	if (options->cork)
		options_add(fact, "cork", "");
	if (options->nonblock)
		options_add(fact, "nonblock", "");
	if (options->reuseaddr)
		options_add(fact, "reuseaddr", "");
	if (!fact->count)
		facts->count--;
}

/* One row of numbers of the kernel's tcp_info, shown where there is room. */
static const struct {
	enum fact_id id;
	const char *label, *field;
} infos[] = {
	{FACT_PATH, "rtt", "rtt"},
	{FACT_PATH, "rto", "rto"},
	{FACT_WINDOW, "cwnd", "snd_cwnd"},
	{FACT_WINDOW, "peer window", "snd_wnd"},
	{FACT_FLIGHT, "unacked", "unacked"},
	{FACT_FLIGHT, "lost", "lost"},
	{FACT_FLIGHT, "resent", "total_retrans"},
	{FACT_BYTES, "acked", "bytes_acked"},
	{FACT_BYTES, "received", "bytes_received"},
};

void facts_info(struct facts *facts, const struct snapshot *snapshot)
{
	struct fact *fact = NULL;
	char value[32];

	if (snapshot->channel != CHANNEL_TCP || snapshot->gone)
		return;
	if (snapshot->port) {
		fact = fact_new(facts, FACT_PORTS, 10);
		snprintf(value, sizeof(value), "%u", snapshot->port);
		fact_pair(fact, "port", value);
		snprintf(value, sizeof(value), "%u", snapshot->peer_port);
		if (snapshot->peer_port)
			fact_pair(fact, "peer", value);
	}
	if (!snapshot->info_len) {
		fact = fact_new(facts, FACT_PATH, 11);
		fact_add(fact, STYLE_LABEL, "no tcp_info in this state");
		return;
	}
	for (size_t i = 0; i < sizeof(infos) / sizeof(infos[0]); i++) {
		const struct info_field *field = info_field_find(infos[i].field);
		int64_t n;

		if (!field || !snapshot_info(snapshot, field, &n))
			continue;
		if (!fact || fact->id != infos[i].id)
			fact = fact_new(facts, infos[i].id, 11 + (int)(infos[i].id - FACT_PATH));
		if (!strcmp(field->unit, "µs"))
			time_still(n * 1000, value, sizeof(value));
		else
			snprintf(value, sizeof(value), "%lld", (long long)n);
		fact_pair(fact, infos[i].label, value);
	}
	if (snapshot->skmem_known) {
		fact = fact_new(facts, FACT_MEMORY, 16);
		snprintf(value, sizeof(value), "%u of %u", snapshot->skmem[0], snapshot->skmem[1]);
		fact_pair(fact, "rcvbuf", value);
		snprintf(value, sizeof(value), "%u of %u", snapshot->skmem[2], snapshot->skmem[3]);
		fact_pair(fact, "sndbuf", value);
	}
}
