/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * segment_view.c - one segment, opened.
 *
 *   ┏ segment 7: client → server, F. ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┓
 *   ┃ became   held 2.41; sent again 2.62 +0.21 s, 3.04 +0.42 s             ┃
 *   ┃ IPv4     192.0.2.1 → 192.0.2.2, ttl 64, id 0x1234, DF, 52 bytes, ...  ┃
 *   ┃ TCP      port 40000 → 7001, header 32, checksum 0x0d08 right          ┃
 *   ┃ seq      1, absolute 16909060; the next is 2                          ┃
 *   ┃ flags    FIN the sender has no more to send; ACK all before ack has c ┃
 *   ┗━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┛
 */
#include "segment_view.h"

#include "rung.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LABEL "         " /* as wide as a label and its blanks */
#define FATES_SHOWN 64
#define BYTES_SHOWN 512
#define LOOKED_AT 4096 /* segments, for the handshake's */

static void field_begin(struct page *page, const char *label)
{
	char marker[16];

	snprintf(marker, sizeof(marker), "%-8s", label);
	page_begin(page, 0, STYLE_LABEL, marker);
}

static void __attribute__((format(printf, 3, 4)))
field_add(struct page *page, enum style style, const char *fmt, ...)
{
	char text[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	page_flow(page, style, text);
}

/* ------------------------------------------------------------------- what became of it */
static void field_fates(struct page *page, const struct segment_view *view)
{
	const struct event *fates[FATES_SHOWN];
	int count = crossing_fates(view->journal, view->from, view->upto, view->pick, fates,
				   FATES_SHOWN);
	const struct event *older = NULL;
	bool again = false;
	char gap[32];

	if (!count || fates[0]->kind != EVENT_SEGMENT)
		return;
	field_begin(page, "became");
	for (int i = count - 1; i >= 0; older = fates[i--]) {
		const struct event *event = fates[i];
		bool more = older && older->segment.fate == FATE_HELD &&
			    event->segment.fate == FATE_HELD;

		if (older)
			page_flow(page, STYLE_LABEL, more && again ? ", " : "; ");
		if (!more)
			field_add(page, STYLE_STRONG, "%s ", fate_name(event->segment.fate));
		else if (!again)
			field_add(page, STYLE_VALUE, "sent again ");
		again = more;
		field_add(page, STYLE_VALUE, "%.2f", (double)event->t / 1e9);
		if (older)
			field_add(page, STYLE_TIME, " %s",
				  rung_gap(event->t - older->t, gap, sizeof(gap)));
	}
	if (fates[0]->segment.sent > 1)
		field_add(page, STYLE_VALUE, "; sent %u times", fates[0]->segment.sent);
	page_end(page);
}

/* ----------------------------------------------------------------------------- headers */
static void field_checksum(struct page *page, uint16_t sum, enum checksum check)
{
	static const struct {
		enum style style;
		const char *text;
	} words[] = {
		[CHECKSUM_UNKNOWN] = {STYLE_DIM, "not all of its bytes are kept"},
		[CHECKSUM_RIGHT] = {STYLE_GOOD, "right"},
		[CHECKSUM_WRONG] = {STYLE_ERROR, "WRONG"},
		[CHECKSUM_LEFT] = {STYLE_DIM, "not filled in: loopback needs none"},
	};

	field_add(page, STYLE_LABEL, ", checksum ");
	field_add(page, STYLE_VALUE, "0x%04x ", sum);
	field_add(page, words[check].style, "%s", words[check].text);
}

static void field_ip(struct page *page, const struct header *header)
{
	field_begin(page, "IPv4");
	field_add(page, STYLE_VALUE, "%u.%u.%u.%u → %u.%u.%u.%u", header->src[0], header->src[1],
		  header->src[2], header->src[3], header->dst[0], header->dst[1], header->dst[2],
		  header->dst[3]);
	field_add(page, STYLE_LABEL, ", ttl ");
	field_add(page, STYLE_VALUE, "%u", header->ttl);
	field_add(page, STYLE_LABEL, ", id ");
	field_add(page, STYLE_VALUE, "0x%04x", header->id);
	if (header->tos)
		field_add(page, STYLE_VALUE, ", tos 0x%02x", header->tos);
	if (header->df)
		field_add(page, STYLE_VALUE, ", DF");
	if (header->mf || header->offset)
		field_add(page, STYLE_ERROR, ", fragment at %u%s", header->offset,
			  header->mf ? ", more follow" : "");
	field_add(page, STYLE_LABEL, ", total length ");
	field_add(page, STYLE_VALUE, "%u", header->total);
	field_checksum(page, header->ip_sum, header->ip_check);
	page_end(page);
}

static void field_number(struct page *page, const char *label, uint32_t relative, uint32_t absolute)
{
	field_begin(page, label);
	field_add(page, STYLE_VALUE, "%u", relative);
	field_add(page, STYLE_LABEL, ", absolute ");
	field_add(page, STYLE_VALUE, "%u", absolute);
}

static void field_flags(struct page *page, unsigned flags)
{
	static const struct {
		unsigned flag;
		const char *name, *means;
	} names[] = {
		{TH_S, "SYN", "a connection begins at this number"},
		{TH_F, "FIN", "the sender has no more to send"},
		{TH_R, "RST", "the connection is over, at once"},
		{TH_P, "PSH", "hand it to the reader now"},
		{TH_A, "ACK", "all before ack has come"},
		{TH_U, "URG", "the urgent pointer counts"},
		{TH_E, "ECE", "congestion was met"},
		{TH_W, "CWR", "the sender has slowed down"},
		{256, "AE", "accurate ECN"},
	};
	bool any = false;

	field_begin(page, "flags");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (flags & names[i].flag) {
			field_add(page, STYLE_STRONG, "%s%s ", any ? "; " : "", names[i].name);
			field_add(page, STYLE_PLAIN, "%s", names[i].means);
			any = true;
		}
	if (flags >> 9)
		field_add(page, STYLE_ERROR, "%sreserved bits 0x%x", any ? "; " : "", flags >> 9);
	else if (!any)
		field_add(page, STYLE_VALUE, "none");
	page_end(page);
}

/* The window scale in a segment's own options; -1: it has none. */
static int header_scale(const struct header *header)
{
	struct tcp_option option;

	for (unsigned at = 0; header_option(header, &at, &option);)
		if (option.kind == TCP_OPTION_WSCALE && option.whole && option.len == 1)
			return option.data[0] < 14 ? option.data[0] : 14; /* RFC 7323, 2.3 */
	return -1;
}

/* The factor for this side's windows, when both SYNs were seen to offer one; -1: not seen; -2:
 * seen, and none is used. */
static int connection_scale(const struct segment_view *view, const struct event *event)
{
	const struct journal *journal = view->journal;
	const struct event *one = journal_after(journal, EVENT_SEGMENT, SIDE_NONE, view->from);
	int scale = -1;
	bool mine = false, theirs = false, both = true;

	for (int i = 0; one && one->n <= view->upto && i < LOOKED_AT && !(mine && theirs); i++) {
		struct header header;

		if (one->conn == event->conn && one->segment.flags & TH_S && one->segment.raw &&
		    header_decode(one->segment.raw, one->segment.raw_len, one->segment.raw_full,
				  &header)) {
			int own = header_scale(&header);

			both = both && own >= 0;
			if (one->side == event->side) {
				mine = true;
				scale = own;
			} else {
				theirs = true;
			}
		}
		one = journal_after(journal, EVENT_SEGMENT, SIDE_NONE, one->n);
	}
	return !mine || !theirs ? -1 : both ? scale : -2;
}

static void field_window(struct page *page, const struct segment_view *view,
			 const struct event *event, const struct header *header)
{
	int scale = header->flags & TH_S ? -2 : connection_scale(view, event);

	field_begin(page, "window");
	field_add(page, STYLE_VALUE, "%u", header->win);
	if (scale >= 0)
		field_add(page, STYLE_VALUE, " × %u = %u bytes", 1U << scale, header->win << scale);
	else
		field_add(page, STYLE_LABEL, scale == -2 ? " bytes" : ", the scale was not seen");
	field_add(page, STYLE_LABEL, "; urgent pointer ");
	field_add(page, STYLE_VALUE, "%u", header->urgent);
	page_end(page);
}

/* ----------------------------------------------------------------------------- options */
static uint32_t get32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void option_sack(struct page *page, const struct tcp_option *option, uint32_t base)
{
	field_add(page, STYLE_LABEL, "SACK");
	for (unsigned at = 0; at + 8 <= option->len; at += 8) {
		uint32_t left = get32(option->data + at), right = get32(option->data + at + 4);

		field_add(page, STYLE_VALUE, " %u:%u", left - base, right - base);
		field_add(page, STYLE_DIM, " (absolute %u:%u)", left, right);
	}
}

static void option_hex(struct page *page, const struct tcp_option *option)
{
	if (option->whole)
		field_add(page, STYLE_LABEL, "kind %u", option->kind);
	else
		field_add(page, STYLE_ERROR, "kind %u, cut or malformed", option->kind);
	for (unsigned i = 0; i < option->len; i++)
		field_add(page, STYLE_VALUE, "%s%02x", i ? "" : " ", option->data[i]);
}

static void option_add(struct page *page, const struct tcp_option *option, uint32_t base)
{
	const uint8_t *data = option->data;

	if (!option->whole) {
		option_hex(page, option);
	} else if (option->kind == TCP_OPTION_END) {
		field_add(page, STYLE_DIM, "end of list");
	} else if (option->kind == TCP_OPTION_NOP) {
		field_add(page, STYLE_DIM, "NOP");
	} else if (option->kind == TCP_OPTION_MSS && option->len == 2) {
		field_add(page, STYLE_LABEL, "MSS ");
		field_add(page, STYLE_VALUE, "%u", (unsigned)data[0] << 8 | data[1]);
	} else if (option->kind == TCP_OPTION_WSCALE && option->len == 1) {
		field_add(page, STYLE_LABEL, "window scale ");
		field_add(page, STYLE_VALUE, "%u (× %u)", data[0],
			  1U << (data[0] < 14 ? data[0] : 14));
	} else if (option->kind == TCP_OPTION_SACK_OK && !option->len) {
		field_add(page, STYLE_LABEL, "SACK permitted");
	} else if (option->kind == TCP_OPTION_SACK && option->len >= 8 && option->len % 8 == 0) {
		option_sack(page, option, base);
	} else if (option->kind == TCP_OPTION_TIMESTAMPS && option->len == 8) {
		field_add(page, STYLE_LABEL, "timestamp ");
		field_add(page, STYLE_VALUE, "%u", get32(data));
		field_add(page, STYLE_LABEL, " echo ");
		field_add(page, STYLE_VALUE, "%u", get32(data + 4));
	} else {
		option_hex(page, option);
	}
}

/* What a SACK block tells of is numbered as the ack is: in the other side's numbers. */
static void field_options(struct page *page, const struct event *event, const struct header *header)
{
	uint32_t base = header->ack - event->segment.ack;
	struct tcp_option option;
	unsigned at = 0, count = 0;

	field_begin(page, "options");
	while (header_option(header, &at, &option)) {
		field_add(page, STYLE_LABEL, "%s", count++ ? ", " : "");
		option_add(page, &option, base);
	}
	if (!count)
		field_add(page, STYLE_DIM, "none");
	page_end(page);
}

/* ----------------------------------------------------------------------------- payload */
static void field_bytes(struct page *page, const uint8_t *data, size_t len)
{
	size_t a_row = page->width >= 74 ? 16 : 8;

	for (size_t at = 0; at < len && at < BYTES_SHOWN; at += a_row) {
		char row[96], *to = row + sprintf(row, LABEL "%04zx ", at);

		for (size_t i = at; i < at + a_row; i++)
			to += i < len ? sprintf(to, " %02x", data[i]) : sprintf(to, "   ");
		*to++ = ' ';
		*to++ = ' ';
		for (size_t i = at; i < at + a_row && i < len; i++)
			*to++ = data[i] >= ' ' && data[i] < 0x7f ? (char)data[i] : '.';
		*to = '\0';
		page_line(page, STYLE_CODE, row);
	}
}

static void field_payload(struct page *page, const struct header *header)
{
	size_t shown = header->payload_len < BYTES_SHOWN ? header->payload_len : BYTES_SHOWN;
	char text[120];

	field_begin(page, "payload");
	field_add(page, STYLE_VALUE, "%zu byte%s", header->payload_full,
		  header->payload_full == 1 ? "" : "s");
	if (shown < header->payload_full)
		field_add(page, STYLE_DIM, ", the first %zu:", shown);
	if (shown) {
		page_flow(page, STYLE_CODE, " \"");
		page_flow(page, STYLE_CODE,
			  text_escape(header->payload, shown, page->utf8, text, sizeof(text)));
		page_flow(page, STYLE_CODE, "\"");
	}
	page_end(page);
	field_bytes(page, header->payload, shown);
}

/* ------------------------------------------------------------------------- the whole */
static void fill_tcp(struct page *page, const struct segment_view *view, const struct event *event,
		     const struct header *header)
{
	uint32_t next = event->segment.seq + event->segment.len + !!(event->segment.flags & TH_S) +
			!!(event->segment.flags & TH_F);

	field_begin(page, "TCP");
	field_add(page, STYLE_LABEL, "port ");
	field_add(page, STYLE_VALUE, "%u → %u", header->sport, header->dport);
	field_add(page, STYLE_LABEL, ", header ");
	field_add(page, STYLE_VALUE, "%u", header->tcp_len);
	field_checksum(page, header->tcp_sum, header->tcp_check);
	if (!header->payload_full)
		field_add(page, STYLE_LABEL, ", no payload");
	page_end(page);
	field_number(page, "seq", event->segment.seq, header->seq);
	if (next != event->segment.seq)
		field_add(page, STYLE_LABEL, "; the next will be %u", next);
	page_end(page);
	if (header->flags & TH_A) {
		field_number(page, "ack", event->segment.ack, header->ack);
	} else {
		field_begin(page, "ack");
		field_add(page, STYLE_DIM, "%u, without ACK it means nothing", header->ack);
	}
	page_end(page);
	field_flags(page, header->flags);
	field_window(page, view, event, header);
	field_options(page, event, header);
	if (header->payload_full)
		field_payload(page, header);
}

static void fill_icmp(struct page *page, const struct event *event, const struct header *header)
{
	struct header about;

	field_begin(page, "ICMP");
	field_add(page, STYLE_VALUE, "%s", event->icmp.type ? event->icmp.type : "");
	if (header->icmp)
		field_add(page, STYLE_LABEL, ", type %u, code %u", header->icmp_type,
			  header->icmp_code);
	page_end(page);
	if (!header->icmp ||
	    !header_decode(header->payload, header->payload_len, header->payload_full, &about))
		return;
	page_line(page, STYLE_HEADING, "It is about this packet:");
	field_ip(page, &about);
	if (about.quoted) {
		field_begin(page, "TCP");
		field_add(page, STYLE_LABEL, "port ");
		field_add(page, STYLE_VALUE, "%u → %u", about.sport, about.dport);
		field_add(page, STYLE_LABEL, ", absolute seq ");
		field_add(page, STYLE_VALUE, "%u", about.seq);
		page_end(page);
	}
}

static const struct event *view_event(const struct segment_view *view)
{
	const struct event *event;

	return crossing_fates(view->journal, view->from, view->upto, view->pick, &event, 1) ? event
											    : NULL;
}

bool segment_view_fill(const struct segment_view *view, struct page *page)
{
	const struct event *event = view_event(view);
	struct header header;
	bool segment, known;

	if (!event)
		return false;
	segment = event->kind == EVENT_SEGMENT;
	known = segment ? header_decode(event->segment.raw, event->segment.raw_len,
					event->segment.raw_full, &header)
			: header_decode(event->icmp.raw, event->icmp.raw_len, event->icmp.raw_len,
					&header);
	field_fates(page, view);
	if (!known)
		page_text(page, 0, STYLE_DIM, "Its bytes were not kept.");
	else
		field_ip(page, &header);
	if (segment && known && header.tcp)
		fill_tcp(page, view, event, &header);
	else if (!segment)
		fill_icmp(page, event, &header);
	return true;
}

char *segment_view_title(const struct segment_view *view, char *out, size_t size)
{
	const struct event *event = view_event(view);
	char flags[16];

	*out = '\0';
	if (event && event->kind == EVENT_SEGMENT)
		snprintf(out, size, "segment %u: %s → %s, %s", event->segment.id,
			 side_name(event->side), side_name(event->segment.to),
			 flags_format(event->segment.flags, flags, sizeof(flags)));
	else if (event)
		snprintf(out, size, "ICMP: %s → %s",
			 event->side == SIDE_NONE ? "the router" : side_name(event->side),
			 side_name(event->icmp.to));
	return out;
}
