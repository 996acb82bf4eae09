# From the WSDL to a client in Java, with wsimport. HERE is this folder, WSDL that of the contract.
wsimport -quiet -Xnocompile -encoding UTF-8 -p red "$WSDL/pagomiscuentas.wsdl"
wsimport -quiet -Xnocompile -encoding UTF-8 -p empresa "$WSDL/empresa.wsdl"
javac -nowarn -encoding UTF-8 -cp /usr/share/java/jaxws-rt.jar -d . "$HERE/Cliente.java" red/*.java empresa/*.java
