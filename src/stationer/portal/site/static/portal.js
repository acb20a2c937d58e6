// What htmx leaves to us: when the server does not answer, say so where the person is looking, and keep their words.
const failed = () => document.querySelector(".failed");
const show = (hidden) => { const note = failed(); if (note) note.hidden = hidden; };
document.body.addEventListener("htmx:sendError", () => show(false));
document.body.addEventListener("htmx:responseError", () => show(false));
document.body.addEventListener("htmx:timeout", () => show(false));
document.body.addEventListener("htmx:afterOnLoad", (event) => { if (event.detail.successful !== false) show(true); });
