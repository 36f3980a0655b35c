// Shows how many pieces the basket holds, from the readable cookie that the basket keeps.
class BasketCount extends HTMLElement {
  connectedCallback() {
    this.show();
    addEventListener("pageshow", this);
    addEventListener("basket-changed", this);
  }

  disconnectedCallback() {
    removeEventListener("pageshow", this);
    removeEventListener("basket-changed", this);
  }

  handleEvent() {
    this.show();
  }

  show() {
    const count = Number(document.cookie.match(/(?:^|; )basket_count=(\d+)/)?.[1] ?? 0);
    this.textContent = count ? String(count) : "";
    this.toggleAttribute("hidden", !count);
    if (count) this.append(this.words(count));
  }

  words(count) {
    const words = document.createElement("span");
    words.className = "hidden-text";
    words.textContent = ` ${count === 1 ? this.dataset.one : this.dataset.many}`;
    return words;
  }
}

customElements.define("basket-count", BasketCount);
