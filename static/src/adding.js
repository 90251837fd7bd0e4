// Adding several files: the details are checked first, then each file is sent by itself, with its
// progress, and what came of it stands beside it. Without this the form sends all of them at once.
import { Button, createAll, ErrorSummary, FileUpload } from "./govuk-frontend.min.js";

const BROKEN_OFF = "The connection broke off, and nothing of this file was kept. Send it again.";
const NOT_TAKEN = "The portal did not take this file. See whether you are still signed in, then send it again.";
const TITLE = document.title.replace(/^Error: /, "");

const megabytes = (bytes) =>
  bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;

const element = (name, className, text = "") => {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
};

// One file with its bar and its message. `state` is waiting, sending, kept or refused.
class Row {
  static made = 0;

  constructor(file, number, taken) {
    this.file = file;
    this.state = "waiting";
    this.shown = element("li", "app-uploads__file");
    this.shown.id = `file-${number}`;
    this.shown.tabIndex = -1;
    this.name = element("span", "app-uploads__name", file.name);
    this.name.id = `upload-${number}`;
    this.size = element("span", "app-secondary", ` (${megabytes(file.size)})`);
    this.said = element("p", "app-uploads__said");
    this.bar = element("progress", "app-progress__bar");
    this.bar.max = 100;
    this.bar.value = 0;
    this.bar.hidden = true;
    this.bar.setAttribute("aria-labelledby", this.name.id);
    this.off = element("button", "app-link-button app-uploads__off", "Take off");
    this.off.type = "button";
    this.off.append(element("span", "govuk-visually-hidden", ` ${file.name}`));
    this.off.addEventListener("click", () => taken(this));
    this.shown.append(this.name, this.size, this.off, this.bar, this.said);
  }

  progress(percent) {
    this.state = "sending";
    this.bar.hidden = false;
    this.off.hidden = true;
    this.bar.value = percent;
    this.said.className = "app-uploads__said";
    this.said.textContent = percent < 100 ? `${percent}% sent` : "Sent. It is being checked.";
  }

  kept({ title, address }) {
    this.state = "kept";
    this.bar.hidden = true;
    this.off.hidden = true;
    this.said.className = "app-uploads__said";
    this.said.textContent = "Kept as ";
    this.said.append(link(title, address));
  }

  refused({ said, kept, offer }) {
    this.state = "refused";
    this.why = said;
    this.offer = offer;
    this.bar.hidden = true;
    this.off.hidden = false;
    this.said.className = "app-uploads__said govuk-error-message";
    this.said.textContent = "";
    this.said.append(element("span", "govuk-visually-hidden", "Error: "), said);
    if (kept) {
      this.said.append(" ", link(`Look at “${kept.title}”`, kept.address));
    }
  }
}

const link = (text, address, className = "govuk-link") => {
  const made = element("a", className, text);
  made.href = address;
  return made;
};

class Uploads {
  constructor(rows = []) {
    this.box = document.querySelector("[data-uploads]");
    this.form = this.box.closest("form");
    // A field of the form is called "action", and hides the form's own.
    this.address = this.form.getAttribute("action") || location.href;
    createAll(FileUpload, undefined, this.box);
    this.input = this.box.querySelector("input[type=file]");
    this.list = this.box.querySelector("[data-chosen]");
    this.live = this.box.querySelector("[data-said]");
    this.button = this.form.querySelector("button[type=submit]");
    this.rows = [];
    this.offers = document.querySelector("[data-offers]");
    this.box.querySelector("[data-choose-again]")?.remove();
    for (const row of rows) {
      this.take(row.file);
    }
    this.count();
    this.input.addEventListener("change", () => this.choose());
    this.form.addEventListener("submit", (event) => this.submit(event));
  }

  // What is chosen comes to what was chosen before; the list holds the files, not the input.
  choose() {
    const files = [...this.input.files];
    const twice = files.filter((file) => !this.take(file));
    this.input.value = "";
    this.count();
    if (twice.length) {
      this.say(`${twice.map((file) => file.name).join(", ")}: chosen already, and sent once.`);
    }
  }

  // What the button says that chooses them; it is read out when it changes.
  count() {
    const count = this.rows.length;
    this.box.querySelector(".govuk-file-upload-button__status").textContent = count
      ? `${count} ${count === 1 ? "file" : "files"} chosen`
      : "No files chosen";
  }

  // False for a file that is chosen already.
  take(file) {
    const same = ["name", "size", "lastModified"];
    if (this.rows.some((row) => same.every((each) => row.file[each] === file[each]))) {
      return false;
    }
    Row.made += 1;
    const row = new Row(file, Row.made, (taken) => this.takeOff(taken));
    this.rows.push(row);
    this.list.append(row.shown);
    if (file.size > Number(this.box.dataset.limit)) {
      row.refused({ said: this.box.dataset.tooLarge });
    }
    return true;
  }

  takeOff(row) {
    this.rows = this.rows.filter((other) => other !== row);
    row.shown.remove();
    this.count();
    this.say(`${row.file.name} is taken off.`);
    if (this.told) {
      this.tellRefused();
    }
    this.box.querySelector("button, input").focus();
    this.offerToGoOn();
  }

  say(text) {
    this.live.textContent = text;
  }

  submit(event) {
    if (!this.rows.length) {
      return; // A link, or nothing: the form as it is.
    }
    event.preventDefault();
    // A second press while files are on their way does nothing.
    if (!this.busy) {
      this.busy = true;
      this.send().finally(() => {
        this.busy = false;
      });
    }
  }

  async send() {
    if (!(await this.detailsWillDo())) {
      return;
    }
    const tooLarge = (row) => row.file.size > Number(this.box.dataset.limit);
    for (const row of this.rows) {
      if ((row.state === "waiting" || row.state === "refused") && !tooLarge(row)) {
        await this.sendOne(row);
      }
    }
    this.end();
  }

  details() {
    const data = new FormData(this.form);
    data.delete(this.input.name);
    return data;
  }

  // The details are checked before the first byte of a file; what is wrong with them comes as the
  // page with its errors, which takes the place of this one, and the chosen files stay chosen.
  async detailsWillDo() {
    const data = this.details();
    data.append("step", "details");
    let answer;
    try {
      answer = await fetch(this.address, { method: "POST", body: data });
      if (answer.status === 204) {
        this.clear();
        return true;
      }
      if (!answer.ok) {
        throw new Error(answer.statusText);
      }
    } catch {
      this.rows.forEach((row) => row.state === "waiting" && row.refused({ said: NOT_TAKEN }));
      this.tellRefused();
      this.toTheSummary();
      return false;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.title = page.title || TITLE;
    document.querySelector("#main-content").replaceWith(page.querySelector("#main-content"));
    new Uploads(this.rows.filter((row) => row.state !== "kept"));
    createAll(ErrorSummary);
    return false;
  }

  // What was wrong with the details is right now.
  clear() {
    document.title = TITLE;
    document.querySelector(".govuk-error-summary")?.remove();
    this.offers.replaceChildren();
    for (const group of this.form.querySelectorAll(".govuk-form-group--error")) {
      group.classList.remove("govuk-form-group--error");
      group.querySelectorAll(":scope > .govuk-error-message").forEach((said) => said.remove());
    }
  }

  sendOne(row) {
    const data = this.details();
    data.append(this.input.name, row.file, row.file.name);
    if (this.rows.length > 1) {
      data.append("several", "yes");
    }
    this.say(`${row.file.name} is being sent.`);
    row.progress(0);
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      request.open("POST", this.address);
      request.setRequestHeader("Accept", "application/json");
      request.upload.addEventListener("progress", ({ loaded, total }) =>
        row.progress(Math.floor((100 * loaded) / total)),
      );
      request.addEventListener("load", () => {
        this.answered(row, request);
        done();
      });
      request.addEventListener("error", () => {
        row.refused({ said: BROKEN_OFF });
        this.say(`${row.file.name}: ${BROKEN_OFF}`);
        done();
      });
      request.send(data);
    });
  }

  answered(row, request) {
    let answer = {};
    try {
      answer = JSON.parse(request.responseText);
    } catch {
      // A page: signed out meanwhile, or too much for the portal.
    }
    if (answer.kept) {
      row.pk = answer.kept.pk;
      row.kept(answer.kept);
      this.say(`${row.file.name} is kept.`);
    } else {
      const refused = answer.refused ?? { said: NOT_TAKEN };
      row.refused(refused);
      this.say(`${row.file.name} is not kept. ${refused.said}`);
    }
  }

  // All kept: on to the page that says what each is. Otherwise the reader decides.
  end() {
    const kept = this.rows.filter((row) => row.state === "kept");
    if (kept.length && kept.length === this.rows.length) {
      location.assign(this.onwards(kept));
      return;
    }
    const refused = this.rows.length - kept.length;
    this.say(`${kept.length} kept, ${refused} not kept.`);
    this.offerToGoOn();
    this.tellRefused();
    this.toTheSummary();
  }

  // On top of the page: which files were not kept, each leading to its line, and what may be done
  // with those that are kept already.
  tellRefused() {
    const refused = this.rows.filter((row) => row.state === "refused");
    this.clear();
    this.told = refused.length > 0;
    if (!this.told) {
      return;
    }
    document.title = `Error: ${TITLE}`;
    const summary = element("div", "govuk-error-summary");
    summary.dataset.module = "govuk-error-summary";
    const lines = element("ul", "govuk-list govuk-error-summary__list");
    for (const row of refused) {
      const line = element("li", "app-break");
      line.append(link(`${row.file.name}: ${row.why}`, `#${row.shown.id}`, ""));
      lines.append(line);
    }
    const alert = element("div", "");
    alert.setAttribute("role", "alert");
    const body = element("div", "govuk-error-summary__body");
    body.append(lines);
    alert.append(element("h2", "govuk-error-summary__title", "There is a problem"), body);
    summary.append(alert);
    document.querySelector("#main-content h1").before(summary);
    for (const row of refused.filter((each) => each.offer)) {
      const made = document.createElement("template");
      made.innerHTML = row.offer;
      this.offers.append(made.content);
    }
    createAll(Button, undefined, this.offers);
  }

  toTheSummary() {
    createAll(ErrorSummary);
  }

  onwards(kept) {
    return kept.length === 1 && this.rows.length === 1
      ? kept[0].said.querySelector("a").href
      : `${this.box.dataset.added}?${kept.map((row) => `item=${row.pk}`).join("&")}`;
  }

  offerToGoOn() {
    const kept = this.rows.filter((row) => row.state === "kept");
    this.goOn?.remove();
    if (kept.length) {
      this.goOn = element("p", "govuk-body");
      const words = `Go on with the ${kept.length === 1 ? "one that is" : `${kept.length} that are`} kept`;
      this.goOn.append(link(words, `${this.box.dataset.added}?${kept.map((row) => `item=${row.pk}`).join("&")}`));
      this.list.after(this.goOn);
    }
  }
}

new Uploads();
