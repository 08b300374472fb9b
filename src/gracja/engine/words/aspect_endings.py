"""How Polish makes an imperfective verb from a perfective one by its ending: written by hand for Gracja.

Each line is a perfective and an imperfective ending. `aspects` joins them to a verb, Morfeusz says whether
the other verb exists, and what would part the meaning stands under REFUSED.
"""

from __future__ import annotations

from typing import Final

# *zgłosić*, *zgłaszać*: the last o or ó before such an ending may turn to a
SOFT: Final = """
pić piać
bić biać
wić wiać
fić fiać
mić miać
nić niać
lić lać
cić cać
ścić szczać
dzić dzać
sić szać
zić żać
ić jać
czyć czać
szyć szać
żyć żać
rzyć rzać
"""

HARD: Final = """
bnąć bać
dnąć dać
gnąć gać
knąć kać
pnąć pać
rnąć rać
tnąć tać
wnąć wać
znąć zać
chnąć chać
snąć skać
snąć sać
inąć ijać
ynąć ywać
unąć uwać
"""

# *zapisać*, *zapisywać*; not so where `po` means "for a while": *poczytać* is no partner of *poczytywać*
LONG: Final = """
ać ywać
kać kiwać
gać giwać
hać hiwać
"""

# what stands before such a stem stays, but for the e of *odejść*, *odchodzić*, the z of *złożyć*, *składać*
STEMS: Final = """
bić bijać
biec biegać
boleć bolewać
brać bierać
być bywać
chłonąć chłaniać
chwiać chwiewać
chwycić chwytać
ciąć cinać
ciec ciekać
cząć czynać
czuć czuwać
dać dawać
dąć dymać
drzeć dzierać
gadnąć gadywać
giąć ginać
gnać ganiać
gnieść gniatać
grać grywać
gryźć gryzać
grzać grzewać
jąć ejmować
jąć jmować
jechać jeżdżać
jeść jadać
jrzeć glądać
jść chodzić
kląć klinać
kluć kluwać
kłuć kłuwać
kraść kradać
kryć krywać
kuć kuwać
kupić kupować
kupić kupywać
lać lewać
lecieć latywać
leźć łazić
łknąć łykać
łożyć kładać
mieść miatać
mknąć mykać
mleć mielać
mrzeć mierać
myć mywać
myśleć myśliwać
nieść nosić
paść padać
patrzeć patrywać
patrzyć patrywać
pchnąć pychać
piąć pinać
pić pijać
piec piekać
pleść platać
pluć pluwać
pomnieć pominać
pomóc pomagać
powiedzieć powiadać
pruć pruwać
przeć pierać
rosnąć rastać
róść rastać
rwać rywać
rzec rzekać
schnąć sychać
siać siewać
siąść siadać
skoczyć skakiwać
słać syłać
służyć sługiwać
snuć snuwać
spomóc spomagać
stać stawać
stanąć stawać
stąpić stępować
strzec strzegać
szyć szywać
śmiać śmiewać
tkać tykać
tknąć tykać
truć truwać
trząść trząsać
trzeć cierać
ulec ulegać
wiać wiewać
wić wijać
wiedzieć wiadywać
wieść wodzić
wieźć wozić
wlec wlekać
wrzeć wierać
znać znawać
zwać zywać
żuć żuwać
żyć żywać
"""

# verbs that the endings join and the meaning parts: *okupować* (occupy) and *okupić* (pay dearly)
REFUSED: Final = """
chybnąć chybać
dolegnąć dolegać
dotkać dotykać
jebnąć jebać
nalegnąć nalegać
naskakać naskakiwać
naszyć naszać
natkać natykać
obowiązać obowiązywać
obrać obrywać
obstać obstawać
odgadać odgadywać
odstać odstawać
okupić okupować
pisnąć pisać
podlegnąć podlegać
podsłać podsyłać
podziwić podziwiać
poganić poganiać
pograć pogrywać
pojeść pojadać
polegnąć polegać
pomieść pomiatać
popalić popalać
popatrzyć popatrywać
popłacić popłacać
poradzić poradzać
porobić porabiać
posiąść posiadać
postać postawać
poważyć poważać
powiać powiewać
powieść powodzić
pośmiać pośmiewać
pożyć pożywać
przebyć przebywać
przemarzyć przemarzać
przemierznąć przemierzać
przeprószyć przepraszać
przewieść przewodzić
przysłużyć przysługiwać
przytkać przytykać
przyświecić przyświecać
rozlatać rozlatywać
rozmarzyć rozmarzać
rozmyślić rozmyślać
rozmówić rozmawiać
rozprószyć rozpraszać
skraść skradać
spotknąć spotykać
sprzeć spierać
słonić słaniać
tknąć tkać
ubać ubywać
ubiec ubiegać
ubiegnąć ubiegać
ugnać uganiać
ugonić uganiać
ujechać ujeżdżać
ujrzeć uglądać
ulubić ulubiać
umarznąć umarzać
umielić umielać
utkać utykać
uważyć uważać
wtargnąć wtargać
wybrzeżyć wybrzeżać
wyczekać wyczekiwać
wyglądnąć wyglądać
wyjrzeć wyglądać
wyskakać wyskakiwać
wystać wystawać
wytkać wytykać
zabiec zabiegać
zabiegnąć zabiegać
zamarzyć zamarzać
zaprószyć zapraszać
zawdzięczyć zawdzięczać
zdążyć zdążać
zeprzeć spierać
zewlec zwlekać
zgadnąć zgadać
zmierznąć zmierzać
znęcić znęcać
zwlec zwlekać
ścignąć ścigać
"""
