# From the WSDL to a client in C. HERE is this folder, WSDL that of the contract; it runs in the folder of what is built.
wsdl2h -c -o pmc.h "$WSDL/pagomiscuentas.wsdl" "$WSDL/empresa.wsdl"
soapcpp2 -c -C -L -w -x pmc.h
cc -o cliente -I. "$HERE/cliente.c" soapC.c soapClient.c -lgsoap
