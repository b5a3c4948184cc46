"""Parcels: defaults, pruning and validation by their schema."""


def run(session, subject):
    s, k = session, subject
    made = s.post("defaults", k.all(), k.with_("v1", spec={"box": {}, "parts": [{"name": "a"}], "routes": [{"port": 1}]}))
    s.put("defaults on replace", k.one("v1"), {**made.body, "spec": {"fragile": True}})
    s.post("no spec", k.all(), k.head("v2"))
    s.post("pruning", k.all(), k.with_("v3", spec={
        "surprise": 1, "box": {"depth": 3}, "extra": {"any": {"thing": [1]}}, "parts": [{"name": "a", "odd": True}]}))
    for name, spec in WRONG.items():
        s.post(name, k.all(), k.with_("v4", spec=spec))
    s.post("everything at once", k.all(), k.with_("V_4", {"labels": {"a b": "c"}}, spec={
        "size": 1000, "colour": "pink", "title": "A", "contents": ["1", "2", "3", "4", "5"]}))
    s.post("null where it may be", k.all(), k.with_("v5", spec={"note": None, "title": None, "lid": None}))
    s.post("numbers", k.all(), k.with_("v6", spec={"weight": 1, "size": 3.0, "port": 80}))
    s.call("large numbers", "POST", k.all(), content=(
        '{"apiVersion":"%s","kind":"Parcel","metadata":{"name":"v7"},"spec":{"weight":1e400}}' % k.api_version).encode())
    s.post("warnings of many", k.all(), k.with_("v8", spec={"one": 1, "two": 2, "box": {"three": 3}}))
    s.post("strict about many", k.all(), k.with_("v9", spec={"one": 1, "two": 2, "box": {"three": 3}}),
           fieldValidation="Strict")
    s.call("the same field twice", "POST", k.all(), content=(
        '{"apiVersion":"%s","kind":"Parcel","metadata":{"name":"v10"},"spec":{"size":1,"size":2,"x":1}}'
        % k.api_version).encode())
    s.call("the same field twice, strictly", "POST", k.all(), content=(
        '{"apiVersion":"%s","kind":"Parcel","metadata":{"name":"v11"},"spec":{"size":1,"size":2,"x":1}}'
        % k.api_version).encode(), query={"fieldValidation": "Strict"})
    s.patch("an invalid patch", "merge", k.one("v1"), {"spec": {"size": -1}})
    s.patch("generation", "merge", k.one("v1"), {"spec": {"size": 5}})
    s.patch("no generation", "merge", k.one("v1"), {"metadata": {"annotations": {"a": "b"}}})
    for name in ("v1", "v3", "v5", "v6", "v7", "v8", "v10"):
        s.quietly("DELETE", k.one(name))


WRONG = {
    "too large": {"size": 101},
    "too small": {"size": -1},
    "a fraction": {"size": 1.5},
    "text for a number": {"size": "3"},
    "a number for text": {"title": 3},
    "too long": {"title": "abcdefghijk"},
    "too short": {"title": "a"},
    "a wrong pattern": {"title": "ABC"},
    "none of the values": {"colour": "pink"},
    "too many": {"contents": ["1", "2", "3", "4", "5"]},
    "a duplicate tag": {"tags": ["a", "a"]},
    "a duplicate part": {"parts": [{"name": "a"}, {"name": "a"}]},
    "a part without name": {"parts": [{"count": 1}]},
    "an object for a list": {"parts": {}},
    "a list for an object": {"options": []},
    "a number in a map": {"options": {"a": 1}},
    "neither number nor text": {"port": True},
    "null in a list": {"contents": [None]},
}
