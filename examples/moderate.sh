#!/bin/bash
# Shows what is held, with the reasons, and asks for a decision about each.
#   BASE=http://127.0.0.1:8000 TOKEN=… examples/moderate.sh [SITE]
# Answers: a approve, r reject, s spam, q stop; anything else leaves it for later.
set -eu
: "${BASE:?where Afterword runs, such as http://127.0.0.1:8000}"
: "${TOKEN:?a token with the scope moderate; see: afterword token create --help}"
site=${1:+&site=$1}

ask() {
    curl --silent --show-error --fail-with-body -H "Authorization: Bearer $TOKEN" "$@"
}

# A line for each: comment, revision, and what a moderator reads. What readers wrote may hold codes
# that command a terminal, so only what can be printed is.
waiting=$(ask "$BASE/v1/moderation/queue?limit=200$site" | python3 -c '
import json, sys
for item in json.load(sys.stdin)["items"]:
    found = [one for one in item["findings"] if one["verdict"] != "pass"]
    reasons = "; ".join("{check}: {reason}".format(**one) for one in found)
    line = "{}: {}  [{}]".format(item["author"]["name"], item["body"], reasons)
    print(item["comment"], item["revision"], "".join(c if c.isprintable() else " " for c in line))
')

while read -r comment revision line <&3; do
    printf '\n%s\na/r/s/q? ' "$line"
    read -r key || break
    case $key in
        a) to=approved ;;
        r) to=rejected ;;
        s) to=spam ;;
        q) break ;;
        *) continue ;;
    esac
    decision="{\"revision\": \"$revision\", \"seen\": \"held\", \"to\": \"$to\"}"
    # Somebody else may have been faster: then the answer says who.
    if answer=$(ask "$BASE/v1/comments/$comment/decisions" -H 'Content-Type: application/json' -d "$decision"); then
        echo "$to"
    else
        echo "$answer"
    fi
done 3<<<"$waiting"
