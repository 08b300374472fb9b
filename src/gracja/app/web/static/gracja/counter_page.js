/* What every part of the counter reads: the page, its rules, its words. */
import { inLanguage } from "./dial.js";
import { typeset } from "./typeset.js";

export const page = document.querySelector("[data-counter]");
export const policy = JSON.parse(document.getElementById("policy").textContent);
export const words = JSON.parse(document.getElementById("words").textContent);
export const { rules } = policy;
export const language = document.documentElement.lang;
export const number = new Intl.NumberFormat(language);
export const find = (name) => page.querySelector(`[data-${name}]`);

/* A text of the rules or of an edition, as the reader's language writes it. */
export const spoken = (text) => typeset(inLanguage(text, language), language);

/* A sentence with its facts. */
export const fill = (sentence, facts) =>
  typeset(
    sentence.replace(/\{(\w+)(?::n)?\}/g, (_, name) =>
      typeof facts[name] === "number" ? number.format(facts[name]) : facts[name],
    ),
    language,
  );

/* What the screen has to say of the last tap. */
export const say = (text) => {
  find("said").textContent = text;
};
