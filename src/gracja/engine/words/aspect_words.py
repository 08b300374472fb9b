"""Polish verbs of one meaning and two aspects that no rule of endings gives: written by hand for Gracja.

Each line is an imperfective verb and its perfective partner or partners. Here stand pairs made with a
prefix (*dzwonić*, *zadzwonić*) or of two stems (*brać*, *wziąć*); verbs with `się` stand without it. A
prefixed verb is a partner only where the prefix adds nothing but the end of the doing: *przeczytać*, not
*zaczytać*. Pairs by ending (*zgłosić*, *zgłaszać*) are made by `aspects`.
"""

from __future__ import annotations

from typing import Final

PAIRS: Final = """
adresować zaadresować
akceptować zaakceptować
aktualizować zaktualizować
analizować przeanalizować
atakować zaatakować
badać zbadać
blokować zablokować
błądzić zabłądzić
boleć zaboleć
brać wziąć
brudzić pobrudzić zabrudzić
brzmieć zabrzmieć
budować zbudować
budzić obudzić
chcieć zechcieć
chować schować
chwalić pochwalić
cieniować wycieniować
cieszyć ucieszyć
czekać poczekać zaczekać
czesać uczesać
czuć poczuć
czyścić wyczyścić
czytać przeczytać
dbać zadbać
decydować zdecydować
deklarować zadeklarować
demontować zdemontować
denerwować zdenerwować
depilować wydepilować
dezynfekować zdezynfekować
diagnozować zdiagnozować
dojrzewać dojrzeć
drożeć podrożeć zdrożeć
drukować wydrukować
dusić udusić
działać zadziałać
dzielić podzielić
dziękować podziękować
dziwić zdziwić
dzwonić zadzwonić
fakturować zafakturować
fałszować sfałszować
farbować ufarbować
finansować sfinansować
formatować sformatować
formułować sformułować
gasić zgasić
gasnąć zgasnąć
ginąć zginąć
goić zagoić
golić ogolić
gotować ugotować
grać zagrać
gratulować pogratulować
grozić zagrozić
gubić zgubić
gwarantować zagwarantować
hamować zahamować
identyfikować zidentyfikować
ignorować zignorować
informować poinformować
inicjować zainicjować
instalować zainstalować
interesować zainteresować
inwestować zainwestować
irytować zirytować
iść pójść
jechać pojechać
jeść zjeść
kaleczyć skaleczyć
karać ukarać
karmić nakarmić
kasować skasować
kąpać wykąpać
kierować skierować
kleić skleić
kłamać skłamać
kłaść położyć
kłócić pokłócić
kodować zakodować
komentować skomentować
kompletować skompletować
komplikować skomplikować
koncentrować skoncentrować
konfigurować skonfigurować
konsultować skonsultować
kontaktować skontaktować
kontrolować skontrolować
kończyć skończyć zakończyć
kopiować skopiować
korygować skorygować
korzystać skorzystać
kraść ukraść
kroić pokroić
krytykować skrytykować
krzyczeć krzyknąć
krzywdzić skrzywdzić
księgować zaksięgować
kształcić wykształcić
kupować kupić
kwestionować zakwestionować
lecieć polecieć
leczyć wyleczyć
lekceważyć zlekceważyć
liczyć policzyć
likwidować zlikwidować
logować zalogować
lokalizować zlokalizować
lubić polubić
ładować naładować
łagodzić złagodzić
łamać złamać
łapać złapać
łączyć połączyć
magazynować zmagazynować
maleć zmaleć
malować pomalować namalować
marnować zmarnować
martwić zmartwić
masować wymasować
meldować zameldować
męczyć zmęczyć
mierzyć zmierzyć
mieszać wymieszać
mieścić zmieścić
modelować wymodelować
modernizować zmodernizować
modyfikować zmodyfikować
montować zamontować
motywować zmotywować
mówić powiedzieć
myć umyć
mylić pomylić
myśleć pomyśleć
nauczać nauczyć
negocjować wynegocjować
niepokoić zaniepokoić
niszczyć zniszczyć
nocować przenocować
notować zanotować
nudzić znudzić
numerować ponumerować
obserwować zaobserwować
ochraniać ochronić
oddychać odetchnąć
odpoczywać odpocząć
oferować zaoferować
oglądać obejrzeć
opiekować zaopiekować
optymalizować zoptymalizować
organizować zorganizować
ostrzyć naostrzyć
oszczędzać zaoszczędzić
otwierać otworzyć
pakować zapakować spakować
parkować zaparkować
parzyć zaparzyć
patrzeć popatrzeć spojrzeć
pić wypić
piec upiec
pisać napisać
plamić poplamić
planować zaplanować
płacić zapłacić
płynąć popłynąć
pokazywać pokazać
pokonywać pokonać
polerować wypolerować
porównywać porównać
porządkować uporządkować
poszukiwać poszukać
powodować spowodować
prać uprać wyprać
prasować wyprasować uprasować
precyzować sprecyzować
prezentować zaprezentować
proponować zaproponować
prosić poprosić
prostować wyprostować sprostować
protestować zaprotestować
prowadzić poprowadzić
próbować spróbować
psuć zepsuć popsuć
publikować opublikować
pukać zapukać
pytać zapytać spytać
raportować zaraportować
ratować uratować
reagować zareagować
realizować zrealizować
redagować zredagować
regulować uregulować wyregulować
rejestrować zarejestrować
reklamować zareklamować
rekomendować zarekomendować
rekompensować zrekompensować
remontować wyremontować
reperować zreperować
resetować zresetować
restartować zrestartować
rezerwować zarezerwować
rezygnować zrezygnować
robić zrobić
rodzić urodzić
rosnąć urosnąć wzrosnąć
rozmawiać porozmawiać
rozumieć zrozumieć
rujnować zrujnować
rysować narysować porysować
ryzykować zaryzykować
segregować posegregować
serwować zaserwować
siadać usiąść
skakać skoczyć
skanować zeskanować
skarżyć poskarżyć
sklejać skleić
słuchać posłuchać
słyszeć usłyszeć
smarować posmarować nasmarować
smażyć usmażyć
smucić zasmucić
sortować posortować
spalać spalić
spieszyć pospieszyć
spoczywać spocząć
sprzątać posprzątać
starać postarać
stawiać postawić
stemplować ostemplować
sterylizować wysterylizować
stosować zastosować
straszyć przestraszyć wystraszyć
stresować zestresować
strzyc ostrzyc
stwarzać stworzyć
sugerować zasugerować
suszyć wysuszyć
synchronizować zsynchronizować
szacować oszacować
szanować uszanować
szczepić zaszczepić
szkodzić zaszkodzić
szkolić wyszkolić
szukać poszukać
szyć uszyć
śmiać zaśmiać
śpieszyć pośpieszyć
śpiewać zaśpiewać
tankować zatankować
tańczyć zatańczyć
telefonować zatelefonować
testować przetestować
tłumaczyć wytłumaczyć przetłumaczyć
tracić stracić
traktować potraktować
transportować przetransportować
troszczyć zatroszczyć
tworzyć stworzyć utworzyć
uczyć nauczyć
ufać zaufać
ujeżdżać ujeździć
wahać zawahać
ważyć zważyć
wątpić zwątpić
weryfikować zweryfikować
widzieć zobaczyć
wierzyć uwierzyć
wieszać powiesić
witać przywitać powitać
wnioskować zawnioskować wywnioskować
wołać zawołać
wspierać wesprzeć
wstydzić zawstydzić
wypijać wypić
zagrażać zagrozić
zakańczać zakończyć
zapytywać zapytać
zasypiać zasnąć
zaszczepiać zaszczepić
zjadać zjeść
znajdować znaleźć
znajdywać znaleźć
żałować pożałować
żartować zażartować
żądać zażądać
żegnać pożegnać
"""
