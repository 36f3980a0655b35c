// Keeps one amount: choosing a suggestion empties the field, writing in the field takes the choice back.
class OneAmount extends HTMLElement {
  connectedCallback() {
    this.addEventListener("input", this);
  }

  disconnectedCallback() {
    this.removeEventListener("input", this);
  }

  handleEvent({ target }) {
    if (target.type === "radio") this.querySelector("#other").value = "";
    else for (const radio of this.querySelectorAll("[type=radio]")) radio.checked = false;
  }
}

customElements.define("one-amount", OneAmount);
