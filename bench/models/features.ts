/** The features of a query, as the TypeScript connector and the Node endpoints answer them. */
export interface Features {
  readonly null_values: number;
  readonly keywords: number;
  readonly length: number;
  readonly quotes: number;
}

export function features(query: string): Features {
  return {
    null_values: count(query, /\bnull\b/gi),
    keywords: count(query, /\b(select|from|where|union|insert|update|delete|drop)\b/gi),
    length: query.length,
    quotes: count(query, /'/g),
  };
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
