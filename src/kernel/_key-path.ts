/**
 * Which keys came after which: a tree of the key orders seen so far, shared by the reader and the slicer.
 * Records of a batch have the same keys in the same order, so the next key is compared with one literal instead of being
 * scanned, cut out and looked up. A path that is in the tree has no key twice (checked when it was added), so following it
 * needs no check for duplicates.
 *
 * It is a cache: it outlives one text, because a server reads the same shape over and over, and it is thrown away when full.
 */
import { ownUnits } from "./_units.ts";

/** A key, behind the keys before it. */
export class KeyPath {
  /** As JavaScript's own table of strings has it: storing under such a key needs no lookup. Empty for the root. */
  readonly key: string;
  /** The UTF-16 units of the key as JSON, with its quotes. */
  readonly quoted: Uint16Array;
  /** The path this one continues; undefined for the root. */
  readonly before: KeyPath | undefined;
  /** What came after this key last time. */
  next: KeyPath | undefined = undefined;
  /** Everything that ever came after it, once there was more than one. */
  others: Map<string, KeyPath> | undefined = undefined;
  /** What the value of this key looked like. */
  readonly value: Shape = new Shape();

  constructor(key: string, before: KeyPath | undefined) {
    this.key = key;
    this.quoted = ownUnits(JSON.stringify(key));
    this.before = before;
  }
}

/** What a value at one place looked like last time. Only the place's objects and lists matter. */
export class Shape {
  private root: KeyPath | undefined = undefined;
  private inside: Shape | undefined = undefined;
  /** Keys of the last object here. */
  width = 0;

  /** Where every object of this place begins. */
  get start(): KeyPath {
    return (this.root ??= new KeyPath("", undefined));
  }

  /** The elements of a list at this place. */
  get element(): Shape {
    return (this.inside ??= new Shape());
  }
}

/** Paths kept before all are forgotten: some 2 MB. */
const maxPaths = 8192;
/** UTF-16 units of the longest key kept. */
const maxKey = 200;

let shapes = new Shape();
let paths = 0;

/** The shape for the outermost value of a new text. Forgets the old ones when half of the room is taken. */
export function rememberedShapes(): Shape {
  if (paths > maxPaths / 2) {
    shapes = new Shape();
    paths = 0;
  }
  return shapes;
}

/** The path that continues with a key, if it was seen before; `next` then says so. */
export function followed(path: KeyPath, key: string): KeyPath | undefined {
  const known = path.next?.key === key ? path.next : path.others?.get(key);
  if (known) path.next = known;
  return known;
}

/** Adds the path that continues with a key not yet on it; undefined when the tree is full, as for objects used as maps. */
export function continued(path: KeyPath, key: string): KeyPath | undefined {
  if (paths >= maxPaths || key.length > maxKey) return undefined;
  paths++;
  const made = new KeyPath(interned(key), path);
  if (path.next) path.others ??= new Map([[path.next.key, path.next]]);
  path.others?.set(made.key, made);
  path.next = made;
  return made;
}

/** The keys of a path. */
export function keysOf(path: KeyPath): Set<string> {
  const keys = new Set<string>();
  for (let at = path; at.before; at = at.before) keys.add(at.key);
  return keys;
}

/** The same string, but not a slice that keeps the whole text it was cut from alive. */
function interned(key: string): string {
  return Object.keys({ [key]: null })[0] ?? key;
}
