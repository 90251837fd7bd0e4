// Every page works without this file; it only makes some of them nicer to use.
import {
  createAll,
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  NotificationBanner,
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
  NotificationBanner,
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
