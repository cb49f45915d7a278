/* SPDX-License-Identifier: GPL-3.0-or-later */
/* callargs.c - a call's arguments as strace(1) writes them. */
#include "core.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#define QUOTE_MAX 32 /* strace's own limit, -s 32 */

struct flag {
	int bit;
	const char *name;
};

static const struct flag msg_flags[] = {{MSG_OOB, "MSG_OOB"},
					{MSG_PEEK, "MSG_PEEK"},
					{MSG_DONTWAIT, "MSG_DONTWAIT"},
					{MSG_NOSIGNAL, "MSG_NOSIGNAL"}};
static const struct flag poll_flags[] = {
	{POLLIN, "POLLIN"},   {POLLPRI, "POLLPRI"},   {POLLOUT, "POLLOUT"},    {POLLERR, "POLLERR"},
	{POLLHUP, "POLLHUP"}, {POLLNVAL, "POLLNVAL"}, {POLLRDHUP, "POLLRDHUP"}};

static char *flags_text(const struct flag *table, size_t count, int bits, char *out, size_t size)
{
	size_t len = 0;

	snprintf(out, size, "0");
	for (size_t i = 0; i < count && len < size; i++)
		if (bits & table[i].bit)
			len += (size_t)snprintf(out + len, size - len, "%s%s", len ? "|" : "",
						table[i].name);
	return out;
}
#define FLAGS_TEXT(table, bits, out) \
	flags_text(table, sizeof(table) / sizeof((table)[0]), bits, out, sizeof(out))

static char *quoted(const void *data, size_t have, size_t len, char *out, size_t size)
{
	char text[4 * QUOTE_MAX + 8];
	size_t show = have < QUOTE_MAX ? have : QUOTE_MAX;

	snprintf(out, size, "\"%s\"%s", text_escape(data, show, false, text, sizeof(text)),
		 show < len ? "..." : "");
	return out;
}

static char *address(uint32_t addr, uint16_t port, char *out, size_t size)
{
	char text[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, &addr, text, sizeof(text));
	snprintf(out, size, "{sa_family=AF_INET, sin_port=htons(%u), sin_addr=inet_addr(\"%s\")}",
		 port, text);
	return out;
}

static const struct sockopt *option_of(const struct actor_request *request)
{
	const struct sockopt *option;

	for (size_t i = 0; (option = sockopt_at(i)); i++)
		if (option->level == request->a && option->option == request->b)
			return option;
	return NULL;
}

/* The value of an option, from its bytes. */
static char *option_value(const struct sockopt *option, const void *data, size_t len, char *out,
			  size_t size)
{
	int number = 0;

	if (option && option->type == OPT_LINGER && len >= sizeof(struct linger)) {
		struct linger linger;

		memcpy(&linger, data, sizeof(linger));
		snprintf(out, size, "{l_onoff=%d, l_linger=%d}", linger.l_onoff, linger.l_linger);
	} else if (option && option->type == OPT_TIMEVAL && len >= sizeof(struct timeval)) {
		struct timeval time;

		memcpy(&time, data, sizeof(time));
		snprintf(out, size, "{tv_sec=%lld, tv_usec=%lld}", (long long)time.tv_sec,
			 (long long)time.tv_usec);
	} else if (option && option->type == OPT_INFO) {
		snprintf(out, size, "{tcpi_state=%s, ...}",
			 len ? state_name(*(const unsigned char *)data) : "?");
	} else if (len >= sizeof(number)) {
		memcpy(&number, data, sizeof(number));
		if (option && option->type == OPT_ERRNO && number)
			snprintf(out, size, "[%s]", errno_name(number));
		else
			snprintf(out, size, "[%d]", number);
	} else {
		snprintf(out, size, "[]");
	}
	return out;
}

static void args_option(const struct flight *flight, const struct actor_reply *reply, char *out,
			size_t size)
{
	const struct actor_request *request = &flight->request;
	const struct sockopt *option = option_of(request);
	const char *level = option ? option->levelname : "?";
	const char *name = option ? option->kernel : "?";
	char value[96];

	if (request->op == CALL_SETSOCKOPT)
		snprintf(out, size, "%d, %s, %s, %s, %u", request->fd, level, name,
			 option_value(option, flight->data, request->len, value, sizeof(value)),
			 request->len);
	else if (!reply || reply->ret < 0)
		snprintf(out, size, "%d, %s, %s, ...", request->fd, level, name);
	else
		snprintf(out, size, "%d, %s, %s, %s, [%d]", request->fd, level, name,
			 option_value(option, &reply->status, (size_t)reply->a, value,
				      sizeof(value)),
			 reply->a);
}

static void args_transfer(const struct flight *flight, const struct actor_reply *reply,
			  const void *data, char *out, size_t size)
{
	const struct actor_request *request = &flight->request;
	size_t len = request->size ? (size_t)request->size : request->len;
	char text[4 * QUOTE_MAX + 16], flags[96];

	switch (request->op) {
	case CALL_WRITE:
	case CALL_SEND:
		quoted(flight->data, len < QUOTE_MAX ? len : QUOTE_MAX, len, text, sizeof(text));
		break;
	default:
		if (reply && reply->ret >= 0)
			quoted(data, reply->len, (size_t)reply->ret, text, sizeof(text));
		else
			snprintf(text, sizeof(text), "...");
		len = (size_t)request->size;
		break;
	}
	if (request->op == CALL_SEND || request->op == CALL_RECV)
		snprintf(out, size, "%d, %s, %zu, %s", request->fd, text, len,
			 FLAGS_TEXT(msg_flags, request->a, flags));
	else
		snprintf(out, size, "%d, %s, %zu", request->fd, text, len);
}

static void args_sigaction(const struct actor_request *request, char *out, size_t size)
{
	const char *handler = request->b == DISP_DEFAULT  ? "SIG_DFL"
			      : request->b == DISP_IGNORE ? "SIG_IGN"
							  : "handler";

	snprintf(out, size, "%s, {sa_handler=%s, sa_mask=[], sa_flags=%s}, NULL",
		 signal_name(request->a), handler,
		 request->b == DISP_CATCH_RESTART ? "SA_RESTART" : "0");
}

char *call_args(const struct flight *flight, const struct actor_reply *reply, const void *data,
		char *out, size_t size)
{
	const struct actor_request *request = &flight->request;
	const char *shuts[] = {"SHUT_RD", "SHUT_WR", "SHUT_RDWR"};
	char text[160], flags[96];

	switch (request->op) {
	case CALL_SOCKET:
		snprintf(out, size, "AF_INET, SOCK_STREAM, 0");
		break;
	case CALL_BIND:
	case CALL_CONNECT:
		snprintf(out, size, "%d, %s, 16", request->fd,
			 address((uint32_t)request->b, (uint16_t)request->a, text, sizeof(text)));
		break;
	case CALL_ACCEPT:
	case CALL_GETSOCKNAME:
		if (!reply || reply->ret < 0)
			snprintf(out, size, "%d, ...", request->fd);
		else
			snprintf(
				out, size, "%d, %s, [16]", request->fd,
				address((uint32_t)reply->b,
					request->op == CALL_ACCEPT ? reply->peer_port : reply->port,
					text, sizeof(text)));
		break;
	case CALL_LISTEN:
		snprintf(out, size, "%d, %d", request->fd, request->a);
		break;
	case CALL_WRITE:
	case CALL_SEND:
	case CALL_READ:
	case CALL_RECV:
		args_transfer(flight, reply, data, out, size);
		break;
	case CALL_DRAIN:
		if (reply)
			snprintf(out, size, "%d: %d read%s, %lld bytes", request->fd, reply->a,
				 reply->a == 1 ? "" : "s", (long long)reply->total);
		else if (request->size)
			snprintf(out, size, "%d, %lld bytes", request->fd,
				 (long long)request->size);
		else
			snprintf(out, size, "%d, to the end", request->fd);
		break;
	case CALL_POLL:
		snprintf(out, size, "[{fd=%d, events=%s", request->fd,
			 FLAGS_TEXT(poll_flags, request->a, flags));
		if (reply && reply->ret > 0)
			snprintf(out + strlen(out), size - strlen(out), ", revents=%s",
				 FLAGS_TEXT(poll_flags, reply->a, flags));
		snprintf(out + strlen(out), size - strlen(out), "}], 1, %d", request->b);
		break;
	case CALL_SHUTDOWN:
		snprintf(out, size, "%d, %s", request->fd, shuts[request->a % 3]);
		break;
	case CALL_SETSOCKOPT:
	case CALL_GETSOCKOPT:
		args_option(flight, reply, out, size);
		break;
	case CALL_FCNTL:
		if (request->a < 0)
			snprintf(out, size, "%d, F_GETFL", request->fd);
		else
			snprintf(out, size, "%d, F_SETFL, %s", request->fd,
				 request->a ? "O_RDWR|O_NONBLOCK" : "O_RDWR");
		break;
	case CALL_SIGACTION:
		args_sigaction(request, out, size);
		break;
	case CALL_SOCKETPAIR:
	case CALL_PIPE:
		snprintf(text, sizeof(text), reply && reply->ret == 0 ? "[%d, %d]" : "...",
			 reply ? reply->a : 0, reply ? reply->b : 0);
		snprintf(out, size, request->op == CALL_PIPE ? "%s" : "AF_UNIX, SOCK_STREAM, 0, %s",
			 text);
		break;
	case CALL_FORK:
		out[0] = '\0';
		break;
	default: /* close, dup */
		snprintf(out, size, "%d", request->fd);
		break;
	}
	return out;
}
