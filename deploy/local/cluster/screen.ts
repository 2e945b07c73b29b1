import type { WriteStream } from "node:tty";
import { clearScreenDown, cursorTo, moveCursor } from "node:readline";

const refreshMs = 1000;

/** Output of the cluster command. */
export interface Screen {
  say(line: string): void;
  /** Shows a table below the log, refreshed every second, if the output is a terminal. */
  show(read: () => Promise<string>): void;
  /** Ends with the log and the last table on screen. */
  close(): void;
}

/** Log lines only, for files and pipes. */
export function lines(output: NodeJS.WritableStream): Screen {
  return {
    say: (line) => void output.write(`${line}\n`),
    show: () => undefined,
    close: () => undefined,
  };
}

/** A scrolling log above a fixed table. */
export class Terminal implements Screen {
  readonly #output: WriteStream;
  #shown: string[] = [];
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(output: WriteStream) {
    this.#output = output;
  }

  say(line: string): void {
    this.#draw(this.#shown, `${line}\n`);
  }

  show(read: () => Promise<string>): void {
    void read()
      .then(
        (text) => this.#draw(["", ...text.split("\n")]),
        () => undefined,
      )
      .finally(() => {
        if (!this.#closed) this.#timer = setTimeout(() => this.show(read), refreshMs);
      });
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#shown = [];
  }

  #draw(table: readonly string[], above = ""): void {
    if (this.#closed && above === "") return;
    const { columns, rows } = this.#output;
    if (this.#shown.length > 0) {
      moveCursor(this.#output, 0, -this.#shown.length);
      cursorTo(this.#output, 0);
      clearScreenDown(this.#output);
    }
    // Longer rows would wrap or scroll, which breaks redrawing.
    this.#shown = table.slice(0, rows - 1).map((line) => line.slice(0, columns - 1));
    this.#output.write(above + this.#shown.map((line) => `${line}\n`).join(""));
  }
}
