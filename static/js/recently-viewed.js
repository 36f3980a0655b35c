// Remembers the products looked at, in this browser only, and shows them; nothing of it is ever sent.
const KEY = "recently-viewed";
const MOST = 7;

class RecentlyViewed extends HTMLElement {
  connectedCallback() {
    const here = this.dataset.link;
    const others = this.read().filter((one) => one.link !== here);
    if (here) this.write([{ ...this.dataset }, ...others].slice(0, MOST));
    this.show(others.slice(0, MOST - 1));
    this.querySelector("button").addEventListener("click", this);
  }

  // Forgetting takes the section away, and the focus back to where the page begins.
  handleEvent() {
    this.write([]);
    this.hidden = true;
    document.querySelector("main").focus();
  }

  show(products) {
    this.querySelector("ul").replaceChildren(...products.map((one) => this.card(one)));
    this.hidden = !products.length;
  }

  card({ link, title, garment, picture }) {
    const card = this.querySelector("template").content.cloneNode(true);
    const anchor = card.querySelector("a");
    anchor.href = link;
    anchor.append(title, " ");
    anchor.append(Object.assign(document.createElement("span"), { className: "hidden-text", textContent: garment }));
    card.querySelector("p").textContent = garment;
    if (picture) card.querySelector(".card__picture").append(pictureOf(picture));
    return card;
  }

  // What is stored may be old, damaged or not allowed: then nothing was seen.
  read() {
    try {
      const stored = JSON.parse(localStorage.getItem(KEY)) ?? [];
      return stored.filter((one) => one.link.startsWith("/") && one.title);
    } catch {
      return [];
    }
  }

  write(products) {
    try {
      if (products.length) localStorage.setItem(KEY, JSON.stringify(products));
      else localStorage.removeItem(KEY);
    } catch {
      // A browser that keeps nothing is fine.
    }
  }
}

// Pictures change their names when they change; one that is gone leaves its place empty.
function pictureOf(address) {
  const image = Object.assign(new Image(640, 640), { alt: "", loading: "lazy", src: address });
  image.addEventListener("error", () => image.remove());
  return image;
}

customElements.define("recently-viewed", RecentlyViewed);
