/**
 * The pictures of the report, as files: strict content policies refuse inline styles and `data:` images. Colours stand as
 * attributes and are chosen to be seen on light and on dark ground; every picture has its numbers beside it as text.
 */
import { barCells } from "../number-text.ts";

const green = "#2f9e68";
const red = "#d0564b";
const amber = "#c08a1e";
const violet = "#8b74c9";
const track = "#8b8f98";

const head = (width: number, height: number) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`;

/** Name of the file that shows so many percent. */
export function barName(percent: number): string {
  return `bar-${String(percent).padStart(3, "0")}.svg`;
}

/** A bar that is filled to so many percent. */
export function barSvg(percent: number): string {
  const [width, height] = [160, 10];
  const fill = barCells(percent, 100, width);
  const bar =
    fill === 0 ? "" : `<rect width="${fill}" height="${height}" rx="3" fill="${percent === 100 ? green : amber}"/>`;
  return `${head(width, height)}<rect width="${width}" height="${height}" rx="3" fill="${track}" fill-opacity="0.28"/>${bar}</svg>\n`;
}

/** What became of all tests, as one strip. */
export interface Shares {
  readonly pass: number;
  readonly fail: number;
  readonly error: number;
  readonly known: number;
  readonly other: number;
}

export const shareName = "share.svg";

/** The strip: each verdict as long as its share, and never so short that it cannot be seen. */
export function shareSvg(shares: Shares): string {
  const [width, height, gap] = [1000, 16, 4];
  const parts = [
    { count: shares.fail, colour: red },
    { count: shares.error, colour: violet },
    { count: shares.known, colour: amber },
    { count: shares.other, colour: track },
    { count: shares.pass, colour: green },
  ].filter(({ count }) => count > 0);
  const whole = parts.reduce((sum, { count }) => sum + count, 0);
  const room = width - gap * Math.max(0, parts.length - 1);
  const least = 8;
  const spare = room - least * parts.length;
  let x = 0;
  const bars = parts.map(({ count, colour }) => {
    const size = least + (spare * count) / whole;
    const bar = `<rect x="${x.toFixed(1)}" width="${size.toFixed(1)}" height="${height}" rx="4" fill="${colour}"/>`;
    x += size + gap;
    return bar;
  });
  const svg = `${head(width, height)}${bars.join("")}</svg>\n`;
  return svg.replace("<svg ", '<svg preserveAspectRatio="none" ');
}

/** Tally's mark: four strokes and a fifth across. */
export const markSvg = `${head(48, 48)}<g stroke="${green}" stroke-width="4.5" stroke-linecap="round"><path d="M10 9v30M19 9v30M28 9v30M37 9v30"/></g><path d="M4 34 44 13" stroke="${red}" stroke-width="4.5" stroke-linecap="round"/></svg>\n`;
