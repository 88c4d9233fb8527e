"""What the tables of simulated records are drawn with: dice, working days, lines of a file."""
import random
from datetime import timedelta

SEED = 20160515
MARK = " (mô phỏng)"
BOOLEAN = {True: "có", False: "không"}

# Tết, and the working day on which the Hùng kings' day was kept.
HOLIDAYS = [
    ("2017-01-26", "2017-02-01"), ("2018-02-14", "2018-02-20"), ("2019-02-04", "2019-02-08"),
    ("2020-01-23", "2020-01-29"), ("2021-02-10", "2021-02-16"), ("2022-01-31", "2022-02-04"),
    ("2017-04-06", "2017-04-06"), ("2018-04-25", "2018-04-25"), ("2019-04-15", "2019-04-15"),
    ("2020-04-02", "2020-04-02"), ("2021-04-21", "2021-04-21"), ("2022-04-11", "2022-04-11"),
]
FIXED_HOLIDAYS = {(1, 1), (4, 30), (5, 1), (9, 2)}


class Dice:
    """Draws from random() alone: the one method whose sequence Python promises to keep."""

    def __init__(self, key):
        self.random = random.Random(f"{SEED} {key}").random

    def below(self, n):
        return int(self.random() * n)

    def one_of(self, items):
        return items[self.below(len(items))]

    def weighted(self, items, weights):
        at = self.below(sum(weights))
        for item, weight in zip(items, weights):
            at -= weight
            if at < 0:
                return item
        raise ValueError("no weights")

    def share(self, total, parts, least, most):
        """Split a total into parts between two bounds."""
        if not least * parts <= total <= most * parts:
            raise ValueError(f"{total} cannot be {parts} parts of {least} to {most}")
        shares = [least] * parts
        while sum(shares) < total:
            at = self.below(parts)
            if shares[at] < most:
                shares[at] += 1
        return shares


def is_working(day):
    iso = day.isoformat()
    return (day.weekday() < 5 and (day.month, day.day) not in FIXED_HOLIDAYS
            and not any(first <= iso <= last for first, last in HOLIDAYS))


def working_on(day, step):
    """The day itself, or the nearest working day in the direction of `step`."""
    while not is_working(day):
        day += timedelta(step)
    return day


def day_text(day):
    return day.strftime("%d/%m/%Y") if day else ""


def tsv_text(lines):
    return "".join("\t".join(line) + "\n" for line in lines)
