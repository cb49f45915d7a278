#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# bothends shell on the wire: each side is a host of its own, down when it has crashed, and a device
# that is deleted from inside is a crash too.
if [ -z "${ALONE:-}" ] && [ "$(id -u)" -eq 0 ] && unshare --pid --fork --mount-proc true; then
	ALONE=yes exec unshare --pid --fork --kill-child --mount-proc sh "$0"
fi
# shellcheck source=tests/cli/lib.sh
. "$SOURCE/tests/cli/lib.sh"

if [ ! -w /dev/net/tun ] || [ -z "${ALONE:-}" ]; then
	skip "the wire from inside" "needs /dev/net/tun and a process namespace of its own"
	done_testing
	exit 0
fi

start() { # SCRIPT
	mkfifo journal
	exec 3<>journal
	printf '%s\n' "$1" >lab.lab
	"$BOTHENDS" run --json --link wire lab.lab >journal 2>lab.err 3<&- </dev/null &
	lab=$!
}
line_come() { # PATTERN; what came before is in `seen`
	timeout 20 sed "/$1/q" <&3 >seen && grep -q "$1" seen
}
stop() {
	kill "$lab" 2>/dev/null
	wait "$lab"
	exec 3<&-
	rm -f journal
}

start 'open
wait until server gone within 30s
wait 30s'
line_come '"wait until'
verdict "a lab runs" seen lab.err
for at in client:1 server:2; do
	"$BOTHENDS" shell ${at%:*} -- ip -4 -br addr show wire >out 2>err </dev/null
	grep -q "192\.0\.2\.${at#*:}/24" out && grep -q "the ${at%:*}'s host" err
	verdict "a shell on the ${at%:*}'s host" out err
	"$BOTHENDS" shell ${at%:*} -- ss -tanpH >out 2>err </dev/null
	[ "$(grep -c ESTAB out)" -eq 1 ] && grep -q "\"${at%:*}\"" out
	verdict "ss sees the ${at%:*}'s end and no other" out err
done
"$BOTHENDS" shell server -- ip link del wire >out 2>err </dev/null
line_come '"wait 30s"' && grep -q '"its device is gone' seen
verdict "a deleted device is a crash, and the sockets are gone with it" seen out err
"$BOTHENDS" shell server -- true >out 2>err </dev/null
[ $? -eq 3 ] && grep -q 'server reboot' err
verdict "no shell on a host that is down" out err
"$BOTHENDS" shell -- ip -4 -br addr show wire >out 2>err </dev/null && grep -q '192\.0\.2\.1/' out
verdict "the other host lives" out err
stop

done_testing
