/* SPDX-License-Identifier: GPL-3.0-or-later */
/* icmp.c - what a router says that cannot reach the receiver. */
#include "wire.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#define IP_LEN 20
#define ICMP_LEN 8
#define QUOTE_MOST (576 - IP_LEN - ICMP_LEN) /* RFC 1812, 4.3.2.3 */
#define DEST_UNREACHABLE 3

static const struct {
	const char *name;
	uint8_t code; /* RFC 792 */
} codes[] = {
	[UNREACHABLE_OFF] = {"off", 0},
	[UNREACHABLE_HOST] = {"host-unreachable", 1},
	[UNREACHABLE_NET] = {"net-unreachable", 0},
	[UNREACHABLE_PORT] = {"port-unreachable", 3},
};

const char *unreachable_name(enum unreachable what)
{
	return codes[what].name;
}

/* RFC 1071 */
static uint16_t checksum(const uint8_t *at, size_t len)
{
	uint32_t sum = 0;

	for (size_t i = 0; i + 1 < len; i += 2)
		sum += (uint32_t)(at[i] << 8 | at[i + 1]);
	if (len & 1)
		sum += (uint32_t)at[len - 1] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static void put16(uint8_t *at, uint16_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

size_t icmp_unreachable(enum unreachable what, const struct packet *packet, uint8_t *out,
			size_t size)
{
	size_t quote = packet->raw_len < QUOTE_MOST ? packet->raw_len : QUOTE_MOST;
	size_t len = IP_LEN + ICMP_LEN + quote;
	uint32_t router = htonl(WIRE_ROUTER);
	uint8_t *icmp = out + IP_LEN;

	if (len > size)
		return 0;
	memset(out, 0, len);
	out[0] = 0x45;
	put16(out + 2, (uint16_t)len);
	out[8] = 64;
	out[9] = IPPROTO_ICMP;
	memcpy(out + 12, &router, 4);
	memcpy(out + 16, &packet->src, 4);
	put16(out + 10, checksum(out, IP_LEN));
	icmp[0] = DEST_UNREACHABLE;
	icmp[1] = codes[what].code;
	memcpy(icmp + ICMP_LEN, packet->raw, quote);
	put16(icmp + 2, checksum(icmp, ICMP_LEN + quote));
	return len;
}
