/** Where the output is no terminal. */
const lineEveryMs = 5000;

let shown = { text: "", at: -Infinity };

/** On a terminal, in one line that changes; elsewhere now and then a line. */
export function show(text: string): void {
  const isLast = text.endsWith("\n");
  if (process.stdout.isTTY) process.stdout.write(`\r\u001b[K${text}`);
  else if (isLast || (text !== shown.text && performance.now() - shown.at > lineEveryMs)) {
    process.stdout.write(`${text.trim()}\n`);
    shown = { text, at: performance.now() };
  }
}
