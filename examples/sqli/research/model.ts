/** The classifier over the features, with the numbers that train.py wrote to weights.json. */
import type { Features } from "./features.ts";
import weights from "./weights.json" with { type: "json" };

/** What `inference` answers. */
export interface Prediction {
  is_injection: boolean;
  score: number;
}

export function predict(features: Features): Prediction {
  let sum = weights.intercept;
  for (const { name, transform, missing, mean, scale, weight } of weights.inputs) {
    const input = inputOf(features, name, transform) ?? missing;
    sum += weight * ((input - mean) / scale);
  }
  const score = 1 / (1 + Math.exp(-sum));
  return { is_injection: score >= weights.threshold, score };
}

/** One input of the regression, or null where its feature is null. `quote_style=single` is 1 for queries of that style. */
function inputOf(features: Features, input: string, transform: string): number | null {
  const [name, style] = input.split("=");
  const value = features[name as keyof Features];
  if (transform === "equals") return value === style ? 1 : 0;
  if (value === null) return null;
  return transform === "log1p" ? Math.log1p(Number(value)) : Number(value);
}
