"""A whole configuration to start from: what stands is enough for homologation; the rest is there to be uncommented."""

EJEMPLO = """\
# Configuración de pmc-soap. Cada clave se explica con: pmc-soap config explain CLAVE
# Lo que sigue comentado muestra qué más hay: borrá el «# » de las líneas que necesites.
#
# Por encima de este archivo están la carpeta de secretos (PMC_SECRETS), el entorno (PMC_DB, PMC_PUBLIC_URL,
# PMC_EMPRESAS__1234__SISTEMA__CLAVE…) y la línea de comandos. Un secreto se puede escribir acá, o mejor
# { archivo = "/run/secrets/erp" } o { entorno = "ERP_CLAVE" }.

mode = "homologacion"                          # demostracion | homologacion | produccion
db = "sqlite:///var/pmc.db"                    # en producción: postgresql+psycopg://pmc@localhost/pmc
# acepta_sqlite = true
public_url = "https://pagos.ejemplo.com.ar"    # la dirección que va en el WSDL
# secretos_dir = "/run/secrets"
# proxies = ["10.0.0.2"]                       # a quiénes se les cree X-Forwarded-For, por TCP

# La red, que nos llama. Creá el secreto con: pmc-soap credencial issue --usuario pagomiscuentas
[pagomiscuentas]
credenciales = []                              # { usuario = "pagomiscuentas", hash = "sha256$…" }
# redes = ["200.16.0.0/24"]                    # desde dónde puede llamar
# certificados = ["CN=pagomiscuentas,O=Ejemplo,C=AR"]    # detrás de nginx, por un socket unix

# El calendario de los bancos ya está: los feriados nacionales y bancarios. Acá va lo que se decrete después.
[calendario]
# feriados = [2026-12-24]
# habiles = [2026-11-06]
# corte = 14:30:00                             # un archivo hecho más tarde es del día hábil siguiente

# El sandbox: jugar a ser PagoMisCuentas desde un navegador, con pagos que cuentan como los demás.
# [sandbox]
# activo = true
# url = "http://127.0.0.1:8080"                # cómo se llama a sí misma la pasarela; si no, public_url
# empresa = "1234"
# token = { archivo = "/run/secrets/sandbox_pmc" }
# token_empresa = { archivo = "/run/secrets/sandbox_empresa" }

# Una empresa, con el código de 4 caracteres con que se guardan sus datos.
[empresas.1234]
nombre = "Club Ejemplo"
activa = true
servicios = ["CONSULTA", "AVISO", "ALTA"]      # cada uno se contrata por separado
# codigos = [{ codigo = "1234" }, { codigo = "0987", hasta = 2027-03-31 }]
con_base = true                                # informa sus facturas; si no, los avisos valen por sí solos
pagar_en_orden = false                         # exigir primero la factura más antigua
politica_importe = "EXACTO"                    # EXACTO | ADMITE_MAYOR | ADMITE_CUALQUIERA
gracia_dias = 0                                # cuánto después del último vencimiento todavía se puede pagar
plazo_consulta_ms = 4000                       # en cuánto se contesta una consulta, pase lo que pase
memoria_consulta_minutos = 15                  # cuánto vale lo último que dijo el sistema, si deja de contestar
ventana_duplicado_minutos = 10                 # un aviso igual, sin identificadores, es el mismo
plazo_reversa_horas = 72                       # después, la reversa se contesta 32
# codigos_resultado = { "05" = "12" }
credenciales = []                              # { usuario = "1234", hash = "sha256$…", hasta = 2027-03-31 }

# Sus archivos de facturas.
# [empresas.1234.archivos]
# entrada = "/srv/pmc/1234/entrada"            # donde aparecen: los carga pmc-soap facturas watch
# modo = "reemplazo"                           # cada uno es la base entera
# retiro_maximo_porciento = 20                 # cuánto da de baja, sin preguntar, un archivo que reemplaza la base
# variante = "ANCHA"                           # CLASICA | ANCHA: los importes del FAC que se escribe
# trailer_total_width = 11                     # 11 | 16 | 19: los dígitos del total de su cierre
#
# Cómo escribe sus planillas, CSV o Excel; lo que no se diga se averigua de cada una.
# [empresas.1234.planilla]
# columnas = { id_cliente = "Nro. de socio", importe = "Total", vencimiento = "Vence" }
# decimal = "COMA"                             # COMA | PUNTO
# formatos_fecha = ["%d/%m/%Y", "%d/%m/%y"]
# separador = ";"
# codificacion = "windows-1252"                # utf-8 | windows-1252
# hoja = "Deuda"

# El sistema de la empresa, al que se le consulta la deuda (segunda instancia): uno solo de estos cuatro.
# Con él se elige también, en [empresas.1234], la política:
# SOLO_BASE | BASE_LUEGO_EMPRESA | EMPRESA_LUEGO_BASE | AMBAS
#
# Otro servicio SOAP, con este mismo contrato:
# [empresas.1234.sistema]
# tipo = "soap"
# url = "https://erp.ejemplo.com.ar/pmc"
# usuario = "pmc"
# clave = { archivo = "/run/secrets/erp_clave" }
# token = { entorno = "ERP_TOKEN" }
#
# Un servicio que contesta JSON:
# [empresas.1234.sistema]
# tipo = "json"
# url = "https://erp.ejemplo.com.ar/deuda/{id_cliente}"
# metodo = "GET"
# encabezados = { X-Api-Key = { entorno = "ERP_API_KEY" } }
# lista = "facturas"
# campos = { id_factura = "numero", importe = "total", vencimiento = "vence", mensaje_ticket = "detalle" }
# en_centavos = false
# formato_fecha = "%d/%m/%Y"
#
# La base de datos de la empresa:
# [empresas.1234.sistema]
# tipo = "sql"
# url = { archivo = "/run/secrets/erp_url" }
# consulta = "SELECT id_factura, importe, vencimiento FROM deuda WHERE cliente = :id_cliente"
# cliente = "SELECT 1 FROM cliente WHERE id = :id_cliente"
#
# Código propio:
# [empresas.1234.sistema]
# tipo = "python"
# objeto = "mi_empresa.pmc:Deuda"
# opciones = { sucursal = 7 }

# Adónde se llevan los avisos. Puede haber varios destinos, cada uno con su nombre; sin ninguno, es «pull».
[empresas.1234.destinos.pull]                  # la empresa los busca con ObtenerAvisos
tipo = "pull"

# Otro servicio SOAP, con este mismo contrato:
# [empresas.1234.destinos.erp]
# tipo = "soap"
# url = "https://erp.ejemplo.com.ar/pmc"
# token = { entorno = "ERP_TOKEN" }
# hilos = 4
# timeout_s = 10
# esperas_segundos = [5, 30, 120, 300, 900, 1800, 3600, 7200, 14400, 21600]
# si_se_detiene = "ESPERA"
#
# Un servicio que recibe JSON, firmado:
# [empresas.1234.destinos.web]
# tipo = "json"
# url = "https://erp.ejemplo.com.ar/avisos"
# secreto = { archivo = "/run/secrets/webhook" }
#
# Una cola:
# [empresas.1234.destinos.cola]
# tipo = "amqp"
# url = { entorno = "AMQP_URL" }
# cola = "pmc.avisos"
# declarar = true
#
# La base de datos de la empresa:
# [empresas.1234.destinos.base]
# tipo = "sql"
# url = { archivo = "/run/secrets/erp_url" }
# imputar = "INSERT INTO pago (id, cliente, importe) VALUES (:id_aviso, :id_cliente, :importe)"
# reversar = "DELETE FROM pago WHERE id = :id_aviso_original"
# existe = "SELECT 1 FROM pago WHERE id = :id_aviso"
#
# Código propio:
# [empresas.1234.destinos.propio]
# tipo = "python"
# objeto = "mi_empresa.pmc:Imputacion"
# opciones = { sucursal = 7 }
"""
