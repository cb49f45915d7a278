#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The write that should have failed, played from standard input, and what the journal holds of it.
# shellcheck source=tests/cli/lib.sh
. "$SOURCE/tests/cli/lib.sh"

play() { # NAME, the script on standard input
	"$BOTHENDS" run --json - >"$1.json" 2>"$1.err"
	echo $? >"$1.status"
}
holds() { # NAME, a jq filter over all events
	jq -es "$2" "$1.json" >"$1.jq" 2>&1
}
status_is() { # NAME, status
	[ "$(cat "$1.status")" = "$2" ]
}
held='[.[] | select(.kind == "expect") | .held]'

play ignored <<'END'
open
client close
expect client state FIN_WAIT2
expect server state CLOSE_WAIT
expect server recvq 1
server write "123"
expect server write = 3
server signal SIGPIPE ignore
server write "A"
expect server write fails EPIPE
END
status_is ignored 0
verdict "exit status 0" ignored.status ignored.err
holds ignored "$held == [true, true, true, true, true]"
verdict "every expectation holds" ignored.jq ignored.err ignored.json
if holds ignored 'any(.kind == "segment")'; then
	captured=yes
	holds ignored '[.[] | select(.kind == "segment" and .conn == 1)
		| "\(.from) \(.flags) \(.len)"] ==
		["client S 0", "server S. 0", "client . 0", "client F. 0", "server . 0",
		"server P. 3", "client R 0"]'
	verdict "handshake, FIN, three bytes and RST, in order" ignored.json
else
	captured=
	skip "handshake, FIN, three bytes and RST, in order" "no capture here"
fi
holds ignored '([.[].n] == [range(1; length + 1)]) and ([.[].t] | . == sort)'
verdict "n counts from 1 without a gap, t never goes back" ignored.json
[ ! -s ignored.err ]
verdict "nothing on standard error" ignored.err

play default <<'END'
open
client close
expect client state FIN_WAIT2
server write "123"
expect server write = 3
server write "A"
expect server killed SIGPIPE
END
status_is default 0
verdict "without the signal line: exit status 0" default.status default.err
holds default "$held == [true, true, true]"
verdict "without the signal line: every expectation holds" default.jq default.err default.json
holds default 'any(.kind == "process" and .side == "server" and .what == "killed"
	and .signal == "SIGPIPE")'
verdict "without the signal line: the server is killed by SIGPIPE" default.json

play missed <<'END'
open
expect server recvq 7
END
status_is missed 1
verdict "an expectation that does not hold: exit status 1" missed.status missed.err

"$BOTHENDS" run --pcap cross.pcap - >out 2>err <<'END'
open
client write "hello"
expect server recvq 5
client close
END
if [ -z "$captured" ]; then
	skip "the save file opens in tcpdump" "no capture here"
	skip "the save file opens in tshark" "no capture here"
else
	tcpdump -nr cross.pcap >dump 2>&1 && grep -q 'Flags \[P\.\].*length 5' dump
	verdict "the save file opens in tcpdump" dump err
	if command -v tshark >/dev/null; then
		tshark -nr cross.pcap -Y 'tcp.len == 5' >dump 2>err && [ "$(wc -l <dump)" -eq 1 ]
		verdict "the save file opens in tshark" dump err
	else
		skip "the save file opens in tshark" "tshark is not installed"
	fi
fi
done_testing
