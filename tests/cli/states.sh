#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The ten states that sock_diag can report, on the wire: all of them looked at, none inferred.
# shellcheck source=tests/cli/lib.sh
. "$SOURCE/tests/cli/lib.sh"

holds() { # a jq filter over all events
	jq -es "$1" <events >found 2>&1
}

timeout 10 "$BOTHENDS" run --json "$SOURCE/tests/cli/ten-states.lab" >events 2>err
status=$?
if [ "$status" = 3 ]; then
	skip "ten states in ten seconds" "no wire here"
	done_testing
	exit
fi
[ "$status" = 0 ]
verdict "ten states in ten seconds" err events
holds '[.[] | select(.kind == "expect") | .held] | length > 10 and all'
verdict "every expectation holds" found events
holds '[.[] | select(.kind == "state") | .inferred] | any | not'
verdict "no state is inferred" found events
holds '([.[] | select(.kind == "state") | .new] | unique) - ["CLOSE"] ==
	["CLOSE_WAIT", "CLOSING", "ESTABLISHED", "FIN_WAIT1", "FIN_WAIT2", "LAST_ACK", "LISTEN",
	"SYN_RECV", "SYN_SENT", "TIME_WAIT"]'
verdict "and these are the ten" found events
done_testing
