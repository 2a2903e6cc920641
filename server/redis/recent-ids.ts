/** A set that forgets what was added longest ago. */
export class RecentIds {
  private readonly ids = new Set<string>();

  constructor(private readonly most: number) {}

  has(id: string): boolean {
    return this.ids.has(id);
  }

  /** @returns whether it is new */
  add(id: string): boolean {
    const isNew = !this.ids.delete(id);
    this.ids.add(id);
    if (this.ids.size > this.most) {
      const [oldest] = this.ids;
      if (oldest !== undefined) this.ids.delete(oldest);
    }
    return isNew;
  }

  delete(id: string): void {
    this.ids.delete(id);
  }
}
