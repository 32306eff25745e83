// Frames that lie in the browser: a scrubber leads through them, a button plays them. Nothing is asked of the server.

import { fill, paint, pictures } from "../shared/pixels.js";

const FIRST = 0;

function show(state, index) {
  state.index = index;
  paint(state.canvas, state.frames[index]);
  state.canvas.setAttribute("aria-label", `${state.data.title}, ${state.data.captions[index]}`);
  state.scrubber.value = String(index);
  fill(state.scrubber, FIRST);
  state.scrubber.setAttribute("aria-valuetext", state.data.captions[index]);
  state.caption.textContent = state.data.captions[index];
}

function halt(state) {
  clearInterval(state.timer);
  state.timer = undefined;
  state.button.textContent = "Play";
}

function play(state) {
  state.button.textContent = "Pause";
  state.timer = setInterval(() => {
    const next = state.index + 1;
    if (next < state.frames.length) show(state, next);
    else if (state.data.round) show(state, FIRST);
    else halt(state);
  }, 1000 / state.data.frames_per_second);
}

export default function ({ data, parentElement }) {
  const player = parentElement.querySelector(".frame-player");
  const state = (player.state ??= {
    canvas: player.querySelector("canvas"),
    scrubber: player.querySelector("input"),
    button: player.querySelector("button"),
    caption: player.querySelector(".frame-player-caption"),
  });
  const another = state.data?.name !== data.name || state.frames?.length !== data.captions.length;
  state.data = data;
  state.frames = pictures(data.block);
  state.canvas.setAttribute("role", "img");
  state.scrubber.max = String(state.frames.length - 1);
  state.scrubber.setAttribute("aria-label", data.title);
  state.scrubber.oninput = () => {
    halt(state);
    show(state, Number(state.scrubber.value));
  };
  state.button.onclick = () => {
    if (state.timer) return halt(state);
    if (state.index === state.frames.length - 1) show(state, FIRST);
    return play(state);
  };
  show(state, another ? Math.min(data.start, state.frames.length - 1) : state.index);
  return () => halt(state);
}
