# Where Debian keeps Axis 1.4 and what it needs.
AXIS=.
for jar in axis axis-jaxrpc axis-saaj commons-discovery commons-logging wsdl4j javax.activation javax.mail; do
    AXIS="$AXIS:/usr/share/java/$jar.jar"
done
