#!/usr/bin/env bash
# What the action does, from its inputs in the environment. A bundle needs Node 24, an image Docker. The exit code is Tally's.
set -euo pipefail

# words NAME TEXT: TEXT as a shell splits it, into the array `split`. Written for bash 3.2, which macOS has.
words() {
  local word out
  split=()
  [[ $2 == *[![:space:]]* ]] || return 0
  out=$(xargs -n1 printf '%s\n' <<<"$2" && echo .) || {
    echo "::error title=Tally::The input '$1' has a quote without its other half: $2"
    exit 2
  }
  while IFS= read -r word; do split+=("$word"); done <<<"${out%$'\n'.}"
}

declare -a split=() flags=()
words args "$ARGS"
[ -z "$WAIT" ] || flags+=("--wait=$WAIT")
[ -z "$READY" ] || flags+=("--ready=$READY")
flags+=(${split[@]+"${split[@]}"})
mkdir -p "$OUT"

case $SUITE in
  *.tgz)
    [ -z "$START" ] || flags+=("--start=$START")
    bundle=$(mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/tally.XXXXXX")
    tar -xzf "$SUITE" -C "$bundle"
    # Node takes the place of this shell, so that a job that is cancelled reaches Tally, and Tally ends what it started.
    exec node "$bundle/package/tally.mjs" test "--out=$OUT" ${flags[@]+"${flags[@]}"}
    ;;
esac

# A container can start nothing of the host: the endpoint is started beside it.
group='' run=''
finish() {
  [ -n "$group" ] && kill -- "-$group" 2>/dev/null || return 0
  # What was asked to end gets five seconds for it.
  for _ in {1..50}; do
    kill -0 -- "-$group" 2>/dev/null || return 0
    sleep 0.1
  done
  kill -KILL -- "-$group" 2>/dev/null || true
}
trap finish EXIT
trap '[ -z "$run" ] || kill -TERM "$run" 2>/dev/null || true' INT TERM
if [ -n "$START" ]; then
  words start "$START"
  setsid "${split[@]}" >"$OUT/start.log" 2>&1 &
  group=$!
fi

out=$(cd "$OUT" && pwd)
declare -a container=(
  --rm --network host --user "$(id -u):$(id -g)" --read-only --cap-drop ALL
  --env ENDPOINT --env CI --env GITHUB_ACTIONS --volume "$out:/out"
)
# Tally writes the summary of the step into this file.
if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
  container+=(--env GITHUB_STEP_SUMMARY --volume "$GITHUB_STEP_SUMMARY:$GITHUB_STEP_SUMMARY")
fi
# What the workflow sets for Tally, such as TALLY_TOKEN.
while IFS= read -r name; do container+=(--env "$name"); done < <(compgen -e TALLY_ || true)

docker run "${container[@]}" "$SUITE" ${flags[@]+"${flags[@]}"} &
run=$!
exit=0
wait "$run" || exit=$?
# A signal ends the wait before the container has ended.
while kill -0 "$run" 2>/dev/null; do
  exit=0
  wait "$run" || exit=$?
done
if [ "$exit" = 3 ] && [ -n "$START" ]; then
  echo "The last lines of the endpoint, $OUT/start.log:"
  tail -n 20 "$OUT/start.log"
fi
exit "$exit"
