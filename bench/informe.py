"""What the bench of the edge found, as a table, against its goals, and in README.md.

A ratio is always to what was measured in the same run.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import grafico

Results = dict[str, Any]

HERE = Path(__file__).parent
QUIET = 0.05  # the most that others may take of the servers' core
BEGIN, END = "<!-- edge: written by `python bench/edge.py --write` -->", "<!-- edge ends -->"
STOCK = "Spyne gunicorn memory"
TITLES = {
    "consulta_1": "ConsultaDeuda, 1 factura",
    "consulta_10": "ConsultaDeuda, 10 facturas",
    "aviso": "AvisoPago",
}
_OURS, _FAST = "pmc-soap gunicorn", "pmc-soap granian"


class Goal(NamedTuple):
    """A ratio that is wanted: at least floor, better aim."""

    what: str
    ratio: float | None
    floor: float
    aim: float


def goals(results: Results) -> Iterator[Goal]:
    """Hold what was measured against what is wanted."""

    def ratio(name: str, other: str, pedido: str) -> float | None:
        one, two = per_cpu_s(results, name, pedido), per_cpu_s(results, other, pedido)
        return one / two if one and two else None

    yield Goal("gunicorn, memory, 1 factura / stock Spyne", ratio(f"{_OURS} memory", STOCK, "consulta_1"), 3.5, 4.5)
    yield Goal("granian, memory, 1 factura / stock Spyne", ratio(f"{_FAST} memory", STOCK, "consulta_1"), 10, 20)
    for peer, floor, aim in (("node soap", 1.8, 4), ("php -S", 1.3, 3), ("gSOAP C++", 0.5, 1)):
        yield Goal(f"granian, memory, 1 factura / {peer}", ratio(f"{_FAST} memory", peer, "consulta_1"), floor, aim)
    yield Goal("granian, memory, 10 facturas / stock Spyne", ratio(f"{_FAST} memory", STOCK, "consulta_10"), 15, 25)
    for server in (_OURS, _FAST):
        database = ratio(f"{server} PostgreSQL", "Spyne gunicorn PostgreSQL", "consulta_1")
        yield Goal(f"{server.split()[1]}, PostgreSQL, 1 factura / stock Spyne + SQLAlchemy", database, 4, 10)
    for base, rates in results["limits"].items():
        for connections, limit in rates.items():
            mine = best_rate(results, base, connections)
            yield Goal(f"avisos a second on {base} at {connections} / its own limit", mine and mine / limit, 0.5, 0.8)


def per_cpu_s(results: Results, name: str, pedido: str) -> float | None:
    """Give the requests per second of CPU, with eight connections."""
    told = results["servers"].get(name, {}).get(f"{pedido}/8")
    return told and told["per_cpu_s"]


def best_rate(results: Results, base: str, connections: str) -> float | None:
    """Give the avisos per second of our faster server on that database."""
    names = [f"{server} {base}" for server in (_OURS, _FAST)]
    rates = [results["servers"].get(name, {}).get(f"aviso/{connections}", {}).get("per_s", 0) for name in names]
    return max(rates) or None


def rows(results: Results, pedido: str) -> list[tuple[str, Mapping[str, Any]]]:
    """Give who was asked that, the slowest first."""
    asked = [(name, told) for name, told in results["servers"].items() if f"{pedido}/8" in told]
    return sorted(asked, key=lambda row: row[1][f"{pedido}/8"]["per_cpu_s"])


def _cells(results: Results, pedido: str) -> Iterator[Sequence[str]]:
    stock = per_cpu_s(results, STOCK, pedido) or 1
    for name, told in rows(results, pedido):
        one, eight = told.get(f"{pedido}/1"), told[f"{pedido}/8"]
        yield (
            name,
            f"{eight['per_cpu_s']:,.0f}",
            f"{eight['per_cpu_s'] / stock:.1f}",
            f"{eight['per_s']:,.0f}",
            *(_latencies(each) for each in (one, eight)),
        )


def _latencies(told: Mapping[str, Any] | None) -> str:
    return f"{told['p50'] / 1000:.1f} / {told['p99'] / 1000:.1f}" if told else "–"


HEAD = ("", "requests per CPU-second", "× stock Spyne", "a second", "p50 / p99 ms, 1 connection", "8 connections")


def markdown(results: Results) -> str:
    """Write it as README.md shows it."""
    lines = ["![requests per second of CPU, as multiples of stock Spyne](edge.svg)", ""]
    for pedido, title in TITLES.items():
        lines += [f"| {' | '.join((title, *HEAD[1:]))} |", "|---" + "|---:" * (len(HEAD) - 1) + "|"]
        lines += [f"| {' | '.join(cells)} |" for cells in _cells(results, pedido)]
        lines.append("")
    lines += ["| ratio | measured | floor | aim |", "|---|---:|---:|---:|"]
    lines += [f"| {g.what} | {_ratio_marked(g)} | {g.floor:g} | {g.aim:g} |" for g in goals(results)]
    absent = ", ".join(results["absent"]) or "none"
    rounds = f"Medians of {results['rounds']} rounds of {results['seconds']} s each"
    lines += ["", f"{rounds}, {results['python']}; others took {results['others']:.0%} of the servers' core."]
    lines += [f"Bold: under the floor. Not found: {absent}."]
    return "\n".join(lines)


def _ratio(goal: Goal) -> str:
    return "–" if goal.ratio is None else f"{goal.ratio:.2f}"


def _ratio_marked(goal: Goal) -> str:
    return f"**{_ratio(goal)}**" if goal.ratio is not None and goal.ratio < goal.floor else _ratio(goal)


def table(results: Results) -> str:
    """Write it for a terminal."""
    lines = []
    for pedido, title in TITLES.items():
        lines.append(
            f"\n{title:<28}{'per CPU-s':>10}{'× stock':>9}{'a second':>10}{'1: p50/p99 ms':>16}{'8: p50/p99 ms':>16}"
        )
        for name, cpu, ratio, wall, one, eight in _cells(results, pedido):
            lines.append(f"{name:<28}{cpu:>10}{ratio:>9}{wall:>10}{one:>16}{eight:>16}")
    lines.append(f"\n{'ratio':<66}{'measured':>9}{'floor':>7}{'aim':>6}")
    for goal in goals(results):
        mark = "" if goal.ratio is None or goal.ratio >= goal.floor else "  under the floor"
        lines.append(f"{goal.what:<66}{_ratio(goal):>9}{goal.floor:>7g}{goal.aim:>6g}{mark}")
    if results["others"] > QUIET:
        lines.append(f"\nOthers took {results['others']:.0%} of the servers' core: measure again on a quiet machine.")
    return "\n".join(lines)


def write(results: Results) -> None:
    """Put the tables in README.md and the chart beside it."""
    readme = HERE / "README.md"
    before, _, rest = readme.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    readme.write_text(f"{before}{BEGIN}\n{markdown(results)}\n{END}{after}")
    panels = [
        (title, [(name, (per_cpu_s(results, name, pedido) or 0) / stock) for name, _ in rows(results, pedido)])
        for pedido, title in TITLES.items()
        if (stock := per_cpu_s(results, STOCK, pedido))
    ]
    (HERE / "edge.svg").write_text(grafico.bars(panels))
