/* SPDX-License-Identifier: GPL-3.0-or-later */
/* names.c - number to name and back, one table for each list of things. */
#include "lab.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

struct named {
	int number;
	const char *name;
};

static const char *const sides[] = {"client", "server", "child"};
static const char *const states[] = {"NONE",	   "ESTABLISHED", "SYN_SENT",  "SYN_RECV",
				     "FIN_WAIT1",  "FIN_WAIT2",	  "TIME_WAIT", "CLOSE",
				     "CLOSE_WAIT", "LAST_ACK",	  "LISTEN",    "CLOSING"};
static const char *const timers[] = {"off", "on", "keepalive", "timewait", "persist"};
static const char *const links[] = {"loopback", "wire"};
#define X(id, name) name,
static const char *const calls[] = {CALLS(X)};
static const char *const fates[] = {FATES(X)};
static const char *const kinds[] = {"?", KINDS(X)};
static const char *const processes[] = {PROCESS_CHANGES(X)};
#undef X

/* The errnos a socket call, a wait or a sysctl can give. */
#define E(name)             \
	{                   \
		name, #name \
	}
static const struct named errnos[] = {
	E(EPERM),	 E(ENOENT),	  E(ESRCH),	    E(EINTR),		E(EIO),
	E(EBADF),	 E(ECHILD),	  E(EAGAIN),	    E(ENOMEM),		E(EACCES),
	E(EFAULT),	 E(EBUSY),	  E(EEXIST),	    E(ENODEV),		E(EINVAL),
	E(ENFILE),	 E(EMFILE),	  E(ENOTTY),	    E(ENOSPC),		E(ESPIPE),
	E(EROFS),	 E(EPIPE),	  E(EDOM),	    E(ERANGE),		E(ENOSYS),
	E(ENODATA),	 E(EPROTO),	  E(EOVERFLOW),	    E(ENOTSOCK),	E(EDESTADDRREQ),
	E(EMSGSIZE),	 E(EPROTOTYPE),	  E(ENOPROTOOPT),   E(EPROTONOSUPPORT), E(EOPNOTSUPP),
	E(EAFNOSUPPORT), E(EADDRINUSE),	  E(EADDRNOTAVAIL), E(ENETDOWN),	E(ENETUNREACH),
	E(ENETRESET),	 E(ECONNABORTED), E(ECONNRESET),    E(ENOBUFS),		E(EISCONN),
	E(ENOTCONN),	 E(ESHUTDOWN),	  E(ETIMEDOUT),	    E(ECONNREFUSED),	E(EHOSTDOWN),
	E(EHOSTUNREACH), E(EALREADY),	  E(EINPROGRESS),   E(ECANCELED),
};
#undef E

#define S(name)             \
	{                   \
		name, #name \
	}
static const struct named signals[] = {
	S(SIGHUP),  S(SIGINT),	  S(SIGQUIT), S(SIGILL),  S(SIGTRAP),	S(SIGABRT), S(SIGBUS),
	S(SIGFPE),  S(SIGKILL),	  S(SIGUSR1), S(SIGSEGV), S(SIGUSR2),	S(SIGPIPE), S(SIGALRM),
	S(SIGTERM), S(SIGSTKFLT), S(SIGCHLD), S(SIGCONT), S(SIGSTOP),	S(SIGTSTP), S(SIGTTIN),
	S(SIGTTOU), S(SIGURG),	  S(SIGXCPU), S(SIGXFSZ), S(SIGVTALRM), S(SIGPROF), S(SIGWINCH),
	S(SIGIO),   S(SIGPWR),	  S(SIGSYS),
};
#undef S

static const struct named polls[] = {
	{POLLIN, "IN"},	      {POLLPRI, "PRI"}, {POLLOUT, "OUT"},
	{POLLRDHUP, "RDHUP"}, {POLLERR, "ERR"}, {POLLHUP, "HUP"},
};

static const struct sockopt sockopts[] = {
	{"error", "SO_ERROR", "SOL_SOCKET", SOL_SOCKET, SO_ERROR, OPT_ERRNO, "socket(7)",
	 "the pending error; reading it clears it"},
	{"linger", "SO_LINGER", "SOL_SOCKET", SOL_SOCKET, SO_LINGER, OPT_LINGER, "socket(7)",
	 "what close does with unsent data; 0 seconds: RST at once"},
	{"keepalive", "SO_KEEPALIVE", "SOL_SOCKET", SOL_SOCKET, SO_KEEPALIVE, OPT_BOOL, "socket(7)",
	 "probe an idle peer"},
	{"keepidle", "TCP_KEEPIDLE", "IPPROTO_TCP", IPPROTO_TCP, TCP_KEEPIDLE, OPT_SECONDS,
	 "tcp(7)", "idle time before the first probe"},
	{"keepintvl", "TCP_KEEPINTVL", "IPPROTO_TCP", IPPROTO_TCP, TCP_KEEPINTVL, OPT_SECONDS,
	 "tcp(7)", "time between probes"},
	{"keepcnt", "TCP_KEEPCNT", "IPPROTO_TCP", IPPROTO_TCP, TCP_KEEPCNT, OPT_INT, "tcp(7)",
	 "unanswered probes before the connection is given up"},
	{"rcvtimeo", "SO_RCVTIMEO", "SOL_SOCKET", SOL_SOCKET, SO_RCVTIMEO, OPT_TIMEVAL, "socket(7)",
	 "how long a read may block; then EAGAIN"},
	{"sndtimeo", "SO_SNDTIMEO", "SOL_SOCKET", SOL_SOCKET, SO_SNDTIMEO, OPT_TIMEVAL, "socket(7)",
	 "how long a write may block; then EAGAIN"},
	{"user-timeout", "TCP_USER_TIMEOUT", "IPPROTO_TCP", IPPROTO_TCP, TCP_USER_TIMEOUT, OPT_MS,
	 "tcp(7)", "how long sent data may stay unacknowledged; then ETIMEDOUT"},
	{"nodelay", "TCP_NODELAY", "IPPROTO_TCP", IPPROTO_TCP, TCP_NODELAY, OPT_BOOL, "tcp(7)",
	 "send small segments at once (no Nagle)"},
	{"cork", "TCP_CORK", "IPPROTO_TCP", IPPROTO_TCP, TCP_CORK, OPT_BOOL, "tcp(7)",
	 "send full segments only"},
	{"nonblock", "O_NONBLOCK", "fcntl", -1, 0, OPT_BOOL, "fcntl(2)",
	 "calls return EAGAIN instead of blocking"},
	{"rcvbuf", "SO_RCVBUF", "SOL_SOCKET", SOL_SOCKET, SO_RCVBUF, OPT_INT, "socket(7)",
	 "receive buffer in bytes; the kernel doubles it"},
	{"sndbuf", "SO_SNDBUF", "SOL_SOCKET", SOL_SOCKET, SO_SNDBUF, OPT_INT, "socket(7)",
	 "send buffer in bytes; the kernel doubles it"},
	{"linger2", "TCP_LINGER2", "IPPROTO_TCP", IPPROTO_TCP, TCP_LINGER2, OPT_SECONDS, "tcp(7)",
	 "how long an orphan stays in FIN_WAIT2"},
	{"reuseaddr", "SO_REUSEADDR", "SOL_SOCKET", SOL_SOCKET, SO_REUSEADDR, OPT_BOOL, "socket(7)",
	 "bind although an old connection is in TIME_WAIT"},
	{"type", "SO_TYPE", "SOL_SOCKET", SOL_SOCKET, SO_TYPE, OPT_INT, "socket(7)",
	 "the socket's type; SOCK_STREAM is 1"},
	{"acceptconn", "SO_ACCEPTCONN", "SOL_SOCKET", SOL_SOCKET, SO_ACCEPTCONN, OPT_BOOL,
	 "socket(7)", "whether the socket listens"},
	{"maxseg", "TCP_MAXSEG", "IPPROTO_TCP", IPPROTO_TCP, TCP_MAXSEG, OPT_INT, "tcp(7)",
	 "the largest segment, in bytes"},
	{"info", "TCP_INFO", "IPPROTO_TCP", IPPROTO_TCP, TCP_INFO, OPT_INFO, "tcp(7)",
	 "the kernel's struct tcp_info"},
};

static const char *name_of(const char *const *table, size_t count, int i)
{
	return i >= 0 && (size_t)i < count ? table[i] : "?";
}

static int number_of(const char *const *table, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(table[i], name))
			return (int)i;
	return -1;
}

const char *side_name(enum side side)
{
	return side == SIDE_NONE ? "" : name_of(sides, COUNT(sides), side);
}

const char *state_name(enum tcp_state state)
{
	return name_of(states, COUNT(states), (int)state);
}

const char *call_name(enum call call)
{
	return name_of(calls, COUNT(calls), (int)call);
}

const char *fate_name(enum fate fate)
{
	return name_of(fates, COUNT(fates), (int)fate);
}

const char *kind_name(enum event_kind kind)
{
	return name_of(kinds, COUNT(kinds), (int)kind);
}

const char *process_name(enum process_change change)
{
	return name_of(processes, COUNT(processes), (int)change);
}

const char *timer_name(enum timer_kind kind)
{
	return name_of(timers, COUNT(timers), (int)kind);
}

const char *link_name(enum link_kind link)
{
	return name_of(links, COUNT(links), (int)link);
}

int side_from_name(const char *name)
{
	if (!strcmp(name, "c"))
		return SIDE_CLIENT;
	if (!strcmp(name, "s"))
		return SIDE_SERVER;
	if (!strcmp(name, "ch"))
		return SIDE_CHILD;
	return number_of(sides, COUNT(sides), name);
}

int state_from_name(const char *name)
{
	int state = number_of(states, COUNT(states), name);

	return state == STATE_NONE ? -1 : state;
}

int call_from_name(const char *name)
{
	return number_of(calls, COUNT(calls), name);
}

int timer_from_name(const char *name)
{
	return number_of(timers, COUNT(timers), name);
}

static const char *named_find(const struct named *table, size_t count, int number)
{
	for (size_t i = 0; i < count; i++)
		if (table[i].number == number)
			return table[i].name;
	return NULL;
}

const char *errno_name(int number)
{
	static char other[16];
	const char *name = named_find(errnos, COUNT(errnos), number);

	if (name)
		return name;
	snprintf(other, sizeof(other), "E%d", number);
	return other;
}

const char *signal_name(int number)
{
	static char other[16];
	const char *name = named_find(signals, COUNT(signals), number);

	if (name)
		return name;
	snprintf(other, sizeof(other), "SIG%d", number);
	return other;
}

int errno_from_name(const char *name)
{
	if (!strcmp(name, "EWOULDBLOCK"))
		return EAGAIN;
	for (size_t i = 0; i < COUNT(errnos); i++)
		if (!strcmp(errnos[i].name, name))
			return errnos[i].number;
	return -1;
}

int signal_from_name(const char *name)
{
	char *end;
	long number = strtol(name, &end, 10);

	if (*name && !*end)
		return number > 0 && number < 32 ? (int)number : -1;
	for (size_t i = 0; i < COUNT(signals); i++)
		if (!strcasecmp(signals[i].name, name) || !strcasecmp(signals[i].name + 3, name))
			return signals[i].number;
	return -1;
}

int poll_from_name(const char *name)
{
	for (size_t i = 0; i < COUNT(polls); i++)
		if (!strcmp(polls[i].name, name))
			return polls[i].number;
	return -1;
}

const char *errno_name_at(size_t i)
{
	return i < COUNT(errnos) ? errnos[i].name : NULL;
}

const char *signal_name_at(size_t i)
{
	return i < COUNT(signals) ? signals[i].name : NULL;
}

const char *poll_name_at(size_t i)
{
	return i < COUNT(polls) ? polls[i].name : NULL;
}

char *poll_format(unsigned events, char *out, size_t size)
{
	size_t len = 0;

	snprintf(out, size, "none");
	for (size_t i = 0; i < COUNT(polls) && len < size; i++)
		if (events & (unsigned)polls[i].number)
			len += (size_t)snprintf(out + len, size - len, "%s%s", len ? " " : "",
						polls[i].name);
	return out;
}

/* tcpdump's order and letters: print-tcp.c's tcp_flag_values. */
static const struct named flags[] = {
	{TH_F, "F"}, {TH_S, "S"}, {TH_R, "R"}, {TH_P, "P"},
	{TH_A, "."}, {TH_U, "U"}, {TH_E, "E"}, {TH_W, "W"},
};

char *flags_format(unsigned bits, char *out, size_t size)
{
	size_t len = 0;

	snprintf(out, size, "none");
	for (size_t i = 0; i < COUNT(flags) && len + 1 < size; i++)
		if (bits & (unsigned)flags[i].number) {
			out[len++] = flags[i].name[0];
			out[len] = '\0';
		}
	return out;
}

int flags_from_name(const char *name)
{
	int bits = 0;

	if (!strcmp(name, "none"))
		return 0;
	for (const char *c = name; *c; c++) {
		size_t i;

		for (i = 0; i < COUNT(flags) && flags[i].name[0] != *c; i++)
			;
		if (i == COUNT(flags) || bits & flags[i].number)
			return -1;
		bits |= flags[i].number;
	}
	return bits ? bits : -1;
}

const struct sockopt *sockopt_at(size_t i)
{
	return i < COUNT(sockopts) ? &sockopts[i] : NULL;
}

const struct sockopt *sockopt_find(const char *name)
{
	for (size_t i = 0; i < COUNT(sockopts); i++)
		if (!strcmp(sockopts[i].name, name))
			return &sockopts[i];
	return NULL;
}
