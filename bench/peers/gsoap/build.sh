#!/bin/sh
# Generate the server's code from the contract and compile it: build.sh WSDL FOLDER
set -eu
here=$(cd "$(dirname "$0")" && pwd)
wsdl=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
mkdir -p "$2"
cd "$2"
wsdl2h -g -o pmc.h "$wsdl"
soapcpp2 -j -S -x -L -I/usr/share/gsoap/import pmc.h
c++ -O2 -std=c++17 -w -DWITH_PURE_VIRTUAL -I. "$here/server.cpp" soapC.cpp soapPagoMisCuentasBindingService.cpp -lgsoap++ -lpthread -o server
