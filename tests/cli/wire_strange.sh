#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What is no TCP segment crosses the wire too, is told for what it is, and is in the save file.
# A process namespace of its own: `bothends shell` goes to the newest lab.
if [ -z "${ALONE:-}" ] && [ "$(id -u)" -eq 0 ] && unshare --pid --fork --mount-proc true; then
	ALONE=yes exec unshare --pid --fork --kill-child --mount-proc sh "$0"
fi
# shellcheck source=tests/cli/lib.sh
. "$SOURCE/tests/cli/lib.sh"

if [ ! -w /dev/net/tun ] || [ -z "${ALONE:-}" ]; then
	skip "strange packets" "needs /dev/net/tun and a process namespace of its own"
	done_testing
	exit 0
fi

comes() { # PATTERN, how many lines of the journal have it
	for _ in $(seq 1000); do
		[ "$(grep -c "$1" journal)" -lt "${2:-1}" ] || return 0
		timeout 0.02 tail -f /dev/null
	done
	return 1
}
says() { # BYTES, PORT: one datagram of the client's host
	# shellcheck disable=SC2016 # expanded inside
	"$BOTHENDS" shell client -- bash -c 'head -c "$1" /dev/zero >"/dev/udp/192.0.2.2/$2"' bash \
		"$1" "$2" >out 2>err </dev/null
}

: >journal
"$BOTHENDS" run --json --link wire --pcap cross.pcap - >journal 2>lab.err <<'END' &
open
wait until client gone within 60s
END
lab=$!
comes '"wait until'
verdict "a lab runs" journal lab.err
says 3 9
comes '"text":"from the client: UDP 192.0.2.1:[0-9]* > 192.0.2.2:9 len 3"'
verdict "a datagram is told" journal out err
comes '"kind":"icmp","from":"server","to":"client","type":"port-unreachable"'
verdict "and so is what the other kernel answers" journal
says 3000 10
comes 'from the client: fragment of UDP 192.0.2.1 > 192.0.2.2 id [0-9]* offset 0 len [0-9]*, more' &&
	comes 'from the client: fragment of UDP 192.0.2.1 > 192.0.2.2 id [0-9]* offset [0-9]* len [0-9]*, the last'
verdict "fragments are told" journal out err
comes port-unreachable 2
verdict "they were carried: the other kernel put them together and answered" journal
! grep -qi ipv6 journal
verdict "no IPv6 among them" journal
kill $lab
wait $lab
tcpdump -nr cross.pcap >dump 2>dumped
grep -q 'UDP, length 3$' dump && [ "$(grep -c 'ICMP.*udp port.*unreachable' dump)" -eq 2 ] &&
	[ "$(grep -c 'UDP, \(bad \)*length 3000\|ip-proto-17\|UDP, length 3000' dump)" -ge 2 ]
verdict "the save file has them all" dump dumped
done_testing
