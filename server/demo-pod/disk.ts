import type { StoredFile } from './pod-types.ts';

/** The most bytes of files kept; the oldest outputs and temporaries go first, then inputs. */
const MAX_BYTES = 256 * 1024 * 1024;

/** The pod's folders `input`, `output` and `temp`, in memory. */
export class PodDisk {
  private readonly files = new Map<string, { bytes: Buffer; modifiedAt: Date }>();
  private total = 0;

  read(file: StoredFile): { bytes: Buffer; modifiedAt: Date } | undefined {
    return this.files.get(key(file));
  }

  write(file: StoredFile, bytes: Buffer): void {
    this.total += bytes.length - (this.files.get(key(file))?.bytes.length ?? 0);
    this.files.delete(key(file));
    this.files.set(key(file), { bytes, modifiedAt: new Date() });
    const names = [...this.files.keys()].filter((name) => name !== key(file));
    const inputsLast = names.toSorted((a, b) => Number(a.startsWith('input/')) - Number(b.startsWith('input/')));
    for (const name of this.total > MAX_BYTES ? inputsLast : []) {
      if (this.total <= MAX_BYTES) break;
      this.total -= this.files.get(name)?.bytes.length ?? 0;
      this.files.delete(name);
    }
  }

  /** `prefix` with the next free counter after it, as `folder_paths.get_save_image_path` counts. */
  nextName(prefix: string, type: string): StoredFile {
    const cut = prefix.lastIndexOf('/');
    const subfolder = cut < 0 ? '' : prefix.slice(0, cut);
    const stem = prefix.slice(cut + 1);
    const start = key({ filename: `${stem}_`, subfolder, type });
    let highest = 0;
    for (const name of this.files.keys()) {
      const digits = name.startsWith(start) ? /^(\d+)_\.png$/.exec(name.slice(start.length)) : null;
      if (digits) highest = Math.max(highest, Number(digits[1]));
    }
    return { filename: `${stem}_${String(highest + 1).padStart(5, '0')}_.png`, subfolder, type };
  }

  /** Input files as `LoadImage` names them: with their subfolder. */
  inputs(): string[] {
    return [...this.files.keys()].filter((name) => name.startsWith('input/')).map((name) => name.slice(6));
  }

  /** Forgets the files whose path, folder first, starts so: `temp/`, or nothing for all. */
  wipe(start: string): void {
    for (const [name, { bytes }] of this.files) {
      if (!name.startsWith(start)) continue;
      this.files.delete(name);
      this.total -= bytes.length;
    }
  }
}

/** The file that `LoadImage` means: `name`, `folder/name`, or either with ` [output]` after it. */
export function inputFile(value: string): StoredFile {
  const [, path = value, type = 'input'] = /^(.*) \[(input|output|temp)\]$/.exec(value) ?? [];
  const cut = path.lastIndexOf('/');
  return { filename: path.slice(cut + 1), subfolder: cut < 0 ? '' : path.slice(0, cut), type };
}

function key(file: StoredFile): string {
  return [file.type, file.subfolder, file.filename].filter((part) => part !== '').join('/');
}
