#!/usr/bin/env bash
# Starts a process of a Flink cluster from the jars in lib/:
#   standalone-job [--job-classname CLASS] [-Dkey=value ...] [ARGUMENTS]   job manager that runs the job in usrlib/
#   taskmanager [-Dkey=value ...]
# Anything else is run as it is. The words are those of Flink's own image, which the Kubernetes operator relies on.
set -euo pipefail

readonly FLINK_HOME="${FLINK_HOME:-/opt/flink}"
readonly CONF="${FLINK_CONF_DIR:-$FLINK_HOME/conf}"
readonly CLASSPATH_LIB="$FLINK_HOME/lib/*"
readonly MARK='BASH_JAVA_UTILS_EXEC_RESULT:'

# Always there, whatever the configuration says: Avro refuses generated classes of packages not named here, and without
# the cache every start would extract the native libraries again.
readonly ALWAYS=(
  -Dorg.apache.avro.SERIALIZABLE_PACKAGES=io.gmil.schema,io.gmil.stream.state
  "-Dorg.bytedeco.javacpp.cachedir=$FLINK_HOME/javacpp"
  --add-opens=java.base/java.util=ALL-UNNAMED
  --add-opens=java.base/java.lang=ALL-UNNAMED
  "-Dlog4j.configurationFile=file:$CONF/log4j-console.properties"
)

# The results of one of Flink's own start-up questions, one a line. Prints its complaints when it fails.
ask_flink() {
  local answer
  if ! answer=$(java -cp "$CLASSPATH_LIB" org.apache.flink.runtime.util.bash.BashJavaUtils "$@" 2>&1); then
    printf '%s\n' "$answer" >&2
    return 1
  fi
  sed -n "s/^$MARK//p" <<<"$answer"
}

# The value of a key in the effective configuration, or nothing.
configured() {
  sed -n "s/^$1: *//p" <<<"$effective" | sed "s/^[\"']//; s/[\"']\$//" | tail -n 1
}

start() {
  local question=$1 role=$2 main=$3
  shift 3
  local effective words
  local -a options=() arguments=() flags=() dynamic=()
  while (($#)) && [[ $1 != -- && $1 != --config ]]; do
    if [[ $1 == -D?*=* ]]; then options+=("$1"); else arguments+=("$1"); fi
    shift
  done
  # Behind "--" all is the job's. Without it Flink would take the job's --config for short of its own --configDir.
  if [[ ${1:-} == --config ]]; then arguments+=(--); fi
  effective=$(ask_flink UPDATE_AND_GET_FLINK_CONFIGURATION -flatten --configDir "$CONF" "${options[@]}")
  words=$(ask_flink "$question" --configDir "$CONF" "${options[@]}")
  read -r -a flags <<<"$(sed -n 1p <<<"$words") $(configured env.java.opts.all) $(configured "env.java.opts.$role")"
  read -r -a dynamic <<<"$(sed -n 2p <<<"$words")"
  exec java "${flags[@]}" "${ALWAYS[@]}" "-Dlog.file=$FLINK_HOME/log/$role.log" -cp "$CLASSPATH_LIB" "$main" \
    --configDir "$CONF" "${dynamic[@]}" "${options[@]}" "${arguments[@]}" "$@"
}

case "${1:-}" in
  standalone-job)
    shift
    start GET_JM_RESOURCE_PARAMS jobmanager \
      org.apache.flink.container.entrypoint.StandaloneApplicationClusterEntryPoint "$@"
    ;;
  taskmanager)
    shift
    start GET_TM_RESOURCE_PARAMS taskmanager org.apache.flink.runtime.taskexecutor.TaskManagerRunner "$@"
    ;;
  *)
    exec "$@"
    ;;
esac
