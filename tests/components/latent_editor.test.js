import assert from "node:assert/strict";
import { suite, test } from "node:test";

import { LivePicture } from "../../dashboard/components/latent_editor/live_picture.js";
import { Moves } from "../../dashboard/components/latent_editor/moves.js";
import { hiddenMoves, mainGroup, pageOf } from "../../dashboard/components/latent_editor/pages.js";
import { Stage } from "../../dashboard/components/latent_editor/stage.js";
import { valueText } from "../../dashboard/components/latent_editor/value_text.js";

suite("moves of sliders", () => {
  test("count until the page shows them", () => {
    const moves = new Moves();
    moves.set("dim:1", 2);
    assert.deepEqual(moves.send(), { "dim:1": 2 });
    moves.settle({});
    assert.ok(moves.has("dim:1"));
    moves.settle({ "dim:1": 2 });
    assert.ok(moves.none);
  });

  test("are not forgotten by an answer to an older move of the same slider", () => {
    const moves = new Moves();
    moves.set("dim:1", 1);
    moves.send();
    moves.set("dim:1", 2);
    moves.settle({ "dim:1": 1 });
    assert.deepEqual(moves.values, { "dim:1": 2 });
    moves.send();
    moves.settle({ "dim:1": 2 });
    assert.ok(moves.none);
  });

  test("of several sliders are settled each by its own value", () => {
    const moves = new Moves();
    moves.set("dim:1", 1);
    moves.send();
    moves.set("dim:2", 5);
    moves.send();
    moves.settle({ "dim:1": 1 });
    assert.deepEqual(moves.values, { "dim:2": 5 });
  });

  test("to zero are settled by a page that does not mention the slider", () => {
    const moves = new Moves();
    moves.set("dim:1", 0);
    moves.send();
    moves.settle({});
    assert.ok(moves.none);
  });

  test("that were refused are given up, and newer ones are not", () => {
    const moves = new Moves();
    moves.set("dim:1", 1);
    moves.send();
    moves.set("dim:2", 5);
    moves.giveUp();
    assert.deepEqual(moves.values, { "dim:2": 5 });
  });
});

suite("live pictures", () => {
  function server() {
    const answers = [];
    const asked = [];
    const request = (wanted) => {
      asked.push(wanted);
      return new Promise((resolve) => answers.push(resolve));
    };
    return { answers, asked, request };
  }

  const settle = () => new Promise((resolve) => setImmediate(resolve));

  test("are asked for one at a time, and of the moves in between only the newest counts", async () => {
    const { answers, asked, request } = server();
    const shown = [];
    let value = 1;
    const live = new LivePicture(
      () => ({ values: { x: value } }),
      (picture) => shown.push(picture),
      request,
    );
    live.ask();
    for (value of [2, 3, 4]) live.ask();
    assert.equal(asked.length, 1);
    answers[0]("first");
    await settle();
    assert.deepEqual(asked[1], { values: { x: 4 } });
    answers[1]("second");
    await settle();
    assert.deepEqual(shown, ["first", "second"]);
    assert.equal(asked.length, 2);
  });

  test("are not shown if the page has sent a newer state meanwhile", async () => {
    const { answers, request } = server();
    const shown = [];
    const live = new LivePicture(
      () => ({}),
      (picture) => shown.push(picture),
      request,
    );
    live.ask();
    live.outdate();
    answers[0]("late");
    await settle();
    assert.deepEqual(shown, []);
  });

  test("that do not come leave the last one, and the next move asks again", async () => {
    const { answers, asked, request } = server();
    const shown = [];
    const live = new LivePicture(
      () => ({}),
      (picture) => shown.push(picture),
      request,
    );
    live.ask();
    answers[0](undefined);
    await settle();
    live.ask();
    assert.deepEqual([shown.length, asked.length], [0, 2]);
  });

  test("are not asked for without a move", () => {
    const { asked, request } = server();
    new LivePicture(() => null, assert.fail, request).ask();
    assert.deepEqual(asked, []);
  });
});

suite("pages of sliders", () => {
  const names = Array.from({ length: 30 }, (_, index) => String(index + 1));

  test("divide the names in order", () => {
    assert.deepEqual(pageOf(names, 0, 12).names, names.slice(0, 12));
    assert.deepEqual(pageOf(names, 2, 12), { page: 2, pages: 3, names: names.slice(24), text: "25 to 30 of 30" });
  });

  test("end with the last one", () => {
    assert.equal(pageOf(names, 9, 12).page, 2);
    assert.equal(pageOf(names.slice(0, 3), 2, 12).page, 0);
  });
});

suite("the few sliders that are shown at first", () => {
  const groups = [
    { kind: "ganspace", names: ["1", "2", "3", "4", "5", "6", "7"] },
    { kind: "dim", names: ["1", "2"] },
  ];

  test("are the strongest directions", () => {
    assert.deepEqual(mainGroup(groups).names, ["1", "2", "3", "4", "5", "6"]);
    assert.equal(mainGroup(groups).kind, "ganspace");
  });

  test("leave out others, of which those that are moved are counted", () => {
    const values = { "weight:A": 1, "ganspace:1": 2, "ganspace:7": 1, "dim:1": -1, psi: 0.5, tau: 4 };
    assert.equal(hiddenMoves(groups, values, { psi: 1, tau: 4 }), 3);
    assert.equal(hiddenMoves(groups, { "ganspace:6": 1, psi: 1, tau: 4 }, { psi: 1, tau: 4 }), 0);
  });
});

suite("the stage between the sliders and the picture", () => {
  const viewOf = () => ({
    shown: [],
    show(picture) {
      this.shown.push(picture);
    },
    showControls(controls) {
      this.shown.push(controls);
    },
  });

  test("shows a picture that was made before the place for it was there", () => {
    const stage = new Stage();
    const view = viewOf();
    stage.showControls("controls");
    stage.show("picture");
    stage.enter(view);
    stage.show("next");
    assert.deepEqual(view.shown, ["controls", "picture", "next"]);
  });

  test("brings what is pressed beside the picture to the editor, as long as there is one", () => {
    const stage = new Stage();
    const pressed = [];
    stage.act("early");
    stage.direct((...words) => pressed.push(words));
    stage.act("shell", true);
    stage.clear();
    stage.act("late");
    assert.deepEqual(pressed, [["shell", true]]);
  });

  test("forgets a place that is gone, and not the one that has replaced it", () => {
    const stage = new Stage();
    const [old, next] = [viewOf(), viewOf()];
    stage.enter(old);
    stage.enter(next);
    stage.leave(old);
    stage.show("picture");
    assert.deepEqual([old.shown, next.shown], [[], ["picture"]]);
  });
});

suite("the value of a slider", () => {
  test("has two decimals", () => {
    assert.equal(valueText({ key: "dim:1", rest: 0 }, -1.5), "\u22121.50");
  });

  test("of the threshold is off at rest", () => {
    assert.equal(valueText({ key: "tau", rest: 4 }, 4), "off");
    assert.equal(valueText({ key: "tau", rest: 4 }, 0.5), "0.50");
  });
});
