import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { ServiceBroker } from "moleculer";
import type { Config } from "../../../config/index.ts";
import type { ActionName, Input, Result } from "../../../mixins/contract/calls.ts";
import type { Caller } from "../../../mixins/contract/caller.ts";
import type { ErrorCode } from "../../../mixins/contract/errors.ts";
import { isShopError } from "../../../mixins/contract/errors.ts";
import { isQuiet } from "../../../mixins/events/open-event-transport.ts";
import { configOf } from "../../../mixins/service/config-of.ts";
import { offerUpload } from "../../../mixins/service/uploads.ts";
import type { Texts } from "../../catalog/demo/demo-kind.ts";
import { rendered } from "../../catalog/demo/seed-pictures.ts";
import { languages, textsFor } from "../../catalog/demo/demo-texts.ts";

const operator: Caller = { kind: "operator", name: "seed" };
const callWithinMs = 60_000;
const pollMs = 50;
/** Enough for the services to be busy, and few enough for each call to be quick. */
const atOnce = 4;

/** The shop that is seeded, through its own actions only. */
export class DemoShop {
  readonly config: Config;
  readonly broker: ServiceBroker;
  /** Tells how far the seeding is. */
  readonly show: (text: string) => void;
  /** At most so many pictures of each kind: of products, logos … */
  readonly pictures: number;
  readonly #added = new Map<string, number>();

  /** @param broker of a started node */
  constructor(
    broker: ServiceBroker,
    { show = () => undefined, pictures = 1000 }: { show?: (text: string) => void; pictures?: number } = {},
  ) {
    this.broker = broker;
    this.show = show;
    this.pictures = pictures;
    this.config = configOf(broker);
  }

  /** Whether all of these services are installed. */
  has(...names: readonly string[]): boolean {
    return names.every((name) => this.config.installed.some((service) => service.name === name));
  }

  /**
   * Calls an action, again while the shop is overloaded.
   *
   * @param as the operator by default
   */
  call<N extends ActionName>(name: N, params: Input<N>, as = operator): Promise<Result<N>> {
    return this.eventually("unavailable", () => this.#call(name, params, { caller: as }));
  }

  /** Calls an action whose route takes a picture as its body, unless there are enough of this kind. */
  async addPicture<N extends ActionName>(
    name: N,
    params: Input<N>,
    svg: string,
    as = operator,
  ): Promise<void> {
    const added = this.#added.get(name) ?? 0;
    if (added >= this.pictures) return;
    this.#added.set(name, added + 1);
    const png = await rendered(svg);
    // A service takes a few uploads at a time.
    await this.eventually("unavailable", async () => {
      using upload = offerUpload(this.broker, Readable.from([png]));
      await this.#call(name, params, { caller: as, upload: upload.ticket });
    });
  }

  /** Tries again while it fails with this code, as until an event has arrived. */
  async eventually<T>(code: ErrorCode, work: () => Promise<T>): Promise<T> {
    const until = Date.now() + callWithinMs;
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!isShopError(error, code) || Date.now() > until) throw error;
        await sleep(pollMs);
      }
    }
  }

  /** @returns undefined when the call fails with this code */
  async attempt<T>(code: ErrorCode, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!isShopError(error, code)) throw error;
      return undefined;
    }
  }

  /** Asks until there is an answer. */
  async until<T>(what: string, ask: () => Promise<T | undefined>, withinMs = callWithinMs): Promise<T> {
    const deadline = Date.now() + withinMs;
    for (;;) {
      const answer = await ask();
      if (answer !== undefined) return answer;
      if (Date.now() > deadline) throw new Error(`${what}: not within ${withinMs / 1000} seconds`);
      await sleep(pollMs);
    }
  }

  /** In one process, resolves when all events have taken effect. */
  async settled(): Promise<void> {
    await this.until("events", async () => (await isQuiet(this.broker)) || undefined);
  }

  /** Fields of a row in the shop's default language, and their texts in its others. */
  texts<F extends Readonly<Record<string, Texts>>>(fields: F) {
    const { texts, ...main } = textsFor(fields, this.config.locales[0] ?? "");
    const others = Object.entries(texts).filter(([locale]) => this.config.locales.includes(locale));
    return { ...main, texts: Object.fromEntries(others) } as ReturnType<typeof textsFor<F>>;
  }

  /** A text as someone writes it: in their language, if it is one of the shop's, else in its default. */
  text(texts: Texts, locale: string | null = null): string {
    const at = languages.findIndex((language) => language === this.localeOf(locale));
    if (at >= 0) return texts[at] ?? texts[0];
    return textsFor({ text: texts }, this.config.locales[0] ?? "").text;
  }

  /** The language, if it is one of the shop's. */
  localeOf(locale: string | null): string | null {
    return locale !== null && this.config.locales.includes(locale) ? locale : null;
  }

  /**
   * Works on the items, a few at once, and shows how far it is.
   *
   * @param what names the items: `merchants`
   * @returns the results in the order of the items
   */
  async each<T, R>(
    what: string,
    items: readonly T[],
    work: (item: T, index: number) => Promise<R>,
  ): Promise<R[]> {
    const results: R[] = [];
    const left = items.entries();
    let done = 0;
    const worker = async () => {
      for (const [index, item] of left) {
        results[index] = await work(item, index);
        done += 1;
        this.show(`${what}: ${done} of ${items.length}`);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    return results;
  }

  async #call<N extends ActionName>(name: N, params: Input<N>, meta: object): Promise<Result<N>> {
    try {
      return await this.broker.call<Result<N>, Input<N>>(name, params, { meta, timeout: callWithinMs });
    } catch (error) {
      if (error instanceof Error) error.message = `${name}: ${error.message}`;
      throw error;
    }
  }
}
