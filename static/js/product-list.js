// Shows what is chosen at once, without loading the whole page; the address, the counts and the focus stay right.
class ProductList extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", this);
    this.addEventListener("submit", this);
    this.addEventListener("click", this);
    addEventListener("popstate", this);
    if (this.isChanged()) this.choose();
  }

  disconnectedCallback() {
    removeEventListener("popstate", this);
  }

  handleEvent(event) {
    if (event.type === "popstate") this.show(location.href);
    else if (event.type === "click") this.follow(event);
    else if (event.type === "submit") this.close(event);
    else this.choose();
  }

  // Whether something was ticked before this script came.
  isChanged() {
    return [...this.querySelectorAll("#filters [type=checkbox]")].some((one) => one.checked !== one.defaultChecked);
  }

  // A filter's own link, if nothing but a plain click asks for it.
  follow(event) {
    const link = event.target.closest("a[data-list]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    this.go(link.href);
  }

  close(event) {
    event.preventDefault();
    this.choose();
    this.querySelector(".filters__box").open = false;
    this.querySelector("#results").scrollIntoView();
  }

  choose() {
    const form = this.querySelector("#filters");
    if (!form.checkValidity()) return;
    const address = new URL(form.action);
    for (const [name, value] of new FormData(form)) if (value) address.searchParams.append(name, value);
    this.go(address.href);
  }

  go(address) {
    if (address === location.href) return;
    history.pushState(null, "", address);
    this.show(address);
  }

  async show(address) {
    this.request?.abort();
    this.request = new AbortController();
    this.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { signal: this.request.signal });
      if (!answer.ok) throw new Error(answer.status);
      this.take(new DOMParser().parseFromString(await answer.text(), "text/html"));
      this.removeAttribute("aria-busy");
    } catch (error) {
      if (error.name !== "AbortError") location.assign(address);
    }
  }

  take(page) {
    const open = [...this.querySelectorAll("details[open][id]")].map((box) => box.id);
    const focused = this.contains(document.activeElement) ? document.activeElement : null;
    const chip = [...this.querySelectorAll(".bar .chips a")].indexOf(focused);
    for (const part of this.querySelectorAll("[data-part]")) {
      part.replaceWith(page.querySelector(`[data-part="${part.dataset.part}"]`));
    }
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    if (focused && !focused.isConnected) this.refocus(focused.id, chip);
    this.querySelector(".list__count").textContent = page.querySelector(".list__count").textContent;
    document.title = page.title;
  }

  // Where the same control is now; for a chip that was removed the one in its place, else the products.
  refocus(id, chip) {
    const chips = this.querySelectorAll(".bar .chips a");
    const same = id && document.getElementById(id);
    (same || chips[Math.min(chip, chips.length - 1)] || this.querySelector("#results")).focus({ preventScroll: true });
  }
}

customElements.define("product-list", ProductList);
