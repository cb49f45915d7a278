/* SPDX-License-Identifier: GPL-3.0-or-later */
/* topic.c - states, errnos, signals, timers, flags: a line each, for `help WORD`. */
#include "topic.h"

#include <string.h>

static const struct topic topics[] = {
	/* States: RFC 9293, section 3.3.2, and net/ipv4/tcp.c. */
	{"LISTEN",
	 "Waiting for connections. Recv-Q is what the accept queue holds, Send-Q its bound.",
	 "listen(2)"},
	{"SYN_SENT",
	 "connect has sent a SYN and awaits the answer. The SYN is sent again tcp_syn_retries "
	 "times, "
	 "then connect fails with ETIMEDOUT.",
	 "tcp(7)"},
	{"SYN_RECV",
	 "A SYN came and was answered with SYN and ACK; the handshake's last ACK is awaited. The "
	 "kernel keeps such a half-open connection without tcp_info.",
	 "tcp(7)"},
	{"ESTABLISHED", "The connection is open: data may go both ways.", "tcp(7)"},
	{"FIN_WAIT1",
	 "This end closed, or shut down its writing, first: its FIN is sent and not yet "
	 "acknowledged.",
	 "tcp(7)"},
	{"FIN_WAIT2",
	 "The peer has acknowledged our FIN and not yet sent its own. After close the kernel waits "
	 "tcp_fin_timeout for it; after shutdown it waits for ever.",
	 "tcp(7)"},
	{"CLOSING",
	 "Both ends sent a FIN before the other's came; the acknowledgement of ours is awaited.",
	 "tcp(7)"},
	{"TIME_WAIT",
	 "This end closed first and all is done. The kernel remembers the connection for 60 s, so "
	 "that a lost last ACK can be sent again and late segments do no harm.",
	 "tcp(7)"},
	{"CLOSE_WAIT",
	 "The peer's FIN came; our process has not closed yet. It may last for ever, and writing "
	 "is "
	 "still allowed.",
	 "tcp(7)"},
	{"LAST_ACK",
	 "The peer closed first, now we have too: the acknowledgement of our FIN is awaited.",
	 "tcp(7)"},
	{"CLOSE", "Not connected: not yet, or no longer.", "tcp(7)"},

	/* Errnos of calls on a TCP socket. */
	{"EPIPE",
	 "Writing where nothing can be sent any more: after an error was reported once, or after "
	 "shutdown wr. SIGPIPE comes with it, unless it is ignored, handled or MSG_NOSIGNAL is "
	 "set.",
	 "write(2)"},
	{"ECONNRESET", "The peer's kernel ended the connection with a RST. It is reported once.",
	 "recv(2)"},
	{"ECONNREFUSED", "The SYN was answered with a RST: nobody listens on that port.",
	 "connect(2)"},
	{"ETIMEDOUT",
	 "No answer came: to a SYN, to data sent again and again, to keepalive probes, or within "
	 "TCP_USER_TIMEOUT.",
	 "tcp(7)"},
	{"EAGAIN",
	 "The call would block, and the descriptor does not block, or SO_RCVTIMEO or SO_SNDTIMEO "
	 "has "
	 "passed.",
	 "recv(2)"},
	{"EINTR", "A signal was handled while the call blocked.", "signal(7)"},
	{"EBADF", "The number is not an open descriptor of the process.", "close(2)"},
	{"ENOTCONN", "The socket is not connected.", "recv(2)"},
	{"EISCONN", "The socket is connected already.", "connect(2)"},
	{"EADDRINUSE",
	 "The port is taken, if only by a connection in TIME_WAIT: for that case SO_REUSEADDR is "
	 "the "
	 "cure.",
	 "bind(2)"},
	{"EINPROGRESS", "A connect that does not block has begun; poll for out tells its end.",
	 "connect(2)"},
	{"EALREADY", "An earlier connect that does not block is still under way.", "connect(2)"},
	{"EHOSTUNREACH",
	 "A router answered with ICMP, or nobody answered for the address: no way to the host.",
	 "icmp(7)"},
	{"ENETUNREACH",
	 "There is no route, or a router answered with ICMP: no way to that network.", "icmp(7)"},

	/* Signals. */
	{"SIGPIPE",
	 "Sent to the process that writes where nobody can read any more. By default it kills it.",
	 "pipe(7)"},
	{"SIGCHLD", "Sent to the parent when a child ends or stops. By default it is ignored.",
	 "wait(2)"},
	{"SIGTERM", "The polite request to end. By default it kills.", "signal(7)"},
	{"SIGKILL", "Kills; it cannot be ignored or handled.", "signal(7)"},
	{"SIGSTOP", "Freezes the process; it cannot be ignored or handled.", "signal(7)"},
	{"SIGCONT", "Lets a stopped process go on.", "signal(7)"},
	{"SIGINT", "What Ctrl-C sends. By default it kills.", "signal(7)"},
	{"SIGURG", "Urgent data came. By default it is ignored.", "tcp(7)"},

	/* Timers, as ss(8) names them. */
	{"keepalive", "Until the next probe of an idle connection.", "tcp(7)"},
	{"timewait",
	 "Until the kernel forgets a connection in TIME_WAIT (or an orphan in FIN_WAIT2).",
	 "tcp(7)"},
	{"persist", "The peer's window is closed: until the next window probe.", "tcp(7)"},

	/* Poll events. */
	{"IN", "Something can be read: data, the end of the stream, or a connection to accept.",
	 "poll(2)"},
	{"OUT", "A write would not block.", "poll(2)"},
	{"RDHUP", "The peer has closed, or shut down its writing: its FIN has come.", "poll(2)"},
	{"ERR", "An error is pending: SO_ERROR or the next call tells which.", "poll(2)"},
	{"HUP", "Both directions are shut down, or the connection has ended.", "poll(2)"},
	{"PRI", "Urgent data can be read.", "poll(2)"},

	/* Flags, as tcpdump(8) writes them. */
	{"S", "SYN: the first segment of a connection.", "tcpdump(8)"},
	{"S.", "SYN and ACK: the answer to it.", "tcpdump(8)"},
	{".", "ACK alone.", "tcpdump(8)"},
	{"P.", "PSH and ACK: data, with nothing more waiting behind it.", "tcpdump(8)"},
	{"F.", "FIN and ACK: this end will send no more.", "tcpdump(8)"},
	{"FP.", "FIN, PSH and ACK: the last data and the end in one segment.", "tcpdump(8)"},
	{"R", "RST: there is no such connection.", "tcpdump(8)"},
	{"R.", "RST and ACK: the connection ends at once, or a port is closed.", "tcpdump(8)"},

	/* Sides. */
	{"client", "The process that connects. Short: c.", ""},
	{"server", "The process that listens and accepts. Short: s.", ""},
	{"child",
	 "The process that `server fork` makes; it shares the server's sockets. Short: ch.", ""},
};

const struct topic *topic_at(size_t i)
{
	return i < sizeof(topics) / sizeof(topics[0]) ? &topics[i] : NULL;
}

const struct topic *topic_find(const char *word)
{
	for (size_t i = 0; i < sizeof(topics) / sizeof(topics[0]); i++)
		if (!strcmp(topics[i].word, word))
			return &topics[i];
	return NULL;
}
