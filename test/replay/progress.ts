import type { SingleBar } from "cli-progress";
import cliProgress from "cli-progress";

/** Progress of the replay. */
export interface Progress {
  /** Ends the phase before, too. */
  begin(phase: string, total: number, unit: string): void;
  /** One more is done. */
  advance(): void;
  end(): void;
}

/** No output. */
export const silent: Progress = { begin() {}, advance() {}, end() {} };

/** A progress bar on a terminal, a line every few seconds in a log. */
export function progressOn(stream: NodeJS.WritableStream & { readonly isTTY?: boolean }): Progress {
  return stream.isTTY ? new Bar(stream) : new Lines(stream);
}

class Bar implements Progress {
  readonly #stream: NodeJS.WritableStream;
  #bar: SingleBar | undefined;
  #pace = new Pace();

  constructor(stream: NodeJS.WritableStream) {
    this.#stream = stream;
  }

  begin(phase: string, total: number, unit: string): void {
    this.end();
    this.#pace = new Pace();
    const format = `${phase.padEnd(14)} {bar} {value}/{total} ${unit}, {rate}/s, {eta_formatted} left`;
    const options = { stream: this.#stream, format, hideCursor: true, etaBuffer: 200 };
    this.#bar = new cliProgress.SingleBar(options, cliProgress.Presets.shades_classic);
    this.#bar.start(total, 0, { rate: "0.0" });
  }

  advance(): void {
    this.#bar?.increment(1, { rate: this.#pace.advance().toFixed(1) });
  }

  end(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }
}

const linesEveryMs = 5000;

class Lines implements Progress {
  readonly #stream: NodeJS.WritableStream;
  #phase = { name: "", total: 0, unit: "" };
  #pace = new Pace();
  #lastLine = 0;

  constructor(stream: NodeJS.WritableStream) {
    this.#stream = stream;
  }

  begin(name: string, total: number, unit: string): void {
    this.end();
    this.#phase = { name, total, unit };
    this.#pace = new Pace();
    this.#lastLine = Date.now();
  }

  advance(): void {
    const rate = this.#pace.advance();
    if (Date.now() - this.#lastLine < linesEveryMs) return;
    this.#lastLine = Date.now();
    const secondsLeft = Math.ceil((this.#phase.total - this.#pace.done) / rate);
    this.#write(`${rate.toFixed(1)}/s, ${secondsLeft} s left`);
  }

  end(): void {
    if (this.#phase.name) this.#write(`${this.#pace.seconds.toFixed(1)} s`);
    this.#phase = { name: "", total: 0, unit: "" };
  }

  #write(what: string): void {
    const { name, total, unit } = this.#phase;
    this.#stream.write(`${name}: ${this.#pace.done} of ${total} ${unit}, ${what}\n`);
  }
}

class Pace {
  readonly #started = Date.now();
  done = 0;

  /** How many a second so far, with one more. */
  advance(): number {
    this.done += 1;
    return this.done / Math.max(this.seconds, 0.001);
  }

  get seconds(): number {
    return (Date.now() - this.#started) / 1000;
  }
}
