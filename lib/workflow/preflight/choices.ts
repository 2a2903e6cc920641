/** How many choices are looked through for a name alike, and how long such names are at most. */
const MAX_CANDIDATES = 1000;
const MAX_LENGTH = 200;
const MAX_EDITS = 6;
const MAX_REMEMBERED = 100;

/** A name taken apart for comparison: small letters, slashes of one kind. */
interface Name {
  name: string;
  path: string;
  file: string;
}

/** What one input may be, made ready to be asked many times. */
export class Choices {
  private readonly all: ReadonlySet<unknown>;
  private readonly closestOf = new Map<string, string | undefined>();
  private index: NameIndex | undefined;

  constructor(private readonly given: readonly unknown[]) {
    this.all = new Set(given.map(comparable));
  }

  /** As Python's `in` tells, where `1`, `1.0` and `True` are equal and `"1"` is not. */
  has(value: unknown): boolean {
    if (this.all.has(comparable(value))) return true;
    // What is no plain value is compared part by part there; nobody is told that it is wrong where it may be right.
    return typeof value === 'object' && value !== null && this.given.some((one) => typeof one === 'object');
  }

  /** The first ones as text, and how many there are. */
  get shown(): { first: string[]; count: number } {
    return { first: this.given.slice(0, 5).map((choice) => String(choice).slice(0, 60)), count: this.given.length };
  }

  /** Whether these are names of files. */
  areFiles(isFile: (name: string) => boolean): boolean {
    return this.given.length === 0 || this.given.slice(0, 50).some((one) => typeof one === 'string' && isFile(one));
  }

  /** The same path written otherwise, else the same name in another folder, else the name that differs least, if little. */
  closest(value: string): string | undefined {
    if (value.length > MAX_LENGTH) return undefined;
    if (this.closestOf.has(value)) return this.closestOf.get(value);
    this.index ??= new NameIndex(this.given);
    const found = this.index.closest(value);
    if (this.closestOf.size < MAX_REMEMBERED) this.closestOf.set(value, found);
    return found;
  }
}

class NameIndex {
  private readonly byPath = new Map<string, string>();
  private readonly byFile = new Map<string, string>();
  private readonly candidates: readonly { name: string; file: string; letters: Uint8Array }[];

  constructor(given: readonly unknown[]) {
    const names = given.filter((one) => typeof one === 'string').map(takenApart);
    for (const { name, path, file } of names) {
      if (!this.byPath.has(path)) this.byPath.set(path, name);
      if (!this.byFile.has(file)) this.byFile.set(file, name);
    }
    const short = names.slice(0, MAX_CANDIDATES).filter(({ name }) => name.length <= MAX_LENGTH);
    this.candidates = short.map(({ name, file }) => ({ name, file, letters: lettersOf(file) }));
  }

  closest(value: string): string | undefined {
    const { path, file } = takenApart(value);
    return this.byPath.get(path) ?? this.byFile.get(file) ?? this.mostAlike(file);
  }

  private mostAlike(wanted: string): string | undefined {
    if (wanted.length < 3) return undefined;
    const letters = lettersOf(wanted);
    let best: string | undefined;
    let least = Math.min(MAX_EDITS, Math.max(2, Math.floor(wanted.length / 3))) + 1;
    for (const { name, file, letters: has } of this.candidates) {
      if (leastEdits(letters, has) >= least) continue;
      const edits = editsBetween(wanted, file, least - 1);
      if (edits < least) [best, least] = [name, edits];
    }
    return best;
  }
}

const known = new WeakMap<readonly unknown[], Choices>();

/** The choices of one list; what was made of it is kept as long as the list is. */
export function choicesOf(list: readonly unknown[]): Choices {
  const choices = known.get(list) ?? new Choices(list);
  known.set(list, choices);
  return choices;
}

/** Whether two names differ in their slashes alone. */
export function differInSlashes(a: string, b: string): boolean {
  return a !== b && a.replaceAll('\\', '/') === b.replaceAll('\\', '/');
}

function comparable(value: unknown): unknown {
  return typeof value === 'boolean' ? Number(value) : value;
}

function takenApart(name: string): Name {
  const path = name.replaceAll('\\', '/').toLowerCase();
  return { name, path, file: path.slice(path.lastIndexOf('/') + 1) };
}

/** How often each letter occurs, in 32 kinds of letters: quick to compare. */
function lettersOf(name: string): Uint8Array {
  const counts = new Uint8Array(32);
  for (let at = 0; at < name.length; at += 1) {
    const kind = name.charCodeAt(at) & 31;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

/** No fewer edits than letters that one has more of than the other. */
function leastEdits(a: Uint8Array, b: Uint8Array): number {
  let more = 0;
  let fewer = 0;
  for (let kind = 0; kind < 32; kind += 1) {
    const by = (a[kind] ?? 0) - (b[kind] ?? 0);
    if (by > 0) more += by;
    else fewer -= by;
  }
  return Math.max(more, fewer);
}

/** How many letters are put in, left out or changed from one to the other; more than `most` where it is more. */
function editsBetween(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let from = 0;
  while (from < a.length && a[from] === b[from]) from += 1;
  let cut = 0;
  while (cut < Math.min(a.length, b.length) - from && a[a.length - 1 - cut] === b[b.length - 1 - cut]) cut += 1;
  return editsOf(a.slice(from, a.length - cut), b.slice(from, b.length - cut), most);
}

/** The same without what both begin and end with. Row by row, as Wagner and Fischer do. */
function editsOf(a: string, b: string, most: number): number {
  let above = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let row = 1; row <= a.length; row += 1) {
    const line = [row];
    let least = row;
    for (let at = 1; at <= b.length; at += 1) {
      const changed = (above[at - 1] ?? 0) + (a[row - 1] === b[at - 1] ? 0 : 1);
      const edits = Math.min(changed, (above[at] ?? 0) + 1, (line[at - 1] ?? 0) + 1);
      line.push(edits);
      least = Math.min(least, edits);
    }
    if (least > most) return most + 1;
    above = line;
  }
  return above[b.length] ?? 0;
}
