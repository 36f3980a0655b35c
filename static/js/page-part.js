// A part of the page that another page has too: a link or form of it marked data-swap fetches that page and takes
// over its part of the same name. When anything goes wrong, the browser simply goes there.
class PagePart extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this);
    this.addEventListener("submit", this);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this);
    this.removeEventListener("submit", this);
  }

  handleEvent(event) {
    const isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    const source = event.target.closest(event.type === "click" ? "a[data-swap]" : "form[data-swap]");
    if (!source || !isPlain) return;
    event.preventDefault();
    this.take(event.type === "click" ? new URL(source.href) : this.address(source));
  }

  address(form) {
    const address = new URL(form.action);
    address.search = new URLSearchParams(new FormData(form));
    return address;
  }

  async take(address) {
    this.setAttribute("aria-busy", "true");
    const answer = await fetch(address).catch(() => null);
    const page = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
    const part = page && page.getElementById(this.id);
    if (!part) return location.assign(address);
    this.replaceWith(part);
    (part.querySelector("[data-focus]") ?? part).focus({ preventScroll: true });
  }
}

customElements.define("page-part", PagePart);
