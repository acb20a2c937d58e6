// Stationer, contract/visits.md: tells the company whose site this is which pages were looked at after a click in its mail.
// Nothing is stored, read or sent before the site says stationer.consent("granted").
(() => {
  const me = document.currentScript, to = new URL("api/v1/visits", me.src), KEY = "stn", DAY = 864e5;
  const no = navigator.doNotTrack === "1" || window.doNotTrack === "1" || navigator.globalPrivacyControl === true;
  let token = new URLSearchParams(location.search).get(KEY), view = "", seen = 0, since = 0;
  if (token) {
    const rest = location.search.replace(/([?&])stn=[^&]*/g, "$1").replace(/&&+/g, "&").replace(/[?&]$/, "").replace("?&", "?");
    history.replaceState(history.state, "", location.pathname + rest + location.hash);
  }
  const store = (what) => { try { return what(localStorage); } catch { return null; } };
  const forget = () => store((kept) => kept.removeItem(KEY));
  const known = () => store((kept) => {
    const [until, one] = (kept.getItem(KEY) || "").split(" ");
    return one && until > Date.now() ? one : forget();
  });
  const tell = () => {
    const said = { token, page: location.origin + location.pathname, view, seconds: Math.round(seen / 1e3), consent: "granted" };
    fetch(to, { method: "POST", body: JSON.stringify(said), headers: { "Content-Type": "text/plain" }, credentials: "omit", keepalive: true }).catch(() => {});
  };
  const consent = (what) => {
    if (no || what !== "granted") { view = ""; forget(); return; }
    if (view) return;
    if (token) store((kept) => kept.setItem(KEY, `${Date.now() + DAY} ${token}`));
    else token = known();
    if (!token) return;
    view = [...crypto.getRandomValues(new Uint8Array(8))].map((one) => one.toString(16).padStart(2, "0")).join("");
    seen = 0;
    since = document.hidden ? 0 : performance.now();
    tell();
  };
  const left = () => {
    if (since) seen += performance.now() - since;
    since = 0;
    if (view && seen) tell();
  };
  document.addEventListener("visibilitychange", () => { if (document.hidden) left(); else since = performance.now(); });
  addEventListener("pagehide", left);
  window.stationer = { consent };
  if (no) forget();
  else if (me.dataset.consent === "given") consent("granted");
})();
