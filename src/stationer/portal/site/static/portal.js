// What htmx and the server leave to us: say which clock hangs here; and when something could not be saved, say so where
// the person is looking, keep their words, and save them once that is possible again.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const safe = location.protocol === "https:" ? "; secure" : "";
if (zone) document.cookie = `zone=${zone}; path=/; max-age=31536000; samesite=lax${safe}`;

const note = (kind, seen) => document.querySelectorAll(kind).forEach((one) => { one.hidden = !seen; });
const unsaved = () => { const saved = document.querySelector("#saved[data-not]"); if (saved) saved.textContent = saved.dataset.not; };
const isOut = () => document.querySelector(".signed-out:not([hidden])") !== null;
const failed = () => { note(".failed", true); unsaved(); };
for (const kind of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(kind, failed);

// Signing in gives a new token; a page that was open before learns it from any page of ours.
const renew = async () => {
  const answer = await fetch("/", { cache: "no-store", headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return false;
  const token = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[name=csrfmiddlewaretoken]");
  if (!token) return false;
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token.value;
  return true;
};
const saveAgain = () => document.querySelector("form[hx-post]")?.dispatchEvent(new Event("change", { bubbles: true }));
let renewed = false;
document.addEventListener("htmx:responseError", async (event) => {
  const status = event.detail.xhr.status;
  if (status === 401 && document.querySelector(".signed-out")) { note(".signed-out", true); unsaved(); return; }
  if (status === 403 && !renewed) { renewed = true; if (await renew()) return saveAgain(); }
  failed();
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) { renewed = false; note(".failed", false); note(".signed-out", false); }
});

const back = async () => { if (isOut() && document.visibilityState === "visible" && await renew()) saveAgain(); };
document.addEventListener("visibilitychange", back);
addEventListener("focus", back);
document.addEventListener("submit", async (event) => {
  if (!isOut() || event.defaultPrevented) return;
  event.preventDefault();
  if (await renew()) { note(".signed-out", false); event.target.requestSubmit(event.submitter); }
  else document.querySelector(".signed-out").scrollIntoView({ block: "center" });
}, true);
// a list that brings itself up to date stands still while somebody reads in it
document.addEventListener("htmx:beforeRequest", (event) => { if (event.target.matches("[data-live]") && event.target.querySelector("details[open], a:focus")) event.preventDefault(); });
