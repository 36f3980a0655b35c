// Follows the chosen colour and size: price, stock, product code, the address, and whether there is one to sell.
// What was chosen before this script came is followed as soon as the page is shown.
class VariantPicker extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.variants = JSON.parse(this.querySelector("script").textContent);
    this.addEventListener("change", this);
    addEventListener("pageshow", this);
    document.addEventListener("click", this);
  }

  disconnectedCallback() {
    this.removeEventListener("change", this);
    removeEventListener("pageshow", this);
    document.removeEventListener("click", this);
  }

  handleEvent(event) {
    if (event.type === "click") this.pick(event);
    else this.follow(event);
  }

  // The size guide offers a size: choose it here instead of loading the page with it.
  pick(event) {
    const link = event.target.closest("a[data-pick-size]");
    const radio = link && this.querySelector(`input[name=size][value="${CSS.escape(link.dataset.pickSize)}"]`);
    if (!radio) return;
    event.preventDefault();
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    radio.focus();
  }

  follow(event) {
    const variant = this.chosen();
    if (variant) this.show(variant);
    else this.say("stock", this.dataset.none);
    if (variant && (event.type === "change" || this.isChanged())) this.keep(variant);
  }

  isChanged() {
    return [...this.form.querySelectorAll("[type=radio]")].some((one) => one.checked !== one.defaultChecked);
  }

  chosen() {
    const form = new FormData(this.form);
    const [colour, size] = [form.get("colour"), form.get("size")];
    return this.variants.find((one) => one.colour === colour && one.size === size);
  }

  show(variant) {
    for (const what of ["price", "was", "stock", "sku"]) this.say(what, variant[what] ?? "");
    this.querySelector(".picker__was").hidden = !variant.was;
    for (const field of document.querySelectorAll("[data-picker=variant]")) field.value = variant.sku;
    for (const part of document.querySelectorAll("[data-price]")) part.hidden = part.dataset.price !== variant.price;
    for (const part of this.querySelectorAll("[data-when]")) {
      part.hidden = (part.dataset.when === "sold-out") !== variant.sold_out;
    }
  }

  keep(variant) {
    const address = new URL(location.href);
    const story = address.searchParams.get("story");
    address.search = new URLSearchParams({ variant: variant.sku, ...(story && { story }) });
    history.replaceState(history.state, "", address);
  }

  // Nothing is said twice: a live region speaks when its words change.
  say(what, words) {
    for (const place of document.querySelectorAll(`[data-picker="${what}"]`)) {
      if (place.textContent !== words) place.textContent = words;
    }
  }
}

customElements.define("variant-picker", VariantPicker);
