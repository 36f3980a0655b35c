// The pages' one script. `collectstatic` puts the files in the place of these lines (shop/staticfiles.py).
import "./auto-submit.js";
import "./basket-count.js";
import "./live-basket.js";
import "./look-again.js";
import "./one-amount.js";
import "./page-part.js";
import "./product-list.js";
import "./recently-viewed.js";
import "./search-box.js";
import "./show-password.js";
import "./signed-in.js";
import "./sold-out-pick.js";
import "./variant-picker.js";
import "./zoom-gallery.js";
