"""Who is let in, from the settings: the network and each empresa, with all that they may show."""

from pmc_soap.config import ConLlamador, CredencialSettings, Settings
from pmc_soap.domain.direcciones import Redes
from pmc_soap.operations.ports import Clock, Writing
from pmc_soap.soap.acceso import Acceso, Frente, Puerta
from pmc_soap.soap.credenciales import Credencial, Credenciales, Hoy
from pmc_soap.soap.un_solo_uso import UnSoloUso
from pmc_soap.storage.ledger import SqlLedger


def build_acceso(settings: Settings, ledger: SqlLedger, clock: Clock) -> Acceso:
    """Put it together; an empresa is let in by every code that it is called by."""
    called = {
        admitted.codigo: (codigo, said)
        for codigo, said in settings.empresas.items()
        for admitted in said.empresa(codigo).codigos_admitidos
    }

    def alert(codigo_empresa: str, motivo: str) -> None:
        own, now = called[codigo_empresa][0] if codigo_empresa else "", clock.now()

        def leave(tx: Writing) -> None:
            tx.alert(own, motivo, None, now)

        ledger.write(own, None, leave)

    network = settings.pagomiscuentas
    return Acceso(
        Credenciales(
            [_credencial(each) for each in network.credenciales],
            {codigo: [_credencial(each) for each in said.credenciales] for codigo, (_, said) in called.items()},
            Hoy(clock.now),
        ),
        UnSoloUso(ledger.nonces, clock),
        alert,
        network=_puerta(network),
        empresas={codigo: _puerta(said) for codigo, (_, said) in called.items()},
        frente=Frente(
            proxies=Redes(settings.proxies),
            encabezado_certificado=settings.encabezado_certificado,
            encabezado_verificado=settings.encabezado_verificado,
        ),
    )


def _credencial(said: CredencialSettings) -> Credencial:
    if said.secreto is not None:
        return Credencial.of_secret(said.usuario, said.secreto.get_secret_value(), said.hasta)
    return Credencial(usuario=said.usuario, hash=said.hash or "", hasta=said.hasta)


def _puerta(said: ConLlamador) -> Puerta:
    return Puerta(certificados=frozenset(said.certificados), redes=Redes(said.redes))
