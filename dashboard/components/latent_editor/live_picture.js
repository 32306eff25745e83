// Pictures for sliders that move, from the server's route `live`. The page knows nothing of these requests.

import { addressOf } from "../shared/server.js";

const TIMEOUT_MILLISECONDS = 4000;

/** Asks for one picture at a time: of the moves during a request only the newest state is asked for afterwards. */
export class LivePicture {
  /**
   * @param {() => { address: string, values: object } | null} wanted the present state; null if no picture is needed
   * @param {(picture: object) => void} show
   * @param {(wanted: object) => Promise<object | undefined>} request for tests
   */
  constructor(wanted, show, request = fetchPicture) {
    Object.assign(this, { wanted, show, request, busy: false, again: false, round: 0 });
  }

  /** Forget the answer to a request that is under way: the page has sent a newer state. */
  outdate() {
    this.round += 1;
  }

  async ask() {
    this.again = this.busy;
    if (this.busy) return;
    const wanted = this.wanted();
    if (!wanted) return;
    const { round } = this;
    this.busy = true;
    const picture = await this.request(wanted);
    this.busy = false;
    if (picture && round === this.round) this.show(picture);
    if (this.again) await this.ask();
  }
}

/** The picture of an address with some sliders elsewhere; undefined if the server refuses, fails or is too slow. */
async function fetchPicture({ address, values }) {
  const moves = new URLSearchParams({ moves: JSON.stringify(values) });
  try {
    const answer = await fetch(`${addressOf("live")}?${address}&${moves}`, {
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    });
    return answer.ok ? await answer.json() : undefined;
  } catch {
    return undefined;
  }
}
