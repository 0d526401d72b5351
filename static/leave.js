// The way off a page: one tap, or Shift three times, shows another page in the place of this one.
(() => {
  const link = document.querySelector("[data-leave]");
  const says = document.querySelector("[data-leave-says]");
  let presses = 0;
  let forget = 0;

  const leave = () => {
    // What was typed must not ask whether to stay.
    document.dispatchEvent(new Event("leave"));
    document.body.hidden = true;
    document.title = "…";
    // In the place of this page, so that the browser's back button does not bring it back.
    location.replace(link.href);
  };

  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });

  // Capitals are typed with Shift and a letter: only Shift by itself, three times within five seconds, counts.
  document.addEventListener("keydown", (event) => {
    if (event.repeat) return;
    presses = event.key === "Shift" ? presses + 1 : 0;
    clearTimeout(forget);
    forget = setTimeout(() => { presses = 0; says.textContent = ""; }, 5000);
    if (presses === 3) leave();
    else if (presses === 2) says.textContent = link.dataset.once;
    else if (presses === 1) says.textContent = link.dataset.more.replace("{number}", 2);
    else says.textContent = "";
  });
})();
