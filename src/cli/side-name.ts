/** `name=address`; addresses have their scheme in front of any `=`. */
const named = /^([A-Za-z0-9][\w.-]{0,39})=(.+)$/s;

/** The name and the address of what stands behind `-e`. */
export function splitSide(word: string): { readonly name: string | undefined; readonly address: string } {
  const [, name, address = word] = named.exec(word) ?? [];
  return { name, address };
}
