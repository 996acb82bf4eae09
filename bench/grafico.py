"""Bars as SVG, without a library: panels of named values, ours in another colour."""

from collections.abc import Iterator, Sequence
from html import escape

WIDTH, LABEL, ROW, BAR, GAP = 860, 230, 22, 15, 34
ROOM = 70  # for the number after the longest bar
OURS, OTHERS, TEXT = "#1f6feb", "#a0a7b1", "#6e7781"  # all to be read on white and on black

Panel = tuple[str, Sequence[tuple[str, float]]]


def bars(panels: Sequence[Panel]) -> str:
    """Draw one panel under the other, each to its own scale."""
    height = sum(GAP + ROW * len(rows) for _, rows in panels) + GAP // 2
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
        f' font-family="system-ui, sans-serif" font-size="13" fill="{TEXT}">'
    )
    parts, top = [head], 0
    for title, rows in panels:
        parts.append(f'<text x="0" y="{top + GAP - 12}" font-weight="bold">{escape(title)}</text>')
        parts.extend(_rows(rows, top + GAP))
        top += GAP + ROW * len(rows)
    return "\n".join([*parts, "</svg>", ""])


def _rows(rows: Sequence[tuple[str, float]], top: int) -> Iterator[str]:
    longest = max(value for _, value in rows)
    for number, (name, value) in enumerate(rows):
        y, width = top + ROW * number, value / longest * (WIDTH - LABEL - ROOM)
        colour = OURS if name.startswith("pmc-soap") else OTHERS
        yield f'<text x="{LABEL - 8}" y="{y + 12}" text-anchor="end">{escape(name)}</text>'
        yield f'<rect x="{LABEL}" y="{y}" width="{width:.1f}" height="{BAR}" rx="2" fill="{colour}"/>'
        yield f'<text x="{LABEL + width + 6:.1f}" y="{y + 12}">{value:.1f}×</text>'
