# From the WSDL to a client in C++. HERE is this folder, WSDL that of the contract; it runs in the folder of what is built.
wsdl2h -o pmc.h "$WSDL/pagomiscuentas.wsdl" "$WSDL/empresa.wsdl"
soapcpp2 -C -j -L -w -x pmc.h
c++ -o cliente -I. "$HERE/cliente.cpp" soapC.cpp soapPagoMisCuentasBindingProxy.cpp -lgsoap++
