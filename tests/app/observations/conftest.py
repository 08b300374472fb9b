from __future__ import annotations

import pytest

from gracja.app.observations.services.imports import give_file
from gracja.engine.edition.read import read_edition
from gracja.engine.edition.write import as_json, edition_digest

DOCUMENT = """\
gracja: 1
id: shop
version: 1
title: {pl: Sklep, en: Shop}
service: {kind: encounter}
sequence:
  - part: counter
    title: {pl: Lada, en: Counter}
    enhancers:
      - enhancer: heard
        title: {pl: Klient zauważony, en: Noticed}
        standards:
          - standard: greet
            behaviour: {pl: "Mówi: „Dzień dobry”", en: "Says: Good morning"}
            channels: [in_person, phone]
          - standard: bag
            behaviour: {pl: Podaje torbę, en: Hands over the bag}
            channels: [in_person]
            na_when: {pl: klient ma własną, en: the customer has one}
          - standard: tidy
            behaviour: {pl: Lada jest czysta, en: The counter is clean}
            channels: [in_person]
            measure: {scale: [{pl: brudna, en: dirty}, {pl: do przyjęcia, en: fair}, {pl: czysta, en: clean}]}
          - standard: offers
            behaviour: {pl: Pokazuje dwie rzeczy, en: Shows two things}
            channels: [in_person]
            measure: {count_at_least: 2}
          - standard: wait
            behaviour: {pl: Podchodzi w pół minuty, en: Comes within half a minute}
            channels: [in_person]
            measure: {seconds_at_most: 30}
          - standard: answer
            behaviour: {pl: Odbiera, en: Answers the phone}
            channels: [phone]
"""


@pytest.fixture
def shop(company):
    from datetime import date

    from gracja.app.standards.models import Edition

    document = read_edition(DOCUMENT).edition
    return Edition.objects.create(
        edition_id="shop",
        version=1,
        document=as_json(document),
        digest=edition_digest(document),
        effective_from=date(2026, 9, 1),
    )


@pytest.fixture
def given(shop):
    """`given(cast.filip, "data;...")`: a file of visits handed over by him."""

    def give(by, text, *, encoding="utf-8", edition=shop, name="wizyty.csv"):
        return give_file(by=by, edition_uid=edition.uid, file_name=name, content=text.encode(encoding))

    return give
