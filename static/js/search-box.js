// Suggests while somebody types: a combobox with a list, as the ARIA practices describe it. Without this script it is
// a plain form, and Enter sends that form unless a suggestion is chosen.
const EVENTS = ["input", "keydown", "mousedown", "click", "focusout"];
const PAUSE = 150;

class SearchBox extends HTMLElement {
  connectedCallback() {
    if (!this.list) this.prepare();
    for (const name of EVENTS) this.addEventListener(name, this);
  }

  disconnectedCallback() {
    for (const name of EVENTS) this.removeEventListener(name, this);
    this.forget();
  }

  prepare() {
    this.field = this.querySelector("input");
    this.answers = new Map();
    this.list = this.make("ul", "search__list", { role: "listbox", "aria-label": this.querySelector("label").textContent });
    this.list.id = `${this.field.id}-list`;
    this.status = this.make("p", "hidden-text", { role: "status" });
    this.append(this.list, this.status);
    this.set(this.field, { role: "combobox", "aria-autocomplete": "list", "aria-controls": this.list.id });
    this.close();
  }

  handleEvent(event) {
    const option = event.target.closest("[role=option]");
    if (event.type === "input") this.wait();
    else if (event.type === "keydown") this.press(event);
    else if (event.type === "mousedown" && option) event.preventDefault(); // the field keeps the focus
    else if (event.type === "click" && option) location.assign(option.dataset.url);
    else if (event.type === "focusout" && !this.contains(event.relatedTarget)) this.close();
  }

  press(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.target !== this.field || event.isComposing) return;
    if (step && this.options.length) this.choose(this.chosen + step);
    else if (event.key === "Enter" && this.chosen >= 0) location.assign(this.options[this.chosen].dataset.url);
    else if (event.key === "Escape" && !this.list.hidden) this.close();
    else return;
    event.preventDefault();
  }

  wait() {
    this.forget();
    this.timer = setTimeout(() => this.ask(this.field.value.trim()), PAUSE);
  }

  forget() {
    clearTimeout(this.timer);
    this.asking?.abort();
  }

  async ask(typed) {
    if (!this.answers.has(typed)) {
      this.asking = new AbortController();
      const url = `${this.dataset.url}?${new URLSearchParams({ q: typed })}`;
      const answer = await fetch(url, { signal: this.asking.signal }).catch(() => null);
      if (!answer?.ok) return this.close();
      this.answers.set(typed, (await answer.json()).suggestions);
    }
    if (typed === this.field.value.trim() && this.contains(document.activeElement)) this.show(this.answers.get(typed));
  }

  show(suggestions) {
    this.chosen = -1;
    this.list.replaceChildren(...suggestions.map((suggestion, place) => this.option(suggestion, place)));
    this.open(suggestions.length > 0);
    const words = suggestions.length === 1 ? this.dataset.one : this.dataset.many;
    this.status.textContent = suggestions.length ? words.replace("#", suggestions.length) : "";
  }

  option({ name, note, url }, place) {
    const option = this.make("li", "search__option", { role: "option", "aria-selected": "false" });
    option.id = `${this.list.id}-${place}`;
    option.dataset.url = url;
    option.append(this.make("span", "search__name", {}, name), " ", this.make("span", "search__note", {}, note));
    return option;
  }

  get options() {
    return this.list.children;
  }

  choose(place) {
    const many = this.options.length;
    this.chosen = place >= many ? -1 : place < -1 ? many - 1 : place;
    this.open(true);
    [...this.options].forEach((option, at) => option.setAttribute("aria-selected", String(at === this.chosen)));
    this.options[this.chosen]?.scrollIntoView({ block: "nearest" });
    this.set(this.field, { "aria-activedescendant": this.options[this.chosen]?.id ?? "" });
  }

  open(isOpen) {
    this.list.hidden = !isOpen;
    this.set(this.field, { "aria-expanded": String(isOpen), "aria-activedescendant": "" });
  }

  close() {
    this.list.replaceChildren();
    this.status.textContent = "";
    this.chosen = -1;
    this.open(false);
  }

  make(tag, className, attributes, text = "") {
    const element = Object.assign(document.createElement(tag), { className, textContent: text });
    this.set(element, attributes);
    return element;
  }

  set(element, attributes) {
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  }
}

customElements.define("search-box", SearchBox);
