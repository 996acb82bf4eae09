# From the WSDL to a client in Java, with WSDL2Java. HERE is this folder, WSDL that of the contract.
. "$HERE/classpath.sh"
java -cp "$AXIS" org.apache.axis.wsdl.WSDL2Java -p red "$WSDL/pagomiscuentas.wsdl"
java -cp "$AXIS" org.apache.axis.wsdl.WSDL2Java -p empresa "$WSDL/empresa.wsdl"
javac -nowarn -encoding UTF-8 -cp "$AXIS" -d . "$HERE/Cliente.java" red/*.java empresa/*.java
