/* SPDX-License-Identifier: GPL-3.0-or-later */
/* facts_more.c - what is said where there is room: options, ports, the kernel's tcp_info. */
#include "facts.h"

#include <stdio.h>
#include <string.h>

char *fact_time(int64_t ns, char *out, size_t size)
{
	if (!ns)
		snprintf(out, size, "0");
	else if (ns < NS_PER_MS)
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
	fact_add(fact, STYLE_VALUE, label, "%s%s%s%s", fact->count ? ", " : "", label,
		 *value ? " " : "", value);
}

/* Only what is not as the kernel makes a socket. */
void facts_options(struct facts *facts, const struct socket_options *options)
{
	struct fact *fact;
	char value[48];

	if (!options->known)
		return;
	fact = fact_new(facts, FACT_OPTIONS, GROUP_OPTIONS, 7);
	fact->joins = true;
	if (options->linger_on) {
		snprintf(value, sizeof(value), "%d s", options->linger);
		options_add(fact, "linger", value);
	}
	if (options->keepalive) {
		snprintf(value, sizeof(value), "%d s", options->keepidle);
		options_add(fact, "keepalive", value);
		fact_add(fact, STYLE_VALUE, "keepcnt", " + %d", options->keepcnt);
		fact_add(fact, STYLE_VALUE, "keepintvl", "×%d s", options->keepintvl);
	}
	if (options->rcvtimeo)
		options_add(fact, "rcvtimeo", fact_time(options->rcvtimeo, value, sizeof(value)));
	if (options->sndtimeo)
		options_add(fact, "sndtimeo", fact_time(options->sndtimeo, value, sizeof(value)));
	if (options->user_timeout)
		options_add(fact, "user-timeout",
			    fact_time(options->user_timeout, value, sizeof(value)));
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

/* Numbers of the kernel's tcp_info, where there is room for them; those of a fact stand together.
 */
static const struct {
	enum fact_id id;
	enum fact_group group;
	int rank;
	const char *label, *field;
} infos[] = {
	{FACT_PATH, GROUP_TIMERS, 11, "rtt", "rtt"},
	{FACT_PATH, GROUP_TIMERS, 11, "rto", "rto"},
	{FACT_WINDOW, GROUP_WINDOW, 12, "cwnd", "snd_cwnd"},
	{FACT_WINDOW, GROUP_WINDOW, 12, "peer wnd", "snd_wnd"},
	{FACT_FLIGHT, GROUP_COUNTERS, 13, "unacked", "unacked"},
	{FACT_FLIGHT, GROUP_COUNTERS, 13, "lost", "lost"},
	{FACT_FLIGHT, GROUP_COUNTERS, 13, "resent", "total_retrans"},
	{FACT_BYTES, GROUP_COUNTERS, 14, "acked", "bytes_acked"},
	{FACT_BYTES, GROUP_COUNTERS, 14, "received", "bytes_received"},
	{FACT_UNSENT, GROUP_QUEUES, 17, "unsent", "notsent_bytes"},
	{FACT_SIZES, GROUP_WINDOW, 18, "mss", "snd_mss"},
	{FACT_SIZES, GROUP_WINDOW, 18, "peer mss", "rcv_mss"},
	{FACT_SIZES, GROUP_WINDOW, 18, "pmtu", "pmtu"},
	{FACT_SEGMENTS, GROUP_COUNTERS, 19, "segs out", "segs_out"},
	{FACT_SEGMENTS, GROUP_COUNTERS, 19, "segs in", "segs_in"},
	{FACT_SLOW, GROUP_WINDOW, 20, "ssthresh", "snd_ssthresh"},
	{FACT_SLOW, GROUP_WINDOW, 20, "own wnd", "rcv_ssthresh"},
	{FACT_SLOW, GROUP_WINDOW, 20, "ca state", "ca_state"},
	{FACT_ROUND, GROUP_TIMERS, 21, "rttvar", "rttvar"},
	{FACT_ROUND, GROUP_TIMERS, 21, "min rtt", "min_rtt"},
	{FACT_ROUND, GROUP_TIMERS, 21, "ato", "ato"},
	{FACT_DATA, GROUP_COUNTERS, 22, "data out", "data_segs_out"},
	{FACT_DATA, GROUP_COUNTERS, 22, "data in", "data_segs_in"},
	{FACT_REPEATS, GROUP_COUNTERS, 23, "retrans", "retrans"},
	{FACT_REPEATS, GROUP_COUNTERS, 23, "sacked", "sacked"},
	{FACT_REPEATS, GROUP_COUNTERS, 23, "dsack", "dsack_dups"},
	{FACT_REPEATS, GROUP_COUNTERS, 23, "early", "rcv_ooopack"},
	{FACT_SCALES, GROUP_WINDOW, 24, "wscale", "snd_wscale"},
	{FACT_SCALES, GROUP_WINDOW, 24, NULL, "rcv_wscale"}, /* as ss(8): behind the peer's */
};

/* "none" for the slow start threshold that nothing has lowered yet: TCP_INFINITE_SSTHRESH. */
static void info_value(const struct info_field *field, int64_t n, char *out, size_t size)
{
	if (!strcmp(field->unit, "µs"))
		fact_time(n * 1000, out, size);
	else if (!strcmp(field->name, "snd_ssthresh") && n == 0x7fffffff)
		snprintf(out, size, "none");
	else
		snprintf(out, size, "%lld", (long long)n);
}

static void facts_memory(struct facts *facts, const uint32_t skmem[9])
{
	static const struct {
		unsigned at;
		const char *about, *label;
	} more[] = {
		{5, "wmem-queued", "queued"},
		{4, "fwd-alloc", "reserved"},
		{7, "sock-backlog", "waiting"},
		{8, "drops", "dropped"},
	};
	struct fact *fact = fact_new(facts, FACT_MEMORY, GROUP_MEMORY, 16);
	char value[32];

	for (unsigned i = 0; i < 4; i += 2) {
		snprintf(value, sizeof(value), "%u", skmem[i]);
		fact_pair(fact, i ? "wmem" : "rmem", i ? "sndbuf" : "rcvbuf", value);
		fact_add(fact, STYLE_VALUE, i ? "sndbuf" : "rcvbuf", " of %u", skmem[i + 1]);
	}
	fact = fact_new(facts, FACT_STORE, GROUP_MEMORY, 25);
	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++) {
		snprintf(value, sizeof(value), "%u", skmem[more[i].at]);
		fact_pair(fact, more[i].about, more[i].label, value);
	}
}

static void facts_ports(struct facts *facts, const struct snapshot *snapshot)
{
	struct fact *fact;
	char value[32];

	if (!snapshot->port)
		return;
	fact = fact_new(facts, FACT_PORTS, GROUP_CONNECTION, 10);
	snprintf(value, sizeof(value), "%u", snapshot->port);
	fact_pair(fact, "port", "port", value);
	snprintf(value, sizeof(value), "%u", snapshot->peer_port);
	if (snapshot->peer_port)
		fact_pair(fact, "peer", "peer", value);
}

void facts_info(struct facts *facts, const struct snapshot *snapshot)
{
	struct fact *fact = NULL;
	char value[32];

	if (snapshot->channel != CHANNEL_TCP || snapshot->gone)
		return;
	facts_ports(facts, snapshot);
	if (!snapshot->info_len) {
		fact = fact_new(facts, FACT_PATH, GROUP_TIMERS, 11);
		fact_add(fact, STYLE_LABEL, "no-info", "no tcp_info in this state");
		return;
	}
	for (size_t i = 0; i < sizeof(infos) / sizeof(infos[0]); i++) {
		const struct info_field *field = info_field_find(infos[i].field);
		int64_t n;

		if (!field || !snapshot_info(snapshot, field, &n))
			continue;
		if (!fact || fact->rank != infos[i].rank)
			fact = fact_new(facts, infos[i].id, infos[i].group, infos[i].rank);
		info_value(field, n, value, sizeof(value));
		if (infos[i].label)
			fact_pair(fact, field->name, infos[i].label, value);
		else
			fact_add(fact, STYLE_VALUE, field->name, ", %s", value);
	}
	if (snapshot->skmem_known)
		facts_memory(facts, snapshot->skmem);
}
