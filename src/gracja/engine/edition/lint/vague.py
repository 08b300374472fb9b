"""Words that judge instead of describing: lemmas, by language."""

from __future__ import annotations

from typing import Final

from gracja.engine.edition.lint.lexicon import either, words

# Judgements wherever they stand: two evaluators mark them differently.
JUDGING: Final = {
    "pl": words(
        "uprzejmy uprzejmie miły miło mile profesjonalny profesjonalnie serdeczny serdecznie"
        " przyjazny przyjaźnie życzliwy życzliwie sympatyczny sympatycznie grzeczny grzecznie"
        " kulturalny kulturalnie kompetentny kompetentnie fachowy fachowo rzetelny rzetelnie staranny"
        " starannie odpowiednio właściwie należyty należycie ładnie empatyczny empatycznie"
        " entuzjastyczny entuzjastycznie zaangażowany pozytywnie elegancki elegancko schludny"
        " schludnie efektywny efektywnie sprawny sprawnie skutecznie troskliwy troskliwie taktowny"
        " taktownie dyskretnie naturalnie szczery szczerze cierpliwy cierpliwie spokojnie wyrozumiały"
        " wyrozumiale uważny uważnie pomocny estetycznie idealnie doskonale wzorowy wzorowo wspaniały"
        " wspaniale wyjątkowo komfortowo przyjemny przyjemnie radosny radośnie pogodny pogodnie"
        " gościnny gościnnie jasno zrozumiale przystępnie kompleksowo kompleksowy wyczerpująco solidny"
        " solidnie indywidualnie zaangażować sympatia niegrzeczny nieuprzejmy opryskliwy opryskliwie"
        " arogancki"
        " poprawnie porządnie perfekcyjny perfekcyjnie uczynny usłużny"
        " dżentelmeński uprzejmość profesjonalizm życzliwość serdeczność empatia zaangażowanie"
        " szacunek troska entuzjazm kultura takt klasa grzeczność cierpliwość wyrozumiałość"
        " kompetencja staranność troskliwość"
    ),
    "en": words(
        "friendly friendliness polite politely politeness nicely kindly kindness professionally"
        " professionalism courteous courteously warmly warmth helpful helpfully pleasant pleasantly"
        " appropriately properly respectful respectfully empathetic empathetically empathically"
        " empathic empathy enthusiastic enthusiastically enthusiasm efficiently efficient competent"
        " competently excellent excellently perfectly genuine genuinely sincere sincerely caring"
        " considerate considerately welcoming cheerful cheerfully patiently adequately suitably"
        " effectively diligent diligently carefully tactful tactfully tact approachable personable"
        " attentive attentively calmly discreetly naturally smartly neatly graciously gracious"
        " hospitable cordial cordially amicable wonderful wonderfully fantastic brilliant amazing"
        " lovely exceptional outstanding respect courtesy clearly thoroughly comprehensively"
        " positively sensitively reliable reliably likeable committed dedicated motivated rude"
        " rudely impolite arrogant dismissive"
        " elegant elegantly sympathetic sympathetically compassionate"
        " compassionately compassion dignity nice"
    ),
}
# Judgements only beside one of MANNER: a warm drink is warm, a warm tone is an opinion.
IN_COMPANY: Final = {
    "pl": words(
        "dobry ciepły odpowiedni właściwy indywidualny otwarty naturalny pozytywny wysoki dobrze"
        " ciepło godny szczególny wyjątkowy spokojny zadbany najlepszy świetny doskonały dyskretny"
        " ładny estetyczny idealny osobisty skuteczny poprawny komfortowy"
    ),
    "en": words(
        "good great warm proper appropriate professional positive open natural right high best kind"
        " calm patient personal superb perfect suitable adequate discreet special sensitive effective"
        " neat"
    ),
}
MANNER: Final = {
    "pl": words(
        "sposób ton głos postawa podejście zachowanie obsługa atmosfera wrażenie nastrój przyjęcie"
        " powitanie słowo wygląd poziom jakość relacja nastawienie klimat maniera styl moment"
        " traktowanie opieka doświadczenie prezencja usługa pożegnanie"
        " uśmiech"
    ),
    "en": words(
        "way manner tone voice attitude approach behaviour behavior service atmosphere impression"
        " mood welcome greeting demeanour demeanor posture language appearance level quality"
        " relationship experience smile style moment farewell treatment rapport "
        " standard standards care vibe"
    ),
}
# What a person can be and everybody sees: these follow `is` without judging.
SEEN_STATES: Final = {
    "pl": words("obecny dostępny gotowy osiągalny widoczny ubrany pierwszy ostatni jedyny sam"),
    "en": words(
        "present available ready visible reachable dressed able first last alone aware back there here"
        " up out seated silent done one"
    ),
}
# Beside an empty verb these say nothing that can be seen.
STATES: Final = {
    "pl": words(
        "atmosfera wrażenie relacja więź zaufanie zainteresowanie poczucie spokój komfort satysfakcja klimat"
    ),
    "en": words(
        "atmosphere impression relationship rapport bond trust interest comfort satisfaction attitude"
        " experience"
    ),
}
# Nobody can see these done.
UNSEEN_VERBS: Final = {
    "pl": words(
        "dbać zadbać starać postarać szanować doceniać troszczyć zatroszczyć rozumieć traktować"
        " potraktować zachowywać_się angażować sprawiać wczuwać"
    ),
    "en": words("care try respect understand appreciate treat behave engage value tend"),
}
# Verbs that say nothing by themselves: with a judgement beside them the behaviour is a judgement.
EMPTY_VERBS: Final = {
    "pl": words(
        "być bywać obsługiwać obsłużyć postępować odnosić zachowywać zachować działać pracować"
        " reagować wyglądać świadczyć wykonywać obsługiwanie obsłużenie bycie podchodzić"
    ),
    "en": words("be seem appear look sound serve act deal handle perform work behave come"),
}
# What they bring about is judged in the clause behind them: ensures that the stay is pleasant.
BRINGS_ABOUT: Final = words("ensure make see zapewniać zapewnić powodować pilnować")
# These are empty with a noun or an adjective (okazuje empatię), but not with an adverb.
EMPTY_WITH_OBJECT: Final = {
    "pl": words(
        "pozostawać okazywać okazać wykazywać wykazać cechować charakteryzować prezentować zapewniać"
        " tworzyć budować utrzymywać wzbudzać mieć reprezentować zyskiwać nawiązywać kreować dawać"
        " robić demonstrować wyrażać"
    ),
    "en": words(
        "remain stay maintain show display demonstrate provide deliver create build have keep express"
        " make give offer exceed convey ensure"
    ),
}
# Speaking is seen only where it is written what is said.
SPEAKING_VERBS: Final = {
    "pl": words("mówić rozmawiać odzywać zwracać komunikować wypowiadać przemawiać odnosić"),
    "en": words("speak talk communicate interact respond"),
}
INTENSIFIERS: Final = {
    "pl": words("bardzo zawsze maksymalnie możliwie szczególnie niezwykle tak jak najbardziej w_pełni"),
    "en": words("very always really truly highly so extremely most more"),
}
# Said in full, these are promises to make an effort.
EMPTY_PHRASES: Final = {
    "pl": either(
        "co w (?:jego|jej) mocy|dokłada (?:wszelkich )?starań|wszystko, co możliwe",
        "wychodzi naprzeciw|ponad standard",
        r"na (?:wysokim|najwyższym) poziomie|na poziomie$|z klasą|z sercem",
    ),
    "en": either(
        "extra mile|every effort|(?:their|his|her|its) best|above and beyond|with care",
        "with a personal touch|world-class",
        "feel (?:welcome|valued|special|at home|important|comfortable|appreciated|cared for)",
    ),
}
