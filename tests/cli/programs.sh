#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The programs behind the lessons: each compiles without a warning, with a plain `cc NAME.c` too, and
# prints what its head comment says under `Prints:`, each time.
# shellcheck source=tests/cli/lib.sh
. "$SOURCE/tests/cli/lib.sh"

# The tab-indented lines under `Prints:` in the head comment.
promised() {
	awk '
	/^ \* Prints:$/ { on = 1; next }
	on && sub(/^ \*\t/, "") { print; next }
	on { exit }' "$1"
}
compiles() { # COMPILER, FILE, option
	# Some distributions' compilers have _FORTIFY_SOURCE by default, and its warnings.
	"$1" -std=gnu11 -O2 -D_FORTIFY_SOURCE=2 -Wall -Wextra -Wshadow -Werror -o program "$2" \
		${3+"$3"} 2>>why
}
prints() { # in a directory of its own
	rm -rf place && mkdir place && cd place || exit 1
	timeout -k 1 20 ../program >../out 2>>../why </dev/null
	status=$?
	cd .. || exit 1
	[ $status -eq 0 ] || echo "exit status $status" >>why
	cmp -s out wanted && [ $status -eq 0 ]
}

good() { # FILE
	: >why
	: >out
	promised "$1" >wanted
	[ -s wanted ] || {
		echo "its head comment has no \`Prints:\` with tab-indented lines" >why
		return 1
	}
	! command -v clang >where || compiles clang "$1" -fsyntax-only || return 1
	cc -o program "$1" 2>>why && [ ! -s why ] && prints || return 1
	compiles "${CC:-cc}" "$1" && prints
}

for file in "$SOURCE"/lessons/programs/*.c; do
	good "$file"
	verdict "${file##*/}" why wanted out
done
done_testing
