/**
 * Headers by which mail programs offer to unsubscribe (RFC 8058).
 *
 * @throws Error for what is no plain http URL, which could end the header
 */
export function unsubscribeHeaders(url: string | undefined): Record<string, string> {
  if (url === undefined) return {};
  if (!/^https?:\/\/[\x21-\x3b\x3d\x3f-\x7e]+$/.test(url))
    throw new Error("the address to unsubscribe is no URL");
  return { "List-Unsubscribe": `<${url}>`, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" };
}
