"""The connectors of each empresa, from its settings. A library that only one kind needs is loaded for that kind."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from pmc_soap import config
from pmc_soap.client.erp import MensajesErp
from pmc_soap.config import ConfigError, EmpresaSettings, Settings
from pmc_soap.config.conectores import ConEncabezados, ConTls
from pmc_soap.connectors.http import Canal
from pmc_soap.connectors.soap import DestinoSoap, PuertoErp, SistemaSoap
from pmc_soap.domain.cortacircuito import Cortacircuito
from pmc_soap.operations.entrega import Ruta
from pmc_soap.operations.ports import Clock, Destino, Ledger, Sistema, close
from pmc_soap.operations.segunda_instancia import LLAMADAS_MAX, SegundaInstancia

_Empujado = config.DestinoSoap | config.DestinoJson | config.DestinoAmqp | config.DestinoSql | config.DestinoPython


def build_instancias(settings: Settings, ledger: Ledger, clock: Clock, workers: int = 1) -> dict[str, SegundaInstancia]:
    """Build the second instance of each empresa that has one; so many processes share its calls at once."""
    return {
        codigo: SegundaInstancia(
            _sistema(said.sistema, f"empresas.{codigo}.sistema", said.empresa(codigo).codigo_vigente),
            ledger,
            clock,
            llamadas_max=max(1, LLAMADAS_MAX // workers),
        )
        for codigo, said in settings.empresas.items()
        if said.sistema is not None
    }


def build_rutas(settings: Settings) -> list[Ruta]:
    """Build where avisos are brought, but for what an empresa comes for itself; raises ConfigError."""
    return [ruta for codigo, said in settings.empresas.items() for ruta in _rutas(codigo, said)]


def check(settings: Settings) -> None:
    """Put every connector together and let it go, without calling anybody; raises ConfigError with all problems."""
    problems = []
    for codigo, said in settings.empresas.items():
        vigente = said.empresa(codigo).codigo_vigente
        tables = {f"empresas.{codigo}.destinos.{nombre}": destino for nombre, destino in said.destinos.items()}
        for key, table in ({f"empresas.{codigo}.sistema": said.sistema} | tables).items():
            try:
                match table:
                    case None | config.DestinoPull():
                        continue
                    case config.SistemaSoap() | config.SistemaJson() | config.SistemaSql() | config.SistemaPython():
                        close(_sistema(table, key, vigente))
                    case _:
                        close(_destino(table, key, vigente))
            except ConfigError as error:
                problems += error.problems
    if problems:
        raise ConfigError(problems)


def _rutas(codigo: str, said: EmpresaSettings) -> Iterator[Ruta]:
    vigente = said.empresa(codigo).codigo_vigente
    for nombre, destino in said.destinos.items():
        if not isinstance(destino, config.DestinoPull):
            yield Ruta(
                codigo_empresa=codigo,
                nombre=nombre,
                codigo_vigente=vigente,
                destino=_destino(destino, f"empresas.{codigo}.destinos.{nombre}", vigente),
                hilos=destino.hilos,
                esperas=destino.esperas,
                saltea=destino.saltea,
                cortacircuito=Cortacircuito(),
            )


def _sistema(said: config.Sistema, key: str, codigo_vigente: str) -> Sistema:
    with _said_wrong(key):
        match said:
            case config.SistemaSoap():
                return SistemaSoap(_puerto(said, codigo_vigente))
            case config.SistemaJson():
                from pmc_soap.connectors.json import SistemaJson  # noqa: PLC0415

                return SistemaJson(
                    said.url,
                    _canal(said),
                    codigo_empresa=codigo_vigente,
                    cuerpo=(said.cuerpo or {}) if said.metodo == "POST" else None,
                    headers=_headers(said),
                    lista=said.lista,
                    campos=said.campos.expresiones,
                    en_centavos=said.en_centavos,
                    formato_fecha=said.formato_fecha,
                )
            case config.SistemaSql():
                from pmc_soap.connectors.sql import SistemaSql  # noqa: PLC0415

                return SistemaSql(
                    said.url.get_secret_value(),
                    said.consulta,
                    codigo_empresa=codigo_vigente,
                    cliente=said.cliente,
                    en_centavos=said.en_centavos,
                    formato_fecha=said.formato_fecha,
                )
            case config.SistemaPython():
                from pmc_soap.connectors.externo import load_sistema  # noqa: PLC0415

                return load_sistema(said.objeto, said.opciones)


def _destino(said: _Empujado, key: str, codigo_vigente: str) -> Destino:
    with _said_wrong(key):
        match said:
            case config.DestinoSoap():
                return DestinoSoap(_puerto(said, codigo_vigente), timeout_s=said.timeout_s)
            case config.DestinoJson():
                from pmc_soap.connectors.json import DestinoJson  # noqa: PLC0415

                return DestinoJson(
                    said.url,
                    _canal(said),
                    secretos=said.secretos,
                    headers=_headers(said),
                    timeout_s=said.timeout_s,
                )
            case config.DestinoAmqp():
                from pmc_soap.connectors.amqp import DestinoAmqp  # noqa: PLC0415

                # to an exchange «cola» is the routing key
                where = {"exchange": said.exchange, "clave_ruteo": said.cola} if said.exchange else {"cola": said.cola}
                return DestinoAmqp(said.url.get_secret_value(), declarar=said.declarar, **where)
            case config.DestinoSql():
                from pmc_soap.connectors.sql import DestinoSql  # noqa: PLC0415

                return DestinoSql(
                    said.url.get_secret_value(),
                    said.imputar,
                    reversar=said.reversar,
                    existe=said.existe,
                    conexiones=said.hilos,
                    timeout_s=said.timeout_s,
                )
            case config.DestinoPython():
                from pmc_soap.connectors.externo import load_destino  # noqa: PLC0415

                return load_destino(said.objeto, said.opciones)


@contextmanager
def _said_wrong(key: str) -> Iterator[None]:
    """Tell what a connector refuses, or which library it lacks, as a problem of its table."""
    try:
        yield
    except ValueError as error:
        raise ConfigError([f"«{key}»: {error}."]) from error
    except ModuleNotFoundError as error:
        raise ConfigError([f"«{key}» necesita una biblioteca que no está instalada: {error.name}."]) from error


def _puerto(said: config.SistemaSoap | config.DestinoSoap, codigo_vigente: str) -> PuertoErp:
    return PuertoErp(
        said.url,
        _canal(said),
        _mensajes(),
        codigo_empresa=codigo_vigente,
        token=said.token.get_secret_value() if said.token else None,
        usuario=(said.usuario, said.clave.get_secret_value()) if said.usuario and said.clave else None,
    )


@cache
def _mensajes() -> MensajesErp:
    """Make the contract's messages once: they take a moment to load, and all may share them."""
    return MensajesErp()


def _canal(said: ConTls) -> Canal:
    certificado = (said.certificado, said.clave_certificado or said.certificado) if said.certificado else None
    return Canal(ca=said.ca, certificado=certificado)


def _headers(said: ConEncabezados) -> dict[str, str]:
    return {name: value.get_secret_value() for name, value in said.encabezados.items()}
