/** One name in the forms that a template needs. */
export interface Words {
  /** `gift-cards` */
  readonly kebab: string;
  /** `giftCards` */
  readonly camel: string;
  /** `GiftCards` */
  readonly pascal: string;
  /** `gift_cards` */
  readonly snake: string;
  /** `GIFT_CARDS` */
  readonly upper: string;
  /** `gift cards` */
  readonly plain: string;
  /** `Gift cards` */
  readonly title: string;
}

const kebabCase = /^[a-z]+(?:-[a-z]+)*$/;

/** @throws TypeError unless the name is kebab-case and short enough */
export function checkName(name: string, maxLength: number): string {
  if (!kebabCase.test(name))
    throw new TypeError(`'${name}' is not kebab-case: small letters, joined by single hyphens`);
  if (name.length > maxLength)
    throw new TypeError(`'${name}' has ${name.length} letters, at most ${maxLength} are allowed`);
  return name;
}

/** @param kebab checked by `checkName` */
export function wordsOf(kebab: string): Words {
  const pascal = capitalized(kebab).replaceAll(/-(.)/g, (_hyphen, letter: string) => letter.toUpperCase());
  const snake = kebab.replaceAll("-", "_");
  const plain = kebab.replaceAll("-", " ");
  return {
    kebab,
    camel: kebab.charAt(0) + pascal.slice(1),
    pascal,
    snake,
    upper: snake.toUpperCase(),
    plain,
    title: capitalized(plain),
  };
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
