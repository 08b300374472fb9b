# No postponed annotations in this folder: the help of an option is made when its command is built.
import json
from dataclasses import asdict
from typing import Annotated, Any

import typer

from gracja.archive import open_archive
from gracja.archive.erase import erase, traces
from gracja.archive.people import Person
from gracja.archive.proof import Proof
from gracja.cli.commands import options
from gracja.cli.screen import Screen
from gracja.engine.errors import EngineInputError
from gracja.wording import say


def add_to(app: typer.Typer, lang: str) -> None:
    """`gracja archive erase`: a person leaves the archive."""

    @app.command(
        name="erase", help=say("help_archive_erase", lang), short_help=say("short_archive_erase", lang)
    )
    def erase_(
        archive: options.archive(lang),  # type: ignore[valid-type]
        customer: Annotated[
            str | None, typer.Option("--customer", help=say("help_archive_customer", lang), metavar="ID")
        ] = None,
        employee: Annotated[
            str | None, typer.Option("--employee", help=say("help_archive_employee", lang), metavar="ID")
        ] = None,
        yes: Annotated[bool, typer.Option("--yes", help=say("help_archive_yes", lang))] = False,
        format_: options.output_format(lang, "text", "json") = "text",  # type: ignore[valid-type]
    ) -> None:
        screen = Screen(lang)
        person = _person(customer, employee)
        opened = open_archive(archive)
        proof: Proof | None = None
        with screen.stage("archive_erase"):
            if yes:
                found, proof = erase(opened, person)
            else:
                found = traces(opened, person)
        screen.say("archive_traces", **asdict(found))
        if not any(asdict(found).values()) and not (proof and proof.places):
            screen.say("archive_nobody", id=person.id)
        elif proof is None:
            screen.say("archive_dry_run")
        else:
            _tell(proof, person, screen)
        if format_ == "json":
            said: dict[str, Any] = {"kind": person.kind, "erased": yes, **asdict(found)}
            typer.echo(json.dumps(said | {"proof": proof and asdict(proof)}, ensure_ascii=False))
        if proof is not None and proof.places:
            raise typer.Exit(1)


def _person(customer: str | None, employee: str | None) -> Person:
    if customer is not None and employee is None:
        return Person("customer", customer)
    if employee is not None and customer is None:
        return Person("employee", employee)
    raise EngineInputError("archive_person_one")


def _tell(proof: Proof, person: Person, screen: Screen) -> None:
    """What the search of all files found."""
    if not proof.places:
        screen.say("archive_proof", files=proof.files, bytes=proof.size_bytes)
        return
    screen.say("archive_proof_left", id=person.id, count=len(proof.places), files=proof.files)
    for place in proof.places:
        if place.column is None:
            screen.say("archive_place_plain", file=place.file, values=place.values)
        else:
            screen.say("archive_place", file=place.file, column=place.column, values=place.values)
