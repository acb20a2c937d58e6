// Passkeys at the door of a letter. What needs no script is there without this file; what needs it appears by it.
const able = window.PublicKeyCredential && window.webauthnJSON;
if (able) for (const one of document.querySelectorAll("[data-passkey]")) one.hidden = false;

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const how = form.dataset.passkey;
  const field = form.elements.credential;
  if (!how || field.value) return;
  event.preventDefault();
  const failed = form.querySelector("[data-failed]");
  failed.hidden = true;
  try {
    const token = form.elements.csrfmiddlewaretoken.value;
    const answer = await fetch(form.dataset.ask, { method: "POST", headers: { "X-CSRFToken": token }, cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    field.value = JSON.stringify(await window.webauthnJSON[how](await answer.json()));
    form.submit();
  } catch {
    field.value = "";
    failed.hidden = false;
  }
});
