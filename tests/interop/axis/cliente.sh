# Run the client that build.sh made: sh cliente.sh FOLDER URL EMPRESA TOKEN_RED TOKEN_EMPRESA
. "$(dirname "$0")/classpath.sh"
folder=$1
shift
exec java -cp "$AXIS:$folder" Cliente "$@"
