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
