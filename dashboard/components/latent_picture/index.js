// The place of the picture. The editor with the sliders is another component; it makes the pictures and shows them here.

import { stage } from "../latent_editor/stage.js";
import { mounted } from "../shared/mount.js";
import { Picture } from "./picture.js";

class LatentPicture {
  constructor(root) {
    this.picture = new Picture(root, (kind, value) => stage.act(kind, value));
  }

  update() {
    stage.enter(this.picture);
  }

  leave() {
    stage.leave(this.picture);
  }
}

export default mounted(".latent-picture", LatentPicture);
