/* drafts.js: what is being written stays on this device, for its author alone: encrypted as it is typed, under a key that
   only their pages carry. It outlives a cut network, a killed browser and whoever comes next; it goes once published. */
(() => {
  "use strict";
  const DAYS = 7;
  const find = (selector, root = document) => root.querySelector(selector);
  const frame = find("[data-cle]");
  const subtle = globalThis.crypto?.subtle;

  /* On the disk before the next word: `localStorage` waits some seconds. Storage may be refused by the browser: the page
     then works without memory. */
  const opened = new Promise((done) => {
    const asked = indexedDB.open("brouillons", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("brouillons", { keyPath: "name" });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => done(null);
  }).catch(() => null);
  const act = async (mode, how) => {
    const base = await opened;
    return base && new Promise((done) => {
      const work = base.transaction("brouillons", mode, { durability: "strict" });
      const asked = how(work.objectStore("brouillons"));
      work.oncomplete = () => done(asked.result);
      work.onabort = () => done(null);
    });
  };
  const drop = (name) => act("readwrite", (store) => store.delete(name));

  /* Published: the next page says so */
  const mark = { get: () => sessionStorage.getItem("envoi"), set: (name) => sessionStorage.setItem("envoi", name) };
  const trying = (how) => { try { return how(); } catch { return null; } };
  const sent = trying(mark.get);
  trying(() => sessionStorage.removeItem("envoi"));
  const settled = sent && find(".messages .ton-ok") ? drop(sent) : Promise.resolve();
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-sortie]") && !find("[data-tour]")) act("readwrite", (store) => store.clear());
  });
  if (!frame || !subtle) return;
  act("readonly", (store) => store.getAll()).then((all) => {
    (all || []).filter((one) => one.at < Date.now() - DAYS * 86400000).forEach((one) => drop(one.name));
  });

  const bytes = (words) => new TextEncoder().encode(words);
  const secret = Uint8Array.from(frame.dataset.cle.match(/../g), (two) => parseInt(two, 16));
  const sealing = subtle.importKey("raw", secret, "AES-GCM", false, ["encrypt", "decrypt"]);
  const naming = subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const how = (name, iv) => ({ name: "AES-GCM", iv, additionalData: bytes(name) });

  const nameOf = async (place) => btoa(String.fromCharCode(...new Uint8Array(await subtle.sign("HMAC", await naming, bytes(place)))));
  const seal = async (name, words) => {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const sealed = await subtle.encrypt(how(name, iv), await sealing, bytes(words));
    return act("readwrite", (store) => store.put({ name, at: Date.now(), iv, sealed }));
  };
  const open = async (name) => {
    const held = await act("readonly", (store) => store.get(name));
    return held ? new TextDecoder().decode(await subtle.decrypt(how(name, held.iv), await sealing, held.sealed)) : "";
  };

  const watch = async (area) => {
    const name = nameOf(area.dataset.brouillon);
    const said = find("[data-brouillon-dit]", area.form);
    const tell = (kept) => { if (said) said.hidden = !kept; };
    let last = null;
    let busy = false;
    area.dataset.attente = ""; /* of the disk */
    /* One at a time, the latest words only: typing never waits for the disk. It is said once it is there. */
    const keep = async () => {
      last = area.value;
      area.dataset.attente = "";
      if (busy) return;
      for (busy = true; last !== null;) {
        const words = last;
        last = null;
        await (words ? seal(await name, words) : drop(await name));
        tell(words);
      }
      busy = false;
      delete area.dataset.attente;
    };
    area.addEventListener("input", keep);
    const own = await name;
    area.form.addEventListener("submit", () => trying(() => mark.set(own)));
    await settled;
    const before = await open(own).catch(() => ""); /* of a key that is gone */
    if (area.value) return keep();
    tell(area.value = before);
    delete area.dataset.attente;
  };
  document.querySelectorAll("[data-brouillon]").forEach(watch);
})();
