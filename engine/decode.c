/* SPDX-License-Identifier: GPL-3.0-or-later */
/* decode.c - IPv4 and TCP headers, from bytes anybody may have sent. */
#include "decode.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

static uint16_t get16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static uint32_t get32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

bool packet_decode(const uint8_t *raw, size_t len, size_t full, struct packet *packet)
{
	const uint8_t *tcp;
	size_t ip_len, tcp_len, total;

	if (len < 20 || raw[0] >> 4 != 4)
		return false;
	ip_len = (size_t)(raw[0] & 15) * 4;
	total = get16(raw + 2);
	/* A segment bigger than 64 KiB (GSO) has total length 0. */
	if (!total)
		total = full;
	if (ip_len < 20 || raw[9] != IPPROTO_TCP || (get16(raw + 6) & 0x3fff) ||
	    len < ip_len + 20 || total > full)
		return false;
	tcp = raw + ip_len;
	tcp_len = (size_t)(tcp[12] >> 4) * 4;
	if (tcp_len < 20 || total < ip_len + tcp_len)
		return false;
	memset(packet, 0, sizeof(*packet));
	memcpy(&packet->src, raw + 12, 4);
	memcpy(&packet->dst, raw + 16, 4);
	packet->sport = get16(tcp);
	packet->dport = get16(tcp + 2);
	packet->seq = get32(tcp + 4);
	packet->ack = get32(tcp + 8);
	packet->flags = tcp[13];
	packet->win = get16(tcp + 14);
	packet->len = (uint32_t)(total - ip_len - tcp_len);
	packet->raw = raw;
	packet->raw_len = len < total ? len : total;
	packet->raw_full = total;
	return true;
}
