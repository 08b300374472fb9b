/* The advice on the counter's screen: the picture, the lines, the reasons. */
import { fill, find, number, page, rules, spoken, words } from "./counter_page.js";

const CUSTOMER = 346; // where the customer stands, as in templatetags/distance.py

function textOf(line) {
  const holder = document.createElement("span");
  for (const part of spoken(line.text).split(/(„[^”]*”|“[^”]*”)/)) {
    if (/^[„“]/.test(part)) {
      const said = document.createElement("q");
      said.className = "said";
      said.textContent = part;
      holder.append(said);
    } else holder.append(part);
  }
  if (line.when) {
    const when = document.createElement("small");
    when.textContent = spoken(line.when);
    holder.append(" ", when);
  }
  return holder;
}

function row(line, ticks) {
  const item = document.querySelector(ticks ? "template[data-row-do]" : "template[data-row-hold]").content.cloneNode(true);
  const box = item.querySelector("input");
  if (box) box.value = `${line.source}:${line.name}`;
  item.querySelector("[data-text]").replaceWith(textOf(line));
  return item;
}

function why(reason, dial) {
  const cue = rules.cues.find((one) => one.cue === reason.name);
  const because = cue ? spoken(cue.why) : "";
  if (reason.what === "start") return fill(words.dial[`start_${reason.name}`], { points: reason.points });
  if (reason.what === "limit") return fill(words.dial[reason.points > 0 ? "limit_low" : "limit_high"], {});
  if (reason.what === "ceiling") return fill(words.dial.ceiling, { why: because, dial });
  if (reason.what === "occupation") {
    const job = rules.occupations.find((one) => one.occupation === reason.name);
    return fill(words.dial.occupation, { title: spoken(job.title), why: spoken(job.why) });
  }
  if (reason.count === null) return fill(words.dial.cue, { why: because });
  const title = spoken(cue.counts);
  return fill(words.dial.cue_counted, { title: title[0].toUpperCase() + title.slice(1), count: reason.count, why: because });
}

const signed = (points) => (points > 0 ? `+${number.format(points)}` : number.format(points).replace("-", "−"));

function showReasons(told) {
  find("reasons").replaceChildren(
    ...told.reasons.map((reason) => {
      const line = document.createElement("tr");
      const [what, points] = [document.createElement("th"), document.createElement("td")];
      what.scope = "row";
      what.textContent = why(reason, told.dial);
      points.textContent = reason.what === "start" ? number.format(reason.points) : signed(reason.points);
      line.append(what, points);
      return line;
    }),
  );
  find("total").textContent = number.format(told.dial);
}

/* You stand as far from the customer as the dial says. */
const reach = (dial) => 46 + ((100 - dial) / 100) * 256;

function showPicture({ dial, band }) {
  const picture = find("picture");
  const you = CUSTOMER - reach(dial);
  const ends = { discreet: CUSTOMER - reach(rules.bands.attentive_from), attentive: CUSTOMER - reach(rules.bands.personal_from), personal: 322 };
  picture.setAttribute("class", `dist dist--${band}`);
  picture.setAttribute("aria-label", fill(words.picture[band], { dial }));
  picture.querySelector(".you").setAttribute("cx", you);
  picture.querySelector(".is-you").setAttribute("x", you);
  const edge = Math.min(ends[band] - 6, 320);
  const [near, far] = picture.querySelectorAll(".sight");
  const from = you + 20;
  drawn(near, from, Math.max(from, edge));
  drawn(far, Math.max(from, edge + 12), 320);
  for (const label of picture.querySelectorAll("[data-zone]")) label.classList.toggle("onf", label.dataset.zone === band);
  picture.querySelector(".is-you").classList.add("onf");
}

function drawn(one, from, to) {
  one.setAttribute("x1", from);
  one.setAttribute("x2", Math.max(from, to));
}

export function showAdvice(told) {
  page.dataset.band = told.band;
  showPicture(told);
  find("word").textContent = words.adverbs[told.band];
  find("dial").textContent = fill(words.of_100, { dial: told.dial });
  const ticked = new Set(moves());
  find("do").replaceChildren(...told.do.map((one) => row(one, true)));
  for (const box of find("do").querySelectorAll("input")) box.checked = ticked.has(box.value);
  find("hold").replaceChildren(...told.hold.map((one) => row(one, false)));
  find("hold-section").hidden = !told.hold.length;
  find("reach").replaceChildren(...told.withinReach.slice(0, 3).map((one) => row(one, false)));
  find("reach-section").hidden = !told.withinReach.length;
  const minutes = { own: told.cost.own, others: told.cost.others };
  find("cost").textContent = fill(words.dial[told.cost.others ? "cost_personal_at_least" : "cost_personal_alone"], minutes);
  find("why-word").textContent = words.why[told.band];
  showReasons(told);
}

/* The lines ticked as done. */
export const moves = () => [...find("do").querySelectorAll(":checked")].map((one) => one.value);

export function untick() {
  for (const box of find("do").querySelectorAll("input")) box.checked = false;
}
