/* No-break spaces as on the server's pages: report/words.py says the rule, and one list tests both. */
const NBSP = "\u00a0";
const NUMBER_UNIT = /(\p{Nd}) (?=[\p{L}%])/gu;
const LONE_LETTER = /([aiouwz])\s+(?=\S)/gi;
const BEFORE = /[\s(„]/; // not looked for by the pattern: older browsers know no lookbehind

export function typeset(text, language) {
  const counted = text.replace(NUMBER_UNIT, `$1${NBSP}`);
  if (language !== "pl") return counted;
  return counted.replace(LONE_LETTER, (found, letter, at) =>
    at === 0 || BEFORE.test(counted[at - 1]) ? letter + NBSP : found,
  );
}
