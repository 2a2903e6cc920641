/** How many choices are looked through for a name alike, and how long such names are at most. */
const MAX_CANDIDATES = 1000;
const MAX_LENGTH = 200;
const MAX_EDITS = 6;
const MAX_REMEMBERED = 100;

/** What one input may be, made ready to be asked many times. */
export class Choices {
  private readonly all: ReadonlySet<unknown>;
  private readonly names: readonly string[];
  private readonly closestOf = new Map<string, string | undefined>();
  private byPath: ReadonlyMap<string, string> | undefined;
  private byFile: ReadonlyMap<string, string> | undefined;

  constructor(private readonly given: readonly unknown[]) {
    this.all = new Set(given.map(comparable));
    this.names = given.filter((choice) => typeof choice === 'string');
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
    return this.given.length === 0 || this.names.slice(0, 50).some(isFile);
  }

  /** The same path written otherwise, else the same name in another folder, else the name that differs least, if little. */
  closest(value: string): string | undefined {
    if (value.length > MAX_LENGTH) return undefined;
    if (this.closestOf.has(value)) return this.closestOf.get(value);
    this.byPath ??= firstBy(this.names, plainPath);
    this.byFile ??= firstBy(this.names, fileName);
    const found = this.byPath.get(plainPath(value)) ?? this.byFile.get(fileName(value)) ?? this.mostAlike(value);
    if (this.closestOf.size < MAX_REMEMBERED) this.closestOf.set(value, found);
    return found;
  }

  private mostAlike(value: string): string | undefined {
    const wanted = fileName(value);
    let best: string | undefined;
    let least = Math.min(MAX_EDITS, Math.max(2, Math.floor(wanted.length / 3))) + 1;
    if (wanted.length < 3) return undefined;
    for (const name of this.names.slice(0, MAX_CANDIDATES)) {
      if (name.length > MAX_LENGTH) continue;
      const edits = editsBetween(wanted, fileName(name), least - 1);
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

function plainPath(name: string): string {
  return name.replaceAll(/[\\/]+/gu, '/').toLowerCase();
}

function fileName(path: string): string {
  return plainPath(path).split('/').at(-1) ?? '';
}

function firstBy(names: readonly string[], key: (name: string) => string): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of names) {
    const at = key(name);
    if (!found.has(at)) found.set(at, name);
  }
  return found;
}

/** How many letters are put in, left out or changed from one to the other; more than `most` where it is more. */
function editsBetween(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let above = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let row = 1; row <= a.length; row += 1) {
    const line = [row];
    for (let at = 1; at <= b.length; at += 1) {
      const changed = (above[at - 1] ?? 0) + (a[row - 1] === b[at - 1] ? 0 : 1);
      line.push(Math.min(changed, (above[at] ?? 0) + 1, (line[at - 1] ?? 0) + 1));
    }
    if (Math.min(...line) > most) return most + 1;
    above = line;
  }
  return above[b.length] ?? 0;
}
