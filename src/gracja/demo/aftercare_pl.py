"""What employees say in Polish about pictures, complaints, new hair and questions; as in `moves_pl`."""

from __future__ import annotations

from typing import Final

AFTERCARE_PL: Final[dict[str, tuple[str, ...]]] = {
    "impossible_colour": (
        "Szczerze mówiąc, z tak ciemnych włosów nie da się zejść do takiego blondu w jeden dzień.",
        "Tego odcienia na jednej wizycie nie uzyskamy, trzeba to rozłożyć.",
        "Ze zdjęcia widzę, że potrzebne będą dwie wizyty, inaczej włosy będą jak słoma.",
        "Do takiego koloru dochodzi się stopniowo, teraz pierwszy krok, potem zobaczymy.",
        "Za jednym razem tak jasno nie wyjdzie, to są dwa, trzy podejścia.",
        "Ten chłodny blond odpada, po hennie włosy mogą zzielenieć.",
        "Włosy po trwałej tego nie wytrzymają, mogę zaproponować coś jaśniejszego tylko przy twarzy.",
    ),
    "impossible_cut": (
        "Takiej objętości przy cienkich włosach nie uda się zrobić samym cięciem, wolę uprzedzić.",
        "Na zdjęciu są doczepy, z własnych włosów takiej długości nie będzie.",
        "Przy kręconych włosach ta grzywka tak prosto nie będzie leżeć, od razu mówię.",
        "Samym cięciem tego się nie da zrobić, tam jest jeszcze trwała.",
    ),
    "impossible_not": (
        "Piękny kolor, zrobimy!",
        "Jasne, robimy takie.",
        "Super zdjęcie, coś wymyślimy.",
        "O, modne teraz. Zapraszam.",
        "Da się, bez problemu.",
    ),
    "possible_colour": (
        "Da się, baza jest dobra.",
        "Tak, z tego brązu bez problemu w jedno popołudnie.",
    ),
    "possible_cut": (
        "Tak, przy tej długości wyjdzie właśnie tak.",
        "Spokojnie, to zwykłe cieniowanie.",
    ),
    "apology": (
        "Bardzo mi przykro, że tak wyszło.",
        "Przepraszam za tę sytuację.",
        "Bardzo {P.acc} przepraszam.",
        "Najmocniej przepraszam, to nie powinno było się zdarzyć.",
        "Przepraszamy, rozumiem, że jest {P.nom} zł[a|y].",
        "Oj, przepraszam, to nasza wina.",
        "Strasznie mi przykro, naprawdę.",
        "Proszę przyjąć nasze przeprosiny.",
        "Ojej, przykro mi to słyszeć.",
        "Przede wszystkim przepraszam za kłopot.",
        "Jest mi bardzo głupio, przepraszam.",
        "Chciał<abym|bym> {P.acc} w imieniu salonu przeprosić.",
    ),
    "apology_not": (
        "A kto {P.acc} obsługiwał?",
        "Hmm, ale przy lustrze było dobrze?",
        "Włosy czasem tak się układają po pierwszym myciu.",
        "Rozumiem, a czym {P.nom} myje włosy?",
        "Trzeba było powiedzieć od razu na miejscu.",
        "No tak, przy takich włosach to bywa.",
        "Proszę przesłać zdjęcie, zobaczymy.",
    ),
    "correction": (
        "Proszę przyjść, poprawimy to bezpłatnie.",
        "Poprawimy to oczywiście za darmo, w dowolny dzień.",
        "Poprawka jest bezpłatna, proszę tylko powiedzieć kiedy.",
        "Zapraszam na darmową poprawkę, najlepiej jeszcze w tym tygodniu.",
        "Poprawimy na nasz koszt, choćby jutro.",
        "Poprawimy, nic {P.nom} nie płaci.",
        "Poprawka gratis, to jasne.",
        "Proszę wpaść, za darmo poprawię w kwadrans.",
        "Poprawię to bez żadnych opłat.",
        "Oczywiście bez dopłaty, poprawimy tak, żeby było dobrze.",
        "Zrobimy to jeszcze raz, bezpłatnie.",
    ),
    "refund": (
        "Sprawdzę paragon i zwrócimy różnicę.",
        "Różnicę oddamy przy najbliższej wizycie.",
        "Oddzwonię, jak porównam rachunek z rezerwacją.",
    ),
    "correction_not": (
        "Przekażę to dalej.",
        "Można umówić się na korektę, wtedy zobaczymy, ile to wyjdzie.",
        "Przekażę kierowniczce.",
        "Poprawka to będzie 60 zł.",
        "Po wyjściu z salonu nic już nie zrobimy.",
        "Zanotuję uwagę.",
    ),
    "greet_first": (
        "Dzień dobry :)",
        "Dzień dobry, tu {e.first} z Trzech Grzebieni.",
        "Dzień dobry!",
    ),
    "greet_first_pan": (
        "Dzień dobry, {P.voc}!",
        "Dzień dobry {P.dat}, tu {e.first} z salonu.",
    ),
    "greet_first_ty": (
        "Hej {voc}!",
        "Cześć {voc} :)",
    ),
    "follow_up": (
        "Jak się układają włosy po ostatniej wizycie?",
        "Jak nowa fryzura, da się ją ogarnąć rano?",
        "Jak się nosi nowy kolor?",
        "Jak po tygodniu sprawuje się grzywka?",
        "Czy wszystko dobrze się układa po myciu?",
        "Proszę dać znać, jak się {P.nom} czuje w nowych włosach :)",
        "Minął tydzień, więc pytam: zadowolon[a|y] {P.nom} z koloru?",
        "Jak tam kolor po pierwszych myciach?",
    ),
    "follow_up_ty": (
        "I jak tam włosy?",
        "Jak się sprawdza nowa fryzura?",
        "Jak się nosi grzywka? :)",
    ),
    "follow_up_not": (
        "Zapraszamy ponownie do Trzech Grzebieni.",
        "W listopadzie mamy nową maskę do włosów farbowanych, polecam.",
        "Dziękujemy za wizytę. Będzie nam miło za opinię w internecie.",
        "Przypominam, że odrosty warto robić co sześć tygodni. Zapraszam.",
    ),
    "follow_up_thanks": (
        "Bardzo się cieszę!",
        "Super, dziękuję za odpowiedź.",
        "To się cieszę :)",
        "W razie czego jestem.",
    ),
    "follow_up_help": (
        "Proszę spróbować suszyć z głową w dół, a jak nie pomoże, to wpaść do mnie na dwie minuty.",
        "To normalne przez pierwsze dni, proszę myć chłodniejszą wodą.",
        "Proszę wpaść, podetnę ten kosmyk od ręki.",
    ),
    "transfer": (
        "Połączę {P.acc} od razu z salonem, oni mają swój grafik.",
        "Przekazuję rozmowę do salonu, koleżanka zaraz przejmie.",
        "Przełączam do salonu, proszę zostać na linii.",
    ),
    "taken_over": (
        "Przejmuję rozmowę, tu {e.first}, salon {salon}.",
        "Dzień dobry, {e.first} z salonu, już wiem, o co chodzi.",
        "{e.first}, salon {salon}, już pomagam.",
    ),
    "cold_end": (
        "Tyle mogę powiedzieć.",
        "Przekażę. Do widzenia.",
        "No trudno.",
        "Rozumiem. Do widzenia.",
    ),
}

ANSWERS_PL: Final[dict[str, tuple[str, ...]]] = {
    "hours": (
        "Od poniedziałku do soboty, 9-19.",
        "W sobotę do siedemnastej, w tygodniu do dziewiętnastej.",
    ),
    "children": (
        "Strzyżemy, od trzeciego roku życia. Mamy nawet fotel z samochodem.",
        "Tak, dzieci bardzo chętnie.",
    ),
    "products": (
        "Ta odżywka to seria z lnem, jest u nas na półce.",
        "Używamy farb bez amoniaku, mogę wysłać nazwę.",
    ),
    "parking": (
        "Za salonem są trzy miejsca, a obok parking miejski.",
        "Najlepiej tramwajem, przystanek jest pod drzwiami.",
    ),
    "voucher": (
        "Są bony, na dowolną kwotę, do odbioru w salonie.",
        "Tak, wysyłamy też mailem.",
    ),
    "left_thing": (
        "Szalik leży u nas na recepcji.",
        "Tak, parasolka czeka.",
    ),
}
