// For the publication's own pages: <shop-story></shop-story> becomes a frame with the merch of the story it stands in.
// Knows nothing of the page but its address, keeps nothing, and stays away when there is nothing to buy.
const store = new URL(document.currentScript.src).origin;
const HEIGHT = 360;

class ShopStory extends HTMLElement {
  async connectedCallback() {
    if (this.frame) return;
    const address = `${store}/embed/?${new URLSearchParams({ article: this.article })}`;
    const answer = await fetch(address, { method: "HEAD", credentials: "omit" }).catch(() => null);
    if (answer?.ok && !this.frame) this.fill(address);
  }

  // The story's own address, as the page names it to search engines.
  get article() {
    const canonical = document.querySelector("link[rel=canonical]");
    return this.getAttribute("article") || canonical?.href || location.href;
  }

  fill(address) {
    this.frame = document.createElement("iframe");
    const title = this.getAttribute("label") || "Shop this story";
    const height = this.getAttribute("height") || HEIGHT;
    Object.assign(this.frame, { src: address, title, width: "100%", height, loading: "lazy" });
    Object.assign(this.frame.style, { border: 0, display: "block" });
    this.append(this.frame);
  }
}

if (!customElements.get("shop-story")) customElements.define("shop-story", ShopStory);
