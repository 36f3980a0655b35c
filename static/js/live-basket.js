// Sends the basket's forms without leaving the page and takes over what the answer's basket says.
// Where anything is unclear (no answer, an error, another page) the browser sends the form itself.
// Pay posts the total it showed. Pressed while an answer is awaited, it goes on if that total still stands;
// if not, the new one is said and Pay has to be pressed again. Nothing changes under a finger that is down.
class LiveBasket extends HTMLElement {
  connectedCallback() {
    this.queue = Promise.resolve();
    this.waiting = 0;
    this.released = Promise.resolve();
    this.addEventListener("submit", this);
    this.addEventListener("pointerdown", this);
  }

  disconnectedCallback() {
    this.removeEventListener("submit", this);
    this.removeEventListener("pointerdown", this);
  }

  handleEvent(event) {
    if (event.type === "pointerdown") this.released = release();
    else this.submit(event);
  }

  submit(event) {
    const form = event.target;
    if (this.isOff) return;
    if (form.hasAttribute("data-leaves")) {
      if (!this.waiting) return;
      event.preventDefault();
      this.agreed = totalOf(this);
      return;
    }
    event.preventDefault();
    const sent = { form, submitter: event.submitter, body: bodyOf(form, event.submitter) };
    this.busy(1);
    this.queue = this.queue.then(() => this.send(sent)).catch(() => this.leave(sent));
  }

  async send(sent) {
    const answer = await fetch(sent.form.action, { method: "POST", body: sent.body });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("live-basket [data-live]");
    if (!answer.ok || !fresh) throw new Error("not the basket");
    await this.released;
    this.busy(-1);
    dispatchEvent(new Event("basket-changed"));
    // Of several in a row only the last answer is shown: it knows the others.
    if (!this.waiting) this.show(document.adoptNode(fresh), sent.form);
  }

  show(fresh, form) {
    const live = this.querySelector("[data-live]");
    const focused = live.contains(document.activeElement) ? document.activeElement : null;
    const place = focused && whereIs(focused);
    keepTyping(live, fresh, form);
    live.replaceWith(fresh);
    if (focused) (fresh.querySelector(place) ?? fresh.querySelector("h1")).focus({ preventScroll: true });
    this.say(fresh);
    const isAgreed = this.agreed && this.agreed === totalOf(this);
    this.agreed = "";
    if (isAgreed) fresh.querySelector("form[data-leaves]").requestSubmit();
  }

  say(fresh) {
    const messages = [...fresh.querySelectorAll("[data-message]")].map((one) => one.textContent.trim());
    this.querySelector("[data-status]").textContent = [...messages, fresh.dataset.said].join(" ");
  }

  busy(change) {
    this.waiting += change;
    this.querySelector("[data-live]").setAttribute("aria-busy", String(this.waiting > 0));
  }

  leave({ form, submitter }) {
    this.isOff = true;
    if (form.isConnected) form.requestSubmit(submitter);
    else location.reload();
  }
}

// Is kept when the pointer is up again and what it pressed has been told so.
function release() {
  return new Promise((resolve) => {
    for (const name of ["pointerup", "pointercancel"]) addEventListener(name, () => setTimeout(resolve), { once: true });
  });
}

function totalOf(basket) {
  return basket.querySelector("form[data-leaves] [name=total]")?.value ?? "";
}

function bodyOf(form, submitter) {
  const body = new FormData(form);
  if (submitter?.name) body.append(submitter.name, submitter.value);
  return new URLSearchParams(body);
}

// How to find the same control again: by its id, else by its form and name.
function whereIs(control) {
  if (control.id) return `#${CSS.escape(control.id)}`;
  const form = control.form ? `form[action="${CSS.escape(control.form.getAttribute("action"))}"] ` : "";
  const names = ["name", "value", "type"].filter((name) => control.hasAttribute(name));
  return form + control.localName + names.map((name) => `[${name}="${CSS.escape(control.getAttribute(name))}"]`).join("");
}

// What somebody is typing elsewhere stays; in the form that was sent only what was refused does.
function keepTyping(live, fresh, form) {
  for (const old of live.querySelectorAll("input[id], textarea[id]")) {
    const next = fresh.querySelector(`#${CSS.escape(old.id)}`);
    const isTyped = old.value !== old.defaultValue || old.checked !== old.defaultChecked;
    if (!next || !isTyped || (old.form === form && next.getAttribute("aria-invalid") !== "true")) continue;
    next.value = old.value;
    next.checked = old.checked;
  }
  for (const old of live.querySelectorAll("details[id]")) {
    fresh.querySelector(`#${CSS.escape(old.id)}`)?.toggleAttribute("open", old.open);
  }
}

customElements.define("live-basket", LiveBasket);
