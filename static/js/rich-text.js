// The editor of rich text in the back office (Trix): its blocks are paragraphs, its buttons ours, and it takes no files.
{
  const { blockAttributes, toolbar } = Trix.config;
  Object.assign(blockAttributes.default, { tagName: "p", breakOnReturn: true });

  // Trix looks for `breakOnReturn` at special blocks only, and makes a line break in all others.
  Trix.Block.prototype.breaksOnReturn = function () {
    return Boolean(blockAttributes[this.getLastAttribute() || "default"]?.breakOnReturn);
  };
  Trix.LineBreakInsertion.prototype.shouldInsertBlockBreak = function () {
    const isFullItem = this.block.isListItem() && !this.block.isEmpty();
    if (isFullItem) return this.startLocation.offset > 0;
    return !this.shouldBreakFormattedBlock() && this.breaksOnReturn;
  };

  addEventListener("trix-before-initialize", () => {
    toolbar.getDefaultHTML = () => document.getElementById("rich-text-toolbar").innerHTML;
  });
  addEventListener("trix-file-accept", (event) => event.preventDefault());
}
