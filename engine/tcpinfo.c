/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tcpinfo.c - the kernel's struct tcp_info as a table of fields.
 *
 * The one file that includes <linux/tcp.h>: it clashes with <netinet/tcp.h>. Offsets come from
 * the header this was built with; how much a kernel fills in is the snapshot's info_len. */
#include "lab.h"

#include <linux/tcp.h>
#include <string.h>

#define FIELD(name, unit, help, kernel, changes, clock)                                       \
	{                                                                                     \
#name, offsetof(struct tcp_info, tcpi_##name),                                \
			sizeof(((struct tcp_info *)0)->tcpi_##name), 0, 0, unit, help, clock, \
			kernel, changes                                                       \
	}
#define F(name, unit, help, kernel, changes) FIELD(name, unit, help, kernel, changes, false)
#define CLOCK(name, unit, help, kernel, changes) FIELD(name, unit, help, kernel, changes, true)

/* Where tcp_get_info() in net/ipv4/tcp.c takes them from. */
#define TCP "struct tcp_sock::"
#define ICSK "struct inet_connection_sock::"
#define SK "struct sock::"

static const struct info_field fields[] = {
	F(state, "", "state, by number", SK "sk_state", "segments and calls, as RFC 9293 draws it"),
	F(ca_state, "", "congestion state: 0 Open, 1 Disorder, 2 CWR, 3 Recovery, 4 Loss",
	  ICSK "icsk_ca_state",
	  "losses and their repair: a timeout leads to Loss, duplicate ACKs to Recovery"),
	F(retransmits, "", "timeouts in a row without an answer", ICSK "icsk_retransmits",
	  "one up with each retransmission timeout, to 0 when new data is acknowledged"),
	F(probes, "", "unanswered window or keepalive probes", ICSK "icsk_probes_out",
	  "one up with each probe, to 0 when an ACK comes"),
	F(backoff, "", "how often the timer has been doubled", ICSK "icsk_backoff",
	  "one up with each doubling, to 0 when new data is acknowledged"),
	F(options, "", "agreed in the handshake: 1 timestamps, 2 SACK, 4 window scale, 8 ECN",
	  TCP "rx_opt", "only the handshake sets it"),
	{"snd_wscale", offsetof(struct tcp_info, tcpi_options) + 1, 1, 0, 4, "bits",
	 "the peer's window scale", false, TCP "rx_opt.snd_wscale", "only the handshake sets it"},
	{"rcv_wscale", offsetof(struct tcp_info, tcpi_options) + 1, 1, 4, 4, "bits",
	 "our window scale", false, TCP "rx_opt.rcv_wscale", "only the handshake sets it"},
	F(rto, "µs", "retransmission timeout: what is unacknowledged for so long is sent again",
	  ICSK "icsk_rto", "each measured round trip sets it anew, each timeout doubles it"),
	F(ato, "µs", "delayed-ACK timeout", ICSK "icsk_ack.ato", "the rhythm in which data comes"),
	F(snd_mss, "bytes", "largest segment we send", TCP "mss_cache",
	  "the handshake sets it, a new path MTU lowers it"),
	F(rcv_mss, "bytes", "largest segment seen from the peer", ICSK "icsk_ack.rcv_mss",
	  "each segment with data that comes"),
	F(unacked, "segments", "sent and not yet acknowledged; a listener: queued connections",
	  TCP "packets_out", "up with what is sent, down with what an ACK covers"),
	F(sacked, "segments", "acknowledged out of order; a listener: the backlog",
	  TCP "sacked_out", "SACK blocks of the peer; to 0 when the gap is filled"),
	F(lost, "segments", "thought lost", TCP "lost_out",
	  "timeouts and SACK; down with what is acknowledged"),
	F(retrans, "segments", "retransmitted and not yet acknowledged", TCP "retrans_out",
	  "up with each retransmission, down with its ACK"),
	F(fackets, "segments", "no longer used", "no longer kept", "nothing"),
	CLOCK(last_data_sent, "ms", "since data was last sent", TCP "lsndtime",
	      "time; begins anew with each data segment sent"),
	CLOCK(last_ack_sent, "ms", "not remembered by Linux", "not kept", "nothing"),
	CLOCK(last_data_recv, "ms", "since data last came", ICSK "icsk_ack.lrcvtime",
	      "time; begins anew with each data segment that comes"),
	CLOCK(last_ack_recv, "ms", "since an ACK last came", TCP "rcv_tstamp",
	      "time; begins anew with each ACK that comes"),
	F(pmtu, "bytes", "path MTU: the largest packet that gets there whole",
	  ICSK "icsk_pmtu_cookie", "ICMP \"fragmentation needed\" and MTU probing"),
	F(rcv_ssthresh, "bytes", "current limit of the window we offer", TCP "rcv_ssthresh",
	  "grows as data comes, shrinks when memory is short"),
	F(rtt, "µs", "smoothed round-trip time: from a segment to its ACK",
	  TCP "srtt_us (eight times it)", "an eighth of the way to each round trip measured"),
	F(rttvar, "µs", "its mean deviation", TCP "mdev_us (four times it)",
	  "a quarter of the way to the newest deviation"),
	F(snd_ssthresh, "segments",
	  "slow start threshold: above it the congestion window grows slowly", TCP "snd_ssthresh",
	  "each loss lowers it; 2147483647 is \"none yet\""),
	F(snd_cwnd, "segments", "congestion window: so many segments may be under way",
	  TCP "snd_cwnd", "ACKs open it, a loss halves it, a timeout makes it 1"),
	F(advmss, "bytes", "the MSS we announced", TCP "advmss", "only the handshake sets it"),
	F(reordering, "segments", "reordering tolerated", TCP "reordering",
	  "up when segments are seen out of order"),
	F(rcv_rtt, "µs", "round-trip time seen by the receiver",
	  TCP "rcv_rtt_est.rtt_us (eight times it)",
	  "data that comes, as the peer's timestamps tell"),
	F(rcv_space, "bytes", "what the reader has been taking each round trip",
	  TCP "rcvq_space.space", "what the process reads in a round trip"),
	F(total_retrans, "segments", "retransmitted in all", TCP "total_retrans",
	  "one up with each segment sent again"),
	F(pacing_rate, "bytes/s", "pacing", SK "sk_pacing_rate",
	  "follows the congestion window and the round-trip time"),
	F(max_pacing_rate, "bytes/s", "limit of the pacing", SK "sk_max_pacing_rate",
	  "SO_MAX_PACING_RATE; -1 is \"no limit\""),
	F(bytes_acked, "bytes",
	  "sent and acknowledged; a FIN counts one, and so does the SYN of who connected",
	  TCP "bytes_acked", "up with each ACK of new data"),
	F(bytes_received, "bytes", "received in order, the FIN counts one", TCP "bytes_received",
	  "up with each segment that comes in order"),
	F(segs_out, "segments", "sent in all", TCP "segs_out",
	  "one up with each segment sent, ACKs too"),
	F(segs_in, "segments", "received in all", TCP "segs_in",
	  "one up with each segment that comes"),
	F(notsent_bytes, "bytes", "written but not yet sent", TCP "write_seq less snd_nxt",
	  "up with write, down when it is sent"),
	F(min_rtt, "µs", "least round-trip time", TCP "rtt_min",
	  "a shorter round trip; an old least one is forgotten in time"),
	F(data_segs_in, "segments", "received with data", TCP "data_segs_in",
	  "one up with each data segment that comes"),
	F(data_segs_out, "segments", "sent with data", TCP "data_segs_out",
	  "one up with each data segment sent"),
	CLOCK(delivery_rate, "bytes/s", "newest delivery rate",
	      TCP "rate_delivered by rate_interval_us", "each ACK, and the time between two"),
	CLOCK(busy_time, "µs", "time with data to send", TCP "chrono_stat",
	      "time, while anything is to be sent or acknowledged"),
	CLOCK(rwnd_limited, "µs", "time stopped by the peer's window", TCP "chrono_stat",
	      "time, while the peer's window holds data back"),
	CLOCK(sndbuf_limited, "µs", "time stopped by the send buffer", TCP "chrono_stat",
	      "time, while a full send buffer holds data back"),
	F(delivered, "segments", "delivered, as far as ACKs tell", TCP "delivered",
	  "up with what ACKs and SACK say has arrived"),
	F(delivered_ce, "segments", "delivered with a congestion mark", TCP "delivered_ce",
	  "ACKs that echo a congestion mark"),
	F(bytes_sent, "bytes", "sent, retransmissions too", TCP "bytes_sent",
	  "up with each data segment sent"),
	F(bytes_retrans, "bytes", "retransmitted", TCP "bytes_retrans",
	  "up with each data segment sent again"),
	F(dsack_dups, "", "duplicates the peer reported", TCP "dsack_dups",
	  "one up with each duplicate SACK of the peer"),
	F(reord_seen, "", "reorderings seen", TCP "reord_seen",
	  "one up with each reordering that ACKs tell of"),
	F(rcv_ooopack, "segments", "came out of order", TCP "rcv_ooopack",
	  "one up with each segment that comes too early"),
	F(snd_wnd, "bytes", "the peer's window, scaled: so many bytes it is ready to take",
	  TCP "snd_wnd", "each segment of the peer tells it"),
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
