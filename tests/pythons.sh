#!/bin/sh
# Runs the suite on each supported Python that is found here and is not the one of the venv; says which are missing.
set -eu
mine=$("$PYTHON" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
for version in 3.11 3.12 3.13; do
    [ "$version" = "$mine" ] && continue
    found=
    for candidate in "$(command -v python$version || true)" "${PYENV_ROOT:-$HOME/.pyenv}"/versions/$version.*/bin/python$version; do
        if [ -x "$candidate" ] && "$candidate" -c '' 2>/dev/null; then found=$candidate; break; fi
    done
    if [ -z "$found" ]; then echo "python$version: not found, not tested"; continue; fi
    venv=.venv-$version
    if [ ! -e "$venv/.ready" ] || [ pyproject.toml -nt "$venv/.ready" ]; then
        "$found" -m venv "$venv"
        "$venv/bin/python" -m pip install -qq --upgrade pip
        "$venv/bin/python" -m pip install -qq --editable '.[dev]'
        touch "$venv/.ready"
    fi
    # old stacks and nginx see the wire, not the interpreter: the oldest and the newest are enough for them
    less=
    [ "$version" = 3.12 ] && less="--ignore=tests/interop --ignore=tests/deploy"
    echo "python$version:"
    "$venv/bin/python" -m pytest -n auto -q $less
done
