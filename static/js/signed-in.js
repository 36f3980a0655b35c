// Shows that somebody is logged in, from the readable cookie that the account keeps; it says no more than that.
class SignedIn extends HTMLElement {
  connectedCallback() {
    this.show();
    addEventListener("pageshow", this);
  }

  disconnectedCallback() {
    removeEventListener("pageshow", this);
  }

  handleEvent() {
    this.show();
  }

  show() {
    const isIn = /(?:^|; )signed_in=1/.test(document.cookie);
    this.toggleAttribute("hidden", !isIn);
    this.replaceChildren(...(isIn ? [this.words()] : []));
  }

  words() {
    const words = document.createElement("span");
    words.className = "hidden-text";
    words.textContent = ` (${this.dataset.words})`;
    return words;
  }
}

customElements.define("signed-in", SignedIn);
