/* app.js — raccourcis, palette, brouillon, état du réseau. Tout fonctionne sans lui : liens et formulaires réels. */
(() => {
  const $ = (s, r = document) => r.querySelector(s), $$ = (s, r = document) => [...r.querySelectorAll(s)];
  const saisit = e => e.target.closest("input, textarea, select, [contenteditable]");
  const palette = $("#palette");
  const ouvrir = () => { palette?.showModal(); $("input", palette)?.select(); };
  document.addEventListener("click", e => {
    const bouton = e.target.closest("[data-palette]");
    if (bouton && palette) { e.preventDefault(); ouvrir(); }
    if (e.target === palette) palette.close();
    if (e.target.closest("[data-imprimer]")) print();
    $$("details.moi[open], details.unites[open]").forEach(d => { if (!d.contains(e.target)) d.open = false; });
  });
  const releve = pas => {
    const lignes = $$(".releve__item"), i = lignes.findIndex(x => x.getAttribute("aria-current"));
    const suivante = lignes[Math.max(0, Math.min(lignes.length - 1, i + pas))];
    if (!suivante) return;
    lignes.forEach(x => x.removeAttribute("aria-current"));
    suivante.setAttribute("aria-current", "true"); suivante.scrollIntoView({ block: "nearest" }); $("a, button", suivante)?.focus();
  };
  document.addEventListener("keydown", e => {
    if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === "k" && palette) { e.preventDefault(); ouvrir(); }
    /* Un champ de recherche mange le premier Échap : la boîte se ferme quand même. */
    if (e.key === "Escape" && palette?.open) palette.close();
    if (saisit(e) || e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === "n") { const t = $("#texte-note"); if (t?.offsetParent) { e.preventDefault(); t.focus(); } }
    if (e.key === "j") releve(1);
    if (e.key === "k") releve(-1);
    if (e.key === "l") $(".releve__item[aria-current] [data-lu]")?.click();
  });
  /* Brouillon : gardé sur l'appareil pour cette page et ce compte, effacé à la publication. */
  $$("[data-brouillon]").forEach(zone => {
    const cle = "brouillon " + zone.dataset.brouillon;
    try {
      if (!zone.value) zone.value = sessionStorage.getItem(cle) || "";
      zone.addEventListener("input", () => sessionStorage.setItem(cle, zone.value));
      zone.form?.addEventListener("submit", () => sessionStorage.removeItem(cle));
    } catch { /* stockage refusé par le navigateur : la page marche sans brouillon */ }
  });
  /* L'état du réseau, toujours en mots. */
  const reseau = $("[data-reseau] span");
  const dire = () => { if (reseau) reseau.textContent = navigator.onLine ? "Tout est enregistré" : "Hors ligne : rien ne part pour l’instant"; };
  addEventListener("online", dire); addEventListener("offline", dire); dire();
})();
