#!/bin/sh
# Install what these tests put in front of the gateway, what the system's Python needs, and the office that opens our
# workbooks, on Debian or Ubuntu, as root; what is there is left as it is.
set -eu
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends nginx-light openssl strace python3-venv libreoffice-calc-nogui
