// What htmx and the server leave to us: say which clock hangs here; and when the server does not answer, say so where
// the person is looking, and keep their words.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const safe = location.protocol === "https:" ? "; secure" : "";
if (zone) document.cookie = `zone=${zone}; path=/; max-age=31536000; samesite=lax${safe}`;

const show = (hidden) => document.querySelectorAll(".failed").forEach((note) => { note.hidden = hidden; });
for (const kind of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) document.addEventListener(kind, () => show(false));
document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) show(true); });
