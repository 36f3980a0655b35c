// Adds a button that shows what is typed into the password field inside, and hides it again.
class ShowPassword extends HTMLElement {
  connectedCallback() {
    if (this.button) return;
    this.field = this.querySelector("input");
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "button button--plain";
    this.button.setAttribute("aria-controls", this.field.id);
    this.button.addEventListener("click", () => this.turn(this.field.type === "password"));
    this.field.form.addEventListener("submit", () => this.turn(false));
    this.turn(false);
    this.append(this.button);
  }

  turn(isShown) {
    this.field.type = isShown ? "text" : "password";
    this.button.textContent = isShown ? this.dataset.hide : this.dataset.show;
    this.button.setAttribute("aria-pressed", String(isShown));
  }
}

customElements.define("show-password", ShowPassword);
