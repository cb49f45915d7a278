/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * core.h - the inside of a lab, shared by the engine's files and nobody else.
 *
 *   lab_turn:  receive (actor.c) → look (observe.c) → stage → journal → task (task.c) → timer
 *
 * Events are staged first: what belongs to one turn is sorted by its time before it is appended,
 * and while a call is under way (for 50 ms at the most) its segments wait for it.
 */
#ifndef CORE_H
#define CORE_H

#include "../actor/protocol.h"
#include "arena.h"
#include "capture.h"
#include "conn.h"
#include "diag.h"
#include "lab.h"
#include "network.h"
#include "sysctl.h"

#define BLOCKED_AFTER (50 * NS_PER_MS)
#define DESCS_MAX 64
#define ARGS_MAX 1024
#define NEVER INT64_MAX

/* One descriptor an actor has or had. */
struct desc {
	int fd;
	enum channel channel; /* TCP: connected, connecting or fresh */
	bool open;
	bool bound;
	unsigned conn;	     /* 0: none (yet) */
	uint16_t port;	     /* a listener's, 0: not known */
	uint16_t connecting; /* the port it was told to connect to, 0: none */
	bool status_due;     /* shall be asked for */
	bool status_known;
	int64_t status_t; /* when it came */
	struct actor_status status;
};

/* The call an actor is in. */
struct flight {
	bool active;
	bool journalled; /* as blocked */
	struct actor_request request;
	enum call call; /* of a real call; CALL_COUNT: a report or the like */
	unsigned conn;
	char data[256]; /* the first bytes of what is written, or the option's value */
	int64_t sent;
};

struct actor {
	enum side side;
	pid_t pid;
	int pidfd, control, epoll;
	bool alive, stopped;
	bool ours;  /* the lab is its parent */
	bool hello; /* it has said its first word */
	struct flight flight;
	int64_t ret; /* of the newest returned call */
	int err;
	bool again; /* accept once more: the last one was a stranger */
	struct actor_request again_request;
	unsigned nreport;	      /* reports under way */
	int64_t report_t;	      /* when the newest was asked for */
	int report_fd;		      /* the descriptor the report under way is of */
	struct desc descs[DESCS_MAX]; /* in the order they came */
	unsigned ndescs;
	int last_fd; /* the number the newest connection had; -1: never one */
	int last_listen_fd;
	unsigned char signals[32];
	unsigned born;		  /* connections there were when the process started */
	struct snapshot snapshot; /* as last journalled */
	bool snapshot_known;
	int64_t snapshot_taken; /* when that was */
	int64_t snapshot_t;	/* credit is reckoned up to here */
	int snapshot_credit;	/* snapshots that may be taken at once */
};

struct lab {
	struct lab_options options;
	char *actor_path;
	struct network network;
	struct settings settings; /* what the user has set with sysctl */
	/* The link: on loopback diag and capture, each NULL where the machine refuses it; otherwise
	 * wire. See link.c. */
	struct diag *diag;
	struct capture *capture;
	struct wire *wire;
	unsigned dropped; /* segments the capture has lost */
	bool bulk;	  /* so many segments come that they wake nobody: bulk.c */
	unsigned burst;	  /* segments since burst_t */
	int64_t burst_t;
	struct feature_state features[FEATURE_COUNT];
	int poll;   /* epoll: everything below */
	int timer;  /* timerfd */
	int signal; /* signalfd: SIGCHLD */
	int life;   /* the write end of the lifeline */
	int life_read;
	int home; /* the lab's own network namespace, -1: not opened yet */
	int64_t start, epoch;
	struct journal *journal;
	struct event *staged;
	size_t nstaged, staged_room;
	struct arena staged_arena;
	struct actor actors[SIDE_COUNT];
	uint64_t acted;	     /* the journal's number of the newest command that acts */
	bool busy[2];	     /* an end's process is at work in a long call: no tcp_info now */
	bool spared;	     /* in bulk: tcp_info was not asked for in this look */
	int64_t info_t;	     /* in bulk: when tcp_info was asked for last */
	struct conn **conns; /* conns[id - 1] */
	unsigned nconns;
	unsigned live_from; /* conns before this index are all dead */
	uint32_t segments;  /* ids given */
	uint32_t request_id;
	uint16_t port_next, port_last; /* the port for the next listener; the newest one */
	enum tcp_state listener_state; /* as journalled */
	int64_t look_at;	       /* the next look that is due without a cause; NEVER */
	bool pending;		       /* the next look decides what this one left open */
	bool moved;		       /* a state was journalled that no snapshot has shown yet */
	int64_t look_later;	       /* a snapshot was put off until then; 0: none */
	int64_t settle;		       /* from when on the looks grow rarer */
	int passing;		       /* a descriptor on its way from client to server, -1: none */
	struct task *task;	       /* the command under way: task.h */
};

int64_t lab_clock(void); /* CLOCK_MONOTONIC, ns */

/* transcript.c, program.c: a session for a reader, and for a compiler. What was not written is in
 * ferror(out). */
void transcript_write(const struct journal *journal, const struct session_about *about, FILE *out);
/* json.c: the kernel a session ran on; NULL: it cannot be told. */
const char *kernel_name(const struct session_about *about, char *out, size_t size);
void program_write(const struct journal *journal, const struct session_about *about, FILE *out);

/* stage.c */
void stage_add(struct lab *lab, const struct event *event);
/* Sort what is staged by time and append it; not while a call is young, unless `force`. */
void stage_flush(struct lab *lab, bool force);
void stage_note(struct lab *lab, enum event_kind kind, enum side side, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
void stage_host(struct lab *lab, enum side side, enum host_change change, const char *text);

/* actor.c: the lab's side of the actors */
int actor_start(struct lab *lab, enum side side, struct err *err);
/* SIGKILL, and wait until it is gone (bounded by the kernel); journals the end. */
void actor_end(struct lab *lab, struct actor *actor);
/* Send a call. The actor must be alive and free. */
void actor_send(struct lab *lab, struct actor *actor, const struct actor_request *request,
		const void *data, int fd);
void actor_receive(struct lab *lab, struct actor *actor);
/* Ask how a descriptor stands; the answer comes as a reply. */
void actor_report(struct lab *lab, struct actor *actor, struct desc *desc);
bool actor_free(const struct actor *actor);		  /* alive, not stopped, in no call */
void actor_hang_up(struct lab *lab, struct actor *actor); /* the process is gone */

/* desc.c: which descriptor a command means */
struct desc *desc_add(struct actor *actor, int fd, enum channel channel);
bool desc_room(const struct actor *actor, unsigned wanted); /* for so many more? */
struct desc *desc_find(struct actor *actor, int fd);	    /* the open one with this number */
struct desc *desc_current(struct actor *actor);	 /* newest open of a connection, or fresh */
struct desc *desc_listener(struct actor *actor); /* newest open listener */
struct desc *desc_oldest_copy(struct actor *actor, const struct desc *of);
struct desc *desc_of_conn(struct actor *actor, unsigned conn); /* newest open */
struct desc *desc_due(struct actor *actor); /* an open one whose status shall be asked for */

/* flight.c */
/* A call that has not returned, nor been journalled as blocked: its own line is still to come. */
bool flight_young(const struct flight *flight);
/* When to see whether it is blocked; NEVER. */
int64_t flight_check_at(const struct lab *lab, const struct flight *flight);
/* Journal what blocks; the segments it caused need wait no longer. */
void flights_check(struct lab *lab);

/* returned.c: what a returned call means for the lab's picture */
void call_returned(struct lab *lab, struct actor *actor, const struct actor_reply *reply,
		   const void *data, int fd);

/* callargs.c: as strace(1) writes them. `reply` NULL: the call has not returned. */
char *call_args(const struct flight *flight, const struct actor_reply *reply, const void *data,
		char *out, size_t size);

/* process.c */
void process_started(struct lab *lab, struct actor *actor);
/* Reap and journal whatever has ended, stopped or gone on. */
void process_check(struct lab *lab);
void process_caught(struct lab *lab, struct actor *actor, int signal, int64_t t);
/* R, S, T, Z ... from /proc/PID/stat; 0: no such process. */
int process_letter(pid_t pid);

/* link.c: what differs between the two links */
struct diag *link_diag(const struct lab *lab, enum side side); /* NULL: not to be had */
uint32_t link_addr(const struct lab *lab, enum side side);     /* network byte order */
bool link_sees(const struct lab *lab);			       /* segments can be seen */
bool link_down(const struct lab *lab, enum side side);	       /* the side's host is down */
/* End the link there is and start this one. -1: what the machine lacks, and its cure; there is
 * then no link. */
int link_start(struct lab *lab, enum link_kind kind, struct err *err);
void link_end(struct lab *lab);
/* Be in the side's network while something is started there. */
void link_enter(struct lab *lab, enum side side);
void link_leave(struct lab *lab);
/* sysctl_value of every host, kept for those to come. */
int link_sysctl(struct lab *lab, const char *name, const char *value, char *out, size_t size,
		struct err *err);
/* Journal what the link is now. */
void link_tell(struct lab *lab);

/* conns.c */
struct conn *conn_new(struct lab *lab, enum channel channel);
struct conn *conn_at(const struct lab *lab, unsigned id); /* NULL: none */
struct conn *conn_by_ports(const struct lab *lab, uint16_t client, uint16_t server);
/* The connection of a segment from this side: a SYN of the client's begins one. NULL: none. */
struct conn *conn_of_segment(struct lab *lab, enum side from, const struct packet *packet);
/* A connection of the client's that no segment told of: by the ports its descriptor now has. */
void conn_learn(struct lab *lab, struct desc *desc, uint16_t port, uint16_t peer_port);
struct conn *conn_of_side(const struct lab *lab, enum side side);

/* ends.c */
/* Ask the kernel for both ends of a connection; with `info`, tcp_info too. */
void conn_look(struct lab *lab, struct conn *conn, bool info);
/* Journal what the look at t found new; true: something is foretold that has not come true yet. */
bool conn_reconcile(struct lab *lab, struct conn *conn, int64_t t);
/* The same of all that live. ends_look returns when it was done. */
int64_t ends_look(struct lab *lab);
/* An end has moved: what a bulk transfer spares shall be asked for. */
void ends_spare_nothing(struct lab *lab);
bool ends_reconcile(struct lab *lab, int64_t t);
/* The kernel that had this side's ends is no more. */
void ends_vanish(struct lab *lab, enum side side);
/* Their network is looked at no more: nothing is known of them from now on. */
void ends_forget(struct lab *lab);
void listener_look(struct lab *lab, int64_t t);
/* When the kernel will change something by itself; NEVER. */
int64_t timers_next(const struct lab *lab, int64_t t);

/* observe.c */
/* Look at every living end, read what the link has carried, journal what is new. */
void observe(struct lab *lab, bool force);
/* A segment's fate, at packet->t. `conn` NULL: of no connection. */
void segment_stage(struct lab *lab, const struct conn *conn, enum side from,
		   const struct packet *packet, uint32_t id, enum fate fate, unsigned sent);

/* bulk.c */
/* So many segments were read at t; returns when the next read is due although nothing wakes us. */
int64_t bulk_next(struct lab *lab, unsigned segments, int64_t t);

/* snapshot.c */
/* Somebody has acted: whatever a bulk transfer has used up, the next snapshots are not put off. */
void snapshot_grant(struct lab *lab);
void snapshot_take(struct lab *lab, enum side side, int64_t t, bool force);

#endif
