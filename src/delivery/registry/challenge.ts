/** What a registry wants to know first: the header WWW-Authenticate, taken apart. */

export interface Challenge {
  readonly scheme: "basic" | "bearer";
  /** Of a bearer: the address of the service that gives tokens. */
  readonly realm: string;
  readonly service?: string;
}

/** The first challenge that can be met; undefined when there is none. */
export function readChallenge(header: string | string[] | undefined): Challenge | undefined {
  for (const line of header === undefined ? [] : [header].flat()) {
    const [, scheme = "", rest = ""] = /^\s*(\w+)\s*(.*)$/s.exec(line) ?? [];
    const parameters = new Map(
      [...rest.matchAll(/(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g)].map(([, key = "", quoted, plain]) => [
        key.toLowerCase(),
        quoted?.replaceAll(/\\(.)/g, "$1") ?? plain ?? "",
      ]),
    );
    const kind = scheme.toLowerCase();
    if (kind !== "basic" && kind !== "bearer") continue;
    const service = parameters.get("service");
    return {
      scheme: kind,
      realm: parameters.get("realm") ?? "",
      ...(service === undefined ? {} : { service }),
    };
  }
  return undefined;
}
