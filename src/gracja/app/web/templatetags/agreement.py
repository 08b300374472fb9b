"""Agreement and misfit in templates."""

from __future__ import annotations

from django import template

from gracja.app.web.measurement import agreement_words

register = template.Library()
register.filter("evenness", agreement_words.evenness)
register.simple_tag(agreement_words.surprise, name="surprise")
register.simple_tag(agreement_words.telling, name="telling")
register.simple_tag(agreement_words.coefficient, name="coefficient")
register.simple_tag(agreement_words.agreed_in_words, name="agreed_in_words")
register.simple_tag(agreement_words.blind_in_words, name="blind_in_words")
register.simple_tag(agreement_words.anchored_in_words, name="anchored_in_words")
