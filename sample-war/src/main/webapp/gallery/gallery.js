/** Shows a chat in each of its states. `?only=table` shows one as large as the window, `?theme=dark` all in dark. */
import { arabicTexts } from "./answers.js";
import { respond } from "./script.js";

const options = new URLSearchParams(location.search);
const gallery = document.getElementById("gallery");

const states = {
  welcome: ["Nothing asked yet", () => {}],
  opening: ["With an opening of the app's", () => {}],
  form: ["The app wants to know something first", () => {}],
  streaming: ["Answering", (chat) => chat.ask("Where is order 1048?")],
  answer: ["Answered, with steps and sources", (chat) => chat.ask("Where is order 1048?")],
  table: ["A long and wide table", (chat) => chat.ask("All orders of this quarter, please")],
  error: ["Broke off", (chat) => chat.ask("Where is order 1048?")],
  quota: ["Too many questions", (chat) => chat.ask("Where is order 1048?")],
  offline: ["Offline", () => dispatchEvent(new Event("offline"))],
  decision: ["Waiting for a decision", (chat) => chat.ask("Release order 1046")],
  history: ["Earlier conversations", (chat) => chat.shadowRoot.querySelector("header button").click()],
  upload: ["Files on their way", (chat) => attach(chat)],
  rtl: ["From right to left", (chat) => chat.ask("أين الطلب رقم 1048؟")],
  dark: ["Dark, whatever the system says", (chat) => chat.ask("Where is order 1048?")],
  floating: ["Over the page", () => {}],
};

const fetched = globalThis.fetch;
globalThis.fetch = async (url, { method = "GET", body } = {}) => respond(String(url), method, body) ?? fetched(url, { method, body });

/** An upload that stays half way. */
globalThis.XMLHttpRequest = class {
  upload = {};
  open() {}
  setRequestHeader() {}
  abort() {
    this.onabort?.();
  }
  send() {
    queueMicrotask(() => this.upload.onprogress({ loaded: 6, total: 10 }));
  }
};

const only = options.get("only");
const theme = options.get("theme");

if (only === "offline") {
  Object.defineProperty(navigator, "onLine", { value: false });
}
if (theme !== null) {
  document.documentElement.dataset.theme = theme;
}
if (only !== null) {
  document.body.dataset.only = only;
}
// Each visit starts anew.
sessionStorage.clear();

for (const [name, [title, act]] of Object.entries(states)) {
  if (only === name || (only === null && !["offline", "floating"].includes(name))) {
    show(name, title, act);
  }
}

function show(name, title, act) {
  const section = document.createElement("section");
  const heading = document.createElement("h2");
  const chat = document.createElement("dify-chat");
  heading.textContent = title;
  chat.id = name;
  chat.setAttribute("app", name);
  chat.setAttribute("heading", "Order assistant");
  if (name === "dark" || theme !== null) {
    chat.setAttribute("theme", name === "dark" ? "dark" : theme);
  }
  if (name === "rtl") {
    section.dir = "rtl";
    section.lang = "ar";
    chat.texts = arabicTexts;
    chat.setAttribute("heading", arabicTexts.title);
  }
  chat.toggleAttribute("floating", name === "floating");
  section.append(heading, chat);
  gallery.append(section);
  chat.addEventListener("dify-ready", () => act(chat), { once: true });
}

function attach(chat) {
  const files = new DataTransfer();
  files.items.add(new File(["x"], "Delivery note 1048.pdf", { type: "application/pdf" }));
  files.items.add(new File(["x"], "pallet.jpg", { type: "image/jpeg" }));
  chat.shadowRoot.querySelector("#panel").dispatchEvent(new DragEvent("drop", { dataTransfer: files }));
}
