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

// Long work: while the answer to a form is awaited, its bar shows how far the work has come.
for (const form of document.querySelectorAll("form[data-progress]")) {
  form.addEventListener("submit", () => {
    const shown = form.querySelector("[data-progress-bar]");
    const bar = shown.querySelector("progress");
    shown.hidden = false;
    const ask = async () => {
      try {
        const { done, total } = await (await fetch(form.dataset.progress)).json();
        if (done !== null) {
          bar.max = total;
          bar.value = done;
        }
      } catch {
        // The bar stays as it is; the work does not depend on it.
      }
    };
    setInterval(ask, 1000);
  });
}
