"""Lines and how they are set: on the server's pages (report/words.py) and on devices (typeset.js)."""

from __future__ import annotations

NB = "\u00a0"
TYPESET = [
    ("i w domu, a z okna", "pl", f"i{NB}w{NB}domu, a{NB}z{NB}okna"),
    ("a i o w z u", "pl", f"a{NB}i{NB}o{NB}w{NB}z{NB}u"),
    ("O czym („w Krakowie”)", "pl", f"O{NB}czym („w{NB}Krakowie”)"),
    ("(z  dwiema spacjami) i\nwierszem", "pl", f"(z{NB}dwiema spacjami) i{NB}wierszem"),
    ("Bądź w zasięgu wzroku i czekaj.", "pl", f"Bądź w{NB}zasięgu wzroku i{NB}czekaj."),
    ("mama, tata i", "pl", "mama, tata i"),
    ("hej, kawa z-rana", "pl", "hej, kawa z-rana"),
    ("„o tym” mówi „o czym", "pl", f"„o{NB}tym” mówi „o{NB}czym"),
    ("od 3 osób", "pl", f"od 3{NB}osób"),
    ("o 15 % taniej, 4 żetony", "pl", f"o{NB}15{NB}% taniej, 4{NB}żetony"),
    ("2 3 min", "pl", f"2 3{NB}min"),
    ("Obsługa osobista teraz: 4 min dłużej", "pl", f"Obsługa osobista teraz: 4{NB}min dłużej"),
    ("a dog and i", "en", "a dog and i"),
    ("14 contacts, 5 °", "en", f"14{NB}contacts, 5 °"),
    ("", "pl", ""),
]
