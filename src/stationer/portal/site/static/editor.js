// The editor's comforts; without them everything can still be done. A detail is put where the cursor was; what was
// open stays open when the list is drawn anew; a mistake's line is shown in its text.
const TYPED = "#words textarea, #words input:not([type=hidden], [type=color], [type=radio], [type=checkbox])";
let last = null;
document.addEventListener("focusin", (event) => { if (event.target.matches(TYPED)) last = event.target; });

const insert = (field, words) => {
  field.focus();
  field.setRangeText(words, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
};
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]");
  const field = last?.isConnected ? last : document.querySelector(TYPED.replace("#words input", "#elements input"));
  if (button && field) insert(field, button.dataset.insert);
  const line = Number(event.target.closest("[data-line]")?.dataset.line);
  const text = line && document.querySelector("textarea.is-code");
  if (text) {
    event.preventDefault();
    const at = text.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    text.focus();
    text.setSelectionRange(at, at + text.value.slice(at).split("\n")[0].length);
  }
});
for (const button of document.querySelectorAll("[data-insert]")) button.hidden = false;

const opened = () => new Map([...document.querySelectorAll("details[data-element]")].map((one) => [one.dataset.element, one.open]));
let before = new Map();
document.addEventListener("htmx:beforeSwap", () => { before = opened(); });
document.addEventListener("htmx:afterSettle", () => {
  for (const one of document.querySelectorAll("details[data-element]")) {
    if (before.has(one.dataset.element) && one.dataset.element !== "add") one.open = before.get(one.dataset.element);
  }
  const added = document.querySelector("[data-first]");
  added?.querySelector("input:not([type=hidden]), textarea, select")?.focus();
});
