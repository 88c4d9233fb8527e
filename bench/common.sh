# What bench/run and bench/scale share: the build, and imports that are timed. Sourced from the root.
shared=${CHITHI_SHARED:-../shared}
units=$shared/data/units/units-2022.tsv
[ -f "$units" ] || { echo "the benchmark needs $units" >&2; exit 1; }
[ -f build-bench/build.ninja ] || meson setup build-bench --buildtype=release -Db_ndebug=true >/dev/null
ninja -C build-bench chithi bench/bench_figure bench/bench_write >/dev/null
chithi=build-bench/chithi
echo "# $(date -u +%Y-%m-%d), $(nproc) cores, $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1)"

# timed NAME COMMAND...: wall and CPU seconds, and the largest anonymous memory.
timed() {
    name=$1
    shift
    python3 - "$name" "$@" <<'PY'
import resource, subprocess, sys, time
start = time.monotonic()
process = subprocess.Popen(sys.argv[2:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
anonymous = 0
while process.poll() is None:
    try:
        with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
            anonymous = max([anonymous] + [int(l.split()[1]) for l in status if l.startswith("RssAnon")])
    except OSError:
        pass
    time.sleep(0.005 if time.monotonic() - start < 2 else 0.1)
wall = time.monotonic() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"{sys.argv[1]}\t{wall:.2f} s\t{used.ru_utime + used.ru_stime:.2f} s of CPU\t"
      f"{anonymous / 1024:.0f} MB anonymous", flush=True)
if process.returncode != 0:
    sys.exit(f"{sys.argv[1]} failed")
PY
}

# import_mix DATABASE FOLDER UNITS MIX RECORDS FIRST LAST: of each register of the mix so many of a hundred
# records, begun in those years. One document of the centre is there for others to refer to.
import_mix() {
    [ -f "$2/demo.db" ] || "$chithi" demo --db "$2/demo.db" >/dev/null 2>&1
    "$chithi" record export van_ban --db "$2/demo.db" 2>/dev/null |
        awk -F'\t' 'NR == 2 { $1 = $2 = ""; $3 = "VN" } NR < 3' OFS='\t' >"$2/document.tsv"
    "$chithi" record import van_ban "$2/document.tsv" --db "$1" >/dev/null
    document=$("$chithi" record export van_ban --db "$1" 2>/dev/null | sed -n '2s/\t.*//p')
    echo "$4" | while read -r register share; do
        count=$(($5 * share / 100))
        "$chithi" record export "$register" --db "$2/demo.db" 2>/dev/null >"$2/demo.tsv"
        python3 bench/generate.py "$2/demo.tsv" "$3" "$document" "$count" "$6" "$7" >"$2/$register.tsv"
        timed "import of $count $register" "$chithi" record import "$register" "$2/$register.tsv" --db "$1"
        rm "$2/$register.tsv"
    done
}

file_size() {
    ls -l "$1" | awk '{printf "file size, MB\t%.0f\n", $5 / 1048576}'
}

server_size() {
    psql -X -At "$1" -c "SELECT 'database on the server, MB' || chr(9) || (pg_database_size(current_database()) >> 20)"
}
