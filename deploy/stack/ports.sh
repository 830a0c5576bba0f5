# ports.sh - where everything listens: PORT_BASE plus the port that people know.  Sourced.
# shellcheck shell=bash disable=SC2034 # the ports are for whoever sources this

ports_set()
{
	local base=$1

	if ! [[ $base =~ ^[0-9]{1,5}$ ]] || ((10#$base < 1 || 10#$base > 56000)); then
		die 100 "PORT_BASE: expected a number from 1 to 56000, found \"$base\""
	fi
	base=$((10#$base))
	PORT_BROKER=$((base + 9092)) # and the controller on the next one
	PORT_REDIS=$((base + 6379))
	PORT_SMTP=$((base + 1025))
	PORT_MAILS=$((base + 8025))
	PORT_INGEST=$((base + 8080))
	PORT_SEGMENTER=$((base + 8081))
	PORT_SCHEDULER=$((base + 8082))
	PORT_EMAIL_SENDER=$((base + 8083))
	PORT_REVIEW_SOLICITOR=$((base + 8084))
	PORT_CONSOLE=$((base + 8085))
	PORT_DESK=$((base + 8086))
}

port_answers()
{
	(exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# "java, pid 4479", as far as this system tells.
port_owner()
{
	local owner

	owner=$(ss -ltnpH "sport = :$1" 2>/dev/null |
		sed -n 's/.*users:(("\([^"]*\)",pid=\([0-9]*\).*/\1, pid \2/p' | head -n 1)
	echo "${owner:-another program}"
}

# ports_need NAME:PORT...: all must be free; says of each that is not who has it.
ports_need()
{
	local entry taken=()

	for entry in "$@"; do
		if port_answers "${entry#*:}"; then
			taken+=("port ${entry#*:} (${entry%%:*}) is taken by $(port_owner "${entry#*:}")")
		fi
	done
	[ ${#taken[@]} -eq 0 ] && return 0
	die 111 "${taken[@]}" \
		"stop it, or move all ports together: PORT_BASE=20000 gives 29092, 26379, 28080, ..."
}
