/* post.js: a post that several people use in turn. Each page knows whose turn it is of; when it is somebody else's, it is
   veiled, whatever brought it back: another tab, the way back of the browser, a network that was cut. */
(() => {
  "use strict";
  const all = (selector) => [...document.querySelectorAll(selector)];
  const frame = document.querySelector("[data-tour]");
  const change = document.querySelector("[data-changer]");
  const tabs = new BroadcastChannel("poste");
  const cookie = (name) => document.cookie.split("; ").find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1);

  /* What was typed goes first: a browser keeps it beside the page, for whoever comes back to its address. */
  const hide = () => { all("form").forEach((form) => form.reset()); document.body.hidden = true; document.title = "Jalon"; };
  const veil = () => {
    document.body.replaceChildren(document.querySelector("[data-voile]").content.cloneNode(true));
    document.body.hidden = false;
  };
  const leave = () => {
    hide();
    if (navigator.onLine) location.replace(change.dataset.changer); else veil();
  };
  const check = () => { if (cookie("tour") !== frame.dataset.tour || cookie("verrou")) leave(); };

  addEventListener("pageshow", check);
  addEventListener("focus", check);
  document.addEventListener("visibilitychange", check);
  tabs.addEventListener("message", leave);

  /* « Change »: said in a cookie too, that the next request carries if this one is lost on the way. */
  change.addEventListener("submit", (event) => {
    document.cookie = `verrou=${encodeURIComponent(location.pathname)}; path=/; max-age=86400; samesite=strict`;
    tabs.postMessage("");
    setTimeout(hide);
    if (!navigator.onLine) { event.preventDefault(); setTimeout(veil); }
  });
  all("[data-sortie]").forEach((form) => form.addEventListener("submit", () => {
    if (navigator.onLine) { tabs.postMessage(""); setTimeout(hide); }
  }));

  /* Browsers propose what was typed before, and some bring it back beside an address: a name that was looked for. */
  const close = () => all("form").forEach((form) => { form.autocomplete = "off"; });
  document.addEventListener("htmx:load", close);
  close();
  check();
})();
