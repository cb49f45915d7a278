/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * header.c - every field of a packet's headers, from bytes anybody may have sent.
 *
 *   ├ IPv4 ┤├ TCP ┤├ options ┤├ payload ...      RFC 791 3.1, RFC 9293 3.1, RFC 792
 *   ├ IPv4 ┤├ ICMP ┤├ the packet it is about
 */
#include "lab.h"

#include <netinet/in.h>
#include <string.h>

#define IP_LEAST 20
#define TCP_LEAST 20
#define TCP_QUOTED 8 /* ports and sequence number: what an ICMP message must quote */
#define ICMP_LEN 8

static uint16_t get16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static uint32_t get32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* RFC 1071, not folded: a 64-bit sum holds any packet's. */
static uint64_t sum_add(uint64_t sum, const uint8_t *at, size_t len)
{
	for (; len > 1; at += 2, len -= 2)
		sum += get16(at);
	return len ? sum + (uint64_t)(*at << 8) : sum;
}

static uint16_t sum_fold(uint64_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

/* A segment bigger than 64 KiB has no length that fits its header: the kernel sums none of it. */
static void header_tcp_sum(struct header *header, const uint8_t *tcp, size_t len, bool whole)
{
	uint64_t pseudo = sum_add(sum_add(IPPROTO_TCP + len, header->src, 4), header->dst, 4);

	if (header->tcp_sum == sum_fold(pseudo))
		header->tcp_check = CHECKSUM_LEFT;
	else if (whole)
		header->tcp_check = sum_fold(sum_add(pseudo, tcp, len)) == 0xffff ? CHECKSUM_RIGHT
										  : CHECKSUM_WRONG;
}

static void header_tcp(struct header *header, const uint8_t *tcp, size_t have, size_t len)
{
	size_t head;

	if (have < TCP_QUOTED)
		return;
	header->quoted = true;
	header->sport = get16(tcp);
	header->dport = get16(tcp + 2);
	header->seq = get32(tcp + 4);
	if (have < TCP_LEAST)
		return;
	head = (size_t)(tcp[12] >> 4) * 4;
	if (head < TCP_LEAST || head > len)
		return;
	header->tcp = true;
	header->ack = get32(tcp + 8);
	header->tcp_len = (unsigned)head;
	header->flags = (tcp[12] & 0xfU) << 8 | tcp[13];
	header->win = get16(tcp + 14);
	header->tcp_sum = get16(tcp + 16);
	header->urgent = get16(tcp + 18);
	header->options = tcp + TCP_LEAST;
	header->options_len = (unsigned)((head < have ? head : have) - TCP_LEAST);
	header->payload_full = len - head;
	if (have > head) {
		header->payload = tcp + head;
		header->payload_len = have - head;
	}
	header_tcp_sum(header, tcp, len, have == len);
}

static void header_icmp(struct header *header, const uint8_t *icmp, size_t have, size_t len)
{
	if (have < ICMP_LEN)
		return;
	header->icmp = true;
	header->icmp_type = icmp[0];
	header->icmp_code = icmp[1];
	header->payload = icmp + ICMP_LEN;
	header->payload_len = have - ICMP_LEN;
	header->payload_full = len - ICMP_LEN;
}

bool header_decode(const uint8_t *raw, size_t have, size_t full, struct header *header)
{
	size_t total, body;

	memset(header, 0, sizeof(*header));
	if (!raw || have < IP_LEAST || raw[0] >> 4 != 4)
		return false;
	if (have > full)
		full = have;
	header->ip_len = (raw[0] & 15U) * 4;
	if (header->ip_len < IP_LEAST || header->ip_len > have)
		return false;
	header->tos = raw[1];
	header->total = get16(raw + 2);
	header->id = get16(raw + 4);
	header->df = raw[6] & 0x40;
	header->mf = raw[6] & 0x20;
	header->offset = (get16(raw + 6) & 0x1fffU) * 8;
	header->ttl = raw[8];
	header->protocol = raw[9];
	header->ip_sum = get16(raw + 10);
	memcpy(header->src, raw + 12, 4);
	memcpy(header->dst, raw + 16, 4);
	header->ip_check = sum_fold(sum_add(0, raw, header->ip_len)) == 0xffff ? CHECKSUM_RIGHT
									       : CHECKSUM_WRONG;
	/* A segment bigger than 64 KiB (GSO) has total length 0. */
	total = header->total ? header->total : full;
	if (total < header->ip_len)
		return true;
	body = total - header->ip_len;
	have = (have < total ? have : total) - header->ip_len;
	if (header->offset)
		return true; /* a later fragment begins anywhere in the segment */
	if (header->protocol == IPPROTO_TCP)
		header_tcp(header, raw + header->ip_len, have, body);
	else if (header->protocol == IPPROTO_ICMP)
		header_icmp(header, raw + header->ip_len, have, body);
	return true;
}

bool header_option(const struct header *header, unsigned *at, struct tcp_option *option)
{
	const uint8_t *here;
	unsigned left;

	memset(option, 0, sizeof(*option));
	if (!header->tcp || *at >= header->options_len)
		return false;
	here = header->options + *at;
	left = header->options_len - *at;
	option->kind = here[0];
	if (option->kind == TCP_OPTION_END || option->kind == TCP_OPTION_NOP) {
		option->whole = true;
		*at = option->kind == TCP_OPTION_END ? header->options_len : *at + 1;
		return true;
	}
	/* A length that cannot be ends the list: nobody knows where the next one begins. */
	option->whole = left >= 2 && here[1] >= 2 && here[1] <= left;
	option->data = option->whole ? here + 2 : here + 1;
	option->len = (option->whole ? here[1] : left + 1) - 2;
	*at = option->whole ? *at + here[1] : header->options_len;
	return true;
}
