// Sends the form inside as soon as a choice is made in it; its button is then not needed.
class AutoSubmit extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("button");
    this.button.hidden = true;
    this.addEventListener("change", this);
  }

  disconnectedCallback() {
    this.removeEventListener("change", this);
  }

  handleEvent() {
    this.querySelector("form").requestSubmit();
  }
}

customElements.define("auto-submit", AutoSubmit);
