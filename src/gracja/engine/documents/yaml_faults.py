"""What the YAML reader says of a broken text, as codes, so that it can be said in any language."""

from __future__ import annotations

import re
from typing import Final

_FAULTS: Final = [
    (r"mapping values are not allowed here|found unexpected ':'", "yaml_colon"),
    (r"found character '\\t' that cannot start any token", "yaml_tab"),
    (r"found character ['\"](?P<sign>.+)['\"] that cannot start any token", "yaml_sign"),
    (r"found unexpected end of stream", "yaml_quote_open"),
    (r"expected ',' or '[]}]', but got .*", "yaml_bracket_open"),
    (r"expected <block end>, but found .*|could not find expected ':'", "yaml_out_of_line"),
    (r"found undefined alias '(?P<name>.+)'", "yaml_alias"),
    (r"found unknown escape character '(?P<sign>.+)'", "yaml_escape"),
    (r".*special characters are not allowed", "yaml_control"),
    (r"(?:year|month|day|hour|minute|second) .*must be in.*|day is out of range.*", "yaml_date"),
    (r"(?:but )?found another document", "yaml_two_documents"),
    (r"found duplicate key \"(?P<name>.+?)\"(?: with value .*)?", "yaml_key_twice"),
]


def yaml_fault(problem: str) -> tuple[str, dict[str, str]]:
    """The code of a fault, and its facts; yaml_broken, with the reader's own words, for rare ones."""
    for pattern, code in _FAULTS:
        if found := re.fullmatch(pattern, problem):
            return code, {name: fact or "" for name, fact in found.groupdict().items()}
    return "yaml_broken", {"problem": problem}
