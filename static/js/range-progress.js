// Shows how far a range is: fetches its own page again and takes over what has changed.
class RangeProgress extends HTMLElement {
  connectedCallback() {
    const seconds = Number(this.getAttribute("seconds"));
    if (seconds) this.timer = setTimeout(() => this.look(), seconds * 1000);
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  async look() {
    const answer = await fetch(location.href).catch(() => null);
    if (!answer?.ok || answer.redirected) return location.reload();
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    this.replaceWith(page.querySelector("range-progress"));
  }
}

customElements.define("range-progress", RangeProgress);
