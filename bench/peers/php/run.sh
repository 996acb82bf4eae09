#!/bin/sh
# FPM and nginx together, for as long as this runs; edge.py puts the words between @ in.
if [ "$(id -u)" = 0 ]; then root=-R; fi
@FPM@ -F ${root:-} -y @PLACE@/fpm.conf &
fpm=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do
  if [ -S @PLACE@/fpm.sock ]; then break; fi
  sleep 0.2
done
nginx -c @PLACE@/nginx.conf ${root:+-g "user root;"} &
trap 'kill $fpm $! 2>/dev/null' TERM INT
wait
