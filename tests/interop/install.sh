#!/bin/sh
# Install every stack of this folder on Debian or Ubuntu, as root; what is there already is left as it is.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
export DEBIAN_FRONTEND=noninteractive

apt-get update -qq
apt-get install -y -qq --no-install-recommends \
    php-cli php-soap \
    libsoap-lite-perl \
    ruby ruby-soap4r \
    tcl tclws tcllib \
    gcc g++ libc6-dev gsoap libgsoap-dev \
    default-jdk-headless jaxws libaxis-java libactivation-java \
    mono-devel mono-mcs libmono-system-web-services4.0-cil libmono-system-web-extensions4.0-cil
command -v npm >/dev/null || apt-get install -y -qq --no-install-recommends nodejs npm

mkdir -p "$here/../../.interop/node"
cp "$here/node/package.json" "$here/node/package-lock.json" "$here/../../.interop/node/"
npm ci --prefix "$here/../../.interop/node" --ignore-scripts --no-audit --no-fund --loglevel=error
