"""Compares what Martlet answered with what the real server did; and the differences with those that are known."""

import fnmatch
import json


def leaves(value, place=""):
    """(path, value) of everything in `value`."""
    if isinstance(value, dict) and value:
        for key in sorted(value):
            yield from leaves(value[key], f"{place}/{key}")
    elif isinstance(value, list) and value:
        for index, part in enumerate(value):
            yield from leaves(part, f"{place}/{index}")
    else:
        yield place, value


class Difference:
    """One place in the answer of one step, `""` for all of it; `MISSING` where one side has nothing. `code` is
    Martlet's status code."""

    def __init__(self, step, place, real, martlet, code=None):
        self.step, self.place, self.real, self.martlet, self.code = step, place, real, martlet, code

    def __str__(self):
        return f"{self.step}  {self.place}\n    real:    {shown(self.real)}\n    martlet: {shown(self.martlet)}"


def shown(value):
    return "(nothing)" if value is MISSING else json.dumps(value)


MISSING = object()


def between(real, martlet):
    """Every difference between two recordings (step -> result)."""
    for step in sorted(real.keys() | martlet.keys()):
        if step not in martlet or step not in real:
            yield Difference(step, "", real.get(step, MISSING), martlet.get(step, MISSING))
            continue
        ours, theirs = dict(leaves(martlet[step])), dict(leaves(real[step]))
        for place in sorted(theirs.keys() | ours.keys()):
            left, right = theirs.get(place, MISSING), ours.get(place, MISSING)
            if left != right or type(left) is not type(right):
                yield Difference(step, place, left, right, martlet[step].get("code"))


class Known:
    """A difference that is there for a reason: `step` and `place` are patterns (`*` stands for anything). Where all of an
    answer may differ, `codes` says what Martlet's status code is then."""

    def __init__(self, entry):
        self.step, self.place, self.why = entry["step"], entry["place"], entry["why"]
        self.codes = entry["codes"] if self.place == "*" else None
        self.seen = 0

    def explains(self, difference):
        if not difference.place or self.codes is not None and difference.code not in self.codes:
            return False
        matches = any(fnmatch.fnmatchcase(difference.step, one) for one in listed(self.step)) and any(
            fnmatch.fnmatchcase(difference.place, one) for one in listed(self.place))
        self.seen += matches
        return matches


def listed(value):
    return value if isinstance(value, list) else [value]


def judge(real, martlet, known):
    """(the differences that nobody explains, the explanations of nothing)"""
    unexplained = []
    for difference in between(real, martlet):
        # Every explanation that fits counts as needed.
        if not [one for one in known if one.explains(difference)]:
            unexplained.append(difference)
    return unexplained, [one for one in known if not one.seen]
