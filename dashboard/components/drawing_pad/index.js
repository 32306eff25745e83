// A pad to draw on with mouse, pen or finger: white on black. Every finished stroke sends the drawing as a PNG.

import { mounted } from "../shared/mount.js";
import { toCanvas } from "./position.js";

const SIDE = 280;
const STROKE = 22;

class DrawingPad {
  constructor(root) {
    this.canvas = root.querySelector("canvas");
    this.canvas.width = SIDE;
    this.canvas.height = SIDE;
    this.pen = this.canvas.getContext("2d");
    this.last = null; // where the pointer was, while it draws
    this.clear();
    this.canvas.onpointerdown = (event) => this.start(event);
    this.canvas.onpointermove = (event) => this.move(event);
    this.canvas.onpointerup = () => this.finish();
    this.canvas.onpointercancel = () => this.finish();
    root.querySelector("button").onclick = () => {
      this.clear();
      this.send("");
    };
  }

  update({ data, setTriggerValue }) {
    this.canvas.setAttribute("aria-label", data.description);
    this.send = (png) => setTriggerValue("drawn", png);
  }

  clear() {
    this.pen.fillStyle = "#000";
    this.pen.fillRect(0, 0, SIDE, SIDE);
  }

  start(event) {
    this.canvas.setPointerCapture(event.pointerId);
    this.last = this.position(event);
    this.stroke(this.last, this.last);
  }

  move(event) {
    if (!this.last) return;
    const next = this.position(event);
    this.stroke(this.last, next);
    this.last = next;
  }

  finish() {
    if (!this.last) return;
    this.last = null;
    this.send(this.canvas.toDataURL("image/png"));
  }

  position(event) {
    return toCanvas(event, this.canvas.getBoundingClientRect(), SIDE);
  }

  stroke(from, to) {
    Object.assign(this.pen, { strokeStyle: "#fff", lineWidth: STROKE, lineCap: "round" });
    this.pen.beginPath();
    this.pen.moveTo(...from);
    this.pen.lineTo(...to);
    this.pen.stroke();
  }
}

export default mounted(".drawing-pad", DrawingPad);
