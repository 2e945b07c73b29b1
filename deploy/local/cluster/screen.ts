import type { WriteStream } from "node:tty";
import { clearScreenDown, cursorTo, moveCursor } from "node:readline";

const refreshMs = 1000;

/** Where the cluster tells what happens. */
export interface Screen {
  say(line: string): void;
  /** Shows a table below what is said, made anew every second, where that is possible. */
  show(read: () => Promise<string>): void;
  /** Leaves what was said and the last table. */
  close(): void;
}

/** Lines only, for files and pipes. */
export function lines(output: NodeJS.WritableStream): Screen {
  return {
    say: (line) => void output.write(`${line}\n`),
    show: () => undefined,
    close: () => undefined,
  };
}

/** Lines that scroll away above a table that stays. */
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
    // What does not fit would wrap or scroll, and could not be drawn over.
    this.#shown = table.slice(0, rows - 1).map((line) => line.slice(0, columns - 1));
    this.#output.write(above + this.#shown.map((line) => `${line}\n`).join(""));
  }
}
