#!/usr/bin/env bash
# Measures the relay and its neighbours; README.md tells how.
#   bench/run.sh <peer>[,<peer>] <scenario>[,<scenario>] [runs] [warm-up seconds]
#   bench/run.sh serve <peer> --port N --upstream http://127.0.0.1:19000/v1 --key K
#   bench/run.sh clients [part of a client's name …]
#   bench/run.sh micro [JMH's arguments: a pattern of names, -prof gc, -p shape=RECORDED …]
set -euo pipefail
cd "$(dirname "$0")/.."

# Only what is missing is built: after a change "mvn -Pbench package" comes first.
if [ ! -e bench/target/peers/dropin.jar ] || [ ! -e bench/target/classes/io/github/difyjakarta/bench/LoadRunner.class ]; then
  mvn -q -B -ntp -Pbench -pl bench -am -DskipTests -Dspotless.check.skip package >&2
fi
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
ulimit -n "$(ulimit -Hn)"
target=$PWD/bench/target
runner=("$java" -Xms256m -Xmx1g -XX:+UseSerialGC -cp "$target/classes:$target/lib/*" io.github.difyjakarta.bench.LoadRunner "$target")

if [ "${1-}" = serve ]; then
  command=$("${runner[@]}" "$@")
  mapfile -t words <<<"$command"
  exec "${words[@]}"
fi
if [ "${1-}" = clients ]; then
  exec "$java" ${JAVA_ARGS-} -cp "$target/classes:$target/lib/*" io.github.difyjakarta.bench.client.ClientComparison "${@:2}"
fi
if [ "${1-}" = micro ]; then
  exec "$java" ${JAVA_ARGS-} -cp "$target/classes:$target/lib/*" io.github.difyjakarta.bench.micro.Micro "${@:2}"
fi
exec "${runner[@]}" "$@"
