"""The whole script: which chapters there are, about which kinds, and which real server judges them."""

from . import subjects
from .chapters import applying, builtin, creating, deleting, garbage, reading, schema, subresources, updating, watching
from .session import Session
from .subjects import NAMESPACE, NAMESPACES, OTHER_NAMESPACE

GENERAL = {"create": creating, "read": reading, "update": updating, "watch": watching, "delete": deleting}
PARCELS = {"schema": schema, "apply": applying, "subresources": subresources}
CORE = {"builtin": builtin, "garbage": garbage}


def chapters(judge):
    """(name, module, subject) of each chapter that `judge` judges: `custom` or `core`."""
    kinds = {"custom": [subjects.PARCEL, subjects.RUNTIME], "core": [subjects.CONFIG_MAP]}[judge]
    for kind in kinds:
        for name, module in GENERAL.items():
            yield f"{judge}/{kind.plural}/{name}", module, kind
    for name, module in {"custom": PARCELS, "core": CORE}[judge].items():
        yield f"{judge}/{name}", module, subjects.PARCEL


def run(server, judge, only=""):
    """The normalised result of each step, by its name."""
    steps = {}
    for name, module, subject in chapters(judge):
        if only not in name:
            continue
        clear(server)
        session = Session(server, name)
        module.run(session, subject)
        steps.update(session.steps)
    return steps


def prepare(server):
    """What is there before the script begins."""
    stage = Session(server, "prepare")
    for name in (NAMESPACE, OTHER_NAMESPACE):
        stage.quietly("POST", NAMESPACES.all(), NAMESPACES.make(name))


def clear(server):
    """Away with what an earlier chapter left."""
    stage = Session(server, "clear")
    for kind in (subjects.PARCEL, subjects.RUNTIME, subjects.CONFIG_MAP, subjects.SECRET):
        for namespace in (NAMESPACE, OTHER_NAMESPACE):
            listing = stage.quietly("GET", kind.all(namespace))
            for item in (listing.body or {}).get("items", []) if listing.code == 200 else []:
                if item["metadata"].get("finalizers"):
                    stage.merge(kind.one(item["metadata"]["name"], namespace=namespace), {"metadata": {"finalizers": None}})
                stage.quietly("DELETE", kind.one(item["metadata"]["name"], namespace=namespace))
