# Installs what is missing from Debian 12, as root or with sudo. Sourced by ./run and ./test:
#     need PACKAGE...
need() {
    missing=
    for package in "$@"; do
        if ! dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed'; then
            missing="$missing $package"
        fi
    done
    [ -z "$missing" ] && return 0
    echo "Installing:$missing" >&2
    sudo=
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null 2>&1; then
            echo "These packages are missing, and neither root nor sudo is there:$missing" >&2
            exit 1
        fi
        sudo=sudo
    fi
    # shellcheck disable=SC2086
    $sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null 2>&1 || {
        $sudo apt-get update -qq >/dev/null
        $sudo env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -qq --no-install-recommends $missing >/dev/null
    }
}

build_packages='gcc libc6-dev meson ninja-build pkg-config libicu-dev libsqlite3-dev
libpq-dev libmicrohttpd-dev libgnutls28-dev libyaml-dev libzip-dev libsodium-dev liboath-dev
zlib1g-dev libjansson-dev libxlsxwriter-dev libseccomp-dev libqrencode-dev'
test_packages='clang libclang-rt-14-dev libcmocka-dev valgrind python3 python3-docx python3-yaml
postgresql libreoffice-writer-nogui fonts-liberation2 poppler-utils groff-base gettext
chromium fonts-noto-core nginx-light openssl'

# What the browser's tests are written with. Node may be there without being a package of Debian's; where the registry
# cannot be reached those tests say so and are skipped.
need_node() {
    command -v npm >/dev/null 2>&1 || need nodejs npm
    [ tests/browser/node_modules/.package-lock.json -nt tests/browser/package-lock.json ] ||
        npm ci --prefix tests/browser --ignore-scripts --no-audit --no-fund >/dev/null 2>&1 || true
}
