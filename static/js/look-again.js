// Loads the page again after some seconds, unless it is hidden then.
class LookAgain extends HTMLElement {
  connectedCallback() {
    const milliseconds = Number(this.getAttribute("seconds")) * 1000;
    this.timer = setInterval(() => document.hidden || location.reload(), milliseconds);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }
}

customElements.define("look-again", LookAgain);
