// Search and filters. Without this everything is there and can be read; with it, what does not fit is hidden.
(() => {
  const form = document.getElementById("filter");
  const said = document.getElementById("said");
  const unfold = document.getElementById("unfold");
  const rows = [...document.querySelectorAll("[data-row]")];
  const tiles = [...document.querySelectorAll("[data-tile]")];
  const folds = [...document.querySelectorAll("details")];
  const kinds = { finding: "findings", lost: "that go", change: "changes" };
  const names = ["severity", "action", "module", "environment"];
  let texts = null;
  let before = null; // which folds were open before a filter or a printer opened them

  // What a row is searched by: itself, and for a finding what its group says once.
  const text = (row) => {
    const group = row.closest("article");
    const words = group ? [...group.children].filter((part) => !part.matches("ul, details")) : [];
    return [row, ...words].map((part) => part.textContent).join(" ").toLowerCase();
  };
  const within = (module, wanted) => module === wanted
    || (wanted !== "(root)" && (module.startsWith(wanted + ".") || module.startsWith(wanted + "[")));
  const has = {
    severity: (part, wanted) => part.dataset.severity.split(" ").includes(wanted),
    action: (part, wanted) => (part.dataset.action || part.dataset.tile) === wanted,
    module: (part, wanted) => part.dataset.module === "*" || within(part.dataset.module, wanted),
    environment: (part, wanted) => part.closest("[data-environment]").dataset.environment === wanted,
  };
  const open = () => {
    before ??= folds.map((fold) => fold.open);
    folds.forEach((fold) => { fold.open = true; });
  };
  const restore = () => {
    if (before) folds.forEach((fold, i) => { fold.open = before[i]; });
    before = null;
  };
  const mark = (part, name, on) => { if (on) part.dataset[name] = ""; else delete part.dataset[name]; };

  const apply = () => {
    const words = form.elements.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = names.filter((name) => form.elements[name] && form.elements[name].value)
      .map((name) => [name, form.elements[name].value]);
    const fits = (part) => wanted.every(([name, value]) => has[name](part, value));
    const shown = {}; const all = {};
    if (words.length) texts ??= rows.map(text);
    rows.forEach((row, i) => {
      const fit = fits(row) && words.every((word) => texts[i].includes(word));
      mark(row, "out", !fit);
      all[row.dataset.row] = (all[row.dataset.row] || 0) + 1;
      shown[row.dataset.row] = (shown[row.dataset.row] || 0) + fit;
    });
    tiles.forEach((tile) => mark(tile, "faint", !fits(tile)));
    document.querySelectorAll("article").forEach((group) => {
      mark(group, "out", !group.querySelector("[data-row]:not([data-out])"));
    });
    document.querySelectorAll(".overview > li, .root").forEach((root) => {
      const environment = wanted.find(([name]) => name === "environment");
      mark(root, "out", environment && root.dataset.environment !== environment[1]);
    });
    const active = words.length > 0 || wanted.length > 0;
    said.textContent = !active ? "" : "Shown: " + Object.keys(all)
      .map((kind) => `${shown[kind]} of ${all[kind]} ${kinds[kind]}`).join(", ");
    if (active) open(); else restore();
  };

  let waiting = 0;
  if (form && rows.length > 0) {
    form.hidden = false;
    form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(apply, 120); });
    form.addEventListener("submit", (event) => { event.preventDefault(); apply(); });
    form.addEventListener("reset", () => { clearTimeout(waiting); waiting = setTimeout(apply); });
    unfold.addEventListener("click", () => {
      const closed = folds.some((fold) => !fold.open);
      folds.forEach((fold) => { fold.open = closed; });
      before = null;
      unfold.textContent = closed ? "Fold" : "Unfold";
    });
  }
  // A link to a row in a fold opens the fold.
  const reveal = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    for (let part = target; part; part = part.parentElement) if (part.matches("details")) part.open = true;
    if (target) target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  reveal();
  let printing = null;
  addEventListener("beforeprint", () => {
    printing = folds.map((fold) => fold.open);
    folds.forEach((fold) => { fold.open = true; });
  });
  addEventListener("afterprint", () => { folds.forEach((fold, i) => { fold.open = printing[i]; }); });
})();
