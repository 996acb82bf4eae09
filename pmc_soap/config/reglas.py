"""The rules across keys: what each key alone cannot tell."""

import ipaddress
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

from pmc_soap.config.empresa import EmpresaSettings
from pmc_soap.config.instalacion import DEMO_SALT, Mode, Settings
from pmc_soap.config.llamadores import ConLlamador, CredencialSettings
from pmc_soap.domain.empresa import PULL, PoliticaConsulta, Servicio

Broken = tuple[tuple[str, ...], str]  # the key that is blamed, and what is wrong, as a whole sentence
ISSUE = "Creá una con: pmc-soap credencial issue --usuario"
_WITHOUT_SISTEMA = {PoliticaConsulta.SOLO_BASE, PoliticaConsulta.BASE_LUEGO_EMPRESA}


def broken(settings: Settings) -> Iterator[Broken]:
    """Give every rule that the settings break."""
    yield from _codigos(settings)
    for codigo, empresa in settings.empresas.items():
        yield from _empresa(("empresas", codigo), empresa)
    if settings.sandbox.empresa is not None and settings.sandbox.empresa not in settings.empresas:
        yield (
            ("sandbox", "empresa"),
            f"«sandbox.empresa» nombra a «{settings.sandbox.empresa}», que no está en «empresas».",
        )
    if settings.mode is not Mode.DEMOSTRACION:
        yield from _public(settings)
    if settings.mode is Mode.PRODUCCION:
        yield from _produccion(settings)


def closed(settings: Settings) -> Iterator[Broken]:
    """Give the doors that nobody can come through: an error in production, and worth saying before that."""
    live = {codigo: empresa for codigo, empresa in settings.empresas.items() if empresa.activa}
    called = [c for c, empresa in live.items() if {Servicio.CONSULTA, Servicio.AVISO} & set(empresa.servicios)]
    if called and not _is_known(settings.pagomiscuentas):
        yield (
            ("pagomiscuentas", "credenciales"),
            f"falta «pagomiscuentas.credenciales»: PagoMisCuentas llama a {', '.join(called)}. {ISSUE} pagomiscuentas",
        )
    for codigo, empresa in live.items():
        if _calls(empresa) and not _is_known(empresa):
            yield (
                ("empresas", codigo, "credenciales"),
                f"falta «empresas.{codigo}.credenciales»: la empresa llama (ALTA o pull). {ISSUE} {codigo}",
            )


def doubtful(settings: Settings) -> Iterator[Broken]:
    """Give what is worth saying of settings that break no rule."""
    if settings.mode is Mode.PRODUCCION and settings.con_sandbox:
        yield (
            ("sandbox", "activo"),
            "«sandbox.activo» deja jugar en producción con pagos que cuentan como los demás: apagalo con false.",
        )


def _codigos(settings: Settings) -> Iterator[Broken]:
    owners: dict[str, set[str]] = {}
    for key, empresa in settings.empresas.items():
        said = [admitido.codigo for admitido in empresa.codigos]
        twice = [codigo for codigo, times in Counter(said).items() if times > 1]
        for codigo in twice:
            yield ("empresas", key, "codigos"), f"«empresas.{key}.codigos» repite el código «{codigo}»."
        for codigo in {key, *said}:
            owners.setdefault(codigo, set()).add(key)
    for codigo, keys in sorted(owners.items()):
        if len(keys) > 1:
            first, *others = sorted(keys)
            whose = " y ".join(f"«empresas.{key}»" for key in (first, *others))
            blamed = next(key for key in (*others, first) if key != codigo)
            yield ("empresas", blamed, "codigos"), f"el código «{codigo}» es de {whose}: puede ser de una sola."


def _empresa(path: tuple[str, ...], empresa: EmpresaSettings) -> Iterator[Broken]:
    key = ".".join(path)
    if (
        "politica_consulta" in empresa.model_fields_set
        and empresa.politica_consulta not in _WITHOUT_SISTEMA
        and empresa.sistema is None
    ):
        yield (
            (*path, "politica_consulta"),
            f"«{key}.politica_consulta» pregunta al sistema de la empresa: falta «{key}.sistema».",
        )
    if empresa.destinos and Servicio.AVISO not in empresa.servicios:
        yield (*path, "destinos"), f"«{key}.destinos» no sirve sin AVISO en «{key}.servicios»."
    for nombre, destino in empresa.destinos.items():
        if (destino.tipo == PULL) != (nombre == PULL):
            what = f"«{key}.destinos.{nombre}»: el destino de tipo pull se llama «pull», y solo él."
            yield (*path, "destinos", nombre), what


def _public(settings: Settings) -> Iterator[Broken]:
    """Name the credentials that everybody knows."""
    tables: dict[tuple[str, ...], list[CredencialSettings]] = {
        ("pagomiscuentas",): settings.pagomiscuentas.credenciales
    }
    tables |= {("empresas", codigo): empresa.credenciales for codigo, empresa in settings.empresas.items()}
    for path, credenciales in tables.items():
        for n, credencial in enumerate(credenciales):
            if credencial.hash and credencial.hash.split("$")[1] == DEMO_SALT:
                at = (*path, "credenciales", str(n))
                yield at, f"«{'.'.join(at)}» es la credencial pública de la demostración."


def _produccion(settings: Settings) -> Iterator[Broken]:
    if settings.db.startswith("sqlite") and not settings.acepta_sqlite:
        yield (
            ("db",),
            "«db» es SQLite: en producción usá PostgreSQL (postgresql+psycopg://…) o poné acepta_sqlite = true.",
        )
    if settings.public_url is None:
        yield (
            ("public_url",),
            'falta «public_url»: en producción hace falta. Por ejemplo: "https://pagos.ejemplo.com.ar"',
        )
    for path, url in _urls(settings):
        if _is_open(url):
            yield path, f"«{'.'.join(path)}» es http:// y sale de esta máquina: en producción usá https://."
    yield from closed(settings)


def _is_known(llamador: ConLlamador) -> bool:
    """Tell whether a caller has something to show who he is."""
    return bool(llamador.credenciales or llamador.certificados)


def _calls(empresa: EmpresaSettings) -> bool:
    """Tell whether the empresa calls us: to add a factura, or to come for its avisos."""
    pulls = Servicio.AVISO in empresa.servicios and PULL in empresa.nombres_destinos
    return pulls or Servicio.ALTA in empresa.servicios


def _urls(settings: Settings) -> Iterator[tuple[tuple[str, ...], str]]:
    if settings.public_url:
        yield ("public_url",), settings.public_url
    for codigo, empresa in settings.empresas.items():
        destinos = ((("destinos", nombre), destino) for nombre, destino in empresa.destinos.items())
        for path, conector in ((("sistema",), empresa.sistema), *destinos):
            url = getattr(conector, "url", None)
            if isinstance(url, str):
                yield ("empresas", codigo, *path, "url"), url


def _is_open(url: str) -> bool:
    """Tell whether what is sent there could be read on the way."""
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.hostname == "localhost":
        return False
    try:
        return not ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return True
