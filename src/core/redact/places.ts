const FIRST_CAPACITY = 256;

/** The stream offsets of a text's last characters, and whether a word can begin at each. */
export class Places {
  #places = new Float64Array(FIRST_CAPACITY);
  #wordBegins = new Uint8Array(FIRST_CAPACITY);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(place: number, wordBegins: boolean): void {
    if (this.#length === this.#places.length) this.#grow();
    this.#places[this.#length] = place;
    this.#wordBegins[this.#length++] = wordBegins ? 1 : 0;
  }

  at(index: number): number | undefined {
    return index < this.#length ? this.#places[index] : undefined;
  }

  wordBeginsAt(index: number): boolean {
    return this.#wordBegins[index] === 1;
  }

  clear(): void {
    this.#length = 0;
  }

  /** Drops the first `count`. */
  drop(count: number): void {
    this.#places.copyWithin(0, count, this.#length);
    this.#wordBegins.copyWithin(0, count, this.#length);
    this.#length -= count;
  }

  #grow(): void {
    const places = new Float64Array(this.#places.length * 2);
    places.set(this.#places);
    this.#places = places;
    const wordBegins = new Uint8Array(places.length);
    wordBegins.set(this.#wordBegins);
    this.#wordBegins = wordBegins;
  }
}
