/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * program_call.c - one call of the journal as a C expression.
 *
 *   write    4, "123", 3            ─▶ write(4, "123", 3)
 *   shutdown 3, SHUT_WR             ─▶ shutdown(3, SHUT_WR)
 *
 * What callargs.c has written is read back here, to its last character. Words are only compared
 * with tables, numbers have bounds, and text is written anew: nothing is copied.
 */
#include "program.h"
#include "scan.h"

#include <stdlib.h>
#include <string.h>

#define FD_LEAST -1
#define FD_MOST 99 /* above are the program's own */
#define RET_MOST (1LL << 40)
#define SHOWN 32 /* bytes that callargs.c shows */

static const char *const msg_names[] = {"MSG_OOB", "MSG_PEEK", "MSG_DONTWAIT", "MSG_NOSIGNAL",
					NULL};
static const char *const poll_names[] = {"POLLIN",  "POLLPRI",	"POLLOUT",   "POLLERR",
					 "POLLHUP", "POLLNVAL", "POLLRDHUP", NULL};

const char *program_port(struct program *program, uint16_t port, char *out, size_t size)
{
	unsigned i = 0;

	while (i < program->nports && program->ports[i] != port)
		i++;
	if (i == PROGRAM_PORTS)
		return NULL;
	if (i == program->nports)
		program->ports[program->nports++] = port;
	snprintf(out, size, "PORT_%u", port);
	return out;
}

int call_fd(struct scan *scan)
{
	long fd = scan_number(scan, FD_LEAST, FD_MOST);

	/* The first three are the program's own, too. */
	if (fd >= 0 && fd < 3)
		scan->bad = true;
	return (int)fd;
}

/* "POLLIN|POLLHUP" as "POLLIN | POLLHUP", or "0". */
static void scan_flags(struct scan *scan, const char *const *names, struct strbuf *out)
{
	bool any = false;

	if (scan_try(scan, "0")) {
		strbuf_puts(out, "0");
		return;
	}
	do {
		size_t i = 0;

		/* A longer name is not taken for the shorter one it begins with: all differ. */
		while (names[i] && !scan_try(scan, names[i]))
			i++;
		if (!names[i])
			scan->bad = true;
		else
			strbuf_printf(out, "%s%s", any ? " | " : "", names[i]);
		any = true;
	} while (!scan->bad && scan_try(scan, "|"));
}

/* {sa_family=AF_INET, sin_port=htons(7001), sin_addr=inet_addr("127.0.0.1")} */
static uint16_t scan_address(struct scan *scan)
{
	long port;

	scan_text(scan, "{sa_family=AF_INET, sin_port=htons(");
	port = scan_number(scan, 0, 65535);
	scan_text(scan, "), sin_addr=inet_addr(\"");
	for (int i = 0; i < 4; i++) {
		if (i)
			scan_text(scan, ".");
		scan_number(scan, 0, 255);
	}
	scan_text(scan, "\")}");
	return (uint16_t)port;
}

static void call_address(struct program *program, const struct event *event, struct scan *scan,
			 struct code *code)
{
	const char *name = call_name(event->call.call);
	int fd = call_fd(scan);
	char port[16] = "0";
	uint16_t number;

	scan_text(scan, ", ");
	if (event->call.call == CALL_BIND || event->call.call == CALL_CONNECT) {
		number = scan_address(scan);
		scan_text(scan, ", 16");
		if (scan_end(scan) && !program_port(program, number, port, sizeof(port)))
			scan->bad = true;
		program->needs |= NEED_ADDRESS | NEED_AT;
		strbuf_printf(&code->expr, "%s(%d, address(%s), sizeof(at))", name, fd, port);
		return;
	}
	if (!scan_try(scan, "...")) {
		scan_address(scan);
		scan_text(scan, ", [16]");
	}
	program->needs |= NEED_ROOM | NEED_AT;
	strbuf_printf(&code->expr, "%s(%d, (struct sockaddr *)&at, room(sizeof(at)))", name, fd);
}

/* The command whose call this is may tell what the call's line is too short for. */
static bool cause_data(const struct program *program, const char *shown, size_t have, size_t len,
		       char **data)
{
	struct command command = {0};
	struct err err = {0};
	const struct arg *arg = NULL;
	const char *text = program->cause ? program->cause->command.text : NULL;

	*data = NULL;
	if (text && !command_parse(text, strlen(text), SIDE_NONE, &command, &err))
		arg = command_arg(&command, "DATA");
	if (arg && arg->len == len && len >= have && !memcmp(arg->text, shown, have))
		*data = xmemdup(arg->text, len);
	command_clear(&command);
	return *data != NULL;
}

/* Whether these are the first bytes of the text that the lab makes for a SIZE. */
static bool is_pattern(const char *shown, size_t have)
{
	for (size_t i = 0; i < have; i++)
		if (shown[i] != (char)('a' + i % 26))
			return false;
	return true;
}

static void call_write(struct program *program, const struct event *event, struct scan *scan,
		       struct code *code)
{
	char shown[SHOWN], *data = NULL;
	int fd = call_fd(scan);
	size_t have, len;
	bool whole;

	scan_text(scan, ", ");
	have = scan_quoted(scan, shown, sizeof(shown));
	whole = !scan_try(scan, "...");
	scan_text(scan, ", ");
	len = (size_t)scan_number(scan, 0, PROGRAM_MOST);
	strbuf_printf(&code->expr, "%s(%d, ", call_name(event->call.call), fd);
	if (scan->bad || (whole ? len != have : len <= have)) {
		scan->bad = true;
		return;
	}
	/* A literal of more than 4095 characters is more than C promises to take. */
	if (whole || (len < 1000 && cause_data(program, shown, have, len, &data))) {
		strbuf_puts(&code->expr, "\"");
		literal_add(&code->expr, data ? data : shown, len);
		strbuf_puts(&code->expr, "\"");
		free(data);
	} else {
		program->needs |= NEED_TEXT;
		program->other |= !is_pattern(shown, have);
		strbuf_printf(&code->expr, "text(%zu)", len);
	}
	strbuf_printf(&code->expr, ", %zu", len);
	if (event->call.call == CALL_SEND) {
		strbuf_puts(&code->expr, ", ");
		scan_text(scan, ", ");
		scan_flags(scan, msg_names, &code->expr);
	}
	strbuf_puts(&code->expr, ")");
	/* How much fits is a matter of the machine's buffers. */
	if (event->kind == EVENT_CALL && event->call.ret > 0 && (size_t)event->call.ret < len) {
		program->partial = true;
		code->exactness = SOME;
	}
}

static void call_read(struct program *program, const struct event *event, struct scan *scan,
		      struct code *code)
{
	char shown[SHOWN];
	struct strbuf member = {0};
	size_t have = 0, size;
	int fd = call_fd(scan);

	scan_text(scan, ", ");
	if (!scan_try(scan, "...")) {
		have = scan_quoted(scan, shown, sizeof(shown));
		scan_try(scan, "...");
	}
	scan_text(scan, ", ");
	size = (size_t)scan_number(scan, 0, PROGRAM_MOST);
	strbuf_printf(&code->expr, "%s(%d, data, %zu", call_name(event->call.call), fd, size);
	if (event->call.call == CALL_RECV) {
		strbuf_puts(&code->expr, ", ");
		scan_text(scan, ", ");
		scan_flags(scan, msg_names, &code->expr);
	}
	strbuf_puts(&code->expr, ")");
	if (!scan_end(scan))
		return;
	if (size > program->room)
		program->room = size;
	program->needs |= NEED_DATA;
	if (event->call.ret <= 0 || !have || (size_t)event->call.ret < have)
		return;
	if (program->partial && event->call.ret > SHOWN)
		code->exactness = SOME;
	if (program->other || program->partial)
		return;
	strbuf_puts(&member, ", .data = \"");
	literal_add(&member, shown, have);
	strbuf_printf(&member, "\", .len = %zu", have);
	code->expects = strbuf_take(&member);
}

/* How many bytes a drain was to take; 0: all, to the end. */
static long cause_drain(const struct program *program, const struct event *event)
{
	struct command command = {0};
	struct err err = {0};
	const char *text = program->cause ? program->cause->command.text : NULL;
	long most = event->call.ret > 0 ? (long)event->call.ret : 0;

	if (text && !command_parse(text, strlen(text), SIDE_NONE, &command, &err) &&
	    command.op == OP_DRAIN)
		most = (long)command_num(&command, "N", 0);
	command_clear(&command);
	return most;
}

static void call_drain(struct program *program, const struct event *event, struct scan *scan,
		       struct code *code)
{
	int fd = call_fd(scan);
	long most = cause_drain(program, event);

	if (scan_try(scan, ": ")) {
		scan_number(scan, 0, INT32_MAX);
		scan_text(scan, " read");
		scan_try(scan, "s");
		scan_text(scan, ", ");
		scan_number(scan, 0, INT64_MAX / 2);
		scan_text(scan, " bytes");
	} else {
		scan_text(scan, ", ");
		if (!scan_try(scan, "to the end")) {
			most = scan_number(scan, 0, INT64_MAX / 2);
			scan_text(scan, " bytes");
		}
	}
	program->needs |= NEED_DRAIN;
	if (program->partial)
		code->exactness = SOME;
	strbuf_printf(&code->expr, "drain(%d, %ld)", fd, most > 0 ? most : 0);
	/* In how many reads the bytes come is never twice the same. */
	code->shown =
		most > 0 ? xasprintf("%d, %ld bytes", fd, most) : xasprintf("%d, to the end", fd);
}

static void call_poll(struct program *program, const struct event *event, struct scan *scan,
		      struct code *code)
{
	struct strbuf events = {0}, revents = {0};
	long timeout;
	int fd;

	(void)event;
	scan_text(scan, "[{fd=");
	fd = call_fd(scan);
	scan_text(scan, ", events=");
	scan_flags(scan, poll_names, &events);
	if (scan_try(scan, ", revents="))
		scan_flags(scan, poll_names, &revents);
	scan_text(scan, "}], 1, ");
	timeout = scan_number(scan, -1, INT32_MAX);
	program->needs |= NEED_POLL | NEED_VALUE;
	code->before = xasprintf("one = (struct pollfd){.fd = %d, .events = %s};", fd,
				 events.text ? events.text : "0");
	if (revents.len)
		code->expects = xasprintf(", .value = %s", revents.text);
	strbuf_printf(&code->expr, "poll(&one, 1, %ld)", timeout);
	strbuf_free(&events);
	strbuf_free(&revents);
}

static void call_pair(struct program *program, const struct event *event, struct scan *scan,
		      struct code *code)
{
	bool pipe = event->call.call == CALL_PIPE;

	if (!pipe)
		scan_text(scan, "AF_UNIX, SOCK_STREAM, 0, ");
	if (!scan_try(scan, "...")) {
		scan_text(scan, "[");
		call_fd(scan);
		scan_text(scan, ", ");
		call_fd(scan);
		scan_text(scan, "]");
	}
	program->needs |= NEED_HAND;
	strbuf_puts(&code->expr, pipe ? "pipe(pair)" : "socketpair(AF_UNIX, SOCK_STREAM, 0, pair)");
}

static void call_scan(struct program *program, const struct event *event, struct scan *scan,
		      struct code *code)
{
	static const char *const shuts[] = {"SHUT_RDWR", "SHUT_RD", "SHUT_WR"};
	int fd, how = 0;

	switch (event->call.call) {
	case CALL_SOCKET:
		scan_text(scan, "AF_INET, SOCK_STREAM, 0");
		strbuf_puts(&code->expr, "socket(AF_INET, SOCK_STREAM, 0)");
		break;
	case CALL_BIND:
	case CALL_CONNECT:
	case CALL_ACCEPT:
	case CALL_GETSOCKNAME:
		call_address(program, event, scan, code);
		break;
	case CALL_LISTEN:
		fd = call_fd(scan);
		scan_text(scan, ", ");
		strbuf_printf(&code->expr, "listen(%d, %ld)", fd,
			      scan_number(scan, -INT32_MAX, INT32_MAX));
		break;
	case CALL_WRITE:
	case CALL_SEND:
		call_write(program, event, scan, code);
		break;
	case CALL_READ:
	case CALL_RECV:
		call_read(program, event, scan, code);
		break;
	case CALL_DRAIN:
		call_drain(program, event, scan, code);
		break;
	case CALL_POLL:
		call_poll(program, event, scan, code);
		break;
	case CALL_CLOSE:
	case CALL_DUP:
		strbuf_printf(&code->expr, "%s(%d)", call_name(event->call.call), call_fd(scan));
		break;
	case CALL_SHUTDOWN:
		fd = call_fd(scan);
		scan_text(scan, ", ");
		while (how < 3 && !scan_try(scan, shuts[how]))
			how++;
		if (how == 3)
			scan->bad = true;
		else
			strbuf_printf(&code->expr, "shutdown(%d, %s)", fd, shuts[how]);
		break;
	case CALL_SETSOCKOPT:
		call_setsockopt(program, event, scan, code);
		break;
	case CALL_GETSOCKOPT:
		call_getsockopt(program, event, scan, code);
		break;
	case CALL_FCNTL:
		call_fcntl(scan, code);
		break;
	case CALL_SIGACTION:
		call_sigaction(program, scan, code);
		break;
	case CALL_SOCKETPAIR:
	case CALL_PIPE:
		call_pair(program, event, scan, code);
		break;
	default: /* fork is the walk's: it knows the child */
		scan->bad = true;
		break;
	}
}

void code_free(struct code *code)
{
	strbuf_free(&code->expr);
	free(code->before);
	free(code->expects);
	free(code->shown);
}

bool program_call(struct program *program, const struct event *event, struct code *code)
{
	struct scan scan = {.at = event->call.args ? event->call.args : ""};
	const unsigned needs = program->needs;

	*code = (struct code){.exactness = program->open ? OPEN : EXACT};
	if (event->kind == EVENT_CALL && (event->call.ret < -1 || event->call.ret > RET_MOST))
		scan.bad = true;
	call_scan(program, event, &scan, code);
	if (program->open)
		code->exactness = OPEN;
	if (scan_end(&scan))
		return true;
	program->needs = needs;
	code_free(code);
	return false;
}
