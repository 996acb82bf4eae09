#!/bin/sh
# Installs the browser that the tests of the pages drive, from Debian's own packages. Needs root.
set -eu
export DEBIAN_FRONTEND=noninteractive
command -v chromium >/dev/null && exit 0
apt-get update -qq
apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
