// Every page works without this file; it only makes some of them nicer to use.
import {
  createAll,
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  PasswordInput,
  Radios,
  ServiceNavigation,
} from "./govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
for (const component of [
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  PasswordInput,
  Radios,
  ServiceNavigation,
]) {
  createAll(component);
}

// The style sheet shows the filters on wide screens in any case; this says so to assistive technology.
if (window.matchMedia("(min-width: 63.75em)").matches) {
  for (const panel of document.querySelectorAll(".app-filter")) {
    panel.open = true;
  }
}

// What opens over a page closes with Escape and when the reader goes on elsewhere.
for (const menu of document.querySelectorAll(".app-menu")) {
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) {
      menu.open = false;
    }
  });
}

// Long work: a bar shows how far it has come, whoever does it. Calls `ended` once nobody is at it.
const follow = (address, bar, ended) => {
  const ask = async () => {
    try {
      const { done, total, under_way } = await (await fetch(address)).json();
      if (done !== null) {
        bar.max = total;
        bar.value = done;
      }
      if (!under_way) {
        ended();
      }
    } catch {
      // The bar stays as it is; the work does not depend on it.
    }
  };
  setInterval(ask, 1000);
};

// The work may be done in the answer to a form: the browser goes on by itself then.
for (const form of document.querySelectorAll("form[data-progress]")) {
  form.addEventListener("submit", () => {
    const shown = form.querySelector("[data-progress-bar]");
    shown.hidden = false;
    follow(form.dataset.progress, shown.querySelector("progress"), () => {});
  });
}

// Or a worker does it, while its page is open or not.
for (const shown of document.querySelectorAll("[data-progress-now]")) {
  follow(shown.dataset.progressNow, shown.querySelector("progress"), () => location.reload());
}

// What was ticked goes along when the reader opens another page or view of the same rows.
for (const form of document.querySelectorAll("form[data-keeps-choices]")) {
  let changed = false;
  form.addEventListener("change", () => {
    changed = true;
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".app-tabs__link, .govuk-pagination__link");
    if (changed && link) {
      event.preventDefault();
      form.elements.go.value = link.search;
      form.requestSubmit();
    }
  });
}
