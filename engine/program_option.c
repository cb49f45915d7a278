/* SPDX-License-Identifier: GPL-3.0-or-later */
/* program_option.c - setsockopt, getsockopt, fcntl and sigaction as C expressions. */
#include "program.h"
#include "scan.h"

#include <stdlib.h>
#include <string.h>

static const struct sockopt *scan_option(struct scan *scan)
{
	const char *level = scan_try(scan, "SOL_SOCKET, ")    ? "SOL_SOCKET"
			    : scan_try(scan, "IPPROTO_TCP, ") ? "IPPROTO_TCP"
							      : "";
	const struct sockopt *option;

	for (size_t i = 0; (option = sockopt_at(i)); i++)
		if (!strcmp(option->levelname, level) && scan_word(scan, option->kernel))
			return option;
	scan->bad = true;
	return NULL;
}

void call_setsockopt(struct program *program, const struct event *event, struct scan *scan,
		     struct code *code)
{
	int fd = call_fd(scan);
	const struct sockopt *option;
	long a, b;

	(void)program;
	(void)event;
	scan_text(scan, ", ");
	option = scan_option(scan);
	scan_text(scan, ", ");
	if (!option)
		return;
	strbuf_printf(&code->expr, "setsockopt(%d, %s, %s, ", fd, option->levelname,
		      option->kernel);
	if (scan_try(scan, "{l_onoff=")) {
		a = scan_number(scan, INT32_MIN, INT32_MAX);
		scan_text(scan, ", l_linger=");
		b = scan_number(scan, INT32_MIN, INT32_MAX);
		scan_text(scan, "}, 8");
		strbuf_printf(&code->expr,
			      "&(struct linger){.l_onoff = %ld, .l_linger = %ld}, "
			      "sizeof(struct linger))",
			      a, b);
	} else if (scan_try(scan, "{tv_sec=")) {
		a = scan_number(scan, INT32_MIN, INT32_MAX);
		scan_text(scan, ", tv_usec=");
		b = scan_number(scan, INT32_MIN, INT32_MAX);
		scan_text(scan, "}, 16");
		strbuf_printf(&code->expr,
			      "&(struct timeval){.tv_sec = %ld, .tv_usec = %ld}, "
			      "sizeof(struct timeval))",
			      a, b);
	} else {
		scan_text(scan, "[");
		a = scan_number(scan, -INT32_MAX, INT32_MAX);
		scan_text(scan, "], 4");
		strbuf_printf(&code->expr, "&(int){%ld}, sizeof(int))", a);
	}
}

/* The value that getsockopt gave, as far as another machine has to give the same. */
static void option_expect(const struct sockopt *option, struct scan *scan, struct code *code)
{
	bool buffer = strstr(option->kernel, "BUF") || !strcmp(option->kernel, "TCP_MAXSEG");
	char text[16];
	long value;

	switch (option->type) {
	case OPT_LINGER:
		scan_text(scan, "{l_onoff=");
		scan_number(scan, INT32_MIN, INT32_MAX);
		scan_text(scan, ", l_linger=");
		scan_number(scan, INT32_MIN, INT32_MAX);
		scan_text(scan, "}");
		return;
	case OPT_TIMEVAL:
		scan_text(scan, "{tv_sec=");
		scan_number(scan, INT32_MIN, INT32_MAX);
		scan_text(scan, ", tv_usec=");
		scan_number(scan, INT32_MIN, INT32_MAX);
		scan_text(scan, "}");
		return;
	case OPT_INFO:
		scan_text(scan, "{tcpi_state=");
		for (value = STATE_CLOSING; value > STATE_NONE; value--)
			if (scan_word(scan, state_name((enum tcp_state)value)))
				break;
		scan_text(scan, ", ...}");
		if (value > STATE_NONE)
			code->expects =
				xasprintf(", .value = TCP_%s", state_name((enum tcp_state)value));
		else
			scan->bad = true;
		return;
	default:
		scan_text(scan, "[");
		if (option->type == OPT_ERRNO && *scan->at == 'E')
			value = scan_errno(scan);
		else
			value = scan_number(scan, -INT32_MAX, INT32_MAX);
		scan_text(scan, "]");
		if (!buffer && value)
			code->expects =
				option->type == OPT_ERRNO
					? xasprintf(", .value = %s",
						    errno_code((int)value, text, sizeof(text)))
					: xasprintf(", .value = %ld", value);
		if (buffer)
			code->exactness = OPEN;
	}
}

void call_getsockopt(struct program *program, const struct event *event, struct scan *scan,
		     struct code *code)
{
	int fd = call_fd(scan);
	const struct sockopt *option;
	const char *into;

	scan_text(scan, ", ");
	option = scan_option(scan);
	scan_text(scan, ", ");
	if (!option)
		return;
	into = option->type == OPT_LINGER    ? "linger"
	       : option->type == OPT_TIMEVAL ? "period"
	       : option->type == OPT_INFO    ? "info"
					     : "value";
	program->needs |= NEED_ROOM | (option->type == OPT_LINGER    ? NEED_LINGER
				       : option->type == OPT_TIMEVAL ? NEED_TIME
				       : option->type == OPT_INFO    ? NEED_INFO | NEED_VALUE
								     : NEED_VALUE);
	strbuf_printf(&code->expr, "getsockopt(%d, %s, %s, &%s, room(sizeof(%s)))", fd,
		      option->levelname, option->kernel, into, into);
	if (scan_try(scan, "...") || event->call.ret < 0)
		return;
	option_expect(option, scan, code);
	scan_text(scan, ", [");
	scan_number(scan, 0, 100000);
	scan_text(scan, "]");
}

void call_fcntl(struct scan *scan, struct code *code)
{
	int fd = call_fd(scan);

	scan_text(scan, ", ");
	if (scan_try(scan, "F_GETFL")) {
		strbuf_printf(&code->expr, "fcntl(%d, F_GETFL)", fd);
		return;
	}
	scan_text(scan, "F_SETFL, O_RDWR");
	strbuf_printf(&code->expr, "fcntl(%d, F_SETFL, O_RDWR%s)", fd,
		      scan_try(scan, "|O_NONBLOCK") ? " | O_NONBLOCK" : "");
}

void call_sigaction(struct program *program, struct scan *scan, struct code *code)
{
	int number = scan_signal(scan);
	const char *handler;
	char text[16];
	bool restart;

	scan_text(scan, ", {sa_handler=");
	handler = scan_try(scan, "SIG_DFL")   ? "SIG_DFL"
		  : scan_try(scan, "SIG_IGN") ? "SIG_IGN"
		  : scan_try(scan, "handler") ? "handler"
					      : NULL;
	scan_text(scan, ", sa_mask=[], sa_flags=");
	restart = scan_try(scan, "SA_RESTART");
	if (!restart)
		scan_text(scan, "0");
	scan_text(scan, "}, NULL");
	if (!handler) {
		scan->bad = true;
		return;
	}
	if (!strcmp(handler, "handler"))
		program->needs |= NEED_CATCHES;
	strbuf_printf(&code->expr, "sigaction(%s, &(struct sigaction){.sa_handler = %s%s}, NULL)",
		      signal_code(number, text, sizeof(text)), handler,
		      restart ? ", .sa_flags = SA_RESTART" : "");
}
