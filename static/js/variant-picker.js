// Says price, stock and product code of the chosen colour and size, and keeps the address in step.
class VariantPicker extends HTMLElement {
  connectedCallback() {
    this.variants = JSON.parse(this.querySelector("script").textContent);
    this.addEventListener("change", this);
  }

  disconnectedCallback() {
    this.removeEventListener("change", this);
  }

  handleEvent() {
    const chosen = new FormData(this.querySelector("form"));
    const [colour, size] = [chosen.get("colour"), chosen.get("size")];
    const variant = this.variants.find((one) => one.colour === colour && one.size === size);
    if (variant) this.show(variant);
    else this.say("stock", this.dataset.none);
  }

  show(variant) {
    this.say("price", variant.price);
    this.say("stock", variant.stock);
    this.say("sku", variant.sku);
    const address = new URL(location.href);
    address.search = new URLSearchParams({ variant: variant.sku });
    history.replaceState(history.state, "", address);
  }

  say(what, words) {
    for (const place of document.querySelectorAll(`[data-picker="${what}"]`)) place.textContent = words;
  }
}

customElements.define("variant-picker", VariantPicker);
