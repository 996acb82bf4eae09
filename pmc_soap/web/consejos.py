"""What the help adds to the tables of the edge, by code: how an error usually comes about, what to do about a result.

Texts in es-AR, in words that name nobody: they stand beside those that go out on the wire.
"""

from collections.abc import Mapping, Sequence

CASOS: Mapping[str, Sequence[str]] = {
    "PMC-1001": (
        "Una etiqueta sin cerrar, o dos documentos pegados.",
        "Una entidad que XML no conoce, como &nbsp; o &ntilde;.",
        "El cuerpo vacío: se envió un POST sin el sobre.",
        "Acentos en otra codificación que la declarada.",
    ),
    "PMC-1002": ("Un <!DOCTYPE …> antes del sobre.", "Una hoja de estilo: <?xml-stylesheet …?>."),
    "PMC-1003": (
        "Se envió el mensaje suelto, sin soap:Envelope y soap:Body.",
        "El Body está vacío o trae dos operaciones.",
        "El Header viene después del Body.",
    ),
    "PMC-1004": (
        "La biblioteca usa SOAP 1.2 (http://www.w3.org/2003/05/soap-envelope): hay que elegir 1.1.",
        "El Envelope no tiene espacio de nombres.",
    ),
    "PMC-1005": ('La biblioteca agrega WS-Addressing u otra extensión con mustUnderstand="1".',),
    "PMC-1006": (
        "La operación es de la otra dirección: AltaFactura va a /soap/v1/empresa, y AvisoPago no.",
        "El elemento no está en el espacio de nombres urn:pmc-soap:v1.",
        "El nombre cambia en una mayúscula, o la dirección en una letra.",
    ),
    "PMC-1007": ("SOAPAction quedó fijo en una operación, y el Body trae otra.",),
    "PMC-1008": (
        "Un importe con coma, con separador de miles o con más de dos decimales: se escribe 1500.50.",
        "Falta un elemento obligatorio, o los elementos vienen en otro orden que el del WSDL.",
        "Un identificador más largo que lo que admite el contrato, o con acentos, eñes, «&» o «<».",
        "Una hora 24:00:00, o más de tres vencimientos.",
    ),
    "PMC-1009": ("Demasiadas confirmaciones en un solo ConfirmarAvisos.", "Un archivo adjunto dentro del pedido."),
    "PMC-1010": (
        "Content-Type es application/json, o multipart por MTOM o adjuntos.",
        "El pedido viaja comprimido (Content-Encoding: gzip).",
        "El charset no está en la lista.",
    ),
    "PMC-1011": ("Content-Length no es un número, o un proxy lo cambió.",),
    "PMC-1012": (
        "Un pedido armado a mano con elementos de más.",
        "Un texto muchísimo más largo que lo que pide el campo.",
    ),
    "PMC-1013": (
        "La conexión es muy lenta o se cortó a mitad de camino.",
        "Content-Length anuncia más bytes que los que se envían.",
    ),
    "PMC-2001": (
        "El pedido no trae Token, ni Authorization, ni UsernameToken.",
        "El sistema espera el desafío de HTTP Basic para enviarla: con este 401 lo recibe, y repite solo.",
    ),
    "PMC-2002": (
        "Se usó la credencial de la empresa en la dirección de la red, o al revés.",
        "CodigoEmpresa es el de otra empresa.",
        "La credencial se cambió y sigue en uso la anterior.",
        "Llega un PasswordDigest y la credencial está como «hash»: un resumen solo se comprueba con «secreto».",
    ),
    "PMC-2003": ("El sistema llama desde un servidor nuevo, o sale por otro proxy.",),
    "PMC-2004": ("Un proceso automático repite sin pausa una credencial que no es válida.",),
    "PMC-2005": (
        "El reloj del sistema que llama está corrido.",
        "El mismo Nonce se usó en dos pedidos, por ejemplo al reintentar.",
    ),
    "PMC-9001": ("Algo falló de nuestro lado. El IdPedido permite encontrarlo.",),
    "PMC-9002": ("La base de datos se está reiniciando, o perdió la conexión por un momento.",),
    "PMC-9003": ("Llegaron demasiados pedidos a la vez. Conviene esperar un poco más en cada reintento.",),
}

QUE_HACER: Mapping[str, str] = {
    "00": "Nada: salió bien. Duplicado dice si repite un pedido anterior; en un aviso, Estado dice si se imputó.",
    "02": "Nada: hoy no hay qué pagar.",
    "03": "Revisar IdCliente. A un cliente nuevo lo informa la empresa, con un archivo o con AltaFactura.",
    "04": "Revisar IdFactura, y que sea de ese IdCliente.",
    "05": "Nada: pasó su último vencimiento y ya no se cobra por acá.",
    "06": "Nada: no hay que volver a cobrarla. ConsultaPago cuenta qué pasó con el pago.",
    "07": "Nada: la empresa la retiró y no se cobra.",
    "08": "Ofrecer primero la factura más antigua de ese cliente.",
    "09": "Corregir ImporteMinimo e ImporteMaximo: así no dejan lugar a ningún importe.",
    "11": "Informar la factura en pesos (ARS). Un pago en otra moneda no se rechaza: lo mira una persona.",
    "16": "Usar ModificacionFactura para cambiarla, u otro IdFactura si es otra factura.",
    "17": "Revisar los vencimientos: numerados desde 1, sin saltos, y que ni las fechas ni los importes bajen.",
    "18": "Nada: solo cambia una factura pendiente, y esta ya se pagó o se retiró.",
    "19": "Pedir que se habilite el servicio para la empresa. Un aviso de pago se guarda igual.",
    "20": "Revisar CodigoEmpresa, o pedir que se active. Un aviso de pago se guarda igual.",
    "24": "No repetirlo: vale el primero que llegó. Averiguar por qué la misma transacción vino con otros datos.",
    "30": "Revisar con qué se nombra el pago. Si el pago llega después de su reversa, no se imputa.",
    "31": "Enviar la reversa por el importe entero del pago: no hay reversas parciales.",
    "32": "Nada por este medio: pasó el plazo para reversar. La devolución se arregla con la empresa.",
    "90": "Corregir el campo que nombra la descripción, y enviar el pedido de nuevo.",
    "91": "Repetir la consulta en unos segundos.",
    "92": "Repetir la consulta en unos segundos.",
    "99": "Nada: está reservado. Un error interno llega como el error PMC-9001.",
}
