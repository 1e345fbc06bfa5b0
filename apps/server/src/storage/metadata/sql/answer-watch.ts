/**
 * Gives up on somebody who owes answers and has been silent for too long. TCP alone needs a quarter of an hour to find out that a machine vanished without a word; and a server's own limits on what it does say
 * nothing where it is gone. One timer for any number of questions: each answer starts it anew.
 */
export class AnswerWatch implements Disposable {
  readonly #silenceMs: number;
  readonly #giveUp: () => void;
  #timer: NodeJS.Timeout | undefined;
  #owed = 0;
  #hasEnded = false;

  /** `giveUp` is called after `silenceMs` in which something was owed and nothing came; it sees to it that what is owed fails. */
  constructor(silenceMs: number, giveUp: () => void) {
    this.#silenceMs = silenceMs;
    this.#giveUp = giveUp;
  }

  /** Answers what `answer` does. */
  async during<Answer>(answer: Promise<Answer>): Promise<Answer> {
    this.#owed += 1;
    if (this.#owed === 1) this.#begin();
    try {
      return await answer;
    } finally {
      this.#owed -= 1;
      this.#begin();
    }
  }

  [Symbol.dispose](): void {
    this.#hasEnded = true;
    clearTimeout(this.#timer);
  }

  #begin(): void {
    clearTimeout(this.#timer);
    if (this.#owed > 0 && !this.#hasEnded) this.#timer = setTimeout(this.#giveUp, this.#silenceMs);
  }
}
