// Comfort for the agreement form: words follow the age, lines are counted, a reload asks first.
(() => {
  const form = document.querySelector("[data-builder]");
  let unsent = false;

  const count = (child) => {
    const lines = child.querySelector("[data-count-lines]");
    const typed = [...child.querySelectorAll("[name*=-own-]")].filter((line) => line.value.trim());
    const chosen = child.querySelectorAll("[name$=-clauses]:checked:enabled").length;
    const now = [[lines, Number(lines.dataset.core) + chosen], [child.querySelector("[data-count-own]"), typed.length]];
    now.filter(([place, number]) => place.textContent !== `${number}`)
      .forEach(([place, number]) => { place.textContent = number; });
  };

  const follow = (child) => {
    const age = child.querySelector("[name$=-band]:checked")?.value;
    if (!age) return;
    child.querySelectorAll(`[data-for-${CSS.escape(age)}]`).forEach((line) => {
      line.textContent = line.getAttribute(`data-for-${age}`);
    });
    // What is for other ages is hidden, keeps what was typed, and is not chosen.
    child.querySelectorAll("[data-ages]").forEach((part) => {
      part.hidden = !part.dataset.ages.split(" ").includes(age);
      part.querySelectorAll("[type=checkbox]").forEach((box) => { box.disabled = part.hidden; });
    });
  };

  // An age decides which lines count.
  const keepUp = (child) => {
    follow(child);
    count(child);
  };

  // A browser that goes back may bring what was typed, and not the words that followed it.
  window.addEventListener("pageshow", () => form.querySelectorAll("[data-child]").forEach(keepUp));
  form.addEventListener("input", (event) => {
    unsent = true;
    const child = event.target.closest("[data-child]");
    if (child) keepUp(child);
  });
  // Sent, or in the file that was downloaded: either way it can be had again.
  form.addEventListener("submit", () => { unsent = false; });
  document.addEventListener("leave", () => { unsent = false; });
  window.addEventListener("beforeunload", (event) => { if (unsent) event.preventDefault(); });
})();
