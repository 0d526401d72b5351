// A button beside each text that copies it. Without this script the text can be marked and copied as ever.
(() => {
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text.value);
    } catch {
      // Old browsers, and those that ask first and were told no.
      text.select();
      document.execCommand("copy");
    }
  };

  document.querySelectorAll("[data-copy]").forEach((button) => {
    const says = button.parentElement.querySelector("[role=status]");
    button.hidden = false;
    button.addEventListener("click", async () => {
      document.querySelectorAll("[data-copy] ~ [role=status]").forEach((other) => { other.textContent = ""; });
      await copy(document.getElementById(button.dataset.copy));
      says.textContent = button.dataset.copied;
    });
  });
})();
