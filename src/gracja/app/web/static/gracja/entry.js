/* The front door: how hard a password is to guess, and passkeys where the browser has them. */

const LEAST = 10; // characters, as the server asks
const LONG = 16;

function judged(password) {
  const missing = LEAST - [...password].length;
  if (missing > 0) return [1, "short", ` ${missing}`];
  if (new Set(password).size < 5) return [1, "few", ""];
  return [...password].length < LONG ? [2, "fair", ""] : [3, "strong", ""];
}

function showStrength() {
  const shown = document.getElementById("strength");
  const field = document.querySelector("[data-strength], input[autocomplete=new-password], #id_password1");
  if (!shown || !field) return;
  field.addEventListener("input", () => {
    const [level, word, more] = judged(field.value);
    shown.hidden = field.value === "";
    shown.dataset.level = level;
    shown.textContent = shown.dataset[word] + more;
  });
}

function offerPasskeys() {
  if (!window.PublicKeyCredential) return;
  for (const one of document.querySelectorAll("[data-needs-script]")) one.hidden = false;
}

function sayTrouble() {
  const said = document.getElementById("passkey-trouble");
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    const message = document.createElement("div");
    message.className = "message message--problem";
    message.setAttribute("role", "alert");
    message.textContent = said?.dataset.text ?? "";
    document.getElementById("messages")?.append(message);
  });
}

showStrength();
offerPasskeys();
sayTrouble();
