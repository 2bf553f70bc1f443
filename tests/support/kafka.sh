#!/usr/bin/env bash
# A real Apache Kafka of three brokers (KRaft, each broker and controller) on free ports of 127.0.0.1.
#   kafka.sh libs DIR               fetches Kafka's libraries by Maven, once, into $GANTRY_KAFKA_LIBS or DIR/libs
#   kafka.sh start DIR              starts it, or shares the one that runs; DIR/state then says bootstrap=…, where anybody
#                                   may do anything, and secure=… and ca=FILE for TLS with PLAIN or SCRAM-SHA-512, user
#                                   gantry, password gantry-secret, whose rights end where a topic has ACLs
#   kafka.sh stop DIR [all]         gives it up; it ends with its last owner (the calling processes)
#   kafka.sh kill|freeze|thaw DIR NODE…    SIGKILL, SIGSTOP, SIGCONT for the brokers named: 1 2 3
#   kafka.sh revive DIR NODE…       starts those that are dead again, on their ports and with their data
# Needs Java 17, openssl, and Maven the first time. Data is under ${TMPDIR:-/tmp} and goes when it stops.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/keeper.sh"
libs=${GANTRY_KAFKA_LIBS:-$dir/libs}
# The first of Java's compilers alone: brokers are up sooner, and the second one would take minutes to bring them what a
# server's have had for long, on the cores that they share with what is tested or measured.
quick="-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData"

fetch_libs() {
  mkdir -p "$libs"
  exec 8>"$libs/lock"
  flock 8
  if [ ! -e "$libs/complete-with-user" ]; then
    echo "fetching Kafka's libraries into $libs"
    mvn -q -B -f "$here/kafka-pom.xml" dependency:copy-dependencies "-DoutputDirectory=$libs" ||
      fail "Maven could not fetch Kafka: is there a network, or a mirror in ~/.m2/settings.xml?"
    # What `format` writes is the same for every broker but for meta.properties: once is enough.
    local form
    form=$(mktemp -d)
    broker_properties "$form" 1 10001 10002 10003 10004 10005 >"$form/server.properties"
    java $quick -cp "$libs/*" kafka.tools.StorageTool format -t "$cluster_id" -c "$form/server.properties" \
      --add-scram 'SCRAM-SHA-512=[name=gantry,password=gantry-secret]' >"$libs/format.log" 2>&1 ||
      fail "Kafka's storage tool failed, see $libs/format.log"
    cp "$form/data/bootstrap.checkpoint" "$libs/"
    rm -rf "$form"
    touch "$libs/complete-with-user"
  fi
  exec 8>&-
}

cluster_id=R2FudHJ5VGVzdENsdXN0ZQ
random_id() { head -c 16 /dev/urandom | base64 | tr '+/' 'AB' | tr -d '='; }

# broker_properties FOLDER NODE CLIENT_PORT SECURE_PORT CONTROLLER_PORT… (of all nodes)
broker_properties() {
  local folder=$1 node=$2 port=$3 secure=$4 voters="" n=0 controller
  shift 4
  for controller; do n=$((n + 1)); voters+="${voters:+,}$n@127.0.0.1:$controller"; done
  cat <<PROPERTIES
process.roles=broker,controller
node.id=$node
controller.quorum.voters=$voters
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:$port,SECURE://127.0.0.1:$secure,CONTROLLER://127.0.0.1:${!node}
advertised.listeners=PLAINTEXT://127.0.0.1:$port,SECURE://127.0.0.1:$secure
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SECURE:SASL_SSL
inter.broker.listener.name=PLAINTEXT
sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-512
listener.name.secure.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required \\
  user_gantry="gantry-secret";
listener.name.secure.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.secure.ssl.keystore.type=PEM
listener.name.secure.ssl.keystore.location=${folder%/*}/broker.pem
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
allow.everyone.if.no.acl.found=true
super.users=User:ANONYMOUS
log.dirs=$folder/data
auto.create.topics.enable=false
num.partitions=3
default.replication.factor=3
min.insync.replicas=2
offsets.topic.replication.factor=3
offsets.topic.num.partitions=6
transaction.state.log.replication.factor=3
transaction.state.log.num.partitions=6
transaction.state.log.min.isr=2
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
broker.session.timeout.ms=6000
broker.heartbeat.interval.ms=500
num.network.threads=2
num.io.threads=2
log.cleaner.dedupe.buffer.size=16777216
PROPERTIES
}

launch() {
  local folder=$data/$1
  [ ! -e "$folder/log" ] || cat "$folder/log" >>"$folder/log.before"
  setpriv --pdeathsig KILL java -Xms128m -Xmx512m $quick -Dorg.slf4j.simpleLogger.defaultLogLevel=warn \
    -Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info -Dorg.slf4j.simpleLogger.showDateTime=true \
    -cp "$libs/*" kafka.Kafka "$folder/server.properties" </dev/null >"$folder/log" 2>&1 3>&- &
  echo $! >"$folder/pid"
}

broker_pid() { cat "$data/$1/pid" 2>/dev/null; }
# By the folder on its command line, which a number used again by another process does not have.
broker_alive() { grep -qsz "$data" "/proc/$(broker_pid "$1")/cmdline"; }
broker_up() { grep -qs 'Kafka Server started' "$data/$1/log"; }
signal() { ! broker_alive "$2" || kill "-$1" "$(broker_pid "$2")"; }
shut_down() {
  local node
  for node in 1 2 3; do signal KILL $node; done
  for node in 1 2 3; do while broker_alive $node; do sleep 0.05; done; done
}

# wait_up NODE…: 0 when all accept clients; 1 when one has ended or 120 s are over.
wait_up() {
  local node deadline=$((SECONDS + 120))
  for node; do
    until broker_up "$node"; do
      broker_alive "$node" && [ $SECONDS -lt $deadline ] || return 1
      sleep 0.1
    done
  done
}

launch_nodes() {
  local node
  for node; do rm -f "$data/$node/pid"; mv -f "$data/$node/log" "$data/$node/log.before" 2>/dev/null || true; done
  for node; do say_to_keeper "launch $node"; done
  for node; do until [ -s "$data/$node/pid" ]; do keeper_alive || fail "the keeper has ended"; sleep 0.05; done; done
}

# One for all brokers, which a client trusts by name of its own file.
make_certificate() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=gantry-test \
    -addext subjectAltName=IP:127.0.0.1 -keyout "$1/key.pem" -out "$1/ca.pem" 2>"$1/openssl.log" ||
    fail "openssl made no certificate, see $1/openssl.log"
  cat "$1/key.pem" "$1/ca.pem" >"$1/broker.pem"
}

prepare() {
  local node ports
  data=$(mktemp -d "${TMPDIR:-/tmp}/gantry-kafka-XXXXXX")
  mapfile -t ports < <(free_ports 9)
  make_certificate "$data"
  for node in 1 2 3; do
    mkdir -p "$data/$node/data"
    broker_properties "$data/$node" $node "${ports[node - 1]}" "${ports[node + 2]}" "${ports[@]:6}" \
      >"$data/$node/server.properties"
    cp "$libs/bootstrap.checkpoint" "$data/$node/data/"
    printf 'version=1\ncluster.id=%s\nnode.id=%s\ndirectory.id=%s\n' $cluster_id $node "$(random_id)" \
      >"$data/$node/data/meta.properties"
  done
  bootstrap=127.0.0.1:${ports[0]},127.0.0.1:${ports[1]},127.0.0.1:${ports[2]}
  secure=127.0.0.1:${ports[3]},127.0.0.1:${ports[4]},127.0.0.1:${ports[5]}
}

start() {
  local attempt
  lock
  touch "$dir/owners/$owner"
  if read_state; then return 0; fi
  forget_killed_keeper
  fetch_libs
  for attempt in 1 2 3; do
    prepare
    start_keeper "$data" || fail "the keeper did not start, see $data/keeper.log"
    launch_nodes 1 2 3
    if wait_up 1 2 3; then
      printf 'keeper=%s\ndata=%s\nbootstrap=%s\nsecure=%s\nca=%s\n' "$keeper" "$data" "$bootstrap" "$secure" \
        "$data/ca.pem" >"$dir/state.new"
      mv "$dir/state.new" "$dir/state"
      return 0
    fi
    collided=$(grep -ls 'Address already in use' "$data"/?/log || true)
    [ -n "$collided" ] || tail -n 20 "$data"/?/log >&2
    say_to_keeper stop
    while keeper_alive; do sleep 0.1; done
    [ -n "$collided" ] || fail "Kafka did not start; the ends of the brokers' logs are above"
  done
  fail "no free ports found in $attempt attempts"
}

case $1 in
  libs) fetch_libs ;;
  start) start; echo "bootstrap=$bootstrap" ;;
  stop) stop_service "$@" ;;
  keep) keep "$@" ;;
  kill | freeze | thaw)
    need_state
    declare -A signals=([kill]=KILL [freeze]=STOP [thaw]=CONT)
    for node in "${@:3}"; do signal "${signals[$1]}" "$node"; done
    [ "$1" != kill ] || for node in "${@:3}"; do while broker_alive "$node"; do sleep 0.05; done; done
    ;;
  revive)
    need_state
    dead=()
    for node in "${@:3}"; do broker_alive "$node" || dead+=("$node"); done
    launch_nodes "${dead[@]}"
    wait_up "${@:3}" || { tail -n 20 "$data"/?/log >&2; fail "a broker did not come back"; }
    ;;
  *) fail "unknown command $1; see the head of the file" ;;
esac
