/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DECODE_H
#define DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One TCP segment as it stands in its headers; ports in host order, addresses in network order. */
struct packet {
	int64_t t; /* ns since the start of the lab */
	uint32_t src, dst;
	uint16_t sport, dport;
	uint32_t seq, ack, len;
	uint16_t win;
	uint8_t flags;
	const uint8_t *raw; /* from the IP header on */
	size_t raw_len, raw_full;
};

/* Decode an IPv4 packet of which `len` of `full` bytes are at hand. False: not an unfragmented
 * TCP segment with whole headers (RFC 791 3.1, RFC 9293 3.1). */
bool packet_decode(const uint8_t *raw, size_t len, size_t full, struct packet *packet);

/* One line for a packet that packet_decode did not take: "UDP 192.0.2.1:5000 > 192.0.2.2:53 len
 * 20", "truncated IPv4 header, 7 bytes". Printable ASCII whatever the bytes, cut at `size` (128 is
 * enough for all but an ICMP error); "len" is what follows the protocol's header. Returns `out`. */
char *packet_describe(const uint8_t *raw, size_t len, char *out, size_t size);
/* What an ICMP packet says, as the language names it: "host-unreachable", "echo-request";
 * "unknown" for a type nobody assigned. NULL: not an ICMP packet with a whole header (RFC 792). */
const char *icmp_type_name(const uint8_t *raw, size_t len);

#endif
