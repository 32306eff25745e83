// Limits how often new rows of a curve are drawn. A browser on the machine that trains takes its processors, up to a
// tenth of a second for each drawing. So after each drawing comes a pause in proportion to its time: a fast machine
// draws every second, a slow one at least every three seconds.

const PAUSE = 50; // times as long as a drawing
const LONGEST_MILLISECONDS = 3000;

export class Throttle {
  /** `act(news)` is called at once or after the pause, with the newest news. */
  constructor(act) {
    this.act = act;
    this.due = 0;
  }

  /** There is something new to draw. */
  hear(news) {
    this.news = news;
    clearTimeout(this.timer);
    const wait = this.due - performance.now();
    if (wait <= 0) this.act(news);
    else this.timer = setTimeout(() => this.act(this.news), wait);
  }

  /** A drawing took so long. */
  took(milliseconds) {
    this.due = performance.now() + Math.min(LONGEST_MILLISECONDS, PAUSE * milliseconds);
  }

  /** The news is of no use any more, and the next is shown at once. */
  forget() {
    clearTimeout(this.timer);
    this.due = 0;
  }
}
