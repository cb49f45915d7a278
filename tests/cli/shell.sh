#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# bothends shell: inside a running lab's network, ss, tcpdump and strace see what the screen shows.
# Runs alone: the newest lab is looked for in /proc, and other labs of this user shall not be seen.
if [ -z "${ALONE:-}" ] && [ "$(id -u)" -eq 0 ] && unshare --pid --fork --mount-proc true; then
	ALONE=yes exec unshare --pid --fork --kill-child --mount-proc sh "$0"
fi
# shellcheck source=tests/cli/lib.sh
. "$SOURCE/tests/cli/lib.sh"
program_copy
chmod 777 .
PATH=$PATH:/usr/sbin:/sbin # tcpdump, for an ordinary user

# A bounded wait for a line on a FIFO that is held open on descriptor 3.
line_come() { # PATTERN; what came before is in `seen`
	timeout 20 sed "/$1/q" <&3 >seen && grep -q "$1" seen
}

# NAME, PREFIX...: who runs it. The lab holds a connection with three unread bytes.
inside() {
	name=$1
	shift
	mkfifo journal
	chmod 666 journal
	exec 3<>journal
	printf 'open\nclient write "123"\nexpect server recvq 3\nwait 60s\n' >hold.lab
	"$@" "$BOTHENDS" run --json hold.lab >journal 2>lab.err 3<&- </dev/null &
	lab=$!
	line_come '"wait 60s"'
	verdict "$name: a lab runs" seen lab.err
	port=$(jq -r 'select(.kind == "call" and .call == "connect") | .args' seen |
		sed -nE 's/.*htons\(([0-9]+)\).*/\1/p')
	server=$(jq -r 'select(.kind == "process" and .side == "server") | .pid' seen | head -n 1)

	"$@" "$BOTHENDS" shell -c true >out 2>err </dev/null && [ "$(wc -l <err)" -eq 1 ] &&
		grep -q "lab with pid ${lab}[,: ]" err
	verdict "$name: one line says where we are" out err
	"$@" "$BOTHENDS" shell -c 'echo in' client >out 2>err </dev/null && [ "$(cat out)" = in ]
	verdict "$name: -c stands before the side, too" out err
	"$@" "$BOTHENDS" shell -- printenv BOTHENDS PS1 >out 2>err </dev/null
	grep -qx "$lab" out && grep -q '^bothends' out
	verdict "$name: a prompt can tell" out err
	"$@" "$BOTHENDS" shell -- grep SigIgn /proc/self/status >out 2>err </dev/null
	"$@" grep SigIgn /proc/self/status | cmp -s - out
	verdict "$name: no signal is ignored that was not before" out err
	private=yes
	if ! "$@" "$BOTHENDS" shell -- readlink /proc/self/ns/net 2>err >out </dev/null ||
		[ "$(cat out)" = "$("$@" readlink /proc/self/ns/net)" ]; then
		private=''
		grep -q 'no network apart' err
		verdict "$name: it says that the network is the machine's own" out err
	fi
	for at in client server; do
		"$@" "$BOTHENDS" shell $at -- ss -tanpH >out 2>err </dev/null &&
			grep -q "ESTAB *3 .*:$port .*pid=$server" out
		verdict "$name: ss -tanp on the $at's host" out err
	done

	mkfifo sight
	chmod 666 sight
	exec 4<&3 3<>sight
	"$@" "$BOTHENDS" shell -- strace -f -p "$server" >sight 2>&1 3<&- 4<&- </dev/null &
	strace=$!
	line_come "attached\|^strace: "
	grep -q attached seen
	verdict "$name: strace -p" seen
	kill -INT $strace 2>/dev/null
	wait $strace 2>/dev/null

	# A segment that the test itself draws out of the server: nobody listens on port 1.
	"$@" "$BOTHENDS" shell -- tcpdump --immediate-mode -lnni lo -c 2 'tcp port 1' >sight 2>&1 \
		3<&- 4<&- </dev/null &
	tcpdump=$!
	if line_come 'listening on\|^tcpdump: .*ermi' && grep -q 'listening on' seen; then
		SHELL=/bin/bash "$@" "$BOTHENDS" shell -c ': 3<>/dev/tcp/127.0.0.1/1' >out 2>&1 </dev/null
		line_come 'Flags \[R\.\]'
		verdict "$name: tcpdump -i lo" seen out
	elif [ -n "$private" ]; then
		fail "$name: tcpdump -i lo" seen
	else
		skip "$name: tcpdump -i lo" "no capture on the machine's own network"
	fi
	kill $tcpdump 2>/dev/null
	wait $tcpdump 2>/dev/null

	kill $lab
	wait $lab
	exec 3<&- 4<&-
	rm -f journal sight
}

"$BOTHENDS" shell -c true >out 2>err </dev/null
status=$?
if [ $status -eq 0 ]; then
	skip "without a lab: exit status 3 and one line" "another lab of this user is running"
else
	[ $status -eq 3 ] && [ "$(wc -l <err)" -eq 1 ] && [ ! -s out ]
	verdict "without a lab: exit status 3 and one line" out err
fi

inside "as we are" env
if [ "$(id -u)" -eq 0 ] && setpriv --reuid 65534 --regid 65534 --clear-groups true; then
	inside "an ordinary user" setpriv --reuid 65534 --regid 65534 --clear-groups
else
	skip "an ordinary user" "needs root to become one"
fi
done_testing
