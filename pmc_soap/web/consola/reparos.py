"""Why something about people is refused, in words."""

from collections.abc import Mapping

from pmc_soap.operations.libro_usuarios import CLAVE_MAX, CLAVE_MIN, Reparo

REPAROS: Mapping[Reparo, str] = {
    Reparo.NO_COINCIDE: "El usuario o la clave no coinciden.",
    Reparo.ESPERA: "Son muchas claves equivocadas seguidas: esperá un minuto y probá de nuevo.",
    Reparo.CLAVE_CORTA: f"La clave lleva {CLAVE_MIN} caracteres o más. Una frase de cuatro palabras sirve.",
    Reparo.CLAVE_LARGA: f"La clave lleva hasta {CLAVE_MAX} caracteres.",
    Reparo.CLAVE_ADIVINABLE: "Esa clave es de las primeras que alguien probaría: elegí otra.",
    Reparo.CLAVE_IGUAL: "La clave nueva es la misma que la de antes: elegí otra.",
    Reparo.USUARIO_INVALIDO: "El usuario va en minúsculas, con letras, números, punto o guión: hasta 32.",
    Reparo.USUARIO_EXISTE: "Ya hay alguien con ese usuario.",
    Reparo.USUARIO_INEXISTENTE: "No hay nadie con ese usuario.",
    Reparo.ULTIMO_ADMINISTRADOR: "Es la única persona que administra: antes nombrá a otra.",
}
