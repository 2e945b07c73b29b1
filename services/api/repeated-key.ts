const quote = 34;
const backslash = 92;

/**
 * Finds a key that an object in a JSON text has twice. Which of the two counts is up to each reader, so that one part of
 * a system can be shown something else than another.
 *
 * @param json valid JSON
 * @returns the key; undefined when there is none
 */
export function repeatedKey(json: string): string | undefined {
  // A set of keys for each object that is open, nothing for each array.
  const open: (Set<string> | undefined)[] = [];
  let isKey = false;
  for (let at = 0; at < json.length; at += 1) {
    switch (json.charAt(at)) {
      case "{":
        open.push(new Set());
        isKey = true;
        break;
      case "[":
        open.push(undefined);
        isKey = false;
        break;
      case "}":
      case "]":
        open.pop();
        isKey = false;
        break;
      case ",":
        isKey = open.at(-1) !== undefined;
        break;
      case '"': {
        const end = endOfText(json, at);
        if (isKey) {
          const key = JSON.parse(json.slice(at, end + 1)) as string;
          const keys = open.at(-1);
          if (keys?.has(key)) return key;
          keys?.add(key);
          isKey = false;
        }
        at = end;
        break;
      }
      default:
    }
  }
  return undefined;
}

/** @returns where the quote is that ends the text which begins here */
function endOfText(json: string, start: number): number {
  let at = start + 1;
  while (json.charCodeAt(at) !== quote) at += json.charCodeAt(at) === backslash ? 2 : 1;
  return at;
}
