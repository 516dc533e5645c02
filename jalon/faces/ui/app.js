/* app.js: palette, shortcuts, state of the network. Everything works without it: real links, real forms.
   Nothing personal stays on the device but the drafts, encrypted (drafts.js). */
(() => {
  "use strict";
  const find = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const isField = (element) => element.closest("input, textarea, select, [contenteditable]");

  /* Storage may be refused by the browser: the page then works without memory. */
  const memory = (store) => ({
    get(key) { try { return store().getItem(key); } catch { return null; } },
    set(key, value) { try { store().setItem(key, value); } catch { /* refused */ } },
  });
  const settings = memory(() => localStorage);

  /* Menus and palette */
  const palette = find("#palette");
  const openPalette = () => { palette.showModal(); find("input", palette).select(); };
  const closeMenus = (except) => all("details.moi[open], details.unites[open]").forEach((menu) => {
    if (!menu.contains(except)) menu.open = false;
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-palette]") && palette) { event.preventDefault(); openPalette(); }
    if (event.target === palette) palette.close();
    if (event.target.closest("[data-imprimer]")) print();
    closeMenus(event.target);
  });

  palette?.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const stops = [find("input", palette), ...all("#palette-resultats a", palette)];
    stops[(stops.indexOf(document.activeElement) + step + stops.length) % stops.length].focus();
  });

  /* Shortcuts: one key each, so each professional may turn them off (WCAG 2.1.4) */
  const shortcuts = find("[data-raccourcis]");
  if (shortcuts) {
    shortcuts.closest("label").hidden = false;
    shortcuts.checked = settings.get("raccourcis") !== "non";
    shortcuts.addEventListener("change", () => settings.set("raccourcis", shortcuts.checked ? "oui" : "non"));
  }
  const write = () => {
    const note = find("#texte-note") || find("a[aria-keyshortcuts='N']");
    if (note?.id) note.focus(); else note?.click();
  };
  const move = (step) => {
    const items = all(".releve__item");
    const current = items.findIndex((item) => item.hasAttribute("aria-current"));
    const next = items[Math.max(0, Math.min(items.length - 1, current + step))];
    if (!next) return;
    items.forEach((item) => item.removeAttribute("aria-current"));
    next.setAttribute("aria-current", "true");
    find("a, button", next)?.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  };
  const keys = {
    n: write,
    j: () => move(1),
    k: () => move(-1),
    l: () => {
      const next = find(".releve__item[aria-current] [data-lu]");
      if (next) next.click(); else move(1);
    },
  };

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && palette) {
      event.preventDefault();
      openPalette();
    }
    if (event.key === "Escape") closeMenus(null);
    if (isField(event.target) || palette?.open || event.ctrlKey || event.metaKey || event.altKey) return;
    if (keys[event.key] && settings.get("raccourcis") !== "non") { event.preventDefault(); keys[event.key](); }
  });

  /* Back: browsers bring what was typed again, in a page with another key. The key and the marks it was sent with come
     along, or one act would be two and another's text be overwritten. */
  const proofs = (form) => all("input[name='envoi'], input[name='vu']", form);
  const typed = (field) => field.type !== "hidden" && "defaultValue" in field && field.value !== field.defaultValue;
  addEventListener("pageshow", () => all("form[method='post']").forEach((form) => {
    const then = history.state?.sent?.[form.action];
    if (then && [...form.elements].some(typed)) proofs(form).forEach((one) => { one.value = then[one.name] ?? one.value; });
  }));
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    const now = Object.fromEntries(proofs(event.target).map((one) => [one.name, one.value]));
    history.replaceState({ ...history.state, sent: { ...history.state?.sent, [event.target.action]: now } }, "");
  });

  /* Network: always said in words; offline, a form stays where it is */
  const network = find("[data-reseau] span");
  const ribbon = find("[data-hors-ligne]");
  const tell = () => {
    if (network) network.textContent = navigator.onLine ? "En ligne" : "Hors ligne";
    if (ribbon) ribbon.hidden = navigator.onLine;
  };
  addEventListener("online", tell);
  addEventListener("offline", tell);
  tell();

  document.addEventListener("submit", (event) => {
    if (event.target.method === "dialog") return;
    const again = event.target.dataset.parti;
    if (again || !navigator.onLine) { event.preventDefault(); tell(); return; }
    if (event.target.method !== "post") return;
    event.target.dataset.parti = "oui";
    event.submitter?.setAttribute("aria-busy", "true");
  });
  addEventListener("pageshow", () => all("[data-parti]").forEach((form) => {
    delete form.dataset.parti;
    all("[aria-busy]", form).forEach((button) => button.removeAttribute("aria-busy"));
  }));

  /* Where to look first: what is wrong in a form; the tab one is on */
  find("[data-recap]")?.focus();
  find(".onglet[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  const today = find(".planning th.auj");
  const week = today?.closest(".donnees-defile");
  if (week) week.scrollLeft = today.offsetLeft - week.clientWidth / 2;
})();
