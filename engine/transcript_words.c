/* SPDX-License-Identifier: GPL-3.0-or-later */
/* transcript_words.c - a call, a segment, a number of bytes, in as few words as fit into a row. */
#include "transcript.h"

#include <string.h>

void call_words(const struct event *event, int columns, struct text *text)
{
	const bool blocked = event->kind == EVENT_BLOCKED;
	const char *what = event->call.err ? strerrordesc_np(event->call.err) : NULL;
	char args[1200], result[64] = "", why[80] = "", after[40] = "", whole[1600];
	struct text short_args = {0};

	snprintf(args, sizeof(args), "%s", event->call.args ? event->call.args : "");
	event_shorten(args);
	if (blocked)
		snprintf(result, sizeof(result), "   blocked");
	else if (event->call.killed)
		snprintf(result, sizeof(result), " = ?");
	else
		snprintf(result, sizeof(result), " = %lld%s%s", (long long)event->call.ret,
			 event->call.err ? " " : "",
			 event->call.err ? errno_name(event->call.err) : "");
	if (what)
		snprintf(why, sizeof(why), " (%s)", what);
	if (!blocked && event->call.was_blocked)
		snprintf(after, sizeof(after), "   after %lld.%03lld s",
			 (long long)(event->call.us / 1000000),
			 (long long)(event->call.us / 1000 % 1000));
	snprintf(whole, sizeof(whole), "%s(%s)%s%s%s", call_name(event->call.call), args, result,
		 why, after);
	if (text_columns(whole) <= columns) {
		text_add(text, columns, whole);
		return;
	}
	text_add(&short_args,
		 columns - (int)(strlen(call_name(event->call.call)) + strlen(result) +
				 strlen(after) + 2),
		 args);
	text_addf(text, columns, "%s(%s)%s%s", call_name(event->call.call), short_args.bytes,
		  result, after);
}

void segment_label(const struct event *event, char *out, size_t size)
{
	const unsigned flags = event->segment.flags;
	const uint32_t seq = event->segment.seq, len = event->segment.len;
	char name[16], where[40] = "", ack[24] = "", win[8] = "", sent[24] = "";

	flags_format(flags, name, sizeof(name));
	if (len)
		snprintf(where, sizeof(where), " %u:%u", seq, seq + len);
	else if (flags & (TH_S | TH_F | TH_R))
		snprintf(where, sizeof(where), " %u", seq);
	if (flags & TH_A)
		snprintf(ack, sizeof(ack), " ack %u", event->segment.ack);
	if (!event->segment.win && !(flags & TH_R))
		snprintf(win, sizeof(win), " win 0");
	if (event->segment.sent > 1)
		snprintf(sent, sizeof(sent), " ×%u", event->segment.sent);
	snprintf(out, size, "%s%s%s%s%s", name, where, ack, win, sent);
}

void bytes_words(uint64_t bytes, char *out, size_t size)
{
	if (bytes < 10000)
		snprintf(out, size, "%llu bytes", (unsigned long long)bytes);
	else if (bytes < 10000000)
		snprintf(out, size, "%llu kB", (unsigned long long)(bytes / 1000));
	else
		snprintf(out, size, "%llu MB", (unsigned long long)(bytes / 1000000));
}
