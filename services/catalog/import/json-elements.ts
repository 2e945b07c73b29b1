import { TaskFailure } from "../../../mixins/tasks/task.ts";

/** Maximum length of a row in characters; bounds the buffer when a quotation mark is not closed. */
export const maxRowLength = 256 * 1024;

/**
 * Splits a JSON array into the texts of its elements, which the reader parses.
 *
 * @throws TaskFailure `unreadable-file` when it is not an array, ends early, or an element is too long
 */
export async function* jsonElements(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  const scanner = new ArrayScanner();
  for await (const piece of pieces) yield* scanner.scan(piece);
  scanner.end();
}

/**
 * Splits text into its non-blank lines.
 *
 * @throws TaskFailure `unreadable-file` when one is too long
 */
export async function* jsonLines(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = "";
  for await (const piece of pieces) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > maxRowLength) throw unreadable("A line is too long");
    for (const line of lines) if (line.trim() !== "") yield line;
  }
  if (rest.trim() !== "") yield rest;
}

const blank = /\s/;

/** Finds element boundaries: commas outside strings, objects and arrays. */
class ArrayScanner {
  #state: "before" | "inside" | "after" = "before";
  #depth = 0;
  #inString = false;
  #escaped = false;
  #element = "";
  #commas = 0;

  *scan(piece: string): Generator<string> {
    let from = 0;
    for (let at = 0; at < piece.length; at += 1) {
      const character = piece.charAt(at);
      if (this.#state !== "inside") {
        this.#outside(character);
        from = at + 1;
      } else if (this.#endsElement(character)) {
        const element = (this.#element + piece.slice(from, at)).trim();
        this.#element = "";
        from = at + 1;
        if (character === ",") this.#commas += 1;
        else this.#state = "after";
        // `[]` has no element; `[1,]` is missing one.
        if (element !== "" || this.#commas > 0) yield element;
      }
    }
    this.#element += piece.slice(from);
    if (this.#element.length > maxRowLength) throw unreadable("An element is too long");
  }

  end(): void {
    if (this.#state !== "after")
      throw unreadable(this.#state === "before" ? "It is not a JSON array" : "It ends early");
  }

  #outside(character: string): void {
    if (blank.test(character)) return;
    if (this.#state === "after" || character !== "[") throw unreadable("It is not one JSON array");
    this.#state = "inside";
  }

  #endsElement(character: string): boolean {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (character === "\\") this.#escaped = true;
      else if (character === '"') this.#inString = false;
      return false;
    }
    if (character === '"') this.#inString = true;
    else if (character === "{" || character === "[") this.#depth += 1;
    else if (this.#depth === 0) return character === "," || character === "]";
    else if (character === "}" || character === "]") this.#depth -= 1;
    return false;
  }
}

function unreadable(message: string): TaskFailure {
  return new TaskFailure("unreadable-file", message);
}
