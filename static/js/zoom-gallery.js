// A product's pictures: thumbnails move the strip, a picture opens large in a dialog, where it is zoomed by button,
// key, wheel, double click or two fingers, and moved by dragging or the arrow keys.
const STEP = 1.5;
const MOST = 4;

class ZoomGallery extends HTMLElement {
  connectedCallback() {
    this.strip = this.querySelector(".gallery__strip");
    this.dialog = this.querySelector("dialog");
    this.stage = this.querySelector(".zoom__stage");
    this.fingers = new Map();
    this.events = [
      [this, "click"],
      [this.dialog, "keydown"],
      [this.stage, "wheel"],
      [this.stage, "dblclick"],
      [this.stage, "pointerdown"],
      [this.stage, "pointermove"],
      [this.stage, "pointerup"],
      [this.stage, "pointercancel"],
    ];
    for (const [target, kind] of this.events) target.addEventListener(kind, this, { passive: false });
  }

  disconnectedCallback() {
    for (const [target, kind] of this.events ?? []) target.removeEventListener(kind, this);
  }

  handleEvent(event) {
    this[`on_${event.type}`](event);
  }

  on_click(event) {
    const isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    const link = event.target.closest("a");
    const button = event.target.closest("button[data-zoom]");
    if (button) this.press(button.dataset.zoom);
    if (!link || !isPlain) return;
    event.preventDefault();
    if (link.matches(".shot__link")) this.open(link);
    else this.go(this.querySelector(link.hash));
  }

  go(shot) {
    this.strip.scrollTo({ left: shot.offsetLeft - this.strip.offsetLeft });
  }

  // --- The dialog -----------------------------------------------------------------------------------

  get links() {
    return [...this.querySelectorAll(".shot__link")].filter((link) => link.offsetParent);
  }

  open(link) {
    this.show(link);
    this.dialog.showModal();
    this.stage.focus();
  }

  show(link) {
    this.link = link;
    const picture = link.querySelector("picture").cloneNode(true);
    for (const source of picture.querySelectorAll("source[media]")) source.remove();
    const image = picture.querySelector("img");
    for (const one of [image, ...picture.querySelectorAll("source")]) one.sizes = "1600px";
    image.loading = "eager";
    image.draggable = false;
    this.fingers.clear();
    this.stage.replaceChildren(picture);
    this.zoom = 1;
    this.scale(1);
    const many = this.links.length > 1;
    for (const button of this.dialog.querySelectorAll("[data-zoom=previous], [data-zoom=next]")) button.hidden = !many;
  }

  press(what) {
    if (what === "close") this.dialog.close();
    if (what === "in") this.scale(this.zoom * STEP);
    if (what === "out") this.scale(this.zoom / STEP);
    if (what === "next") this.turn(1);
    if (what === "previous") this.turn(-1);
  }

  turn(by) {
    const links = this.links;
    const link = links[(links.indexOf(this.link) + by + links.length) % links.length];
    this.show(link);
    this.go(link.closest(".shot"));
  }

  on_keydown(event) {
    const keys = { "+": "in", "=": "in", "-": "out" };
    if (this.zoom === 1) Object.assign(keys, { ArrowRight: "next", ArrowLeft: "previous" });
    if (!keys[event.key] || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.press(keys[event.key]);
  }

  // --- Zoom and move ----------------------------------------------------------------------------------

  // The point (x, y) of the stage, its middle if none is given, stays where it is.
  scale(wanted, x = this.stage.clientWidth / 2, y = this.stage.clientHeight / 2) {
    const zoom = Math.min(MOST, Math.max(1, wanted));
    const grown = zoom / this.zoom;
    const [left, top] = [(this.stage.scrollLeft + x) * grown - x, (this.stage.scrollTop + y) * grown - y];
    this.zoom = zoom;
    this.stage.style.setProperty("--zoom", zoom);
    this.stage.scrollTo({ left, top, behavior: "instant" });
    this.dialog.querySelector("[data-zoom=in]").disabled = zoom === MOST;
    this.dialog.querySelector("[data-zoom=out]").disabled = zoom === 1;
  }

  at(event) {
    const box = this.stage.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  on_wheel(event) {
    event.preventDefault();
    this.scale(this.zoom * (event.deltaY < 0 ? 1.15 : 1 / 1.15), ...this.at(event));
  }

  on_dblclick(event) {
    this.scale(this.zoom > 1 ? 1 : 2.5, ...this.at(event));
  }

  on_pointerdown(event) {
    this.fingers.set(event.pointerId, this.at(event));
    this.stage.setPointerCapture(event.pointerId);
  }

  on_pointermove(event) {
    const before = this.fingers.get(event.pointerId);
    if (!before) return;
    const now = this.at(event);
    const other = [...this.fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) this.scale((this.zoom * apart(now, other)) / apart(before, other), ...middle(now, other));
    else this.stage.scrollBy({ left: before[0] - now[0], top: before[1] - now[1], behavior: "instant" });
    this.fingers.set(event.pointerId, now);
  }

  on_pointerup(event) {
    this.fingers.delete(event.pointerId);
  }

  on_pointercancel(event) {
    this.fingers.delete(event.pointerId);
  }
}

const apart = ([ax, ay], [bx, by]) => Math.hypot(ax - bx, ay - by) || 1;
const middle = ([ax, ay], [bx, by]) => [(ax + bx) / 2, (ay + by) / 2];

customElements.define("zoom-gallery", ZoomGallery);
