/** The output field that a path begins with: `scores` of `scores[0].label`. */
export function topField(path: string): string {
  return /^[^.[]*/.exec(path)?.[0] ?? path;
}
