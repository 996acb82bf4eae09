#!/bin/sh
# Runs the suite on each supported Python that is found here and is not the one of the venv; says which are missing.
# The system's own Python may be another patch of one of them, with bugs of its own (re, before 3.11.5): it reads the
# wire once more.
set -eu

prepare() {  # python venv
    if [ ! -e "$2/.ready" ] || [ pyproject.toml -nt "$2/.ready" ]; then
        "$1" -m venv "$2"
        "$2/bin/python" -m pip install -qq --upgrade pip
        "$2/bin/python" -m pip install -qq --editable '.[dev]'
        touch "$2/.ready"
    fi
}

full() { "$1" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])'; }

tested=$(full "$PYTHON")
mine=$("$PYTHON" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
for version in 3.11 3.12 3.13; do
    [ "$version" = "$mine" ] && continue
    found=
    for candidate in "$(command -v python$version || true)" "${PYENV_ROOT:-$HOME/.pyenv}"/versions/$version.*/bin/python$version; do
        if [ -x "$candidate" ] && "$candidate" -c '' 2>/dev/null; then found=$candidate; break; fi
    done
    if [ -z "$found" ]; then echo "python$version: not found, not tested"; continue; fi
    venv=.venv-$version
    prepare "$found" "$venv"
    tested="$tested $(full "$venv/bin/python")"
    # a browser sees pages, not the interpreter: once is enough. Old stacks, nginx and journeys see the wire: the oldest
    # and the newest are enough for them
    less=--ignore=tests/navegador
    [ "$version" = 3.12 ] && less="$less --ignore=tests/interop --ignore=tests/deploy --ignore=tests/journeys"
    echo "python$version:"
    "$venv/bin/python" -m pytest -n auto -q $less
done

system=/usr/bin/python3
if [ -x $system ] && $system -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    version=$(full $system)
    case " $tested " in *" $version "*) exit 0 ;; esac
    prepare $system ".venv-$version"
    echo "python$version, the system's own: the edge"
    ".venv-$version/bin/python" -m pytest -n auto -q tests/soap
else
    echo "the system's own python: not found, not tested"
fi
