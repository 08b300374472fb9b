/* Finds a QR symbol of version 1 in a picture and reads it: its three corners by their runs of 1:1:3:1:1, dark
   and light, then its modules between them. */

import { SIDE, textOf } from "./qr_symbol.js";

const WINDOW = 1 / 4; // of the picture's width: how far around a place its light is measured
const DARKER = 0.88; // than the mean around it
const CORNER = [1, 1, 3, 1, 1];
const BETWEEN = SIDE - 7; // modules from the middle of a corner to the next
const MOST_CORNERS = 10;
const MOST_TRIPLES = 6;
// modules, right and down: where the fourth corner may lie, from where a card seen straight from above has it
const FARTHEST_LEAN = 4.9;
const LEAN_STEP = 0.7;
const LEANS = leans();

/* The text of the symbol in this picture, or null. image: as `getImageData` gives it. */
export function read(image) {
  const picture = darkOf(image);
  for (const corners of triplesOf(cornersIn(picture))) {
    for (const lean of LEANS) {
      const text = textOf(modulesOf(picture, corners, lean));
      if (text !== null) return text;
    }
  }
  return null;
}

/* All of them, the smallest first: most cards are held nearly flat. */
function leans() {
  const steps = [];
  for (let lean = -FARTHEST_LEAN; lean <= FARTHEST_LEAN + LEAN_STEP / 2; lean += LEAN_STEP) steps.push(lean);
  const all = steps.flatMap((right) => steps.map((down) => [right, down]));
  return all.sort((one, other) => Math.hypot(...one) - Math.hypot(...other));
}

/* Dark where a place is darker than the light around it: a shadow over half a card does not hide it. */
function darkOf({ data, width, height }) {
  const light = new Float64Array((width + 1) * (height + 1)); // of all above and to the left
  const grey = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    let row = 0;
    for (let x = 0; x < width; x += 1) {
      const k = y * width + x;
      grey[k] = (data[4 * k] * 77 + data[4 * k + 1] * 150 + data[4 * k + 2] * 29) >> 8;
      row += grey[k];
      light[(y + 1) * (width + 1) + x + 1] = light[y * (width + 1) + x + 1] + row;
    }
  }
  const half = Math.round((width * WINDOW) / 2);
  const dark = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const [top, bottom] = [Math.max(0, y - half), Math.min(height, y + half)];
    for (let x = 0; x < width; x += 1) {
      const [left, right] = [Math.max(0, x - half), Math.min(width, x + half)];
      const whole = (place, column) => light[place * (width + 1) + column];
      const sum = whole(bottom, right) - whole(top, right) - whole(bottom, left) + whole(top, left);
      const mean = sum / ((bottom - top) * (right - left));
      dark[y * width + x] = grey[y * width + x] < mean * DARKER ? 1 : 0;
    }
  }
  return { dark, width, height, is: (x, y) => dark[Math.round(y) * width + Math.round(x)] };
}

/* Middles of corners with the size of their modules, those seen in the most rows first. */
function cornersIn({ dark, width, height }) {
  const pixel = (x, y) => (x < 0 || y < 0 || x >= width || y >= height ? -1 : dark[y * width + x]);
  const found = [];
  for (let y = 0; y < height; y += 1) {
    for (const start of middlesIn((x) => pixel(x, y), width)) {
      const down = crossed((k) => pixel(Math.round(start), k), y);
      const across = down && crossed((k) => pixel(k, Math.round(down.middle)), Math.round(start));
      if (!across || Math.max(across.module, down.module) > 1.6 * Math.min(across.module, down.module)) continue;
      const [x, row, module] = [across.middle, down.middle, (across.module + down.module) / 2];
      const same = found.find((one) => Math.hypot(one.x - x, one.y - row) < 2 * module);
      if (same) {
        same.seen += 1;
        for (const [name, value] of [["x", x], ["y", row], ["module", module]]) {
          same[name] += (value - same[name]) / same.seen;
        }
      } else found.push({ x, y: row, module, seen: 1 });
    }
  }
  return found.filter((one) => one.seen > 1).sort((a, b) => b.seen - a.seen).slice(0, MOST_CORNERS);
}

/* Where in a line of pixels five runs are a corner's: the middle of each. */
function middlesIn(pixel, length) {
  const middles = [];
  const runs = [0, 0, 0, 0, 0];
  let last = pixel(0);
  for (let x = 0; x <= length; x += 1) {
    const now = x < length ? pixel(x) : 1 - last;
    if (now === last) {
      runs[4] += 1;
      continue;
    }
    if (last === 1 && isCorner(runs)) middles.push(x - runs[4] - runs[3] - runs[2] / 2 - 0.5);
    runs.shift();
    runs.push(1);
    last = now;
  }
  return middles;
}

/* From a dark place both ways through a corner; its middle and module, or null where it is none. */
function crossed(pixel, from) {
  const runs = [0, 0, 0, 0, 0];
  let low = from;
  for (const [run, colour] of [[2, 1], [1, 0], [0, 1]]) for (; pixel(low) === colour; low -= 1) runs[run] += 1;
  let high = from + 1;
  for (const [run, colour] of [[2, 1], [3, 0], [4, 1]]) for (; pixel(high) === colour; high += 1) runs[run] += 1;
  if (!isCorner(runs)) return null;
  const module = runs.reduce((sum, run) => sum + run, 0) / 7;
  return { middle: low + runs[0] + runs[1] + runs[2] / 2 + 0.5, module };
}

function isCorner(runs) {
  const module = runs.reduce((sum, run) => sum + run, 0) / 7;
  return module >= 1 && runs.every((run, k) => Math.abs(run - CORNER[k] * module) < CORNER[k] * module * 0.6);
}

/* Three corners that can be a symbol's, the most like one first: top left, top right, bottom left. */
function triplesOf(corners) {
  const found = [];
  for (const first of corners) {
    for (const right of corners) {
      for (const below of corners) {
        if (first === right || first === below || right === below) continue;
        const across = [right.x - first.x, right.y - first.y];
        const down = [below.x - first.x, below.y - first.y];
        if (across[0] * down[1] - across[1] * down[0] <= 0) continue; // the other way round it is a mirror's
        const side = (Math.hypot(...across) + Math.hypot(...down)) / 2;
        const module = side / BETWEEN; // a corner's own is longer where lines cross it aslant
        const odds = [
          Math.hypot(...across) / side,
          Math.hypot(right.x - below.x, right.y - below.y) / (side * Math.SQRT2),
          ...[first, right, below].map((one) => one.module / module),
        ];
        const far = odds.reduce((sum, one) => sum + Math.abs(Math.log(one)), 0);
        if (odds.every((one) => one > 0.7 && one < 1.7)) found.push({ first, across, down, module, far });
      }
    }
  }
  return found.sort((a, b) => a.far - b.far).slice(0, MOST_TRIPLES);
}

/* Whether each module is dark, by most of nine places in it. The fourth corner bears no mark; with a lean it
   lies elsewhere, and the modules between as perspective has them. */
function modulesOf(picture, { first, across, down, module }, lean) {
  const [right, below] = lean.map((one) => one * module);
  const fourth = [across[0] + down[0] + right, across[1] + down[1] + below];
  const [x1, y1, x2, y2] = [across[0] - fourth[0], across[1] - fourth[1], down[0] - fourth[0], down[1] - fourth[1]];
  const area = x1 * y2 - x2 * y1;
  const [g, h] = [(right * y2 - x2 * below) / area, (x1 * below - right * y1) / area];
  const spread = module / 4;
  return (row, column) => {
    const [u, v] = [(column - 3) / BETWEEN, (row - 3) / BETWEEN];
    const depth = g * u + h * v + 1;
    const x = first.x + ((1 + g) * across[0] * u + (1 + h) * down[0] * v) / depth;
    const y = first.y + ((1 + g) * across[1] * u + (1 + h) * down[1] * v) / depth;
    let seen = 0;
    for (const dy of [-spread, 0, spread]) {
      for (const dx of [-spread, 0, spread]) seen += picture.is(x + dx, y + dy) ?? 0;
    }
    return seen > 4;
  };
}
