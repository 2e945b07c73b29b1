const quote = 34;
const backslash = 92;

/**
 * Finds a duplicate key in a JSON text. Parsers differ in which duplicate they use, which lets a request mean
 * different things to different components.
 *
 * @param json valid JSON
 * @returns the key; undefined when there is none
 */
export function findDuplicateKey(json: string): string | undefined {
  // One key set per open object, undefined per open array.
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

/** @returns the index of the closing quote of the string at `start` */
function endOfText(json: string, start: number): number {
  let at = start + 1;
  while (json.charCodeAt(at) !== quote) at += json.charCodeAt(at) === backslash ? 2 : 1;
  return at;
}
