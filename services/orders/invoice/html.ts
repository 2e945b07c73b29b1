/** Escaped markup. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

type Piece = string | Html | readonly Html[];

/** Template tag that escapes all text; only its own results are inserted as markup. */
export function html(parts: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  return new Html(parts.map((part, index) => part + markupOf(pieces[index])).join(""));
}

function markupOf(piece: Piece | undefined): string {
  if (piece === undefined) return "";
  if (typeof piece === "string")
    return piece.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
  return piece instanceof Html ? piece.markup : piece.map(({ markup }) => markup).join("");
}
