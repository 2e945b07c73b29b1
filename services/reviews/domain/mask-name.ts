/** A name of which everyone sees the first letter only: `A***`. */
export function maskName(name: string): string {
  const [first] = new Intl.Segmenter().segment(name);
  return `${first?.segment ?? ""}***`;
}
