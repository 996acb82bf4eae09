"""Whether a statement of an empresa's may run twice for one aviso: delivery is at least once."""

import re

# what a database does not read as SQL: comments, texts, quoted names
_NOT_SQL = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\"[^\"]*\"|`[^`]*`", re.DOTALL)
_INSERT = re.compile(r"(?:^|[;()])\s*INSERT\s", re.IGNORECASE)  # alone, after another statement, or beside a WITH
_HARMLESS = re.compile(
    r"\b(?:ON\s+CONFLICT|ON\s+DUPLICATE|INSERT\s+IGNORE|INSERT\s+OR\s+(?:IGNORE|REPLACE)|MERGE|NOT\s+EXISTS)\b",
    re.IGNORECASE,
)


def breaks_if_repeated(sentencia: str) -> bool:
    """Tell whether it is an INSERT that fails, or is there twice, when the same aviso comes again."""
    sql = _NOT_SQL.sub(" ", sentencia)
    return bool(_INSERT.search(sql)) and not _HARMLESS.search(sql)
