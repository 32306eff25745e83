// A pad to draw on with mouse, pen or finger: white on black. Every finished stroke is sent as a PNG.

const SIDE = 280;
const STROKE = 22;

function clear(pen) {
  pen.fillStyle = "#000";
  pen.fillRect(0, 0, SIDE, SIDE);
}

function place(canvas, event) {
  const box = canvas.getBoundingClientRect();
  return [((event.clientX - box.left) * SIDE) / box.width, ((event.clientY - box.top) * SIDE) / box.height];
}

function stroke(pen, from, to) {
  pen.strokeStyle = "#fff";
  pen.lineWidth = STROKE;
  pen.lineCap = "round";
  pen.beginPath();
  pen.moveTo(...from);
  pen.lineTo(...to);
  pen.stroke();
}

export default function ({ data, parentElement, setTriggerValue }) {
  const pad = parentElement.querySelector(".drawing-pad");
  const canvas = pad.querySelector("canvas");
  const pen = canvas.getContext("2d");
  canvas.setAttribute("aria-label", data.description);
  if (!pad.dataset.ready) {
    pad.dataset.ready = "yes";
    canvas.width = canvas.height = SIDE;
    clear(pen);
  }
  let last = null;
  canvas.onpointerdown = (event) => {
    canvas.setPointerCapture(event.pointerId);
    last = place(canvas, event);
    stroke(pen, last, last);
  };
  canvas.onpointermove = (event) => {
    if (!last) return;
    const next = place(canvas, event);
    stroke(pen, last, next);
    last = next;
  };
  canvas.onpointerup = canvas.onpointercancel = () => {
    if (!last) return;
    last = null;
    setTriggerValue("drawn", canvas.toDataURL("image/png"));
  };
  pad.querySelector("button").onclick = () => {
    clear(pen);
    setTriggerValue("drawn", "");
  };
}
