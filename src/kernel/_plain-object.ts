import type { Json } from "./json-value.ts";

/**
 * Objects that inherit nothing and are as fast as `{}`: `Object.create(null)` would make a hash table (half the speed to
 * build), a constructor whose prototype is empty and has no prototype itself does not. `__proto__` is an ordinary key of
 * such an object, because there is no setter to inherit.
 */
export type PlainObject = Record<string, Json>;

const nothing: object = Object.freeze(Object.create(null));

/**
 * V8 reserves the slots of a new object by what its constructor could assign (plus 8) and, after 7 objects, gives back what
 * none of them used. Values beyond that go to a second block, which grows by copying. So: a constructor per width, and a
 * few objects of exactly that width. The assignments never run for real objects.
 */
function Narrow(this: PlainObject): void {
  /* Up to 4 keys. */
}

function Middle(this: PlainObject, fill: boolean): void {
  if (fill) this["a"] = this["b"] = null;
}

function Broad(this: PlainObject, fill: boolean): void {
  if (fill) this["a"] = this["b"] = this["c"] = this["d"] = this["e"] = this["f"] = this["g"] = this["h"] = null;
}

function Wide(this: PlainObject, fill: boolean): void {
  if (!fill) return;
  this["a"] = this["b"] = this["c"] = this["d"] = this["e"] = this["f"] = this["g"] = this["h"] = null;
  this["i"] = this["j"] = this["k"] = this["l"] = this["m"] = this["n"] = this["o"] = this["p"] = null;
  this["q"] = this["r"] = this["s"] = this["t"] = this["u"] = this["v"] = this["w"] = this["x"] = null;
}

type Maker = new (fill: boolean) => PlainObject;

function warmed(constructor: (this: PlainObject, fill: boolean) => void, width: number): Maker {
  constructor.prototype = nothing;
  // TypeScript has no type for a function used as a constructor; a class cannot have an empty prototype.
  const make = constructor as unknown as Maker;
  for (let times = 0; times < 8; times++) {
    const object = new make(false);
    for (let key = 0; key < width; key++) object[`k${key}`] = null;
  }
  return make;
}

const NarrowObject = warmed(Narrow, 4);
const MiddleObject = warmed(Middle, 8);
const BroadObject = warmed(Broad, 16);
const WideObject = warmed(Wide, 32);

/** An empty object with room for about so many keys. */
export function plainObject(width: number): PlainObject {
  if (width <= 4) return new NarrowObject(false);
  if (width <= 8) return new MiddleObject(false);
  if (width <= 16) return new BroadObject(false);
  return new WideObject(false);
}
