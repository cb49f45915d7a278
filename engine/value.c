/* SPDX-License-Identifier: GPL-3.0-or-later */
/* value.c - what the UPPERCASE words of the patterns stand for. */
#include "grammar.h"

#include <ctype.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#define GIB (1LL << 30)
#define YEAR (365 * 24 * 3600 * NS_PER_S)

/* -------------------------------------------------------------------- lists of names */
static const char *side_at(size_t i)
{
	return i < SIDE_COUNT ? side_name((enum side)i) : NULL;
}

static const char *host_at(size_t i)
{
	return i <= SIDE_SERVER ? side_name((enum side)i) : NULL;
}

static const char *state_at(size_t i)
{
	return i + 1 < STATE_COUNT ? state_name((enum tcp_state)(i + 1)) : NULL;
}

static const char *call_at(size_t i)
{
	return i < CALL_COUNT ? call_name((enum call)i) : NULL;
}

static const char *timer_at(size_t i)
{
	return i < TIMER_COUNT ? timer_name((enum timer_kind)i) : NULL;
}

static const char *option_at(size_t i)
{
	const struct sockopt *option = sockopt_at(i);

	return option ? option->name : NULL;
}

static const char *field_at(size_t i)
{
	const struct info_field *field = info_field_at(i);

	return field ? field->name : NULL;
}

static const char *poll_at(size_t i)
{
	const char *name = poll_name_at(i);

	return name ? name : i && poll_name_at(i - 1) ? "none" : NULL;
}

static const char *flags_at(size_t i)
{
	static const char *const common[] = {"S", "S.", ".", "P.", "F.", "FP.", "R", "R."};

	return i < sizeof(common) / sizeof(common[0]) ? common[i] : NULL;
}

static const char *op_at(size_t i)
{
	static const char *const ops[] = {"<", ">", "<=", ">=", "="};

	return i < sizeof(ops) / sizeof(ops[0]) ? ops[i] : NULL;
}

static const char *sysctl_at(size_t i)
{
	static const char *const common[] = {
		"net.ipv4.tcp_fin_timeout",
		"net.ipv4.tcp_keepalive_intvl",
		"net.ipv4.tcp_keepalive_probes",
		"net.ipv4.tcp_keepalive_time",
		"net.ipv4.tcp_max_syn_backlog",
		"net.ipv4.tcp_orphan_retries",
		"net.ipv4.tcp_retries1",
		"net.ipv4.tcp_retries2",
		"net.ipv4.tcp_rmem",
		"net.ipv4.tcp_sack",
		"net.ipv4.tcp_syn_retries",
		"net.ipv4.tcp_synack_retries",
		"net.ipv4.tcp_timestamps",
		"net.ipv4.tcp_tw_reuse",
		"net.ipv4.tcp_abort_on_overflow",
		"net.ipv4.tcp_window_scaling",
		"net.ipv4.tcp_congestion_control",
		"net.ipv4.tcp_wmem",
	};

	return i < sizeof(common) / sizeof(common[0]) ? common[i] : NULL;
}

/* ------------------------------------------------------------------------ the takers */
static bool take_number_within(const struct value *value, int64_t n, int64_t *num)
{
	if (n < value->least || n > value->most)
		return false;
	*num = n;
	return true;
}

/* A whole number; a sign only where the range has room for it. */
static bool take_number(const struct value *value, const struct token *token, int64_t *num)
{
	const char *digits = token->text + (token->text[0] == '-');
	char *end;
	long long n;

	if (token->kind != TOKEN_WORD || !isdigit((unsigned char)*digits) || token->len > 18)
		return false;
	n = strtoll(token->text, &end, 10);
	return !*end && take_number_within(value, n, num);
}

static bool take_size(const struct value *value, const struct token *token, int64_t *num)
{
	int64_t n;

	if (token->kind != TOKEN_WORD || token->len > 18)
		return false;
	if (token->text[0] == '-')
		return take_number(value, token, num);
	n = text_size(token->text);
	return n >= 0 && take_number_within(value, n, num);
}

static bool take_time(const struct value *value, const struct token *token, int64_t *num)
{
	int64_t n;

	if (token->kind != TOKEN_WORD)
		return false;
	n = strcmp(token->text, "0") ? text_time(token->text, false) : 0;
	return n >= 0 && take_number_within(value, n, num);
}

/* Whole seconds, with or without the s. */
static bool take_seconds(const struct value *value, const struct token *token, int64_t *num)
{
	int64_t n;

	if (token->kind != TOKEN_WORD)
		return false;
	n = text_time(token->text, true);
	return n >= 0 && n % NS_PER_S == 0 && take_number_within(value, n / NS_PER_S, num);
}

static bool take_percent(const struct value *value, const struct token *token, int64_t *num)
{
	struct token plain = *token;
	char digits[8];

	if (!token->len || token->len >= sizeof(digits) || token->text[token->len - 1] != '%')
		return take_number(value, token, num);
	memcpy(digits, token->text, token->len - 1);
	digits[token->len - 1] = '\0';
	plain.text = digits;
	plain.len--;
	return take_number(value, &plain, num);
}

static bool take_string(const struct value *value, const struct token *token, int64_t *num)
{
	(void)value;
	*num = (int64_t)token->len;
	return token->kind == TOKEN_STRING;
}

static bool take_word(const struct value *value, const struct token *token, int64_t *num)
{
	char *end;

	(void)value;
	*num = strtoll(token->text, &end, 10);
	if (*end || !token->len)
		*num = 0;
	return token->len && token->kind != TOKEN_OPERATOR && !memchr(token->text, 0, token->len);
}

static bool take_from(int found, const struct token *token, int64_t *num)
{
	*num = found;
	return token->kind != TOKEN_STRING && found >= 0;
}

static bool take_side(const struct value *value, const struct token *token, int64_t *num)
{
	return take_from(side_from_name(token->text), token, num) && *num <= value->most;
}

static bool take_state(const struct value *value, const struct token *token, int64_t *num)
{
	(void)value;
	return take_from(state_from_name(token->text), token, num);
}

static bool take_call(const struct value *value, const struct token *token, int64_t *num)
{
	(void)value;
	return take_from(call_from_name(token->text), token, num);
}

static bool take_errno(const struct value *value, const struct token *token, int64_t *num)
{
	(void)value;
	return take_from(errno_from_name(token->text), token, num);
}

static bool take_signal(const struct value *value, const struct token *token, int64_t *num)
{
	(void)value;
	return take_from(signal_from_name(token->text), token, num);
}

static bool take_timer(const struct value *value, const struct token *token, int64_t *num)
{
	(void)value;
	return take_from(timer_from_name(token->text), token, num);
}

static bool take_flags(const struct value *value, const struct token *token, int64_t *num)
{
	(void)value;
	return take_from(flags_from_name(token->text), token, num);
}

static bool take_poll(const struct value *value, const struct token *token, int64_t *num)
{
	(void)value;
	return take_from(strcmp(token->text, "none") ? poll_from_name(token->text) : 0, token, num);
}

/* A name from the value's own list; its number is its place there. */
static bool take_listed(const struct value *value, const struct token *token, int64_t *num)
{
	const char *name;

	for (size_t i = 0; token->kind == TOKEN_WORD && (name = value->name_at(i)); i++)
		if (!strcmp(name, token->text))
			return take_from((int)i, token, num);
	return false;
}

static bool take_field(const struct value *value, const struct token *token, int64_t *num)
{
	struct token plain = *token;

	if (!strncmp(token->text, "tcpi_", 5))
		plain.text += 5;
	return take_listed(value, &plain, num);
}

static bool take_op(const struct value *value, const struct token *token, int64_t *num)
{
	static const enum comparison comparisons[] = {COMPARE_LESS, COMPARE_GREATER, COMPARE_ATMOST,
						      COMPARE_ATLEAST, COMPARE_EQUAL};
	const char *name;

	for (size_t i = 0; token->kind == TOKEN_OPERATOR && (name = value->name_at(i)); i++)
		if (!strcmp(name, token->text))
			return take_from((int)comparisons[i], token, num);
	return false;
}

/* Only the TCP sysctls, which belong to a network namespace: nothing else of the machine. */
static bool take_sysctl(const struct value *value, const struct token *token, int64_t *num)
{
	const char *at = token->text;

	(void)value;
	*num = 0;
	if (!strncmp(at, "net.ipv4.", 9))
		at += 9;
	return token->kind == TOKEN_WORD && token->len < 64 && !strncmp(at, "tcp_", 4) && at[4] &&
	       strspn(at, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(at);
}

/* ------------------------------------------------------------------------- the table */
static const struct value values[] = {
	{"SIDE", "wire", "the sender, client or server", "", take_side, 0, SIDE_SERVER, host_at},
	{"SIDE", "segment", "the sender, client or server", "", take_side, 0, SIDE_SERVER, host_at},
	{"SIDE", "segments", "the sender, client or server", "", take_side, 0, SIDE_SERVER,
	 host_at},
	{"SIDE", "icmp", "client or server", "", take_side, 0, SIDE_SERVER, host_at},
	{"SIDE", NULL, "a side", "client, server or child", take_side, 0, SIDE_CHILD, side_at},
	{"PORT", NULL, "a port number", "1 to 65535", take_number, 1, 65535, NULL},
	{"N", "listen", "a number", "0 to 65535", take_number, 0, 65535, NULL},
	{"N", "read", "a number of bytes", "at most 1M", take_size, 0, 1 << 20, NULL},
	{"N", "recv", "a number of bytes", "at most 1M", take_size, 0, 1 << 20, NULL},
	{"N", "drain", "a number of bytes", "1 to 1024M", take_size, 1, GIB, NULL},
	{"N", "set keepalive", "a number of probes", "1 to 127", take_number, 1, 127, NULL},
	{"N", "wire", "a number of segments", "1 to 1000000", take_number, 1, 1000000, NULL},
	{"ID", NULL, "the number of a held segment", "its id in the journal", take_number, 1,
	 UINT32_MAX, NULL},
	{"N", "exited", "an exit status", "0 to 255", take_number, 0, 255, NULL},
	{"N", "segments", "a number", "1 to 1000000", take_number, 1, 1000000, NULL},
	{"N", NULL, "a number", "not negative", take_size, 0, INT64_MAX, NULL},
	{"RETURN", NULL, "a number", "-1 or more", take_size, -1, INT64_MAX, NULL},
	{"SIZE", "set", "a size", "4096, 64k, 1M; at most 1024M", take_size, 0, GIB, NULL},
	{"SIZE", NULL, "a size", "1, 64k, 1M; 1 to 1024M", take_size, 1, GIB, NULL},
	{"DATA", NULL, "data in double quotes", "", take_string, 0, 0, NULL},
	{"TEXT", NULL, "text in double quotes", "", take_string, 0, 0, NULL},
	{"TIME", "play", "a time", "200ms to 3600s", take_time, 200 * NS_PER_MS, 3600 * NS_PER_S,
	 NULL},
	{"TIME", NULL, "a time", "such as 50ms or 2s", take_time, 0, YEAR, NULL},
	{"TIMEOUT", NULL, "a time", "such as 50ms or 2s", take_time, 0, INT_MAX *NS_PER_MS, NULL},
	{"GRACE", NULL, "a time", "such as 500ms or 5s", take_time, 0, 3600 * NS_PER_S, NULL},
	{"SECONDS", NULL, "seconds", "0 to 32767", take_seconds, 0, 32767, NULL},
	{"PERCENT", NULL, "a percentage", "0 to 100", take_percent, 0, 100, NULL},
	{"SIGNAL", NULL, "a signal", "such as SIGPIPE", take_signal, 0, 0, signal_name_at},
	{"STATUS", NULL, "an exit status", "0 to 255", take_number, 0, 255, NULL},
	{"OPTION", NULL, "a socket option", "", take_listed, 0, 0, option_at},
	{"NAME", "sysctl", "a sysctl net.ipv4.tcp_...", "", take_sysctl, 0, 0, sysctl_at},
	{"NAME", NULL, "a name", "", take_word, 0, 0, NULL},
	{"VALUE", NULL, "a value", "several in double quotes", take_word, 0, 0, NULL},
	{"STEP", NULL, "a step's number", "1 to 999", take_number, 1, 999, NULL},
	{"WORD", "explain", "a number of the panels", "such as recvq", take_word, 0, 0,
	 explanation_name_at},
	{"WORD", NULL, "a word", "", take_word, 0, 0, NULL},
	{"STATE", NULL, "a state", "such as CLOSE_WAIT", take_state, 0, 0, state_at},
	{"CALL", NULL, "a call", "such as read", take_call, 0, 0, call_at},
	{"ERRNO", NULL, "an errno", "such as EPIPE", take_errno, 0, 0, errno_name_at},
	{"EVENT", NULL, "a poll event", "IN, OUT, ... or none", take_poll, 0, 0, poll_at},
	{"KIND", NULL, "a timer", "on, keepalive, timewait, persist or off", take_timer, 0, 0,
	 timer_at},
	{"FIELD", NULL, "a field of tcp_info", "such as rto", take_field, 0, 0, field_at},
	{"FLAGS", NULL, "TCP flags", "as tcpdump writes them: S S. . P. F. R R.", take_flags, 0, 0,
	 flags_at},
	{"OP", NULL, "an operator", "< > <= >= =", take_op, 0, 0, op_at},
};

const struct value *value_at(size_t i)
{
	return i < sizeof(values) / sizeof(values[0]) ? &values[i] : NULL;
}

/* Whether the verb is, or begins with, these words. */
static bool verb_begins(const char *verb, const char *words)
{
	size_t len = strlen(words);

	return !strncmp(verb, words, len) && (!verb[len] || verb[len] == ' ');
}

const struct value *value_find(const char *name, size_t len, const char *verb)
{
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		const struct value *value = &values[i];

		if (strlen(value->name) == len && !memcmp(value->name, name, len) &&
		    (!value->verb || verb_begins(verb, value->verb)))
			return value;
	}
	return NULL;
}
