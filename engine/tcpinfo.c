/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tcpinfo.c - the kernel's struct tcp_info as a table of fields.
 *
 * The one file that includes <linux/tcp.h>: it clashes with <netinet/tcp.h>. Offsets come from
 * the header this was built with; how much a kernel fills in is the snapshot's info_len. */
#include "lab.h"

#include <linux/tcp.h>
#include <string.h>

#define FIELD(name, unit, help, clock)                                                       \
	{                                                                                    \
#name, offsetof(struct tcp_info, tcpi_##name),                               \
			sizeof(((struct tcp_info *)0)->tcpi_##name), 0, 0, unit, help, clock \
	}
#define F(name, unit, help) FIELD(name, unit, help, false)
#define CLOCK(name, unit, help) FIELD(name, unit, help, true)

static const struct info_field fields[] = {
	F(state, "", "state, by number"),
	F(ca_state, "", "congestion state: 0 Open, 1 Disorder, 2 CWR, 3 Recovery, 4 Loss"),
	F(retransmits, "", "timeouts in a row without an answer"),
	F(probes, "", "unanswered window or keepalive probes"),
	F(backoff, "", "how often the timer has been doubled"),
	F(options, "", "agreed in the handshake: 1 timestamps, 2 SACK, 4 window scale, 8 ECN"),
	{"snd_wscale", offsetof(struct tcp_info, tcpi_options) + 1, 1, 0, 4, "bits",
	 "the peer's window scale", false},
	{"rcv_wscale", offsetof(struct tcp_info, tcpi_options) + 1, 1, 4, 4, "bits",
	 "our window scale", false},
	F(rto, "µs", "retransmission timeout"),
	F(ato, "µs", "delayed-ACK timeout"),
	F(snd_mss, "bytes", "largest segment we send"),
	F(rcv_mss, "bytes", "largest segment seen from the peer"),
	F(unacked, "segments", "sent and not yet acknowledged; a listener: queued connections"),
	F(sacked, "segments", "acknowledged out of order; a listener: the backlog"),
	F(lost, "segments", "thought lost"),
	F(retrans, "segments", "retransmitted and not yet acknowledged"),
	F(fackets, "segments", "no longer used"),
	CLOCK(last_data_sent, "ms", "since data was last sent"),
	CLOCK(last_ack_sent, "ms", "not remembered by Linux"),
	CLOCK(last_data_recv, "ms", "since data last came"),
	CLOCK(last_ack_recv, "ms", "since an ACK last came"),
	F(pmtu, "bytes", "path MTU"),
	F(rcv_ssthresh, "bytes", "current limit of the window we offer"),
	F(rtt, "µs", "smoothed round-trip time"),
	F(rttvar, "µs", "its mean deviation"),
	F(snd_ssthresh, "segments", "slow start ends here"),
	F(snd_cwnd, "segments", "congestion window"),
	F(advmss, "bytes", "the MSS we announced"),
	F(reordering, "segments", "reordering tolerated"),
	F(rcv_rtt, "µs", "round-trip time seen by the receiver"),
	F(rcv_space, "bytes", "what the reader has been taking each round trip"),
	F(total_retrans, "segments", "retransmitted in all"),
	F(pacing_rate, "bytes/s", "pacing"),
	F(max_pacing_rate, "bytes/s", "limit of the pacing"),
	F(bytes_acked, "bytes", "sent and acknowledged, SYN and FIN count one each"),
	F(bytes_received, "bytes", "received in order, the FIN counts one"),
	F(segs_out, "segments", "sent in all"),
	F(segs_in, "segments", "received in all"),
	F(notsent_bytes, "bytes", "written but not yet sent"),
	F(min_rtt, "µs", "least round-trip time"),
	F(data_segs_in, "segments", "received with data"),
	F(data_segs_out, "segments", "sent with data"),
	CLOCK(delivery_rate, "bytes/s", "newest delivery rate"),
	CLOCK(busy_time, "µs", "time with data to send"),
	CLOCK(rwnd_limited, "µs", "time stopped by the peer's window"),
	CLOCK(sndbuf_limited, "µs", "time stopped by the send buffer"),
	F(delivered, "segments", "delivered, as far as ACKs tell"),
	F(delivered_ce, "segments", "delivered with a congestion mark"),
	F(bytes_sent, "bytes", "sent, retransmissions too"),
	F(bytes_retrans, "bytes", "retransmitted"),
	F(dsack_dups, "", "duplicates the peer reported"),
	F(reord_seen, "", "reorderings seen"),
	F(rcv_ooopack, "segments", "came out of order"),
	F(snd_wnd, "bytes", "the peer's window, scaled"),
};

const struct info_field *info_field_at(size_t i)
{
	return i < sizeof(fields) / sizeof(fields[0]) ? &fields[i] : NULL;
}

const struct info_field *info_field_find(const char *name)
{
	if (!strncmp(name, "tcpi_", 5))
		name += 5;
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (!strcmp(fields[i].name, name))
			return &fields[i];
	return NULL;
}

bool snapshot_info(const struct snapshot *snapshot, const struct info_field *field, int64_t *value)
{
	const unsigned char *at = snapshot->info + field->offset;
	uint64_t v = 0;

	if ((unsigned)field->offset + field->size > snapshot->info_len)
		return false;
	if (field->size == 8) {
		memcpy(&v, at, 8);
	} else if (field->size == 4) {
		uint32_t v32;

		memcpy(&v32, at, 4);
		v = v32;
	} else {
		v = *at;
	}
	if (field->bits)
		v = v >> field->shift & ((1U << field->bits) - 1);
	*value = (int64_t)v;
	return true;
}
