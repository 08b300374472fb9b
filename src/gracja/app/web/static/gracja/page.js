/* What every page does. Without scripts everything still works. */
import { watchMessages } from "./messages.js";
import { switchTheme } from "./theme.js";
import { askFirst } from "./confirm.js";
import { keepWhatIsTyped } from "./keep.js";
import { watchSending } from "./sending.js";

watchMessages();
switchTheme();
askFirst();
keepWhatIsTyped();
watchSending();

// among doors that do not fit side by side, the one we stand in is seen
document.querySelector(".subnav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
