// One question at a time. Without this script the quiz is one plain form that does the same.
(() => {
  const form = document.querySelector("[data-quiz]");
  const questions = [...form.querySelectorAll("[data-question]")];
  const find = (name) => form.querySelector(`[data-${name}]`);
  const [back, forward, finish, progress, maybe] = ["back", "forward", "finish", "progress", "maybe"].map(find);
  const bars = progress.querySelectorAll("i");
  const words = progress.querySelector("[data-words]");
  // On the site of a school: help and the result open in tabs of their own, and "back" belongs to that site.
  const framed = "framed" in form.dataset;
  const answer = (question) => question.querySelector(":checked")?.value;
  let current = 0;
  let tapped = false;

  const show = (index, focus = true) => {
    current = Math.min(Math.max(index, 0), questions.length - 1);
    const last = current === questions.length - 1;
    questions.forEach((question, i) => { question.hidden = i !== current; });
    bars.forEach((bar, i) => bar.classList.toggle("done", i <= current));
    words.textContent = words.dataset.words.replace("{number}", current + 1).replace("{total}", questions.length);
    back.hidden = current === 0;
    forward.hidden = last;
    finish.hidden = !last;
    if (focus) questions[current].querySelector("h2").focus();
    window.scrollTo(0, 0);
  };

  // The phone's own "back" goes one question back, and leaves the quiz only at the first one.
  const go = (index) => {
    if (!framed) history.pushState(index, "");
    show(index);
  };
  const goBack = () => {
    if (framed) show(current - 1);
    else history.back();
  };

  // A browser may refuse the new tab, so a link to help stands in the frame as well.
  const help = () => {
    if (!framed) location.assign(form.dataset.help);
    else {
      find("opened").hidden = false;
      window.open(form.dataset.help, "_blank", "noopener");
    }
  };

  const next = () => {
    const question = questions[current];
    const given = answer(question);
    question.querySelector("[data-missing]").hidden = Boolean(given);
    if (!given) question.querySelector("input").focus();
    else if (question.dataset.question === "urgent" && given === "yes") help();
    else if (current < questions.length - 1) go(current + 1);
  };

  // The wording of some questions follows the child's age.
  const follow = () => {
    const age = answer(questions[0]);
    form.querySelectorAll("h2[tabindex]").forEach((heading) => {
      heading.dataset.usual ??= heading.textContent;
      heading.textContent = heading.getAttribute(`data-for-${age}`) ?? heading.dataset.usual;
    });
  };

  // A tap moves on; an arrow key, which also fires "click" on a radio button, does not.
  form.addEventListener("pointerdown", () => { tapped = true; });
  form.addEventListener("keydown", () => { tapped = false; });
  form.addEventListener("change", () => {
    follow();
    maybe.hidden = answer(maybe.closest("[data-question]")) !== "maybe";
    if (framed) find("opened").hidden = true;
  });
  form.addEventListener("click", (event) => {
    if (event.target.closest("[data-next]")) next();
    else if (event.target.closest("[data-back]")) goBack();
    else if (event.target.type === "radio" && tapped && event.target.value !== "maybe") setTimeout(next, 150);
    if (event.target.type === "radio") tapped = false;
  });
  form.addEventListener("submit", (event) => {
    // A change of language takes the answers along, however few there are.
    if (event.submitter?.hasAttribute("formaction")) return;
    const missing = questions.findIndex((question) => !answer(question));
    if (missing < 0) return;
    event.preventDefault();
    show(missing);
    next();
  });
  window.addEventListener("popstate", (event) => show(event.state ?? 0));

  document.body.classList.add("stepwise");
  progress.hidden = false;
  follow();
  // A form that comes back opens at the first question with something to do.
  const open = (question) => question.querySelector("[id$=-wrong]") || !answer(question);
  const first = questions.findIndex(open);
  const start = first < 0 ? questions.length - 1 : first;
  const at = framed ? start : history.state ?? start;
  // "Back" leads through the questions before it, whatever page was here before.
  if (!framed && history.state === null) for (let i = 0; i <= at; i += 1) history[i ? "pushState" : "replaceState"](i, "");
  show(at, false);
})();
