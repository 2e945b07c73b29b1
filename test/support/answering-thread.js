/**
 * @param {string} text
 * @returns {string | Promise<string>}
 */
export default function answer(text) {
  if (text === "throw") throw new Error("as told");
  if (text === "exit") process.exit(3);
  if (text === "hang") return new Promise(() => undefined);
  if (text === "abort") process.abort();
  // oxlint-disable-next-line node/no-process-env -- the environment is what is looked at
  if (text === "environment") return Object.keys(process.env).join();
  return text.toUpperCase();
}
