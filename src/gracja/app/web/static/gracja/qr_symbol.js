/* What a QR symbol of version 1 says: 21 by 21 modules, as every member's card bears one. ISO/IEC 18004.
   Our own, because only Chromium on Android and on macOS reads codes itself, and most telephones are others.
   It reads digits and capitals, which is what a card's number is made of. */

export const SIDE = 21;
const CODEWORDS = 26;
// by the two bits of its level (M, L, H, Q): codewords of data, and how many wrong ones may be put right; the
// standard holds back some of the check words against reading another text than was written
const LEVELS = [{ data: 16, mends: 4 }, { data: 19, mends: 2 }, { data: 9, mends: 8 }, { data: 13, mends: 6 }];
const FORMAT_MASK = 0x5412;
const FORMAT_CHECK = 0x537;
const FORMAT_MENDS = 3;
const MASKS = [
  (row, column) => (row + column) % 2 === 0,
  (row) => row % 2 === 0,
  (_, column) => column % 3 === 0,
  (row, column) => (row + column) % 3 === 0,
  (row, column) => ((row >> 1) + Math.floor(column / 3)) % 2 === 0,
  (row, column) => ((row * column) % 2) + ((row * column) % 3) === 0,
  (row, column) => (((row * column) % 2) + ((row * column) % 3)) % 2 === 0,
  (row, column) => (((row + column) % 2) + ((row * column) % 3)) % 2 === 0,
];
const CAPITALS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

const EXP = new Uint8Array(510); // of GF(256), x^8 + x^4 + x^3 + x^2 + 1
const LOG = new Uint8Array(256);
for (let power = 0, value = 1; power < 255; power += 1) {
  EXP[power] = EXP[power + 255] = value;
  LOG[value] = power;
  value = (value << 1) ^ (value & 0x80 ? 0x11d : 0);
}
const times = (a, b) => (a && b ? EXP[LOG[a] + LOG[b]] : 0);
const over = (a, b) => (a ? EXP[LOG[a] + 255 - LOG[b]] : 0);
/* A polynomial, its lowest coefficient first, at a place. */
const at = (polynomial, place) => polynomial.reduceRight((sum, one) => times(sum, place) ^ one, 0);

/* `dark(row, column)` says of each module whether it is; the text, or null where nothing sure can be read. */
export function textOf(dark) {
  const format = formatOf(dark);
  if (format === null) return null;
  const level = LEVELS[format >> 3];
  const words = mended(codewordsOf(dark, MASKS[format & 7]), CODEWORDS - level.data, level.mends);
  return words && said(words.slice(0, level.data));
}

/* The five bits of level and mask, from the two places where they stand; null where both are too damaged. */
function formatOf(dark) {
  const one = [0, 1, 2, 3, 4, 5, 7, 8].map((column) => dark(8, column));
  const other = [20, 19, 18, 17, 16, 15, 14].map((row) => dark(row, 8));
  one.push(...[7, 5, 4, 3, 2, 1, 0].map((row) => dark(row, 8)));
  other.push(...[13, 14, 15, 16, 17, 18, 19, 20].map((column) => dark(8, column)));
  let best = null;
  let least = FORMAT_MENDS + 1;
  for (const read of [one, other]) {
    const bits = read.reduce((sum, bit) => (sum << 1) | bit, 0);
    for (let format = 0; format < 32; format += 1) {
      const wrong = ones(bits ^ checked(format) ^ FORMAT_MASK);
      if (wrong < least) [best, least] = [format, wrong];
    }
  }
  return best;
}

function checked(format) {
  let rest = format << 10;
  for (let bit = 14; bit >= 10; bit -= 1) if (rest & (1 << bit)) rest ^= FORMAT_CHECK << (bit - 10);
  return (format << 10) | rest;
}

function ones(bits) {
  let count = 0;
  for (let rest = bits; rest; rest &= rest - 1) count += 1;
  return count;
}

/* Up and down in pairs of columns from the right, past what every symbol has: corners, format and timing. */
function codewordsOf(dark, mask) {
  const words = new Uint8Array(CODEWORDS);
  let bit = 0;
  let up = true;
  for (let right = SIDE - 1; right > 0; right -= 2, up = !up) {
    if (right === 6) right = 5; // the column of the timing pattern
    for (let step = 0; step < SIDE; step += 1) {
      const row = up ? SIDE - 1 - step : step;
      for (const column of [right, right - 1]) {
        if (row === 6 || (row < 9 && (column < 9 || column > 12)) || (row > 12 && column < 9)) continue;
        if (dark(row, column) !== mask(row, column)) words[bit >> 3] |= 0x80 >> (bit & 7);
        bit += 1;
      }
    }
  }
  return words;
}

/* Reed and Solomon's code, by Berlekamp and Massey, Chien and Forney: the codewords with at most so many of them
   put right, or null where more are wrong. */
function mended(words, checks, mends) {
  const reversed = [...words].reverse();
  const syndromes = Array.from({ length: checks }, (_, power) => at(reversed, EXP[power]));
  if (syndromes.every((one) => one === 0)) return words;
  const locator = locatorOf(syndromes);
  const wrong = [...words.keys()].filter((place) => at(locator, EXP[255 - (CODEWORDS - 1 - place)]) === 0);
  if (locator.length - 1 > mends || wrong.length !== locator.length - 1) return null;
  const evaluator = syndromes.map((_, power) =>
    locator.reduce((sum, one, k) => (k <= power ? sum ^ times(one, syndromes[power - k]) : sum), 0),
  );
  const slope = locator.map((one, power) => (power % 2 ? one : 0)).slice(1);
  const right = words.slice();
  for (const place of wrong) {
    const power = CODEWORDS - 1 - place;
    const root = EXP[255 - power];
    right[place] ^= times(EXP[power], over(at(evaluator, root), at(slope, root)));
  }
  return right;
}

function locatorOf(syndromes) {
  let locator = [1];
  let before = [1];
  let length = 0;
  let shift = 1;
  let scale = 1;
  syndromes.forEach((_, n) => {
    const gap = locator.reduce((sum, one, k) => (k <= n ? sum ^ times(one, syndromes[n - k]) : sum), 0);
    if (gap === 0) {
      shift += 1;
      return;
    }
    const factor = over(gap, scale);
    const next = locator.slice();
    before.forEach((one, k) => (next[k + shift] = (next[k + shift] ?? 0) ^ times(factor, one)));
    for (let k = 0; k < next.length; k += 1) next[k] ??= 0;
    if (2 * length <= n) [before, length, scale, shift] = [locator, n + 1 - length, gap, 1];
    else shift += 1;
    locator = next;
  });
  while (locator.at(-1) === 0) locator.pop();
  return locator;
}

/* What the data say; null where they hold more than digits and capitals. */
function said(data) {
  const bits = [...data].map((word) => word.toString(2).padStart(8, "0")).join("");
  let read = 0;
  const take = (count) => Number.parseInt(bits.slice(read, (read += count)) || "0", 2);
  let text = "";
  while (read + 4 <= bits.length) {
    const mode = take(4);
    if (mode === 0) break;
    if (mode === 1) {
      for (let left = take(10); left > 0; left -= 3) {
        const digits = Math.min(left, 3);
        text += String(take(digits * 3 + 1)).padStart(digits, "0");
      }
    } else if (mode === 2) {
      for (let left = take(9); left > 0; left -= 2) {
        const pair = take(left > 1 ? 11 : 6);
        text += left > 1 ? CAPITALS[Math.floor(pair / 45)] + CAPITALS[pair % 45] : CAPITALS[pair];
      }
    } else return null;
    if (read > bits.length) return null;
  }
  return text || null;
}
