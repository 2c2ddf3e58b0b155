"""The results as Markdown."""
from collections.abc import Callable, Iterable


def median(values: Iterable[float]) -> float | None:
    ordered = sorted(values)
    if not ordered:
        return None
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def fixed(value: float | None, digits: int) -> str:
    """[value] with so many digits after the point; a dash if there is none."""
    return "-" if value is None else f"{value:.{digits}f}"


def rate(value: float | None) -> str:
    """A number per second in three digits or so: 8.8k, 561k, 2.08M."""
    if value is None:
        return "-"
    if value >= 1e6:
        return f"{value / 1e6:.2f}M"
    if value >= 1e4:
        return f"{value / 1e3:.0f}k"
    return f"{value / 1e3:.1f}k" if value >= 1e3 else f"{value:.0f}"


def row(cells: Iterable[object]) -> str:
    return "| " + " | ".join(map(str, cells)) + " |"


def table(corner: str, rows: Iterable, columns: list[str], cell: Callable[[object, str], str]) -> str:
    """A table with a row for each of [rows]; the first column is their names, the others hold right-aligned figures."""
    lines = [row([corner, *columns]), "|---|" + "---:|" * len(columns)]
    lines += [row([name, *(cell(name, column) for column in columns)]) for name in rows]
    return "\n".join(lines)
