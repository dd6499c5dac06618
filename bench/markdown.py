"""How figures of speed are written in tables and documents."""


def number(rate):
    """Three significant digits, thousands apart."""
    if rate >= 1000:
        digits = len(str(int(rate))) - 3
        return f"{round(rate, -digits):,.0f}".replace(",", " ")
    return f"{rate:.3g}"


def ratio(value):
    return f"{value:.0f}×" if value >= 20 else f"{value:.1f}×" if value >= 3 else f"{value:.2f}×"


def table(rows):
    """The first row is the heading."""
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines.insert(1, "|---" * len(rows[0]) + "|")
    return "\n".join(lines)
