/**
 * What all charts of the report share. They are files shown as images: a strict content policy refuses inline styles, so
 * colours stand as attributes for a light ground, and a style inside the file changes them on a dark one. Each has its
 * ground with it, so that its text is readable whatever is behind. Nothing is said by colour alone.
 */

/** Size of a chart: as wide as the narrowest screen shows without scaling its text. */
export const [chartWidth, chartHeight] = [320, 126];
/** Where the bars stand. */
export const plot = { left: 8, right: 312, top: 24, bottom: 90 } as const;

/** Colours by class, on light and on dark ground. Text has a contrast of at least 4.5, marks of at least 3. */
export const colours: Readonly<Record<string, readonly [light: string, dark: string]>> = {
  ground: ["#ffffff", "#1b1e24"],
  ink: ["#1e2126", "#e9e7e2"],
  soft: ["#565c65", "#a5abb5"],
  good: ["#2a8f5d", "#4fb985"],
  bad: ["#c8463b", "#f0796d"],
  odd: ["#7a62bd", "#a994ea"],
  calm: ["#3b78b8", "#6ea6de"],
  axis: ["#8b8f98", "#757b86"],
};

/** A chart from its parts. `hatched` marks what is bad in a second way than by colour. */
export function chart(parts: readonly string[], height: number = chartHeight): string {
  const dark = Object.entries(colours).map(
    ([name, [, colour]]) => `.${name}{fill:${colour}}.${name}-line{stroke:${colour}}`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${chartWidth} ${height}" width="${chartWidth}" height="${height}" font-family="system-ui, -apple-system, Segoe UI, Roboto, Liberation Sans, Arial, sans-serif" font-size="11">`,
    `<style>@media (prefers-color-scheme: dark){${dark.join("")}}</style>`,
    `<defs><pattern id="hatched" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">${rect({ x: 0, y: 0, width: 5, height: 5, kind: "bad" })}${rect({ x: 0, y: 0, width: 1.6, height: 5, kind: "ground" })}</pattern></defs>`,
    rect({ x: 0, y: 0, width: chartWidth, height, kind: "ground" }),
    ...parts,
    "</svg>\n",
  ].join("");
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A filled box in one of the colours. */
export function rect({ height, kind, width, x, y }: Box & { readonly kind: string }): string {
  return `<rect ${place({ x, y, width, height })} class="${kind}" fill="${lightOf(kind)}"/>`;
}

/** A box with stripes, for what failed. */
export function hatchedRect(box: Box): string {
  return `<rect ${place(box)} fill="url(#hatched)" stroke="${lightOf("bad")}" class="bad-line" stroke-width="1"/>`;
}

function place({ height, width, x, y }: Box): string {
  return `x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}"`;
}

/** A straight line; `dash` as in SVG. */
export function line(
  from: readonly [number, number],
  to: readonly [number, number],
  { dash, kind, width = 1 }: { readonly kind: string; readonly dash?: string; readonly width?: number },
): string {
  const dashes = dash === undefined ? "" : ` stroke-dasharray="${dash}"`;
  return `<line x1="${short(from[0])}" y1="${short(from[1])}" x2="${short(to[0])}" y2="${short(to[1])}" class="${kind}-line" stroke="${lightOf(kind)}" stroke-width="${width}"${dashes}/>`;
}

/** A short text of ours: numbers and words that need no escaping. */
export function label(
  text: string,
  at: readonly [number, number],
  { anchor = "middle", kind = "soft" }: { readonly anchor?: "start" | "middle" | "end"; readonly kind?: string } = {},
): string {
  return `<text x="${short(at[0])}" y="${short(at[1])}" text-anchor="${anchor}" class="${kind}" fill="${lightOf(kind)}">${text}</text>`;
}

function lightOf(kind: string): string {
  return colours[kind]?.[0] ?? "none";
}

function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}
