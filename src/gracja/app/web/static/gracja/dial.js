/* The dial in the browser: exactly what gracja.engine.dial says (reading.py, advice.py), from the same rules. */

export function inLanguage(text, language) {
  if (typeof text === "string") return text;
  return text[language] || text.en || Object.values(text)[0];
}

export function bandOf(dial, rules) {
  if (dial < rules.bands.attentive_from) return "discreet";
  return dial < rules.bands.personal_from ? "attentive" : "personal";
}

/* situation: {kind, occupation, cues: {cue: count}}, without contradictions. */
export function readDial(situation, rules) {
  const reasons = [...expected(situation, rules), ...seen(situation, rules)];
  let dial = reasons.reduce((sum, reason) => sum + reason.points, 0);
  for (const [low, high, what, name] of limits(situation, rules)) {
    const held = Math.min(Math.max(dial, low), high);
    if (held !== dial) {
      reasons.push({ what, name, points: held - dial, count: null });
      dial = held;
    }
  }
  return { dial, band: bandOf(dial, rules), reasons };
}

/* service: {standards} of an edition. Three lines to do and two to hold back, and the rest with them. */
export function advise(situation, rules, service, bands, glance, movesMade = 0) {
  const reading = readDial(situation, rules);
  const count = (cue) => situation.cues[cue] || 0;
  const cues = weightiestFirst(rules.cues.filter((cue) => count(cue.cue) > cue.over));
  const heard = cues.filter((cue) => bands.indexOf(cue.do_from) <= bands.indexOf(reading.band));
  const standards = inOrder(service.standards);
  const ofMode = (mode) => standards.filter((one) => one.service_mode === mode).map((one) => line(one));
  const courtesy = standards.filter((one) => one.service_mode === "any" && one.rung === "base");
  const act = [...ofCues(heard, "do"), ...ofMode(reading.band), ...courtesy.map((one) => line(one, true))];
  const hold = ofCues(cues, "hold");
  if (reading.band === "discreet") hold.push(...ofMode("personal"));
  let reach = [];
  if (reading.band !== "personal") {
    reach = ofMode("discreet");
    if (!reach.length) reach = rules.within_reach.map((text) => ({ text, source: "rules", name: "within_reach" }));
  }
  const first = act.filter((one) => one.courtesy).slice(0, 1);
  const others = act.filter((one) => !first.includes(one));
  return {
    ...reading,
    do: [...others.slice(0, glance.do - first.length), ...first],
    hold: hold.slice(0, glance.hold),
    withinReach: reach,
    moves: Math.max(0, rules.overdose.personal_moves[reading.band] - movesMade),
    cost: cost("personal", count("queue"), rules),
  };
}

/* What contradicts a cue, among those that are true. */
export function against(cue, cues, rules) {
  return rules.exclude
    .filter((pair) => pair.includes(cue))
    .flat()
    .filter((other) => other !== cue && cues[other]);
}

function cost(band, queue, rules) {
  const own = rules.load.extra_minutes[band];
  return { own, others: own * queue };
}

function expected(situation, rules) {
  const occupation = rules.occupations.find((one) => one.occupation === situation.occupation);
  const kind = situation.kind || (occupation ? occupation.kind : "encounter");
  const reasons = [{ what: "start", name: kind, points: rules.start[kind], count: null }];
  if (occupation) {
    const { occupation: name, points } = occupation;
    reasons.push({ what: "occupation", name, points, count: null });
  }
  return reasons;
}

function seen(situation, rules) {
  const reasons = [];
  for (const cue of rules.cues) {
    const count = situation.cues[cue.cue] || 0;
    const points = count ? adds(cue, count) : 0;
    if (points) reasons.push({ what: "cue", name: cue.cue, points, count: cue.counts === null ? null : count });
  }
  return reasons;
}

function adds(cue, count) {
  let amount = Math.abs(cue.points) * Math.max(0, count - cue.over);
  if (cue.at_most !== null) amount = Math.min(amount, cue.at_most);
  return cue.points > 0 ? amount : -amount;
}

function limits(situation, rules) {
  const ceilings = rules.cues.filter((cue) => cue.ceiling !== null && situation.cues[cue.cue]);
  return [[0, 100, "limit", "ends"], ...ceilings.map((cue) => [0, cue.ceiling, "ceiling", cue.cue])];
}

function weightiestFirst(cues) {
  const lighter = (cue) => (cue.ceiling === null ? 1 : 0);
  return [...cues].sort(
    (one, other) => lighter(one) - lighter(other) || Math.abs(other.points) - Math.abs(one.points),
  );
}

/* One line of each cue in turn, so that no cue crowds out another. */
function ofCues(cues, field) {
  const longest = Math.max(0, ...cues.map((cue) => cue[field].length));
  const lines = [];
  for (let index = 0; index < longest; index += 1) {
    for (const cue of cues) {
      if (index < cue[field].length) lines.push({ text: cue[field][index], source: "cue", name: cue.cue });
    }
  }
  return lines;
}

function inOrder(standards) {
  return [...standards].sort((one, other) => other.critical - one.critical || other.weight - one.weight);
}

function line(one, courtesy = false) {
  return { text: one.behaviour, source: "standard", name: one.standard, when: one.when, courtesy };
}
