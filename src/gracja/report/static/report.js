// The report's own script: language, theme, pictures, search. Everything is readable without it.
(() => {
  "use strict";
  const root = document.documentElement;
  const doc = document.getElementById("doc");
  const numbers = JSON.parse(document.getElementById("numbers").textContent);
  root.classList.add("js");

  // ---- Language: the other one waits in a <template>, so that nothing stands in the page twice.
  const parked = new Map([...document.querySelectorAll("template[data-title]")].map((t) => [t.lang, t]));

  function speak(language) {
    const next = parked.get(language);
    if (!next) return;
    const open = [...doc.querySelectorAll("li[id] > details[open]")].map((d) => d.parentElement.id);
    const here = Object.assign(document.createElement("template"), { lang: doc.lang });
    here.dataset.title = doc.dataset.title;
    here.content.append(...doc.childNodes);
    doc.append(next.content);
    doc.dataset.title = next.dataset.title;
    parked.delete(language);
    parked.set(here.lang, here);
    doc.lang = root.lang = language;
    document.title = doc.dataset.title;
    for (const id of open) document.getElementById(id).firstElementChild.open = true;
    labelTheme();
    draw();
    doc.querySelector(`[data-language="${language}"]`).focus();
  }

  // ---- Theme: as the system, light, dark.
  const themes = ["auto", "light", "dark"];
  let theme = remembered();

  function remembered() {
    try {
      const kept = localStorage.getItem("gracja-theme");
      return themes.includes(kept) ? kept : "auto";
    } catch {
      return "auto"; // a browser may forbid a file to remember
    }
  }

  function wear(next) {
    theme = next;
    if (next === "auto") delete root.dataset.theme;
    else root.dataset.theme = next;
    try {
      localStorage.setItem("gracja-theme", next);
    } catch {
      // it holds for this visit
    }
    labelTheme();
  }

  function labelTheme() {
    const button = doc.querySelector("[data-theme-button]");
    button.setAttribute("aria-label", button.dataset[theme]);
    button.title = button.dataset[theme];
  }

  // ---- Pictures. Colours are the tokens themselves, so a change of theme needs no new drawing.
  const INK = { above: "var(--accent)", below: "var(--grade-below)", unknown: "var(--ink)" };
  const colour = (d) => INK[d.side];
  const inside = (d) => (d.side === "unknown" ? "var(--paper)" : colour(d));
  const percent = (value, words) => `${Math.round(100 * value)}${words.percent}`;
  const quiet = { fill: "var(--ink-3)", fontSize: 12, fontWeight: 500 };

  function peopleRows(rows, words) {
    const row = 27;
    const head = 34;
    const placed = [];
    const heads = [];
    const spans = []; // from the first to the last row of each tier: as far as the level's line goes
    let y = 0;
    rows.forEach((d, i) => {
      if (words.tiers.length && (i === 0 || rows[i - 1].tier !== d.tier)) {
        y += i ? 12 : 0;
        heads.push({ y: y + head / 2 - 2, text: words.tiers[d.tier - 1], first: i === 0 });
        y += head;
      }
      if (i === 0 || rows[i - 1].tier !== d.tier) spans.push({ from: y });
      spans.at(-1).to = y + row;
      placed.push({ ...d, y: y + row / 2 });
      y += row;
    });
    return { placed, heads, spans, height: y };
  }

  function people(width, words) {
    const { rows, axis } = numbers.people;
    const [low, high, level] = axis;
    const { placed, heads, spans, height } = peopleRows(rows, words);
    const left = Math.min(196, Math.round(width * 0.36));
    const end = { x: high, dx: 14, textAnchor: "start", fill: "var(--ink)", fontSize: 13, fontWeight: 650 };
    return Plot.plot({
      width, height: height + 56, marginLeft: left, marginRight: 56, marginTop: 28, marginBottom: 28,
      x: { domain: [low, high], axis: null }, y: { domain: [0, height], range: [28, height + 28], axis: null },
      marks: [
        Plot.ruleY(heads.filter((d) => !d.first), { y: (d) => d.y - 18, x1: low, x2: high, insetLeft: -left, insetRight: -56, stroke: "var(--line-strong)" }),
        Plot.ruleY(placed, { y: "y", x1: low, x2: high, stroke: "var(--line)" }),
        Plot.ruleX(spans, { x: () => level, y1: "from", y2: "to", stroke: "var(--ink)", strokeWidth: 1.5 }),
        Plot.ruleY(placed, { y: "y", x1: "low", x2: "high", stroke: colour, strokeWidth: 1.75 }),
        Plot.dot(placed, { x: "value", y: "y", r: 5, fill: inside, stroke: colour, strokeWidth: 1.75 }),
        Plot.text(placed, { y: "y", x: low, dx: -14, textAnchor: "end", text: "name", fill: "var(--ink)", fontSize: 14, lineWidth: (left - 14) / 14, textOverflow: "ellipsis" }),
        Plot.text(placed, { ...end, y: "y", text: (d) => percent(d.value, words) }),
        Plot.text(heads, { y: "y", x: low, dx: -left, textAnchor: "start", text: "text", fill: "var(--ink-2)", fontSize: 13, fontWeight: 600 }),
        Plot.text([level], { x: (d) => d, y: 0, dy: -14, text: () => words.level, ...quiet, fill: "var(--ink)" }),
        Plot.text([low, high], { x: (d) => d, y: height, dy: 14, textAnchor: "middle", text: (d) => (d === high ? percent(d, words) : `${Math.round(100 * d)}`), ...quiet }),
      ],
    });
  }

  function crowd(width, words) {
    const { rows, axis } = numbers.people;
    const [low, high, level] = axis;
    const placed = rows.map((d, i) => ({ ...d, i }));
    const starts = placed.filter((d, i) => words.tiers.length && (i === 0 || placed[i - 1].tier !== d.tier));
    const thin = Math.max(0.75, Math.min(2, (0.6 * (width - 60)) / rows.length));
    return Plot.plot({
      width, height: 340, marginLeft: 44, marginRight: 8, marginTop: 44, marginBottom: 12,
      x: { domain: [-1, rows.length], axis: null }, y: { domain: [low, high], axis: null },
      marks: [
        Plot.ruleY([low, high], { stroke: "var(--line)" }),
        Plot.ruleX(placed, { x: "i", y1: "low", y2: "high", stroke: colour, strokeWidth: thin, strokeOpacity: 0.55 }),
        Plot.dot(placed, { x: "i", y: "value", r: Math.max(1, thin * 1.2), fill: colour }),
        Plot.ruleY([level], { stroke: "var(--ink)", strokeWidth: 1.5 }),
        Plot.ruleX(starts.slice(1), { x: (d) => d.i - 0.5, stroke: "var(--line-strong)" }),
        Plot.text(starts, { x: "i", y: high, dy: -18, dx: 2, textAnchor: "start", text: (d) => words.tiers[d.tier - 1], fill: "var(--ink-2)", fontSize: 12, fontWeight: 600, lineWidth: 11, lineAnchor: "bottom" }),
        Plot.text([low, level, high], { x: -1, dx: -8, y: (d) => d, textAnchor: "end", text: (d) => percent(d, words), ...quiet }),
      ],
    });
  }

  function parts(width, words) {
    const { rows, axis } = numbers.parts;
    const [low, high, level] = axis;
    const placed = rows.map((d, i) => ({ ...d, i }));
    const known = placed.filter((d) => d.value !== null);
    return Plot.plot({
      width, height: 270, marginLeft: 0, marginRight: 0, marginTop: 26, marginBottom: 18,
      x: { domain: [-0.5, rows.length - 0.5], axis: null }, y: { domain: [low, high], axis: null },
      marks: [
        Plot.ruleY([low, high], { stroke: "var(--line)" }),
        Plot.ruleX(placed.slice(1), { x: (d) => d.i - 0.5, stroke: "var(--line)" }),
        Plot.ruleY([level], { stroke: "var(--ink)", strokeWidth: 1.5 }),
        Plot.line(placed, { x: "i", y: "value", stroke: "var(--line-strong)", strokeDasharray: "1 5", strokeLinecap: "round", strokeWidth: 1.5 }),
        Plot.ruleX(known, { x: "i", y1: "low", y2: "high", stroke: colour, strokeWidth: 1.75 }),
        Plot.dot(known, { x: "i", y: "value", r: 6, fill: inside, stroke: colour, strokeWidth: 1.75 }),
        Plot.text(known, { x: "i", y: "value", dx: 14, textAnchor: "start", text: (d) => percent(d.value, words), fill: "var(--ink)", fontSize: 16, fontWeight: 650, stroke: "var(--paper)", strokeWidth: 5 }),
        Plot.text(placed.filter((d) => d.value === null), { x: "i", y: (low + high) / 2, text: () => words.unmeasured, fill: "var(--ink-2)", fontSize: 13 }),
        Plot.text([level], { frameAnchor: "left", y: (d) => d, dx: 0, dy: -9, text: () => words.level, ...quiet, fill: "var(--ink)" }),
        Plot.text([low, high], { frameAnchor: "left", y: (d) => d, dy: -3, lineAnchor: "bottom", text: (d) => percent(d, words), ...quiet }),
      ],
    });
  }

  function draw() {
    for (const figure of doc.querySelectorAll("[data-picture]")) {
      const box = figure.querySelector(".pic__in");
      const width = box ? Math.floor(box.clientWidth) : 0;
      if (!width) continue; // not shown at this width, or nothing to draw
      const words = JSON.parse(figure.dataset.words);
      const many = figure.dataset.picture === "people" && numbers.people.crowd;
      const picture = (many ? crowd : { people, parts }[figure.dataset.picture])(width, words);
      for (const group of picture.querySelectorAll("g[aria-label]")) group.removeAttribute("aria-label"); // "rule", "dot"
      picture.setAttribute("role", "img");
      picture.setAttribute("aria-label", figure.dataset.label);
      box.replaceChildren(picture);
    }
  }

  let drawn = 0;
  new ResizeObserver(() => {
    if (doc.clientWidth === drawn || window.matchMedia("print").matches) return;
    drawn = doc.clientWidth;
    draw();
  }).observe(doc);

  // ---- Finding a person; opening all examples.
  function find(field) {
    const sought = field.value.trim().toLowerCase();
    const section = field.closest("section");
    const rows = [...section.querySelectorAll("tr[data-name]")];
    for (const row of rows) row.hidden = sought !== "" && !row.dataset.name.includes(sought);
    for (const fold of section.querySelectorAll("[data-fold]")) {
      fold.open = sought !== "" && fold.querySelector("tr[data-name]:not([hidden])") !== null;
    }
    for (const body of section.querySelectorAll("tbody")) {
      body.hidden = sought !== "" && body.querySelector("tr[data-name]:not([hidden])") === null;
    }
    section.querySelector("[data-none]").hidden = rows.some((row) => !row.hidden);
  }

  function openAll(button) {
    const all = [...doc.querySelectorAll("details.std")];
    const open = all.some((one) => !one.open);
    for (const one of all) one.open = open;
    button.textContent = open ? button.dataset.close : button.dataset.open;
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.language) speak(button.dataset.language);
    else if ("themeButton" in button.dataset) wear(themes[(themes.indexOf(theme) + 1) % themes.length]);
    else if ("openAll" in button.dataset) openAll(button);
  });
  document.addEventListener("input", (event) => {
    if ("find" in event.target.dataset) find(event.target);
  });

  wear(theme);
  draw();
})();
