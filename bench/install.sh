#!/bin/sh
# Install what the peers of the bench need, on Debian or Ubuntu. Each that is missing is named by edge.py, not dropped.
set -eu
sudo=$(command -v sudo || true)
$sudo apt-get update
$sudo apt-get install --yes --no-install-recommends wrk php-cli php-soap php-fpm nginx-light gsoap libgsoap-dev g++
command -v npm >/dev/null || $sudo apt-get install --yes --no-install-recommends nodejs npm
"${VENV:-.venv}/bin/pip" install granian
