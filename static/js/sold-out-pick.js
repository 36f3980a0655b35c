// Counts that somebody chose a size that is sold out: once a page and variant, without a cookie.
class SoldOutPick extends HTMLElement {
  connectedCallback() {
    this.told = new Set();
    document.addEventListener("change", this);
  }

  disconnectedCallback() {
    document.removeEventListener("change", this);
  }

  // The picker has shown or hidden this form by then: it listens further inside.
  handleEvent(event) {
    const variant = this.querySelector("[name=variant]").value;
    if (this.contains(event.target) || this.closest("[hidden]") || this.told.has(variant)) return;
    this.told.add(variant);
    const body = new URLSearchParams({ variant });
    fetch(this.dataset.url, { method: "POST", body, credentials: "omit", keepalive: true }).catch(() => {});
  }
}

customElements.define("sold-out-pick", SoldOutPick);
