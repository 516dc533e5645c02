/* drafts.js: what is being written stays on this device, for its author alone: encrypted as it is typed, under a key that
   only their pages carry. It outlives a cut network, a closed browser and whoever comes next; it goes once published. */
(() => {
  "use strict";
  const DAYS = 7;
  const find = (selector, root = document) => root.querySelector(selector);
  const start = "brouillon ";
  const frame = find("[data-cle]");
  const subtle = globalThis.crypto?.subtle;
  /* Storage may be refused by the browser: the page then works without memory. */
  const trying = (act) => { try { return act(); } catch { return null; } };
  const kept = (name) => trying(() => localStorage.getItem(name));
  const drop = (name) => trying(() => localStorage.removeItem(name));
  const names = () => trying(() => Object.keys(localStorage).filter((name) => name.startsWith(start))) || [];

  const sent = trying(() => sessionStorage.getItem("envoi"));
  trying(() => sessionStorage.removeItem("envoi"));
  if (sent && find(".messages .ton-ok")) drop(sent); /* the page says that it was published */
  names().filter((name) => parseInt(kept(name), 10) < Date.now() - DAYS * 86400000).forEach(drop);
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-sortie]") && !find("[data-tour]")) names().forEach(drop);
  });
  if (!frame || !subtle) return;

  const text = (words) => new TextEncoder().encode(words);
  const letters = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
  const bytes = (said) => Uint8Array.from(atob(said), (one) => one.charCodeAt(0));
  const secret = Uint8Array.from(frame.dataset.cle.match(/../g), (two) => parseInt(two, 16));
  const sealing = subtle.importKey("raw", secret, "AES-GCM", false, ["encrypt", "decrypt"]);
  const naming = subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);

  const nameOf = async (place) => start + letters(await subtle.sign("HMAC", await naming, text(place)));
  const seal = async (name, words) => {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const sealed = await subtle.encrypt({ name: "AES-GCM", iv, additionalData: text(name) }, await sealing, text(words));
    return `${Date.now()} ${letters(iv)} ${letters(sealed)}`;
  };
  const open = async (name) => {
    const [, iv, sealed] = kept(name)?.split(" ") || [];
    if (!sealed) return "";
    const how = { name: "AES-GCM", iv: bytes(iv), additionalData: text(name) };
    return new TextDecoder().decode(await subtle.decrypt(how, await sealing, bytes(sealed)));
  };

  const watch = async (area) => {
    let saving = Promise.resolve();
    const name = nameOf(area.dataset.brouillon);
    const said = find("[data-brouillon-dit]", area.form);
    const tell = () => { if (said) said.hidden = !area.value; };
    const save = async (words) => {
      const own = await name;
      const sealed = words && await seal(own, words);
      if (sealed) trying(() => localStorage.setItem(own, sealed)); else drop(own);
    };
    const keep = () => { const words = area.value; saving = saving.then(() => save(words)); tell(); };
    area.addEventListener("input", keep);
    const own = await name;
    area.form.addEventListener("submit", () => trying(() => sessionStorage.setItem("envoi", own)));
    const before = await open(own).catch(() => ""); /* of a key that is gone */
    if (area.value) keep(); else area.value = before;
    tell();
  };
  document.querySelectorAll("[data-brouillon]").forEach(watch);
})();
