"""A YAML text as a tree that keeps comments, order and places, and as the plain data a model checks."""

from __future__ import annotations

from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from gracja.engine.documents.yaml_faults import yaml_fault
from gracja.engine.errors import EngineInputError, ManyInputErrors, Where

Path = tuple[str | int, ...]
LARGEST_CHARACTERS: Final = 5_000_000
MOST_NODES: Final = 200_000
DEEPEST: Final = 100


def yaml_loader() -> YAML:
    """The YAML reader and writer that keeps comments, quotes and order."""
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 4096  # a line is never folded: what was not touched stays as it was
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def load_tree(text: str, file: str | None, what: str) -> CommentedMap:
    """The tree in this YAML text, with its comments, order and places.

    Raises ManyInputErrors: those of `yaml_fault`, <what>_empty, <what>_too_large, <what>_too_branched.
    """
    if len(text) > LARGEST_CHARACTERS:
        raise ManyInputErrors([EngineInputError(f"{what}_too_large", Where(file), most=LARGEST_CHARACTERS)])
    try:
        tree = yaml_loader().load(text)
    except MarkedYAMLError as broken:
        mark = broken.problem_mark or broken.context_mark
        where = Where(file, mark.line + 1, mark.column + 1) if mark else Where(file)
        raise ManyInputErrors([_yaml_error(broken.problem or broken.context, where)]) from None
    except RecursionError:
        raise ManyInputErrors(
            [EngineInputError(f"{what}_too_branched", Where(file), most=MOST_NODES)]
        ) from None
    except (YAMLError, ValueError) as broken:
        raise ManyInputErrors([_yaml_error(str(broken), Where(file))]) from None
    if not isinstance(tree, CommentedMap):
        raise ManyInputErrors([EngineInputError(f"{what}_empty", Where(file, 1, 1))])
    return tree


def _yaml_error(said: str | None, where: Where) -> EngineInputError:
    code, facts = yaml_fault((said or "").split("\n")[0])
    return EngineInputError(code, where, **facts)


class Plain:
    """The tree as plain dicts, lists and scalars, which is what the model checks.

    YAML's aliases can make a small file a giant (or endless) tree, so what comes out is counted.
    """

    def __init__(self, file: str | None, what: str) -> None:
        self._file = file
        self._what = what
        self._nodes = 0

    def of(self, value: Any, depth: int = 0) -> Any:
        self._nodes += 1
        if self._nodes > MOST_NODES or depth > DEEPEST:
            where = Where(self._file)
            raise ManyInputErrors([EngineInputError(f"{self._what}_too_branched", where, most=MOST_NODES)])
        if isinstance(value, dict):
            return {str(key): self.of(item, depth + 1) for key, item in value.items()}
        if isinstance(value, list):
            return [self.of(item, depth + 1) for item in value]
        for plain in (bool, int, float, str):
            if isinstance(value, plain):
                return plain(value)
        return value


def place_in(
    tree: dict[str, Any], path: Path, file: str | None, *, tags: frozenset[str] = frozenset()
) -> Where:
    """The place of a field; of what encloses it, where the field itself is missing. Lines only of a file.

    tags: steps that name a branch of a union, not a field.
    """
    node: Any = tree
    line, column = 0, 0
    shown: list[str] = []
    for step in path:
        if isinstance(node, dict) and step in node:
            line, column = node.lc.key(step) if isinstance(node, CommentedMap) else (line, column)
        elif isinstance(node, list) and isinstance(step, int) and step < len(node):
            line, column = node.lc.item(step) if isinstance(node, CommentedSeq) else (line, column)
        elif not isinstance(node, dict) or step in tags:
            continue
        shown.append(f"[{step}]" if isinstance(step, int) else f".{step}")
        if isinstance(node, dict):
            node = node.get(step)
        elif isinstance(step, int):
            node = node[step]
    field = "".join(shown).lstrip(".") or None
    if not isinstance(tree, CommentedMap):
        return Where(file, field=field)
    return Where(file, line + 1, column + 1, field)
