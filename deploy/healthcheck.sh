#!/bin/bash
# healthcheck - exit 0 when this container's service says that it is ready.  Bash only: no curl.
# NURTURE_ADMIN_LISTEN has /readyz when it is set.
listen=${NURTURE_ADMIN_LISTEN:-$NURTURE_LISTEN}
port=${listen##*:}
exec 3<>"/dev/tcp/127.0.0.1/${port:-8080}" || exit 1
printf 'GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
IFS= read -r -t 3 status <&3
case $status in
*" 200 "*) exit 0 ;;
esac
echo "not ready: $status"
exit 1
