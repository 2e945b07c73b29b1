import { ShopError, isShopError } from "../contract/errors.ts";

export interface MailboxOptions<Q, A> {
  /** Answers questions together, each in its place. When it throws, none of them has had an effect. */
  readonly answer: (questions: readonly Q[]) => Promise<readonly A[]>;
  /** How much work a question is, in the unit of `mostWork`. */
  readonly work: (question: Q) => number;
  /** The most questions that are answered together, and the most work unless one question alone is more. */
  readonly mostTogether: number;
  readonly mostWork: number;
  /** Beyond so many waiting questions a further one is turned away. */
  readonly mostWaiting: number;
}

interface Letter<Q, A> {
  readonly question: Q;
  /** Milliseconds since 1970, UTC. */
  readonly deadline: number;
  readonly resolve: (answer: A) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers questions while others are being answered, and answers what has gathered together: in the order of
 * arrival, so that nobody is overtaken, and at once when nobody is before them.
 */
export class Mailbox<Q, A> {
  readonly #options: MailboxOptions<Q, A>;
  readonly #waiting: Letter<Q, A>[] = [];
  #answering = false;

  constructor(options: MailboxOptions<Q, A>) {
    this.#options = options;
  }

  /**
   * @param deadline when whoever asks stops waiting: milliseconds since 1970, UTC
   * @throws ShopError `unavailable` when too many wait, `deadline-exceeded` when its turn comes too late; what `answer`
   * throws for this question alone
   */
  async ask(question: Q, deadline: number): Promise<A> {
    if (this.#waiting.length >= this.#options.mostWaiting) throw new ShopError("unavailable");
    return new Promise((resolve, reject) => {
      this.#waiting.push({ question, deadline, resolve, reject });
      if (!this.#answering) void this.#answerAll();
    });
  }

  async #answerAll(): Promise<void> {
    this.#answering = true;
    while (this.#waiting.length > 0) await this.#answerTogether(this.#next());
    this.#answering = false;
  }

  #next(): Letter<Q, A>[] {
    const { mostTogether, mostWork, work } = this.#options;
    let total = 0;
    const end = this.#waiting.findIndex(({ question }, index) => {
      total += work(question);
      return index === mostTogether || (index > 0 && total > mostWork);
    });
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : end);
  }

  async #answerTogether(letters: readonly Letter<Q, A>[]): Promise<void> {
    const now = Date.now();
    const inTime = letters.filter(({ deadline }) => deadline > now);
    for (const { deadline, reject } of letters) if (deadline <= now) reject(new ShopError("deadline-exceeded"));
    if (inTime.length === 0) return;
    try {
      const answers = await this.#options.answer(inTime.map(({ question }) => question));
      for (const [index, { resolve }] of inTime.entries()) resolve(answers[index] as A);
    } catch (error) {
      // When it is no question's fault, asking again one by one would only take longer.
      if (inTime.length === 1 || isShopError(error, "unavailable")) for (const { reject } of inTime) reject(error);
      // One of them is bad. Alone, it fails for itself and the good ones pass.
      else for (const letter of inTime) await this.#answerTogether([letter]);
    }
  }
}
