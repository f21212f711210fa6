"""Mean temperature of each year, and its warmest month, from data/temperature.csv."""

import csv
from collections import defaultdict
from pathlib import Path
from statistics import mean

DATA = Path(__file__).parent / "data" / "temperature.csv"


def by_year(path=DATA):
    """Read the file: year -> {month: degrees Celsius}."""
    years = defaultdict(dict)
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            years[int(row["year"])][int(row["month"])] = float(row["celsius"])
    return dict(years)


def summary(years):
    """One line for each year."""
    for year, months in sorted(years.items()):
        warmest = max(months, key=months.get)
        yield f"{year}: mean {mean(months.values()):.1f} °C, warmest month {warmest} ({months[warmest]:.1f} °C)"


if __name__ == "__main__":
    print("\n".join(summary(by_year())))
