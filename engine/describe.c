/* SPDX-License-Identifier: GPL-3.0-or-later */
/* describe.c - one line for a packet that is not a whole TCP segment, whatever bytes it has.
 *
 *   UDP 192.0.2.1:5000 > 192.0.2.2:53 len 20
 *   fragment of TCP 192.0.2.1 > 192.0.2.2 id 7 offset 1480 len 20
 *
 * Only numbers and constant words are printed, so no byte of the packet's gets into the text. */
#include "decode.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MORE_FRAGMENTS 0x2000
#define OFFSET_MASK 0x1fff
#define ICMP_HEADER 8

/* The types IANA has assigned and somebody sends; RFC 792, RFC 1122 3.2.2.1, RFC 1812 5.2.7.1. */
#define ANY_CODE -1
static const struct icmp_name {
	int type, code;
	const char *name;
} icmp_names[] = {
	{0, ANY_CODE, "echo-reply"},
	{3, 0, "net-unreachable"},
	{3, 1, "host-unreachable"},
	{3, 2, "protocol-unreachable"},
	{3, 3, "port-unreachable"},
	{3, 4, "fragmentation-needed"},
	{3, 5, "source-route-failed"},
	{3, 6, "net-unknown"},
	{3, 7, "host-unknown"},
	{3, 8, "host-isolated"},
	{3, 9, "net-prohibited"},
	{3, 10, "host-prohibited"},
	{3, 11, "tos-net-unreachable"},
	{3, 12, "tos-host-unreachable"},
	{3, 13, "admin-prohibited"},
	{3, 14, "host-precedence-violation"},
	{3, 15, "precedence-cutoff"},
	{3, ANY_CODE, "unreachable"},
	{4, ANY_CODE, "source-quench"},
	{5, ANY_CODE, "redirect"},
	{8, ANY_CODE, "echo-request"},
	{9, ANY_CODE, "router-advertisement"},
	{10, ANY_CODE, "router-solicitation"},
	{11, 0, "ttl-exceeded"},
	{11, 1, "reassembly-time-exceeded"},
	{11, ANY_CODE, "time-exceeded"},
	{12, ANY_CODE, "parameter-problem"},
	{13, ANY_CODE, "timestamp-request"},
	{14, ANY_CODE, "timestamp-reply"},
	{17, ANY_CODE, "mask-request"},
	{18, ANY_CODE, "mask-reply"},
};

/* An IPv4 packet whose header is whole. */
struct ip {
	const uint8_t *raw, *body;
	size_t header, total; /* as the header says */
	size_t at_hand;	      /* bytes of the body that are there, at most what total says */
	size_t body_len;      /* as the header says */
	unsigned fragment;    /* offset in bytes */
	bool more, whole;     /* whole: all that the header says is there */
};

static unsigned get16(const uint8_t *at)
{
	return (unsigned)at[0] << 8 | at[1];
}

static void __attribute__((format(printf, 3, 4)))
text_add(char *out, size_t size, const char *fmt, ...)
{
	size_t used = strlen(out);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(out + used, size - used, fmt, ap);
	va_end(ap);
}

static bool ip_open(const uint8_t *raw, size_t len, struct ip *ip)
{
	if (len < 20 || raw[0] >> 4 != 4)
		return false;
	ip->raw = raw;
	ip->header = (size_t)(raw[0] & 15) * 4;
	ip->total = get16(raw + 2);
	if (ip->header < 20 || ip->header > len || ip->total < ip->header)
		return false;
	ip->body = raw + ip->header;
	ip->body_len = ip->total - ip->header;
	ip->whole = len >= ip->total;
	ip->at_hand = ip->whole ? ip->body_len : len - ip->header;
	ip->fragment = (get16(raw + 6) & OFFSET_MASK) * 8;
	ip->more = get16(raw + 6) & MORE_FRAGMENTS;
	return true;
}

static void address_add(char *out, size_t size, const uint8_t *at, int port)
{
	text_add(out, size, "%u.%u.%u.%u", at[0], at[1], at[2], at[3]);
	if (port >= 0)
		text_add(out, size, ":%d", port);
}

/* " SRC > DST", with ports where the protocol has them first and both are at hand. */
static void route_add(char *out, size_t size, const struct ip *ip)
{
	const bool ports = (ip->raw[9] == IPPROTO_TCP || ip->raw[9] == IPPROTO_UDP) &&
			   !ip->fragment && !ip->more && ip->at_hand >= 4;

	text_add(out, size, " ");
	address_add(out, size, ip->raw + 12, ports ? (int)get16(ip->body) : -1);
	text_add(out, size, " > ");
	address_add(out, size, ip->raw + 16, ports ? (int)get16(ip->body + 2) : -1);
}

static void protocol_add(char *out, size_t size, unsigned protocol)
{
	static const char *const names[256] = {
		[IPPROTO_ICMP] = "ICMP", [IPPROTO_IGMP] = "IGMP", [IPPROTO_TCP] = "TCP",
		[IPPROTO_UDP] = "UDP",	 [IPPROTO_SCTP] = "SCTP",
	};

	if (names[protocol & 255])
		text_add(out, size, "%s", names[protocol & 255]);
	else
		text_add(out, size, "IPv4 protocol %u", protocol);
}

static const char *icmp_find(unsigned type, unsigned code)
{
	for (size_t i = 0; i < sizeof(icmp_names) / sizeof(*icmp_names); i++)
		if (icmp_names[i].type == (int)type &&
		    (icmp_names[i].code == ANY_CODE || icmp_names[i].code == (int)code))
			return icmp_names[i].name;
	return "unknown";
}

const char *icmp_type_name(const uint8_t *raw, size_t len)
{
	struct ip ip;

	if (!ip_open(raw, len, &ip) || ip.raw[9] != IPPROTO_ICMP || ip.fragment ||
	    ip.at_hand < ICMP_HEADER)
		return NULL;
	return icmp_find(ip.body[0], ip.body[1]);
}

/* An error carries the header of the packet it is about, and 8 bytes more: RFC 792. */
static void icmp_add(char *out, size_t size, const struct ip *ip)
{
	const unsigned type = ip->body[0];
	const bool error = type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
	struct ip about;

	text_add(out, size, "ICMP %s", icmp_find(type, ip->body[1]));
	if (!strcmp(icmp_find(type, ip->body[1]), "unknown"))
		text_add(out, size, " type %u code %u", type, ip->body[1]);
	route_add(out, size, ip);
	if (error && ip_open(ip->body + ICMP_HEADER, ip->at_hand - ICMP_HEADER, &about)) {
		text_add(out, size, " about ");
		protocol_add(out, size, about.raw[9]);
		route_add(out, size, &about);
	} else {
		text_add(out, size, " len %zu", ip->body_len - ICMP_HEADER);
	}
}

static void tcp_add(char *out, size_t size, const struct ip *ip)
{
	size_t header;

	if (ip->at_hand < 20) {
		text_add(out, size, "TCP");
		route_add(out, size, ip);
		text_add(out, size, " header truncated, %zu of at least 20 bytes", ip->at_hand);
		return;
	}
	header = (size_t)(ip->body[12] >> 4) * 4;
	text_add(out, size, "TCP");
	route_add(out, size, ip);
	if (header < 20 || header > ip->body_len)
		text_add(out, size, " data offset %zu in a segment of %zu bytes", header,
			 ip->body_len);
	else
		text_add(out, size, " len %zu", ip->body_len - header);
}

static void body_add(char *out, size_t size, const struct ip *ip)
{
	const unsigned protocol = ip->raw[9];
	const size_t need = protocol == IPPROTO_UDP || protocol == IPPROTO_ICMP ? 8 : 0;

	if (ip->fragment || ip->more) {
		text_add(out, size, "fragment of ");
		protocol_add(out, size, protocol);
		route_add(out, size, ip);
		text_add(out, size, " id %u offset %u len %zu%s", get16(ip->raw + 4), ip->fragment,
			 ip->body_len, ip->more ? ", more follow" : ", the last");
	} else if (protocol == IPPROTO_TCP) {
		tcp_add(out, size, ip);
	} else if (ip->at_hand < need) {
		protocol_add(out, size, protocol);
		route_add(out, size, ip);
		text_add(out, size, " header truncated, %zu of %zu bytes", ip->at_hand, need);
	} else if (protocol == IPPROTO_ICMP) {
		icmp_add(out, size, ip);
	} else {
		protocol_add(out, size, protocol);
		route_add(out, size, ip);
		text_add(out, size, " len %zu", ip->body_len - need);
	}
}

static void ipv6_add(char *out, size_t size, const uint8_t *raw, size_t len)
{
	char from[INET6_ADDRSTRLEN], to[INET6_ADDRSTRLEN];

	if (len < 40) {
		text_add(out, size, "truncated IPv6 header, %zu bytes", len);
		return;
	}
	inet_ntop(AF_INET6, raw + 8, from, sizeof(from));
	inet_ntop(AF_INET6, raw + 24, to, sizeof(to));
	text_add(out, size, "IPv6 next header %u %s > %s len %u", raw[6], from, to, get16(raw + 4));
}

char *packet_describe(const uint8_t *raw, size_t len, char *out, size_t size)
{
	struct ip ip;

	if (!size)
		return out;
	*out = '\0';
	if (!len) {
		text_add(out, size, "empty packet");
	} else if (raw[0] >> 4 == 6) {
		ipv6_add(out, size, raw, len);
	} else if (raw[0] >> 4 != 4) {
		text_add(out, size, "not IP, version %u, %zu bytes", raw[0] >> 4, len);
	} else if (ip_open(raw, len, &ip)) {
		body_add(out, size, &ip);
		if (!ip.whole)
			text_add(out, size, ", cut short: %zu of %zu bytes", len, ip.total);
	} else if (len < 20 || (size_t)(raw[0] & 15) * 4 > len) {
		text_add(out, size, "truncated IPv4 header, %zu bytes", len);
	} else if ((raw[0] & 15) < 5) {
		text_add(out, size, "IPv4 header length %u, less than 20, %zu bytes",
			 (raw[0] & 15) * 4, len);
	} else {
		text_add(out, size, "IPv4 total length %u, less than its header, %zu bytes",
			 get16(raw + 2), len);
	}
	return out;
}
