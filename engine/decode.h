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

#endif
